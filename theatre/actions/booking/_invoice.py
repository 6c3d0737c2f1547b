"""Invoices and credit notes: the number is a transaction's very last statement, so no lock is held longer than
a commit. What the paper says is kept as it was said."""

import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings

from theatre.access import Actor
from theatre.actions.booking._holds import HeldBooking
from theatre.models.sql import fetch_one
from theatre.queries import quotes
from theatre.rules.money import as_text
from theatre.rules.pricing import Quote, as_json

# The year is the theatre's: a sale at half past midnight on 1 January opens the new series.
_ISSUE = """
WITH counter AS (
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
"""


def issue(booking: HeldBooking, quote: Quote, *, method: str, by: Actor) -> int:
    """The invoice of a booking that has just been confirmed; its id."""
    facts = {
        **as_json(quote),
        "vat": as_text(quote.vat, quote.places),
        "vat_rate": settings.VAT_RATE,
        "kinds": {str(ticket.id): ticket.kind for ticket in booking.tickets},
        "coupon": quote.coupon_code,
        "ref": booking.ref,
        "movie": booking.movie,
        "screen": booking.screen,
        "starts_at": booking.starts_at.isoformat(),
        "method": method,
        "seller": by.name if by.is_staff else "",
    }
    return _number(
        "invoice", booking.id, None, quote.total, quote.vat, [t.id for t in booking.tickets], facts
    )


def credit(
    *, booking_id: int, invoice_id: int, total: Any, vat: Any, tickets: Sequence[int], facts: dict[str, Any]
) -> int:
    """The credit note for returned tickets; `total` and `vat` are negative. Its id."""
    return _number("credit_note", booking_id, invoice_id, total, vat, tickets, facts)


def _number(
    series: str,
    booking_id: int,
    refers_to: int | None,
    total: Any,
    vat: Any,
    tickets: Sequence[int],
    facts: dict[str, Any],
) -> int:
    row = fetch_one(
        _ISSUE,
        {
            "series": series, "zone": str(quotes.ZONE), "booking": booking_id, "refers_to": refers_to,
            "total": total, "vat": vat, "tickets": json.dumps(list(tickets)), "facts": json.dumps(facts),
        },
    )  # fmt: skip
    assert row is not None
    return int(row[0])
