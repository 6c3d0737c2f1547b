"""One's own account: the password, the address, the profile, leaving with or without one's data."""

import base64
import io
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode
from PIL import Image

from tests import factories, people
from tests.actions.said import refusal
from tests.web.browsers import browser_of, words_of
from theatre.actions.people import address as addresses
from theatre.models import AddressChange, ApiToken, AuditEntry, Letter, Message, Photo, Review, Thread, User
from theatre.notices.outbox import deliver_due
from theatre.queries import links

pytestmark = pytest.mark.django_db

NEW = "a new one, and longer"


def sign_in(client: Client, who: User, password: str = people.PASSWORD):
    return client.post(reverse("account_login"), {"login": who.email, "password": password})


def signed_in(who: User) -> Client:
    """A browser in which this person has signed in through the page, so that allauth knows the session."""
    client = Client()
    assert sign_in(client, who).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get(reverse("account")).status_code == 200


def token_of(who: User) -> ApiToken:
    return ApiToken.objects.create(user=who, name="a script", digest=b"%032d" % who.pk)


# The password ---------------------------------------------------------------------------------------------


def test_changing_the_password_ends_everything_else_and_is_told():
    maya = people.customer()
    here, elsewhere, token = signed_in(maya), signed_in(maya), token_of(maya)

    response = here.post(
        reverse("account_change_password"), {"oldpassword": people.PASSWORD, "password1": NEW}
    )

    token.refresh_from_db()
    assert response["Location"] == reverse("account")
    assert (is_in(here), is_in(elsewhere)) == (True, False)
    assert token.revoked_at
    assert [sign_in(Client(), maya, word).status_code for word in (people.PASSWORD, NEW)] == [200, 302]
    assert list(Letter.objects.values_list("kind", "to")) == [("password_changed", maya.email)]
    assert AuditEntry.objects.get(verb="change_password").actor == maya


def test_a_reset_password_ends_sessions_and_tokens_too(client):
    maya = people.customer()
    elsewhere, token = signed_in(maya), token_of(maya)
    client.post(reverse("account_reset_password"), {"email": maya.email})
    link = Letter.objects.get(kind="password_reset").data["link"]

    page = client.get(link.removeprefix("http://localhost:8000"), follow=True)
    client.post(page.request["PATH_INFO"], {"password1": NEW})

    token.refresh_from_db()
    assert not is_in(elsewhere)
    assert token.revoked_at
    assert Letter.objects.filter(kind="password_changed", to=maya.email).exists()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("oldpassword", "", "Enter your present password"),
        ("oldpassword", "wrong", "That isn’t your present password. Enter it again"),
        ("password1", "", "Enter a password of 12 characters or more"),
        ("password1", "x", "Password must be 12 characters or more"),
        ("password1", "q1w2e3r4t5y6", "Many people use that password."),
    ],
)
def test_a_password_that_will_not_do_is_answered_with_the_rule(field, value, sentence):
    maya = people.customer()
    client = browser_of(maya)

    response = client.post(
        reverse("account_change_password"),
        {"oldpassword": people.PASSWORD, "password1": NEW} | {field: value},
    )

    maya.refresh_from_db()
    assert sentence in words_of(response)
    assert maya.check_password(people.PASSWORD)
    assert not Letter.objects.exists()


def test_a_password_of_4096_characters_opens_the_account():
    maya, long = people.customer(), "æ velvet curtain " * 240 + "x" * 16
    client = signed_in(maya)

    client.post(reverse("account_change_password"), {"oldpassword": people.PASSWORD, "password1": long})

    assert len(long) == 4096
    assert sign_in(Client(), maya, long).status_code == 302
    assert sign_in(Client(), maya, long[:-1]).status_code == 200


def test_changing_the_password_never_leads_out_of_the_house():
    client = signed_in(people.customer())

    response = client.post(
        reverse("account_change_password"),
        {"oldpassword": people.PASSWORD, "password1": NEW, "next": "//evil.example"},
    )

    assert response["Location"] == reverse("account")


def test_a_reset_link_opens_once():
    maya, first, second = people.customer(), Client(), Client()
    first.post(reverse("account_reset_password"), {"email": maya.email})
    link = Letter.objects.get(kind="password_reset").data["link"].removeprefix("http://localhost:8000")
    page, other_tab = first.get(link, follow=True), second.get(link, follow=True)
    first.post(page.request["PATH_INFO"], {"password1": NEW})

    replayed = second.post(other_tab.request["PATH_INFO"], {"password1": "an attacker chose it"})

    assert "This link is used up" in words_of(replayed)
    assert "This link is used up" in words_of(Client().get(link, follow=True))
    assert sign_in(Client(), maya, NEW).status_code == 302


