"""A booking's life: its states, its limits, and when a hold, a sale or a cancellation is allowed.

Source: domain.md, "Booking"; the sentences follow ux.md 2.10. Moments are aware, spans are in minutes, and
every limit that is a setting comes in as a value.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

from theatre.rules.moments import clock, clock_or_day, counted, day, duration, listed
from theatre.rules.refusals import Refused
from theatre.rules.roles import MANAGEMENT, Role


class State(StrEnum):
    """Where a booking stands, stored as this plain word."""

    HELD = "held"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"


class TicketState(StrEnum):
    """Where one ticket of a booking stands, stored as this plain word. A live ticket is held or sold."""

    HELD = "held"
    SOLD = "sold"
    RETURNED = "returned"
    LAPSED = "lapsed"


# From, to, and the deed that does it. What is not here cannot happen; docs/states.md is drawn from it.
STEPS = (
    (State.HELD, State.CONFIRMED, "confirm"),
    (State.HELD, State.LAPSED, "release, or the hold ends"),
    (State.CONFIRMED, State.CANCELLED, "cancel, or the last ticket is returned"),
)
TICKET_STEPS = (
    (TicketState.HELD, TicketState.SOLD, "confirm"),
    (TicketState.HELD, TicketState.LAPSED, "release, or the hold ends"),
    (TicketState.SOLD, TicketState.RETURNED, "cancel, return or change"),
)

EXTENSIONS_AT_LEAST = 10
EXTENSION_STOPS_MINUTES = 15
REFERENCE_ALPHABET = "2346789ABCDEFGHJKMNPQRTUVWXYZ"
REFERENCE_LENGTH = 8


class WrongState(Refused):
    """The booking's state does not allow the step."""

    code = "wrong_state"


class NotConfirmed(WrongState):
    """The seats are only held, there is nothing to cancel."""

    code = "not_confirmed"


class AlreadyConfirmed(WrongState):
    """The hold has become a booking."""

    code = "already_confirmed"


class AlreadyCancelled(WrongState):
    """The booking has been cancelled."""

    code = "already_cancelled"


class HoldLapsed(WrongState):
    """The hold has ended."""

    code = "hold_lapsed"


class NoSeats(Refused):
    """No seat was chosen."""

    code = "no_seats"


class TooManySeats(Refused):
    """More seats than one booking may have."""

    code = "too_many_seats"


class NoMoreTime(Refused):
    """The hold cannot be extended any further."""

    code = "no_more_time"


class SalesClosed(Refused):
    """The show is not on sale now, at least not to this person."""

    code = "sales_closed"


class TooLateToCancel(Refused):
    """The time for cancelling has passed for this role."""

    code = "too_late_to_cancel"


class NotTheirsToCancel(Refused):
    """The booking is neither their own nor assigned to them."""

    code = "not_theirs_to_cancel"


class ReasonNeeded(Refused):
    """A moderator or an admin cancels with a reason."""

    code = "reason_needed"


def check_step(state: str, to: str) -> None:
    """Whether a booking may go from one state to another: silence, or the WrongState that fits."""
    present, wanted = State(state), State(to)
    if any((present, wanted) == (before, after) for before, after, _ in STEPS):
        return
    if present is State.LAPSED:
        raise HoldLapsed("This hold has ended. Choose your seats again")
    if present is State.CANCELLED:
        raise AlreadyCancelled("This booking is already cancelled")
    if present is State.CONFIRMED:
        raise AlreadyConfirmed("This booking is already confirmed")
    raise NotConfirmed("These seats are only held. Release them, or confirm them first")


def hold_ended(held_until: datetime, zone: tzinfo, free_labels: Iterable[str] = ()) -> HoldLapsed:
    """The refusal for a hold that ended, naming those of its seats that are still free."""
    free = list(free_labels)
    sentence = f"Your hold ended at {clock(held_until, zone)}"
    if free:
        verb, them = ("is", "it") if len(free) == 1 else ("are", "them")
        sentence += f". {listed(free)} {verb} still free, so you can hold {them} again"
    else:
        sentence += ". Choose your seats again"
    return HoldLapsed(sentence, held_until=held_until.isoformat())


def check_seat_count(number: int, limit: int) -> None:
    """From 1 to `limit` seats a booking, else NoSeats or TooManySeats."""
    if number < 1:
        raise NoSeats("Choose at least one seat", "seats")
    if number > limit:
        raise TooManySeats(
            f"One booking holds up to {counted(limit, 'seat')}. Take {number - limit} off your choice",
            "seats",
            limit=limit,
        )


def hold_until(now: datetime, minutes: int) -> datetime:
    """When a hold that begins now ends."""
    return now + timedelta(minutes=minutes)


@dataclass(frozen=True, slots=True)
class Extension:
    """A longer hold: its new end, how many more extensions are left, and the moment none can go past."""

    held_until: datetime
    left: int
    latest: datetime

    @property
    def is_last(self) -> bool:
        """Whether this was the last possible extension, so that the page says so."""
        return self.left == 0 or self.held_until >= self.latest


