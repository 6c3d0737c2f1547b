"""Lists of movies and shows for programs: whole pages of rows, in two queries however many there are.

The clock is the database's, days are the theatre's.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple

from theatre.models.sql import Row, fetch, fetch_one
from theatre.queries.quotes import ZONE

BIGGEST_ID = 2**63 - 1


class ListedMovie(NamedTuple):
    """A movie guests may know of: coming soon, showing or retired. `rating` is 0 when nobody has reviewed it."""

    id: int
    slug: str
    title: str
    state: str
    certificate: str
    minutes: int | None
    release_date: date | None
    director: str
    cast: str
    languages: list[str]
    formats: list[str]
    synopsis: str
    trailer: str
    poster: str
    genres: list[str]
    rating: Decimal
    reviews: int


class ListedShow(NamedTuple):
    """A show on sale, or one that was. `left` are the seats a customer could take now."""

    id: int
    movie_id: int
    slug: str
    title: str
    screen: str
    screen_number: int
    starts_at: datetime
    ends_at: datetime
    formats: list[str]
    state: str
    left: int


_MOVIE = """
SELECT m.id, m.slug, m.title, m.state, m.certificate, m.duration_minutes, m.release_date, m.director, m.actors,
       m.languages, m.formats, m.synopsis, m.trailer_url, m.poster,
       ARRAY(SELECT g.name FROM theatre_movie_genres mg JOIN theatre_genre g ON g.id = mg.genre_id
             WHERE mg.movie_id = m.id ORDER BY mg.id),
       coalesce(r.rating, 0), coalesce(r.reviews, 0)
FROM theatre_movie m
LEFT JOIN LATERAL (SELECT round(avg(stars), 1) AS rating, count(*) AS reviews FROM theatre_review
                   WHERE movie_id = m.id AND state = 'approved') r ON true
"""


def movies(number: int, size: int) -> tuple[list[ListedMovie], int]:
    """One page of the movies, by title, and how many there are. Two queries."""
    rows = fetch(
        _MOVIE  # noqa: S608 - parts of this file
        + """
        WHERE m.id IN (SELECT id FROM theatre_movie WHERE state <> 'draft' ORDER BY title, id LIMIT %s OFFSET %s)
        ORDER BY m.title, m.id
        """,
        [size, (number - 1) * size],
    )
    return [ListedMovie(*row) for row in rows], _count(
        "SELECT count(*) FROM theatre_movie WHERE state <> 'draft'"
    )


def movie(slug: str) -> ListedMovie | None:
    """One movie, or None when there is none for guests. One query."""
    row = fetch_one(_MOVIE + " WHERE m.slug = %s AND m.state <> 'draft'", [slug])
    return ListedMovie(*row) if row else None


# Seats are counted as the seat map counts them: without broken and house seats, and without live claims.
_SHOWS = """
WITH page AS MATERIALIZED (
  SELECT s.* FROM theatre_show s WHERE {chosen} ORDER BY s.starts_at, s.id LIMIT %s OFFSET %s
), hall AS (
  SELECT x.plan_id, count(*) AS seats FROM theatre_seat x
  WHERE x.plan_id IN (SELECT plan_id FROM page) AND NOT x.house_seat AND NOT x.broken GROUP BY x.plan_id
), taken AS (
  SELECT c.show_id, count(*) AS seats FROM theatre_seatclaim c JOIN theatre_seat x ON x.id = c.seat_id
  WHERE c.show_id IN (SELECT id FROM page) AND (c.held_until IS NULL OR c.held_until > now())
    AND NOT x.house_seat AND NOT x.broken
  GROUP BY c.show_id
)
SELECT p.id, m.id, m.slug, m.title, sc.name, sc.number, p.starts_at, p.ends_at, p.formats, p.state,
       greatest(0, coalesce(hall.seats, 0) - coalesce(taken.seats, 0))
FROM page p
JOIN theatre_movie m ON m.id = p.movie_id
JOIN theatre_screen sc ON sc.id = p.screen_id
LEFT JOIN hall ON hall.plan_id = p.plan_id
LEFT JOIN taken ON taken.show_id = p.id
ORDER BY p.starts_at, p.id
"""


def shows(
    number: int, size: int, *, day: date | None = None, movie: str = ""
) -> tuple[list[ListedShow], int]:
    """One page of shows by their start, and how many there are. Two queries.

    Of that day (theatre's calendar) all that are or were on sale; without a day those still to come. `movie` is a
    slug or an id.
    """
    chosen, params = _chosen(day, movie)
    rows = fetch(_SHOWS.format(chosen=chosen), [*params, size, (number - 1) * size])
    return [ListedShow(*row) for row in rows], _count(
        f"SELECT count(*) FROM theatre_show s WHERE {chosen}",  # noqa: S608 - parts of this file
        params,
    )


def _chosen(day: date | None, movie: str) -> tuple[str, list[object]]:
    if day is None:
        parts, params = ["s.state = 'on_sale' AND s.starts_at > now()"], list[object]()
    else:
        parts = ["s.state IN ('on_sale', 'played') AND s.starts_at >= %s AND s.starts_at < %s"]
        params = [datetime.combine(at, time.min, ZONE) for at in (day, day + timedelta(days=1))]
    if movie:
        # A slug can be a number (the film "1984"), so it goes before the id.
        parts.append("s.movie_id = coalesce((SELECT id FROM theatre_movie WHERE slug = %s), %s::bigint)")
        id_ = int(movie) if movie.isascii() and movie.isdigit() and len(movie) < 19 else None
        params += [movie, id_]
    return " AND ".join(parts), params


def _count(sql: str, params: Sequence[object] = ()) -> int:
    row: Row | None = fetch_one(sql, params)
    return int(row[0]) if row else 0