@pytest.mark.parametrize("header", ["HTTP_HOST", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED"])
def test_a_poisoned_host_never_reaches_the_link(client, header):
    maya = people.customer()
    poison = "host=evil.example" if header == "HTTP_FORWARDED" else "evil.example"

    client.post(reverse("account_reset_password"), {"email": maya.email}, **{header: poison})

    links = [letter.data["link"] for letter in Letter.objects.filter(kind="password_reset")]
    assert links == [] if header == "HTTP_HOST" else len(links) == 1
    assert all(link.startswith("http://localhost:8000/account/password/new/") for link in links)


EVIL_HOSTS = ["evil.example", "localhost@evil.example", "localhost:8000.evil.example", "evil.example:80"]
NAMING_HOSTS = ["Host", "X-Forwarded-Host", "X-Host", "X-Forwarded-Server", "X-Original-Host", "Forwarded"]


@pytest.mark.parametrize("evil", EVIL_HOSTS)
@pytest.mark.parametrize("named", NAMING_HOSTS)
def test_no_host_that_a_request_names_reaches_a_letter(client, named, evil):
    """Twenty-four ways; lines that are no HTTP at all are tried in tests/races/test_poisoned_hosts.py."""
    maya = people.customer()
    header = {named: f"host={evil}" if named == "Forwarded" else evil}

    answer = client.post(reverse("account_reset_password"), {"email": maya.email}, headers=header)

    links = [letter.data["link"] for letter in Letter.objects.filter(kind="password_reset")]
    assert (answer.status_code, len(links)) == ((400, 0) if named == "Host" else (302, 1))
    assert all(
        re.fullmatch(r"http://localhost:8000/account/password/new/\w+/[\w-]+/", link) for link in links
    )


# Another address ------------------------------------------------------------------------------------------

FRESH = "maya.new@example.org"


def ask(client: Client, address: str = FRESH, password: str = people.PASSWORD):
    return client.post(reverse("change_address"), {"address": address, "password": password})


def code_for(address: str = FRESH) -> str:
    return Letter.objects.filter(kind="confirm_new_address", to=address).latest("pk").data["code"]


def link_for(purpose: links.Purpose, change: AddressChange | None = None) -> str:
    change = change or AddressChange.objects.latest("pk")
    return links.to_change(purpose, change.pk).removeprefix("http://localhost:8000")


def confirm(client: Client, code: str = ""):
    return client.post(reverse("confirm_address_code"), {"code": code or code_for()})


def aged(**ago: float) -> None:
    """Let the latest change have been asked for, and confirmed, so long ago."""
    change, past = AddressChange.objects.latest("pk"), timedelta(**ago)
    AddressChange.objects.filter(pk=change.pk).update(
        asked_at=change.asked_at - past,
        expires_at=change.expires_at - past,
        confirmed_at=change.confirmed_at and change.confirmed_at - past,
    )


def addresses_of(who: User) -> tuple[str, list[tuple[str, bool, bool]], bool]:
    """`User.email`, allauth's rows, and whether it is confirmed: what has to stay in step."""
    who.refresh_from_db()
    rows = EmailAddress.objects.filter(user=who).values_list("email", "verified", "primary")
    return who.email, list(rows), who.confirmed_at is not None


def test_another_address_counts_once_it_has_confirmed():
    maya = people.customer()
    before = maya.email
    here, elsewhere, token = signed_in(maya), signed_in(maya), token_of(maya)

    asked = ask(here)
    assert addresses_of(maya) == (before, [(before, True, True)], True)
    assert f"We’ve sent a code and a link to {FRESH}." in words_of(here.get(reverse("change_address")))
    done = confirm(here, f"{code_for()[:3]} {code_for()[3:]}")

    token.refresh_from_db()
    assert (asked["Location"], done["Location"]) == (reverse("change_address"), reverse("account"))
    assert addresses_of(maya) == (FRESH, [(FRESH, True, True)], True)
    assert (is_in(here), is_in(elsewhere)) == (True, False)
    assert token.revoked_at
    assert sign_in(Client(), maya).status_code == 302
    assert list(Letter.objects.order_by("pk").values_list("kind", "to")) == [
        ("confirm_new_address", FRESH),
        ("address_change_asked", before),
        ("address_changed", before),
    ]
    assert set(AuditEntry.objects.values_list("verb", flat=True)) == {"ask_address_change", "change_address"}


@pytest.mark.parametrize("password", ["", "wrong", "x" * 4096])
def test_an_open_browser_alone_does_not_change_the_address(password):
    maya = people.customer()
    client = signed_in(maya)

    response = ask(client, password=password)

    assert response.status_code == 422
    assert "Enter your password" in words_of(response) or "That isn’t your password." in words_of(response)
    assert f'value="{FRESH}"' in response.content.decode()
    assert not AddressChange.objects.exists()
    assert not Letter.objects.exists()


def test_guessing_the_password_there_is_slowed_down():
    client = signed_in(people.customer())

    answers = [ask(client, password="wrong").status_code for _ in range(11)]

    assert answers[0] == 422
    assert answers[-1] == 429


def test_an_address_in_use_is_answered_alike_and_its_owner_is_told():
    maya, other = people.customer(), people.customer(email="taken@example.org")
    client = signed_in(maya)

    free, taken = ask(client), ask(client, "TAKEN@example.org")
    page = words_of(client.get(reverse("change_address")))

    assert (free.status_code, free["Location"]) == (taken.status_code, taken["Location"])
    assert "We’ve sent a code and a link to taken@example.org." in page
    assert list(Letter.objects.filter(to=other.email).values_list("kind", "user_id")) == [
        ("address_in_use", other.pk)
    ]
    assert "That isn’t the code we sent." in words_of(confirm(client, "123456"))
    assert addresses_of(other)[0] == "taken@example.org"


def test_not_even_the_right_code_takes_an_address_that_is_in_use():
    maya = people.customer()
    client = signed_in(maya)
    ask(client)
    people.customer(email=FRESH)

    response = confirm(client)

    assert "Another account has that address now." in words_of(response)
    assert addresses_of(maya)[0] == maya.email != FRESH


def test_no_code_fits_an_address_that_was_in_use_already(monkeypatch):
    """Its owner is written to and no code is sent; one that is guessed is a wrong one, and tells nothing."""
    people.customer(email=FRESH)
    client = signed_in(people.customer())
    monkeypatch.setattr(addresses.secrets, "randbelow", lambda _: 123456)
    ask(client)

    response = confirm(client, "123456")

    assert "That isn’t the code we sent." in words_of(response)
    assert "Another account" not in words_of(response)


def test_an_account_that_never_confirmed_does_not_keep_an_address_from_its_owner():
    squatter = people.customer(email=FRESH, confirmed=False)
    maya = people.customer()
    client = signed_in(maya)

    ask(client)
    confirm(client)

    assert addresses_of(maya)[0] == FRESH
    assert addresses_of(squatter) == (f"nobody-{squatter.pk}@erased.invalid", [], False)


def test_the_code_of_one_account_does_nothing_for_another():
    maya, mallory = people.customer(), people.customer()
    hers, his = signed_in(maya), signed_in(mallory)
    ask(hers)
    ask(his, "mallory.new@example.org")

    response = confirm(his, code_for() if code_for() != code_for("mallory.new@example.org") else "x")

    assert "That isn’t the code we sent." in words_of(response)
    assert addresses_of(mallory)[0] == mallory.email


def test_five_wrong_codes_end_it():
    maya = people.customer()
    client = signed_in(maya)
    ask(client)
    right = code_for()
    wrong = "000000" if right != "000000" else "111111"

    said = [words_of(confirm(client, wrong)) for _ in range(5)]

    assert all("That isn’t the code we sent." in page for page in said[:4])
    assert "That was a lot of wrong codes, so this one stopped working." in said[4]
    assert "That change was used or stopped already." in words_of(confirm(client, right))
    assert addresses_of(maya)[0] == maya.email != FRESH


def test_asking_again_replaces_the_first_code_and_link():
    maya = people.customer()
    client = signed_in(maya)
    ask(client, "first@example.org")
    first, link = code_for("first@example.org"), link_for("confirm")
    ask(client)

    page = words_of(confirm(client, first)) if first != code_for() else "That isn’t the code we sent."

    assert "That isn’t the code we sent." in page
    assert "replaced by a newer one" in words_of(client.post(link))
    assert confirm(client).status_code == 302


def test_nobody_tries_out_addresses_by_the_dozen():
    client = signed_in(people.customer())

    answers = [ask(client, f"a{number}@example.org") for number in range(6)]

    assert [answer.status_code for answer in answers] == [302] * 5 + [422]
    assert "Wait an hour, then ask again" in words_of(answers[5])


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Enter your email address"),
        ("maya", "Enter an email address like name@example.com"),
        ("maya@example.org\r\nBcc: all@example.org", "Enter an email address like name@example.com"),
        ("m" * 64 + "@" + "e" * 60 + "." + "e" * 60 + "." + "e" * 66 + ".org", "Enter an email address like"),
        ("OWN", "That is your address already"),
    ],
)
def test_what_is_no_new_address_is_answered_with_a_sentence(typed, sentence):
    maya = people.customer(email="maya@example.org")
    client = signed_in(maya)

    response = ask(client, "MAYA@Example.org" if typed == "OWN" else typed)

    assert response.status_code == 422
    assert sentence in words_of(response)
    assert not Letter.objects.exists()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Maya.New@EXAMPLE.org", "maya.new@example.org"),
        ("maya+tickets@example.org", "maya+tickets@example.org"),
        ("maya@münchen.example", "maya@münchen.example"),
        (
            "m" * 64 + "@" + ".".join(["e" * 60] * 3) + ".org",
            "m" * 64 + "@" + ".".join(["e" * 60] * 3) + ".org",
        ),
    ],
)
def test_addresses_of_every_kind_are_kept_in_lower_case(typed, kept):
    maya = people.customer()
    client = signed_in(maya)

    ask(client, typed)
    confirm(client, code_for(kept))

    assert len(kept) <= 254
    assert addresses_of(maya) == (kept, [(kept, True, True)], True)


