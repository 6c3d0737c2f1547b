"""Deeds that meet at one moment, over HTTP and by last bytes: exactly as many succeed as may."""

import os
import threading
from collections import Counter
from uuid import uuid4

import pytest
from django.db.models import Sum

from tests import factories, people
from tests.races.guests import caller, customers
from tests.races.stage import Doing
from tests.races.wire import Line, Reply, post, together
from theatre.actions.booking import keep
from theatre.documents.record import ticket_code
from theatre.models import (
    Booking,
    CouponUse,
    Invoice,
    LedgerEntry,
    Letter,
    Payment,
    Refund,
    SeatClaim,
    Ticket,
)
from theatre.models.sql import change
from theatre.queries.bookings import for_papers

pytestmark = pytest.mark.slow

MORE = 10 if os.environ.get("TEST_SIZE") == "long" else 1


def synced(port: int, requests: list[bytes]) -> list[Reply]:
    """The answers to requests whose last bytes left at one moment, each on a connection of its own."""
    lines = [Line(port) for _ in requests]
    replies = together(lines, requests)
    for line in lines:
        line.close()
    return replies


def said(replies: list[Reply]) -> Counter[str]:
    """How often each answer came: a refusal's code, or the status."""
    return Counter(str(reply.json.get("code", reply.status)) for reply in replies)


def confirming(ref: str, token: str, total: str = "11.00", *, key: str = "", coupon: str = "") -> bytes:
    body = {"shown_total": total, "payment": {"method": "demo"}, **({"coupon": coupon} if coupon else {})}
    return post(f"holds/{ref}/confirm", token, body, key=key or uuid4().hex)


# Coupons ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", [1, 5])
def test_coupon_is_used_as_often_as_it_may_be(port, limit):
    crowd = customers(12)
    for _ in range(8 * MORE):
        coupon = factories.coupon(percent=10, total_limit=limit)
        show = factories.show()
        holds = [factories.held(by=one.by, of=show, seats=1) for one in crowd]

        replies = synced(
            port,
            [
                confirming(hold.ref, one.token, "9.90", coupon=coupon.code)
                for hold, one in zip(holds, crowd, strict=True)
            ],
        )

        assert said(replies) == {"201": limit, "coupon_used_up": 12 - limit}
        coupon.refresh_from_db()
        assert (coupon.used, CouponUse.objects.filter(coupon=coupon).count()) == (limit, limit)
        for hold in holds:
            factories.lapse(hold)


def test_coupon_is_used_by_one_person_as_often_as_it_may_be(port):
    for _ in range(8 * MORE):
        guest = customers(1)[0]
        coupon = factories.coupon(percent=10, per_customer_limit=1)
        show = factories.show()
        holds = [factories.held(by=guest.by, of=show, seats=1) for _ in range(3)]

        replies = synced(
            port, [confirming(hold.ref, guest.token, "9.90", coupon=coupon.code) for hold in holds]
        )

        assert said(replies) == {"201": 1, "coupon_used_by_you": 2}
        coupon.refresh_from_db()
        assert coupon.used == 1


def test_coupon_is_never_used_more_often_than_limited_while_others_give_it_back(port):
    crowd = customers(12)
    coupon = factories.coupon(percent=10, total_limit=4)
    show = factories.show()
    before = [factories.booked(by=one.by, of=show, seats=1, coupon_code=coupon.code) for one in crowd[:4]]
    holds = [factories.held(by=one.by, of=show, seats=1) for one in crowd[4:]]

    replies = synced(
        port,
        [
            post(f"bookings/{booking.ref}/cancel", one.token, key=uuid4().hex)
            for booking, one in zip(before, crowd[:4], strict=True)
        ]
        + [
            confirming(hold.ref, one.token, "9.90", coupon=coupon.code)
            for hold, one in zip(holds, crowd[4:], strict=True)
        ],
    )

    answers = said(replies)
    coupon.refresh_from_db()
    assert answers["200"] == 4
    assert answers["201"] + answers["coupon_used_up"] == 8
    assert coupon.used == answers["201"] <= 4
    assert CouponUse.objects.filter(coupon=coupon, given_back_at=None).count() == coupon.used


