"""A day of the programme as guests read it, and what comes soon. Kept: asking again costs one query."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from theatre.models.sql import fetch, fetch_one
from theatre.queries.kept import Facts, kept
from theatre.queries.programme import (
    MOVIE,
    RATED,
    TIMES,
    ZONE,
    Listed,
    Showtime,
    Wanted,
    facts_of,
    listed,
    on_day,
)

DAYS_AHEAD = 366  # that can be asked for
SOON_ON_HOME = 3
SOON_AT_ONCE = 48  # movies on a page of what comes
NEXT_TIMES = 3


class Elsewhere(NamedTuple):
    """Another day that has what is wanted, in so many movies."""

    day: date
    movies: int
    first: datetime


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the programme, all of it. `elsewhere` is looked for when nothing of it is what is wanted: another
    day, `likewise` one that has it."""

    today: date
    day: date
    now: datetime
    movies: tuple[Listed, ...]
    soon: tuple[Listed, ...]
    elsewhere: Elsewhere | None
    likewise: bool
    facts: Facts


@dataclass(frozen=True, slots=True)
class NextTimes:
    """The next shows, as a start for whoever has none in mind. `later`: they are not today's."""

    times: tuple[tuple[Listed, Showtime], ...]
    later: bool


@dataclass(frozen=True, slots=True)
class Soon:
    """Movies that are announced, one page of them, and how many there are."""

    movies: tuple[Listed, ...]
    count: int
    facts: Facts


_LIKE = """(%(genre)s = '' OR EXISTS (SELECT 1 FROM theatre_movie_genres mg JOIN theatre_genre g ON g.id = mg.genre_id
                                  WHERE mg.movie_id = s.movie_id AND g.name = %(genre)s))
  AND (%(format)s = '' OR EXISTS (SELECT 1 FROM unnest(s.formats) f
                                  WHERE replace(replace(lower(f), '_', '-'), ' ', '-') = %(format)s))
  AND (cardinality(%(hours)s::int[]) = 0
       OR extract(hour FROM s.starts_at AT TIME ZONE %(zone)s)::int = ANY(%(hours)s::int[]))"""


@kept
def day(now: datetime, asked: date | None, wanted: Wanted) -> Day:
    """The programme of the day asked for, of today without one; when today has no show left, of the next day that has.

    At most five queries besides the one that asks whether it still stands; three for an ordinary evening.
    """
    today = now.astimezone(ZONE).date()
    shown = min(max(asked or today, today), today + timedelta(days=DAYS_AHEAD))
    movies = on_day(shown)
    if asked is None and not any(not time.over for movie in movies for time in movie.times):
        following = _elsewhere(now, today, Wanted())
        if following:
            shown, movies = following.day, on_day(following.day)
    soon = _coming_soon(SOON_ON_HOME, 0)
    ahead = [(movie, time) for movie in movies for time in movie.times if not time.over]
    found = any(wanted.fits(movie, time) for movie, time in ahead)
    like = None if found else _elsewhere(now, shown, wanted)
    elsewhere = like
    if not found and not like and wanted:  # then what else there is, on this day if there is something
        here = (
            Elsewhere(shown, len({movie.id for movie, _time in ahead}), min(t.starts_at for _m, t in ahead))
            if ahead
            else None
        )
        elsewhere = here or _elsewhere(now, None, Wanted())
    times = [time for movie in movies for time in movie.times]
    facts = facts_of(now, times, *([elsewhere.first] if elsewhere else []), counting=True)
    return Day(today, shown, now, movies, soon, elsewhere, bool(like), facts)


def next_times() -> NextTimes | None:
    """The next shows of today that can be booked, or of the next day that has a show; None when none can. As cheap as
    the day itself."""
    kept = day(None, Wanted())
    assert kept is not None  # noqa: S101 - every day has an answer
    seen = kept.answer
    times = [(movie, time) for movie in seen.movies for time in movie.times if time.bookable]
    times.sort(key=lambda pair: pair[1].starts_at)
    return NextTimes(tuple(times[:NEXT_TIMES]), seen.day > seen.today) if times else None


@kept
def coming_soon(now: datetime, page: int) -> Soon:
    """One page of what is announced, the next to open first. Two queries besides the one that asks."""
    movies = _coming_soon(SOON_AT_ONCE, (page - 1) * SOON_AT_ONCE)
    row = fetch_one("SELECT count(*) FROM theatre_movie WHERE state = 'coming_soon'")
    return Soon(movies, row[0] if row else 0, facts_of(now, []))


def _coming_soon(limit: int, offset: int) -> tuple[Listed, ...]:
    rows = fetch(
        f"SELECT {MOVIE} FROM theatre_movie m {RATED} WHERE m.id IN ("  # noqa: S608 - parts of this file
        " SELECT id FROM theatre_movie WHERE state = 'coming_soon'"
        " ORDER BY release_date NULLS LAST, title, id LIMIT %s OFFSET %s)"
        " ORDER BY m.release_date NULLS LAST, m.title, m.id",
        [limit, offset],
    )
    return tuple(map(listed, rows))


def _elsewhere(now: datetime, day: date | None, wanted: Wanted) -> Elsewhere | None:
    """The next day after this one that has a show like it still to start; without one, the last before it. Without a
    day, the next of all."""
    row = fetch_one(
        f"""SELECT day, count(DISTINCT movie_id), min(starts_at) FROM (
              SELECT s.movie_id, s.starts_at, (s.starts_at AT TIME ZONE %(zone)s)::date AS day FROM theatre_show s
              WHERE s.state = 'on_sale' AND s.starts_at > %(now)s AND {_LIKE}
            ) fits WHERE day IS DISTINCT FROM %(day)s::date
            GROUP BY day ORDER BY day < %(day)s::date, abs(day - %(day)s::date), day LIMIT 1""",  # noqa: S608 - parts of this file
        {
            "zone": ZONE.key, "now": now, "day": day, "genre": wanted.genre, "format": wanted.format,
            "hours": sorted(TIMES.get(wanted.time, ())),
        },
    )  # fmt: skip
    return Elsewhere(*row) if row else None