def test_the_link_works_in_another_browser_and_opening_it_changes_nothing(client):
    maya = people.customer()
    before, here = maya.email, signed_in(maya)
    ask(here)
    link = link_for("confirm")

    opened = client.get(link)
    client.head(link)
    assert addresses_of(maya)[0] == before
    pressed = client.post(link, follow=True)

    assert f"Whoever changed their address here to {FRESH} signs in with it from now on." in words_of(opened)
    assert f"{FRESH} is confirmed. Sign in with it from now on" in words_of(pressed)
    assert addresses_of(maya) == (FRESH, [(FRESH, True, True)], True)
    assert not is_in(here)
    assert "was confirmed before. Sign in with it." in words_of(client.get(link))


def test_the_link_opened_where_one_is_signed_in_leaves_one_there():
    maya = people.customer()
    here, elsewhere = signed_in(maya), signed_in(maya)
    ask(here)

    response = here.post(link_for("confirm"))

    assert response["Location"] == reverse("account")
    assert (is_in(here), is_in(elsewhere)) == (True, False)


def test_somebody_else_who_opens_the_link_stays_who_they_are():
    maya, other = people.customer(), people.customer()
    here, theirs = signed_in(maya), signed_in(other)
    ask(here)

    theirs.post(link_for("confirm"))

    assert addresses_of(maya)[0] == FRESH
    assert addresses_of(other)[0] == other.email
    assert theirs.session["_auth_user_id"] == str(other.pk)


