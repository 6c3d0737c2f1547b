"""A show that moves to another seat plan: who keeps their seats, and where the others sit.

A seat is kept when the new plan has the same row and number in the same kind, and it may be sold there. A wheelchair
space and its companion seats are kept together or moved together. Everybody else gets the best free seats of the same
kind, else of a better one. Source: domain.md, "The programme".
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from theatre.rules.bestseats import best_seats
from theatre.rules.refusals import Refused
from theatre.rules.seating import (
    COMPANION,
    HOUSE_SEAT,
    PREMIUM,
    STANDARD,
    VIP,
    WHEELCHAIR,
    Seat,
    in_order,
    is_sold_to,
)

_BETTER = (STANDARD, PREMIUM, VIP)


class SeatsMissing(Refused):
    """The show cannot move there as it is: some of its guests would find no seat."""

    code = "seats_missing"


class SeenOtherwise(Refused):
    """Who would sit where has changed since it was looked at; nothing was moved."""

    code = "seen_otherwise"


class OtherKinds(Refused):
    """Seats of other kinds, or another number of them, than the guest has."""

    code = "other_kinds"


@dataclass(frozen=True, slots=True)
class Party:
    """Guests who sit together: their seats in the present plan. `key` says whose they are."""

    key: tuple[str, int]
    seats: tuple[Seat, ...]


@dataclass(frozen=True, slots=True)
class Seated:
    """A guest's seat now, and the one after the move: None when there is none for them."""

    was: Seat
    seat: Seat | None

    @property
    def kept(self) -> bool:
        """Whether the guest looks for the same row and number afterwards."""
        return self.seat is not None and self.seat.label == self.was.label


def seat_everybody(
    plan: Sequence[Seat], parties: Sequence[Party], closed_ids: Collection[int] = frozenset()
) -> dict[tuple[str, int], tuple[Seated, ...]]:
    """Where every party sits in the new plan, by its key; seats in `closed_ids` are not sold there.

    The same guests and the same plan always give the same seats. Larger parties are placed first.
    """
    hall = _Hall(plan, closed_ids)
    for party in parties:
        for unit in _units(party.seats):
            hall.keep(unit)
    for party in sorted(parties, key=lambda each: (-len(each.seats), each.key)):
        hall.place(party.seats)
    return {
        party.key: tuple(Seated(seat, hall.seats_of.get(seat.id)) for seat in in_order(party.seats))
        for party in parties
    }


def check_same_kinds(now: Sequence[Seat], chosen: Sequence[Seat]) -> None:
    """Other seats are as many and of the same kinds as those somebody has, so that nothing is to be paid: else
    OtherKinds."""
    if sorted(seat.kind for seat in now) != sorted(seat.kind for seat in chosen):
        raise OtherKinds("Choose as many seats as you have, of the same kinds", "seats")


def pairs(was: Sequence[Seat], chosen: Sequence[Seat]) -> list[tuple[Seat, Seat]]:
    """Who of the same kinds gets which seat: those that are in both stay, the others in their order."""
    both = {seat.id for seat in was} & {seat.id for seat in chosen}
    paired = [(seat, seat) for seat in was if seat.id in both]
    for kind in sorted({seat.kind for seat in was}):
        left, new = (
            in_order(seat for seat in seats if seat.kind == kind and seat.id not in both)
            for seats in (was, chosen)
        )
        paired += zip(left, new, strict=True)
    return paired


class _Hall:
    """The new plan, with those who have been seated in it."""

    def __init__(self, plan: Sequence[Seat], closed_ids: Collection[int]) -> None:
        self.plan = in_order(plan)
        self.named = {(seat.row, seat.number): seat for seat in plan}
        self.taken = set(closed_ids)
        self.seats_of: dict[int, Seat] = {}

    def keep(self, unit: Sequence[Seat]) -> None:
        """Leave these seats as they are, all or none."""
        there = [self.named.get((seat.row, seat.number)) for seat in unit]
        same = [
            new
            for old, new in zip(unit, there, strict=True)
            if new is not None
            and new.kind == old.kind
            and new.id not in self.taken
            and is_sold_to(new, by_staff=HOUSE_SEAT in old.flags)
        ]
        spaces = {seat.id for seat in same if seat.kind == WHEELCHAIR}
        apart = spaces and any(seat.kind == COMPANION and seat.beside not in spaces for seat in same)
        if len(same) == len(unit) and not apart:
            self._sit(unit, same)

    def place(self, seats: Sequence[Seat]) -> None:
        """Give those of a party who have no seat yet the best that are free."""
        waiting = [seat for seat in in_order(seats) if seat.id not in self.seats_of]
        for unit in _units(waiting):
            if unit[0].kind == WHEELCHAIR:
                self._sit(unit, self._space(len(unit) - 1))
            elif unit[0].kind == COMPANION:
                self._sit(unit, list(self._free(COMPANION))[:1])
        for kind in _BETTER:
            self._together([seat for seat in waiting if seat.kind == kind])

    def _together(self, group: Sequence[Seat]) -> None:
        """Side by side if that is possible, in the same kind if it is, else one by one."""
        if not group:
            return
        found = self._best(group[0].kind, len(group))
        if found:
            self._sit(group, found)
        elif len(group) > 1:
            for one in group:
                self._together([one])

    def _best(self, kind: str, number: int) -> Sequence[Seat]:
        for better in _BETTER[_BETTER.index(kind) :]:
            found = best_seats(self.plan, self.taken, number, kind=better)
            if found:
                return found.seats
        return ()

    def _space(self, companions: int) -> Sequence[Seat]:
        """A wheelchair space with so many companion seats beside it, the one that wastes the fewest."""
        beside = {
            space.id: [seat for seat in self._free(COMPANION) if seat.beside == space.id]
            for space in self._free(WHEELCHAIR)
        }
        fits = [space for space in self._free(WHEELCHAIR) if len(beside[space.id]) >= companions]
        if not fits:
            return ()
        space = min(fits, key=lambda each: (len(beside[each.id]), each.y, each.x))
        return [space, *beside[space.id][:companions]]

    def _free(self, kind: str) -> Iterator[Seat]:
        return (
            seat
            for seat in self.plan
            if seat.kind == kind and seat.id not in self.taken and is_sold_to(seat, by_staff=False)
        )

    def _sit(self, guests: Sequence[Seat], seats: Sequence[Seat]) -> None:
        for guest, seat in zip(guests, seats, strict=False):
            self.seats_of[guest.id] = seat
            self.taken.add(seat.id)


def _units(seats: Sequence[Seat]) -> list[tuple[Seat, ...]]:
    """What is kept or moved as one: a wheelchair space with its companions, every other seat by itself."""
    spaces = {seat.id for seat in seats if seat.kind == WHEELCHAIR}
    with_space = {
        space: tuple(seat for seat in in_order(seats) if seat.kind == COMPANION and seat.beside == space)
        for space in spaces
    }
    return [
        (seat, *with_space.get(seat.id, ()))
        for seat in in_order(seats)
        if not (seat.kind == COMPANION and seat.beside in spaces)
    ]
