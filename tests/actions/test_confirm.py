from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models.functions import Now

from tests import factories, people
from tests.actions.said import refusal
from theatre.access import NotAllowed
from theatre.actions.booking.confirm import confirm_booking
from theatre.actions.booking.keep import extend_hold
from theatre.documents.record import booking_record
from theatre.models import (
    AuditEntry,
    Booking,
    Coupon,
    CouponUse,
    Customer,
    Invoice,
    LedgerEntry,
    Letter,
    Payment,
    SeatClaim,
    Show,
    Ticket,
    Tier,
)
from theatre.queries.bookings import for_papers

pytestmark = pytest.mark.django_db


@pytest.fixture
def guest():
    return people.actor_for(people.customer())


def confirmed(by, booking, total, **rest):
    return confirm_booking(by=by, ref=booking.ref, shown_total=Decimal(total), **{"method": "demo", **rest})


def test_hold_becomes_a_booking_with_its_money_and_papers(guest):
    booking = factories.held(by=guest)

    answer = confirmed(guest, booking, "22.00").record

    booking.refresh_from_db()
    assert (booking.state, booking.total, booking.tier_name) == ("confirmed", 22, "")
    assert booking.confirmed_at is not None
    assert set(booking.claims.values_list("state", "held_until")) == {("sold", None)}
    assert set(booking.tickets.values_list("state", "price", "vat")) == {
        ("sold", Decimal(11), Decimal("0.72"))
    }
    nonces = set(booking.tickets.values_list("nonce", flat=True))
    assert {len(nonce) for nonce in nonces} == {16}
    assert len(nonces) == 2
    assert (
        list(LedgerEntry.objects.values_list("kind", "amount", "list_price", "vat", "channel", "method"))
        == [("sale", 11, 11, Decimal("0.72"), "online", "demo")] * 2
    )
    assert list(Payment.objects.values_list("method", "amount", "refunded", "state")) == [
        ("demo", 22, 0, "captured")
    ]
    invoice = Invoice.objects.get()
    assert (invoice.series, invoice.number, invoice.total, invoice.vat) == ("invoice", 1, 22, Decimal("1.44"))
    assert sorted(invoice.ticket_ids) == sorted(booking.tickets.values_list("pk", flat=True))
    facts = invoice.facts
    assert (facts["ref"], facts["method"], facts["total"], facts["seller"]) == (
        booking.ref,
        "demo",
        "22.00",
        "",
    )
    assert AuditEntry.objects.get(verb="confirm").details == {"total": "22.00", "method": "demo"}
    assert Letter.objects.filter(kind="booking_confirmed", to=guest.email).count() == 1
    assert (answer["state"], answer["total"], answer["payment"]) == ("confirmed", "22.00", {"method": "demo"})
    assert [ticket["code"][:2] for ticket in answer["tickets"]] == ["MC", "MC"]


def test_confirming_again_gives_the_same_booking(guest):
    booking = factories.held(by=guest)

    first, again = confirmed(guest, booking, "22.00"), confirmed(guest, booking, "1.00")

    assert first.record == again.record
    assert (Payment.objects.count(), Invoice.objects.count(), LedgerEntry.objects.count()) == (1, 1, 2)


@pytest.mark.parametrize("total", ["21.99", "22.01", "0.00"])
def test_another_total_than_the_shown_one_books_nothing(guest, total):
    booking = factories.held(by=guest)

    no = refusal(lambda: confirmed(guest, booking, total))

    assert (no.code, no.field, no.data["quote"]["total"]) == ("price_changed", "shown_total", "22.00")
    assert no.sentence == (
        "The price has changed since you saw it, so nothing was booked. Look at the new one and confirm again"
    )
    booking.refresh_from_db()
    assert booking.state == "held"
    assert set(booking.claims.values_list("state", flat=True)) == {"held"}
    assert not Payment.objects.exists()


def test_tier_that_changed_since_changes_the_price(guest):
    booking = factories.held(by=guest)
    Customer.objects.filter(pk=guest.customer_id).update(tier="Gold")

    no = refusal(lambda: confirmed(guest, booking, "22.00"))

    assert (no.code, no.data["quote"]["total"]) == ("price_changed", "19.80")
    assert confirmed(guest, booking, "19.80").record["tier"] == "Gold"


def test_coupon_that_changed_since_changes_the_price(guest):
    booking = factories.held(by=guest)
    coupon = factories.coupon(percent=50)
    Coupon.objects.update(percent=10)

    no = refusal(lambda: confirmed(guest, booking, "11.00", coupon_code=coupon.code))

    assert (no.code, no.data["quote"]["total"]) == ("price_changed", "19.80")
    assert Coupon.objects.get().used == 0


