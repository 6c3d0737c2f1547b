"""The law of docs/locking.md, step by step: another client stands in the way at the point in question."""

from decimal import Decimal

import pytest

from tests import factories, people
from tests.races.stage import Doing, at_once, in_the_way, waiting
from theatre.actions._doors import Busy
from theatre.actions.booking import _giving_back, cancel, confirm, hold, keep
from theatre.actions.booking._once import KeyInProgress, once
from theatre.actions.booking.audience import change_audiences
from theatre.actions.people.from_allauth import adopt_hold
from theatre.models import Booking, Customer, LedgerEntry, SeatClaim, Ticket
from theatre.rules import coupons
from theatre.rules.shows import ShowNotOnSale

pytestmark = pytest.mark.usefixtures("own_database")

# What is locked, in the order of the law.
LAW = {
    "claims": "SELECT 1 FROM theatre_seatclaim WHERE booking_id = %(booking)s FOR UPDATE",
    "booking": "SELECT 1 FROM theatre_booking WHERE id = %(booking)s FOR UPDATE",
    "tickets": "SELECT 1 FROM theatre_ticket WHERE booking_id = %(booking)s FOR UPDATE",
    "coupon": "SELECT 1 FROM theatre_coupon WHERE id = %(coupon)s FOR UPDATE",
    "customer": "SELECT 1 FROM theatre_customer WHERE id = %(customer)s FOR UPDATE",
    "counter": "SELECT 1 FROM theatre_invoicecounter FOR UPDATE",
}
LOCKED_BY = {
    "confirm": ["claims", "booking", "coupon", "customer", "counter"],
    "cancel": ["claims", "booking", "tickets", "coupon", "counter"],
    "extend": ["claims", "booking"],
    "audiences": ["claims", "booking", "tickets"],
    "release": ["claims", "booking"],
    "release a lapsed one": ["claims", "booking"],
    "sign in": ["claims", "booking"],
}


@pytest.mark.parametrize(
    ("deed", "place"), [(deed, place) for deed in LOCKED_BY for place in LOCKED_BY[deed]]
)
def test_who_waits_for_a_lock_holds_none_that_comes_later(deed, place):
    who = people.customer()
    by = people.actor_for(who)
    coupon = factories.coupon(percent=10, total_limit=9)
    factories.cancelled(by=by)  # so that there are numbers to be locked
    show = factories.show(card=factories.price_card(child={"standard": 7}))
    if deed == "cancel":
        booking = factories.booked(by=by, coupon_code=coupon.code)
    else:
        booking = factories.held(
            by=people.stranger(session="signing in") if deed == "sign in" else by, of=show
        )
    if deed == "release a lapsed one":
        factories.lapse(booking)
    children = dict.fromkeys(booking.tickets.values_list("pk", flat=True), "child")
    ids = {"booking": booking.pk, "coupon": coupon.pk, "customer": by.customer_id}
    deeds = {
        "confirm": lambda: confirm.confirm_booking(
            by=by, ref=booking.ref, shown_total=Decimal("19.80"), method="demo", coupon_code=coupon.code
        ),
        "cancel": lambda: cancel.cancel_booking(by=by, ref=booking.ref),
        "extend": lambda: keep.extend_hold(by=by, ref=booking.ref),
        "audiences": lambda: change_audiences(by=by, ref=booking.ref, audiences=children),
        "release": lambda: keep.release_hold(by=by, ref=booking.ref),
        "release a lapsed one": lambda: keep.release_hold(by=by, ref=booking.ref),
        "sign in": lambda: adopt_hold(who, "signing in"),
    }

    with in_the_way(LAW[place], ids) as other:
        doing = Doing(deeds[deed])
        waiting()
        for later in list(LAW)[list(LAW).index(place) + 1 :]:
            other.execute(LAW[later] + " NOWAIT", ids)

    assert not isinstance(doing.result(), Exception)


