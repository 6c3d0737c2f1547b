"""The best seats still free for a party: what the page suggests on arrival.

Source: ux.md 2.6, "Best seats". A place's cost is its distance from the hall's sweet spot (centre column, two
thirds back): columns, and 1.3 per row; plus 4 for each seat left on its own, 2 for a run of different prices
and 6 for each seat with a restricted view. First the ways of sitting in their order, then the lowest cost:
together leaving nobody's seat alone, together, in two rows one behind the other, in pairs.
Wheelchair and companion seats are proposed only when asked for. Suggesting holds nothing.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from theatre.rules.moments import listed
from theatre.rules.seating import (
    ACCESS_KINDS,
    COMPANION,
    RESTRICTED_VIEW,
    WHEELCHAIR,
    Seat,
    blocks,
    in_order,
    is_sold_to,
)

ROW_COST = 1.3
ORPHAN_COST = 4.0
MIXED_COST = 2.0
RESTRICTED_COST = 6.0

TOGETHER, TOGETHER_LEAVING_ONE, TWO_ROWS, PAIRS = WAYS = (
    "together",
    "together_leaving_one",
    "two_rows",
    "pairs",
)


# Up to this share of the way from the first row to the last.
_DEPTHS = (
    (0.2, "at the front"),
    (0.42, "a third back"),
    (0.58, "half way back"),
    (0.8, "two thirds back"),
    (1.0, "at the back"),
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Seats in their order, the way they are placed (of WAYS), its cost (lower is better) and the reason in
    words.
    """

    seats: tuple[Seat, ...]
    way: str
    cost: float
    reason: str


@dataclass(frozen=True, slots=True)
class _Run:
    """Neighbours in one row, with their cost; `orphans` is how many seats they would leave on their own."""

    seats: tuple[Seat, ...]
    base: float
    orphans: int

    @property
    def cost(self) -> float:
        return self.base + ORPHAN_COST * self.orphans

    @property
    def centre(self) -> float:
        return (self.seats[0].x + self.seats[-1].x) / 2

    @property
    def place(self) -> tuple[int, int]:
        return self.seats[0].y, self.seats[0].x


# By pairs and singles chosen so far: the lowest cost, and the runs that reach it.
_Ways = dict[tuple[int, int], tuple[float, tuple[_Run, ...]]]


class _Hall:
    """A plan with the seats that may be proposed: where its sweet spot is and what each run of them costs."""

    def __init__(self, plan: Iterable[Seat], free: Collection[int], open_to_others: Collection[int]) -> None:
        self.seats = in_order(plan)
        self.free = free
        self.open_places = {(seat.y, seat.x) for seat in self.seats if seat.id in open_to_others}
        self.companions = [seat for seat in self.seats if seat.kind == COMPANION and seat.id in free]
        lines = sorted({seat.y for seat in self.seats})
        self.row_at = {line: index for index, line in enumerate(lines)}
        self.best_row = 2 * (len(lines) - 1) / 3
        columns = [seat.x for seat in self.seats]
        self.width = max(columns) - min(columns) + 1
        self.middle = (min(columns) + max(columns)) / 2

    def run(self, seats: tuple[Seat, ...]) -> _Run:
        across = abs((seats[0].x + seats[-1].x) / 2 - self.middle)
        back = ROW_COST * abs(self.row_at[seats[0].y] - self.best_row)
        mixed = MIXED_COST if len({seat.kind for seat in seats} - ACCESS_KINDS) > 1 else 0.0
        restricted = RESTRICTED_COST * sum(RESTRICTED_VIEW in seat.flags for seat in seats)
        return _Run(seats, round(across + back + mixed + restricted, 6), self._orphans(seats))

    def runs(self, length: int) -> list[_Run]:
        """Every run of so many neighbours among the seats that may be proposed."""
        return [
            self.run(block[start : start + length])
            for block in blocks(self.seats, self.free)
            for start in range(len(block) - length + 1)
        ]

    def _orphans(self, seats: tuple[Seat, ...]) -> int:
        """Seats left on their own, and free companion seats whose space is taken without them."""
        ids = {seat.id for seat in seats}
        unsaleable = [seat for seat in self.companions if seat.beside in ids and seat.id not in ids]
        return len(unsaleable) + sum(
            end.kind not in ACCESS_KINDS
            and (end.y, end.x + step) in self.open_places
            and (end.y, end.x + 2 * step) not in self.open_places
            for end, step in ((seats[0], -1), (seats[-1], 1))
        )


