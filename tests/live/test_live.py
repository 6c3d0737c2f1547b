"""Seats as they are told live, by a real server: every deed, to everybody who watches, within half a second."""

import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bench.streams import Stream, Streams, lateness, wait_until
from tests import factories, people
from theatre.actions.booking.cancel import cancel_booking
from theatre.actions.booking.confirm import confirm_booking
from theatre.actions.booking.keep import lapse_holds, release_hold
from theatre.actions.screens import out_of_service
from theatre.actions.shows.cancel import cancel_show
from theatre.actions.shows.change import place_show
from theatre.actions.vip.reserve import lapse_reservations, release_reservation
from theatre.models import Booking, SeatClaim, Show

HALF_A_SECOND = 0.5
SOON = 2.0  # long before anybody would look again untold, on a machine that does other things too


def told_within(stream: Stream, deed, seats: dict[int, str], seconds: float = SOON) -> None:
    """The deed is done, and the stream has said what it did to the seats."""
    deed()
    wait_until(lambda: {seat: stream.seats().get(seat, "free") for seat in seats} == seats, seconds)


@pytest.fixture
def show(port: int) -> Show:
    return factories.show()


def test_a_stream_begins_with_every_seat_that_cannot_be_taken(port: int, show: Show):
    sold = factories.booked(of=show, seats=factories.free_seats(show, 2))
    held = factories.held(of=show, seats=factories.free_seats(show, 1))
    kept = factories.vip(of=show, seats=factories.free_seats(show, 1))

    with Streams(port, show.pk) as [stream]:
        [event] = stream.events

    assert event.name == "all"
    expected = dict.fromkeys(sold.tickets.values_list("seat_id", flat=True), "sold")
    expected |= dict.fromkeys(held.tickets.values_list("seat_id", flat=True), "held")
    expected |= dict.fromkeys(kept.seat_ids, "blocked")
    assert stream.seats() == expected
    assert event.data["free"] == show.plan.seats.count() - 4


def test_a_booking_is_told_from_hold_to_return(port: int, show: Show):
    by = people.actor_for(people.customer())
    seats = factories.free_seats(show)

    with Streams(port, show.pk) as [stream]:
        told_within(stream, lambda: factories.held(by=by, of=show, seats=seats), dict.fromkeys(seats, "held"))
        ref = Booking.objects.get(show=show).ref
        told_within(
            stream,
            lambda: confirm_booking(by=by, ref=ref, shown_total=Decimal("22.00"), method="demo"),
            dict.fromkeys(seats, "sold"),
        )
        told_within(stream, lambda: cancel_booking(by=by, ref=ref), dict.fromkeys(seats, "free"))

    assert [event.name for event in stream.events] == ["all", "some", "some", "some"]
    assert stream.events[-1].data["free"] == show.plan.seats.count()


def test_a_hold_given_up_and_a_hold_replaced_are_told(port: int, show: Show):
    by = people.actor_for(people.customer())
    first, second, third = factories.free_seats(show, 3)

    with Streams(port, show.pk) as [stream]:
        told_within(stream, lambda: factories.held(by=by, of=show, seats=[first]), {first: "held"})
        hold = Booking.objects.get(show=show)
        told_within(stream, lambda: release_hold(by=by, ref=hold.ref), {first: "free"})
        stranger = people.stranger()
        told_within(stream, lambda: factories.held(by=stranger, of=show, seats=[second]), {second: "held"})
        told_within(
            stream,
            lambda: factories.held(by=stranger, of=show, seats=[third]),
            {second: "free", third: "held"},
        )


def test_a_stranger_who_holds_elsewhere_frees_the_seats_here(port: int, show: Show):
    stranger = people.stranger()
    [seat] = factories.free_seats(show, 1)
    elsewhere = factories.show()

    with Streams(port, show.pk) as [stream]:
        told_within(stream, lambda: factories.held(by=stranger, of=show, seats=[seat]), {seat: "held"})
        told_within(stream, lambda: factories.held(by=stranger, of=elsewhere, seats=1), {seat: "free"})


def test_a_hold_that_lapses_is_told_though_nobody_does_anything(port: int, show: Show):
    booking = factories.held(of=show, seats=1)
    [seat] = booking.tickets.values_list("seat_id", flat=True)
    end = datetime.now(UTC) + timedelta(seconds=1.5)
    SeatClaim.objects.filter(booking=booking).update(held_until=end)

    with Streams(port, show.pk) as [stream]:
        assert stream.seats() == {seat: "held"}
        wait_until(lambda: stream.seats() == {}, 1.5 + SOON)
        late = (datetime.now(UTC) - end).total_seconds()

    assert 0 < late < SOON


def test_a_hold_that_is_kept_longer_stays_held(port: int, show: Show):
    booking = factories.held(of=show, seats=1)
    [seat] = booking.tickets.values_list("seat_id", flat=True)
    SeatClaim.objects.filter(booking=booking).update(held_until=datetime.now(UTC) + timedelta(seconds=0.7))

    with Streams(port, show.pk) as [stream]:
        SeatClaim.objects.filter(booking=booking).update(held_until=datetime.now(UTC) + timedelta(minutes=8))
        time.sleep(1)

    assert stream.seats() == {seat: "held"}


