"""The held booking an action works on, locked after its claims."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from theatre.access import Actor, sees
from theatre.models.sql import fetch
from theatre.queries import quotes
from theatre.rules import bookings
from theatre.rules.pricing import Line
from theatre.rules.refusals import Refused
from theatre.rules.seating import label
from theatre.rules.tiers import Tier


class BookingUnknown(Refused):
    """No such booking, or not theirs to see: the same answer."""

    code = "booking_unknown"


@dataclass(frozen=True, slots=True)
class HeldTicket:
    id: int
    seat_id: int
    seat: str
    kind: str
    audience: str
    list_price: Decimal


@dataclass(frozen=True, slots=True)
class HeldBooking:
    """A booking with its show and tickets, its row locked. `now` is the database's clock."""

    id: int
    ref: str
    state: str
    customer_id: int | None
    held_until: datetime
    extensions: int
    seller_id: int | None
    assigned_to_id: int | None
    channel: str
    guest_name: str
    guest_email: str
    show_id: int
    show_state: str
    starts_at: datetime
    movie_id: int
    movie: str
    screen: str
    now: datetime
    shown_tier: Tier | None  # as read without a lock: for sentences, not for sums
    tickets: tuple[HeldTicket, ...]

    @property
    def lines(self) -> list[Line]:
        return [
            Line(ticket.id, ticket.seat, ticket.kind, ticket.list_price, ticket.audience)
            for ticket in self.tickets
        ]


_LOCKED = """
SELECT b.id, b.ref, b.state, b.customer_id, b.held_until, b.extensions, b.seller_id, b.assigned_to_id, b.channel,
       b.guest_name, b.guest_email, s.id, s.state, s.starts_at, m.id, m.title, sc.name, clock_timestamp(), b.session,
       tier.name, tier.threshold, tier.percent,
       t.id, t.seat_id, seat.row, seat.number, t.kind, t.audience, t.list_price
FROM theatre_booking b
JOIN theatre_show s ON s.id = b.show_id
JOIN theatre_movie m ON m.id = s.movie_id
JOIN theatre_screen sc ON sc.id = s.screen_id
JOIN theatre_ticket t ON t.booking_id = b.id
JOIN theatre_seat seat ON seat.id = t.seat_id
LEFT JOIN theatre_customer c ON c.id = b.customer_id
LEFT JOIN theatre_tier tier ON tier.name = c.tier_id
WHERE b.ref = %s
ORDER BY seat.y, seat.x
FOR UPDATE OF b
"""


def lock(by: Actor, ref: str) -> HeldBooking:
    """The booking, its row locked; the claims are locked before. Refused with BookingUnknown."""
    rows = fetch(_LOCKED, [ref])
    if not rows:
        raise unknown()
    (id_, ref, state, customer_id, held_until, extensions, seller_id, assigned_to_id, channel, guest_name,
     guest_email, show_id, show_state, starts_at, movie_id, movie, screen, now, session, *tier) = rows[0][:22]  # fmt: skip
    if not sees(by, customer_id=customer_id, assigned_to_id=assigned_to_id, session=session):
        raise unknown()
    tickets = tuple(
        HeldTicket(ticket, seat_id, label(row, number), kind, audience, list_price)
        for ticket, seat_id, row, number, kind, audience, list_price in (row[22:] for row in rows)
    )
    return HeldBooking(
        id_, ref, state, customer_id, held_until, extensions, seller_id, assigned_to_id, channel, guest_name,
        guest_email, show_id, show_state, starts_at, movie_id, movie, screen, now,
        quotes.tier_of(*tier), tickets,
    )  # fmt: skip


def unknown() -> BookingUnknown:
    return BookingUnknown("There is no such booking. Check the reference, it has 8 characters", "ref")


def check_live(booking: HeldBooking, live_claims: int) -> None:
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
