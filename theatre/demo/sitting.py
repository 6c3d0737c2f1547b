"""Where people sit: groups side by side, around the sweet spot, as real halls fill."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from theatre.rules.seating import COMPANION, RESTRICTED_VIEW, VIP, WHEELCHAIR, Seat, is_sold_to

LARGEST_GROUP = 8
SWEET_SPOT = 0.64  # of the way from the first row to the last
TRIES = 12
CLUSTERING = 2.6  # how strongly the best places are preferred; 1 would be no preference


@dataclass(frozen=True, slots=True)
class Hall:
    """A plan's seats with every place a group can take, the most wanted first, as the index of its first seat.

    `labels` and `kinds` are the seats', in their order, for those who go through millions.
    """

    plan_id: int
    seats: tuple[Seat, ...]
    labels: tuple[str, ...]
    kinds: tuple[str, ...]
    groups: tuple[tuple[int, ...], ...]  # by size, from 0
    pairs: tuple[tuple[int, int], ...]  # a wheelchair space with a companion seat

    @property
    def room(self) -> int:
        """Seats that groups can take."""
        return len(self.groups[1])


def hall(plan_id: int, seats: Sequence[Seat]) -> Hall:
    """The hall of a plan. House seats, broken ones and access seats are left to those who ask for them."""
    ordered = tuple(sorted(seats, key=lambda seat: (seat.y, seat.x)))
    wanted = {
        place: _distance(seat, ordered)
        for place, seat in enumerate(ordered)
        if is_sold_to(seat, by_staff=False) and seat.kind not in (WHEELCHAIR, COMPANION)
    }
    groups: list[tuple[int, ...]] = [()]
    for size in range(1, LARGEST_GROUP + 1):
        away = {
            first: sum(wanted[first + step] for step in range(size))
            for first in wanted
            if _side_by_side(first, size, wanted, ordered)
        }
        groups.append(tuple(sorted(away, key=away.__getitem__)))
    place_of = {seat.id: place for place, seat in enumerate(ordered)}
    pairs = tuple(
        (place_of[seat.beside], place) for place, seat in enumerate(ordered) if seat.beside is not None
    )
    labels, kinds = tuple(seat.label for seat in ordered), tuple(seat.kind for seat in ordered)
    return Hall(plan_id, ordered, labels, kinds, tuple(groups), pairs)


def _distance(seat: Seat, seats: Sequence[Seat]) -> float:
    """How far a seat is from where everybody wants to sit."""
    deepest, widest = max(other.y for other in seats) or 1, max(other.x for other in seats) or 1
    away = (seat.y / deepest - SWEET_SPOT) ** 2 * 2 + (seat.x / widest - 0.5) ** 2
    return away + (0.25 if seat.kind == VIP else 0) + (0.4 if RESTRICTED_VIEW in seat.flags else 0)


def _side_by_side(first: int, size: int, wanted: dict[int, float], seats: Sequence[Seat]) -> bool:
    if any(first + step not in wanted for step in range(size)):
        return False
    left, right = seats[first], seats[first + size - 1]
    return left.y == right.y and right.x - left.x == size - 1


def choose(rng: Random, hall: Hall, taken: bytearray, size: int) -> tuple[int, ...]:
    """A free place for a group, most likely a good one; smaller than asked, at last empty, when the hall is full."""
    for smaller in range(min(size, LARGEST_GROUP), 0, -1):
        places = hall.groups[smaller]
        for _ in range(TRIES if places else 0):
            first = places[int(len(places) * rng.random() ** CLUSTERING)]
            if taken.find(1, first, first + smaller) < 0:
                return tuple(range(first, first + smaller))
    return next(((first,) for first in hall.groups[1] if not taken[first]), ())
