"""One movie as guests read it: its facts, its times, its reviews. Kept: asking again costs one query."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from theatre.models.sql import fetch, fetch_one
from theatre.queries import reviews
from theatre.queries.kept import Facts, kept
from theatre.queries.programme import (
    FROM_SHOWS,
    MOVIE,
    MOVIE_COLUMNS,
    RATED,
    SHOWTIME,
    ZONE,
    Listed,
    Showtime,
    bounds,
    facts_of,
    listed,
    showtime,
)
from theatre.queries.reviews import Opinion

DAYS_AT_ONCE = 7  # days with shows


@dataclass(frozen=True, slots=True)
class Seen:
    """A movie's own page: its facts, its times by day, its reviews and how many gave how many stars.

    `days` are the first with shows from the day asked for; `later` is the next one after them, `earlier` says that
    there are some before.
    """

    movie: Listed
    director: str
    actors: str
    languages: tuple[str, ...]
    trailer: str
    now: datetime
    days: tuple[tuple[datetime, tuple[Showtime, ...]], ...]
    later: date | None
    earlier: bool
    opinions: tuple[Opinion, ...]
    spread: tuple[tuple[int, int], ...]  # stars, reviews: five first
    facts: Facts


@kept
def movie(now: datetime, slug: str, after: date | None, page: int) -> Seen | None:
    """A movie's page, or None for one that is not shown to guests (a draft, or unknown).

    `after` is the first day of its times, `page` that of its reviews. Four queries besides the one that asks.
    """
    row = fetch_one(
        f"SELECT {MOVIE}, m.director, m.actors, m.languages, m.trailer_url"  # noqa: S608 - parts of this file
        f" FROM theatre_movie m {RATED} WHERE m.slug = %s AND m.state <> 'draft'",
        [slug],
    )
    if row is None:
        return None
    found = listed(row)
    director, actors, languages, trailer = row[MOVIE_COLUMNS:]
    begins = bounds(after, 1)[0] if after and after > now.astimezone(ZONE).date() else now
    # The days are the theatre's; one more than is shown says what comes after.
    rows = fetch(
        f"""SELECT {SHOWTIME}, dated.earlier {FROM_SHOWS} JOIN (
              SELECT id, dense_rank() OVER (PARTITION BY starts_at >= %(begins)s
                                            ORDER BY (starts_at AT TIME ZONE %(zone)s)::date) AS at,
                     starts_at >= %(begins)s AS ahead, bool_or(starts_at < %(begins)s) OVER () AS earlier
              FROM theatre_show
              WHERE movie_id = %(movie)s AND state = 'on_sale' AND starts_at > %(now)s
            ) dated ON dated.id = s.id
            WHERE dated.ahead AND dated.at <= %(days)s ORDER BY s.starts_at, s.id""",  # noqa: S608 - as above
        {"begins": begins, "zone": ZONE.key, "movie": found.id, "now": now, "days": DAYS_AT_ONCE + 1},
    )
    times = [showtime(row[:-1]) for row in rows]
    days = _by_day(times)
    return Seen(
        movie=found, director=director, actors=actors, languages=tuple(languages), trailer=trailer, now=now,
        days=days[:DAYS_AT_ONCE],
        later=days[DAYS_AT_ONCE][0].astimezone(ZONE).date() if len(days) > DAYS_AT_ONCE else None,
        earlier=bool(rows and rows[0][-1]),
        opinions=reviews.page(found.id, page),
        spread=reviews.spread(found.id),
        facts=facts_of(now, times),
    )  # fmt: skip


def _by_day(times: Sequence[Showtime]) -> tuple[tuple[datetime, tuple[Showtime, ...]], ...]:
    days: dict[date, list[Showtime]] = {}
    for time in times:
        days.setdefault(time.starts_at.astimezone(ZONE).date(), []).append(time)
    return tuple((shows[0].starts_at, tuple(shows)) for shows in days.values())
