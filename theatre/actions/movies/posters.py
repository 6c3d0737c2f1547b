"""A movie's poster: set, and taken away so that the drawn one stands in its place."""

import hashlib

from theatre.access import Actor, Permission, require
from theatre.actions._doors import action, record
from theatre.actions.movies import _filing
from theatre.documents import posters
from theatre.documents.posters import Pictures
from theatre.models.sql import change


def set_poster(*, by: Actor, movie_id: int, content: bytes) -> None:
    """Keep the picture in three widths, in place of the one before. Refused: pictures.NoPicture, MovieUnknown."""
    require(by, Permission.MANAGE_MOVIES)
    # Drawing is slow, so it is done before the transaction.
    _keep(by=by, movie_id=movie_id, drawn=posters.redrawn(content))


@action
def _keep(*, by: Actor, movie_id: int, drawn: Pictures) -> None:
    movie = _filing.lock(movie_id)
    mark = hashlib.sha256(b"".join(drawn)).hexdigest()[:16]
    change(
        "INSERT INTO theatre_poster (movie_id, small, medium, large) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (movie_id) DO UPDATE SET small = excluded.small, medium = excluded.medium,"
        " large = excluded.large, set_at = clock_timestamp()",
        [movie_id, *drawn],
    )
    _mark(movie_id, mark)
    record(by, "set_poster", ("movie", movie.pk))


@action
def remove_poster(*, by: Actor, movie_id: int) -> bool:
    """The drawn poster stands in its place; whether there was another. Refused: MovieUnknown."""
    require(by, Permission.MANAGE_MOVIES)
    _filing.lock(movie_id)
    if not change("DELETE FROM theatre_poster WHERE movie_id = %s", [movie_id]):
        return False
    _mark(movie_id, "")
    record(by, "remove_poster", ("movie", movie_id))
    return True


def _mark(movie_id: int, mark: str) -> None:
    change(
        "UPDATE theatre_movie SET poster = %s, changed_at = clock_timestamp() WHERE id = %s", [mark, movie_id]
    )
