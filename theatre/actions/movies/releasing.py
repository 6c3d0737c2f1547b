"""How a movie comes to the guests and goes again (docs/states.md), and how one that was never sold is deleted."""

from collections.abc import Callable

from theatre import events
from theatre.access import Actor, Permission, require
from theatre.actions._doors import action, record
from theatre.actions.movies import _filing
from theatre.models.sql import change, fetch, fetch_one
from theatre.rules import releases
from theatre.rules.moments import counted
from theatre.rules.refusals import Refused
from theatre.rules.releases import State


class MovieWasSold(Refused):
    """Somebody had seats of it, so the books need its name."""

    code = "movie_was_sold"


class MovieIsNeeded(Refused):
    """Something else would lose its meaning without the movie."""

    code = "movie_is_needed"


@action
def announce_movie(*, by: Actor, movie_id: int) -> None:
    """Coming soon: guests see it, and everybody who wants to hear of new movies does, in the next daily letter.

    Refused: MovieUnknown, NoSuchStep.
    """
    _step(by, movie_id, State.COMING_SOON, "announce_movie")


@action
def open_movie(*, by: Actor, movie_id: int) -> None:
    """Showing. Who asked to be told hears at once, everybody else in the next daily letter unless they did before.

    Refused: MovieUnknown, NoSuchStep, NotReadyToShow.
    """
    _step(by, movie_id, State.SHOWING, "open_movie")
    change(
        "UPDATE theatre_moviefollow SET told_at = clock_timestamp() WHERE movie_id = %s AND told_at IS NULL",
        [movie_id],
    )
    events.movie_opened.send(sender=None, movie_id=movie_id)


@action
def take_back_movie(*, by: Actor, movie_id: int) -> None:
    """A draft again, which no guest sees. Refused: MovieUnknown, NoSuchStep, ShowsToCome."""
    _step(by, movie_id, State.DRAFT, "take_back_movie")


@action
def retire_movie(*, by: Actor, movie_id: int) -> None:
    """No longer on the programme; its page stays. Who was told that it opened need not be told again, unless they ask
    anew. Refused: MovieUnknown, NoSuchStep, ShowsToCome."""
    _step(by, movie_id, State.RETIRED, "retire_movie")
    change("DELETE FROM theatre_moviefollow WHERE movie_id = %s AND told_at IS NOT NULL", [movie_id])


_TO_COME = """
SELECT count(*) FROM theatre_show
WHERE movie_id = %s AND state IN ('planned', 'on_sale') AND ends_at > clock_timestamp()
"""
# It is announced once: what was in a letter, or waits for the next, is not announced again.
_STEP = """
UPDATE theatre_movie SET state = %(to)s, changed_at = clock_timestamp(),
  announced_at = CASE WHEN digest_id IS NOT NULL THEN announced_at
                      WHEN %(published)s THEN coalesce(announced_at, clock_timestamp()) END
WHERE id = %(movie)s
"""


def _step(by: Actor, movie_id: int, to: State, verb: str) -> None:
    require(by, Permission.MANAGE_MOVIES)
    movie = _filing.lock(movie_id)
    [(shows,)] = fetch(_TO_COME, [movie_id])
    releases.check_step(
        movie.title, movie.state, to.value, minutes=movie.duration_minutes, shows_to_come=shows
    )
    change(_STEP, {"to": to.value, "published": to in releases.PUBLISHED, "movie": movie_id})
    record(by, verb, ("movie", movie_id), before=movie.state)


# What would be lost with it, each with why it has to stay.
_KEPT = """
SELECT (SELECT count(*) FROM theatre_booking b JOIN theatre_show s ON s.id = b.show_id WHERE s.movie_id = %(movie)s),
       (SELECT count(*) FROM theatre_show s WHERE s.movie_id = %(movie)s AND (
          s.state IN ('planned', 'on_sale') AND s.ends_at > clock_timestamp()
          OR EXISTS (SELECT 1 FROM theatre_showclosing WHERE show_id = s.id)
          OR EXISTS (SELECT 1 FROM theatre_showmove WHERE show_id = s.id)
          OR EXISTS (SELECT 1 FROM theatre_seatoutofservice WHERE show_id = s.id)
          OR EXISTS (SELECT 1 FROM theatre_vipreservation WHERE show_id = s.id))),
       (SELECT count(*) FROM theatre_coupon_movies WHERE movie_id = %(movie)s),
       EXISTS (SELECT 1 FROM theatre_show s WHERE s.movie_id = %(movie)s AND s.id <> ALL(%(locked)s::bigint[]))
"""


@action
def delete_movie(*, by: Actor, movie_id: int) -> None:
    """Take a movie off the books, with its poster, its followers and the shows nobody ever had seats of.

    Refused: MovieUnknown; MovieWasSold when a show of it ever had a booking; MovieIsNeeded while shows or coupons name
    it.
    """
    require(by, Permission.MANAGE_MOVIES)
    shows = [
        row[0]
        for row in fetch("SELECT id FROM theatre_show WHERE movie_id = %s ORDER BY id FOR UPDATE", [movie_id])
    ]
    movie = _filing.lock(movie_id)
    row = fetch_one(_KEPT, {"movie": movie_id, "locked": shows})
    assert row is not None  # noqa: S101 - it reads no table that could be empty
    _check_unneeded(movie.title, *row)
    change("DELETE FROM theatre_seatclaim WHERE show_id = ANY(%s)", [shows])
    change("DELETE FROM theatre_show WHERE id = ANY(%s)", [shows])
    movie.delete()
    record(by, "delete_movie", ("movie", movie_id), title=movie.title, shows=len(shows))


def _check_unneeded(title: str, bookings: int, shows: int, coupons: int, planned: bool) -> None:
    if bookings:
        raise MovieWasSold(
            f"{title} has {counted(bookings, 'booking')} in the books, so it stays. Retire it instead"
        )
    if shows or planned:
        raise MovieIsNeeded(
            f"{title} has shows to come, or with a history that is kept. Delete them on the week board, or retire"
            " the movie instead"
        )
    if coupons:
        raise MovieIsNeeded(
            f"{counted(coupons, 'coupon')} {'is' if coupons == 1 else 'are'} for {title}. Change"
            f" {'it' if coupons == 1 else 'them'} first, or retire the movie instead"
        )


# The deeds by their names in docs/states.md, for whoever shows them as buttons.
DEEDS: dict[str, Callable[..., None]] = {
    "announce": announce_movie,
    "open": open_movie,
    "take back": take_back_movie,
    "retire": retire_movie,
}
