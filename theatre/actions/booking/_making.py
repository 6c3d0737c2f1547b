"""A held booking for somebody else, as the house makes one: its claims are taken before."""

import secrets
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from theatre.access import Actor
from theatre.actions._doors import record
from theatre.models import Booking, Ticket
from theatre.queries.seatmap import Plan
from theatre.rules import bookings
from theatre.rules.seating import Seat


def make_held(
    by: Actor, show_id: int, plan: Plan, seats: Sequence[Seat], prices: Mapping[str, Decimal], **facts: Any
) -> Booking:
    """The booking with its tickets, held at these list prices by kind, and the note of it."""
    booking = Booking.objects.create(ref=bookings.new_reference(secrets.choice), show_id=show_id, **facts)
    Ticket.objects.bulk_create(
        Ticket(
            booking=booking, show_id=show_id, plan_id=plan.id, seat_id=seat.id, kind=seat.kind,
            list_price=prices[seat.kind],
        )
        for seat in seats
    )  # fmt: skip
    record(by, "hold", ("booking", booking.ref), seats=[seat.label for seat in seats], show=show_id)
    return booking
