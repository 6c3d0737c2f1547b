"""Shows: when they end, how long they occupy a screen, and what the wall clock means.

Source: domain.md, "The programme". Moments are aware; spans are in minutes; ranges include their start and
not their end. `zone` is the theatre's, a ZoneInfo passed in.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum

from theatre.rules.moments import aware, clock, counted, day
from theatre.rules.refusals import Refused

MONTHS_AHEAD = 24
_FURTHEST = timedelta(days=31 * MONTHS_AHEAD)


class State(StrEnum):
    """Where a show stands, stored as this plain word."""

    PLANNED = "planned"
    ON_SALE = "on_sale"
    CANCELLED = "cancelled"
    PLAYED = "played"


# From, to, and the deed that does it. What is not here cannot happen; docs/states.md is drawn from it.
STEPS = (
    (State.PLANNED, State.ON_SALE, "put on sale"),
    (State.PLANNED, State.CANCELLED, "cancel"),
    (State.ON_SALE, State.CANCELLED, "cancel"),
    (State.ON_SALE, State.PLAYED, "its end has passed"),
)


_IN_WORDS = {
    State.PLANNED: "not on sale yet",
    State.ON_SALE: "on sale",
    State.CANCELLED: "cancelled",
    State.PLAYED: "over",
}


class ShowCannot(Refused):
    """A show's state does not allow the step."""

    code = "show_cannot"


class ShowNotOnSale(Refused):
    """The show's state does not allow a sale."""

    code = "show_not_on_sale"


class ScreenBusy(Refused):
    """Another show is on that screen, cleaning included."""

    code = "screen_busy"


class MovieHasNoLength(Refused):
    """A movie without minutes cannot be programmed."""

    code = "movie_has_no_length"


class MovieNotShown(Refused):
    """A retired movie is not programmed, and a draft is not sold."""

    code = "movie_not_shown"


class InThePast(Refused):
    """A show begins in the future."""

    code = "in_the_past"


class TooFarAhead(Refused):
    """A show further ahead than anybody plans, most likely a slip."""

    code = "too_far_ahead"


class WindowUpsideDown(Refused):
    """An on-sale window that ends before it begins, or begins when the show has."""

    code = "window_upside_down"


class LastSeatsAtTheCounter(Refused):
    """The seats that are left are sold at the counter alone."""

    code = "last_seats_at_the_counter"


class TooManyForTheCounter(Refused):
    """More seats kept for the counter than the hall has, so nothing would be sold online."""

    code = "too_many_for_the_counter"


class SkippedTime(Refused):
    """A wall time that a clock change skips."""

    code = "skipped_time"


class RepeatedTime(Refused):
    """A wall time that a clock change repeats, with nothing said about which is meant."""

    code = "repeated_time"


@dataclass(frozen=True, slots=True)
class Busy:
    """A span in which a screen is taken, cleaning included, and when its movie is over."""

    start: datetime
    until: datetime
    movie_ends: datetime

    def overlaps(self, other: "Busy") -> bool:
        """Whether the two touch by more than an instant."""
        return self.start < other.until and other.start < self.until


def check_step(state: str, to: str) -> None:
    """Whether a show may go from one state to another: silence, or ShowCannot."""
    present, wanted = State(state), State(to)
    if not any((present, wanted) == (before, after) for before, after, _ in STEPS):
        raise ShowCannot(f"This show is {_IN_WORDS[present]}, so that can’t be done")


def check_open(state: str, *, starts_at: datetime, now: datetime) -> None:
    """A show is changed until it begins, and not once it is cancelled or over: else ShowCannot."""
    present = State(state)
    if present in (State.CANCELLED, State.PLAYED):
        raise ShowCannot(f"This show is {_IN_WORDS[present]}, so it stays as it is")
    if starts_at <= now:
        raise ShowCannot("This show has begun, so it stays as it is")


def check_state_sells(state: str) -> None:
    """A sale needs a show that is on sale, else ShowNotOnSale."""
    if State(state) is not State.ON_SALE:
        raise ShowNotOnSale(f"This show is {_IN_WORDS[State(state)]}. Choose another time")


def check_start(starts_at: datetime, *, now: datetime) -> None:
    """A show begins after now and within MONTHS_AHEAD, else InThePast or TooFarAhead."""
    if aware(starts_at) <= now:
        raise InThePast("That time has passed. Choose one that is still to come", "starts_at")
    if starts_at > now + _FURTHEST:
        raise TooFarAhead(f"Shows are planned up to {MONTHS_AHEAD} months ahead. Check the year", "starts_at")