def test_replacing_hold_takes_old_and_new_seats_in_one_order():
    show = factories.show()
    first, own, lapsed_seat = factories.free_seats(show, 3)
    by = people.stranger(session="replacing")
    factories.lapse(factories.held(of=show, seats=[lapsed_seat]))
    factories.held(by=by, of=show, seats=[own])
    begun = "INSERT INTO theatre_seatclaim (show_id, seat_id, plan_id, state, note) VALUES (%s, %s, %s, 'blocked', '')"

    with in_the_way(begun, [show.pk, first, show.plan_id]) as other:
        doing = Doing(lambda: hold.hold_seats(by=by, show_id=show.pk, seat_ids=[first, lapsed_seat]))
        waiting()
        free = "SELECT 1 FROM theatre_seatclaim WHERE show_id = %s AND seat_id = %s FOR UPDATE NOWAIT"
        for seat in (own, lapsed_seat):
            other.execute(free, [show.pk, seat])
        other.rollback()

    assert isinstance(doing.result(), hold.Hold)
    assert list(SeatClaim.objects.filter(show=show).values_list("seat_id", flat=True)) == [first, lapsed_seat]


def test_replacing_hold_that_waits_for_its_old_seat_has_none_that_comes_after():
    show = factories.show()
    own, first, second = factories.free_seats(show, 3)
    by = people.stranger(session="waiting")
    factories.held(by=by, of=show, seats=[own])
    factories.lapse(factories.held(of=show, seats=[first, second]))
    claim = "SELECT 1 FROM theatre_seatclaim WHERE show_id = %s AND seat_id = %s FOR UPDATE"

    with in_the_way(claim, [show.pk, own]) as other:
        doing = Doing(lambda: hold.hold_seats(by=by, show_id=show.pk, seat_ids=[first, second]))
        waiting()
        for seat in (first, second):
            other.execute(claim + " NOWAIT", [show.pk, seat])

    assert isinstance(doing.result(), hold.Hold)


def test_two_people_who_swap_their_seats_do_not_wait_for_each_other():
    show = factories.show()
    one, two = factories.free_seats(show, 2)
    here, there = people.stranger(session="here"), people.stranger(session="there")
    factories.held(by=here, of=show, seats=[one])
    factories.held(by=there, of=show, seats=[two])

    got = at_once(
        lambda: hold.hold_seats(by=here, show_id=show.pk, seat_ids=[two]),
        lambda: hold.hold_seats(by=there, show_id=show.pk, seat_ids=[one]),
    )

    assert [type(answer).__name__ for answer in got] == ["SeatTaken", "SeatTaken"]
    assert SeatClaim.objects.filter(show=show).count() == 2


def test_sweeper_leaves_a_hold_of_which_somebody_has_a_claim():
    keep.lapse_holds()
    booking = factories.held()
    factories.lapse(booking)
    one = "SELECT 1 FROM theatre_seatclaim WHERE booking_id = %s ORDER BY seat_id DESC LIMIT 1 FOR UPDATE"

    with in_the_way(one, [booking.pk]):
        assert Doing(keep.lapse_holds).result(patience=2) == 0
    assert keep.lapse_holds() == 1


def test_sweeper_gets_through_more_holds_than_a_batch_whose_seats_interleave(monkeypatch):
    keep.lapse_holds()
    monkeypatch.setattr(keep, "LAPSE_BATCH", 2)
    show = factories.show()
    seats = factories.free_seats(show, 10)
    for place in range(5):
        factories.lapse(factories.held(of=show, seats=[seats[place], seats[place + 5]]))

    assert keep.lapse_holds() == 5
    assert not SeatClaim.objects.filter(show=show).exists()


