"""Papers are numbered without gaps, whatever fails after a number was taken (I12)."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.db import IntegrityError

from tests import factories
from tests.races import books
from tests.races.guests import Caller, customers
from tests.races.stage import at_once
from theatre import events
from theatre.actions.booking.cancel import cancel_booking
from theatre.actions.booking.confirm import confirm_booking
from theatre.models import Booking, Invoice, InvoiceCounter
from theatre.models.sql import change
from theatre.queries.bookings import SeenBooking

pytestmark = pytest.mark.usefixtures("own_database")

PEOPLE, BOOKINGS = 8, 25


@pytest.fixture
def every_third_fails() -> Iterator[None]:
    """A row in every third booking's transaction that the database refuses at commit, after the invoice's number."""

    def spoil(*, booking: SeenBooking, **_: object) -> None:
        if booking.id % 10 in (0, 3, 6):
            change(
                "INSERT INTO theatre_couponuse (coupon_id, booking_id, used_at) VALUES (0, %s, now())",
                [booking.id],
            )

    for event in (events.booking_confirmed, events.tickets_returned):
        event.connect(spoil, weak=False)
    yield
    for event in (events.booking_confirmed, events.tickets_returned):
        event.disconnect(spoil)


def buy_and_give_back(who: Caller, bookings: list[Booking]) -> tuple[int, int]:
    """Confirm each and cancel every second one; how many were, and how many failed at commit."""
    done = failed = 0
    for number, booking in enumerate(bookings):
        try:
            confirm_booking(by=who.by, ref=booking.ref, shown_total=Decimal(11), method="demo")
            done += 1
            if number % 2:
                cancel_booking(by=who.by, ref=booking.ref)
        except IntegrityError as error:
            assert "theatre_couponuse" in str(error)
            failed += 1
    return done, failed


def test_numbers_have_no_gap_though_every_third_transaction_fails_at_commit(every_third_fails, settings):
    settings.HOLDS_PER_CUSTOMER = 1000
    crowd = customers(PEOPLE)
    shows = [factories.show() for _ in range(4)]
    holds = [
        [factories.held(by=who.by, of=shows[number % 4], seats=1) for number in range(BOOKINGS)]
        for who in crowd
    ]

    went = at_once(
        *[
            lambda who=who, mine=mine: buy_and_give_back(who, mine)
            for who, mine in zip(crowd, holds, strict=True)
        ]
    )

    done, failed = (sum(numbers) for numbers in zip(*went, strict=True))
    assert failed > 0.2 * PEOPLE * BOOKINGS
    invoices = list(
        Invoice.objects.filter(series="invoice").order_by("number").values_list("number", flat=True)
    )
    assert invoices == list(range(1, done + 1))
    notes = list(
        Invoice.objects.filter(series="credit_note").order_by("number").values_list("number", flat=True)
    )
    assert notes == list(range(1, len(notes) + 1))
    assert len(notes) == Booking.objects.filter(state="cancelled").count() > 0
    assert dict(InvoiceCounter.objects.values_list("series", "last")) == {
        "invoice": done, "credit_note": len(notes),
    }  # fmt: skip
    assert Booking.objects.filter(state="held").count() == PEOPLE * BOOKINGS - done
    books.prove()
