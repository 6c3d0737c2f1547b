"""Hold seats, keep them, see what they cost, give them back."""

from datetime import UTC, datetime, timedelta

import pytest

from tests import factories, people
from tests.api import calls
from theatre.models import Booking, Customer, Seat, SeatClaim

pytestmark = pytest.mark.django_db


def test_held_seats_come_back_with_their_price():
    show = factories.show()
    seats = factories.free_seats(show, 2)
    before = datetime.now(UTC)

    held = calls.customer().hold(show.pk, seats)

    said = held.json()
    assert held.status_code == 201
    assert Booking.objects.get(ref=said["ref"]).state == "held"
    assert timedelta(minutes=7) < datetime.fromisoformat(said["expires_at"]) - before < timedelta(minutes=9)
    assert [ticket["seat_id"] for ticket in said["tickets"]] == seats
    assert [ticket["price"] for ticket in said["tickets"]] == ["11.00", "11.00"]
    assert said["quote"]["total"] == "22.00"
    assert said["quote"]["currency"] == "EUR"
    assert [line["ticket"] for line in said["quote"]["lines"]] == [ticket["id"] for ticket in said["tickets"]]


def test_tier_is_in_the_price_with_its_reason():
    show = factories.show()

    said = calls.customer(tier="Silver").hold(show.pk, factories.free_seats(show, 1)).json()

    (line,) = said["quote"]["lines"]
    assert line["list"] == "11.00"
    assert line["discounts"] == [{"kind": "tier", "label": "Silver", "amount": "0.55"}]
    assert (line["price"], said["quote"]["total"]) == ("10.45", "10.45")


def test_seats_may_be_for_others_than_adults():
    show = factories.show(card=factories.price_card(child={"standard": 7}))
    seats = factories.free_seats(show, 2)

    held = calls.customer().post("/holds", {"show": show.pk, "seats": seats, "audiences": ["child", "adult"]})

    said = held.json()
    assert held.status_code == 201
    assert [(ticket["audience"], ticket["price"]) for ticket in said["tickets"]] == [
        ("child", "7.00"),
        ("adult", "11.00"),
    ]
    assert [line["audience"] for line in said["quote"]["lines"]] == ["child", "adult"]
    assert said["quote"]["total"] == "18.00"


@pytest.mark.parametrize(
    ("audiences", "code"),
    [
        (["child"], "field_errors"),
        (["child"] * 3, "field_errors"),
        (["cats", "adult"], "field_errors"),
        ("child", "field_errors"),
        (["senior", "adult"], "audience_not_offered"),
    ],
)
def test_audiences_are_one_for_each_seat_that_the_card_knows(audiences, code):
    show = factories.show(card=factories.price_card(child={"standard": 7}))
    body = {"show": show.pk, "seats": factories.free_seats(show, 2), "audiences": audiences}

    refused = calls.customer().post("/holds", body)

    said = refused.json()
    assert (refused.status_code, said["code"]) == (422, code)
    if code == "audience_not_offered":
        assert said["offered"] == ["adult", "child"]
    else:
        assert said["field"].startswith("audiences")
    assert not SeatClaim.objects.exists()


def test_taken_seat_is_named_and_nothing_is_held():
    show = factories.show()
    seats = factories.free_seats(show, 3)
    factories.held(of=show, seats=seats[:1])

    refused = calls.customer().hold(show.pk, seats)

    said = refused.json()
    assert refused.status_code == 409
    assert (said["code"], said["field"], said["seats"]) == ("seat_taken", "seats", seats[:1])
    assert SeatClaim.objects.filter(show=show).count() == 1


@pytest.mark.parametrize("number, code", [(0, "no_seats"), (11, "too_many_seats")])
def test_number_of_seats_has_limits(number, code):
    show = factories.show()

    refused = calls.customer().hold(show.pk, factories.free_seats(show, number))

    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (422, code, "seats")


