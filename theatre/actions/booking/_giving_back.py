"""Tickets given back: what every return of a sold ticket does, whoever asked for it. The claims are locked before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings

from theatre.access import Actor, sees
from theatre.actions._doors import record
from theatre.actions.booking import _claims, _holds, _invoice
from theatre.actions.booking._once import Once
from theatre.documents.record import booking_record
from theatre.models.sql import Row, change, fetch, fetch_one
from theatre.queries import quotes
from theatre.queries.bookings import SeenBooking, for_papers
from theatre.rules import bookings, refunds
from theatre.rules.money import as_text
from theatre.rules.refunds import Payment, Refund, SoldTicket
from theatre.rules.refusals import Refused


class TicketUsed(Refused):
    """A ticket that has been checked in is given back by those alone who may cancel always, and when its show is."""

    code = "ticket_used"


@dataclass(frozen=True, slots=True)
class Booking:
    """A booking whose tickets come back, its row locked."""

    id: int
    ref: str
    show_id: int
    customer_id: int | None
    seller_id: int | None
    channel: str
    coupon_id: int | None


# What is told: the booking as it is afterwards, the tickets' ids in order, and the refund.
Tell = Callable[[SeenBooking, list[int], Refund], None]

_LOCKED = """
SELECT b.id, b.ref, b.show_id, b.customer_id, b.seller_id, b.channel, b.coupon_id, b.state, b.assigned_to_id,
       b.session, s.starts_at, clock_timestamp()
FROM theatre_booking b JOIN theatre_show s ON s.id = b.show_id WHERE b.ref = %s FOR UPDATE OF b
"""


def lock(ref: str) -> tuple[Booking, Row] | None:
    """Lock the booking's row, after its claims. The booking, and then its state, who it is assigned to, the mark of its
    browser session, when its show starts, and the time. None when there is none."""
    row = fetch_one(_LOCKED, [ref])
    return (Booking(*row[:7]), row[7:]) if row else None


def lock_own(by: Actor, ref: str, *, reason: str, deed: bookings.Deed = bookings.CANCEL) -> Booking:
    """Lock the booking's row, after its claims, if it is this person's to cancel or change now.

    Refused: BookingUnknown, and what `rules.bookings.check_step` and `check_cancel` refuse.
    """
    found = lock(ref)
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
        zone=quotes.ZONE, reason=reason, deed=deed,
    )  # fmt: skip
    return booking


@dataclass(frozen=True, slots=True)
class Back:
    """Tickets that came back, and what for: all but the paper."""

    refund: Refund
    rows: Sequence[Row]
    reason: str

    @property
    def tickets(self) -> list[int]:
        """Their ids, in order."""
        return sorted(row[0] for row in self.rows)


def give_back(
    by: Actor,
    booking: Booking,
    *,
    reason: str,
    tell: Tell,
    tickets: Sequence[int] | None = None,
    once: Once | None = None,
    used_too: bool = False,
) -> dict[str, Any]:
    """Return these tickets (None: all that are live); the booking's record afterwards. The transaction's last deed:
    it ends with the credit note's number.

    Refused with TicketUsed unless `used_too`, and as `rules.refunds.refund` refuses.
    """
    back = take_back(by, booking, reason=reason, tickets=tickets, used_too=used_too)
    after = for_papers(booking.id)
    tell(after, back.tickets, back.refund)
    told = booking_record(after)
    credit(booking, back, once, told)
    return told


def take_back(
    by: Actor,
    booking: Booking,
    *,
    reason: str,
    tickets: Sequence[int] | None = None,
    used_too: bool = False,
) -> Back:
    """The first half of it: rows, money and the note of who did it. The credit note is left to `credit`."""
    sold = fetch(
        "SELECT id, seat_id, list_price, tier_off, coupon_off, complimentary_off, price, vat, state, checked_in_at"
        " FROM theatre_ticket WHERE booking_id = %s AND state IN ('sold', 'returned') ORDER BY id FOR NO KEY UPDATE",
        [booking.id],
    )
    payments = fetch(
        "SELECT id, amount, refunded, method FROM theatre_payment WHERE booking_id = %s", [booking.id]
    )
    refund = refunds.refund(
        [SoldTicket(row[0], row[6], row[8] == "sold") for row in sold],
        [Payment(*row[:3]) for row in payments],
        tickets,
    )
    back = {ticket.ticket for ticket in refund.tickets}
    rows = [row for row in sold if row[0] in back]
    if not used_too and any(row[9] for row in rows):
        raise TicketUsed(
            "A ticket that was checked in at the door is returned by the office alone. Ask there", "tickets"
        )
    _write(by, booking, refund, rows, {row[0]: row[3] for row in payments}, reason)
    record(
        by,
        "cancel",
        ("booking", booking.ref),
        reason=reason,
        tickets=sorted(back),
        refunded=as_text(refund.amount, quotes.PLACES),
    )
    return Back(refund, rows, reason)


_LEDGER = """
WITH back AS (
  UPDATE theatre_ticket SET state = 'returned' WHERE id = ANY(%(tickets)s::bigint[]) AND state = 'sold'
  RETURNING id, price, list_price, tier_off, coupon_off, complimentary_off, vat
)
INSERT INTO theatre_ledgerentry (kind, ticket_id, booking_id, at, amount, list_price, tier_off, coupon_off,
  complimentary_off, vat, seller_id, channel, method)