def best_seats(
    plan: Iterable[Seat],
    taken_ids: Collection[int],
    number: int,
    *,
    kind: str | None = None,
    access: bool = False,
    by_staff: bool = False,
) -> Suggestion | None:
    """The best `number` seats still free, or None when no way of sitting is left.

    `kind` asks for one kind only. With `access` the suggestion has at least one wheelchair space, and
    companion seats only with theirs.
    """
    seats = [seat for seat in plan if is_sold_to(seat, by_staff)]
    untaken = [seat for seat in seats if seat.id not in taken_ids]
    ordinary = {seat.id for seat in untaken if seat.kind not in ACCESS_KINDS}
    free = {seat.id for seat in untaken if _wanted(seat, kind, access)}
    if number < 1 or len(free) < number:
        return None
    hall = _Hall(seats, free, ordinary)
    together = [run for run in hall.runs(number) if _suits([run], access)]
    if together:
        best = min(together, key=lambda run: (run.orphans > 0, run.cost, run.place))
        return _suggestion(hall, [best], TOGETHER_LEAVING_ONE if best.orphans else TOGETHER)
    if number < 2:
        return None
    return _two_rows(hall, number, access) or (None if access else _pairs(hall, number))


def _wanted(seat: Seat, kind: str | None, access: bool) -> bool:
    if seat.kind in ACCESS_KINDS:
        return access
    return kind is None or seat.kind == kind


def _suits(runs: Sequence[_Run], access: bool) -> bool:
    """With an access need: a wheelchair space is among the seats, and each companion's own."""
    if not access:
        return True
    seats = [seat for run in runs for seat in run.seats]
    spaces = {seat.id for seat in seats if seat.kind == WHEELCHAIR}
    return bool(spaces) and all(seat.beside in spaces for seat in seats if seat.kind == COMPANION)


def _two_rows(hall: _Hall, number: int, access: bool) -> Suggestion | None:
    """Half in one row, half in the next, one behind the other: their middles at most one column apart."""
    there = {(hall.row_at[run.place[0]], run.centre): run for run in hall.runs(number // 2)}
    stacked = [
        (one, two)
        for one in hall.runs((number + 1) // 2)
        for row in (-1, 1)
        for aside in (-1, -0.5, 0, 0.5, 1)
        if (two := there.get((hall.row_at[one.place[0]] + row, one.centre + aside))) is not None
        and _suits([one, two], access)
    ]
    if not stacked:
        return None
    best = min(
        stacked, key=lambda pair: (round(pair[0].cost + pair[1].cost, 6), pair[0].place, pair[1].place)
    )
    return _suggestion(hall, best, TWO_ROWS)


def _pairs(hall: _Hall, number: int) -> Suggestion | None:
    """Pairs, and one single seat for an odd number, at the lowest cost in all, the seats they leave on their
    own aside. None for two people: they would sit apart.
    """
    if number < 3:
        return None
    wanted = (number // 2, number % 2)
    # The cheapest way to choose so many pairs and singles among the seats up to here, and up to one before.
    before: _Ways = {}
    here: _Ways = {(0, 0): (0.0, ())}
    last: Seat | None = None
    for seat in hall.seats:
        if seat.id not in hall.free:
            continue
        after = dict(here)
        _offer(after, here, (0, 1), hall.run((seat,)), wanted)
        if last is not None and (last.y, last.x + 1) == (seat.y, seat.x):
            _offer(after, before, (1, 0), hall.run((last, seat)), wanted)
        before, here, last = here, after, seat
    if wanted not in here:
        return None
    cost, runs = here[wanted]
    return _suggestion(hall, runs, PAIRS, cost)


def _offer(after: _Ways, base: _Ways, step: tuple[int, int], run: _Run, wanted: tuple[int, int]) -> None:
    for (pairs, alone), (cost, runs) in base.items():
        key = (pairs + step[0], alone + step[1])
        dearer = round(cost + run.base, 6)
        if key[0] <= wanted[0] and key[1] <= wanted[1] and (key not in after or dearer < after[key][0]):
            after[key] = (dearer, (*runs, run))


def _suggestion(hall: _Hall, runs: Sequence[_Run], way: str, cost: float | None = None) -> Suggestion:
    seats = in_order(seat for run in runs for seat in run.seats)
    rows = list(dict.fromkeys(seat.row for seat in seats))
    where = f"row {rows[0]}" if len(rows) == 1 else f"rows {listed(rows)}"
    if way == TWO_ROWS:
        reason = f"One behind the other in {where}"
    elif way == PAIRS:
        reason = f"In pairs in {where}"
    else:
        place = _depth(hall, runs[0]) + _side(hall, runs[0])
        reason = f"{'Together' if len(seats) > 1 else 'A seat'} in {where}, {place}"
    return Suggestion(seats, way, round(sum(run.cost for run in runs) if cost is None else cost, 6), reason)


def _depth(hall: _Hall, run: _Run) -> str:
    """How far from the screen; nothing to say in a hall of one row."""
    last = len(hall.row_at) - 1
    if not last:
        return ""
    share = hall.row_at[run.place[0]] / last
    return next(words for upto, words in _DEPTHS if share <= upto) + ", "


def _side(hall: _Hall, run: _Run) -> str:
    off = run.centre - hall.middle
    if abs(off) <= hall.width / 6:
        return "in the middle"
    return "on the left" if off < 0 else "on the right"