def test_counter_may_hold_more():
    show = factories.show()

    assert calls.salesman().hold(show.pk, factories.free_seats(show, 11)).status_code == 201


def test_same_seat_twice_is_refused():
    show = factories.show()
    (seat,) = factories.free_seats(show, 1)

    refused = calls.customer().hold(show.pk, [seat, seat])

    assert (refused.status_code, refused.json()["code"]) == (422, "seat_twice")


def test_seat_of_another_show_is_refused():
    show, other = factories.show(), factories.show()

    refused = calls.customer().hold(show.pk, factories.free_seats(other, 1))

    assert (refused.status_code, refused.json()["code"]) == (422, "seat_unknown")


@pytest.mark.parametrize("show", [1, 2**63 - 1])
def test_unknown_show_is_not_found(show):
    refused = calls.customer().hold(show, [1])

    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (
        404,
        "show_unknown",
        "show",
    )


def test_companion_seat_alone_is_refused():
    show = factories.show()

    refused = calls.customer().hold(show.pk, factories.free_seats(show, 1, kind="companion"))

    assert (refused.status_code, refused.json()["code"]) == (409, "companion_alone")


def test_broken_seat_is_not_on_sale():
    show = factories.show(on=factories.screen(("bsss",)))
    seats = [Seat.objects.get(plan=show.plan_id, broken=True).pk]

    refused = calls.customer().hold(show.pk, seats)

    assert (refused.status_code, refused.json()["code"]) == (409, "seat_not_on_sale")


@pytest.mark.parametrize(
    "wanted, code",
    [
        ({"state": "cancelled"}, "show_not_on_sale"),
        ({"state": "planned"}, "show_not_on_sale"),
        ({"in_hours": -0.2}, "sales_closed"),
    ],
)
def test_show_that_is_not_on_sale_is_refused(wanted, code):
    show = factories.show(**wanted)

    refused = calls.customer().hold(show.pk, factories.free_seats(show, 1))

    assert (refused.status_code, refused.json()["code"]) == (409, code)


def test_fourth_hold_is_one_too_many():
    caller = calls.customer()
    for _ in range(3):
        show = factories.show()
        caller.hold(show.pk, factories.free_seats(show, 1))
    show = factories.show()

    refused = caller.hold(show.pk, factories.free_seats(show, 1))

    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_holds")


@pytest.mark.parametrize("by", ["member_number", "email"])
def test_counter_holds_for_a_member(by):
    member = people.customer(tier="Gold")
    named = member.customer.member_number if by == "member_number" else member.email.upper()
    show = factories.show()

    said = calls.salesman().hold(show.pk, factories.free_seats(show, 1), customer=named).json()

    assert Booking.objects.get(ref=said["ref"]).customer == member.customer
    assert said["quote"]["lines"][0]["discounts"][0]["label"] == "Gold"


def test_counter_holds_for_a_walk_in_without_a_name():
    show = factories.show()
    caller = calls.salesman()

    ref = caller.hold(show.pk, factories.free_seats(show, 1), customer=None).json()["ref"]

    booking = Booking.objects.get(ref=ref)
    assert (booking.customer, booking.seller, booking.channel) == (None, caller.who, "counter")


def test_unknown_member_is_said_so():
    show = factories.show()

    refused = calls.salesman().hold(show.pk, factories.free_seats(show, 1), customer="nobody@example.org")

    assert (refused.status_code, refused.json()["code"]) == (422, "customer_unknown")
    assert refused.json()["field"] == "customer"


@pytest.mark.parametrize("named", ["somebody@example.org", ""])
def test_customer_holds_for_nobody_else(named):
    show = factories.show()

    refused = calls.customer().hold(show.pk, factories.free_seats(show, 1), customer=named)

    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert not Customer.objects.filter(bookings__show=show).exists()


