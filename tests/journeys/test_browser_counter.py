"""The counter in a real browser: two seats to a walk-in, with and without JavaScript."""

import pytest

from tests import factories, people
from theatre.models import Booking
from theatre.queries.quotes import ZONE

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def sign_in(person, who) -> None:
    person.open("/account/sign-in/")
    person.fill("Email", who.email)
    person.fill("Password", people.PASSWORD)
    person.press(person.button("Sign in"))


@pytest.mark.parametrize(("width", "js"), [(1280, True), (390, False)], ids=str)
def test_a_salesman_sells_two_seats_to_a_walk_in(visit, width, js):
    tomas = people.salesman(name="Tomás Vega")
    show = factories.show(of=factories.movie("Kilo Tango"), in_hours=26)
    till = visit(width=width, js=js)
    sign_in(till, tomas)

    till.open(f"/counter/?day={show.starts_at.astimezone(ZONE).date()}")
    till.press(till.link("Kilo Tango"))
    assert till.page.locator("[name=seat]:checked").count() == 2
    till.press(till.button("Hold and take payment"))
    till.fill("Cash given", "20")
    till.press(till.button("Take €22.00"))
    assert "€20.00 is €2.00 less than the total" in till.text()
    till.fill("Cash given", "50")
    till.press(till.button("Take €22.00"))

    booking = Booking.objects.get()
    assert "Change €28.00" in till.text()
    assert (booking.state, booking.seller, booking.channel) == ("confirmed", tomas, "counter")
    till.press(till.link("Next sale"))
    till.press(till.link("My sales"))
    till.fill("Find by reference", booking.ref.lower())
    till.press(till.button("Find"))
    assert till.page.locator("svg.qr").count() == 2


def test_exact_cash_takes_a_key_for_the_show_and_two_presses(visit):
    show = factories.show(in_hours=26)
    till = visit()
    sign_in(till, people.salesman())
    till.open(f"/counter/?day={show.starts_at.astimezone(ZONE).date()}")

    till.page.keyboard.press("1")
    till.page.wait_for_url("**/counter/shows/**")
    till.page.keyboard.press("3")
    till.page.wait_for_url("**best=3")
    till.press(till.button("Hold and take payment"))
    till.press(till.button("Take €33.00"))

    assert Booking.objects.get().tickets.count() == 3


def test_ones_own_pages_hold(visit):
    """Every page of a member that the stories do not pass, in both lights and on a phone."""
    maya = people.customer(name="Maya Rao")
    for hours in (26, 50):
        factories.booked(by=maya, of=factories.show(in_hours=hours))
    cancelled = factories.cancelled(by=maya)
    member = visit(width=390)
    for path in ("/account/sign-up/", "/account/password/", "/account/password/sent/", "/nope/"):
        member.open(path)
    sign_in(member, maya)

    for path in (
        "/tickets/",
        "/tickets/?show=cancelled",
        f"/bookings/{cancelled.ref}/",
        "/account/",
        "/account/sign-out/",
    ):
        member.open(path)
    member.open("/account/")
    member.fill("What is it for?", "My script")
    member.press(member.button("Make a token"))

    assert "“My script” is ready." in member.text()
