"""The waiting list of a sold-out show: who gets the seats that come free, and which are kept for whom.

The parties are asked in the order in which they came. Who can be given all their seats side by side gets them, from
the smallest gap that they fit in. The first who cannot is not passed over for nothing: the free seats of the run in
which the fewest are missing are kept for them, as long as the missing ones may still come back. Everybody behind is
served from the other seats. So a party waits for nothing but its own seats; a smaller one never takes a seat that
the first in the line is about to complete; and no more seats stand empty for it than it has people, less one.
Source: docs/decisions/0030.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from theatre.rules.moments import counted
from theatre.rules.refusals import Refused
from theatre.rules.seating import ACCESS_KINDS, Seat, blocks, is_sold_to


class State(StrEnum):
    """Where a party on the list stands, stored as this plain word."""

    WAITING = "waiting"
    OFFERED = "offered"
    LEFT = "left"
    OVER = "over"


# From, to, and the deed that does it. What is not here cannot happen; docs/states.md is drawn from it.
STEPS = (
    (State.WAITING, State.OFFERED, "enough seats come free: held for them"),
    (State.WAITING, State.LEFT, "leave the list, or the account is erased"),
    (State.WAITING, State.OVER, "the show starts or is cancelled"),
)


class NotSoldOut(Refused):
    """There are seats to be had, so nobody needs to wait."""

    code = "not_sold_out"


class NotWaitable(Refused):
    """The show is not sold to guests any more."""

    code = "not_waitable"


class TooManyToWait(Refused):
    """More people than could ever sit side by side, or than one booking may have."""

    code = "too_many_to_wait"


class SpokenFor(Refused):
    """The seats came free for people who wait for them."""

    code = "spoken_for"


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody on the list, with how many seats they ask for."""

    id: int
    seats: int


@dataclass(frozen=True, slots=True)
class Turn:
    """Who is given which seats now, in the order of the line; and the seats that are kept for the first who is not."""

    offers: tuple[tuple[Party, tuple[Seat, ...]], ...]
    kept: tuple[Seat, ...]
    kept_for: Party | None

    @property
    def spoken_for(self) -> frozenset[int]:
        """The ids of the seats that are nobody else's to take."""
        return frozenset(seat.id for _party, seats in self.offers for seat in seats) | {
            seat.id for seat in self.kept
        }


def turn(
    plan: Iterable[Seat],
    free_ids: Collection[int],
    parties: Sequence[Party],
    *,
    may_come: Collection[int] = frozenset(),
    counter_seats: int = 0,
) -> Turn:
    """Whose turn it is, `parties` in the order in which they asked.

    `may_come` are the ids of seats that may still come free, `counter_seats` how many free ones the counter keeps.
    Only seats that guests buy without an access need are given.
    """
    seats = [seat for seat in plan if seat.kind not in ACCESS_KINDS and is_sold_to(seat, by_staff=False)]
    free = {seat.id for seat in seats if seat.id in free_ids}
    left = len(free) - counter_seats
    offers, kept, kept_for = [], tuple[Seat, ...](), None
    for party in parties:
        run = _smallest_gap(seats, free, party.seats) if party.seats <= left else None
        if run:
            offers.append((party, run))
            free -= {seat.id for seat in run}
            left -= len(run)
        elif kept_for is None:
            kept_for = party
            kept = _nearest_run(seats, free, may_come, party.seats)[: max(0, left)]
            free -= {seat.id for seat in kept}
            left -= len(kept)
    return Turn(tuple(offers), kept, kept_for if kept else None)


def _smallest_gap(seats: Sequence[Seat], free: Collection[int], number: int) -> tuple[Seat, ...] | None:
    """So many neighbours from the end of the run that leaves the fewest, but rather two than one on its own."""
    runs = [block for block in blocks(seats, free) if len(block) >= number]
    if not runs:
        return None
    best = min(runs, key=lambda run: (len(run) - number == 1, len(run), run[0].y, run[0].x))
    return best[:number]


def _nearest_run(
    seats: Sequence[Seat], free: Collection[int], may_come: Collection[int], number: int
) -> tuple[Seat, ...]:
    """The free seats of the run of so many neighbours in which the fewest are missing; none if all or none is."""
    there = set(free) | set(may_come)
    runs = [
        block[start : start + number]
        for block in blocks(seats, there)
        for start in range(len(block) - number + 1)
    ]
    wanted = [tuple(seat for seat in run if seat.id in free) for run in runs]
    return max(wanted, key=len, default=())


def longest_run(plan: Iterable[Seat]) -> int:
    """How many people can ever sit side by side, without an access need."""
    seats = [seat for seat in plan if seat.kind not in ACCESS_KINDS and is_sold_to(seat, by_staff=False)]
    return max((len(block) for block in blocks(seats, {seat.id for seat in seats})), default=0)


def check_asking(*, seats: int, limit: int, longest: int, free: int, sold_to_guests: bool) -> None:
    """Whether a party may be put on the list: NotWaitable, NotSoldOut or TooManyToWait.

    `free` are the seats that a guest could take now.
    """
    if not sold_to_guests:
        raise NotWaitable(
            "This show is not sold here any more, so nobody can wait for it. Choose another time"
        )
    if free:
        raise NotSoldOut(f"{counted(free, 'seat is', 'seats are')} free. Choose from them on the map")
    most = min(limit, longest)
    if not 1 <= seats <= most:
        raise TooManyToWait(f"Ask for 1 to {most} seats: more don’t stand side by side here", "seats")


def check_not_spoken_for(chosen: Collection[int], spoken_for: Collection[int]) -> None:
    """Whether somebody who does not wait may take these seats: silence, or SpokenFor."""
    theirs = sorted(set(chosen) & set(spoken_for))
    if theirs:
        raise SpokenFor(
            "These seats came free for people who wait for them. Put yourself on the waiting list, and yours will come",
            "seats",
            seats=theirs,
        )


def offer_until(*, now: datetime, minutes: int, starts_at: datetime) -> datetime:
    """Until when an offer stands: so many minutes, and not past the beginning of the show."""
    return min(now + timedelta(minutes=minutes), starts_at)
