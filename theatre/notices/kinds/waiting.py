"""Letters to those who wait for seats of a sold-out show."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from theatre.documents import words
from theatre.notices.kinds.written import Kinds, QueuedLetter, Written
from theatre.queries import waiting
from theatre.queries.bookings import for_papers


def _seats_offered(letter: QueuedLetter, language: str) -> Written:
    if letter.booking_id is None:
        raise ValueError("An offer is about a booking")
    booking = for_papers(letter.booking_id)
    until = words.clock(booking.held_until, settings.THEATRE_ZONE)
    context = {
        **_show(booking.movie, booking.starts_at, language),
        "until": until,
        "seats": [each.seat for each in booking.tickets],
        "reference": words.spaced(booking.ref),
        "link": settings.SITE_URL + reverse("checkout", args=[booking.ref]),
    }
    subject = _("Seats came free: %(movie)s, yours until %(until)s") % {
        "movie": context["movie"],
        "until": until,
    }
    return Written(subject, "seats_offered", context)


def _waited_in_vain(letter: QueuedLetter, language: str) -> Written:
    show = waiting.waited_for(letter.data["show"], None, settings.SEATS_PER_BOOKING)
    if show is None:
        raise ValueError("The show that was waited for is gone")
    context = {
        **_show(show.title, show.starts_at, language),
        "cancelled": show.state == "cancelled",
        "link": settings.SITE_URL + reverse("movie", args=[show.slug]),
    }
    return Written(_("Nothing came free: %(movie)s") % {"movie": context["movie"]}, "waited_in_vain", context)


def _show(title: str, starts_at: datetime, language: str) -> dict[str, Any]:
    return {
        "movie": words.one_line(title)[:120],
        "day": words.long_day(starts_at, settings.THEATRE_ZONE, language),
        "time": words.clock(starts_at, settings.THEATRE_ZONE),
    }


KINDS: Kinds = {"seats_offered": _seats_offered, "waited_in_vain": _waited_in_vain}
