"""The held booking an action works on, locked after its claims."""

from collections.abc import Sequence

from theatre.access import Actor, sees
from theatre.actions._doors import record
from theatre.models.sql import fetch
from theatre.queries import quotes
from theatre.queries.bookings import DETAIL, SeenBooking, seen
from theatre.rules import bookings
from theatre.rules.refusals import Refused
from theatre.rules.tiers import Tier


class BookingUnknown(Refused):
    """No such booking, or not theirs to see: the same answer."""

    code = "booking_unknown"


_LOCKED = DETAIL.format(where="b.ref = %s") + "FOR UPDATE OF b"


def lock(by: Actor, ref: str) -> SeenBooking:
    """The booking, its row locked; the claims are locked before. Refused with BookingUnknown."""
    rows = fetch(_LOCKED, [ref])
    if not rows:
        raise unknown()
    booking, session = seen(rows)
    if not sees(by, customer_id=booking.customer_id, assigned_to_id=booking.assigned_to_id, session=session):
        raise unknown()
    if session and booking.state == "held" and not by.is_stranger:
        # Held in this browser while they were signing in, so that the sign-in did not see it.
        adopt(by, [booking.id])
        booking, _ = seen(fetch(_LOCKED, [ref]))
    return booking


def adopt(by: Actor, booking_ids: Sequence[int]) -> int:
    """Pass strangers' holds to this person; how many. Their claims are locked."""
    seller = by.user_id if by.is_staff else None
    adopted = fetch(
        "UPDATE theatre_booking SET customer_id = %s, booked_by_id = %s, seller_id = %s, assigned_to_id = %s,"
        " channel = %s, session = '', network = '' WHERE id = ANY(%s) AND state = 'held' AND session <> ''"
        " RETURNING ref",
        [by.customer_id, by.user_id, seller, seller, by.channel, list(booking_ids)],
    )
    for (ref,) in adopted:
        record(by, "adopt", ("booking", ref))
    return len(adopted)


def unknown() -> BookingUnknown:
    return BookingUnknown("There is no such booking. Check the reference, it has 8 characters", "ref")


def check_live(booking: SeenBooking, live_claims: int) -> None:
    """Silence if every seat of the hold is still claimed, else the refusal for a hold that ended."""
    if booking.state != "held":
        bookings.check_step(booking.state, "confirmed")
    if live_claims < len(booking.tickets):
        free = fetch(
            "SELECT t.id FROM theatre_ticket t WHERE t.booking_id = %s AND NOT EXISTS ("
            " SELECT 1 FROM theatre_seatclaim c WHERE c.show_id = t.show_id AND c.seat_id = t.seat_id"
            " AND (c.held_until IS NULL OR c.held_until > now()) AND c.booking_id IS DISTINCT FROM t.booking_id)",
            [booking.id],
        )
        ids = {row[0] for row in free}
        labels = [ticket.seat for ticket in booking.tickets if ticket.id in ids]
        raise bookings.hold_ended(booking.held_until, quotes.ZONE, labels)


def lock_tier(customer_id: int | None) -> Tier | None:
    """The customer's stored tier, their row locked until the transaction ends."""
    if customer_id is None:
        return None
    row = fetch(
        f"SELECT {quotes.TIER_OF_LOCKED} FROM theatre_customer c WHERE c.id = %s FOR NO KEY UPDATE OF c",  # noqa: S608
        [customer_id],
    )
    return quotes.tier_of(*row[0]) if row else None
