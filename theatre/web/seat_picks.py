"""Seats as a list, for whoever would rather not use a map: a kind, a row, the places where a party fits."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from theatre.documents.words import kind_of_seat
from theatre.queries.seatmap import ShowSeats
from theatre.rules.moments import listed
from theatre.rules.seating import COMPANION, KINDS, WHEELCHAIR, Seat, blocks, is_sold_to


@dataclass(frozen=True, slots=True)
class KindPick:
    kind: str
    name: str
    price: Decimal
    free: int


@dataclass(frozen=True, slots=True)
class RowPick:
    row: str
    words: str


@dataclass(frozen=True, slots=True)
class GroupPick:
    """Seats that fit the party."""

    seats: tuple[Seat, ...]
    words: str
    place: str
    price: Decimal

    @property
    def sitting(self) -> str:
        """`together, in the middle`."""
        return _("together, %(place)s") % {"place": self.place} if len(self.seats) > 1 else self.place


def free_ids(seen: ShowSeats) -> frozenset[int]:
    """Seats a customer may take now."""
    return frozenset(
        seat.id for seat in seen.plan.seats if seat.id not in seen.states and is_sold_to(seat, by_staff=False)
    )


def picked(seen: ShowSeats, number: int, *, kind: str, row: str) -> dict[str, Any]:
    """What parts/seat_picks.html shows for a party of so many: the kinds, the rows of the one that was picked, and the
    places in the row. A kind that the hall does not have is none."""
    there = kinds(seen)
    kind = kind if any(entry.kind == kind for entry in there) else ""
    places = groups(seen, kind, number) if kind else ()
    return {
        "number": number,
        "kinds": there,
        "kind": kind,
        "rows": rows(places),
        "row": row,
        "groups": [place for place in places if place.seats[0].row == row],
    }


def kinds(seen: ShowSeats) -> tuple[KindPick, ...]:
    """The kinds of seat in this hall, with how many are free."""
    free = free_ids(seen)
    return tuple(
        KindPick(
            kind,
            kind_of_seat(kind),
            seen.prices[kind],
            sum(s.kind == kind and s.id in free for s in seen.plan.seats),
        )
        for kind in KINDS
        if kind != COMPANION and kind in seen.prices and any(seat.kind == kind for seat in seen.plan.seats)
    )


def groups(seen: ShowSeats, kind: str, number: int) -> tuple[GroupPick, ...]:
    """Every place in the hall where so many of a kind are free side by side, from the screen back.

    A wheelchair space comes with as many of its companion seats as the party needs.
    """
    free = free_ids(seen)
    if kind == WHEELCHAIR:
        found = _with_companions(seen.plan.seats, free, number)
    else:
        of_kind = {seat.id for seat in seen.plan.seats if seat.kind == kind} & free
        found = [
            block[start : start + number]
            for block in blocks(seen.plan.seats, of_kind)
            for start in range(len(block) - number + 1)
        ]
    columns = [seat.x for seat in seen.plan.seats]
    middle = (min(columns) + max(columns)) / 2
    width = max(columns) - min(columns) + 1
    return tuple(_group(seats, seen.prices, middle, width) for seats in found)


def rows(places: Sequence[GroupPick]) -> tuple[RowPick, ...]:
    """The rows that have such places, with the seats that are free in them and where they are."""
    by_row: dict[str, list[GroupPick]] = {}
    for place in places:
        by_row.setdefault(place.seats[0].row, []).append(place)
    return tuple(
        RowPick(
            row,
            _("%(free)d free, %(place)s")
            % {
                "free": len({seat.id for place in here for seat in place.seats}),
                "place": _where(here),
            },
        )
        for row, here in by_row.items()
    )


def _where(places: Sequence[GroupPick]) -> str:
    """Where most of a row's places are; left and right alone are both sides."""
    found = {place.place for place in places}
    both = len(found) > 1 and _("in the middle") not in found
    return _("on both sides") if both else places[len(places) // 2].place


def _with_companions(plan: Iterable[Seat], free: Collection[int], number: int) -> list[tuple[Seat, ...]]:
    seats = [seat for seat in plan if seat.id in free]
    found = []
    for space in seats:
        beside = [seat for seat in seats if seat.kind == COMPANION and seat.beside == space.id]
        if space.kind == WHEELCHAIR and len(beside) >= number - 1:
            found.append(tuple(sorted((space, *beside[: number - 1]), key=lambda seat: seat.x)))
    return found


def _group(seats: tuple[Seat, ...], prices: dict[str, Decimal], middle: float, width: int) -> GroupPick:
    off = (seats[0].x + seats[-1].x) / 2 - middle
    place = (
        _("in the middle") if abs(off) <= width / 6 else _("on the left") if off < 0 else _("on the right")
    )
    numbers = [str(seat.number) for seat in seats]
    words = (
        _("Row %(row)s, seat %(numbers)s") if len(seats) == 1 else _("Row %(row)s, seats %(numbers)s")
    ) % {"row": seats[0].row, "numbers": listed(numbers, _("and"))}
    return GroupPick(
        seats, words, place, sum((prices.get(seat.kind, Decimal(0)) for seat in seats), Decimal(0))
    )
