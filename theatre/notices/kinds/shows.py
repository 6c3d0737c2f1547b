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
from theatre.queries import closing, links, moving
from theatre.queries.bookings import SeenBooking, for_papers


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


def _show_moved(letter: QueuedLetter, language: str) -> Written:
    if letter.booking_id is None:
        raise ValueError("A letter about a move is about a booking")
    booking, move = for_papers(letter.booking_id), moving.answer_of(letter.booking_id)
    if move is None:
        raise ValueError(f"The show of booking {booking.ref} was not moved")
    attachments = []
    if booking.state == "confirmed":
        attachments = [
            bookings.pdf("tickets", papers.tickets_pdf(booking, language=language)),
            bookings.calendar(booking, 0, language),
        ]
    written = show_moved(
        booking,
        seats=(list(move.was_seats), list(move.seats)),
        was=(move.was_screen, move.was_starts_at),
        reason=move.reason,
        answer_at=settings.SITE_URL + links.to_moved(booking.id),
        language=language,
    )
    return Written(written.subject, written.template, written.context, attachments)


def show_moved(
    booking: SeenBooking,
    *,
    seats: tuple[list[str], list[str]],
    was: tuple[str, datetime],
    reason: str,
    answer_at: str,
    language: str,
) -> Written:
    """What the letter says of a booking that is where the show has moved to: also its preview. `seats` are their names
    before and after, `was` the screen and time before, `answer_at` the link by which the guest answers."""
    screen, starts_at = was
    facts = {"movie": words.one_line(booking.movie)[: bookings.LONGEST_TITLE], "screen": booking.screen}
    facts["day"] = words.short_day(booking.starts_at, settings.THEATRE_ZONE, language)
    facts["time"] = _clock(booking.starts_at)
    other_time, other_screen = starts_at != booking.starts_at, screen != booking.screen
    subject = (
        _("Your show moved: %(movie)s, now %(day)s %(time)s")
        if other_time
        else _("Your show moved: %(movie)s, now in %(screen)s, %(day)s %(time)s")
    )
    old, new = seats
    context = {
        **_facts(booking, booking.starts_at, language),
        "screen": booking.screen,
        "other_time": other_time,
        "other_screen": other_screen,
        "was_screen": screen,
        "was_day": _day(starts_at, language),
        "was_time": _clock(starts_at),
        "seats": new,
        "was_seats": old if old != new else [],
        "reason": reason,
        "answer_link": answer_at,
    }
    return Written(subject % facts, "show_moved", context)


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


KINDS: Kinds = {"show_cancelled": _show_cancelled, "show_moved": _show_moved}
