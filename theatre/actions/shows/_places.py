"""A show's place on a screen: the screen, taken first; the movie and its length; nobody else there.

The screen's row is locked (`docs/locking.md`), so that two who plan on it come one after the other and the second
is told the next free time. The exclusion constraint has the last word.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from theatre.actions._doors import refusing
from theatre.models.sql import fetch, fetch_one
from theatre.queries import cards, seatmap, shows
from theatre.queries.copying import CHILDREN_UNTIL
from theatre.queries.quotes import ZONE
from theatre.queries.screens import plan_for_new_shows
from theatre.rules import copying, curfew, seating
from theatre.rules import shows as times
from theatre.rules.cards import card_for
from theatre.rules.refusals import Refused
from theatre.rules.shows import Busy, ScreenBusy


class NoSuchShow(Refused):
    """There is no show with this number."""

    code = "no_such_show"


class NoSuchMovie(Refused):
    """There is no movie with this number."""

    code = "no_such_movie"


class ScreenNotInUse(Refused):
    """The screen is out of use, has no seat plan, or isn't there."""

    code = "screen_not_in_use"


class CardNotInUse(Refused):
    """The price card is retired or isn't there."""

    code = "card_not_in_use"


class ShowIsTouched(Refused):
    """Seats of the show are or were booked, held or reserved, so it is not simply put elsewhere or deleted."""

    code = "show_is_touched"


@dataclass(frozen=True, slots=True)
class Hall:
    """A screen whose row is locked. `plan_id` is what new shows on it take."""

    id: int
    name: str
    cleaning: int
    plan_id: int
    now: datetime


@dataclass(frozen=True, slots=True)
class Movie:
    """What of a movie a show depends on."""

    title: str
    state: str
    minutes: int | None
    certificate: str


@dataclass(frozen=True, slots=True)
class Held:
    """A show whose row is locked against holds until the transaction ends."""

    id: int
    movie_id: int
    screen_id: int
    plan_id: int
    card_id: int
    starts_at: datetime
    formats: tuple[str, ...]
    on_sale_from: datetime | None
    on_sale_until: datetime | None
    counter_seats: int
    state: str
    now: datetime


def lock_screen(screen_id: int) -> Hall:
    """The screen, locked. Refused: ScreenNotInUse."""
    rows = lock_screens([screen_id])
    plan = plan_for_new_shows(screen_id)
    if not rows or plan is None:
        raise ScreenNotInUse("That screen is out of use. Choose another", "screen")
    id_, name, cleaning, now = rows[0]
    return Hall(id_, name, cleaning, plan, now)


def lock_screens(ids: Iterable[int]) -> list[tuple[int, str, int, datetime]]:
    """Several screens, locked by id: id, name, cleaning minutes and the moment."""
    rows = fetch(
        "SELECT id, name, cleaning_minutes, clock_timestamp() FROM theatre_screen WHERE id = ANY(%s)"
        " ORDER BY id FOR NO KEY UPDATE",
        [sorted(ids)],
    )
    return [(id_, name, cleaning, now) for id_, name, cleaning, now in rows]


_LOCK = """
SELECT id, movie_id, screen_id, plan_id, card_id, starts_at, formats, on_sale_from, on_sale_until, counter_seats, state,
       clock_timestamp()
FROM theatre_show WHERE id = %s FOR UPDATE
"""


def lock_show(show_id: int) -> Held:
    """The show, locked: holds that are under way end first, later ones wait. Refused: NoSuchShow."""
    row = fetch_one(_LOCK, [show_id])
    if row is None:
        raise NoSuchShow("There is no such show. Look at the board again")
    id_, movie, screen, plan, card, starts_at, formats, *rest = row
    return Held(id_, movie, screen, plan, card, starts_at, tuple(formats), *rest)


def check_untouched(show_id: int, sentence: str) -> None:
    """Nobody has or had seats of this locked show, else ShowIsTouched. Asked in a statement after the lock."""
    row = fetch_one(f"SELECT {shows.TOUCHED} FROM theatre_show s WHERE s.id = %s", [show_id])  # noqa: S608
    if row is None or row[0]:
        raise ShowIsTouched(sentence, "starts_at")


