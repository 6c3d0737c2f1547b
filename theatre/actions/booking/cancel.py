"""Give tickets back: the seats are free at once, the money goes back, the paper refers to the invoice."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from theatre import events
from theatre.access import Actor, Permission, require, sees
from theatre.actions._doors import booking_action
from theatre.actions.booking import _claims, _giving_back, _holds, _once
from theatre.actions.booking._giving_back import Booking
from theatre.actions.booking._once import Once
from theatre.queries import quotes
from theatre.queries.bookings import SeenBooking
from theatre.rules import bookings
from theatre.rules.refunds import Refund


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
    TicketReturned, TicketUsed. Source: domain.md, "Booking" and "Money".
    """
    require(by, Permission.CANCEL_BOOKINGS)
    if (before := _once.begin(once)) is not None:
        return Cancelled(before["ref"], before)
    _claims.lock(ref)
    booking = _locked(by, ref, reason)
    told = _giving_back.give_back(by, booking, reason=reason, tell=_tell, tickets=tickets, once=once)
    return Cancelled(booking.ref, told)


def _locked(by: Actor, ref: str, reason: str) -> Booking:
    found = _giving_back.lock(ref)
    if found is None:
        raise _holds.unknown()
    booking, (state, assigned_to, session, starts_at, now) = found
    if by.role is None or not sees(
        by, customer_id=booking.customer_id, assigned_to_id=assigned_to, session=session
    ):
        raise _holds.unknown()
    bookings.check_step(state, "cancelled")
    bookings.check_cancel(
        role=by.role, now=now, starts_at=starts_at, window_minutes=settings.CANCEL_UNTIL_MINUTES, own=True,
        zone=quotes.ZONE, reason=reason,
    )  # fmt: skip
    return booking


def _tell(booking: SeenBooking, ticket_ids: list[int], refund: Refund) -> None:
    events.tickets_returned.send(
        sender=None, booking=booking, ticket_ids=ticket_ids, refunded=refund.amount, whole=refund.whole
    )
