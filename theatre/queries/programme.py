"""What is on: a day's shows with the seats left, one movie with its times and reviews, what comes soon.

A constant number of queries each, rows as tuples, the clock the database's. Days are the theatre's days.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings

from theatre.models.sql import Row, fetch, fetch_one

ZONE = ZoneInfo(settings.THEATRE_ZONE)
REVIEWS_SHOWN = 20
DAYS_AHEAD = 14  # of one movie's times


class Showtime(NamedTuple):
    """A show on the programme. `left` are seats a customer could take now, of `seats` that are ever sold."""

    id: int
    starts_at: datetime
    ends_at: datetime
    formats: tuple[str, ...]
    screen: str
    screen_number: int
    seats: int
    left: int
    sells: bool  # the on-sale window is open
    over: bool  # it has started

    @property
    def taken(self) -> int:
        return self.seats - self.left

    @property
    def bookable(self) -> bool:
        """Whether a customer can press it now."""
        return self.sells and not self.over and self.left > 0


@dataclass(frozen=True, slots=True)
class Listed:
    """A movie on a list. `rating` is 0 when nobody has reviewed it; `poster` is a file's name or empty."""

    id: int
    slug: str
    title: str
    certificate: str
    minutes: int | None
    genre: str
    synopsis: str
    poster: str
    opens: date | None
    rating: Decimal
    reviews: int
    times: tuple[Showtime, ...] = ()


class Opinion(NamedTuple):
    """An approved review."""

    stars: int
    text: str
    name: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """A movie's own page: its facts, its times by day, its reviews and how many gave how many stars."""

    movie: Listed
    director: str
    actors: str
    languages: tuple[str, ...]
    trailer: str
    state: str
    now: datetime
    days: tuple[tuple[datetime, tuple[Showtime, ...]], ...]
    opinions: tuple[Opinion, ...]
    spread: tuple[tuple[int, int], ...]  # stars, reviews: five first


_MOVIE = """m.id, m.slug, m.title, m.certificate, m.duration_minutes,
       coalesce((SELECT g.name FROM theatre_movie_genres mg JOIN theatre_genre g ON g.id = mg.genre_id
                 WHERE mg.movie_id = m.id ORDER BY mg.id LIMIT 1), ''),
       m.synopsis, m.poster, m.release_date, coalesce(r.rating, 0), coalesce(r.reviews, 0)"""
_RATED = """LEFT JOIN LATERAL (SELECT avg(stars) AS rating, count(*) AS reviews FROM theatre_review
           WHERE movie_id = m.id AND state = 'approved') r ON true"""
_MOVIE_COLUMNS = 11
# Seats are counted as the seat map counts them: without broken and house seats, and without live claims.
_TIMES = """s.id, s.starts_at, s.ends_at, s.formats, sc.name, sc.number, p.seats,
       p.seats - (SELECT count(*) FROM theatre_seatclaim c JOIN theatre_seat x ON x.id = c.seat_id
                  WHERE c.show_id = s.id AND (c.held_until IS NULL OR c.held_until > n.now)
                    AND NOT x.house_seat AND NOT x.broken),
       s.state = 'on_sale' AND coalesce(s.on_sale_from <= n.now, true) AND coalesce(s.on_sale_until > n.now, true),
       s.starts_at <= n.now"""
_FROM = """
FROM (SELECT clock_timestamp() AS now) n
CROSS JOIN theatre_show s
JOIN theatre_screen sc ON sc.id = s.screen_id
JOIN theatre_movie m ON m.id = s.movie_id
CROSS JOIN LATERAL (SELECT count(*) AS seats FROM theatre_seat x
                    WHERE x.plan_id = s.plan_id AND NOT x.house_seat AND NOT x.broken) p"""


def today() -> tuple[date, datetime]:
    """The theatre's day and the moment, by the database's clock. One query."""
    row = fetch_one("SELECT clock_timestamp()")
    assert row is not None  # noqa: S101 - a SELECT without FROM has one row
    return row[0].astimezone(ZONE).date(), row[0]


def on_day(day: date) -> tuple[Listed, ...]:
    """The movies of one day with their times, by their first time. One query."""
    begins, ends = _bounds(day, 1)
    rows = fetch(
        f"SELECT {_MOVIE}, {_TIMES} {_FROM} {_RATED}"
        " WHERE s.starts_at >= %s AND s.starts_at < %s AND s.state IN ('on_sale', 'played')"
        " ORDER BY s.starts_at, s.id",
        [begins, ends],
    )
    return _by_movie(rows)


