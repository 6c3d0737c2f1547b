"""A show is moved with its guests in a browser: the office looks, moves and sees the answers; guests answer by their
letter's link, with and without scripts."""

import pytest

from tests import factories, people
from tests.actions.test_show_move import SMALL, seats
from tests.journeys.test_browser_people import enter
from tests.journeys.test_browser_shows import leave, moment, show_at
from theatre.models import Booking
from theatre.queries import links

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "js"), [(1280, True), (390, False), (390, True)], ids=str)
def test_a_show_is_moved_and_its_guests_answer(visit, width, js):
    factories.screen(SMALL, name="The Lantern")
    show = show_at(moment(3, 20), factories.screen(name="The Big One"), title="Small Hours")
    maya = people.customer(name="Maya Rahman")
    moves = factories.booked(by=maya, of=show, seats=seats(show, "A9", "A10"))
    stays = factories.booked(by=people.customer(name="Tom Okafor"), of=show, seats=seats(show, "A1", "A2"))
    goes = factories.booked(by=people.customer(name="Ada Park"), of=show, seats=seats(show, "C4"))
    factories.vip(of=show, seats=seats(show, "K1"))

    office = visit(width=width, js=js)
    enter(office, people.moderator())
    office.open(f"/office/shows/{show.pk}/")
    office.press(office.link("Move with its guests"))
    office.page.get_by_label("Screen").select_option("The Lantern")
    office.fill("Starts at", "21:15")
    office.press(office.button("Show what that means"))
    assert "Keep their seats 2" in office.text()
    assert "Maya Rahman" in office.text()
    office.press(office.button("Move the show and 3 bookings"))
    assert "Say why. Guests read it in their letter" in office.text()
    office.fill("Why is it moved?", "The projector has failed.")
    office.press(office.button("Move the show and 3 bookings"))
    assert "The show is moved, and 3 bookings with it" in office.page.inner_text("body")

    guest = visit(width=width, js=js)
    guest.open(links.to_moved(stays.pk))
    guest.press(guest.button("Yes, I come"))
    assert "You said that you come" in guest.text()

    guest.open(links.to_moved(moves.pk))
    guest.press(guest.link("Choose other seats"))
    for _ in range(2):
        guest.page.locator("[data-map] input:checked").first.uncheck(force=True)
    for seat in seats(show.__class__.objects.get(pk=show.pk), "B2", "B3"):
        guest.page.locator(f"[data-map] input[value='{seat}']").check(force=True)
    guest.press(guest.button("Take these seats"))
    assert "B 2 and B 3" in guest.text()

    guest.open(links.to_moved(goes.pk))
    guest.press(guest.button("Give the tickets back, get €11.00"))
    assert "€11.00 goes back to you" in guest.text()
    assert Booking.objects.get(pk=goes.pk).state == "cancelled"

    enter_again = visit(width=width, js=js)
    enter(enter_again, maya)
    enter_again.open(f"/bookings/{moves.ref}/")
    assert "This show moved" in enter_again.text()

    office.open(f"/office/shows/{show.pk}/move/")
    for said in ("comes, other seats", "gave it back"):
        assert said.casefold() in office.text().casefold()
    for one in (office, guest, enter_again):
        leave(one)
