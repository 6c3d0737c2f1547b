"""The page about moving a show: what it means before anything is saved, the deed, the answers; and the guest's page."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories, people
from tests.actions.test_show_move import SMALL, moved_to, names_of, seats
from tests.web.browsers import browser_of, hidden, words_of
from theatre.models import Booking, MoveAnswer, Show, ShowMove
from theatre.queries import links
from theatre.queries.quotes import ZONE

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return people.moderator(name="Ines Moreau")


@pytest.fixture
def office(boss):
    return browser_of(boss)


@pytest.fixture
def guest():
    return Client()


def asked(show: Show, *, on=None, hours: float = 0, **more) -> dict[str, object]:
    local = (show.starts_at + timedelta(hours=hours)).astimezone(ZONE)
    return {
        "screen": (on or show.screen).pk, "day": f"{local:%Y-%m-%d}", "starts_at": f"{local:%H:%M}", "second": "",
        **more,
    }  # fmt: skip


def page_of(show: Show) -> str:
    return reverse("show_move", args=[show.pk])


def pressed(office, show: Show, **where):
    """Look, give a reason, press."""
    form = asked(show, **where)
    seen = office.get(page_of(show), form)
    names = ("key", "seen")
    return office.post(
        page_of(show),
        {
            **form,
            **{name: hidden(seen, name) for name in names},
            "reason": "The projector failed",
            "sure": "1",
        },
        follow=True,
    )


def test_page_says_what_it_would_mean_and_saves_nothing(office):
    show, small = factories.show(), factories.screen(SMALL, name="The Lantern")
    factories.booked(by=people.customer(name="Maya Rahman"), of=show, seats=seats(show, "A9", "A10"))
    factories.booked(by=people.salesman(), of=show, seats=seats(show, "A1"))

    said = words_of(office.get(page_of(show), asked(show, on=small)))

    assert "Bookings 2 Tickets 3 People who get a letter 1 1 booking has no address" in said
    assert "Money they may ask back €33.00 Keep their seats 1 Get other seats 1 Find no seat 0" in said
    assert "Maya Rahman A 9, A 10" in said
    assert "They were A 9, A 10" in said
    assert "(the reason you give)" in said
    assert "Move the show and 2 bookings" in said
    assert not ShowMove.objects.exists()


def test_page_says_who_finds_no_seat_and_has_no_button(office):
    show, tiny = factories.show(), factories.screen(("s",))
    booking = factories.booked(of=show)

    said = words_of(office.get(page_of(show), asked(show, on=tiny)))

    assert "1 party would find no seat there" in said
    assert f"{booking.ref[:4]} {booking.ref[4:]}" in said
    assert "Move the show" not in said


def test_page_says_in_words_what_is_in_the_way(office):
    show, other = factories.show(), factories.show()
    factories.booked(of=show)

    said = words_of(office.get(page_of(show), asked(show, on=other.screen)))

    assert "is busy until" in said
    assert "The earliest start is" in said


def test_pressing_moves_it_and_shows_who_has_not_answered(office):
    show = factories.show(starts_at=factories.show().starts_at.replace(second=0))
    booking = factories.booked(of=show)

    answer = pressed(office, show, hours=1)

    assert "The show is moved, and 1 booking with it" in words_of(answer)
    assert "no answer yet" in words_of(answer)
    assert "The reason given: The projector failed" in words_of(answer)
    assert MoveAnswer.objects.get().booking == booking


def test_reason_is_required(office):
    show = factories.show()
    factories.booked(of=show)

    answer = office.post(page_of(show), asked(show, hours=1))

    assert answer.status_code == 422
    assert "Say why. Guests read it in their letter" in words_of(answer)
    assert not ShowMove.objects.exists()


def test_number_of_queries_does_not_grow_with_bookings(office):
    show, small = factories.show(), factories.screen(SMALL)
    numbers = []
    for _ in range(2):
        factories.booked(of=show)
        office.get(page_of(show), asked(show, on=small))
        with CaptureQueriesContext(connection) as sent:
            office.get(page_of(show), asked(show, on=small))
        numbers.append(len(sent))

    assert numbers == [14, 14]


def test_guest_says_that_they_come(guest, boss):
    booking = factories.booked()
    moved_to(booking.show, people.actor_for(boss), hours=1)
    page = links.to_moved(booking.pk)

    said = words_of(guest.get(page))
    answer = guest.post(page, {"answer": "keep"}, follow=True)

    assert "Does that suit you?" in said
    assert "Choose other seats" not in said
    assert "You said that you come" in words_of(answer)
    assert MoveAnswer.objects.get().answer == "kept"


def test_guest_gives_the_tickets_back(guest, boss):
    booking = factories.booked(of=factories.show(in_hours=1))
    moved_to(booking.show, people.actor_for(boss), hours=0.5)
    page = links.to_moved(booking.pk)

    form = {"answer": "return", "key": hidden(guest.get(page), "key")}
    answers = [guest.post(page, form, follow=True) for _ in range(2)]

    assert "€22.00 goes back to you" in words_of(answers[0])
    assert "You gave your tickets back" in words_of(answers[1])
    assert Booking.objects.get(pk=booking.pk).state == "cancelled"


def test_guest_takes_other_seats(guest, boss):
    show, small = factories.show(), factories.screen(SMALL)
    booking = factories.booked(of=show, seats=seats(show, "A9", "A10"))
    moved_to(show, people.actor_for(boss), on=small)
    show.refresh_from_db()
    page = links.to_moved(booking.pk)
    choosing = reverse("moved_seats", args=[page.split("/")[2]])
    assert choosing in guest.get(page).content.decode()
    seen = guest.get(choosing)

    wrong = guest.post(choosing, {"seat": seats(show, "A1"), "key": hidden(seen, "key")})
    done = guest.post(choosing, {"seat": seats(show, "A1", "A2"), "key": hidden(wrong, "key")}, follow=True)

    assert wrong.status_code == 409
    assert "Choose as many seats as you have, of the same kinds" in words_of(wrong)
    assert "You sit in A 1 and A 2 now" in words_of(done)
    assert names_of(booking) == ["A 1", "A 2"]


def test_link_of_another_thing_opens_nothing(guest):
    booking = factories.booked()  # never moved

    for token in (
        "1",
        "1.x",
        links.to_moved(booking.pk).split("/")[2],
        links.to_moved(999_999).split("/")[2],
    ):
        assert guest.get(reverse("show_moved", args=[token])).status_code == 404


def test_booking_page_leads_to_it(boss):
    who = people.customer()
    booking = factories.booked(by=who)
    moved_to(booking.show, people.actor_for(boss), hours=1)

    page = browser_of(who).get(reverse("booking", args=[booking.ref]))

    assert links.to_moved(booking.pk) in page.content.decode()
    assert "This show moved" in words_of(page)


def test_ended_hold_says_that_the_show_moved(boss):
    who = people.customer()
    hold = factories.held(by=who)
    moved_to(hold.show, people.actor_for(boss), on=factories.screen(SMALL))

    page = browser_of(who).get(reverse("checkout", args=[hold.ref]))

    assert page.status_code == 410
    assert "This show moved while you were choosing" in words_of(page)
