"""Invoices and credit notes: the number is a transaction's very last statement, so no lock is held longer than
a commit. What the paper says is kept as it was said."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings

from theatre.access import Actor
from theatre.actions.booking._once import KEEP, Once, kept
from theatre.models.sql import fetch
from theatre.queries import quotes
from theatre.queries.bookings import SeenBooking
from theatre.rules.money import as_text
from theatre.rules.pricing import Quote, as_json

# The year is the theatre's: a sale at half past midnight on 1 January opens the new series.
_ISSUE = f"""
WITH kept AS ({KEEP}),
counter AS (
  INSERT INTO theatre_invoicecounter AS c (series, year, last)
  VALUES (%(series)s::text, extract(year FROM clock_timestamp() AT TIME ZONE %(zone)s)::int, 1)
  ON CONFLICT (series, year) DO UPDATE SET last = c.last + 1
  RETURNING year, last
)
INSERT INTO theatre_invoice (series, year, number, booking_id, refers_to_id, issued_at, total, vat, ticket_ids, facts)
SELECT %(series)s::text, year, last, %(booking)s::bigint, %(refers_to)s::bigint, clock_timestamp(), %(total)s, %(vat)s,
       %(tickets)s::jsonb, %(facts)s::jsonb
FROM counter
RETURNING id
"""  # noqa: S608  KEEP is a constant of ours


def issue(
    booking: SeenBooking, quote: Quote, *, method: str, by: Actor, once: Once | None, answer: dict[str, Any]
) -> int:
    """The invoice of a booking that has just been confirmed; its id. The deed's answer is kept with it."""
    facts = {
        **as_json(quote),
        "vat": as_text(quote.vat, quote.places),
        "vat_rate": settings.VAT_RATE,
        "kinds": {str(ticket.id): ticket.kind for ticket in booking.tickets},
        "coupon": quote.coupon_code,
        "ref": booking.ref,
        "customer_name": booking.customer_name,
        "customer_email": booking.customer_email,
        "movie": booking.movie,
        "screen": booking.screen,
        "starts_at": booking.starts_at.isoformat(),
        "method": method,
        "seller": by.name if by.is_staff else "",
    }
    tickets = [ticket.id for ticket in booking.tickets]
    return _number("invoice", booking.id, None, quote.total, quote.vat, tickets, facts, kept(once, answer))


def credit(
    *,
    booking_id: int,
    invoice_id: int,
    total: Decimal,
    vat: Decimal,
    tickets: Sequence[int],
    facts: dict[str, Any],
    once: Once | None,
    answer: dict[str, Any],
) -> int:
    """The credit note for returned tickets; `total` and `vat` are negative. Its id. Keeps the answer too."""
    return _number("credit_note", booking_id, invoice_id, total, vat, tickets, facts, kept(once, answer))


def _number(
    series: str,
    booking_id: int,
    refers_to: int | None,
    total: Decimal,
    vat: Decimal,
    tickets: Sequence[int],
    facts: dict[str, Any],
    answer: dict[str, str | None],
) -> int:
    [row] = fetch(
        _ISSUE,
        {
            "series": series, "zone": str(quotes.ZONE), "booking": booking_id, "refers_to": refers_to,
            "total": total, "vat": vat, "tickets": json.dumps(list(tickets)), "facts": json.dumps(facts),
            **answer,
        },
    )  # fmt: skip
    return int(row[0])