def extension(
    *,
    now: datetime,
    held_until: datetime,
    starts_at: datetime,
    extensions: int,
    minutes: int,
    zone: tzinfo,
    limit: int = EXTENSIONS_AT_LEAST,
    stop_minutes: int = EXTENSION_STOPS_MINUTES,
) -> Extension:
    """The hold's new end: `minutes` more, never past `stop_minutes` before the show, `limit` times in all but
    at least ten (WCAG 2.2.1).

    `extensions` counts those already made. Refused with HoldLapsed when the hold has ended and with
    NoMoreTime when nothing can be added; a hold is never made shorter.
    """
    if now >= held_until:
        raise hold_ended(held_until, zone)
    until_text = clock(held_until, zone)
    limit = max(limit, EXTENSIONS_AT_LEAST)
    if extensions >= limit:
        raise NoMoreTime(
            f"You have added time {counted(limit, 'time')}, which is the limit. "
            f"Your seats are held until {until_text}",
            held_until=held_until.isoformat(),
        )
    latest = starts_at - timedelta(minutes=stop_minutes)
    if held_until >= latest:
        raise NoMoreTime(
            f"Seats can be held until {counted(stop_minutes, 'minute')} before the movie. "
            f"Yours are held until {until_text}",
            held_until=held_until.isoformat(),
        )
    longer = min(held_until + timedelta(minutes=minutes), latest)
    return Extension(longer, limit - extensions - 1, latest)


def may_sell(
    now: datetime, starts_at: datetime, by_staff: bool, grace_minutes: int, closes_minutes: int = 0
) -> bool:
    """Whether tickets may be sold by the clock alone: customers until `closes_minutes` before the start,
    the counter until `grace_minutes` after it."""
    return now < _sales_end(starts_at, by_staff, grace_minutes, closes_minutes)


def check_sale(
    *,
    now: datetime,
    starts_at: datetime,
    by_staff: bool,
    grace_minutes: int,
    zone: tzinfo,
    closes_minutes: int = 0,
    on_sale_from: datetime | None = None,
    on_sale_until: datetime | None = None,
) -> None:
    """Whether the show is on sale now by its window and its start, else SalesClosed. Staff are not bound by
    the window.
    """
    if not by_staff and on_sale_from is not None and now < on_sale_from:
        when = f"{day(on_sale_from, zone, now=now)}, {clock(on_sale_from, zone)}"
        raise SalesClosed(f"Tickets for this show go on sale on {when}")
    if not may_sell(now, starts_at, by_staff, grace_minutes, closes_minutes):
        if by_staff:
            ended = clock(_sales_end(starts_at, by_staff, grace_minutes, closes_minutes), zone)
            raise SalesClosed(f"Sales for this show ended at {ended}. Choose a later one")
        start = clock_or_day(starts_at, zone, now=now)
        if now >= starts_at:
            raise SalesClosed(f"This show started {start}. The counter can tell you if there is still a seat")
        raise SalesClosed(f"This show starts {start} and is sold at the counter only now")
    if not by_staff and on_sale_until is not None and now >= on_sale_until:
        raise SalesClosed(
            "Online sales for this show have ended. The counter can tell you if there is still a seat"
        )


def _sales_end(starts_at: datetime, by_staff: bool, grace_minutes: int, closes_minutes: int) -> datetime:
    return starts_at + timedelta(minutes=grace_minutes if by_staff else -closes_minutes)


@dataclass(frozen=True, slots=True)
class Deed:
    """What is done to a booking while there is time, as the sentences say it."""

    verb: str
    done: str
    noun: str


CANCEL = Deed("cancel", "cancelled", "cancellation")
CHANGE = Deed("change", "changed", "change")


def may_cancel(role: str, now: datetime, starts_at: datetime, window_minutes: int, own: bool) -> bool:
    """Whether this role may cancel now: customers their own until `window_minutes` before the show, salesmen
    those assigned to them until it starts, moderators and admins always. `own` means own or assigned.
    """
    if Role(role) in MANAGEMENT:
        return True
    if role == Role.SALESMAN:
        return own and now < starts_at
    return own and now <= starts_at - timedelta(minutes=window_minutes)


def check_cancel(
    *,
    role: str,
    now: datetime,
    starts_at: datetime,
    window_minutes: int,
    own: bool,
    zone: tzinfo,
    reason: str = "",
    deed: Deed = CANCEL,
) -> None:
    """The rule of `may_cancel`, for a change too, with the sentence: TooLateToCancel, NotTheirsToCancel, or
    ReasonNeeded from a moderator or admin who gives none."""
    if may_cancel(role, now, starts_at, window_minutes, own):
        if role in MANAGEMENT and not reason.strip():
            raise ReasonNeeded(f"Enter the reason for this {deed.noun}", "reason")
        return
    if not own:
        raise NotTheirsToCancel("Somebody else looks after this booking. Ask a moderator to change it")
    begin = (
        f"started {clock_or_day(starts_at, zone, now=now)}"
        if now >= starts_at
        else f"starts in {duration(starts_at - now)}"
    )
    if role == Role.SALESMAN:
        raise TooLateToCancel(
            f"You can {deed.verb} until the movie starts. This one {begin}. Ask a moderator"
        )
    window = "until the movie starts"
    if window_minutes:
        window = f"until {duration(timedelta(minutes=window_minutes))} before the movie"
    raise TooLateToCancel(
        f"Tickets can be {deed.done} {window}. This one {begin}. Message us if you need help"
    )


def new_reference(choose: Callable[[str], str]) -> str:
    """A booking reference: 8 characters, never 0 O 1 I L S 5. `choose` picks one of a text
    (`secrets.choice`).
    """
    return "".join(choose(REFERENCE_ALPHABET) for _ in range(REFERENCE_LENGTH))


def normalise_reference(raw: str) -> str | None:
    """The reference as it is stored, however it was typed (`k7qm-4xah`, `K7QM 4XAH`); None when it can't be
    one.
    """
    typed = "".join(char for char in raw.upper() if not char.isspace() and char != "-")
    fits = len(typed) == REFERENCE_LENGTH and all(char in REFERENCE_ALPHABET for char in typed)
    return typed if fits else None


def spaced_reference(reference: str) -> str:
    """The reference as it is printed: `K7QM 4XAH`."""
    return f"{reference[:4]} {reference[4:]}"
