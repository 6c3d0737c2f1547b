"""The programme for calendars and for search engines."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from theatre.models.sql import fetch, fetch_one
from theatre.queries.kept import Facts, kept
from theatre.queries.programme import facts_of

FEED_DAYS = 14  # ahead
FEED_LONGEST = 1000  # shows


class Coming(NamedTuple):
    """A show of the calendar feed."""

    id: int
    title: str
    screen: str
    starts_at: datetime
    ends_at: datetime
    formats: tuple[str, ...]
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """The shows still to come, of the house or of one movie, whose title it carries."""

    title: str
    shows: tuple[Coming, ...]
    facts: Facts


@kept
def feed(now: datetime, slug: str) -> Feed | None:
    """The shows of the coming weeks for a calendar: of one movie, or of the whole house when `slug` is empty.

    None for a movie that is not shown to guests. Two queries besides the one that asks.
    """
    of_one = fetch_one("SELECT title FROM theatre_movie WHERE slug = %s AND state <> 'draft'", [slug])
    if slug and of_one is None:
        return None
    rows = fetch(
        "SELECT s.id, m.title, sc.name, s.starts_at, s.ends_at, s.formats, greatest(s.created_at, m.changed_at)"
        " FROM theatre_show s JOIN theatre_movie m ON m.id = s.movie_id JOIN theatre_screen sc ON sc.id = s.screen_id"
        " WHERE s.state = 'on_sale' AND s.starts_at > %(now)s AND s.starts_at < %(end)s"
        " AND (%(slug)s = '' OR m.slug = %(slug)s) ORDER BY s.starts_at, s.id LIMIT %(most)s",
        {"now": now, "end": now + timedelta(days=FEED_DAYS), "slug": slug, "most": FEED_LONGEST},
    )
    shows = tuple(
        Coming(id_, title, screen, starts, ends, tuple(formats), changed)
        for id_, title, screen, starts, ends, formats, changed in rows
    )
    firsts = [shows[0].starts_at] if shows else []
    return Feed(of_one[0] if of_one else "", shows, facts_of(now, [], *firsts))


def addresses() -> list[tuple[str, datetime]]:
    """The slug of every movie guests may know of, and when it last changed; for search engines. One query."""
    return fetch("SELECT slug, changed_at FROM theatre_movie WHERE state <> 'draft' ORDER BY id LIMIT 45000")