@pytest.mark.parametrize("name", ["confirm_new_address", "stop_address_change", "confirm_first_address"])
@pytest.mark.parametrize("token", ["x", "1.x", "1." + "A" * 43, "१.x", "%00", "1:1:1", "x" * 3000])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_is_not_ours_says_so(client, name, token, method):
    response = getattr(client, method)(reverse(name, args=[token]))

    assert response.status_code in (400, 404)
    assert re.search(r"We didn’t send it|That request doesn’t read", words_of(response))


def test_a_link_for_one_thing_does_nothing_else(client):
    maya = people.customer()
    ask(signed_in(maya))
    confirming, stopping = link_for("confirm"), link_for("stop")
    first = links.to_first_address(maya.pk, maya.email).rpartition("/confirm/")[2]

    crossed = [
        client.post(stopping.replace("/stop/", "/confirm/")),
        client.post(confirming.replace("/confirm/", "/stop/")),
        client.post(reverse("stop_address_change", args=[first.strip("/")])),
    ]

    assert [answer.status_code for answer in crossed] == [404] * 3
    assert addresses_of(maya)[0] == maya.email
    assert AddressChange.objects.get().state == "asked"


def test_code_and_link_are_too_old_after_an_hour(client):
    maya = people.customer()
    here = signed_in(maya)
    ask(here)
    aged(minutes=61)

    assert "worked for one hour" in words_of(confirm(here))
    assert "It worked for one hour." in words_of(client.post(link_for("confirm")))
    assert addresses_of(maya)[0] == maya.email != FRESH
    assert "Send the code" in words_of(here.get(reverse("change_address")))


def test_two_tabs_that_confirm_do_it_once():
    maya = people.customer()
    client = signed_in(maya)
    ask(client)
    code = code_for()

    first, second = confirm(client, code), confirm(client, code)

    assert (first.status_code, second.status_code) == (302, 422)
    assert "That change was used or stopped already." in words_of(second)
    assert Letter.objects.filter(kind="address_changed").count() == 1


# The old address takes it back ----------------------------------------------------------------------------


def new_password(page, client: Client):
    return client.post(page.request["PATH_INFO"], {"password1": NEW})


def test_the_old_address_stops_a_change_that_waits(client):
    maya = people.customer()
    thief, token = signed_in(maya), token_of(maya)
    ask(thief)
    link = link_for("stop")

    opened = client.get(link)
    assert is_in(thief)
    page = client.post(link, follow=True)
    late = Client().post(link_for("confirm"))
    new_password(page, client)

    token.refresh_from_db()
    assert "Stop the change" in words_of(opened)
    assert "Choose a new password" in words_of(page)
    assert "stopped or replaced by a newer one" in words_of(late)
    assert addresses_of(maya) == (maya.email, [(maya.email, True, True)], True)
    assert not is_in(thief)
    assert token.revoked_at
    assert [sign_in(Client(), maya, word).status_code for word in (people.PASSWORD, NEW)] == [200, 302]


def test_what_is_over_is_over_whoever_asks():
    """The pages say so before they ask; the deeds say it too."""
    maya = people.customer()
    client = signed_in(maya)
    ask(client)
    change = AddressChange.objects.latest("pk")
    token = token_of(maya)
    addresses.stop_address_change(change_id=change.pk)
    token.refresh_from_db()
    assert (token.revoked_at is None, UserSession.objects.filter(user=maya).count()) == (False, 0)
    maya.set_password(NEW)
    maya.save()
    client = Client()
    sign_in(client, maya, NEW)
    ask(client, password=NEW)
    other = AddressChange.objects.latest("pk")
    aged(days=links.STOP_DAYS)

    late = refusal(lambda: addresses.confirm_new_address_by_link(change_id=change.pk))
    settled = refusal(lambda: addresses.stop_address_change(change_id=other.pk))

    assert (late.code, settled.code) == ("address_change_over", "address_change_expired")
    assert addresses_of(maya)[0] == maya.email != FRESH


def test_the_old_address_comes_back_after_the_change(client):
    maya = people.customer()
    before, thief = maya.email, signed_in(maya)
    ask(thief)
    link = link_for("stop")
    confirm(thief)

    opened = client.get(link)
    page = client.post(link, follow=True)
    new_password(page, client)

    assert "Put your address back" in words_of(opened)
    assert addresses_of(maya) == (before, [(before, True, True)], True)
    assert not is_in(thief)
    assert sign_in(Client(), maya, NEW).status_code == 302
    assert sorted(
        Letter.objects.filter(kind="address_change_stopped").values_list("to", flat=True)
    ) == sorted([before, FRESH])
    assert "was stopped before" in words_of(client.get(link))