SELECT 'return', id, %(booking)s::bigint, clock_timestamp(), -price, -list_price, -tier_off, -coupon_off,
  -complimentary_off, -vat, %(seller)s::bigint, %(channel)s, %(method)s
FROM back
"""


def _write(
    by: Actor, booking: Booking, refund: Refund, rows: Sequence[Any], methods: dict[int, str], reason: str
) -> None:
    first_method = next(iter(methods.values()))
    change(
        _LEDGER,
        {
            "tickets": [row[0] for row in rows], "booking": booking.id, "seller": booking.seller_id,
            "channel": booking.channel, "method": first_method,
        },
    )  # fmt: skip
    for part in refund.parts:
        change(
            "UPDATE theatre_payment SET refunded = refunded + %s WHERE id = %s", [part.amount, part.payment]
        )
        change(
            "INSERT INTO theatre_refund (payment_id, booking_id, amount, state, at, by_id)"
            " VALUES (%s, %s, %s, %s, clock_timestamp(), %s)",
            [part.payment, booking.id, part.amount, _refund_state(by, methods[part.payment]), by.user_id],
        )
    _claims.free(booking.show_id, booking.id, [row[1] for row in rows])
    if refund.whole:
        change(
            "UPDATE theatre_booking SET state = 'cancelled', ended_at = clock_timestamp(), ended_by_id = %s,"
            " cancel_reason = %s WHERE id = %s",
            [by.user_id, reason[:500], booking.id],
        )
        if booking.coupon_id:
            _give_coupon_back(booking)


def _refund_state(by: Actor, method: str) -> str:
    """Done at once where the money is in hand; `due` for cash or card paid at the counter and cancelled from home."""
    return "done" if method == "demo" or by.is_staff and method in ("cash", "card") else "due"


def _give_coupon_back(booking: Booking) -> None:
    change(
        "WITH back AS (UPDATE theatre_couponuse SET given_back_at = clock_timestamp()"
        " WHERE booking_id = %s AND given_back_at IS NULL RETURNING coupon_id)"
        " UPDATE theatre_coupon c SET used = used - 1 FROM back WHERE c.id = back.coupon_id",
        [booking.id],
    )


def credit(booking: Booking, back: Back, once: Once | None, told: dict[str, Any]) -> None:
    """The second half, and the transaction's last statement: the credit note's number, and the answer kept with it."""
    [invoice] = fetch(
        "SELECT id FROM theatre_invoice WHERE booking_id = %s AND series = 'invoice'", [booking.id]
    )
    vat = sum((row[7] for row in back.rows), Decimal(0))
    facts = {
        "lines": [
            {"ticket": row[0], "price": as_text(row[6], quotes.PLACES), "vat": as_text(row[7], quotes.PLACES)}
            for row in back.rows
        ],
        "ref": booking.ref,
        "reason": back.reason,
    }
    _invoice.credit(
        booking_id=booking.id, invoice_id=invoice[0], total=-back.refund.amount, vat=-vat,
        tickets=[row[0] for row in back.rows], facts=facts, once=once, answer=told,
    )  # fmt: skip
