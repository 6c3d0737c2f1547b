"""The calendar entry of a booking (.ics), and the one that takes it off the calendar again."""

from datetime import datetime, timedelta

from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event, vCalAddress, vText

from theatre.documents import words
from theatre.documents.values import House, Showing

_ALARM = timedelta(hours=-2)


def calendar_entry(
    *,
    house: House,
    showing: Showing,
    reference: str,
    seats: tuple[str, ...],
    made_at: datetime,
    sequence: int = 0,
    cancelled: bool = False,
    language: str = "en",
) -> bytes:
    """One event in UTC, from start to end, with the reference as its lasting identity.

    A changed or cancelled booking is sent with a higher ``sequence`` and the same reference, and calendars replace
    what they have; ``cancelled`` makes it a cancellation. ``seats`` are labels such as ``F 7``.
    """
    movie, screen, name = (words.one_line(text) for text in (showing.movie_title, showing.screen, house.name))
    with translation.override(language):
        event = Event()
        event.add("uid", f"{reference.lower()}@movie-counter")
        event.add("sequence", sequence)
        event.add("dtstamp", made_at)
        event.add("dtstart", showing.starts_at)
        event.add("dtend", showing.ends_at)
        event.add("summary", movie)
        event.add("location", ", ".join([screen, name, *house.address.splitlines()]))
        event.add(
            "description",
            _("Seats %(seats)s. Doors %(doors)s. Reference %(reference)s.")
            % {
                "seats": ", ".join(seats),
                "doors": words.clock(showing.doors_at, showing.zone),
                "reference": words.spaced(reference),
            },
        )
        event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
        event.add("transp", "OPAQUE")
        if house.email:
            organizer = vCalAddress(f"MAILTO:{house.email}")
            organizer.params["cn"] = vText(name)
            event.add("organizer", organizer)
        if not cancelled:
            event.add_component(_alarm(movie))

    calendar = Calendar()
    calendar.add("prodid", "-//Movie Counter//Tickets//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    calendar.add_component(event)
    return calendar.to_ical()


def _alarm(movie: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", movie)
    alarm.add("trigger", _ALARM)
    return alarm