def test_a_thief_who_moves_on_twice_can_neither_keep_the_account_nor_stop_the_stopping(client):
    maya = people.customer()
    before, thief = maya.email, signed_in(maya)
    ask(thief, "thief.one@example.org")
    hers = link_for("stop")
    confirm(thief, code_for("thief.one@example.org"))
    ask(thief, "thief.two@example.org")
    his = link_for("stop")
    confirm(thief, code_for("thief.two@example.org"))

    client.post(hers)
    answer = Client().post(his)

    assert addresses_of(maya)[0] == before
    assert answer.status_code == 410
    assert addresses_of(maya)[0] == before


def test_the_first_letter_stops_what_was_asked_for_after_it(client):
    maya = people.customer()
    before, thief = maya.email, signed_in(maya)
    ask(thief, "thief.one@example.org")
    hers = link_for("stop")
    ask(thief, "thief.two@example.org")
    confirm(thief, code_for("thief.two@example.org"))

    client.post(hers)

    assert addresses_of(maya)[0] == before


def test_opening_an_account_with_the_old_address_does_not_keep_it_from_coming_back(client):
    maya = people.customer()
    before, thief = maya.email, signed_in(maya)
    ask(thief)
    link = link_for("stop")
    confirm(thief)
    Client().post(reverse("account_signup"), {"email": before, "password1": NEW})

    client.post(link)

    assert User.objects.get(email=before) == maya


@pytest.mark.parametrize(("days", "kept"), [(6.9, True), (7.1, False)])
def test_the_way_back_is_open_for_seven_days(client, days, kept):
    maya = people.customer()
    before, thief = maya.email, signed_in(maya)
    ask(thief)
    link = link_for("stop")
    confirm(thief)
    aged(days=days)

    response = client.post(link)

    assert (addresses_of(maya)[0] == before) is kept
    assert kept or "It worked for 7 days." in words_of(response)


def test_who_stops_it_in_the_same_browser_is_signed_out_there_too():
    maya = people.customer()
    client = signed_in(maya)
    ask(client)

    page = client.post(link_for("stop"), follow=True)

    assert "Choose a new password" in words_of(page)
    assert not is_in(client)


def test_a_reset_link_from_before_the_change_is_dead(client):
    maya = people.customer()
    client.post(reverse("account_reset_password"), {"email": maya.email})
    link = Letter.objects.get(kind="password_reset").data["link"].removeprefix("http://localhost:8000")
    here = signed_in(maya)
    ask(here)
    confirm(here)

    assert "This link is used up" in words_of(client.get(link, follow=True))


def test_letters_about_addresses_say_it_all(mail_server):
    maya = people.customer(name="<b>Maya</b>")
    client = signed_in(maya)
    ask(client)
    confirm(client)
    client.post(link_for("stop"))

    deliver_due()

    subjects = [letter["Subject"] for letter in mail_server.to(maya.email)]
    assert subjects == [
        "Your email address is about to change",
        "Your email address was changed",
        "The change of your email address was stopped",
    ]
    text = mail_server.to(maya.email)[0].get_body(("plain",)).get_content()
    assert FRESH in text
    assert re.search(r"http://localhost:8000/account/address/stop/\S+", text)[0].endswith(link_for("stop"))
    assert not Letter.objects.filter(data__has_key="code").exists()


# The address an account was opened with -------------------------------------------------------------------


def sign_up(client: Client, email: str = "zoe@example.org"):
    return client.post(reverse("account_signup"), {"email": email, "password1": NEW, "full_name": "Zoë"})


def first_link(email: str = "zoe@example.org") -> str:
    user = User.objects.get(email=email)
    return links.to_first_address(user.pk, email).removeprefix("http://localhost:8000")


def test_the_letter_carries_a_code_and_a_link(client, mail_server):
    sign_up(client)

    deliver_due()

    text = mail_server.to("zoe@example.org")[0].get_body(("plain",)).get_content()
    assert re.search(r"^\s+\d{6}\s*$", text, re.M)
    assert Client().get(re.search(r"http://localhost:8000(\S+/confirm/\S+)", text)[1]).status_code == 200


def test_the_link_confirms_in_another_browser_where_one_then_signs_in(client):
    sign_up(client)
    zoe, elsewhere = User.objects.get(), Client()

    opened = elsewhere.get(first_link())
    assert addresses_of(zoe)[2] is False
    pressed = elsewhere.post(first_link(), follow=True)

    assert "An account was opened here with zoe@example.org. Was it you?" in words_of(opened)
    assert "Your email is confirmed" in words_of(pressed)
    assert pressed.request["PATH_INFO"] == reverse("account_login")
    assert addresses_of(zoe) == ("zoe@example.org", [("zoe@example.org", True, True)], True)
    assert not is_in(elsewhere)
    assert sign_in(elsewhere, zoe, NEW).status_code == 302


def test_the_link_goes_on_where_the_sign_up_waits(client):
    sign_up(client)

    response = client.post(first_link())

    assert response["Location"] == reverse("home_for_me")
    assert is_in(client)


