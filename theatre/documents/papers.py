"""A booking's papers: what the database knows of it, filled into the values that are printed."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from theatre.documents import calendar, invoice, ticket, words
from theatre.documents.record import ticket_code
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
from theatre.queries.bookings import SeenBooking
from theatre.queries.papers import Paper
from theatre.rules.moments import duration


def house() -> House:
    """The theatre as its settings name it."""
    return House(
        name=settings.THEATRE_NAME,
        address=settings.THEATRE_ADDRESS,
        phone=settings.THEATRE_PHONE,
        email=parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
        tax_number=settings.THEATRE_TAX_NUMBER,
    )


def showing_of(booking: SeenBooking) -> Showing:
    """The booking's show as a guest knows it."""
    return Showing(
        movie_title=booking.movie,
        certificate=booking.certificate,
        screen=booking.screen,
        starts_at=booking.starts_at,
        doors_at=booking.starts_at - timedelta(minutes=settings.DOORS_MINUTES),
        ends_at=booking.ends_at,
        zone=settings.THEATRE_ZONE,
        formats=tuple(booking.formats),
    )


def tickets_pdf(booking: SeenBooking, *, language: str = "en") -> bytes:
    """The sheet of the tickets that are sold. A booking without any (held, cancelled) is a ValueError."""
    return ticket.render_tickets(_tickets_of(booking, language), language=language)


def tickets_roll(booking: SeenBooking, *, language: str = "en") -> bytes:
    """The same tickets for the roll of a counter's printer."""
    return ticket.render_roll(_tickets_of(booking, language), language=language)


def _tickets_of(booking: SeenBooking, language: str) -> TicketSheet:
    sold = [each for each in booking.tickets if each.state == "sold"]
    if not sold or booking.confirmed_at is None:
        raise ValueError(f"Booking {booking.ref} has no ticket to print")
    with translation.override(language):
        return TicketSheet(
            house=house(),
            showing=showing_of(booking),
            reference=booking.ref,
            issued_at=booking.confirmed_at,
            currency=settings.CURRENCY,
            seats=tuple(
                SeatTicket(
                    row=each.row,
                    number=str(each.number),
                    kind=words.seat_for(each.kind, each.audience),
                    code=ticket_code(booking, each) or "",
                    price=each.price or Decimal(0),
                )
                for each in sold
            ),
            terms=cancellation_rule(),
        )


def invoice_of(booking: SeenBooking, paper: Paper) -> Invoice:
    """The booking's invoice as it was issued, in the words of the active language."""
    booking = _as_issued(booking, paper.facts)
    lines = _lines(booking, paper.facts["lines"], paper.facts["kinds"])
    return Invoice(
        house=house(),
        showing=showing_of(booking),
        number=paper.number,
        issued_at=paper.issued_at,
        reference=booking.ref,
        customer_name=booking.customer_name,
        customer_email=booking.customer_email,
        currency=paper.facts["currency"],
        lines=lines,
        list_total=sum((line.list_price for line in lines), Decimal(0)),
        discounts=_by_label(lines),
        vat_rate=Decimal(paper.facts["vat_rate"]),
        vat_total=paper.vat,
        total=paper.total,
        paid_by=words.way_of_paying(paper.facts["method"]),
        sold_by=paper.facts["seller"] or _("Online"),
        cancellation_rule=cancellation_rule(),
    )


def _as_issued(booking: SeenBooking, facts: dict[str, Any]) -> SeenBooking:
    """The booking with the names and the time that its invoice was issued with, whatever has been renamed since."""
    return replace(
        booking,
        customer_name=facts["customer_name"],
        customer_email=facts["customer_email"],
        movie=facts["movie"],
        screen=facts["screen"],
        starts_at=datetime.fromisoformat(facts["starts_at"]),
    )


def invoice_pdf(booking: SeenBooking, paper: Paper, *, language: str = "en") -> bytes:
    """The PDF of the booking's invoice as it was issued."""
    with translation.override(language):
        printed = invoice_of(booking, paper)
    return invoice.render_invoice(printed, language=language)


def credit_note_pdf(booking: SeenBooking, sale: Paper, note: Paper, *, language: str = "en") -> bytes:
    """The credit note that takes back part of the invoice ``sale``, or all of it."""
    booking = _as_issued(booking, sale.facts)
    with translation.override(language):
        returned = [line for line in sale.facts["lines"] if line["ticket"] in note.ticket_ids]
        printed = CreditNote(
            house=house(),
            showing=showing_of(booking),
            number=note.number,
            issued_at=note.issued_at,
            invoice_number=sale.number,
            invoice_issued_at=sale.issued_at,
            reference=booking.ref,
            customer_name=booking.customer_name,
            customer_email=booking.customer_email,
            currency=sale.facts["currency"],
            lines=_lines(booking, returned, sale.facts["kinds"]),
            vat_rate=Decimal(sale.facts["vat_rate"]),
            vat_total=-note.vat,
            total=-note.total,
            paid_back_by=words.way_of_paying(sale.facts["method"]),
            issued_by=settings.THEATRE_NAME,
            reason=note.facts.get("reason", ""),
        )
    return invoice.render_credit_note(printed, language=language)


def calendar_file(booking: SeenBooking, *, sequence: int = 0, language: str = "en") -> bytes:
    """The show for the guest's calendar; of a cancelled booking the file that takes it off again.

    ``sequence`` grows with every change that is sent: calendars believe the highest they have seen.
    """
    seats = [each.seat for each in booking.tickets if each.state == "sold"]
    return calendar.calendar_entry(
        house=house(),
        showing=showing_of(booking),
        reference=booking.ref,
        seats=tuple(seats or [each.seat for each in booking.tickets]),
        made_at=booking.ended_at or booking.confirmed_at or booking.created_at,
        sequence=sequence,
        cancelled=booking.state == "cancelled",
        language=language,
    )


def cancellation_rule() -> str:
    """Until when a guest can cancel, in one sentence."""
    window = duration(timedelta(minutes=settings.CANCEL_UNTIL_MINUTES))
    return _("Tickets can be cancelled until %(window)s before the movie.") % {"window": window}


def _lines(
    booking: SeenBooking, lines: Iterable[dict[str, Any]], kinds: dict[str, str]
) -> tuple[InvoiceLine, ...]:
    return tuple(
        InvoiceLine(
            seat=line["seat"],
            kind=words.seat_for(
                kinds[str(line["ticket"])], line.get("audience", "adult")
            ),  # old invoices' are adults'
            list_price=Decimal(line["list"]),
            discounts=tuple(
                Discount(label=_why(taken, booking), amount=-Decimal(taken["amount"]))
                for taken in line["discounts"]
            ),
            vat=Decimal(line["vat"]),
            price=Decimal(line["price"]),
        )
        for line in lines
    )


def _why(taken: dict[str, str], booking: SeenBooking) -> str:
    if taken["kind"] == "tier":
        percent = f"{booking.tier_percent.normalize():f}"
        return _("%(tier)s member, %(percent)s%%") % {"tier": taken["label"], "percent": percent}
    if taken["kind"] == "coupon":
        return _("Coupon %(code)s") % {"code": taken["label"]}
    return _("Complimentary")


def _by_label(lines: Iterable[InvoiceLine]) -> tuple[Discount, ...]:
    sums: dict[str, Decimal] = {}
    for line in lines:
        for taken in line.discounts:
            sums[taken.label] = sums.get(taken.label, Decimal(0)) + taken.amount
    return tuple(Discount(label=label, amount=amount) for label, amount in sums.items())
