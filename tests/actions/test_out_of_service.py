"""Seats out of service: blocked in every show they cover, given back, and never under anybody who has a seat."""

from datetime import date, datetime, timedelta

import pytest

from tests import factories, people
from theatre.access import NotAllowed
from theatre.actions.booking._once import once
from theatre.actions.booking.cancel import cancel_booking
from theatre.actions.booking.hold import hold_seats
from theatre.actions.screens import out_of_service
from theatre.actions.screens._blocks import SeatInUse, block_out_of_service
from theatre.actions.screens.out_of_service import (
    DayNotToCome,
    NotOut,
    OutAlready,
    SeatNotThere,
    ShowNotToCome,
)
from theatre.models import AuditEntry, Seat, SeatClaim, SeatOutOfService, Show
from theatre.queries import integrity
from theatre.queries import screens as seeing
from theatre.queries.quotes import ZONE
from theatre.rules.seating import SeatTaken

pytestmark = pytest.mark.django_db
REASON = "The spring is through"


@pytest.fixture
def admin():
    return people.actor_for(people.admin())


@pytest.fixture
def show():
    return factories.show(in_hours=24)


def today() -> date:
    return datetime.now(ZONE).date()


def seat_of(show: Show, place: int = 0) -> Seat:
    return Seat.objects.get(plan=show.plan, row="A", number=place + 1)


def take(admin, show: Show, *, days: int | None = None, seat: Seat | None = None, **more) -> int:
    seat = seat or seat_of(show)
    scope = {"show_id": show.pk} if days is None else {"last_day": today() + timedelta(days=days)}
    return out_of_service.take_out(
        by=admin, screen_id=show.screen_id, row=seat.row, number=seat.number, reason=REASON, **scope, **more
    )


def blocked(show: Show) -> list[str]:
    claims = (
        SeatClaim.objects.filter(show=show, state="blocked").select_related("seat").order_by("seat__number")
    )
    return [str(claim.seat) for claim in claims]


def broken_rules() -> list[str]:
    return [found.check.name for found in integrity.prove() if found.count]


# For one show, and until a day ------------------------------------------------------------------------------------


def test_seat_is_taken_out_of_one_show(admin, show):
    other = factories.show(on=show.screen, in_hours=48)

    take(admin, show)

    assert (blocked(show), blocked(other)) == (["A 1"], [])
    claim = SeatClaim.objects.get(show=show)
    assert (claim.note, claim.held_until, claim.booking) == (REASON, None, None)
    entry = AuditEntry.objects.get(verb="take_seat_out")
    assert (entry.reason, entry.details["seat"], entry.details["shows"]) == (REASON, "A 1", 1)
    assert broken_rules() == []


def test_seat_is_taken_out_until_the_end_of_a_day_in_shows_there_are_and_shows_to_be_added(admin, show):
    within = factories.show(on=show.screen, in_hours=48)
    after = factories.show(on=show.screen, in_hours=24 * 6)
    elsewhere = factories.show(in_hours=48)

    take(admin, show, days=4)
    added = [factories.show(on=show.screen, in_hours=hours) for hours in (72, 24 * 7)]
    counts = [block_out_of_service(each) for each in (*added, elsewhere)]

    assert counts == [1, 0, 0]
    assert [blocked(each) for each in (show, within, after, elsewhere, *added)] == [
        ["A 1"], ["A 1"], [], [], ["A 1"], [],
    ]  # fmt: skip
    assert broken_rules() == []


def test_last_day_is_counted_in_by_the_theatres_calendar(admin, show):
    last = today() + timedelta(days=2)
    late = datetime.combine(last, datetime.min.time(), ZONE) + timedelta(hours=23, minutes=59)
    of = factories.movie()
    shows = [
        factories.show(
            of=of,
            on=show.screen,
            starts_at=at,
            ends_at=at + timedelta(minutes=1),
            clean_at=at + timedelta(minutes=1),
        )
        for at in (late, late + timedelta(minutes=1))
    ]

    take(admin, show, days=2)

    assert [blocked(each) for each in shows] == [["A 1"], []]


def test_seat_out_of_service_is_taken_for_guests_and_staff_alike(admin, show):
    seat = seat_of(show)
    take(admin, show, seat=seat)

    for who in (people.customer(), people.salesman()):
        with pytest.raises(SeatTaken):
            hold_seats(by=people.actor_for(who), show_id=show.pk, seat_ids=[seat.pk])


def test_seat_of_a_version_without_it_is_left_alone(admin, show):
    seat = Seat.objects.get(plan=show.plan, row="K", number=10)
    small = factories.halls.build(show.screen, ("sss",))
    other = factories.show(on=show.screen, in_hours=48, plan=small)

    take(admin, show, seat=seat, days=5)

    assert (blocked(show), blocked(other)) == (["K 10"], [])


# Given back ----------------------------------------------------------------------------------------------------


def test_seat_given_back_is_on_sale_again(admin, show):
    out = take(admin, show, days=5)

    out_of_service.give_back(by=admin, out_id=out)
    out_of_service.give_back(by=admin, out_id=out)

    assert blocked(show) == []
    assert block_out_of_service(factories.show(on=show.screen, in_hours=48)) == 0
    assert AuditEntry.objects.filter(verb="give_seat_back").count() == 1
    assert broken_rules() == []


