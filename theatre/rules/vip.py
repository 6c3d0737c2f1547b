"""Seats kept for a guest of the house: where a reservation stands, and when its seats go back on sale.

Source: domain.md, "VIP reservation". Moments are aware.
"""

from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

from theatre.rules.moments import clock, day
from theatre.rules.refusals import Refused


class State(StrEnum):
    """Where a reservation stands, stored as this plain word."""

    RESERVED = "reserved"
    BOOKED = "booked"
    RELEASED = "released"
    LAPSED = "lapsed"


# From, to, and the deed that does it. What is not here cannot happen; docs/states.md is drawn from it.
STEPS = (
    (State.RESERVED, State.BOOKED, "turn into a booking"),
    (State.RESERVED, State.RELEASED, "release, or the show is cancelled"),
    (State.RESERVED, State.LAPSED, "its release time comes"),
)


class ReservationOver(Refused):
    """The reservation has become a booking, was released, or its time has come."""

    code = "reservation_over"


class ReleaseHasPassed(Refused):
    """The moment at which the seats would go back on sale is over."""

    code = "release_has_passed"


def check_step(state: str, to: str) -> None:
    """Whether a reservation may go from one state to another: silence, or ReservationOver."""
    present, wanted = State(state), State(to)
    if any((present, wanted) == (before, after) for before, after, _ in STEPS):
        return
    said = {
        State.BOOKED: "This reservation is a booking already. Change or cancel the booking",
        State.RELEASED: "These seats have been released. Reserve them again",
        State.LAPSED: "The release time has come, and the seats are on sale again. Reserve them again",
        State.RESERVED: "These seats are reserved already",
    }
    raise ReservationOver(said[present])


def release_at(*, starts_at: datetime, minutes: int | None, now: datetime, zone: tzinfo) -> datetime | None:
    """When the seats go back on sale: so many minutes before the show, or never (None).

    Refused with ReleaseHasPassed when that moment is over.
    """
    if minutes is None:
        return None
    moment = starts_at - timedelta(minutes=minutes)
    if moment <= now:
        when = f"{day(moment, zone, now=now)}, {clock(moment, zone)}"
        raise ReleaseHasPassed(
            f"{minutes} minutes before the show was on {when}. Choose fewer minutes, or keep the seats",
            "release_minutes",
        )
    return moment
