"""What can be printed: plain values, filled in by whoever looked them up. Nothing here is computed.

Money is `Decimal` in the theatre's currency, discounts and returned money are negative. Times are aware UTC;
``zone`` names the theatre's time zone, in which they are printed. Sums arrive as given by the quote or the ledger.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class House:
    """The theatre as it signs: ``address`` may have several lines, ``tax_number`` may be empty."""

    name: str
    address: str
    phone: str
    email: str = ""
    tax_number: str = ""


@dataclass(frozen=True, kw_only=True)
class Showing:
    """One show as a guest knows it. ``formats`` are words to print, such as ``Subtitled``."""

    movie_title: str
    certificate: str
    screen: str
    starts_at: datetime
    doors_at: datetime
    ends_at: datetime
    zone: str
    formats: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SeatTicket:
    """One seat: ``code`` is the signed text of its QR, ``price`` what was paid for it."""

    row: str
    number: str
    kind: str
    code: str
    price: Decimal


@dataclass(frozen=True, kw_only=True)
class TicketSheet:
    """The tickets of one booking. ``issued_at`` dates the file, so that printing it again gives the same bytes."""

    house: House
    showing: Showing
    reference: str
    issued_at: datetime
    currency: str
    seats: tuple[SeatTicket, ...]
    terms: str


@dataclass(frozen=True, kw_only=True)
class Discount:
    """Why a price is lower: ``label`` is what the guest reads (``Silver member, 5%``), ``amount`` is negative."""

    label: str
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class InvoiceLine:
    """One seat as it was charged: list price, then the discounts in the order they were taken, then the price.

    ``vat`` is contained in ``price``.
    """

    seat: str
    kind: str
    list_price: Decimal
    discounts: tuple[Discount, ...]
    vat: Decimal
    price: Decimal


@dataclass(frozen=True, kw_only=True)
class Invoice:
    """An invoice as it was issued. ``discounts`` are the sums by label; ``vat_rate`` is a percentage, 0-100.

    ``customer_name`` and ``customer_email`` are empty for a walk-in. ``paid_by`` and ``sold_by`` are words to print.
    """

    house: House
    showing: Showing
    number: str
    issued_at: datetime
    reference: str
    customer_name: str
    customer_email: str
    currency: str
    lines: tuple[InvoiceLine, ...]
    list_total: Decimal
    discounts: tuple[Discount, ...]
    vat_rate: Decimal
    vat_total: Decimal
    total: Decimal
    paid_by: str
    sold_by: str
    cancellation_rule: str


@dataclass(frozen=True, kw_only=True)
class CreditNote:
    """What a cancellation or return gives back. Amounts are positive: this much of ``invoice_number`` is returned."""

    house: House
    showing: Showing
    number: str
    issued_at: datetime
    invoice_number: str
    invoice_issued_at: datetime
    reference: str
    customer_name: str
    customer_email: str
    currency: str
    lines: tuple[InvoiceLine, ...]
    vat_rate: Decimal
    vat_total: Decimal
    total: Decimal
    paid_back_by: str
    issued_by: str
    reason: str = ""
