"""A booking as a client of the API reads it, ticket codes included."""

from typing import Any

from django.conf import settings

from theatre.documents.codes import current_key, sign
from theatre.queries import quotes
from theatre.queries.bookings import SeenBooking, SeenTicket
from theatre.rules.money import as_text


def booking_record(booking: SeenBooking) -> dict[str, Any]:
    """JSON values: money as decimal text, times RFC 3339 with offset. A sold ticket has its door code.

    A hold whose time is over has lapsed, whether or not it has been tidied away.
    """
    over = _is_over(booking)
    ended_at = booking.held_until if over else booking.ended_at
    return {
        "ref": booking.ref,
        "state": "lapsed" if over else booking.state,
        "show": {
            "id": booking.show_id,
            "movie": booking.movie,
            "screen": booking.screen,
            "starts_at": booking.starts_at.isoformat(),
        },
        "customer": {"name": booking.customer_name, "email": booking.customer_email},
        "channel": booking.channel,
        "seller": booking.seller_name or None,
        "expires_at": booking.held_until.isoformat() if booking.is_live_hold else None,
        "confirmed_at": booking.confirmed_at.isoformat() if booking.confirmed_at else None,
        "ended_at": ended_at.isoformat() if ended_at else None,
        "coupon": booking.coupon or None,
        "tier": booking.tier_name or None,
        "payment": {"method": booking.method} if booking.method else None,
        "total": None if booking.total is None else as_text(booking.total, quotes.PLACES),
        "refunded": as_text(booking.refunded, quotes.PLACES),
        "currency": settings.CURRENCY,
        "tickets": [_ticket(booking, ticket) for ticket in booking.tickets],
    }


def _is_over(booking: SeenBooking) -> bool:
    return booking.state == "held" and not booking.is_live_hold


def _ticket(booking: SeenBooking, ticket: SeenTicket) -> dict[str, Any]:
    places = quotes.PLACES
    taken = {
        "tier": ticket.tier_off,
        "coupon": ticket.coupon_off,
        "complimentary": ticket.complimentary_off,
    }
    return {
        "id": ticket.id,
        "seat_id": ticket.seat_id,
        "seat": ticket.seat,
        "kind": ticket.kind,
        "audience": ticket.audience,
        "state": "lapsed" if _is_over(booking) else ticket.state,
        "list": as_text(ticket.list_price, places),
        "discounts": [{"kind": kind, "amount": as_text(off, places)} for kind, off in taken.items() if off],
        "price": None if ticket.price is None else as_text(ticket.price, places),
        "vat": None if ticket.vat is None else as_text(ticket.vat, places),
        "code": ticket_code(booking, ticket),
        "checked_in_at": ticket.checked_in_at.isoformat() if ticket.checked_in_at else None,
    }


def ticket_code(booking: SeenBooking, ticket: SeenTicket) -> str | None:
    """The signed text of the ticket's QR; None unless it is sold."""
    return code_of(ticket.id, booking.show_id, ticket.nonce) if ticket.state == "sold" else None


def code_of(ticket_id: int, show_id: int, nonce: str) -> str:
    """The signed text of a sold ticket's QR."""
    return sign(ticket_id, show_id, nonce, current_key())