def test_limit_per_customer_counts_the_use_committed_while_confirm_waited():
    by = people.actor_for(people.customer())
    coupon = factories.coupon(percent=10, per_customer_limit=1)
    show = factories.show()
    first, second = factories.held(by=by, of=show), factories.held(by=by, of=show)

    def confirmed(booking: Booking) -> object:
        return confirm.confirm_booking(
            by=by, ref=booking.ref, shown_total=Decimal("19.80"), method="demo", coupon_code=coupon.code
        )

    with in_the_way("SELECT 1 FROM theatre_coupon WHERE id = %s FOR UPDATE", [coupon.pk]):
        going = [Doing(lambda: confirmed(first)), Doing(lambda: confirmed(second))]
        waiting(2)
    kinds = sorted(type(one.result()).__name__ for one in going)

    assert kinds == ["Confirmed", coupons.CouponUsedByYou.__name__]
    coupon.refresh_from_db()
    assert coupon.used == 1


def test_limit_that_came_while_confirm_waited_is_kept():
    by = people.actor_for(people.customer())
    coupon = factories.coupon(percent=10)
    booking = factories.held(by=by)

    with in_the_way("SELECT 1 FROM theatre_customer WHERE id = %s FOR UPDATE", [by.customer_id]) as other:
        doing = Doing(
            lambda: confirm.confirm_booking(
                by=by, ref=booking.ref, shown_total=Decimal("19.80"), method="demo", coupon_code=coupon.code
            )
        )
        waiting()
        other.execute("UPDATE theatre_coupon SET total_limit = 0 WHERE id = %s", [coupon.pk])

    assert isinstance(doing.result(), coupons.CouponUsedUp)


def test_hold_does_not_slip_past_a_show_that_is_being_cancelled():
    show = factories.show()
    seats = factories.free_seats(show, 1)
    by = people.actor_for(people.customer())

    with in_the_way("SELECT 1 FROM theatre_show WHERE id = %s FOR UPDATE", [show.pk]) as other:
        doing = Doing(lambda: hold.hold_seats(by=by, show_id=show.pk, seat_ids=seats))
        waiting()
        other.execute("UPDATE theatre_show SET state = 'cancelled' WHERE id = %s", [show.pk])

    assert isinstance(doing.result(), ShowNotOnSale)
    assert not SeatClaim.objects.filter(show=show).exists()


def test_holds_of_one_show_do_not_wait_for_each_other():
    show = factories.show()
    seats = factories.free_seats(show, 1)
    by = people.actor_for(people.customer())

    with in_the_way("SELECT 1 FROM theatre_show WHERE id = %s FOR KEY SHARE", [show.pk]):
        doing = Doing(lambda: hold.hold_seats(by=by, show_id=show.pk, seat_ids=seats))
        assert isinstance(doing.result(patience=5), hold.Hold)


@pytest.mark.parametrize(("before", "after", "total"), [("Silver", "Gold", "19.80"), ("", "Silver", "20.90")])
def test_tier_reached_while_confirm_waited_is_the_one_charged(before, after, total):
    who = people.customer(tier=before)
    by = people.actor_for(who)
    booking = factories.held(by=by)

    move = "UPDATE theatre_customer SET tier_id = %s WHERE id = %s"
    with in_the_way(move, [after, by.customer_id]):
        doing = Doing(
            lambda: confirm.confirm_booking(by=by, ref=booking.ref, shown_total=Decimal(total), method="demo")
        )
        waiting()

    assert isinstance(doing.result(), confirm.Confirmed)


def test_ticket_checked_in_while_cancel_waited_is_not_refunded():
    by = people.actor_for(people.customer())
    booking = factories.booked(by=by, seats=1)
    ticket = Ticket.objects.get(booking=booking)

    move = "UPDATE theatre_ticket SET checked_in_at = now() WHERE id = %s"
    with in_the_way(move, [ticket.pk]):
        doing = Doing(lambda: cancel.cancel_booking(by=by, ref=booking.ref))
        waiting()

    assert isinstance(doing.result(), _giving_back.TicketUsed)
    assert not LedgerEntry.objects.filter(booking=booking, kind="return").exists()