# Idempotency keys ---------------------------------------------------------------------------------------


def test_one_key_sent_twenty_times_has_one_effect_and_equal_answers(port):
    guest = customers(1)[0]
    show = factories.show()
    seat = factories.free_seats(show, 1)[0]

    held = synced(port, [post("holds", guest.token, {"show": show.pk, "seats": [seat]}, key="k-hold")] * 20)
    ref = held[0].json["ref"]
    bought = synced(port, [confirming(ref, guest.token, key="k-confirm")] * 20)
    back = synced(port, [post(f"bookings/{ref}/cancel", guest.token, key="k-cancel")] * 20)

    for replies, status in ((held, 201), (bought, 201), (back, 200)):
        assert {reply.status for reply in replies} == {status}
        assert len({reply.body for reply in replies}) == 1
    booking = Booking.objects.get(show=show)
    assert booking.state == "cancelled"
    assert list(LedgerEntry.objects.filter(booking=booking).order_by("pk").values_list("kind", "amount")) == [
        ("sale", 11),
        ("return", -11),
    ]
    assert Payment.objects.get(booking=booking).refunded == 11
    assert Letter.objects.filter(booking=booking, kind="booking_confirmed").count() == 1
    assert Letter.objects.filter(booking=booking, kind="booking_cancelled").count() == 1


def test_one_key_with_two_bodies_does_one_of_them(port):
    guest = customers(1)[0]
    show = factories.show()
    seats = factories.free_seats(show, 12)

    replies = synced(
        port,
        [post("holds", guest.token, {"show": show.pk, "seats": [seat]}, key="two-bodies") for seat in seats],
    )

    assert said(replies) == {"201": 1, "idempotency_key_reused": 11}
    assert Booking.objects.filter(show=show).count() == 1


def test_twenty_keys_for_one_hold_buy_it_once(port):
    guest = customers(1)[0]
    hold = factories.held(by=guest.by, seats=1)

    replies = synced(port, [confirming(hold.ref, guest.token) for _ in range(20)])

    assert {reply.status for reply in replies} == {201}
    assert len({reply.body for reply in replies}) == 1
    assert Payment.objects.filter(booking=hold).count() == 1
    assert Invoice.objects.filter(booking=hold).count() == 1


# Giving back --------------------------------------------------------------------------------------------


def test_twenty_cancels_by_three_roles_refund_once(port):
    guest, seller, boss = caller(people.customer()), caller(people.salesman()), caller(people.moderator())
    for _ in range(3 * MORE):
        booking = factories.booked(by=seller.by, for_customer=guest.who.email)
        path = f"bookings/{booking.ref}/cancel"

        replies = synced(
            port,
            [
                post(path, (guest, seller, boss)[number % 3].token, {"reason": "Ill"}, key=uuid4().hex)
                for number in range(20)
            ],
        )

        assert said(replies) == {"200": 1, "already_cancelled": 19}
        assert Refund.objects.filter(booking=booking).count() == 1
        assert Payment.objects.get(booking=booking).refunded == 22
        assert Invoice.objects.filter(booking=booking, series="credit_note").count() == 1
        assert LedgerEntry.objects.filter(booking=booking).aggregate(sum=Sum("amount"))["sum"] == 0
        assert Letter.objects.filter(booking=booking, kind="booking_cancelled").count() == 1


def test_tickets_returned_one_by_one_at_once_are_each_refunded_once(port):
    guest = customers(1)[0]
    booking = factories.booked(by=guest.by, seats=6)
    tickets = list(booking.tickets.values_list("pk", flat=True))

    replies = synced(
        port,
        [
            post(f"bookings/{booking.ref}/cancel", guest.token, {"tickets": [ticket]}, key=uuid4().hex)
            for ticket in tickets * 2
        ],
    )

    answers = said(replies)
    assert answers["200"] == 6
    assert answers["ticket_returned"] + answers["already_cancelled"] == 6
    booking.refresh_from_db()
    assert booking.state == "cancelled"
    assert Payment.objects.get(booking=booking).refunded == 66
    assert Refund.objects.filter(booking=booking).count() == 6


