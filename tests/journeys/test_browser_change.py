"""A booking is changed in a browser: other seats, then another time, with and without scripts, by keys alone too."""

import pytest

from tests import factories, people
from tests.journeys.test_browser_people import enter
from tests.journeys.test_browser_shows import leave, moment, show_at
from theatre.models import Booking

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "js"), [(1280, True), (390, False), (390, True), (1280, False)], ids=str)
def test_a_booking_takes_other_seats_and_then_another_time(visit, width, js):
    show = show_at(moment(3, 18), factories.screen(name="The Big One"), title="Small Hours")
    later = factories.show(of=show.movie, on=factories.screen(name="The Lantern"))
    length = show.ends_at - show.starts_at
    later.starts_at, later.ends_at, later.clean_at = moment(4, 20), moment(4, 20) + length, moment(4, 23)
    later.save(update_fields=["starts_at", "ends_at", "clean_at"])
    maya = people.customer(name="Maya Rahman")
    booking = factories.booked(by=maya, of=show)

    guest = visit(width=width, js=js)
    enter(guest, maya)
    guest.open(f"/bookings/{booking.ref}/")
    guest.press(guest.link("Change the booking"))
    guest.press(guest.link("Choose other seats"))
    for _ in range(2):
        guest.page.locator("[data-map] input:checked").first.uncheck(force=True)
    for seat in factories.free_seats(show, 2, kind="vip"):
        guest.page.locator(f"[data-map] input[value='{seat}']").check(force=True)
    guest.press(guest.button("Show the difference"))
    assert "To pay €14.00" in guest.text()
    guest.press(guest.button("Change and pay €14.00"))
    assert "Changed from" in guest.text()
    second = Booking.objects.get(replaces=booking)
    assert second.total == 36

    guest.press(guest.link("Change the booking"))
    guest.fill("Day", f"{moment(4, 20):%Y-%m-%d}")
    guest.press(guest.button("Show that day"))
    guest.press(guest.link("20:00"))
    for seat in factories.free_seats(later, 2):
        guest.page.locator(f"[data-map] input[value='{seat}']").check(force=True)
    guest.press(guest.button("Show the difference"))
    assert "You get back €14.00" in guest.text()
    guest.page.get_by_role("button", name="Change and get €14.00 back").focus()
    with guest.page.expect_navigation():
        guest.page.keyboard.press("Enter")
    guest.look()
    assert Booking.objects.get(replaces=second).show == later
    leave(guest)


def test_the_hall_of_a_change_is_one_stop_for_the_tab_key_and_every_seat_can_be_explored(visit):
    show = show_at(moment(3, 18), factories.screen(["ssss", "ssss"], name="The Big One"), title="Small Hours")
    maya = people.customer(name="Maya Rahman")
    booking = factories.booked(by=maya, of=show, seats=factories.free_seats(show, 1))
    factories.booked(of=show, seats=factories.free_seats(show, 1))
    guest = visit()
    enter(guest, maya)
    guest.open(f"/bookings/{booking.ref}/change/?show={show.pk}")
    grid = guest.page.get_by_role("grid")
    keys = guest.page.keyboard

    assert grid.locator("input[tabindex='0']").count() == 1
    grid.locator("input[tabindex='0']").focus()
    keys.press("Space")  # leaves their own seat
    keys.press("ArrowRight")
    keys.press("Space")  # which is sold
    guest.page.locator("#say", has_text="Row A seat 2, Standard, €11, sold").wait_for(state="attached")
    keys.press("ArrowRight")
    keys.press("Space")
    assert grid.locator("input:checked").count() == 1
    keys.press("Escape")
    keys.press("Enter")
    guest.arrive()
    guest.look()
    assert "A 3" in guest.text()
    leave(guest)


def test_a_booking_is_moved_to_another_time_and_cancelled_by_keys_alone(visit):
    hall = factories.screen(["ssss", "ssss"], name="The Big One")
    show = show_at(moment(3, 18), hall, title="Small Hours")
    later = show_at(moment(3, 21), factories.screen(["ssss"], name="The Lantern"), title="Night Bus")
    later.movie = show.movie
    later.save(update_fields=["movie"])
    maya = people.customer(name="Maya Rahman")
    booking = factories.booked(by=maya, of=show, seats=factories.free_seats(show, 2))
    guest = visit()
    enter(guest, maya)
    guest.open(f"/bookings/{booking.ref}/")

    guest.key_to("Change the booking")
    guest.key_to("21:00")
    guest.tab_to("seat")
    for key in ("Space", "ArrowRight", "Space"):
        guest.page.keyboard.press(key)
    guest.key_to("Show the difference")
    guest.key_to("Change")
    moved = Booking.objects.get(replaces=booking)
    assert (moved.show_id, moved.tickets.count()) == (later.pk, 2)

    guest.key_to("Cancel")
    guest.key_to("Cancel these 2 tickets")
    moved.refresh_from_db()
    assert moved.state == "cancelled"
    leave(guest)
