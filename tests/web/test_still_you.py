"""What only the person themselves may do is asked again when they signed in a while ago, and done when it is them."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import people
from tests.web.browsers import browser_of, grow_old, words_of
from tests.web.factors import add_passkey, set_up_app, totp
from theatre.models import Employee, Invitation, User

pytestmark = pytest.mark.django_db

AGAIN = reverse("account_reauthenticate")


@pytest.fixture
def boss() -> User:
    return people.admin(name="Ada Lumen")


@pytest.fixture
def tomas() -> User:
    made = people.salesman(name="Tomás Vega")
    add_passkey(browser_of(made))
    return made


def left_open(who: User) -> Client:
    """The browser of somebody who signed in ten minutes ago."""
    client = browser_of(who)
    grow_old(client)
    return client


def standing(tomas: User) -> tuple:
    """Everything that these deeds change."""
    record = Employee.objects.select_related("user").get(user=tomas)
    invited = list(Invitation.objects.values_list("email", "sent_at"))
    return record.user.role, record.status, tomas.authenticator_set.count(), invited


def deeds(tomas: User) -> list[tuple[str, dict[str, str]]]:
    return [
        (reverse("change_role", args=[tomas.pk]), {"role": "moderator"}),
        (reverse("suspend", args=[tomas.pk]), {"suspend-reason": "The till was short"}),
        (reverse("bring_back", args=[tomas.pk]), {}),
        (reverse("second_factor_reset", args=[tomas.pk]), {"reason": "Lost on the train"}),
        (reverse("remove", args=[tomas.pk]), {"remove-reason": "Left us"}),
        (reverse("invitations"), {"email": "noor@example.org", "role": "admin"}),
    ]


def test_nothing_is_done_from_a_screen_that_was_left_open(boss, tomas):
    office, before = left_open(boss), standing(tomas)

    for page, typed in deeds(tomas):
        answer = office.post(page, typed)
        assert answer["Location"].startswith(f"{AGAIN}?next="), page

    wrong = office.post(answer["Location"], {"password": "not hers at all"})
    assert "That isn’t your password" in words_of(wrong)
    assert standing(tomas) == before


def test_the_password_does_what_was_pressed_with_what_was_typed(boss, tomas):
    for page, typed in deeds(tomas):
        office, before = left_open(boss), standing(tomas)
        asked = office.post(page, typed, follow=True)
        assert "Only you should be able to do this" in words_of(asked)

        done = office.post(asked.redirect_chain[-1][0], {"password": people.PASSWORD})

        assert done.status_code == 302, page
        assert standing(tomas) != before, page
        assert not office.get(page).get("Location", "").startswith(AGAIN)


def test_a_code_of_the_app_does_as_well(boss, tomas):
    office = browser_of(boss)
    secret = set_up_app(office)
    grow_old(office)
    path = reverse("suspend", args=[tomas.pk])
    office.post(path, {"suspend-reason": "The till was short"})

    done = office.post(f"{reverse('mfa_reauthenticate')}?next={path}", {"code": totp(secret, later=1)})

    assert done["Location"] == reverse("person", args=[tomas.pk])
    assert Employee.objects.get(user=tomas).status == "suspended"


def test_five_minutes_are_not_asked_about_and_the_next_five_are(boss, tomas):
    office = browser_of(boss)
    grow_old(office, minutes=4)
    assert office.post(*deeds(tomas)[1]).headers["Location"] == reverse("person", args=[tomas.pk])

    grow_old(office, minutes=2)
    assert office.post(*deeds(tomas)[2]).headers["Location"].startswith(AGAIN)


@pytest.mark.parametrize("page", ["second_factor_reset", "invitations", "suspend"])
def test_what_does_not_fit_is_said_on_a_page_that_works(boss, tomas, page):
    """The page stands at the address of the password's; its forms lead to their own."""
    path = reverse(page, args=[] if page == "invitations" else [tomas.pk])
    office = left_open(boss)
    asked = office.post(path, {"email": "not an address", "role": "admin"})

    shown = office.post(asked["Location"], {"password": people.PASSWORD})

    assert shown.status_code == 422
    assert f'action="{path}"' in shown.content.decode()
    assert 'method="post" novalidate>' not in shown.content.decode()
    if page == "invitations":
        assert "not an address" in shown.content.decode()


def test_what_was_pressed_is_not_done_for_the_next_who_signs_in_there(boss, tomas):
    office, before = left_open(boss), standing(tomas)
    path, typed = deeds(tomas)[1]
    office.post(path, typed)
    office.post(reverse("account_logout"))
    office.force_login(people.admin(), "theatre.web.account.backend.OneQueryBackend")

    office.post(f"{AGAIN}?next={path}", {"password": people.PASSWORD})

    assert standing(tomas) == before