def test_seat_given_back_is_sold_again_and_not_before(port):
    guest, *others = customers(12)
    for _ in range(5 * MORE):
        show = factories.show()
        booking = factories.booked(by=guest.by, of=show, seats=1)
        seat = booking.tickets.get().seat_id

        back, *holds = synced(
            port,
            [post(f"bookings/{booking.ref}/cancel", guest.token, key=uuid4().hex)]
            + [post("holds", one.token, {"show": show.pk, "seats": [seat]}) for one in others],
        )

        assert back.status == 200
        answers = said(holds)
        assert answers["201"] in (0, 1)
        assert answers["seat_taken"] == 11 - answers["201"]
        assert SeatClaim.objects.filter(show=show).count() == answers["201"]
        for one, reply in zip(others, holds, strict=True):
            if reply.status == 201:
                keep.release_hold(by=one.by, ref=reply.json["ref"])


def test_confirm_and_cancel_of_one_hold_leave_a_whole_booking_or_none(port):
    for guest in customers(10 * MORE):  # each another, before a hundred tickets make the price another
        hold = factories.held(by=guest.by, seats=2)

        bought, back = synced(
            port,
            [
                confirming(hold.ref, guest.token, "22.00"),
                post(f"bookings/{hold.ref}/cancel", guest.token, key=uuid4().hex),
            ],
        )

        hold.refresh_from_db()
        assert bought.status == 201
        assert (back.status, hold.state) in ((200, "cancelled"), (409, "confirmed"))
        left = LedgerEntry.objects.filter(booking=hold).aggregate(sum=Sum("amount"))["sum"]
        assert left == (0 if hold.state == "cancelled" else 22)
        assert hold.claims.count() == (0 if hold.state == "cancelled" else 2)


# The door -----------------------------------------------------------------------------------------------


def test_ticket_shown_at_twenty_doors_opens_one(port):
    usher = caller(people.salesman())
    for _ in range(5 * MORE):
        seen = for_papers(factories.booked(seats=1).pk)
        code = ticket_code(seen, seen.tickets[0])

        replies = synced(
            port, [post("checkins", usher.token, {"code": code, "door": f"door {n}"}) for n in range(20)]
        )

        assert said(replies) == {"200": 1, "already_used": 19}
        opened = next(reply.json for reply in replies if reply.status == 200)
        late = {(reply.json["at"], reply.json["door"]) for reply in replies if reply.status == 409}
        assert late == {(opened["at"], opened["door"])}


def test_ticket_is_used_or_refunded_and_never_both(port):
    guest, usher = customers(1)[0], caller(people.salesman())
    ways = Counter()
    for _ in range(15 * MORE):
        booking = factories.booked(by=guest.by, seats=1)
        seen = for_papers(booking.pk)

        entered, back = synced(
            port,
            [
                post("checkins", usher.token, {"code": ticket_code(seen, seen.tickets[0])}),
                post(f"bookings/{booking.ref}/cancel", guest.token, key=uuid4().hex),
            ],
        )

        ways[entered.json.get("code", "entered"), back.json.get("code", "returned")] += 1
        assert Refund.objects.filter(booking=booking).count() == (back.status == 200)
        assert Ticket.objects.get(booking=booking).state == ("returned" if back.status == 200 else "sold")

    print("used or refunded:", dict(ways))
    assert set(ways) <= {("entered", "ticket_used"), ("ticket_returned", "returned")}


# The end of a hold --------------------------------------------------------------------------------------


def ends_in(booking: Booking, milliseconds: int) -> None:
    """Let the hold end so soon, by the database's clock."""
    for table, column in (("theatre_seatclaim", "booking_id"), ("theatre_booking", "id")):
        change(
            f"UPDATE {table} SET held_until = clock_timestamp() + %s * interval '1 ms' WHERE {column} = %s",
            [milliseconds, booking.pk],
        )


