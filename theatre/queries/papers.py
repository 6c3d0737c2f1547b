"""Invoices and credit notes as they were issued."""

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from theatre.models.sql import fetch


@dataclass(frozen=True, slots=True)
class Paper:
    """One invoice or credit note. `facts` is what it said when it was issued; a credit note's sums are negative."""

    id: int
    series: str
    year: int
    running: int
    issued_at: datetime
    total: Decimal
    vat: Decimal
    ticket_ids: list[int]
    facts: dict[str, Any]

    @property
    def is_invoice(self) -> bool:
        return self.series == "invoice"

    @property
    def number(self) -> str:
        """As printed: `2026-00142`, a credit note `C2026-00007`."""
        return f"{'' if self.is_invoice else 'C'}{self.year}-{self.running:05d}"


def papers_of(booking_id: int) -> list[Paper]:
    """The invoice of a confirmed booking, then its credit notes as they were issued. One query."""
    rows = fetch(
        "SELECT id, series, year, number, issued_at, total, vat, ticket_ids::text, facts::text FROM theatre_invoice"
        " WHERE booking_id = %s ORDER BY series = 'credit_note', id",
        [booking_id],
    )
    return [Paper(*(*row[:7], json.loads(row[7]), json.loads(row[8]))) for row in rows]
