"""Letters to the guests of a show that was cancelled or moved."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from theatre.documents import papers, words
from theatre.notices.kinds import bookings
from theatre.notices.kinds.written import Kinds, QueuedLetter, Written
from theatre.queries import closing
from theatre.queries.bookings import SeenBooking


def _show_cancelled(letter: QueuedLetter, language: str) -> Written:
    booking, sale, notes = bookings.about(letter)
    note = bookings.note_of(letter, notes)
    attachments = [
        bookings.pdf(
            f"credit-note-{note.number}", papers.credit_note_pdf(booking, sale, note, language=language)
        ),
        bookings.calendar(booking, len(notes), language),
    ]
    seats = [each.seat for each in booking.tickets if each.id in letter.data["tickets"]]
    refunded = Decimal(letter.data["refunded"])
    written = show_cancelled(booking, seats, refunded, letter.data["reason"], language)
    return Written(written.subject, written.template, written.context, attachments)


def show_cancelled(
    booking: SeenBooking, seats: list[str], refunded: Decimal, reason: str, language: str
) -> Written:
    """What the letter says about a booking, whether or not it has been given back yet: also its preview."""
    context = {
        **_facts(booking, booking.starts_at, language),
        "seats": seats,
        "refunded": words.money(refunded, settings.CURRENCY, language) if refunded else "",
        "paid_by": words.way_of_paying(booking.method),
        "reason": reason,
        "others": [
            {
                "words": f"{_day(other.starts_at, language)}, {_clock(other.starts_at)}, {other.screen}",
                "link": settings.SITE_URL + reverse("seats", args=[other.show_id]),
            }
            for other in closing.other_times(booking.movie_id, but=booking.show_id)
        ],
        "movie_link": settings.SITE_URL + reverse("movie", args=[booking.slug]),
    }
    subject = _("Your show is cancelled: %(movie)s, %(day)s %(time)s") % {
        "movie": words.one_line(booking.movie)[: bookings.LONGEST_TITLE],
        "day": words.short_day(booking.starts_at, settings.THEATRE_ZONE, language),
        "time": _clock(booking.starts_at),
    }
    return Written(subject, "show_cancelled", context)


def _facts(booking: SeenBooking, starts_at: datetime, language: str) -> dict[str, Any]:
    """What every letter about a show names."""
    return {
        "booking": booking,
        "reference": words.spaced(booking.ref),
        "day": _day(starts_at, language),
        "time": _clock(starts_at),
        "doors": words.clock(papers.showing_of(booking).doors_at, settings.THEATRE_ZONE),
        "link": settings.SITE_URL + reverse("booking", args=[booking.ref]),
    }


def _day(moment: datetime, language: str) -> str:
    return words.long_day(moment, settings.THEATRE_ZONE, language)


def _clock(moment: datetime) -> str:
    return words.clock(moment, settings.THEATRE_ZONE)


KINDS: Kinds = {"show_cancelled": _show_cancelled}
