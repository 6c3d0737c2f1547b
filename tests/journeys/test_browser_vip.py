"""Seats for guests of the house in a browser: kept on the map, found again, kept for longer, booked and released; with
scripts and without."""

import pytest

from tests import factories, people
from tests.journeys.test_browser_people import enter
from theatre.models import Booking, SeatClaim, VipReservation
from theatre.queries.quotes import ZONE

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "js"), [(1280, True), (390, False), (390, True)], ids=str)
def test_seats_are_kept_shown_at_the_counter_kept_longer_and_booked(visit, width, js):
    show = factories.show(of=factories.movie("The Long Exposure"), on=factories.screen(name="Screen 2"))
    factories.held(of=show, seats=1)
    taken = factories.free_seats(show, 2)
    office = visit(width=width, js=js)
    enter(office, people.admin(name="Ada Lumen"))
    office.open("/office/vip/?span=coming")
    assert "Keep seats of a show for a guest" in office.text()
    office.press(office.link("Reserve seats"))
    office.fill("Day", show.starts_at.astimezone(ZONE).date().isoformat())
    office.press(office.button("Show that day"))
    office.press(office.link("The Long Exposure"))

    # Somebody takes one of the two while the form is filled in.
    for seat in taken:
        office.page.locator(f'input[name="seat"][value="{seat}"]').check(force=True)
    office.fill("Email", "hana")
    office.press(office.button("Reserve these seats"))
    assert "Enter the guest’s name" in office.text()
    assert office.page.locator("[data-map] input:checked").count() == 2
    office.fill("Guest", "Hana Mori")
    office.fill("Email", "hana@example.org")
    office.fill("Note", "Anniversary")
    factories.held(of=show, seats=taken[:1])
    office.press(office.button("Reserve these seats"))
    assert "was taken while you were choosing" in office.text()
    office.press(office.button("Reserve these seats"))
    kept = VipReservation.objects.get()
    assert (kept.seat_ids, kept.note, kept.release_minutes) == (taken[1:], "Anniversary", 60)

    office.fill("Minutes before the show", "30")
    office.press(office.button("Change the release time"))
    office.press(office.button("Keep until I release them"))
    assert "Kept until 30 minutes before the show" in office.text()
    kept.refresh_from_db()
    assert kept.release_at is None

    till = visit(width=width, js=js)
    enter(till, people.salesman())
    till.open(f"/counter/shows/{show.pk}/")
    seat = till.page.locator(f'.seat:has(input[value="{taken[1]}"])')
    assert (seat.inner_text().strip(), seat.get_attribute("title")) == ("V", "reserved for VIP, Hana Mori")
    assert seat.locator("s").evaluate("cell => getComputedStyle(cell).borderTopStyle") == "double"
    assert float(seat.locator("s").evaluate("cell => parseFloat(getComputedStyle(cell).fontSize)")) > 0
    assert seat.locator("input").is_disabled()

    office.press(office.button("Book, free of charge"))
    assert Booking.objects.get(ref=office.page.url.rstrip("/")[-8:]).guest_email == "hana@example.org"
    office.open("/office/vip/?span=coming")
    assert "booked" in office.text()
    for made in (till, office):
        made.page.goto("about:blank")


@pytest.mark.parametrize("width", [1280, 390])
def test_guests_of_a_show_are_found_and_their_seats_released(visit, width):
    kept = factories.vip(of=factories.show(), complimentary=False, note="Two of the embassy")
    factories.vip(guest="Noor Rahman")
    office = visit(width=width)
    enter(office, people.admin(name="Ada Lumen"))
    office.open("/office/vip/")
    office.page.get_by_label("When").select_option("All to come")
    office.fill("Guest", "embassy")
    office.press(office.button("Find"))
    assert ("Hana Mori" in office.text(), "Noor Rahman" in office.text()) == (True, False)
    office.press(office.link("Hana Mori"))
    assert "Take €22.00 and book" in office.text()
    office.press(office.button("Release the seats"))
    assert "Released Ada Lumen" in office.text()
    assert not office.page.get_by_role("button", name="Release the seats").is_visible()
    assert not SeatClaim.objects.filter(show=kept.show).exists()
    office.open("/office/vip/new/?day=2199-01-01")
    assert "No show of this day is still to come" in office.text()
    office.page.goto("about:blank")
