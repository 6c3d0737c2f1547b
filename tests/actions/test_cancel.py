from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import Sum
from django.db.models.functions import Now

from tests import factories, people
from tests.actions.said import refusal
from theatre.actions.booking.cancel import cancel_booking
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
    Refund,
    SeatClaim,
    Show,
    Ticket,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def guest():
    return people.actor_for(people.customer())


def tickets_of(booking: Booking) -> list[int]:
    return list(booking.tickets.order_by("pk").values_list("pk", flat=True))


def test_cancelling_gives_back_seats_money_and_a_credit_note(guest):
    booking = factories.booked(by=guest)

    record = cancel_booking(by=guest, ref=booking.ref).record

    booking.refresh_from_db()
    assert (booking.state, booking.ended_by_id, booking.total) == ("cancelled", guest.user_id, 22)
    assert not SeatClaim.objects.exists()
    assert set(booking.tickets.values_list("state", "price")) == {("returned", 11)}
    assert LedgerEntry.objects.aggregate(sum=Sum("amount"))["sum"] == 0
    assert set(
        LedgerEntry.objects.filter(kind="return").values_list("amount", "list_price", "vat", "method")
    ) == {(-11, -11, Decimal("-0.72"), "demo")}
    assert Payment.objects.get().refunded == 22
    assert list(Refund.objects.values_list("amount", "state", "by")) == [(22, "done", guest.user_id)]
    invoice, note = Invoice.objects.get(series="invoice"), Invoice.objects.get(series="credit_note")
    assert (note.number, note.refers_to, note.total, note.vat) == (1, invoice, -22, Decimal("-1.44"))
    assert sorted(note.ticket_ids) == tickets_of(booking)
    assert AuditEntry.objects.get(verb="cancel").details == {
        "tickets": tickets_of(booking),
        "refunded": "22.00",
    }
    assert Letter.objects.filter(kind="booking_cancelled", to=guest.email).count() == 1
    assert (record["state"], record["refunded"], record["tickets"][0]["code"]) == ("cancelled", "22.00", None)


def test_seat_of_a_cancelled_booking_can_be_sold_again(guest):
    show = factories.show()
    booking = factories.cancelled(by=guest, of=show, seats=1)
    seat = booking.tickets.get().seat_id

    assert factories.booked(of=show, seats=[seat]).state == "confirmed"


def test_part_of_a_booking_is_returned_and_the_rest_stays(guest):
    booking = factories.booked(by=guest, seats=3)
    first, second, third = tickets_of(booking)

    record = cancel_booking(by=guest, ref=booking.ref, tickets=[second]).record

    booking.refresh_from_db()
    assert (booking.state, booking.ended_at) == ("confirmed", None)
    assert dict(booking.tickets.values_list("pk", "state")) == {
        first: "sold",
        second: "returned",
        third: "sold",
    }
    assert SeatClaim.objects.count() == 2
    assert (Refund.objects.get().amount, record["refunded"]) == (11, "11.00")
    assert Invoice.objects.get(series="credit_note").ticket_ids == [second]
    assert Letter.objects.filter(kind="tickets_returned", to=guest.email).count() == 1


def test_returning_the_last_ticket_cancels_the_booking(guest):
    booking = factories.booked(by=guest)
    first, second = tickets_of(booking)

    cancel_booking(by=guest, ref=booking.ref, tickets=[first])
    cancel_booking(by=guest, ref=booking.ref, tickets=[second])

    booking.refresh_from_db()
    assert booking.state == "cancelled"
    assert list(Invoice.objects.filter(series="credit_note").values_list("number", "total")) == [
        (1, -11),
        (2, -11),
    ]
    assert Payment.objects.get().refunded == 22


@pytest.mark.parametrize(
    ("named", "code", "sentence"),
    [
        ([], "nothing_to_return", "Choose at least one ticket to return"),
        (["another"], "ticket_not_in_booking", "That ticket isn’t in this booking"),
        (["first", "first"], "ticket_returned", "A ticket can be returned once only. One is named twice"),
        (["returned"], "ticket_returned", "That ticket has already been returned"),
        (
            ["used"],
            "ticket_used",
            "A ticket that was checked in at the door is returned by the office alone. Ask there",
        ),
    ],
)
def test_ticket_that_cannot_go_back_is_refused(guest, named, code, sentence):
    booking = factories.booked(by=guest, seats=3)
    first, used, returned = tickets_of(booking)
    another = tickets_of(factories.booked(by=guest))[0]
    cancel_booking(by=guest, ref=booking.ref, tickets=[returned])
    Ticket.objects.filter(pk=used).update(checked_in_at=Now())
    ids = {"first": first, "used": used, "returned": returned, "another": another}

    no = refusal(lambda: cancel_booking(by=guest, ref=booking.ref, tickets=[ids[name] for name in named]))

    assert (no.code, no.sentence, no.field) == (code, sentence, "tickets")
    assert Refund.objects.count() == 1


def test_booking_with_a_used_ticket_is_not_cancelled_as_a_whole(guest):
    booking = factories.booked(by=guest)
    Ticket.objects.filter(pk=tickets_of(booking)[0]).update(checked_in_at=Now())

    assert refusal(lambda: cancel_booking(by=guest, ref=booking.ref)).code == "ticket_used"


def test_held_cancelled_and_lapsed_bookings_have_nothing_to_cancel(guest):
    held, cancelled = factories.held(by=guest), factories.cancelled(by=guest)

    not_yet = refusal(lambda: cancel_booking(by=guest, ref=held.ref))
    no_more = refusal(lambda: cancel_booking(by=guest, ref=cancelled.ref))

    assert (not_yet.code, not_yet.sentence) == (
        "not_confirmed",
        "These seats are only held. Release them, or confirm them first",
    )
    assert (no_more.code, no_more.sentence) == ("already_cancelled", "This booking is already cancelled")