def test_the_link_works_once(client):
    sign_up(client)
    link = first_link()
    Client().post(link)

    again = Client().post(link)

    assert again.status_code == 410
    assert "It was confirmed before. Sign in with it." in words_of(again)
    assert "_auth_user_id" not in client.session


def test_the_code_and_the_link_do_not_get_in_each_others_way(client):
    sign_up(client)
    code = Letter.objects.get(kind="confirm_address").data["code"]
    Client().post(first_link())

    response = client.post(reverse("account_email_verification_sent"), {"code": code})

    assert response["Location"] == reverse("account_login")
    assert sign_in(client, User.objects.get(), NEW)["Location"] == reverse("home_for_me")


def test_the_link_is_too_old_after_a_day(client):
    with time_machine.travel(datetime.now(UTC) - timedelta(hours=25)):
        sign_up(client)
        link = first_link()

    response = Client().post(link)

    assert response.status_code == 410
    assert "It worked for a day. Sign in, and we send a new one." in words_of(response)
    assert User.objects.get().confirmed_at is None


def test_a_link_for_an_address_the_account_no_longer_has_confirms_nothing(client):
    sign_up(client)
    link = first_link()
    User.objects.update(email="other@example.org")

    response = Client().post(link)

    assert response.status_code == 410
    assert User.objects.get().confirmed_at is None


# The profile ----------------------------------------------------------------------------------------------


def picture(kind: str = "JPEG", size: tuple[int, int] = (800, 600), mode: str = "RGB", **more) -> bytes:
    made = io.BytesIO()
    Image.new(mode, size, "navy" if mode.startswith("RGB") else 0).save(made, kind, **more)
    return made.getvalue()


def send_photo(client: Client, content: bytes, name: str = "me.jpg", kind: str = "image/jpeg"):
    return client.post(reverse("set_photo"), {"photo": SimpleUploadedFile(name, content, kind)})


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "RGB"), ("JPEG", "CMYK"), ("JPEG", "L"), ("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB")],
)
def test_a_photo_is_drawn_anew_as_a_square_webp(kind, mode):
    maya = people.customer()
    client = browser_of(maya)

    response = send_photo(client, picture(kind, mode=mode))
    photo = Photo.objects.get(user=maya)
    served = client.get(reverse("photo", args=[photo.mark]))

    assert response["Location"] == reverse("account") + "#photo"
    shown = Image.open(io.BytesIO(served.content))
    assert (shown.format, shown.size) == ("WEBP", (512, 512))
    assert served["Content-Type"] == "image/webp"
    assert served["X-Content-Type-Options"] == "nosniff"
    assert served["Cache-Control"].startswith("private")
    assert reverse("photo", args=[photo.mark]) in client.get(reverse("account")).content.decode()


def test_where_a_photo_was_taken_is_not_kept():
    maya = people.customer()
    exif = Image.Exif()
    exif[0x010F] = "A camera maker"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    sent = picture(exif=exif, comment=b"a hidden note")

    send_photo(browser_of(maya), sent)

    kept = bytes(Photo.objects.get().webp)
    assert b"A camera maker" in sent
    assert b"a hidden note" in sent
    assert not dict(Image.open(io.BytesIO(kept)).getexif())
    for trace in (b"camera", b"note", b"EXIF", b"XMP ", b"ICCP"):
        assert trace not in kept


def test_a_photo_taken_sideways_stands_upright():
    wide = Image.new("RGB", (600, 400), "red")
    wide.paste("blue", (0, 0, 600, 200))
    exif, made = Image.Exif(), io.BytesIO()
    exif[0x0112] = 3  # upside down
    wide.save(made, "JPEG", exif=exif)
    maya = people.customer()

    send_photo(browser_of(maya), made.getvalue())

    shown = Image.open(io.BytesIO(bytes(Photo.objects.get().webp))).convert("RGB")
    red, _green, blue = shown.getpixel((256, 40))
    assert red > 200 > blue


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "a JPEG, PNG or WebP picture"),
        (b"<html><script>alert(1)</script>", "a JPEG, PNG or WebP picture"),
        (b"MZ\x90\x00" + b"\x00" * 500, "a JPEG, PNG or WebP picture"),
        (b"", "a JPEG, PNG or WebP picture"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 100, "a JPEG, PNG or WebP picture"),
        (picture("GIF"), "a JPEG, PNG or WebP picture"),
        (picture("TIFF"), "a JPEG, PNG or WebP picture"),
        (picture(size=(2000, 1500), quality=95)[:9000], "A part of that photo is missing."),
        (picture("PNG")[:-400], "A part of that photo is missing."),
        (picture(size=(63, 600)), "64 pixels wide and high, or larger"),
        (picture("PNG", size=(20000, 20000), mode="1"), "Choose one with 30 million points or fewer"),
        (picture("PNG", size=(8000, 8000), mode="1"), "Choose one with 30 million points or fewer"),
        (picture() + b"\x00" * 5_000_000, "Your photo must be smaller than 5 MB. This one is 5.0 MB"),
    ],
    ids="svg html program empty half-a-head gif tiff cut-jpeg cut-png tiny bomb fine heavy".split(),
)  # fmt: skip
def test_what_is_no_photo_is_refused_with_a_sentence(content, sentence):
    client = browser_of(people.customer())

    response = send_photo(client, content)

    assert response.status_code == 422
    assert sentence in words_of(response)
    assert not Photo.objects.exists()


