"""The programme as a calendar that people subscribe to (.ics, RFC 5545)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from theatre.documents import words
from theatre.documents.values import House

ASKED_AGAIN = timedelta(hours=1)  # how often a calendar should look


class Shown(Protocol):
    """What a calendar needs to know of a show. `changed_at` is later whenever something of it changes."""

    @property
    def id(self) -> int: ...
    @property
    def title(self) -> str: ...
    @property
    def screen(self) -> str: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def changed_at(self) -> datetime: ...


def calendar_feed(*, house: House, title: str, shows: Iterable[tuple[Shown, str, str]]) -> bytes:
    """One event for each show, in UTC, with the address of its seats and its formats in words.

    `title` names the movie when the feed is of one alone. An event keeps its identity while its show changes.
    """
    name = words.one_line(house.name)
    calendar = Calendar()
    calendar.add("prodid", "-//Movie Counter//Programme//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{words.one_line(title)}, {name}" if title else name)
    calendar.add("refresh-interval", ASKED_AGAIN, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for show, address, formats in shows:
        screen = words.one_line(show.screen)
        event = Event()
        event.add("uid", f"show-{show.id}@movie-counter")
        event.add("dtstamp", show.changed_at)
        event.add("dtstart", show.starts_at)
        event.add("dtend", show.ends_at)
        event.add("summary", words.one_line(show.title))
        event.add("location", ", ".join([screen, name, *house.address.splitlines()]))
        event.add("description", _("Choose your seats: %(address)s") % {"address": address})
        event.add("url", address)
        if formats:
            event.add("categories", formats.split(", "))
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return calendar.to_ical()