def movie(movie_id: int) -> Movie:
    """The movie, which stays where it stands until the commit. Refused: NoSuchMovie."""
    row = fetch_one(
        "SELECT title, state, duration_minutes, certificate FROM theatre_movie WHERE id = %s FOR KEY SHARE",
        [movie_id],
    )
    if row is None:
        raise NoSuchMovie("We have no such movie. Choose one from the list", "movie")
    return Movie(*row)


def span(hall: Hall, film: Movie, starts_at: datetime, *, but: int = 0) -> Busy:
    """The time this movie takes the screen for from then on. Refused: MovieHasNoLength, ScreenBusy."""
    ends_at = times.ends_at(starts_at, settings.TRAILER_MINUTES, film.minutes)
    wanted = times.occupied(starts_at, ends_at, hall.cleaning)
    _check_free(hall, wanted, but)
    return wanted


def fitting(
    hall: Hall, show: Held, starts_at: datetime, *, movie_id: int | None = None, knowing_late: bool = False
) -> Busy:
    """The time a locked show takes this screen for from then on, with its own movie unless another is named.

    Refused: NoSuchMovie, MovieNotShown, MovieHasNoLength, InThePast, TooFarAhead, ScreenBusy, WindowUpsideDown,
    LateForChildren.
    """
    film_id = movie_id or show.movie_id
    film = movie(film_id)
    times.check_movie(film.title, film.state, on_sale=show.state == "on_sale" and film_id != show.movie_id)
    times.check_start(starts_at, now=hall.now)
    wanted = span(hall, film, starts_at, but=show.id)
    times.check_window(opens=show.on_sale_from, closes=show.on_sale_until, starts_at=starts_at)
    check_hour(film, wanted, knowing_late=knowing_late)
    return wanted


def plan_in(hall: Hall, show: Held) -> int:
    """The seat plan a show has there: its own on its own screen. Refused: TooManyForTheCounter."""
    plan = show.plan_id if hall.id == show.screen_id else hall.plan_id
    if plan != show.plan_id:
        times.check_kept_for_counter(show.counter_seats, house(plan))
    return plan


def check_hour(film: Movie, wanted: Busy, *, knowing_late: bool) -> None:
    """A film for children ends in time, or whoever plans it knows: else LateForChildren."""
    late = curfew.warning(
        film.certificate, starts_at=wanted.start, ends_at=wanted.movie_ends, zone=ZONE, until=CHILDREN_UNTIL
    )
    if late and not knowing_late:
        raise curfew.LateForChildren(late, "starts_at")


@contextmanager
def last_word(hall: Hall, wanted: Busy, *, but: int = 0) -> Iterator[None]:
    """Around the statement that takes the screen: what another transaction put there first is said in words."""
    with refusing(shows_on_a_screen_never_overlap=lambda: _clash(hall, wanted, but)), transaction.atomic():
        yield


def price_card(card_id: int | None, starts_at: datetime) -> int:
    """The card itself, or without one the card of the time. Refused: CardNotInUse, NoCardForThatTime."""
    live = cards.live()
    if card_id is not None:
        if card_id not in {card.id for card in live}:
            raise CardNotInUse("That price card is not in use. Choose another", "card")
        return card_id
    card = card_for(times.to_local(starts_at, ZONE).replace(tzinfo=None), live)
    if card is None:
        raise copying.NoCardForThatTime("No price card is meant for that time. Choose one", "card")
    return card.id


def house(plan_id: int) -> int:
    """How many seats of a plan guests can book."""
    return sum(seating.is_sold_to(seat, by_staff=False) for seat in seatmap.plan_of(plan_id).seats)


def _check_free(hall: Hall, wanted: Busy, but: int) -> None:
    taken = shows.busy([hall.id], wanted.start, wanted.until + timedelta(days=1), but=but)
    times.check_screen_free(wanted, taken[hall.id], screen=hall.name, zone=ZONE)


def _clash(hall: Hall, wanted: Busy, but: int) -> ScreenBusy:
    try:
        _check_free(hall, wanted, but)
    except ScreenBusy as refusal:
        return refusal
    return ScreenBusy(f"{hall.name} was taken by another show a moment ago. Try again", "starts_at")