def test_a_photo_that_is_not_there_at_all_is_asked_for():
    response = browser_of(people.customer()).post(reverse("set_photo"), {})

    assert response.status_code == 422
    assert "Choose a photo first" in words_of(response)


def test_more_than_a_photo_can_have_is_not_even_read():
    response = send_photo(browser_of(people.customer()), b"\x00" * 12_500_000)

    assert response.status_code == 413


def test_a_photo_is_replaced_removed_and_seen_by_nobody_else():
    maya = people.customer()
    client = browser_of(maya)
    send_photo(client, picture())
    first = reverse("photo", args=[Photo.objects.get().mark])
    send_photo(client, picture(size=(300, 300), mode="L"))
    second = reverse("photo", args=[Photo.objects.get().mark])

    assert [client.get(first).status_code, client.get(second).status_code] == [404, 200]
    assert browser_of(people.customer()).get(second).status_code == 404
    assert browser_of(people.admin()).get(second).status_code == 404
    assert Client().get(second).status_code == 302
    client.post(reverse("remove_photo"))
    client.post(reverse("remove_photo"))
    assert client.get(second).status_code == 404


def test_which_letters_come_is_kept():
    maya = people.customer()
    client = browser_of(maya)

    client.post(reverse("change_mails"), {"promotions": "on"})

    maya.customer.refresh_from_db()
    assert maya.customer.mails == {"new_movies": False, "promotions": True, "offers": False}
    page = client.get(reverse("account")).content.decode()
    assert re.findall(r'name="(\w+)" [^>]*checked', page) == ["promotions"]


def test_access_needs_are_kept_and_too_long_ones_stay_in_the_field():
    maya = people.customer()
    client = browser_of(maya)

    client.post(reverse("change_access_needs"), {"access_needs": "A wheelchair space\r\n<b>row A</b>\x07"})
    long = client.post(reverse("change_access_needs"), {"access_needs": "æ" * 501})

    maya.customer.refresh_from_db()
    assert maya.customer.access_needs == "A wheelchair space <b>row A</b>"
    assert long.status_code == 422
    assert "Use 500 characters or fewer" in words_of(long)
    assert "æ" * 501 in long.content.decode()
    assert "<b>row A</b>" not in client.get(reverse("account")).content.decode()
    assert "wheelchair" not in str(list(AuditEntry.objects.values_list("details", flat=True)))


@pytest.mark.parametrize("page", ["change_mails", "change_access_needs"])
def test_employees_have_no_customers_wishes(page):
    client = browser_of(people.salesman())

    response = client.post(reverse(page), {"access_needs": "x"})

    assert response.status_code == 422
    assert "Yours is an employee’s" in words_of(response)
    assert "Letters you get" not in words_of(client.get(reverse("account")))


def test_no_section_can_say_a_role():
    maya = people.customer()
    client = browser_of(maya)
    extra = {
        "role": "admin",
        "is_active": "0",
        "tier": "Platinum",
        "member_number": "M1",
        "email": "x@example.org",
    }

    for page in ("account", "change_mails", "change_access_needs", "set_photo"):
        client.post(reverse(page), {"full_name": "Maya", **extra})

    before = maya.email
    maya.refresh_from_db()
    assert (maya.role, maya.is_active, maya.email) == ("customer", True, before)
    assert maya.customer.tier is None


# Taking one's data along ----------------------------------------------------------------------------------