def soon(number: int) -> int:
    """Milliseconds until a hold ends: about when the last bytes arrive, on any machine some before and some after."""
    return (number % 40 // 2) ** 2 if number % 2 else 25 + number % 60


def test_hold_that_ends_is_confirmed_or_taken_over_and_never_both(port):
    other, *guests = customers(2 + 60 * MORE // 40)  # a guest of a hundred tickets would pay less
    ways = Counter()
    for number in range(60 * MORE):
        guest = guests[number // 40]
        show = factories.show() if number % 30 == 0 else show  # noqa: F821 - made in the first round
        hold = factories.held(by=guest.by, of=show, seats=2)
        seats = list(hold.tickets.values_list("seat_id", flat=True))
        requests = [
            confirming(hold.ref, guest.token, "22.00"),
            post("holds", other.token, {"show": show.pk, "seats": seats[:1]}),
        ]
        ends_in(hold, soon(number))

        bought, taken = synced(port, requests)

        ways[bought.json.get("code", "bought"), taken.json.get("code", "taken")] += 1
        hold.refresh_from_db()
        assert (bought.status, taken.status) in ((201, 409), (409, 201), (409, 409))
        owners = set(SeatClaim.objects.filter(show=show, seat=seats[0]).values_list("booking__ref", "state"))
        if bought.status == 201:
            assert (owners, hold.state) == ({(hold.ref, "sold")}, "confirmed")
        else:
            assert bought.json["code"] == "hold_lapsed"
            assert not Payment.objects.filter(booking=hold).exists()
        if taken.status == 201:
            assert owners == {(taken.json["ref"], "held")}
            keep.release_hold(by=other.by, ref=taken.json["ref"])

    print("confirmed or taken over:", dict(ways))
    assert ways["bought", "seat_taken"] > 0
    assert ways["hold_lapsed", "taken"] > 0


def test_hold_that_was_extended_is_not_swept_away(port):
    guest = customers(1)[0]
    ways = Counter()
    over = threading.Event()
    sweeper = Doing(lambda: sweep_until(over))
    try:
        for number in range(40 * MORE):
            hold = factories.held(by=guest.by, seats=2)
            ends_in(hold, soon(number))

            (reply,) = synced(port, [post(f"holds/{hold.ref}/extend", guest.token)])

            hold.refresh_from_db()
            ways[reply.json.get("code", "extended"), hold.state] += 1
            if reply.status == 200:
                assert hold.state == "held"
                assert set(hold.claims.values_list("held_until", flat=True)) == {hold.held_until}
                assert hold.claims.count() == 2
                keep.release_hold(by=guest.by, ref=hold.ref)
    finally:
        over.set()
        sweeper.result()

    print("extended or lapsed:", dict(ways))
    assert {answer for answer, _ in ways} == {"extended", "hold_lapsed"}


def sweep_until(over: threading.Event) -> None:
    while not over.is_set():
        keep.lapse_holds()


# Limits and many seats ----------------------------------------------------------------------------------


def test_customer_who_asks_twelve_times_at_once_has_three_holds(port):
    for _ in range(4 * MORE):
        guest = customers(1)[0]
        show = factories.show()
        seats = factories.free_seats(show, 12)

        replies = synced(
            port, [post("holds", guest.token, {"show": show.pk, "seats": [seat]}) for seat in seats]
        )

        assert said(replies) == {"201": 3, "too_many_holds": 9}
        assert SeatClaim.objects.filter(show=show).count() == 3


def test_choices_that_overlap_are_held_whole_or_not_at_all(port):
    crowd = customers(12)
    held = Counter()
    for _ in range(10 * MORE):
        show = factories.show()
        seats = factories.free_seats(show, 10)
        choices = [
            [seats[(place * 7 + step * (1 if place % 2 else 9)) % 10] for step in range(4)]
            for place in range(12)
        ]

        replies = synced(
            port,
            [
                post("holds", one.token, {"show": show.pk, "seats": choice})
                for one, choice in zip(crowd, choices, strict=True)
            ],
        )

        held[said(replies)["201"]] += 1
        assert set(said(replies)) <= {"201", "seat_taken"}
        claims = SeatClaim.objects.filter(show=show)
        assert claims.count() == 4 * said(replies)["201"]
        for one, reply in zip(crowd, replies, strict=True):
            if reply.status == 201:
                booking = Booking.objects.get(ref=reply.json["ref"])
                assert booking.claims.count() == 4
                keep.release_hold(by=one.by, ref=booking.ref)

    print("choices of four held together in ten seats:", dict(held))
    assert set(held) <= {1, 2}
