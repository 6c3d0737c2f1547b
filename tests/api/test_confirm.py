"""Confirm a hold at the price that was shown."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tests import factories, people
from tests.api import calls
from theatre.documents import codes
from theatre.models import Booking, CouponUse, LedgerEntry, Letter, Payment

pytestmark = pytest.mark.django_db


def test_confirmed_booking_comes_back_whole():
    caller = calls.customer(name="Søren Ωmega")
    show = factories.show()
    held = caller.hold(show.pk, factories.free_seats(show, 2)).json()

    booked = caller.confirm(held["ref"], "22.00")

    said = booked.json()
    assert booked.status_code == 201
    assert (said["ref"], said["state"], said["channel"]) == (held["ref"], "confirmed", "api")
    assert (said["total"], said["refunded"], said["currency"]) == ("22.00", "0.00", "EUR")
    assert said["payment"] == {"method": "demo"}
    assert said["customer"] == {"name": "Søren Ωmega", "email": caller.who.email}
    assert [ticket["price"] for ticket in said["tickets"]] == ["11.00", "11.00"]
    assert all(codes.read(ticket["code"], codes.public_keys()) for ticket in said["tickets"])
    assert datetime.fromisoformat(said["confirmed_at"]) <= datetime.now(UTC)
    assert Payment.objects.get(booking__ref=said["ref"]).amount == Decimal(22)
    assert LedgerEntry.objects.filter(booking__ref=said["ref"]).count() == 2
    assert Letter.objects.filter(booking__ref=said["ref"], user=caller.who).exists()


@pytest.mark.parametrize("shown", ["21.99", "0", "22.001", "99999999999.999"])
def test_other_price_books_nothing_and_brings_the_new_quote(shown):
    caller = calls.customer()
    ref = factories.held(by=caller.who).ref

    refused = caller.confirm(ref, shown)

    said = refused.json()
    assert refused.status_code == 409
    assert (said["code"], said["field"], said["quote"]["total"]) == ("price_changed", "shown_total", "22.00")
    assert Booking.objects.get(ref=ref).state == "held"
    assert not LedgerEntry.objects.exists()


def test_price_that_changed_can_be_confirmed_with_the_same_key():
    caller = calls.customer()
    ref = factories.held(by=caller.who).ref

    refused = caller.confirm(ref, "1.00", key="one-key")
    booked = caller.confirm(ref, refused.json()["quote"]["total"], key="one-key")

    assert booked.status_code == 201


def test_coupon_is_used_once_it_is_confirmed():
    caller = calls.customer()
    factories.coupon("SUMMER15")
    ref = factories.held(by=caller.who).ref

    booked = caller.confirm(ref, "18.70", coupon="summer15")

    assert (booked.status_code, booked.json()["coupon"]) == (201, "SUMMER15")
    assert CouponUse.objects.get(booking__ref=ref).customer == caller.who.customer


@pytest.mark.parametrize(
    "wanted, code",
    [
        ({"active": False}, "coupon_off"),
        ({"valid_until": datetime.now(UTC) - timedelta(days=1)}, "coupon_ended"),
        ({"min_tickets": 3}, "coupon_needs_more_tickets"),
        ({"total_limit": 0}, "coupon_used_up"),
    ],
)
def test_coupon_that_does_not_fit_is_refused(wanted, code):
    caller = calls.customer()
    factories.coupon("SUMMER15", **wanted)
    ref = factories.held(by=caller.who).ref

    refused = caller.confirm(ref, "22.00", coupon="SUMMER15")

    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (409, code, "coupon")


def test_confirming_again_gives_the_same_booking():
    caller = calls.customer()
    ref = factories.held(by=caller.who).ref

    first, again = caller.confirm(ref, "22.00"), caller.confirm(ref, "22.00")

    assert (again.status_code, again.json()) == (201, first.json())
    assert Payment.objects.count() == 1


@pytest.mark.parametrize("method", ["cash", "card", "complimentary"])
def test_customer_pays_as_customers_do(method):
    caller = calls.customer()
    ref = factories.held(by=caller.who).ref

    refused = caller.confirm(ref, "22.00", method=method)

    assert (refused.status_code, refused.json()["code"]) == (409, "payment_method_not_offered")
    assert refused.json()["field"] == "payment.method"


@pytest.mark.parametrize("method", ["cash", "card"])
def test_counter_sells_to_a_member(method):
    member = people.customer(tier="Silver")
    caller = calls.salesman()
    show = factories.show()
    held = caller.hold(show.pk, factories.free_seats(show, 2), customer=member.email).json()

    booked = caller.confirm(held["ref"], "20.90", method=method)

    assert booked.status_code == 201
    assert booked.json()["customer"]["email"] == member.email
    assert booked.json()["seller"] == caller.who.full_name
    assert (booked.json()["tier"], booked.json()["channel"]) == ("Silver", "counter")


def test_admin_gives_seats_away():
    caller = calls.admin()
    ref = factories.held(by=caller.who).ref

    booked = caller.confirm(ref, "0.00", method="complimentary")

    assert (booked.status_code, booked.json()["total"]) == (201, "0.00")
    assert booked.json()["tickets"][0]["discounts"] == [{"kind": "complimentary", "amount": "11.00"}]


def test_released_hold_is_not_confirmed():
    caller = calls.customer()
    ref = factories.held(by=caller.who).ref
    caller.delete(f"/holds/{ref}")

    refused = caller.confirm(ref, "22.00")

    assert (refused.status_code, refused.json()["code"]) == (409, "hold_lapsed")


def test_cancelled_booking_is_not_confirmed():
    caller = calls.customer()
    ref = factories.cancelled(by=caller.who).ref

    refused = caller.confirm(ref, "22.00")

    assert (refused.status_code, refused.json()["code"]) == (409, "already_cancelled")


@pytest.mark.parametrize(
    "total",
    [22, 22.0, None, True, [], {}, "", "22,00", "-1", "1e2", "NaN", "٢٢", "1.0000", "9" * 12, " 22.00"],
)
def test_shown_total_is_an_amount_as_text(total):
    caller = calls.customer()
    ref = factories.held(by=caller.who).ref

    refused = caller.confirm(ref, total)

    assert (refused.status_code, refused.json()["field"]) == (422, "shown_total")


@pytest.mark.parametrize(
    "payment", [None, {}, [], "demo", {"method": "barter"}, {"method": 1}, {"method": None}]
)
def test_payment_has_one_of_the_methods(payment):
    caller = calls.customer()
    ref = factories.held(by=caller.who).ref

    refused = caller.once(f"/holds/{ref}/confirm", {"shown_total": "22.00", "payment": payment})

    assert refused.status_code == 422
    assert refused.json()["field"].startswith("payment")
