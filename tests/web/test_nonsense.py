"""Whatever is typed into whatever field, the answer is a page or the next step, never a failure."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories, people
from tests.web.browsers import browser_of
from theatre.models import User

pytestmark = pytest.mark.django_db

NONSENSE = [
    "",
    " ",
    "\x00",
    "\u202eolleh\u2066",
    "\x1b[31m\x07\r\nSet-Cookie: a=b",
    "9" * 400,
    "-1",
    "NaN",
    "1e400",
    "٣٫٥",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "../../etc/passwd",
    "{{ 7 * 7 }} %s %(x)s",
    "🎬" * 300,
    "অনন্যা ليلى Ωmega",
    "\ufffe\uffff\u0000",
    "a" * 20_000,
]


def visitor() -> Client:
    return Client()


def member() -> Client:
    return browser_of(people.customer())


def salesman() -> Client:
    return browser_of(people.salesman())


def waiting_for_the_code() -> Client:
    client = Client()
    form = {"email": "zoe@example.org", "password1": people.PASSWORD}
    client.post(reverse("account_signup"), form)
    return client


FORMS = {
    "sign up": (visitor, "account_signup", ["email", "password1", "full_name", "next"]),
    "sign in": (visitor, "account_login", ["login", "password", "remember", "next"]),
    "code": (waiting_for_the_code, "account_email_verification_sent", ["code", "action"]),
    "forgotten": (visitor, "account_reset_password", ["email"]),
    "profile": (member, "account", ["full_name", "phone", "long_holds"]),
    "token": (member, "make_token", ["name"]),
    "hold": (visitor, "hold", ["show", "seat"]),
    "lights": (visitor, "lights", ["lights", "next"]),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_full_of_nonsense_is_answered(form):
    who, name, fields = FORMS[form]
    client = who()

    for nonsense in NONSENSE:
        response = client.post(reverse(name), dict.fromkeys(fields, nonsense))

        assert response.status_code < 500
        assert "Set-Cookie: a=b" not in str(response.headers)
    assert not User.objects.filter(role="admin").exists()


def test_a_hold_and_its_payment_full_of_nonsense_are_answered():
    maya = people.customer()
    client, show = browser_of(maya), factories.show()
    hold = factories.held(by=maya, of=show)

    for nonsense in NONSENSE:
        asked = [
            client.post(reverse("hold"), {"show": show.pk, "seat": [nonsense, nonsense]}),
            client.get(reverse("seats", args=[show.pk]), {"seat": nonsense, "n": nonsense, "best": nonsense}),
            client.get(reverse("checkout", args=[hold.ref]), {"coupon": nonsense}),
            client.post(
                reverse("confirm_booking", args=[hold.ref]),
                dict.fromkeys(["shown_total", "coupon", "method", "key"], nonsense),
            ),
            client.get(reverse("my_tickets"), {"page": nonsense, "show": nonsense}),
        ]
        assert max(response.status_code for response in asked) < 500
    hold.refresh_from_db()
    assert hold.state == "held"


def test_a_cancellation_full_of_nonsense_cancels_nothing():
    booking = factories.booked()
    client = browser_of(people.moderator())

    for nonsense in NONSENSE[1:]:
        form = {"ticket": nonsense, "key": nonsense, "reason": nonsense}
        assert client.post(reverse("cancel_booking", args=[booking.ref]), form).status_code == 409
    booking.refresh_from_db()
    assert booking.state == "confirmed"


def test_a_sale_full_of_nonsense_is_answered():
    tomas = people.salesman()
    till, show = browser_of(tomas), factories.show()
    held = factories.held(by=tomas, of=show)
    who = ["customer", "guest_name", "guest_email"]

    for nonsense in NONSENSE:
        asked = [
            till.post(
                reverse("counter_show", args=[show.pk]), {"seat": nonsense, **dict.fromkeys(who, nonsense)}
            ),
            till.get(reverse("counter_show", args=[show.pk]), {"best": nonsense, "seat": nonsense}),
            till.post(
                reverse("counter_sale", args=[held.ref]),
                {
                    "method": "cash",
                    **dict.fromkeys(["given", "coupon", "shown_total", "key"], nonsense or "x"),
                },
            ),
            till.get(reverse("counter_sales"), {"ref": nonsense, "page": nonsense}),
            till.get(reverse("counter"), {"day": nonsense}),
        ]
        assert max(response.status_code for response in asked) < 500
    held.refresh_from_db()
    assert held.state == "held"
