"""The pages of a change: a day's shows, the seats, the difference, one press."""

import html
import re

import pytest
from django.urls import reverse

from tests import factories, people
from tests.web.browsers import browser_of, hidden, words_of
from theatre.models import Booking, PriceCard
from theatre.queries.quotes import ZONE

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return people.customer(name="Maya Rahman")


@pytest.fixture
def browser(who):
    return browser_of(who)


def page_of(booking: Booking) -> str:
    return reverse("change_booking", args=[booking.ref])


def pressed(browser, booking, seats, **more):
    form = {"show": booking.show_id, "seat": seats}
    seen = browser.get(page_of(booking), form)
    given = {name: hidden(seen, name) for name in ("key", "shown_difference")}
    return browser.post(page_of(booking), {**form, **given, "method": "demo", **more}, follow=True)


def test_other_shows_of_a_day_are_offered_those_of_the_movie_first(browser, who):
    booking = factories.booked(by=who)
    same = factories.show(of=booking.show.movie)
    other = factories.show(of=factories.movie("A Bird in June"))
    day = other.starts_at.astimezone(ZONE).date()

    page = browser.get(page_of(booking), {"day": day.isoformat()})

    content = page.content.decode()
    assert content.index(f"?show={same.pk}") < content.index(f"?show={other.pk}")
    assert "A Bird in June" in words_of(page)


def test_seats_lead_to_the_difference_and_the_press_changes_it(browser, who):
    booking = factories.booked(by=who)
    vip = factories.free_seats(booking.show, 2, kind="vip")

    review = words_of(browser.get(page_of(booking), {"show": booking.show_id, "seat": vip}))
    done = pressed(browser, booking, vip)

    assert "New total €36.00 Paid before €22.00 To pay €14.00" in review
    assert "Change and pay €14.00" in review
    new = Booking.objects.get(replaces=booking)
    assert done.redirect_chain == [(reverse("booking", args=[new.ref]), 302)]
    assert f"Changed from {booking.ref[:4]} {booking.ref[4:]}" in words_of(done)
    old = words_of(browser.get(reverse("booking", args=[booking.ref])))
    assert f"Changed into {new.ref[:4]} {new.ref[4:]}" in old
    assert "You have other tickets instead" in old and "goes back to you" not in old


def test_wrong_number_of_seats_is_said_on_the_map(browser, who):
    booking = factories.booked(by=who)

    answer = browser.get(
        page_of(booking), {"show": booking.show_id, "seat": factories.free_seats(booking.show, 1)}
    )

    assert answer.status_code == 409
    assert "Choose 2 seats, as many as you have" in words_of(answer)


def test_other_seats_are_chosen_from_a_list_as_well(browser, who):
    booking = factories.booked(by=who)
    own = list(booking.tickets.order_by("pk").values_list("seat_id", flat=True))
    asked = {"show": booking.show_id, "list": "1"}

    map_page = browser.get(page_of(booking), {"show": booking.show_id}).content.decode()
    kinds = browser.get(page_of(booking), asked)
    rows = browser.get(page_of(booking), {**asked, "kind": "vip"})
    row = rows.context["rows"][0].row
    places = browser.get(page_of(booking), {**asked, "kind": "vip", "row": row})
    [link, *_] = re.findall(r'href="(\?show=[^"]*seat=[^"]*)"', places.content.decode())
    review = browser.get(page_of(booking) + html.unescape(link))

    assert f"?show={booking.show_id}&amp;list=1" in map_page
    assert "2 seats side by side. Nothing is changed yet." in words_of(kinds)
    assert "Change and pay €14.00" in words_of(review)
    assert all({seat.id for seat in place.seats} != set(own) for place in places.context["groups"])


def test_no_seat_at_all_is_said_on_the_map(browser, who):
    booking = factories.booked(by=who)

    opened = browser.get(page_of(booking), {"show": booking.show_id})
    answer = browser.get(page_of(booking), {"show": booking.show_id, "difference": "1"})

    assert (opened.status_code, answer.status_code) == (200, 409)
    assert "Choose at least one seat" in words_of(answer) and "Choose at least one seat" not in words_of(
        opened
    )


def test_difference_that_changed_meanwhile_is_shown_anew(browser, who):
    booking = factories.booked(by=who)
    vip = factories.free_seats(booking.show, 2, kind="vip")

    answer = pressed(browser, booking, vip, shown_difference="1.00")

    assert answer.status_code == 409
    assert "The price has changed since you saw it" in words_of(answer)
    assert Booking.objects.count() == 1


@pytest.mark.parametrize("typed", ["", "-", "1e9", "−3", "x" * 40])
def test_difference_nobody_can_read_changes_nothing(browser, who, typed):
    booking = factories.booked(by=who)

    answer = pressed(browser, booking, factories.free_seats(booking.show), shown_difference=typed)

    assert answer.status_code == 409
    assert Booking.objects.count() == 1


def test_cheaper_seats_give_money_back(browser, who):
    booking = factories.booked(by=who)
    PriceCard.objects.get(pk=booking.show.card_id).amounts.filter(kind="standard").update(amount=7)

    done = pressed(browser, booking, factories.free_seats(booking.show))

    assert "Changed. These are your new tickets" in words_of(done)
    assert Booking.objects.get(replaces=booking).total == 14


def test_staff_give_a_reason_and_choose_how_it_is_paid():
    seller = people.salesman()
    booking = factories.booked(by=seller, method="card")
    boss = browser_of(people.moderator())
    seats = factories.free_seats(booking.show)

    without = pressed(boss, booking, seats, method="card")
    done = pressed(boss, booking, seats, method="card", reason="The guest asked")

    assert without.status_code == 422
    assert "Enter the reason for this change" in words_of(without)
    assert done.status_code == 200
    assert Booking.objects.get(replaces=booking).assigned_to_id == seller.pk


def test_too_late_is_said_at_once(browser, who):
    booking = factories.booked(by=who, of=factories.show(in_hours=1))

    answer = browser.get(page_of(booking))

    assert answer.status_code == 409
    assert "Tickets can be changed until 2 hours before the movie" in words_of(answer)


@pytest.mark.parametrize("show", ["0", "x", "99999999999999999999", "-1", "999999"])
def test_show_that_is_none_leads_back_to_the_day(browser, who, show):
    answer = browser.get(page_of(factories.booked(by=who)), {"show": show})

    assert answer.status_code == 409
    assert "That show is not on sale" in words_of(answer)
