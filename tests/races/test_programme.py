"""Two people plan on one screen at the same moment; holds meet moves; guests meet the counter's last seats."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from tests import factories, people
from tests.races import books
from tests.races.stage import Doing, at_once, in_the_way, waiting
from theatre.access import Actor
from theatre.actions.booking import hold
from theatre.actions.shows import change, copy, plan
from theatre.models import Booking, SeatClaim, Show
from theatre.queries import copying
from theatre.queries.quotes import ZONE
from theatre.rules.refusals import Refused
from theatre.rules.shows import LastSeatsAtTheCounter, ScreenBusy

pytestmark = pytest.mark.usefixtures("own_database")

NOON = datetime.now(UTC).replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=4)
RAW = """
INSERT INTO theatre_show (movie_id, screen_id, plan_id, card_id, starts_at, ends_at, clean_at, formats, state)
SELECT movie_id, screen_id, plan_id, card_id, starts_at, ends_at, clean_at, formats, 'planned'
FROM theatre_show WHERE id = %s
"""


@pytest.fixture
def by() -> Actor:
    return people.actor_for(people.moderator())


@pytest.fixture(autouse=True)
def the_books_are_right():
    yield
    books.prove()


def planned(by: Actor, on, film, card, *, minutes: int = 0) -> int:
    return plan.plan_show(
        by=by, movie_id=film.pk, screen_id=on.pk, card_id=card.pk, starts_at=NOON + timedelta(minutes=minutes)
    )


@pytest.mark.parametrize("number", range(5))
def test_of_two_who_plan_at_once_one_wins_and_the_other_is_told_the_next_free_time(by, number):
    on, film, card = factories.screen(name=f"Hall {number}"), factories.movie(), factories.price_card()

    results = at_once(*(lambda at=at: planned(by, on, film, card, minutes=at) for at in (0, 30, 60, 15)))

    won = [result for result in results if isinstance(result, int)]
    lost = [result for result in results if not isinstance(result, int)]
    start = Show.objects.get(screen=on).starts_at
    free = (start + timedelta(minutes=135)).astimezone(ZONE)
    assert len(won) == 1
    assert {type(each) for each in lost} == {ScreenBusy}
    assert all(each.sentence.endswith(f"The earliest start is {free:%H:%M}") for each in lost)


@pytest.mark.parametrize("how", ["plan", "place", "copy"])
def test_what_another_put_there_first_without_asking_for_the_screen_is_said_in_words(by, how):
    """The exclusion constraint has the last word: the other's insert is seen by nobody until it is there."""
    on, film, card = factories.screen(name=f"Salle {how}"), factories.movie(), factories.price_card()
    there = Show.objects.get(pk=planned(by, on, film, card))
    Show.objects.filter(pk=there.pk).update(state="cancelled")
    first, to = (NOON - timedelta(days=1)).astimezone(ZONE).date(), NOON.astimezone(ZONE).date()
    other = plan.plan_show(
        by=by, movie_id=film.pk, screen_id=on.pk, card_id=card.pk, starts_at=NOON - timedelta(days=1)
    )
    seen = copying.preview(first, 1, to, on_sale=False, now=datetime.now(UTC)).mark
    deeds = {
        "plan": lambda: planned(by, on, film, card, minutes=10),
        "place": lambda: change.place_show(
            by=by, show_id=other, screen_id=on.pk, starts_at=NOON + timedelta(minutes=10)
        ),
        "copy": lambda: copy.copy_shows(by=by, first=first, days=1, to=to, on_sale=False, seen=seen),
    }

    with in_the_way(RAW, [there.pk]):
        going = Doing(deeds[how])
        waiting()
    refused = going.result()

    assert isinstance(refused, Refused), refused
    if how == "copy":
        assert refused.code == "programme_has_changed"
    else:
        free = (NOON + timedelta(minutes=135)).astimezone(ZONE)
        assert refused.sentence.endswith(f"The earliest start is {free:%H:%M}")
    assert Show.objects.filter(screen=on, starts_at__gte=NOON, state="planned").count() == 1


def test_a_copy_pressed_four_times_at_once_is_made_once(by):
    on, film, card = factories.screen(), factories.movie(), factories.price_card()
    planned(by, on, film, card)
    first = NOON.astimezone(ZONE).date()
    to = first + timedelta(days=14)
    seen = copying.preview(first, 1, to, on_sale=False, now=datetime.now(UTC)).mark

    results = at_once(
        *[lambda: copy.copy_shows(by=by, first=first, days=1, to=to, on_sale=False, seen=seen)] * 4
    )

    assert sum(isinstance(result, int) for result in results) == 1
    assert {each.code for each in results if not isinstance(each, int)} == {"programme_has_changed"}
    assert Show.objects.filter(screen=on).count() == 2


def test_a_hold_under_way_keeps_the_show_where_it_is(by):
    show = factories.show(in_hours=200)
    guest = people.actor_for(people.customer())
    seats = factories.free_seats(show, 1)
    with in_the_way("SELECT 1 FROM theatre_show WHERE id = %s FOR KEY SHARE", [show.pk]):
        moving = Doing(
            lambda: change.place_show(
                by=by,
                show_id=show.pk,
                screen_id=show.screen_id,
                starts_at=show.starts_at + timedelta(hours=1),
            )
        )
        waiting()
        # The move waits for holds that are under way, and later ones wait for the move.
        holding = Doing(lambda: hold.hold_seats(by=guest, show_id=show.pk, seat_ids=seats))
    results = moving.result(), holding.result()

    show.refresh_from_db()
    assert not isinstance(results[1], Exception)
    assert Booking.objects.filter(show=show).count() == 1
    assert results[0] is True or results[0].code == "show_is_touched"


@pytest.mark.parametrize("kept", [4, 7])
def test_guests_who_come_at_once_leave_the_counter_its_seats(kept):
    show = factories.show(on=factories.screen(("sssss.sssss",)), counter_seats=kept)
    seats = factories.free_seats(show, 10)
    guests = [people.actor_for(people.customer()) for _ in range(8)]

    results = at_once(
        *(
            lambda guest=guest, seat=seat: hold.hold_seats(by=guest, show_id=show.pk, seat_ids=[seat])
            for guest, seat in zip(guests, seats, strict=False)
        )
    )

    assert SeatClaim.objects.filter(show=show).count() == 10 - kept
    assert {type(each) for each in results if isinstance(each, Exception)} == {LastSeatsAtTheCounter}


def test_nothing_here_was_a_deadlock():
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        assert cursor.fetchone()[0] == 0