def next_day_with_shows(after: date) -> date | None:
    """The first day from `after` on that has a show still to start, or None. One query."""
    row = fetch_one(
        "SELECT min(starts_at) FROM theatre_show"
        " WHERE state = 'on_sale' AND starts_at >= %s AND starts_at > clock_timestamp()",
        [_bounds(after, 1)[0]],
    )
    return row[0].astimezone(ZONE).date() if row and row[0] else None


def coming_soon(limit: int = 60) -> tuple[Listed, ...]:
    """Movies that are announced, the next to open first. One query."""
    rows = fetch(
        f"SELECT {_MOVIE} FROM theatre_movie m {_RATED}"  # noqa: S608 - parts of this file
        " WHERE m.state = 'coming_soon' ORDER BY m.release_date NULLS LAST, m.title LIMIT %s",
        [limit],
    )
    return tuple(Listed(*row) for row in rows)


def movie(slug: str) -> Seen | None:
    """A movie's page, or None for one that is not shown to guests (a draft, or unknown). Four queries."""
    row = fetch_one(
        f"SELECT {_MOVIE}, m.director, m.actors, m.languages, m.trailer_url, m.state, clock_timestamp()"  # noqa: S608
        f" FROM theatre_movie m {_RATED} WHERE m.slug = %s AND m.state <> 'draft'",
        [slug],
    )
    if row is None:
        return None
    listed = Listed(*row[:_MOVIE_COLUMNS])
    director, actors, languages, trailer, state, now = row[_MOVIE_COLUMNS:]
    times = fetch(
        f"SELECT {_TIMES} {_FROM}"
        " WHERE s.movie_id = %s AND s.state = 'on_sale' AND s.starts_at > n.now AND s.starts_at < %s"
        " ORDER BY s.starts_at, s.id",
        [listed.id, now + timedelta(days=DAYS_AHEAD)],
    )
    opinions = fetch(
        "SELECT r.stars, r.text, u.full_name, r.written_at"
        " FROM theatre_review r JOIN theatre_customer c ON c.id = r.customer_id JOIN theatre_user u ON u.id = c.user_id"
        " WHERE r.movie_id = %s AND r.state = 'approved' ORDER BY r.written_at DESC, r.id DESC LIMIT %s",
        [listed.id, REVIEWS_SHOWN],
    )
    spread: dict[int, int] = dict(
        fetch(
            "SELECT stars, count(*) FROM theatre_review WHERE movie_id = %s AND state = 'approved' GROUP BY stars",
            [listed.id],
        )
    )
    return Seen(
        movie=listed, director=director, actors=actors, languages=tuple(languages), trailer=trailer, state=state,
        now=now, days=_by_day([_showtime(row) for row in times]),
        opinions=tuple(Opinion(*row) for row in opinions),
        spread=tuple((stars, spread.get(stars, 0)) for stars in (5, 4, 3, 2, 1)),
    )  # fmt: skip


def drawn_from(slug: str) -> tuple[str, str, str] | None:
    """What a drawn poster says: title, genre, director; None for a movie there isn't. One query."""
    row = fetch_one(
        "SELECT m.title, coalesce((SELECT g.name FROM theatre_movie_genres mg"
        " JOIN theatre_genre g ON g.id = mg.genre_id WHERE mg.movie_id = m.id ORDER BY mg.id LIMIT 1), ''),"
        " m.director FROM theatre_movie m WHERE m.slug = %s",
        [slug],
    )
    return (row[0], row[1], row[2]) if row else None


def _bounds(day: date, days: int) -> tuple[datetime, datetime]:
    """The theatre's days as moments; a day of a clock change is shorter or longer."""
    return datetime.combine(day, time.min, ZONE), datetime.combine(day + timedelta(days=days), time.min, ZONE)


def _showtime(row: Row) -> Showtime:
    id_, starts, ends, formats, screen, number, seats, left, sells, over = row
    return Showtime(id_, starts, ends, tuple(formats), screen, number, seats, max(0, left), sells, over)


def _by_movie(rows: Sequence[Row]) -> tuple[Listed, ...]:
    found: dict[int, tuple[Row, list[Showtime]]] = {}
    for row in rows:
        found.setdefault(row[0], (row, []))[1].append(_showtime(row[_MOVIE_COLUMNS:]))
    return tuple(replace(Listed(*row[:_MOVIE_COLUMNS]), times=tuple(times)) for row, times in found.values())


def _by_day(times: Sequence[Showtime]) -> tuple[tuple[datetime, tuple[Showtime, ...]], ...]:
    days: dict[date, list[Showtime]] = {}
    for showtime in times:
        days.setdefault(showtime.starts_at.astimezone(ZONE).date(), []).append(showtime)
    return tuple((listed[0].starts_at, tuple(listed)) for listed in days.values())
