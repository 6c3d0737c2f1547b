"""One evening to print: two seats of The Long Exposure, on a winter Thursday in Berlin."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from theatre.documents import codes
from theatre.documents.values import (
    CreditNote,
    Discount,
    House,
    Invoice,
    InvoiceLine,
    SeatTicket,
    Showing,
    TicketSheet,
)

STARTS_AT = datetime(2026, 11, 26, 19, 15, tzinfo=UTC)
ISSUED_AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
HOUSE = House(
    name="Movie Counter",
    address="4 Projection Row",
    phone="01 555 0142",
    email="hello@movie-counter.example",
    tax_number="DE 123456789",
)


def showing(movie_title: str = "The Long Exposure", **changes: Any) -> Showing:
    return Showing(
        **{
            "movie_title": movie_title,
            "certificate": "15",
            "screen": "Screen 2, the Lantern",
            "starts_at": STARTS_AT,
            "doors_at": STARTS_AT - timedelta(minutes=15),
            "ends_at": STARTS_AT + timedelta(minutes=146),
            "zone": "Europe/Berlin",
            "formats": ("Subtitled",),
            **changes,
        }
    )


def code(ticket_id: int = 1000) -> str:
    return codes.sign(ticket_id, 77, f"{ticket_id:016x}", codes.current_key())


def sheet(seats: int = 2, **changes: Any) -> TicketSheet:
    """A sheet of seats F 7, F 8 and so on; ``changes`` go to its showing."""
    return TicketSheet(
        house=HOUSE,
        showing=showing(**changes),
        reference="K7QM4XPA",
        issued_at=ISSUED_AT,
        currency="EUR",
        seats=tuple(
            SeatTicket(
                row="F",
                number=str(7 + place),
                kind="Premium",
                code=code(1000 + place),
                price=Decimal("13.30"),
            )
            for place in range(seats)
        ),
        terms="Tickets can be cancelled until 2 hours before the movie.",
    )


def line(seat: str = "F 7") -> InvoiceLine:
    return InvoiceLine(
        seat=seat,
        kind="Premium",
        list_price=Decimal("14.00"),
        discounts=(
            Discount(label="Silver member, 5%", amount=Decimal("-0.70")),
            Discount(label="Coupon SUMMER15, 15%", amount=Decimal("-2.00")),
        ),
        vat=Decimal("0.74"),
        price=Decimal("11.30"),
    )


def invoice(seats: int = 2, **changes: Any) -> Invoice:
    return Invoice(
        **{
            "house": HOUSE,
            "showing": showing(),
            "number": "2026-00142",
            "issued_at": ISSUED_AT,
            "reference": "K7QM4XPA",
            "customer_name": "Maya Rahman",
            "customer_email": "maya@example.com",
            "currency": "EUR",
            "lines": tuple(line(f"F {7 + place}") for place in range(seats)),
            "list_total": Decimal("14.00") * seats,
            "discounts": (
                Discount(label="Silver member, 5%", amount=Decimal("-0.70") * seats),
                Discount(label="Coupon SUMMER15, 15%", amount=Decimal("-2.00") * seats),
            ),
            "vat_rate": Decimal("7.00"),
            "vat_total": Decimal("0.74") * seats,
            "total": Decimal("11.30") * seats,
            "paid_by": "Card, at the counter",
            "sold_by": "Tomás Silva",
            "cancellation_rule": "Tickets can be cancelled until 2 hours before the movie.",
            **changes,
        }
    )


def credit_note(**changes: Any) -> CreditNote:
    return CreditNote(
        **{
            "house": HOUSE,
            "showing": showing(),
            "number": "C2026-00007",
            "issued_at": STARTS_AT,
            "invoice_number": "2026-00142",
            "invoice_issued_at": ISSUED_AT,
            "reference": "K7QM4XPA",
            "customer_name": "Maya Rahman",
            "customer_email": "maya@example.com",
            "currency": "EUR",
            "lines": (line("F 8"),),
            "vat_rate": Decimal("7.00"),
            "vat_total": Decimal("0.74"),
            "total": Decimal("11.30"),
            "paid_back_by": "Card, at the counter",
            "issued_by": "Tomás Silva",
            **changes,
        }
    )