def data_of(client: Client) -> dict:
    response = client.get(reverse("own_data"))
    assert response["Content-Disposition"].startswith('attachment; filename="movie-counter-20')
    assert response["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    return json.loads(response.content)


def test_everything_about_a_customer_is_in_the_file_and_nothing_about_others():
    maya = people.customer(name="Zoë অনন্যা", tier="Silver")
    other = people.customer(name="Somebody Else", email="else@example.org")
    show = factories.show(of=factories.movie("The Long Exposure"))
    mine, theirs = factories.booked(by=maya, of=show), factories.booked(by=other, of=show)
    Review.objects.create(movie=show.movie, customer=maya.customer, stars=4, text="Slow, in a good way")
    thread = Thread.objects.create(customer=maya.customer, topic="question", subject="Parking")
    Message.objects.create(thread=thread, author=maya, text="Is there any?")
    Message.objects.create(thread=thread, author=people.moderator(), text="Behind the house")
    client = signed_in(maya)
    send_photo(client, picture())
    token_of(maya)
    ask(client)

    data = data_of(client)

    assert data["account"]["full_name"] == "Zoë অনন্যা"
    assert data["account"]["customer"]["letters"]["offers"] is True
    assert base64.b64decode(data["account"]["photo_webp_base64"]) == bytes(Photo.objects.get().webp)
    [booking] = data["bookings"]
    assert (booking["reference"], booking["movie"], booking["total"]) == (
        mine.ref,
        "The Long Exposure",
        "20.900",
    )
    assert len(booking["tickets"]) == 2
    assert booking["payments"][0]["state"] == "captured"
    assert data["invoices"][0]["booking"] == mine.ref
    assert [(review["movie"], review["stars"]) for review in data["reviews"]] == [("The Long Exposure", 4)]
    assert [said["by"] for said in data["conversations"][0]["messages"]] == ["you", "the office"]
    assert {letter["kind"] for letter in data["letters"]} >= {"booking_confirmed", "address_change_asked"}
    assert len(data["sessions"]) == 1
    assert [token["name"] for token in data["api_tokens"]] == ["a script"]
    assert {deed["verb"] for deed in data["your_deeds"]} >= {"set_photo", "ask_address_change"}
    text = json.dumps(data, ensure_ascii=False)
    for hidden in (
        theirs.ref,
        "Somebody Else",
        "else@example.org",
        code_for(),
        "argon2",
        "md5$",
        maya.password,
    ):
        assert hidden not in text


def test_a_new_customers_file_and_an_employees_are_complete_too():
    customer, salesman = data_of(browser_of(people.customer())), data_of(browser_of(people.salesman()))

    assert (customer["bookings"], customer["account"]["employee"]) == ([], None)
    assert salesman["account"]["employee"]["base_salary"] == "2400.000"
    assert salesman["account"]["customer"] is None


def test_nobody_takes_along_what_is_not_theirs(client):
    assert client.get(reverse("own_data"))["Location"].startswith(reverse("account_login"))
    assert browser_of(people.admin(), second_factor=False).get(reverse("own_data")).status_code == 302


# No way out of the house ----------------------------------------------------------------------------------

EVIL = [
    "//evil.example",
    "https://evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "///evil.example",
    "http:evil.example",
    "\t//evil.example",
]


@pytest.mark.parametrize("after", EVIL)
def test_no_form_that_takes_a_way_on_leads_out(after):
    maya = people.customer()
    typed = {"password": people.PASSWORD, "login": maya.email}
    answers = [
        Client().post(reverse("account_login"), {**typed, "next": after}),
        Client().post(f"{reverse('account_login')}?{urlencode({'next': after})}", typed),
        signed_in(maya).post(reverse("account_logout"), {"next": after}),
        signed_in(maya).post(reverse("account_reauthenticate"), {**typed, "next": after}),
        signed_in(maya).post(f"{reverse('account_reauthenticate')}?{urlencode({'next': after})}", typed),
        signed_in(maya).post(reverse("lights"), {"lights": "dark", "next": after}),
        signed_in(maya).get(reverse("account_login"), {"next": after}),
        signed_in(maya).get(reverse("account_signup"), {"next": after}),
    ]

    for answer in answers:
        assert answer.status_code == 302
        assert re.fullmatch(r"/(?![/\\])\S*", answer["Location"]), answer["Location"]
        assert "evil" not in answer["Location"]


@pytest.mark.parametrize("after", EVIL)
def test_signing_up_never_leads_out(client, after):
    address = f"{reverse('account_signup')}?{urlencode({'next': after})}"
    client.post(address, {"email": "zoe@example.org", "password1": NEW, "next": after})
    code = Letter.objects.get(kind="confirm_address").data["code"]

    response = client.post(reverse("account_email_verification_sent"), {"code": code, "next": after})

    assert response["Location"] == reverse("home_for_me")


@pytest.mark.parametrize("header", ["HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED"])
def test_links_of_letters_name_our_house_whatever_the_request_says(mail_server, header):
    poison = {header: "host=evil.example" if header == "HTTP_FORWARDED" else "evil.example"}
    maya = people.customer()
    client = signed_in(maya)
    client.post(reverse("change_address"), {"address": FRESH, "password": people.PASSWORD}, **poison)
    Client().post(reverse("account_signup"), {"email": "zoe@example.org", "password1": NEW}, **poison)

    deliver_due()

    letters = [*mail_server.to(FRESH), *mail_server.to(maya.email), *mail_server.to("zoe@example.org")]
    assert len(letters) == 3
    assert all("evil.example" not in letter.as_string() for letter in letters)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Zoe.Quux@EXAMPLE.org", "zoe.quux@example.org"),
        ("zoe+tickets@example.org", "zoe+tickets@example.org"),
        ("zoe@münchen.example", "zoe@münchen.example"),
        (
            "z" * 64 + "@" + ".".join(["e" * 60] * 3) + ".org",
            "z" * 64 + "@" + ".".join(["e" * 60] * 3) + ".org",
        ),
    ],
)
def test_addresses_of_every_kind_open_an_account_and_sign_in(client, mail_server, typed, kept):
    sign_up(client, typed)
    Client().post(first_link(kept))
    deliver_due()

    assert addresses_of(User.objects.get()) == (kept, [(kept, True, True)], True)
    assert Client().post(reverse("account_login"), {"login": typed, "password": NEW}).status_code == 302
    assert Letter.objects.get(kind="confirm_address").state == "sent"


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [
        ("/checkout/K7QM4XAH/", "/checkout/K7QM4XAH/"),
        ("//evil.example/", "/account/#you"),
        ("", "/account/#you"),
    ],
)
def test_whoever_came_to_change_their_name_goes_back_where_they_were(asked, leads_to):
    client = browser_of(people.customer())
    seen = client.get(reverse("account"), {"next": asked})

    saved = client.post(reverse("account"), {"full_name": "Maya R", "phone": "", "next": asked})

    assert ('name="next" value="/checkout/' in seen.content.decode()) == asked.startswith("/checkout")
    assert saved["Location"] == leads_to
