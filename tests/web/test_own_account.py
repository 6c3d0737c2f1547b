"""One's own account: the password, the address, the profile, leaving with or without one's data."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import people
from tests.web.browsers import browser_of, words_of
from theatre.models import ApiToken, AuditEntry, Letter, User

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
