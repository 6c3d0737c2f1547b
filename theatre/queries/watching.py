"""What a customer waits for: the movies they want to be told of."""

from dataclasses import dataclass
from datetime import date

from theatre.models.sql import fetch


@dataclass(frozen=True, slots=True)
class Watched:
    """A movie they follow. `state` and `opens` as the movie has them; `told` once the letter has been queued."""

    id: int
    slug: str
    title: str
    certificate: str
    genre: str
    poster: str
    state: str
    opens: date | None
    told: bool


MOST = 200


def followed_by(customer_id: int) -> list[Watched]:
    """The movies this customer follows, the next to open first. One query."""
    return [
        Watched(*row)
        for row in fetch(
            "SELECT m.id, m.slug, m.title, m.certificate, coalesce((SELECT g.name FROM theatre_movie_genres mg"
            " JOIN theatre_genre g ON g.id = mg.genre_id WHERE mg.movie_id = m.id ORDER BY mg.id LIMIT 1), ''),"
            " m.poster, m.state, m.release_date, f.told_at IS NOT NULL"
            " FROM theatre_moviefollow f JOIN theatre_movie m ON m.id = f.movie_id"
            " WHERE f.customer_id = %s AND m.state IN ('coming_soon', 'showing')"
            " ORDER BY m.state, m.release_date NULLS LAST, m.title LIMIT %s",
            [customer_id, MOST],
        )
    ]
