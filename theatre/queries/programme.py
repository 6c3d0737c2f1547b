"""What is on: a day's shows with the seats left, one movie with its times and reviews, what comes soon.

A constant number of queries each, rows as tuples, the clock the database's. Days are the theatre's days. What guests
ask most is kept (theatre/queries/kept.py): asking again costs one query.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings

from theatre.models.sql import Row, fetch, fetch_one
from theatre.queries.kept import Facts, marked

ZONE = ZoneInfo(settings.THEATRE_ZONE)
LONGEST_COUNTDOWN = 180  # minutes that pages count down to a show
# The hours of a start that a part of the day means; the night belongs to “late”.
TIMES: dict[str, frozenset[int]] = {
    "afternoon": frozenset(range(5, 17)),
    "evening": frozenset(range(17, 21)),
    "late": frozenset({21, 22, 23, 0, 1, 2, 3, 4}),
}


class Showtime(NamedTuple):
    """A show on the programme. `left` are seats a customer could take now, of `seats` that are ever sold; the last
    `counter_seats` of them are sold at the counter alone. `price` is the lowest for an adult who
    needs no wheelchair space, None without one."""

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
    counter_seats: int
    price: Decimal | None
    claims: int  # the mark of the live claims on its seats
    changes_at: datetime | None  # when the clock alone changes something of it

    @property
    def taken(self) -> int:
        return self.seats - self.left

    @property
    def at_counter(self) -> bool:
        """Whether what is left is sold at the counter alone."""
        return 0 < self.left <= self.counter_seats

    @property
    def bookable(self) -> bool:
        """Whether a customer can press it now."""
        return self.sells and not self.over and self.left > 0 and not self.at_counter

    @property
    def waitable(self) -> bool:
        """Whether somebody may ask to be offered what comes free."""
        return self.sells and not self.over and not self.bookable


@dataclass(frozen=True, slots=True)
class Listed:
    """A movie on a list. `rating` is 0 without a review; `poster` is the mark of an uploaded one, or empty."""

    id: int
    slug: str
    title: str
    certificate: str
    minutes: int | None
    genres: tuple[str, ...]
    synopsis: str
    poster: str
    opens: date | None
    state: str
    rating: Decimal
    reviews: int
    times: tuple[Showtime, ...] = ()

    @property
    def genre(self) -> str:
        """The first one, or nothing."""
        return self.genres[0] if self.genres else ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for among a day's shows: a genre by its name, a format as addresses write it, a part of the
    day. What is empty, anything is."""

    genre: str = ""
    format: str = ""
    time: str = ""

    def __bool__(self) -> bool:
        return bool(self.genre or self.format or self.time)

    def fits(self, movie: Listed, show: Showtime) -> bool:
        """As `_LIKE` says it to the database."""
        if self.genre and self.genre not in movie.genres:
            return False
        if self.format and self.format not in map(format_word, show.formats):
            return False
        return not self.time or show.starts_at.astimezone(ZONE).hour in TIMES[self.time]


MOVIE = """m.id, m.slug, m.title, m.certificate, m.duration_minutes,
       ARRAY(SELECT g.name FROM theatre_movie_genres mg JOIN theatre_genre g ON g.id = mg.genre_id
             WHERE mg.movie_id = m.id ORDER BY mg.id),
       m.synopsis, m.poster, m.release_date, m.state, coalesce(r.rating, 0), coalesce(r.reviews, 0)"""
RATED = """LEFT JOIN LATERAL (SELECT avg(stars) AS rating, count(*) AS reviews FROM theatre_review
           WHERE movie_id = m.id AND state = 'approved') r ON true"""
MOVIE_COLUMNS = 12
# Seats are counted as the seat map counts them: without broken and house seats, and without live claims.
SHOWTIME = """s.id, s.starts_at, s.ends_at, s.formats, sc.name, sc.number, p.seats, p.seats - taken.seats,
       s.state = 'on_sale' AND coalesce(s.on_sale_from <= n.now, true) AND coalesce(s.on_sale_until > n.now, true),
       s.starts_at <= n.now, s.counter_seats,
       (SELECT min(a.amount) FROM theatre_pricecardamount a
        WHERE a.card_id = s.card_id AND a.audience = 'adult' AND a.kind NOT IN ('wheelchair', 'companion')
          AND EXISTS (SELECT 1 FROM theatre_seat x WHERE x.plan_id = s.plan_id AND x.kind = a.kind)),
       taken.mark,
       (SELECT min(t) FROM unnest(ARRAY[s.starts_at, s.on_sale_from, s.on_sale_until, taken.lapses]) t
        WHERE t > n.now)"""
FROM_SHOWS = """
FROM (SELECT clock_timestamp() AS now) n
CROSS JOIN theatre_show s
JOIN theatre_screen sc ON sc.id = s.screen_id
JOIN theatre_movie m ON m.id = s.movie_id
CROSS JOIN LATERAL (SELECT count(*) AS seats FROM theatre_seat x
                    WHERE x.plan_id = s.plan_id AND NOT x.house_seat AND NOT x.broken) p
CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE NOT x.house_seat AND NOT x.broken) AS seats,
                           coalesce(bit_xor(hashint8extended(c.seat_id, c.show_id)), 0) AS mark,
                           min(c.held_until) AS lapses
                    FROM theatre_seatclaim c JOIN theatre_seat x ON x.id = c.seat_id
                    WHERE c.show_id = s.id AND (c.held_until IS NULL OR c.held_until > n.now)) taken"""


