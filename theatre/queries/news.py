"""What letters about movies say: the movies as guests know them now, and their next times."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from theatre.models.sql import fetch


@dataclass(frozen=True, slots=True)
class Told:
    """A movie that guests know of. `opens` is its release."""

    id: int
    slug: str
    title: str
    certificate: str
    minutes: int | None
    genre: str
    synopsis: str
    opens: date | None
    state: str


@dataclass(frozen=True, slots=True)
class Time:
    """A show to come. `opens` is when its sale does, None when it has."""

    show_id: int
    starts_at: datetime
    screen: str
    opens: datetime | None


def movies(ids: Sequence[int]) -> list[Told]:
    """Those of these movies that are on the programme or announced, in this order. One query."""
    rows = fetch(
        "SELECT m.id, m.slug, m.title, m.certificate, m.duration_minutes,"
        " coalesce((SELECT g.name FROM theatre_movie_genres mg JOIN theatre_genre g ON g.id = mg.genre_id"
        "           WHERE mg.movie_id = m.id ORDER BY mg.id LIMIT 1), ''), m.synopsis, m.release_date, m.state"
        " FROM unnest(%s::bigint[]) WITH ORDINALITY AS asked (id, place) JOIN theatre_movie m ON m.id = asked.id"
        " WHERE m.state IN ('coming_soon', 'showing') ORDER BY asked.place",
        [list(ids)],
    )
    return [Told(*row) for row in rows]


def times(movie_id: int, most: int) -> list[Time]:
    """The next shows that are on sale, or will be. One query."""
    rows = fetch(
        "SELECT s.id, s.starts_at, sc.name, CASE WHEN s.on_sale_from > clock_timestamp() THEN s.on_sale_from END"
        " FROM theatre_show s JOIN theatre_screen sc ON sc.id = s.screen_id"
        " WHERE s.movie_id = %s AND s.state = 'on_sale' AND s.starts_at > clock_timestamp()"
        " ORDER BY s.starts_at, s.id LIMIT %s",
        [movie_id, most],
    )
    return [Time(*row) for row in rows]


_READERS = """
SELECT count(*) FILTER (WHERE coalesce(c.mails ->> 'new_movies', 'true') = 'true' AND f.id IS NULL),
       count(*) FILTER (WHERE f.id IS NOT NULL AND f.told_at IS NULL)
FROM theatre_customer c
JOIN theatre_user u ON u.id = c.user_id AND u.is_active AND u.confirmed_at IS NOT NULL
LEFT JOIN theatre_moviefollow f ON f.customer_id = c.id AND f.movie_id = %s
"""


def readers(movie_id: int) -> tuple[int, int]:
    """How many people the daily letter about this movie reaches, and how many asked to be told when it opens. One
    query."""
    [(everybody, followers)] = fetch(_READERS, [movie_id])
    return everybody, followers