def test_stranger_may_hold_and_not_confirm():
    by = people.stranger()
    booking = factories.held(by=by)

    with pytest.raises(NotAllowed):
        confirmed(by, booking, "22.00")


def test_another_persons_hold_is_not_found_and_stays_theirs(guest):
    theirs = factories.held()

    foreign = refusal(lambda: confirmed(guest, theirs, "22.00"))

    assert (foreign.code, foreign.field) == ("booking_unknown", "ref")
    assert set(theirs.claims.values_list("state", flat=True)) == {"held"}


def test_lapsed_hold_is_not_confirmed(guest):
    booking = factories.lapse(factories.held(by=guest))

    no = refusal(lambda: confirmed(guest, booking, "22.00"))

    assert no.code == "hold_lapsed"
    assert not Payment.objects.exists()


@pytest.mark.parametrize("deed", ["confirm", "extend"])
def test_hold_that_lost_one_of_its_seats_has_ended(guest, deed):
    booking = factories.held(by=guest)
    seat = booking.tickets.earliest("pk").seat_id
    SeatClaim.objects.filter(seat_id=seat).update(state="blocked", booking=None, held_until=None)

    no = refusal(
        lambda: (
            confirmed(guest, booking, "22.00")
            if deed == "confirm"
            else extend_hold(by=guest, ref=booking.ref)
        )
    )

    assert no.code == "hold_lapsed"
    assert set(booking.claims.values_list("state", flat=True)) == {"held"}
    assert not Payment.objects.exists()


def test_cancelled_booking_is_not_confirmed_again(guest):
    booking = factories.cancelled(by=guest)

    no = refusal(lambda: confirmed(guest, booking, "22.00"))

    assert (no.code, no.sentence) == ("already_cancelled", "This booking is already cancelled")


def test_show_cancelled_meanwhile_is_not_sold(guest):
    booking = factories.held(by=guest)
    Show.objects.update(state="cancelled")

    no = refusal(lambda: confirmed(guest, booking, "22.00"))

    assert (no.code, no.sentence) == (
        "sales_closed",
        "This show is no longer on sale. Nothing was charged. Choose another time",
    )


def test_customer_confirms_until_the_start_and_the_counter_a_little_longer(guest):
    seller = people.actor_for(people.salesman())
    show = factories.show()
    mine, theirs = factories.held(by=guest, of=show), factories.held(by=seller, of=show)
    Show.objects.update(starts_at=Now() - timedelta(minutes=5))

    assert refusal(lambda: confirmed(guest, mine, "22.00")).code == "sales_closed"
    assert confirmed(seller, theirs, "22.00", method="cash").record["state"] == "confirmed"


def test_online_window_that_closed_after_the_hold_does_not_take_it_away(guest):
    booking = factories.held(by=guest)
    Show.objects.update(on_sale_until=Now() - timedelta(minutes=1))

    assert confirmed(guest, booking, "22.00").record["state"] == "confirmed"


# Ways to pay --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "methods"),
    [
        (people.customer, {"demo"}),
        (people.salesman, {"cash", "card"}),
        (people.moderator, {"cash", "card"}),
        (people.admin, {"cash", "card", "complimentary"}),
    ],
)
def test_everybody_pays_in_their_ways(person, methods):
    by = people.actor_for(person())
    taken = set()
    for method in ("demo", "cash", "card", "online", "complimentary", "shells"):
        booking = factories.held(by=by, seats=1)
        total = "0" if method == "complimentary" else "11.00"
        if method in methods:
            taken.add(confirmed(by, booking, total, method=method).record["payment"]["method"])
        else:
            no = refusal(lambda b=booking, t=total, m=method: confirmed(by, b, t, method=m))
            assert (no.code, no.field) == ("payment_method_not_offered", "method")
            assert no.sentence == "You can’t pay that way here. Choose one of the ways on offer"
            factories.lapse(booking)

    assert taken == methods


def test_demo_payment_is_off_where_the_theatre_says_so(guest, settings):
    settings.DEMO_PAYMENT = False
    booking = factories.held(by=guest)

    assert refusal(lambda: confirmed(guest, booking, "22.00")).code == "payment_method_not_offered"