def test_lock_that_somebody_keeps_is_waited_for_three_seconds_and_then_refused():
    by = people.actor_for(people.customer())
    booking = factories.held(by=by)
    show = factories.show()
    wanted = {"by": by, "show_id": show.pk, "seat_ids": factories.free_seats(show, 1)}
    key = once("user:1", "holds", "slow", None)
    slow = "INSERT INTO theatre_idempotencykey (principal, route, key, body_hash) VALUES (%s, %s, %s, %s)"

    with in_the_way(LAW["claims"], {"booking": booking.pk}) as other:
        other.execute(slow, [key.principal, key.route, key.key, key.body_hash])
        extending = Doing(lambda: keep.extend_hold(by=by, ref=booking.ref))
        holding = Doing(lambda: hold.hold_seats(**wanted, once=key))
        busy, in_progress = extending.result(patience=9), holding.result(patience=9)
        other.rollback()

    assert isinstance(busy, Busy)
    assert isinstance(in_progress, KeyInProgress)
    assert in_progress.sentence == "This request is being worked on. Ask again in a moment"
    assert isinstance(
        hold.hold_seats(**wanted, once=key), hold.Hold
    )  # the first came to nothing, so this is the first


def test_stranger_who_presses_twice_has_one_hold():
    show = factories.show()
    seats = factories.free_seats(show, 2)
    by = people.stranger(session="twice")

    got = at_once(*[lambda: hold.hold_seats(by=by, show_id=show.pk, seat_ids=seats) for _ in range(4)])

    assert {type(answer) for answer in got} == {hold.Hold}
    assert Booking.objects.filter(session="twice", state="held").count() == 1
    assert SeatClaim.objects.filter(show=show).count() == 2


def test_customer_who_presses_twice_has_one_hold_of_the_show():
    show = factories.show()
    seats = factories.free_seats(show, 3)
    by = people.actor_for(people.customer())
    pressed = [seats[:2], seats[1:]] * 2

    got = at_once(
        *[
            lambda chosen=chosen: hold.hold_seats(by=by, show_id=show.pk, seat_ids=chosen, replaces_own=True)
            for chosen in pressed
        ]
    )

    assert {type(answer) for answer in got} == {hold.Hold}
    assert Booking.objects.filter(customer=by.customer_id, show=show, state="held").count() == 1
    assert SeatClaim.objects.filter(show=show).count() == 2


def test_three_holds_a_customer_are_exact():
    who = people.customer()
    by = people.actor_for(who)
    show = factories.show()
    seats = factories.free_seats(show, 8)

    got = at_once(*[lambda s=seat: hold.hold_seats(by=by, show_id=show.pk, seat_ids=[s]) for seat in seats])

    assert sorted(type(answer).__name__ for answer in got) == ["Hold"] * 3 + ["TooManyHolds"] * 5
    assert SeatClaim.objects.filter(booking__customer=Customer.objects.get(user=who)).count() == 3


def test_seats_of_a_network_are_exact():
    show = factories.show()
    seats = factories.free_seats(show, 30)

    got = at_once(
        *[
            lambda n=n: hold.hold_seats(
                by=people.stranger(session=f"s{n}", network="198.51.100.4"),
                show_id=show.pk,
                seat_ids=seats[n * 4 : n * 4 + 4],
            )
            for n in range(7)
        ]
    )

    assert sorted(type(answer).__name__ for answer in got) == ["Hold"] * 5 + ["TooManySeatsHeldHere"] * 2


def test_seats_named_in_opposite_order_are_taken_in_one():
    show = factories.show()
    seats = factories.free_seats(show, 6)
    orders = [seats, seats[::-1]] * 4
    many = [people.stranger(session=f"order-{n}", network=f"10.0.0.{n}") for n in range(8)]

    got = at_once(
        *[
            lambda by=by, order=order: hold.hold_seats(by=by, show_id=show.pk, seat_ids=order)
            for by, order in zip(many, orders, strict=True)
        ]
    )

    assert sorted(type(answer).__name__ for answer in got) == ["Hold"] + ["SeatTaken"] * 7
