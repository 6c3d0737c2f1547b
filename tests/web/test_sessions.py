"""Where somebody is signed in, and ending it: on the next request, and for one that is under way."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from tests import factories, people
from tests.actions.said import refusal
from tests.web.browsers import words_of
from theatre.actions.people import profile
from theatre.models import AuditEntry, Booking, Customer, User
from theatre.rules import devices
from theatre.web.account import seen

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/18.5 Mobile/15E148 Safari/604.1"
)
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0"
    " Safari/537.36 Edg/140.0.0.0"
)


def signed_in(who: User, agent: str = FIREFOX, address: str = "192.0.2.1") -> Client:
    """A browser that went through the sign-in page."""
    client = Client(HTTP_USER_AGENT=agent, REMOTE_ADDR=address)
    response = client.post(reverse("account_login"), {"login": who.email, "password": people.PASSWORD})
    assert response.status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get(reverse("account")).status_code == 200


def key_of(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def actor_of(client: Client):
    return client.get(reverse("account")).context["actor"]


@pytest.mark.parametrize(
    ("agent", "browser", "system"),
    [
        (FIREFOX, "Firefox", "Windows"),
        (IPHONE, "Safari", "iPhone"),
        (EDGE, "Edge", "Windows"),
        ("curl/8.1", "", ""),
        ("", "", ""),
        ("<script>Firefox/", "Firefox", ""),
    ],
)
def test_a_browser_is_called_as_people_call_it(agent, browser, system):
    assert (devices.browser_of(agent), devices.system_of(agent)) == (browser, system)


def test_the_page_lists_the_devices_and_marks_this_one():
    maya = people.customer()
    signed_in(maya, IPHONE, "192.0.2.77")
    signed_in(people.customer(), EDGE, "198.51.100.9")

    page = words_of(signed_in(maya).get(reverse("sessions")))

    assert page.index("Firefox on Windows this device 192.0.2.1 since") < page.index(
        "Safari on iPhone 192.0.2.77"
    )
    assert "Edge" not in page
    assert "Sign out everywhere else" in page


def test_alone_there_is_nothing_to_end():
    page = words_of(signed_in(people.customer(), "curl/8.1").get(reverse("sessions")))

    assert "A device that doesn’t say what it is this device" in page
    assert "Sign out everywhere else" not in page


def test_one_other_device_is_signed_out_and_the_rest_stays():
    maya = people.customer()
    here, phone, tablet = signed_in(maya), signed_in(maya, IPHONE), signed_in(maya, EDGE)
    ended = UserSession.objects.get(session_key=key_of(phone))

    response = here.post(reverse("end_session", args=[ended.pk]), follow=True)

    assert "That device is signed out" in words_of(response)
    assert [is_in(each) for each in (here, phone, tablet)] == [True, False, True]
    assert not Session.objects.filter(session_key=ended.session_key).exists()
    assert AuditEntry.objects.get(verb="end_session").actor == maya


def test_every_other_device_is_signed_out_at_once():
    maya = people.customer()
    here, *others = [signed_in(maya) for _ in range(4)]

    response = here.post(reverse("end_other_sessions"), follow=True)

    assert "3 other devices are signed out" in words_of(response)
    assert [is_in(each) for each in (here, *others)] == [True, False, False, False]
    assert UserSession.objects.filter(user=maya).count() == 1


def test_somebody_elses_session_is_not_there_to_be_ended():
    maya, other = signed_in(people.customer()), signed_in(people.customer())
    theirs = UserSession.objects.get(session_key=key_of(other))

    foreign = maya.post(reverse("end_session", args=[theirs.pk]), follow=True)
    absent = maya.post(reverse("end_session", args=[theirs.pk + 99]), follow=True)

    assert is_in(other)
    for answer in (foreign, absent):
        assert "That device isn’t signed in any more" in words_of(answer)


def test_looking_ends_nothing_and_strangers_are_sent_to_sign_in(client):
    maya = signed_in(people.customer())
    session = UserSession.objects.get()

    assert maya.get(reverse("end_session", args=[session.pk])).status_code == 405
    assert maya.get(reverse("end_other_sessions")).status_code == 405
    assert client.get(reverse("sessions"))["Location"].startswith(reverse("account_login"))
    assert client.post(reverse("end_session", args=[session.pk]))["Location"].startswith(
        reverse("account_login")
    )
    assert is_in(maya)


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_as_much_however_long_it_is(number, django_assert_num_queries):
    maya = people.customer()
    here = [signed_in(maya) for _ in range(number)][-1]

    with django_assert_num_queries(3):  # session, person, list
        here.get(reverse("sessions"))


def test_last_seen_follows_a_device_by_the_quarter_of_an_hour():
    maya = signed_in(people.customer())
    begun = UserSession.objects.get().last_seen_at
    at_once = maya.get(reverse("account"))
    assert UserSession.objects.get().last_seen_at == begun

    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=seen.SECONDS + 5)):
        maya.post(reverse("account"), {"full_name": "Maya"})
        assert UserSession.objects.get().last_seen_at == begun
        maya.get(reverse("account"), REMOTE_ADDR="203.0.113.4")

    noted = UserSession.objects.get()
    assert at_once.status_code == 200
    assert noted.last_seen_at > begun
    assert noted.ip == "203.0.113.4"


# Attacks --------------------------------------------------------------------------------------------------


def test_the_session_that_somebody_else_may_know_is_not_the_one_after_signing_in(client):
    """Fixation: who planted a session in this browser has no part in what it becomes."""
    show = factories.show()
    client.post(reverse("hold"), {"show": show.pk, "seat": factories.free_seats(show)})
    planted = key_of(client)
    attacker = Client()
    attacker.cookies[settings.SESSION_COOKIE_NAME] = planted
    maya = people.customer()

    client.post(reverse("account_login"), {"login": maya.email, "password": people.PASSWORD})

    assert key_of(client) != planted
    assert is_in(client)
    assert not is_in(attacker)
    assert not Session.objects.filter(session_key=planted).exists()
    assert Booking.objects.get().customer.user == maya


def test_a_session_key_of_ones_own_making_is_not_taken_over(client):
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32

    client.post(reverse("account_login"), {"login": people.customer().email, "password": people.PASSWORD})

    assert key_of(client) != "a" * 32
    assert is_in(client)


def test_a_request_under_way_changes_nothing_once_its_session_has_ended():
    maya = people.customer(name="Maya")
    here, phone = signed_in(maya), signed_in(maya, IPHONE)
    under_way = actor_of(phone)
    assert under_way.session_key == key_of(phone)

    here.post(reverse("end_other_sessions"))
    refused = refusal(
        lambda: profile.change_profile(by=under_way, full_name="Thief", phone="", long_holds=False)
    )

    assert refused.code == "signed_out"
    assert User.objects.get(pk=maya.pk).full_name == "Maya"
    assert not Customer.objects.get(user=maya).long_holds


def test_the_key_of_a_session_is_not_written_where_people_are_printed():
    maya = signed_in(people.customer())

    assert key_of(maya) not in repr(actor_of(maya))


def test_back_after_signing_out_shows_nothing():
    """What a browser may not keep it asks for again, and then it is a stranger's."""
    maya = people.customer(name="Maya Quist")
    browser = signed_in(maya)
    ref = factories.booked(by=maya).ref
    seen = [reverse("account"), reverse("my_tickets"), reverse("booking", args=[ref]), reverse("home")]

    kept = {page: browser.get(page)["Cache-Control"] for page in seen}
    browser.post(reverse("account_logout"))

    assert [page for page, said in kept.items() if "no-store" not in said] == []
    assert [page for page in seen if "Maya Quist" in words_of(browser.get(page, follow=True))] == []


def test_a_form_of_a_tab_that_was_left_open_does_nothing_after_signing_out_in_another():
    maya = people.customer(name="Maya")
    browser = signed_in(maya)
    browser.get(reverse("account"))
    browser.post(reverse("account_logout"))

    answer = browser.post(reverse("account"), {"full_name": "Somebody else", "phone": ""})

    assert answer["Location"].startswith(reverse("account_login"))
    maya.refresh_from_db()
    assert maya.full_name == "Maya"
