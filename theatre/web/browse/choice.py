"""Choosing seats on a page: what is suggested, what is ticked, and the list that needs no map."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from theatre.documents.words import kind_of_seat
from theatre.queries.seatmap import YOURS, ShowSeats, plan_of
from theatre.rules.bestseats import Suggestion, best_seats
from theatre.rules.moments import listed
from theatre.rules.seating import COMPANION, KINDS, WHEELCHAIR, Seat, blocks, is_sold_to
from theatre.web.alone import taken_by_others

USUAL = 2  # most people come in twos


@dataclass(frozen=True, slots=True)
class Line:
    """A chosen seat on the order ticket."""

    label: str
    kind: str
    price: Decimal


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


def house_size(seen: ShowSeats) -> int:
    """Seats of this show that are ever sold to customers."""
    return sum(is_sold_to(seat, by_staff=False) for seat in seen.plan.seats)


def number_asked(value: str, limit: int) -> int:
    """How many seats: what the address says within 1 and the limit, else the usual two."""
    return min(max(int(value), 1), limit) if value.isascii() and value.isdigit() and len(value) < 4 else USUAL


def ticked(seen: ShowSeats, asked: Iterable[str], *, own: bool = True) -> tuple[Seat, ...]:
    """The seats the address names that are still free, and with `own` those held already by whoever looks; without,
    only those of them that it names.
    """
    free = free_ids(seen)
    wanted = {int(word) for word in asked if word.isascii() and word.isdigit() and len(word) < 18}
    return tuple(
        seat
        for seat in seen.plan.seats
        if (seen.states.get(seat.id) == YOURS and (own or seat.id in wanted))
        or (seat.id in wanted and seat.id in free)
    )


def suggested(seen: ShowSeats, number: int, *, access: bool = False) -> Suggestion | None:
    """The best seats that are left for so many, whoever looks may have some of them already; None when there is no such
    place. With `access` there is a wheelchair space among them.
    """
    return _best(seen.plan.id, taken_by_others(seen), number, access)


@lru_cache(maxsize=512)
def _best(plan_id: int, taken: frozenset[int], number: int, access: bool) -> Suggestion | None:
    return best_seats(plan_of(plan_id).seats, taken, number, access=access)


def has_spaces(seen: ShowSeats) -> bool:
    """Whether a wheelchair space is left."""
    return any(seat.kind == WHEELCHAIR and seat.id not in taken_by_others(seen) for seat in seen.plan.seats)


def lines(seats: Sequence[Seat], prices: dict[str, Decimal]) -> tuple[Line, ...]:
    """The seats with their list prices."""
    return tuple(
        Line(seat.label, kind_of_seat(seat.kind), prices.get(seat.kind, Decimal(0))) for seat in seats
    )


def for_script(seen: ShowSeats, number: int, limit: int, *, access: bool) -> dict[str, Any]:
    """What the page's script needs to follow a choice at once: prices, limits and every sentence it may say."""
    return {
        "show": seen.show_id,
        "number": number,
        "limit": limit,
        "currency": settings.CURRENCY,
        "prices": {kind: [str(amount), kind_of_seat(kind)] for kind, amount in seen.prices.items()},
        "advice": reverse("seat_advice", args=[seen.show_id]),
        "access": access,
        "none": _("No seats chosen"),
        "empty": _("No seats chosen yet. Pick one on the map, or let us find the best."),
        "suggested": _("suggested"),
        "take": _("Take {seats}"),
        "added": _("{seat} added."),
        "removed": _("{seat} removed."),
        "remove": _("Remove seat {seat}"),
        "count": _("Seats chosen: {n}"),
        "best": _("Best seats:"),
        "wouldTake": _("Suggested:"),
        "bestOne": _("Best seat"),
        "bestMany": _("Best {n} together"),
        "nothing": _("So many seats are not left together. Try fewer, or tick them one by one."),
        "saving": _("saving"),
        "most": _("%(limit)d seats are the most in one booking.") % {"limit": limit},
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