def format_word(name: str) -> str:
    """A show's format as addresses write it: `audio-described`."""
    return name.casefold().replace("_", "-").replace(" ", "-")


def today() -> tuple[date, datetime]:
    """The theatre's day and the moment, by the database's clock. One query."""
    row = fetch_one("SELECT clock_timestamp()")
    assert row is not None  # noqa: S101 - a SELECT without FROM has one row
    return row[0].astimezone(ZONE).date(), row[0]


def next_day_with_shows(after: date) -> date | None:
    """The first day from `after` on that has a show still to start, or None. One query."""
    row = fetch_one(
        "SELECT min(starts_at) FROM theatre_show"
        " WHERE state = 'on_sale' AND starts_at >= %s AND starts_at > clock_timestamp()",
        [bounds(after, 1)[0]],
    )
    return row[0].astimezone(ZONE).date() if row and row[0] else None


def on_day(day: date) -> tuple[Listed, ...]:
    """The movies of one day with their times, by their first time. One query."""
    begins, ends = bounds(day, 1)
    rows = fetch(
        f"SELECT {MOVIE}, {SHOWTIME} {FROM_SHOWS} {RATED}"
        " WHERE s.starts_at >= %s AND s.starts_at < %s AND s.state IN ('on_sale', 'played')"
        " ORDER BY s.starts_at, s.id",
        [begins, ends],
    )
    found: dict[int, tuple[Row, list[Showtime]]] = {}
    for row in rows:
        found.setdefault(row[0], (row, []))[1].append(showtime(row[MOVIE_COLUMNS:]))
    return tuple(replace(listed(row), times=tuple(times)) for row, times in found.values())


class Shown(NamedTuple):
    """What stands on a movie's poster and its card; `poster` is the mark of an uploaded one."""

    title: str
    genre: str
    director: str
    poster: str


def shown_as(slug: str) -> Shown | None:
    """What a movie's pictures say; None for a movie there isn't. One query."""
    row = fetch_one(
        "SELECT m.title, coalesce((SELECT g.name FROM theatre_movie_genres mg"
        " JOIN theatre_genre g ON g.id = mg.genre_id WHERE mg.movie_id = m.id ORDER BY mg.id LIMIT 1), ''),"
        " m.director, m.poster FROM theatre_movie m WHERE m.slug = %s",
        [slug],
    )
    return Shown(*row) if row else None


def poster(mark: str, width: str) -> bytes | None:
    """A movie's uploaded poster as WebP, small, medium or large; None for a mark no movie has. One query."""
    row = fetch_one(
        "SELECT p.small, p.medium, p.large FROM theatre_movie m JOIN theatre_poster p ON p.movie_id = m.id"
        " WHERE m.poster = %s AND m.poster <> '' LIMIT 1",
        [mark],
    )
    return bytes(row[("small", "medium", "large").index(width)]) if row else None


def times_of(movie_ids: Sequence[int], most: int) -> dict[int, tuple[Showtime, ...]]:
    """The next shows of each of these movies, at most so many. One query."""
    rows = fetch(
        f"""SELECT s.movie_id, {SHOWTIME} {FROM_SHOWS} JOIN (
              SELECT id, row_number() OVER (PARTITION BY movie_id ORDER BY starts_at, id) AS at
              FROM theatre_show
              WHERE movie_id = ANY(%s::bigint[]) AND state = 'on_sale' AND starts_at > clock_timestamp()
            ) next ON next.id = s.id
            WHERE next.at <= %s ORDER BY s.starts_at, s.id""",  # noqa: S608 - parts of this file
        [list(movie_ids), most],
    )
    found: dict[int, list[Showtime]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(showtime(row[1:]))
    return {movie_id: tuple(times) for movie_id, times in found.items()}


def bounds(day: date, days: int) -> tuple[datetime, datetime]:
    """The theatre's days as moments; a day of a clock change is shorter or longer."""
    return datetime.combine(day, time.min, ZONE), datetime.combine(day + timedelta(days=days), time.min, ZONE)


def facts_of(now: datetime, times: Iterable[Showtime], *moments: datetime, counting: bool = False) -> Facts:
    """What an answer with these times stands on. Days have names, so none outlives its midnight; `counting` says that
    the minutes to a show are counted."""
    times = tuple(times)
    ends = [bounds(now.astimezone(ZONE).date(), 1)[1].astimezone(now.tzinfo), *moments]
    ends += [time.changes_at for time in times if time.changes_at]
    if counting:
        ahead = [(time.starts_at - now).total_seconds() for time in times if not time.over]
        ends += [now + timedelta(seconds=s % 60 or 60) for s in ahead if s <= (LONGEST_COUNTDOWN + 1) * 60]
    return Facts(tuple(sorted({time.id for time in times})), marked(time.claims for time in times), min(ends))


def listed(row: Row) -> Listed:
    id_, slug, title, certificate, minutes, genres, *rest = islice(row, MOVIE_COLUMNS)
    return Listed(id_, slug, title, certificate, minutes, tuple(genres), *rest)


def showtime(row: Row) -> Showtime:
    id_, starts, ends, formats, screen, number, seats, left, *rest = row
    return Showtime(id_, starts, ends, tuple(formats), screen, number, seats, max(0, left), *rest)
