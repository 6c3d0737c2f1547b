"""What people thought of a movie, as guests read it: approved reviews alone, the newest first."""

from datetime import datetime
from typing import NamedTuple

from theatre.models.sql import fetch

AT_ONCE = 20


class Opinion(NamedTuple):
    """An approved review."""

    stars: int
    text: str
    name: str
    written_at: datetime


def page(movie_id: int, number: int) -> tuple[Opinion, ...]:
    """One page of them, from 1. One query."""
    rows = fetch(
        "SELECT r.stars, r.text, u.full_name, r.written_at"
        " FROM theatre_review r JOIN theatre_customer c ON c.id = r.customer_id JOIN theatre_user u ON u.id = c.user_id"
        " WHERE r.movie_id = %s AND r.state = 'approved' ORDER BY r.written_at DESC, r.id DESC LIMIT %s OFFSET %s",
        [movie_id, AT_ONCE, (number - 1) * AT_ONCE],
    )
    return tuple(Opinion(*row) for row in rows)


def spread(movie_id: int) -> tuple[tuple[int, int], ...]:
    """How many gave how many stars: five first, each with its number. One query."""
    found: dict[int, int] = dict(
        fetch(
            "SELECT stars, count(*) FROM theatre_review WHERE movie_id = %s AND state = 'approved' GROUP BY stars",
            [movie_id],
        )
    )
    return tuple((stars, found.get(stars, 0)) for stars in (5, 4, 3, 2, 1))