def test_seats_for_guests_of_the_house_are_not_on_sale_and_come_back(port: int, show: Show):
    admin = people.actor_for(people.admin())
    first, second = factories.free_seats(show)

    with Streams(port, show.pk) as [stream]:
        told_within(stream, lambda: factories.vip(of=show, seats=[first, second]), {first: "blocked"})
        reservation = show.vip_reservations.get()
        told_within(
            stream,
            lambda: release_reservation(by=admin, reservation_id=reservation.pk),
            {first: "free", second: "free"},
        )
        tidied = factories.vip(of=show, seats=[first], release_minutes=60)
        wait_until(lambda: stream.seats() == {first: "blocked"}, SOON)
        factories.release_time_came(tidied)
        told_within(stream, lapse_reservations, {first: "free"})


def test_a_seat_out_of_service_is_told(port: int, show: Show):
    admin = people.actor_for(people.admin())
    seat = show.plan.seats.first()

    with Streams(port, show.pk) as [stream]:
        told_within(
            stream,
            lambda: out_of_service.take_out(
                by=admin,
                screen_id=show.screen_id,
                row=seat.row,
                number=seat.number,
                reason="Spring",
                show_id=show.pk,
            ),
            {seat.pk: "blocked"},
        )


def test_what_the_sweeper_tidies_is_told_once(port: int, show: Show):
    booking = factories.held(of=show, seats=1)
    with Streams(port, show.pk) as [stream]:
        factories.lapse(booking)
        lapse_holds()
        wait_until(lambda: stream.seats() == {}, SOON)
        time.sleep(0.2)

    assert [event.name for event in stream.events] == ["all", "some"]


@pytest.mark.parametrize("deed", ["cancelled", "moved"])
def test_a_show_that_is_not_what_it_was_is_told(port: int, show: Show, deed: str):
    moderator = people.actor_for(people.moderator())
    with Streams(port, show.pk) as [stream]:
        if deed == "cancelled":
            cancel_show(by=moderator, show_id=show.pk, reason="The projector is broken")
        else:
            later = show.starts_at + timedelta(hours=1)
            place_show(
                by=moderator, show_id=show.pk, screen_id=show.screen_id, starts_at=later, knowing_late=True
            )
        wait_until(lambda: len(stream.events) == 2, SOON)

    assert [event.name for event in stream.events] == ["all", "show"]


def test_what_nobody_told_of_is_found_all_the_same(port: int, show: Show):
    """A word may be lost with its process."""
    booking = factories.held(of=show, seats=1)
    with Streams(port, show.pk) as [stream]:
        SeatClaim.objects.filter(booking=booking).delete()
        wait_until(lambda: stream.seats() == {}, 6)


def test_only_those_who_watch_the_show_are_told(port: int, show: Show):
    other = factories.show()
    [seat] = factories.free_seats(show, 1)
    with Streams(port, show.pk) as [here], Streams(port, other.pk) as [there]:
        told_within(here, lambda: factories.held(of=show, seats=[seat]), {seat: "held"})

    assert len(there.events) == 1


def test_who_was_cut_off_is_told_what_they_missed_and_nothing_twice(port: int, show: Show):
    first, second, third = factories.free_seats(show, 3)
    with Streams(port, show.pk) as [stays]:
        with Streams(port, show.pk) as [cut]:
            told_within(cut, lambda: factories.held(of=show, seats=[first]), {first: "held"})
            known = cut.events[-1].id
        told_within(stays, lambda: factories.held(of=show, seats=[second]), {second: "held"})

        with Streams(port, show.pk, headers=f"Last-Event-ID: {known}\r\n") as [back]:
            [missed] = back.events
            told_within(back, lambda: factories.held(of=show, seats=[third]), {third: "held"})
        with Streams(port, show.pk, headers="Last-Event-ID: 00000000-2\r\n") as [stranger]:
            [whole] = stranger.events

    assert (missed.name, missed.data["seats"]) == ("some", {"held": [second]})
    assert (whole.name, sorted(whole.data["seats"]["held"])) == ("all", [first, second, third])


def test_everybody_who_watches_is_told_within_half_a_second(port: int, show: Show):
    seats = factories.free_seats(show, 20)
    sold: dict[int, float] = {}
    with Streams(port, show.pk, 50) as streams:
        for seat in seats:
            factories.booked(of=show, seats=[seat])
            sold[seat] = time.monotonic()
        expected = dict.fromkeys(seats, "sold")
        wait_until(lambda: all(stream.seats() == expected for stream in streams), 5)

    late, lost = lateness(streams, sold)
    assert (len(late), lost) == (50 * 20, 0)
    assert sorted(late)[len(late) * 99 // 100] < HALF_A_SECOND
