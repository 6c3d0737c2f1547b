"""A show is cancelled in a browser: what it touches, the letter, a reason, and how far it has come; with scripts and
without."""

import pytest

from tests import factories, people
from tests.journeys.test_browser_people import enter
from theatre.actions.shows.cancel import give_back_cancelled_shows
from theatre.models import Booking

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "js"), [(1280, True), (390, False), (390, True)], ids=str)
def test_a_show_is_cancelled_stopped_and_given_back_before_ones_eyes(visit, width, js):
    show = factories.show(of=factories.movie("The Long Exposure"))
    for _ in range(3):
        factories.booked(of=show)
    factories.vip(of=show)
    office = visit(width=width, js=js)
    enter(office, people.moderator())
    office.open(f"/office/shows/{show.pk}/")
    office.press(office.link("Cancel the show"))
    assert "Money that goes back €66.00" in office.text()
    assert "VIP reservations that end 1" in office.text()
    assert "You get €22.00 back" in office.text()
    office.press(office.button("Cancel the show and 3 bookings"))
    assert "Choose a reason" in office.text()
    office.page.get_by_label("Something else, in my own words").check()
    office.page.locator("input[name=words]").fill("Water in the cellar")
    office.press(office.button("Cancel the show and 3 bookings"))
    assert "0 of 3 bookings given back" in office.text()

    office.press(office.button("Stop"))
    assert give_back_cancelled_shows() == 0
    office.press(office.button("Go on"))
    assert "under way" in office.text()
    assert give_back_cancelled_shows() == 3
    if js:
        office.page.get_by_text("3 of 3 bookings given back").wait_for()
        office.page.locator("#say", has_text="Everything has been given back.").wait_for(state="attached")
        office.look()
    else:
        office.press(office.link("Look again"))
    assert "3 of 3 bookings given back" in office.text()
    assert "Water in the cellar" in office.text()
    assert set(Booking.objects.filter(show=show).values_list("state", flat=True)) == {"cancelled"}
    office.page.goto("about:blank")
