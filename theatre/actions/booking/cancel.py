"""Give tickets back: the seats are free at once, the money goes back, the paper refers to the invoice."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from theatre import events
from theatre.access import Actor, Permission, require
from theatre.actions._doors import booking_action
from theatre.actions.booking import _claims, _giving_back, _once
from theatre.actions.booking._once import Once
from theatre.queries.bookings import SeenBooking
from theatre.rules.refunds import Refund
from theatre.rules.roles import MANAGEMENT


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The booking after tickets were returned: its reference and its record as the API gives it."""

    ref: str
    record: dict[str, Any]


@booking_action
def cancel_booking(
    *, by: Actor, ref: str, reason: str = "", tickets: Sequence[int] | None = None, once: Once | None = None
) -> Cancelled:
    """Return these tickets (None: all that are live) of a confirmed booking.

    Refused: BookingUnknown, NotConfirmed, AlreadyCancelled, TooLateToCancel, ReasonNeeded, TicketNotInBooking,
    TicketReturned, and TicketUsed for those who may not cancel always. Source: domain.md, "Booking" and "Money".
    """
    require(by, Permission.CANCEL_BOOKINGS)
    if (before := _once.begin(once)) is not None:
        return Cancelled(before["ref"], before)
    _claims.lock(ref)
    booking = _giving_back.lock_own(by, ref, reason=reason)
    told = _giving_back.give_back(
        by, booking, reason=reason, tell=_tell, tickets=tickets, once=once, used_too=by.role in MANAGEMENT
    )
    return Cancelled(booking.ref, told)


def _tell(booking: SeenBooking, ticket_ids: list[int], refund: Refund) -> None:
    events.tickets_returned.send(
        sender=None, booking=booking, ticket_ids=ticket_ids, refunded=refund.amount, whole=refund.whole
    )