def check_movie(title: str, state: str, *, on_sale: bool) -> None:
    """A retired movie has no new shows, and one that guests may not see yet is not sold: else MovieNotShown."""
    if state == "retired":
        raise MovieNotShown(f"{title} is retired. Bring it back first, or choose another movie", "movie")
    if on_sale and state == "draft":
        raise MovieNotShown(f"{title} is a draft. Publish it, then put its shows on sale", "movie")


def check_window(*, opens: datetime | None, closes: datetime | None, starts_at: datetime) -> None:
    """Sales open before they close and before the show begins, else WindowUpsideDown."""
    if opens is not None and closes is not None and opens >= closes:
        raise WindowUpsideDown("Sales have to open before they close. Change one of the two", "on_sale_until")
    if opens is not None and opens >= starts_at:
        raise WindowUpsideDown(
            "Sales have to open before the show begins. Choose an earlier time", "on_sale_from"
        )


def check_kept_for_counter(kept: int, house: int) -> None:
    """The counter keeps fewer seats than the hall sells, else TooManyForTheCounter."""
    if kept and kept >= house:
        raise TooManyForTheCounter(
            f"This hall sells {counted(house, 'seat')}, so nothing would be left to book online. Keep fewer",
            "counter_seats",
        )


def counter_notice(kept: int) -> str:
    """What guests read when only the counter's seats are left: `The last 6 seats are sold at the counter`."""
    return (
        "The last seat is sold at the counter"
        if kept == 1
        else f"The last {kept} seats are sold at the counter"
    )


def check_left_for_counter(*, free: int, taking: int, kept: int) -> None:
    """A guest leaves the counter its seats, else LastSeatsAtTheCounter. `free` were so before they took any."""
    if not kept or free - taking >= kept:
        return
    online = max(0, free - kept)
    notice = counter_notice(kept)
    sentence = f"{notice}. {counted(online, 'more seat')} can be booked here" if online else notice
    raise LastSeatsAtTheCounter(sentence, "seats", online=online)


def ends_at(starts_at: datetime, trailer_minutes: int, movie_minutes: int | None) -> datetime:
    """Start + trailers + the movie's minutes. A movie without them is refused with MovieHasNoLength."""
    if not movie_minutes:
        raise MovieHasNoLength("This movie has no running time yet. Enter it, then plan the show", "movie")
    return aware(starts_at) + timedelta(minutes=trailer_minutes + movie_minutes)


def occupied(starts_at: datetime, movie_ends: datetime, cleaning_minutes: int) -> Busy:
    """The span for which a show takes its screen: from its start until it has been cleaned."""
    return Busy(aware(starts_at), aware(movie_ends) + timedelta(minutes=cleaning_minutes), movie_ends)


def check_screen_free(wanted: Busy, busy: Iterable[Busy], *, screen: str, zone: tzinfo) -> None:
    """Two shows on one screen never overlap, cleaning included, else ScreenBusy with the earliest start."""
    others = list(busy)
    clash = min(
        (other for other in others if wanted.overlaps(other)), key=lambda other: other.start, default=None
    )
    if clash is None:
        return
    earliest = next_free_start(clash.until, wanted.until - wanted.start, others)
    until, free = clock(clash.movie_ends, zone), clock(earliest, zone)
    if earliest.astimezone(zone).date() != wanted.start.astimezone(zone).date():
        free = f"{free} on {day(earliest, zone, now=wanted.start)}"
    raise ScreenBusy(
        f"{screen} is busy until {until}. The earliest start is {free}",
        "starts_at",
        earliest=earliest.astimezone(zone).isoformat(),
    )


def next_free_start(wanted: datetime, length: timedelta, busy: Iterable[Busy]) -> datetime:
    """The first moment from `wanted` on at which a show of that length, cleaning included, fits."""
    start = wanted
    for other in sorted(busy, key=lambda span: span.start):
        if start < other.until and other.start < start + length:
            start = other.until
    return start


def to_utc(local: datetime, zone: tzinfo, *, second: bool | None = None) -> datetime:
    """The moment that a wall time (without zone) means, in UTC.

    A time the clocks skip is refused with SkippedTime. One they repeat is refused with RepeatedTime unless
    `second` says which is meant: False the first, True the second.
    """
    if local.tzinfo is not None:
        raise ValueError(f"A wall time has no zone: {local!r}")
    first, later = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == later:
        return first
    words = f"{local:%H:%M} on {day(local.replace(tzinfo=zone), zone, now=first)}"
    if first > later:
        raise SkippedTime(
            f"The clocks go forward over {words}. Choose a time an hour earlier or later", "starts_at"
        )
    if second is None:
        raise RepeatedTime(
            f"The clocks go back, so {words} comes twice. Say whether you mean the first or the second",
            "starts_at",
        )
    return later if second else first


def to_local(moment: datetime, zone: tzinfo) -> datetime:
    """The moment on the theatre's wall clock, with its zone."""
    return aware(moment).astimezone(zone)