def test_another_persons_booking_is_not_found(guest):
    theirs = factories.booked()

    foreign = refusal(lambda: cancel_booking(by=guest, ref=theirs.ref))
    absent = refusal(lambda: cancel_booking(by=guest, ref="ABCD2346"))

    assert (foreign.code, foreign.sentence, foreign.field) == (absent.code, absent.sentence, absent.field)
    assert Booking.objects.get(pk=theirs.pk).state == "confirmed"


# Who may, and until when --------------------------------------------------------------------------------


def test_customer_cancels_until_two_hours_before_the_movie(guest):
    show = factories.show(in_hours=2.1)
    in_time, too_late = factories.booked(by=guest, of=show), factories.booked(by=guest, of=show)

    cancel_booking(by=guest, ref=in_time.ref)
    Show.objects.update(starts_at=Now() + timedelta(minutes=119))
    no = refusal(lambda: cancel_booking(by=guest, ref=too_late.ref))

    assert no.code == "too_late_to_cancel"
    assert no.sentence.startswith(
        "Tickets can be cancelled until 2 hours before the movie. This one starts in "
    )


def test_salesman_cancels_what_is_assigned_to_them_until_the_start():
    seller, other = (people.actor_for(people.salesman()) for _ in range(2))
    show = factories.show(in_hours=0.2)
    mine, late = factories.booked(by=seller, of=show), factories.booked(by=seller, of=show)

    assert refusal(lambda: cancel_booking(by=other, ref=mine.ref)).code == "booking_unknown"
    assert cancel_booking(by=seller, ref=mine.ref).record["state"] == "cancelled"
    Show.objects.update(starts_at=Now() - timedelta(minutes=1))
    no = refusal(lambda: cancel_booking(by=seller, ref=late.ref))
    assert no.code == "too_late_to_cancel"
    assert no.sentence.startswith("You can cancel until the movie starts. This one started ")


@pytest.mark.parametrize("person", [people.moderator, people.admin])
def test_moderators_and_admins_cancel_always_and_say_why(guest, person):
    by = people.actor_for(person())
    booking = factories.booked(by=guest)
    Show.objects.update(starts_at=Now() - timedelta(hours=1))

    no = refusal(lambda: cancel_booking(by=by, ref=booking.ref, reason="  "))
    cancel_booking(by=by, ref=booking.ref, reason="The projector broke")

    booking.refresh_from_db()
    assert (no.code, no.sentence, no.field) == (
        "reason_needed",
        "Enter the reason for this cancellation",
        "reason",
    )
    assert (booking.cancel_reason, booking.ended_by_id) == ("The projector broke", by.user_id)
    assert AuditEntry.objects.get(verb="cancel").reason == "The projector broke"


# Money --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("canceller", "state"), [("salesman", "done"), ("moderator", "done"), ("customer", "due")]
)
@pytest.mark.parametrize("method", ["cash", "card"])
def test_money_paid_at_the_counter_is_given_back_there_or_is_due(canceller, state, method):
    who = people.customer()
    seller = people.actor_for(people.salesman())
    booking = factories.booked(by=seller, for_customer=who.email, method=method)
    by = {
        "salesman": seller,
        "moderator": people.actor_for(people.moderator()),
        "customer": people.actor_for(who),
    }

    cancel_booking(by=by[canceller], ref=booking.ref, reason="Ill")

    assert list(Refund.objects.values_list("amount", "state")) == [(22, state)]
    assert set(LedgerEntry.objects.filter(kind="return").values_list("seller", "channel", "method")) == {
        (seller.user_id, "counter", method)
    }


def test_complimentary_booking_gives_back_seats_and_no_money():
    admin = people.actor_for(people.admin())
    booking = factories.booked(by=admin, method="complimentary")

    cancel_booking(by=admin, ref=booking.ref, reason="Ill")

    assert not Refund.objects.exists()
    assert not SeatClaim.objects.exists()
    assert Invoice.objects.get(series="credit_note").total == 0


def test_discounted_ticket_gives_back_what_was_paid(guest):
    coupon = factories.coupon(percent=15)
    booking = factories.booked(by=guest, coupon_code=coupon.code)

    cancel_booking(by=guest, ref=booking.ref, tickets=tickets_of(booking)[:1])

    back = LedgerEntry.objects.get(kind="return")
    assert (back.amount, back.list_price, back.coupon_off) == (Decimal("-9.35"), -11, Decimal("-1.65"))
    assert Refund.objects.get().amount == Decimal("9.35")


def test_coupon_is_given_back_with_the_whole_booking_and_not_with_a_part(guest):
    coupon = factories.coupon(total_limit=1, per_customer_limit=1)
    booking = factories.booked(by=guest, coupon_code=coupon.code)
    first, second = tickets_of(booking)

    cancel_booking(by=guest, ref=booking.ref, tickets=[first])
    assert (Coupon.objects.get().used, CouponUse.objects.get().given_back_at) == (1, None)
    cancel_booking(by=guest, ref=booking.ref, tickets=[second])

    assert Coupon.objects.get().used == 0
    assert CouponUse.objects.get().given_back_at is not None
    assert factories.booked(by=guest, coupon_code=coupon.code).coupon == coupon


def test_stored_tier_waits_for_the_next_count(guest):
    booking = factories.booked(by=guest)
    assert Customer.objects.get(pk=guest.customer_id).tier_tickets == 2

    cancel_booking(by=guest, ref=booking.ref)

    assert Customer.objects.get(pk=guest.customer_id).tier_tickets == 2
    factories.booked(by=guest, seats=1)
    assert Customer.objects.get(pk=guest.customer_id).tier_tickets == 1
