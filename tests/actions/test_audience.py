"""Who the tickets of a hold are for."""

from decimal import Decimal

import pytest

from tests import factories, people
from theatre.actions.booking._holds import BookingUnknown
from theatre.actions.booking.audience import change_audiences
from theatre.actions.booking.confirm import PriceChanged, confirm_booking
from theatre.actions.booking.hold import hold_seats
from theatre.models import AuditEntry, Booking, Invoice, LedgerEntry, PriceCardAmount
from theatre.rules.audiences import AudienceNotOffered
from theatre.rules.bookings import AlreadyConfirmed, HoldLapsed
from theatre.rules.refunds import TicketNotInBooking

pytestmark = pytest.mark.django_db


@pytest.fixture
def guest():
    return people.actor_for(people.customer())


@pytest.fixture
def show():
    """Adults pay 11, children 7, students 9.50, in standard seats alone."""
    return factories.show(card=factories.price_card(child={"standard": 7}, student={"standard": "9.5"}))


def tickets(booking: Booking) -> list[tuple[str, Decimal]]:
    return list(booking.tickets.order_by("pk").values_list("audience", "list_price"))


def ids(booking: Booking) -> list[int]:
    return list(booking.tickets.order_by("pk").values_list("pk", flat=True))


def test_a_ticket_takes_the_cards_amount_for_its_audience_and_the_others_stay(guest, show):
    booking = factories.held(by=guest, of=show)
    first, _second = ids(booking)

    changed = change_audiences(by=guest, ref=booking.ref, audiences={first: "child"})

    assert changed == 1
    assert tickets(booking) == [("child", 7), ("adult", 11)]
    told = AuditEntry.objects.get(verb="change_audiences", on_id=booking.ref)
    assert told.details == {"audiences": {"A 1": "child"}}


def test_what_does_not_change_keeps_the_price_it_was_held_at(guest, show):
    booking = factories.held(by=guest, of=show)
    PriceCardAmount.objects.filter(card=show.card, kind="standard").update(amount=20)

    assert change_audiences(by=guest, ref=booking.ref, audiences=dict.fromkeys(ids(booking), "adult")) == 0
    assert tickets(booking) == [("adult", 11)] * 2

    change_audiences(by=guest, ref=booking.ref, audiences={ids(booking)[0]: "student"})
    assert tickets(booking) == [("student", 20), ("adult", 11)]


def test_a_total_from_before_the_change_books_nothing(guest, show):
    booking = factories.held(by=guest, of=show)
    shown = factories.checkout_total(guest, booking.ref)
    change_audiences(by=guest, ref=booking.ref, audiences={ids(booking)[0]: "child"})

    with pytest.raises(PriceChanged) as refused:
        confirm_booking(by=guest, ref=booking.ref, shown_total=shown, method="demo")

    assert refused.value.data["quote"]["total"] == "18.00"
    assert not LedgerEntry.objects.exists()


def test_the_sale_is_at_the_audiences_price_everywhere(guest, show):
    booking = factories.held(by=guest, of=show)
    change_audiences(by=guest, ref=booking.ref, audiences={ids(booking)[0]: "child"})

    confirmed = confirm_booking(by=guest, ref=booking.ref, shown_total=Decimal(18), method="demo")

    assert [(each["audience"], each["price"]) for each in confirmed.record["tickets"]] == [
        ("child", "7.00"),
        ("adult", "11.00"),
    ]
    assert sorted(LedgerEntry.objects.values_list("list_price", flat=True)) == [7, 11]
    assert [line["audience"] for line in Invoice.objects.get().facts["lines"]] == ["child", "adult"]


@pytest.mark.parametrize(
    ("kind", "audience"), [("standard", "senior"), ("premium", "child"), ("standard", "cats")]
)
def test_an_audience_the_card_does_not_know_changes_nothing(guest, show, kind, audience):
    booking = factories.held(by=guest, of=show, seats=factories.free_seats(show, 1, kind=kind))

    with pytest.raises(AudienceNotOffered):
        change_audiences(by=guest, ref=booking.ref, audiences={ids(booking)[0]: audience})

    assert tickets(booking)[0][0] == "adult"


def test_a_ticket_of_another_booking_is_refused(guest, show):
    booking, other = factories.held(by=guest, of=show), factories.held(of=show)

    with pytest.raises(TicketNotInBooking):
        change_audiences(by=guest, ref=booking.ref, audiences={ids(other)[0]: "child"})

    assert tickets(other) == [("adult", 11)] * 2


def test_another_persons_hold_is_not_found(guest, show):
    booking = factories.held(of=show)

    with pytest.raises(BookingUnknown):
        change_audiences(by=guest, ref=booking.ref, audiences={ids(booking)[0]: "child"})


def test_a_hold_that_ended_and_a_booking_that_is_paid_stay_as_they_are(guest, show):
    ended = factories.held(by=guest, of=show)
    factories.lapse(ended)
    paid = factories.booked(by=guest, of=show, seats=factories.free_seats(show, 1))

    with pytest.raises(HoldLapsed):
        change_audiences(by=guest, ref=ended.ref, audiences={ids(ended)[0]: "child"})
    with pytest.raises(AlreadyConfirmed):
        change_audiences(by=guest, ref=paid.ref, audiences={ids(paid)[0]: "child"})
    assert tickets(paid) == [("adult", 11)]


def test_a_hold_can_say_at_once_who_its_seats_are_for(guest, show):
    first, second = factories.free_seats(show)

    held = hold_seats(by=guest, show_id=show.pk, seat_ids=[first, second], audiences={second: "student"})

    assert [(each["audience"], each["price"]) for each in held.tickets] == [
        ("adult", "11.00"),
        ("student", "9.50"),
    ]
    assert held.quote["total"] == "20.50"
    assert tickets(Booking.objects.get(ref=held.ref)) == [("adult", 11), ("student", Decimal("9.5"))]


def test_a_hold_for_an_audience_without_an_amount_holds_nothing(guest, show):
    seats = factories.free_seats(show)

    with pytest.raises(AudienceNotOffered):
        hold_seats(by=guest, show_id=show.pk, seat_ids=seats, audiences={seats[0]: "senior"})

    assert not Booking.objects.exists()
