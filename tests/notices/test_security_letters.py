"""What people read when the way they sign in has changed."""

import pytest

from tests import people
from tests.notices.conftest import MailServer
from tests.notices.test_letters import BANNED, html_of, text_of
from theatre.notices import outbox

pytestmark = pytest.mark.django_db

CHANGES = [
    "app_added",
    "app_removed",
    "passkey_added",
    "passkey_removed",
    "recovery_codes_made",
    "recovery_code_used",
]


def sent(mail_server: MailServer, kind: str, **data):
    maya = people.customer()
    outbox.queue(key="once", kind=kind, to=maya.email, user_id=maya.pk, data=data)
    outbox.deliver_due()
    [letter] = mail_server.to(maya.email)
    return letter


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_is_told_with_what_to_do(mail_server, change):
    letter = sent(mail_server, "security_changed", change=change, last=False)

    for part in (text_of(letter), html_of(letter)):
        assert "your account" in part
        assert "/account/password/" in part
        assert "password alone" not in part
    assert not BANNED.search(text_of(letter))


def test_the_last_one_says_that_the_password_is_all_there_is(mail_server):
    letter = sent(mail_server, "security_changed", change="passkey_removed", last=True)

    assert letter["Subject"] == "Passkey removed"
    assert "Your password alone opens it now." in text_of(letter)
    assert "Your password alone opens it now." in html_of(letter)


def test_a_reset_says_why_and_what_next_and_a_reason_is_no_markup(mail_server):
    letter = sent(mail_server, "second_factor_reset", reason="Phone <b>lost</b> & gone")

    assert letter["Subject"] == "Your second factor was reset"
    assert "Phone <b>lost</b> & gone" in text_of(letter)
    assert "Phone &lt;b&gt;lost&lt;/b&gt; &amp; gone" in html_of(letter)
    assert "/account/sign-in/" in text_of(letter)
