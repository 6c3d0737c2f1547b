"""How often the hot actions ask the database. What is added here is paid for by every booking."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories, people
from theatre.actions.booking import cancel, change, confirm, hold
from theatre.actions.booking._once import once
from theatre.actions.shows import move
from theatre.queries import moving

pytestmark = pytest.mark.usefixtures("own_database")


def statements(deed) -> int:
    """How many statements the deed sends between BEGIN and COMMIT."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        deed()
    sent = [query["sql"] for query in captured]
    assert (sent[0], sent[-1]) == ("BEGIN", "COMMIT")
    return len(sent) - 2


@pytest.fixture
def by():
    return people.actor_for(people.customer())


@pytest.mark.parametrize("seats", [1, 2, 10])
def test_hold_sends_three_statements_however_many_seats(by, seats):
    show = factories.show()
    chosen = factories.free_seats(show, 12)
    hold.hold_seats(by=by, show_id=show.pk, seat_ids=chosen[10:11])  # the plan is remembered from now on

    assert statements(lambda: hold.hold_seats(by=by, show_id=show.pk, seat_ids=chosen[:seats])) == 3


def test_key_adds_two_statements_to_a_hold(by):
    show = factories.show()
    one, two = factories.free_seats(show, 2)
    hold.hold_seats(by=by, show_id=show.pk, seat_ids=[one])
    key = once("user:1", "holds", "a", None)

    assert statements(lambda: hold.hold_seats(by=by, show_id=show.pk, seat_ids=[two], once=key)) == 5
    assert statements(lambda: hold.hold_seats(by=by, show_id=show.pk, seat_ids=[two], once=key)) == 2


@pytest.mark.parametrize("seats", [1, 2, 10])
@pytest.mark.parametrize(("limits", "number"), [(None, 6), ({}, 6), ({"total_limit": 5}, 8)])
def test_confirm_sends_as_many_however_many_seats(by, seats, limits, number):
    booking = factories.held(by=by, seats=seats)
    code = "" if limits is None else factories.coupon(**{"total_limit": None, **limits}).code
    total = factories.checkout_total(by, booking.ref, code)

    def deed() -> None:
        confirm.confirm_booking(
            by=by, ref=booking.ref, shown_total=Decimal(total), method="demo", coupon_code=code
        )

    assert statements(deed) == number


def test_key_adds_nothing_to_a_confirm(by):
    booking = factories.held(by=by)
    total = Decimal(factories.checkout_total(by, booking.ref, ""))
    key = once("user:1", "confirm", "a", None)

    def deed() -> None:
        confirm.confirm_booking(by=by, ref=booking.ref, shown_total=total, method="demo", once=key)

    assert statements(deed) == 6
    assert statements(deed) == 2  # the same answer again


@pytest.mark.parametrize("seats", [1, 10])
def test_cancel_sends_as_many_however_many_seats(by, seats):
    booking = factories.booked(by=by, seats=seats)

    assert statements(lambda: cancel.cancel_booking(by=by, ref=booking.ref)) == 14


@pytest.mark.parametrize("seats", [1, 10])
def test_change_sends_as_many_however_many_seats(by, seats):
    booking, show = factories.booked(by=by, seats=seats), factories.show()
    chosen = factories.free_seats(show, seats)
    hold.hold_seats(by=by, show_id=show.pk, seat_ids=factories.free_seats(show, 1, kind="vip"))  # the plan

    def deed() -> None:
        change.change_booking(
            by=by,
            ref=booking.ref,
            show_id=show.pk,
            seat_ids=chosen,
            shown_difference=Decimal(0),
            method="demo",
        )

    assert statements(deed) == 28


@pytest.mark.parametrize("bookings", [1, 4])
def test_move_sends_as_many_however_many_bookings(bookings):
    boss = people.actor_for(people.moderator())
    show, there = factories.show(), factories.screen()
    for _ in range(bookings):
        factories.booked(of=show)
    seen = moving.proposal(show.pk, moving.place(show.pk, there.pk, show.starts_at)).mark  # and both plans

    def deed() -> None:
        move.move_show(
            by=boss, show_id=show.pk, screen_id=there.pk, starts_at=show.starts_at, reason="Fire", seen=seen,
            knowing_late=True,
        )  # fmt: skip

    assert statements(deed) == 30
