"""A booking changes while it is cancelled, scanned, changed again, moved, or while others want the seats; and its
connection dies before every statement: one of them happens, whole, and once."""

import os
import random
from collections import Counter
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError, connection

from tests import factories, people
from tests.races.stage import Doing, at_once, client, in_the_way, waiting
from tests.races.test_moves import SMALLER, clean, code_of, later, move
from theatre.actions.booking._once import once
from theatre.actions.booking.cancel import cancel_booking
from theatre.actions.booking.change import change_booking
from theatre.actions.booking.check_in import check_in
from theatre.actions.booking.hold import hold_seats
from theatre.documents.record import ticket_code
from theatre.models import Booking, Invoice, Letter, Payment, Refund, SeatClaim, Show, ShowMove
from theatre.queries import moving
from theatre.queries.bookings import for_papers

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("own_database")]

MORE = 10 if os.environ.get("TEST_SIZE") == "long" else 1


@pytest.fixture
def guest():
    return people.actor_for(people.customer())


def changing(by, booking: Booking, show: Show, seats: list[int], **more: Any):
    return partial(
        change_booking, by=by, ref=booking.ref, show_id=show.pk, seat_ids=seats, shown_difference=Decimal(0),
        method="demo", **more,
    )  # fmt: skip


def test_change_beside_a_cancellation_the_door_and_another_change(guest):
    usher = people.actor_for(people.salesman())
    ways, chance = Counter(), random.Random(3)
    for _ in range(10 * MORE):
        show, other = factories.show(), factories.show()
        booking = factories.booked(by=guest, of=show, seats=1)
        seen = for_papers(booking.pk)
        deeds = [
            changing(guest, booking, show, factories.free_seats(show, 1)),
            changing(guest, booking, other, factories.free_seats(other, 1)),
            partial(cancel_booking, by=guest, ref=booking.ref),
            partial(check_in, by=usher, code=ticket_code(seen, seen.tickets[0])),
        ]
        chance.shuffle(deeds)

        results = at_once(*(partial(later, chance.random() * 0.05, deed) for deed in deeds))

        ways.update(code_of(each) for each in results)
        booking.refresh_from_db()
        ended = sum(code_of(each) == "done" for each in results)
        assert ended == 1, results  # somebody comes in, or one of the others was first
        assert Booking.objects.filter(replaces=booking).count() <= 1
        assert Refund.objects.filter(booking=booking).count() == (booking.state == "cancelled")
        assert clean() == []
    print("beside the change:", dict(ways))
    assert set(ways) <= {"done", "already_cancelled", "ticket_used", "ticket_returned"}


def test_two_bookings_that_want_each_others_seats_do_not_wait_in_a_circle(guest):
    """One is refused its seat, or both are: in no order does the one wait for the other for ever."""
    for _ in range(10 * MORE):
        show = factories.show()
        one, two = (factories.booked(by=guest, of=show, seats=1) for _ in range(2))
        seats = [each.tickets.get().seat_id for each in (one, two)]

        results = at_once(changing(guest, one, show, seats[1:]), changing(guest, two, show, seats[:1]))

        assert {code_of(each) for each in results} <= {"done", "seat_taken"}
        assert "seat_taken" in {code_of(each) for each in results}
        assert clean() == []


def test_seat_that_a_change_and_a_hold_want_goes_to_one(guest):
    other = people.actor_for(people.customer())
    winners = Counter()
    for _ in range(10 * MORE):
        show = factories.show()
        booking = factories.booked(by=guest, of=show, seats=1)
        seat = factories.free_seats(show, 1)
        results = at_once(
            changing(guest, booking, show, seat),
            partial(hold_seats, by=other, show_id=show.pk, seat_ids=seat),
        )
        assert sorted(code_of(each) for each in results) == ["done", "seat_taken"]
        winners[code_of(results[0])] += 1
        assert SeatClaim.objects.filter(show=show, seat_id=seat[0]).count() == 1
        assert clean() == []
        if code_of(results[1]) == "done":
            Booking.objects.filter(show=show, state="held").update(held_until="2020-01-01T00:00Z")
            SeatClaim.objects.filter(show=show, state="held").update(held_until="2020-01-01T00:00Z")
    print("the seat went to:", dict(winners))