def test_complimentary_tickets_cost_nothing_and_spend_no_coupon():
    admin = people.actor_for(people.admin())
    coupon = factories.coupon()
    booking = factories.held(by=admin, seats=1)

    confirmed(admin, booking, "0", method="complimentary", coupon_code=coupon.code)

    booking.refresh_from_db()
    ticket = Ticket.objects.get()
    assert (booking.complimentary, booking.total, booking.coupon) == (True, 0, None)
    assert (ticket.list_price, ticket.complimentary_off, ticket.price) == (11, 11, 0)
    assert LedgerEntry.objects.get().amount == 0
    assert Coupon.objects.get().used == 0


# Tier and coupon ----------------------------------------------------------------------------------------


def test_coupon_is_spent_once_for_the_booking(guest):
    coupon = factories.coupon("SUMMER15", percent=15)
    booking = factories.held(by=guest)

    record = confirmed(guest, booking, "18.70", coupon_code=" summer 15 ").record

    coupon.refresh_from_db()
    use = CouponUse.objects.get()
    assert coupon.used == 1
    assert (use.coupon, use.booking, use.customer_id, use.given_back_at) == (
        coupon,
        booking,
        guest.customer_id,
        None,
    )
    assert (record["coupon"], record["total"]) == ("SUMMER15", "18.70")
    assert set(LedgerEntry.objects.values_list("coupon_off", "amount")) == {
        (Decimal("1.65"), Decimal("9.35"))
    }


def test_coupon_that_saves_less_than_the_tier_is_kept():
    by = people.actor_for(people.customer(tier="Platinum"))
    coupon = factories.coupon(percent=10)
    booking = factories.held(by=by, seats=1)

    record = confirmed(by, booking, "8.80", coupon_code=coupon.code).record

    coupon.refresh_from_db()
    assert (record["tier"], record["coupon"], coupon.used) == ("Platinum", None, 0)


@pytest.mark.parametrize(
    ("fields", "code", "sentence"),
    [
        ({"active": False}, "coupon_off", "C4T isn’t on offer at the moment"),
        ({"total_limit": 0}, "coupon_used_up", "C4T has been used 0 times, which is its limit"),
        ({"min_tickets": 3}, "coupon_needs_more_tickets", "C4T needs 3 tickets or more in one booking"),
        (
            {"per_customer_limit": 0},
            "coupon_used_by_you",
            "C4T can be used 0 times per person, and that is done",
        ),
    ],
)
def test_coupon_that_does_not_fit_books_nothing(guest, fields, code, sentence):
    factories.coupon("C4T", **fields)
    booking = factories.held(by=guest)

    no = refusal(lambda: confirmed(guest, booking, "18.70", coupon_code="c4t"))

    assert (no.code, no.sentence, no.field) == (code, sentence, "coupon")
    assert Booking.objects.get().state == "held"


def test_coupon_of_another_movie_or_weekday_books_nothing(guest):
    booking = factories.held(by=guest)
    factories.coupon("MOVIE").movies.add(factories.movie())
    starts = Show.objects.get(pk=booking.show_id).starts_at
    factories.coupon("DAY", weekdays=[(starts.weekday() + 3) % 7])

    assert (
        refusal(lambda: confirmed(guest, booking, "18.70", coupon_code="MOVIE")).code
        == "coupon_not_this_movie"
    )
    assert (
        refusal(lambda: confirmed(guest, booking, "18.70", coupon_code="DAY")).code == "coupon_not_this_day"
    )


def test_code_nobody_knows_books_nothing(guest):
    booking = factories.held(by=guest)

    no = refusal(lambda: confirmed(guest, booking, "22.00", coupon_code="NOPE"))

    assert (no.code, no.sentence) == (
        "coupon_unknown",
        "We don’t have a coupon called NOPE. Check the spelling",
    )


def test_coupon_counted_by_person_needs_one():
    seller = people.actor_for(people.salesman())
    coupon = factories.coupon(per_customer_limit=1)
    booking = factories.held(by=seller)

    no = refusal(lambda: confirmed(seller, booking, "18.70", method="cash", coupon_code=coupon.code))

    assert no.code == "coupon_needs_customer"


def customer_with(tickets: int):
    """A customer who bought so many tickets at the counter within the year."""
    who = people.customer()
    seller = people.actor_for(people.salesman())
    for bought in range(0, tickets, 50):
        factories.booked(by=seller, seats=min(50, tickets - bought), for_customer=who.email)
    return people.actor_for(who)


