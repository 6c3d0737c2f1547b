"""A password of one character and one of 4,096, in every form of the house that takes one."""

import inspect
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django import forms
from django.test import Client
from django.urls import get_resolver, reverse

from tests import factories, people
from tests.access.doors import doors
from tests.web.browsers import browser_of
from theatre.actions.people import invitations
from theatre.models import Letter, User

pytestmark = pytest.mark.django_db

LONG = "æ velvet curtain " * 240 + "x" * 16
# Form -> the page it is met on. Whoever writes another form with a password writes its page here.
MET_ON = {
    "SignUpForm": "account_signup",
    "SignInForm": "account_login",
    "SignUpHere": "checkout",
    "SignInHere": "checkout",
    "NewPasswordForm": "account_reset_password_from_key",
    "AcceptForm": "accept_invitation",
    "ChangePasswordForm": "account_change_password",
    "NewAddressForm": "change_address",
    "LeavingForm": "delete_account",
    "PasswordAgainForm": "account_reauthenticate",
}


class Forms(HTMLParser):
    """The forms of a page that take a password: where each is sent, and its fields with their values and types."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, tuple[str, str]]]] = []
        self.feed(page)
        self.found = [form for form in self.all if any(kind == "password" for _, kind in form[1].values())]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.all.append((said.get("action", ""), {}))
        elif tag == "input" and self.all and "name" in said:
            self.all[-1][1][said["name"]] = (said.get("value", ""), said.get("type", "text"))


def pages() -> Iterator[tuple[str, Client, str]]:
    """Name, browser and address of every page that takes no argument, and of those that a link or a hold leads to."""
    maya = people.customer()
    for browser in (Client(), browser_of(maya, second_factor=False), browser_of(people.admin())):
        yield from (
            (door.name, browser, door.address({}))
            for door in doors()
            if not door.api and "<" not in door.route
        )
    key = {"uidb36": user_pk_to_url_str(maya), "key": default_token_generator.make_token(maya)}
    yield "account_reset_password_from_key", Client(), reverse("account_reset_password_from_key", kwargs=key)
    invitations.invite(by=people.actor_for(people.admin()), email="new@example.org", role="salesman")
    secret = Letter.objects.get(kind="invitation").data["code"]
    yield "accept_invitation", Client(), reverse("accept_invitation", args=[secret])
    show, stranger = factories.show(), Client()
    held = stranger.post(reverse("hold"), {"show": show.pk, "seat": factories.free_seats(show)})
    yield "checkout", stranger, held["Location"]


def met() -> Iterator[tuple[str, Client, str, dict[str, tuple[str, str]]]]:
    """Every form that takes a password: its page, whose browser it is in, where it is sent, its fields."""
    for name, browser, address in pages():
        page = browser.get(address, follow=True)
        came_to = page.request["PATH_INFO"]
        if came_to != address and name != "account_reset_password_from_key":
            continue  # led to another page, which has its own turn
        if page.get("Content-Type", "").startswith("text/html"):
            for action, fields in Forms(page.content.decode()).found:
                yield name, browser, action or came_to, fields


def test_every_form_with_a_password_is_met():
    get_resolver().url_patterns  # noqa: B018 - whatever answers is imported by it
    known, left = set(), [forms.BaseForm]
    while left:
        form = left.pop()
        left += form.__subclasses__()
        if form.__module__.startswith("theatre.") and takes_a_password(form):
            known.add(form.__name__)

    assert known == set(MET_ON)
    assert {name for name, *_ in met()} == set(MET_ON.values())


def takes_a_password(form: type[forms.BaseForm]) -> bool:
    """Also one that gives itself the field when it is made."""
    own = re.search(r'SecretField|"(old)?password\d?"', inspect.getsource(form))
    return bool(own) or any(
        isinstance(each.widget, forms.PasswordInput) for each in form.base_fields.values()
    )


@pytest.mark.parametrize("password", ["x", LONG], ids=["1", "4096"])
def test_every_form_answers_a_password_of_any_length_with_a_page_or_a_sentence(password, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    met_now = list(met())
    before, opened = dict(User.objects.values_list("pk", "password")), set()

    for number, (name, browser, address, fields) in enumerate(met_now):
        typed = {"email": f"zoe{number}@example.org", "text": "Zoë"}
        form = {
            field: password if kind == "password" else value or typed.get(kind, "")
            for field, (value, kind) in fields.items()
        }
        answer = browser.post(address, form)

        assert answer.status_code in (200, 302, 422), (name, answer.status_code)
        if answer.status_code == 302:
            opened.add(name)
        else:
            assert 'class="error' in answer.content.decode(), name
    if password == "x":
        assert opened == set()
        assert dict(User.objects.values_list("pk", "password")) == before
    else:
        assert opened == {
            "account_signup", "checkout", "account_reset_password_from_key", "accept_invitation"
        }  # fmt: skip