def test_change_beside_a_move_ends_in_a_seat_of_the_plan(guest):
    boss = people.actor_for(people.moderator())
    ways, chance = Counter(), random.Random(5)
    for _ in range(8 * MORE):
        show, there, elsewhere = factories.show(), factories.screen(SMALLER), factories.show()
        inside, out = (factories.booked(by=guest, of=show, seats=1) for _ in range(2))
        free, target = factories.free_seats(show, 1), factories.free_seats(elsewhere, 1)
        results = at_once(
            partial(later, chance.random() * 0.05, partial(move, boss, show, there)),
            partial(later, chance.random() * 0.1, changing(guest, inside, show, free)),
            partial(later, chance.random() * 0.1, changing(guest, out, elsewhere, target)),
        )
        assert isinstance(results[0], int), results[0]
        ways.update(code_of(each) for each in results[1:])
        plan = Show.objects.get(pk=show.pk).plan_id
        assert set(SeatClaim.objects.filter(show=show).values_list("plan_id", flat=True)) <= {plan}
        assert clean() == []
    print("beside the move:", dict(ways))
    assert set(ways) <= {"done", "seat_unknown"}


def test_later_things_are_not_locked_while_a_claim_is_waited_for(guest):
    booking = factories.booked(by=guest)
    show = booking.show
    with in_the_way(
        "SELECT 1 FROM theatre_seatclaim WHERE booking_id = %s FOR UPDATE", [booking.pk]
    ) as other:
        going = Doing(changing(guest, booking, show, factories.free_seats(show, 2)))
        waiting()
        for table in ("theatre_booking WHERE id", "theatre_ticket WHERE booking_id"):
            other.execute(f"SELECT 1 FROM {table} = %s FOR UPDATE NOWAIT", [booking.pk])
        other.execute("SELECT 1 FROM theatre_customer WHERE id = %s FOR UPDATE NOWAIT", [guest.customer_id])
    assert code_of(going.result()) == "done"


class Killed:
    """The connection's server process is ended before the statement of that number."""

    def __init__(self, number: int) -> None:
        self.left = number

    def __call__(self, execute, sql, params, many, context):
        if self.left == 0:
            [(own,)] = connection.connection.execute("SELECT pg_backend_pid()").fetchall()
            with client(autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s)", [own])
        self.left -= 1
        return execute(sql, params, many, context)


def killed_before(number: int, deed) -> bool:
    """Whether the deed was ended there; False when it has fewer statements."""
    try:
        with connection.execute_wrapper(Killed(number)):
            deed()
    except OperationalError:
        connection.close()
        return True
    return False


def test_change_whose_connection_dies_before_any_statement_is_repeated_whole(guest):
    number = kills = 0
    while True:
        booking = factories.booked(by=guest, seats=1)
        show = booking.show
        seats, key = factories.free_seats(show, 1), once("user:1", "change", uuid4().hex, 1)
        deed = changing(guest, booking, show, seats, once=key)
        ended = killed_before(number, deed)
        if ended:
            kills += 1
            assert Booking.objects.filter(replaces=booking).count() == 0
            booking.refresh_from_db()
            assert booking.state == "confirmed"
        done = deed()
        new = Booking.objects.get(replaces=booking)
        assert (done.ref, new.state) == (new.ref, "confirmed")
        assert (
            Payment.objects.filter(booking=new).count() == Refund.objects.filter(booking=booking).count() == 1
        )
        assert Invoice.objects.filter(booking__in=[new, booking]).count() == 3
        assert Letter.objects.filter(booking=new, kind="booking_changed").count() == 1
        number += 1
        if not ended:
            break
    print(f"change: ended before each of {kills} statements")
    assert kills > 20
    assert clean() == []


def test_move_whose_connection_dies_before_any_statement_is_repeated_whole():
    boss = people.actor_for(people.moderator())
    number = kills = 0
    while True:
        show, there = factories.show(), factories.screen(SMALLER)
        factories.booked(of=show)
        key = once("user:1", "move", uuid4().hex, 1)
        mark = moving.proposal(show.pk, moving.place(show.pk, there.pk, show.starts_at)).mark
        deed = partial(move, boss, show, there, mark, once=key)
        ended = killed_before(number, partial(strictly, deed))
        if ended:
            kills += 1
            assert not ShowMove.objects.filter(show=show).exists()
        assert isinstance(deed(), int)
        assert ShowMove.objects.filter(show=show).count() == 1
        assert Letter.objects.filter(booking__show=show, kind="show_moved").count() == 1
        number += 1
        if not ended:
            break
    print(f"move: ended before each of {kills} statements")
    assert kills > 20
    assert clean() == []


def strictly(deed) -> object:
    """A deed that gives its exception back raises it."""
    result = deed()
    if isinstance(result, Exception):
        raise result
    return result
