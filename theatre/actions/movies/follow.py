"""Asking to be told when a movie opens, and no longer."""

from theatre.access import Actor, Permission, require
from theatre.actions._doors import action, record
from theatre.models.sql import change, fetch_one
from theatre.rules.refusals import Refused


class NotYoursToFollow(Refused):
    """Letters about openings go to customers."""

    code = "not_a_customer"


class NothingToFollow(Refused):
    """No such movie, or it is a draft or retired."""

    code = "movie_unknown"


@action
def follow_movie(*, by: Actor, movie_id: int) -> None:
    """Have a letter sent when the movie opens. Asking again changes nothing, as does asking for one that is showing.

    Refused: NotYoursToFollow, NothingToFollow.
    """
    require(by, Permission.BOOK)
    if by.customer_id is None:
        raise NotYoursToFollow("Only customers are told by letter. Staff see the programme in the office")
    found = fetch_one(
        "SELECT state FROM theatre_movie WHERE id = %s AND state IN ('coming_soon', 'showing') FOR KEY SHARE",
        [movie_id],
    )
    if found is None:
        raise NothingToFollow("We don’t show that movie, so there is nothing to tell")
    if found[0] == "coming_soon" and change(
        "INSERT INTO theatre_moviefollow (movie_id, customer_id) VALUES (%s, %s) ON CONFLICT DO NOTHING",
        [movie_id, by.customer_id],
    ):
        record(by, "follow_movie", ("movie", movie_id))


@action
def unfollow_movie(*, by: Actor, movie_id: int) -> None:
    """Have no letter sent when the movie opens. Nothing happens when none was asked for."""
    require(by, Permission.BOOK)
    if change(
        "DELETE FROM theatre_moviefollow WHERE movie_id = %s AND customer_id = %s", [movie_id, by.customer_id]
    ):
        record(by, "unfollow_movie", ("movie", movie_id))
