"""After the booking in a real browser: codes at hand, with and without a network, and seats that come free."""

import pytest

from tests import factories, people
from theatre.actions.booking.cancel import cancel_booking
from theatre.actions.booking.waiting import serve_waiting
from theatre.models import Booking, MovieFollow

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

WAYS = [(1280, True), (390, True), (1280, False), (390, False)]


def sign_in(somebody, who) -> None:
    somebody.open("/account/sign-in/")
    somebody.fill("Email", who.email)
    somebody.fill("Password", people.PASSWORD)
    somebody.press(somebody.button("Sign in"))


@pytest.mark.parametrize(("width", "js"), WAYS, ids=lambda way: str(way))
def test_tickets_tier_watch_list_and_waiting(visit, width, js):
    maya = people.customer()
    factories.booked(by=maya, of=factories.show(in_hours=4))
    full = factories.show(of=factories.movie("Kilo Tango"), on=factories.screen(["ssss"]))
    others = [factories.booked(of=full, seats=2) for _ in range(2)]
    soon = factories.movie("Salt and Signal", state="coming_soon")
    MovieFollow.objects.create(customer=maya.customer, movie=soon)
    guest = visit(width=width, js=js)
    sign_in(guest, maya)

    # From any page one press shows the codes.
    guest.open("/coming-soon/")
    guest.press(guest.page.locator("a.show-day"))
    assert guest.page.locator("svg.qr").count() == 2

    guest.open("/tickets/")
    assert not guest.page.locator("svg.qr").first.is_visible()
    guest.press(guest.page.locator("summary", has_text="Show codes"))
    assert guest.page.locator("svg.qr").first.is_visible()

    guest.open(guest.link("Tier").get_attribute("href"))
    assert "98 TICKETS FROM SILVER" in guest.text().upper()

    guest.open(guest.link("Watch list").get_attribute("href"))
    guest.press(guest.button("Don’t tell me"))
    assert "NOTHING ON YOUR LIST" in guest.text().upper()

    # A sold-out show: ask, wait, be offered, book.
    guest.open(f"/shows/{full.pk}/seats/")
    guest.press(guest.link("Wait for seats"))
    guest.fill("Seats side by side", "9")
    guest.press(guest.button("Put us on the list"))
    assert "Ask for 1 to 4 seats" in guest.text()
    guest.fill("Seats side by side", "2")
    guest.press(guest.button("Put us on the list"))
    assert "You wait for 2 seats side by side, as number 1 of 1." in guest.text()
    cancel_booking(by=people.actor_for(others[0].customer.user), ref=others[0].ref)
    assert serve_waiting() == 1
    guest.open(f"/shows/{full.pk}/waiting/")
    guest.press(guest.link("Book them"))
    guest.press(guest.button("Confirm and pay"))
    assert "YOU’RE IN." in guest.text().upper()
    assert Booking.objects.filter(customer=maya.customer, state="confirmed").count() == 2


def test_tickets_are_at_hand_without_a_network_until_sign_out(visit):
    maya = people.customer()
    booking = factories.booked(by=maya)
    guest = visit(width=390)
    network = guest.page.context
    sign_in(guest, maya)
    guest.open("/tickets/")
    guest.page.locator("#kept").wait_for(state="visible")

    network.set_offline(True)
    for path in ("/tickets/", f"/bookings/{booking.ref}/"):
        guest.page.goto(guest.address + path)
        assert "There is no network." in guest.text()
        assert guest.page.locator("svg.qr").count() == 2
    guest.page.goto(guest.address + "/coming-soon/")
    assert "NO NETWORK" in guest.text().upper()
    background = guest.page.evaluate("getComputedStyle(document.querySelector('header')).backgroundColor")
    assert background == "rgb(20, 10, 17)"  # in the house's look

    network.set_offline(False)
    guest.broken.clear()  # what could not be loaded
    guest.open("/account/sign-out/")
    guest.press(guest.button("Sign out"))
    kept = guest.page.evaluate("caches.has('tickets-1')")
    network.set_offline(True)
    guest.page.goto(guest.address + "/tickets/")

    assert not kept
    assert "NO NETWORK" in guest.text().upper()
    assert guest.page.locator("svg.qr").count() == 0


def test_a_session_that_was_ended_elsewhere_takes_the_copy_along(visit):
    maya = people.customer()
    factories.booked(by=maya)
    guest = visit(width=390)
    sign_in(guest, maya)
    guest.open("/tickets/")
    guest.page.locator("#kept").wait_for(state="visible")

    guest.page.context.clear_cookies()
    guest.open("/tickets/")

    guest.page.wait_for_function("() => caches.has('tickets-1').then(kept => !kept)")
