"""Who asked to be told when a movie opens."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from theatre.models.sql import fetch, fetch_one


@dataclass(frozen=True, slots=True)
class Followable:
    """A movie as the page about being told of it shows it. `followed` by the customer who looks."""

    id: int
    slug: str
    title: str
    genre: str
    poster: str
    state: str
    opens: date | None
    followed: bool


def followable(slug: str, customer_id: int | None) -> Followable | None:
    """The movie, or None for one that guests do not know of. One query."""
    row = fetch_one(
        "SELECT m.id, m.slug, m.title, coalesce((SELECT g.name FROM theatre_movie_genres mg"
        " JOIN theatre_genre g ON g.id = mg.genre_id WHERE mg.movie_id = m.id ORDER BY mg.id LIMIT 1), ''),"
        " m.poster, m.state, m.release_date,"
        " EXISTS (SELECT 1 FROM theatre_moviefollow f WHERE f.movie_id = m.id AND f.customer_id = %s::bigint)"
        " FROM theatre_movie m WHERE m.slug = %s AND m.state <> 'draft'",
        [customer_id, slug],
    )
    return Followable(*row) if row else None


def followed(customer_id: int, movie_ids: Iterable[int]) -> frozenset[int]:
    """Which of these movies the customer follows. One query, none for no movie."""
    ids = list(movie_ids)
    if not ids:
        return frozenset()
    return frozenset(
        row[0]
        for row in fetch(
            "SELECT movie_id FROM theatre_moviefollow WHERE customer_id = %s AND movie_id = ANY(%s::bigint[])",
            [customer_id, ids],
        )
    )