def test_hold_can_be_extended():
    caller = calls.customer()
    show = factories.show()
    held = caller.hold(show.pk, factories.free_seats(show, 1)).json()

    longer = caller.post(f"/holds/{held['ref']}/extend")

    assert longer.status_code == 200
    assert longer.json()["expires_at"] > held["expires_at"]
    assert (longer.json()["extensions_left"], longer.json()["last"]) == (9, False)


def test_eleventh_extension_is_refused():
    caller = calls.customer()
    ref = factories.held(by=caller.who).ref
    for _ in range(10):
        assert caller.post(f"/holds/{ref}/extend").status_code == 200

    refused = caller.post(f"/holds/{ref}/extend")

    assert (refused.status_code, refused.json()["code"]) == (409, "no_more_time")


@pytest.mark.parametrize("deed", ["extend", "confirm", "quote"])
def test_lapsed_hold_is_refused_and_its_free_seats_are_named(deed):
    caller = calls.customer()
    ref = factories.held(by=caller.who).ref
    calls.end_hold(ref)

    refused = {
        "extend": lambda: caller.post(f"/holds/{ref}/extend"),
        "confirm": lambda: caller.confirm(ref, "22.00"),
        "quote": lambda: caller.get(f"/holds/{ref}/quote"),
    }[deed]()

    assert (refused.status_code, refused.json()["code"]) == (409, "hold_lapsed")
    assert "hold" in refused.json()["message"]


def test_released_seats_are_free_at_once():
    caller = calls.customer()
    booking = factories.held(by=caller.who)

    released = caller.delete(f"/holds/{booking.ref}")

    assert (released.status_code, released.content) == (204, b"")
    assert not SeatClaim.objects.filter(show=booking.show).exists()
    assert caller.delete(f"/holds/{booking.ref}").status_code == 204


def test_confirmed_booking_is_not_released():
    caller = calls.customer()
    booking = factories.booked(by=caller.who)

    refused = caller.delete(f"/holds/{booking.ref}")

    assert (refused.status_code, refused.json()["code"]) == (409, "already_confirmed")


def test_quote_with_a_coupon_spends_nothing():
    caller = calls.customer()
    coupon = factories.coupon("SUMMER15")
    ref = factories.held(by=caller.who).ref

    said = caller.get(f"/holds/{ref}/quote?coupon=%20summer%2015").json()

    assert (said["total"], said["currency"]) == ("18.70", "EUR")
    assert said["lines"][0]["discounts"] == [{"kind": "coupon", "label": "SUMMER15", "amount": "1.65"}]
    coupon.refresh_from_db()
    assert coupon.used == 0


def test_quote_of_a_confirmed_booking_is_refused():
    caller = calls.customer()
    ref = factories.booked(by=caller.who).ref

    refused = caller.get(f"/holds/{ref}/quote")

    assert (refused.status_code, refused.json()["code"]) == (409, "already_confirmed")


def test_reference_is_read_however_it_is_typed():
    caller = calls.customer()
    ref = factories.held(by=caller.who).ref

    assert caller.get(f"/holds/{ref[:4].lower()}-{ref[4:]}/quote").json()["total"] == "22.00"


def test_wrong_codes_are_slowed_down():
    caller = calls.customer()
    factories.coupon("SUMMER15")
    ref = factories.held(by=caller.who).ref
    for number in range(10):
        assert caller.get(f"/holds/{ref}/quote?coupon=GUESS{number}").json()["code"] == "coupon_unknown"

    slowed = caller.get(f"/holds/{ref}/quote?coupon=SUMMER15")

    assert (slowed.status_code, slowed.json()["code"]) == (429, "too_many_tries")
    assert 590 <= int(slowed["Retry-After"]) <= 600
    assert caller.confirm(ref, "22.00", coupon="SUMMER15").status_code == 429
    assert caller.get(f"/holds/{ref}/quote").status_code == 200
    other = calls.customer()
    assert other.get(f"/holds/{factories.held(by=other.who).ref}/quote?coupon=summer15").status_code == 200
