"""Letters about a booking, to its customer and to those who sold it, and about what bookings earn."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from theatre.documents import papers, qr, words
from theatre.documents.record import ticket_code
from theatre.notices.kinds.written import Attachment, Code, Kinds, QueuedLetter, Written
from theatre.queries import moving
from theatre.queries.bookings import SeenBooking, for_papers
from theatre.queries.papers import Paper, papers_of

LONGEST_TITLE = 120  # of a movie, in a subject
_MOST_CODES = 10  # shown in the letter itself; the PDF has all of them


def _booking_confirmed(letter: QueuedLetter, language: str) -> Written:
    booking, sale, _notes = about(letter)
    subject = _("Your tickets: %(movie)s, %(day)s %(time)s, %(seats)s") % _facts(booking, language)
    tickets = [each for each in booking.tickets if each.state == "sold"]
    attachments = [pdf(f"invoice-{sale.number}", papers.invoice_pdf(booking, sale, language=language))]
    if tickets:
        attachments = [
            pdf("tickets", papers.tickets_pdf(booking, language=language)),
            *attachments,
            calendar(booking, 0, language),
        ]
    codes = _codes(booking)
    context = {**_context(booking, sale, language), "codes": codes}
    return Written(subject, "booking_confirmed", context, attachments, codes)


def _booking_changed(letter: QueuedLetter, language: str) -> Written:
    booking, sale, _notes = about(letter)
    was_sale, *was_notes = papers_of(letter.data["was"])
    was, note = for_papers(letter.data["was"]), note_of(letter, was_notes)
    subject = _("Changed: %(movie)s, %(day)s %(time)s, %(seats)s") % _facts(booking, language)
    attachments = [
        pdf(f"invoice-{sale.number}", papers.invoice_pdf(booking, sale, language=language)),
        pdf(f"credit-note-{note.number}", papers.credit_note_pdf(was, was_sale, note, language=language)),
        calendar(booking, 0, language),
    ]
    codes = _codes(booking)
    if codes:
        attachments.insert(0, pdf("tickets", papers.tickets_pdf(booking, language=language)))
    difference = (booking.total or Decimal(0)) - Decimal(letter.data["refunded"])
    old = [each for each in was.tickets if each.id in letter.data["tickets"]]
    context = {
        **_context(booking, sale, language),
        "codes": codes,
        "was": was,
        "was_day": words.long_day(was.starts_at, settings.THEATRE_ZONE, language),
        "was_time": words.clock(was.starts_at, settings.THEATRE_ZONE),
        "was_reference": words.spaced(was.ref),
        "was_seats": [each.seat for each in old],
        "to_pay": _money(difference, language) if difference > 0 else "",
        "to_get": _money(-difference, language) if difference < 0 else "",
        "back_by": words.way_of_paying(was.method),
    }
    return Written(subject, "booking_changed", context, attachments, codes)


def _booking_cancelled(letter: QueuedLetter, language: str) -> Written:
    booking, sale, notes = about(letter)
    note = note_of(letter, notes)
    subject = _("Cancelled: %(movie)s, %(day)s %(time)s, %(seats)s") % _facts(booking, language, letter)
    attachments = [
        pdf(f"credit-note-{note.number}", papers.credit_note_pdf(booking, sale, note, language=language)),
        calendar(booking, len(notes), language),
    ]
    return Written(subject, "booking_cancelled", _returned(letter, booking, sale, language), attachments)


def _tickets_returned(letter: QueuedLetter, language: str) -> Written:
    booking, sale, notes = about(letter)
    note = note_of(letter, notes)
    subject = _("Tickets returned: %(movie)s, %(day)s %(time)s, %(seats)s") % _facts(
        booking, language, letter
    )
    credit = pdf(f"credit-note-{note.number}", papers.credit_note_pdf(booking, sale, note, language=language))
    attachments = [credit, calendar(booking, notes.index(note) + 1, language)]
    if booking.live_tickets:
        attachments.insert(0, pdf("tickets", papers.tickets_pdf(booking, language=language)))
    return Written(subject, "tickets_returned", _returned(letter, booking, sale, language), attachments)


def _tier_reached(letter: QueuedLetter, language: str) -> Written:
    tier, percent = letter.data["tier"], f"{Decimal(letter.data['percent']).normalize():f}"
    subject = _("You’re %(tier)s: %(percent)s%% off from now") % {"tier": tier, "percent": percent}
    return Written(subject, "tier_reached", {"tier": tier, "percent": percent})


def _new_booking(letter: QueuedLetter, language: str) -> Written:
    booking, sale, _notes = about(letter)
    subject = _("New booking %(ref)s: %(movie)s, %(day)s %(time)s, %(seats)s") % _facts(booking, language)
    return Written(subject, "new_booking", _context(booking, sale, language))


def _cancellation(letter: QueuedLetter, language: str) -> Written:
    booking, sale, _notes = about(letter)
    subject = _("Cancelled %(ref)s: %(movie)s, %(day)s %(time)s, %(seats)s") % _facts(
        booking, language, letter
    )
    return Written(subject, "cancellation", _returned(letter, booking, sale, language))


def about(letter: QueuedLetter) -> tuple[SeenBooking, Paper, list[Paper]]:
    """The letter's booking, its invoice, and its credit notes in order."""
    if letter.booking_id is None:
        raise ValueError(f"A letter of the kind {letter.kind} is about a booking")
    sale, *notes = papers_of(letter.booking_id)
    return for_papers(letter.booking_id), sale, notes