@pytest.mark.parametrize(
    ("line", "tier", "before", "price", "price_after"),
    [
        (100, "Silver", None, "11.00", "10.45"),
        (300, "Gold", "Silver", "10.45", "9.90"),
        (500, "Platinum", "Gold", "9.90", "8.80"),
    ],
)
def test_tier_is_reached_with_the_ticket_that_crosses_the_line(line, tier, before, price, price_after):
    by = customer_with(line - 2)
    one_short, crossing = factories.held(by=by, seats=1), factories.held(by=by, seats=1)

    confirmed(by, one_short, price)
    assert Customer.objects.get(pk=by.customer_id).tier_id == before
    record = confirmed(by, crossing, price).record

    customer = Customer.objects.get(pk=by.customer_id)
    assert (customer.tier_id, customer.tier_tickets) == (tier, line)
    assert record["tier"] == before  # the discount begins with the booking after
    reached = Letter.objects.filter(kind="tier_reached", user=by.user_id, data__tier=tier)
    assert reached.count() == 1
    assert confirmed(by, factories.held(by=by, seats=1), price_after).record["tier"] == tier
    assert reached.count() == 1


@pytest.mark.parametrize(("line", "tier"), [(3, "Silver"), (6, "Gold"), (9, "Platinum")])
def test_every_line_leads_to_its_tier(line, tier):
    for name, threshold in (("Silver", 3), ("Gold", 6), ("Platinum", 9)):
        Tier.objects.filter(name=name).update(threshold=threshold)
    by = customer_with(line - 1)

    factories.booked(by=by, seats=1)

    assert Customer.objects.get(pk=by.customer_id).tier_id == tier


def test_one_booking_may_cross_two_lines():
    Tier.objects.filter(name="Silver").update(threshold=1)
    Tier.objects.filter(name="Gold").update(threshold=2)
    by = customer_with(0)

    factories.booked(by=by, seats=2)

    assert Customer.objects.get(pk=by.customer_id).tier_id == "Gold"
    assert Letter.objects.get(kind="tier_reached").data == {"tier": "Gold", "percent": "10.00"}


def test_tickets_older_than_a_year_and_returned_ones_do_not_count():
    Tier.objects.filter(name="Silver").update(threshold=3)
    by = customer_with(1)
    Booking.objects.update(confirmed_at=Now() - timedelta(days=367), created_at=Now() - timedelta(days=367))
    factories.cancelled(by=by, seats=1)

    factories.booked(by=by, seats=2)

    customer = Customer.objects.get(pk=by.customer_id)
    assert (customer.tier, customer.tier_tickets) == (None, 2)


def test_tier_that_was_lost_by_returns_is_taken_at_the_next_booking():
    by = people.actor_for(people.customer(tier="Silver"))

    factories.booked(by=by, seats=1)

    customer = Customer.objects.get(pk=by.customer_id)
    assert (customer.tier, customer.tier_tickets) == (None, 1)
    assert not Letter.objects.filter(kind="tier_reached").exists()


# Counter ------------------------------------------------------------------------------------------------


def test_sale_at_the_counter_names_its_seller_and_channel():
    seller = people.actor_for(people.salesman(name="Sam Seller"))
    booking = factories.held(by=seller)

    record = confirmed(seller, booking, "22.00", method="card").record

    assert (record["channel"], record["seller"], record["payment"]) == (
        "counter",
        "Sam Seller",
        {"method": "card"},
    )
    assert set(LedgerEntry.objects.values_list("seller", "channel", "method")) == {
        (seller.user_id, "counter", "card")
    }
    assert Invoice.objects.get().facts["seller"] == "Sam Seller"


@pytest.mark.parametrize("method", ["cash", "complimentary"])
def test_answer_is_what_the_next_reader_finds(method):
    by = people.actor_for(people.admin())
    booking = factories.held(by=by, seats=2)
    total = "0.00" if method == "complimentary" else factories.checkout_total(by, booking.ref)

    told = confirm_booking(by=by, ref=booking.ref, shown_total=Decimal(total), method=method)

    assert told.record == booking_record(for_papers(booking.pk))


def test_answer_with_tier_and_coupon_is_what_the_next_reader_finds():
    by = people.actor_for(people.customer(tier="Silver"))
    booking = factories.held(by=by, seats=2)
    code = factories.coupon(combinable=True).code

    told = confirm_booking(
        by=by, ref=booking.ref, shown_total=Decimal(factories.checkout_total(by, booking.ref, code)),
        method="demo", coupon_code=code,
    )  # fmt: skip

    assert told.record == booking_record(for_papers(booking.pk))
    assert {taken["kind"] for taken in told.record["tickets"][0]["discounts"]} == {"tier", "coupon"}