def test_seat_given_back_stays_blocked_where_it_is_out_for_another_reason(admin, show):
    other = factories.show(on=show.screen, in_hours=48)
    long = take(admin, show, days=5)
    take(admin, show, seat=Seat.objects.get(plan=show.plan, row="A", number=1))

    out_of_service.give_back(by=admin, out_id=long)

    assert (blocked(show), blocked(other)) == (["A 1"], [])


def test_show_that_moves_takes_the_blocks_of_where_it_is(admin, show):
    take(admin, show, days=3)
    Show.objects.filter(pk=show.pk).update(
        starts_at=show.starts_at + timedelta(days=5), ends_at=show.ends_at + timedelta(days=5),
        clean_at=show.clean_at + timedelta(days=5),
    )  # fmt: skip

    assert block_out_of_service(show) == 0
    assert blocked(show) == []


# Refused -------------------------------------------------------------------------------------------------------


def test_sold_seat_meets_a_sentence_with_its_booking_and_nothing_is_blocked(admin, show):
    later = factories.show(on=show.screen, in_hours=48)
    booking = factories.booked(of=later, seats=[seat_of(later).pk])

    with pytest.raises(SeatInUse) as refused:
        take(admin, show, days=5)

    assert refused.value.sentence.startswith(f"A 1 is sold for {later.movie.title} on ")
    assert refused.value.sentence.endswith(f": booking {booking.ref}. Give that booking another seat first")
    assert refused.value.data["bookings"] == [booking.ref]
    assert (blocked(show), SeatOutOfService.objects.count()) == ([], 0)


def test_held_seat_says_until_when_and_in_how_many_more_shows(admin, show):
    later = factories.show(on=show.screen, in_hours=48)
    hold = factories.held(of=show, seats=[seat_of(show).pk])
    factories.booked(of=later, seats=[seat_of(later).pk])

    with pytest.raises(SeatInUse) as refused:
        take(admin, show, days=5)

    until = hold.held_until.astimezone(ZONE)
    assert f"A 1 is held until {until:%H:%M} for " in refused.value.sentence
    assert refused.value.sentence.endswith("release it first. The same goes for 1 more show")


def test_lapsed_hold_and_cancelled_booking_are_in_nobodys_way(admin, show):
    seat = seat_of(show)
    factories.lapse(factories.held(of=show, seats=[seat.pk]))
    later = factories.show(on=show.screen, in_hours=48)
    who = people.actor_for(people.customer())
    cancel_booking(by=who, ref=factories.booked(by=who, of=later, seats=[seat.pk]).ref)

    take(admin, show, days=5, seat=seat)

    assert (blocked(show), blocked(later)) == (["A 1"], ["A 1"])
    assert broken_rules() == []


def test_seat_show_and_day_have_to_be_there(admin, show):
    over, elsewhere = factories.show(on=show.screen, in_hours=-30), factories.show()
    a1 = seat_of(show)

    with pytest.raises(SeatNotThere, match="has no seat A 99"):
        take(admin, show, seat=Seat(row="A", number=99))
    for other in (over, elsewhere):
        with pytest.raises(ShowNotToCome):
            out_of_service.take_out(
                by=admin, screen_id=show.screen_id, row="A", number=1, reason=REASON, show_id=other.pk
            )
    for days in (-1, 4000):
        with pytest.raises(DayNotToCome):
            take(admin, show, days=days, seat=a1)
    with pytest.raises(NotOut):
        out_of_service.give_back(by=admin, out_id=999_999)
    with pytest.raises(DayNotToCome):
        out_of_service.take_out(by=admin, screen_id=show.screen_id, row="A", number=1, reason=REASON)


def test_seat_is_taken_out_once(admin, show):
    a1 = seat_of(show)
    key = once("user:1", "seat", "k", {})
    assert take(admin, show, days=5, once=key) == take(admin, show, days=5, once=key, seat=a1)

    with pytest.raises(OutAlready, match="A 1 is out of service until"):
        take(admin, show, days=6, seat=a1)
    take(admin, show, seat=a1)
    with pytest.raises(OutAlready, match="for that show already"):
        take(admin, show, seat=a1)


def test_only_admins_take_seats_out(admin, show):
    out = take(admin, show)
    for make in (people.moderator, people.salesman, people.customer):
        by = people.actor_for(make())
        with pytest.raises(NotAllowed):
            take(by, show)
        with pytest.raises(NotAllowed):
            out_of_service.give_back(by=by, out_id=out)


def test_list_says_what_is_out_and_in_how_many_shows(admin, show):
    factories.show(on=show.screen, in_hours=48)
    take(admin, show, days=5)
    take(admin, show, seat=seat_of(show, 1))

    first, second = seeing.out_of_service(show.screen_id)

    assert (first.row, first.number, first.shows, first.until is not None) == ("A", 1, 2, True)
    assert (second.number, second.shows, second.show_title) == (2, 1, show.movie.title)