def note_of(letter: QueuedLetter, notes: list[Paper]) -> Paper:
    return next(note for note in notes if letter.data["tickets"][0] in note.ticket_ids)


def _facts(booking: SeenBooking, language: str, letter: QueuedLetter | None = None) -> dict[str, str]:
    movie = words.one_line(booking.movie)
    if len(movie) > LONGEST_TITLE:
        movie = movie[: LONGEST_TITLE - 1].rstrip() + "…"
    return {
        "ref": booking.ref,
        "movie": movie,
        "day": words.short_day(booking.starts_at, settings.THEATRE_ZONE, language),
        "time": words.clock(booking.starts_at, settings.THEATRE_ZONE),
        "seats": " ".join(_seats(booking, letter)),
    }


def _seats(booking: SeenBooking, letter: QueuedLetter | None = None) -> list[str]:
    """The seats the letter is about: those that were returned, else those that are sold, else all there were."""
    if letter is not None:
        return [each.seat for each in booking.tickets if each.id in letter.data["tickets"]]
    return [each.seat for each in booking.tickets if each.state == "sold"] or [
        each.seat for each in booking.tickets
    ]


def _context(booking: SeenBooking, sale: Paper, language: str) -> dict[str, Any]:
    showing = papers.showing_of(booking)
    charged = papers.invoice_of(booking, sale)
    return {
        "booking": booking,
        "reference": words.spaced(booking.ref),
        "day": words.long_day(booking.starts_at, settings.THEATRE_ZONE, language),
        "time": words.clock(booking.starts_at, settings.THEATRE_ZONE),
        "doors": words.clock(showing.doors_at, settings.THEATRE_ZONE),
        "seats": _seats(booking),
        "lines": [(f"{line.seat}, {line.kind}", _money(line.list_price, language)) for line in charged.lines],
        "discounts": [(taken.label, _money(taken.amount, language)) for taken in charged.discounts],
        "total": _money(charged.total, language),
        "vat": _money(charged.vat_total, language),
        "paid_by": charged.paid_by,
        "sold_by": charged.sold_by,
        "cancellation_rule": charged.cancellation_rule,
        "link": settings.SITE_URL + reverse("booking", args=[booking.ref]),
    }


def _returned(letter: QueuedLetter, booking: SeenBooking, sale: Paper, language: str) -> dict[str, Any]:
    return {
        **_context(booking, sale, language),
        "returned": _seats(booking, letter),
        "kept": [each.seat for each in booking.live_tickets],
        "refunded": _money(Decimal(letter.data["refunded"]), language),
    }


def _money(amount: Decimal, language: str) -> str:
    return words.money(amount, settings.CURRENCY, language)


def _codes(booking: SeenBooking) -> list[Code]:
    sold = [each for each in booking.tickets if each.state == "sold"]
    return [
        Code(f"code-{each.id}", each.seat, qr.png(ticket_code(booking, each) or ""))
        for each in sold[:_MOST_CODES]
    ]


def pdf(name: str, content: bytes) -> Attachment:
    return Attachment(f"{name}.pdf", content, "application/pdf")


def calendar(booking: SeenBooking, sequence: int, language: str) -> Attachment:
    """Its calendar entry, in an edition that counts the papers before it and the moves of its show."""
    method = "CANCEL" if booking.state == "cancelled" else "PUBLISH"
    edition = sequence + moving.times_moved(booking.id)
    content = papers.calendar_file(booking, sequence=edition, language=language)
    return Attachment("show.ics", content, f"text/calendar; method={method}; charset=utf-8")


KINDS: Kinds = {
    "booking_confirmed": _booking_confirmed,
    "booking_changed": _booking_changed,
    "booking_cancelled": _booking_cancelled,
    "tickets_returned": _tickets_returned,
    "tier_reached": _tier_reached,
    "new_booking": _new_booking,
    "cancellation": _cancellation,
}
