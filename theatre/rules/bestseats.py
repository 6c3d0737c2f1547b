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
    singles,
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
    seats: tuple[Seat, ...]
    cost: float  # without orphans
    orphans: int

    @property
    def centre(self) -> float:
        return (self.seats[0].x + self.seats[-1].x) / 2

    @property
    def place(self) -> tuple[int, int]:
        return self.seats[0].y, self.seats[0].x


class _Hall:
    """Costs in one plan: where its sweet spot is and how far every seat is from it."""

    def __init__(self, plan: Iterable[Seat]) -> None:
        self.seats = in_order(plan)
        lines = sorted({seat.y for seat in self.seats})
        self.row_at = {line: index for index, line in enumerate(lines)}
        columns = [seat.x for seat in self.seats]
        self.middle = (min(columns) + max(columns)) / 2
        self.best_row = 2 * (len(lines) - 1) / 3

    def cost(self, run: Sequence[Seat]) -> float:
        """What a run of neighbours costs, orphans aside."""
        across = abs((run[0].x + run[-1].x) / 2 - self.middle)
        back = ROW_COST * abs(self.row_at[run[0].y] - self.best_row)
        mixed = MIXED_COST if len({seat.kind for seat in run} - ACCESS_KINDS) > 1 else 0.0
        restricted = RESTRICTED_COST * sum(RESTRICTED_VIEW in seat.flags for seat in run)
        return round(across + back + mixed + restricted, 6)


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
    hall = _Hall(plan)
    free = {
        seat.id for seat in hall.seats if seat.id not in taken_ids and _wanted(seat, kind, access, by_staff)
    }
    if number < 1 or len(free) < number:
        return None
    runs = _runs(hall, free, number)
    together = [run for run in runs if _suits([run], access)]
    if together:
        best = min(
            together, key=lambda run: (run.orphans > 0, run.cost + ORPHAN_COST * run.orphans, run.place)
        )
        way = TOGETHER_LEAVING_ONE if best.orphans else TOGETHER
        return _suggestion(hall, [best], way)
    return _two_rows(hall, free, number, access) or (None if access else _pairs(hall, free, number))


def _wanted(seat: Seat, kind: str | None, access: bool, by_staff: bool) -> bool:
    if not is_sold_to(seat, by_staff):
        return False
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


def _runs(hall: _Hall, free: Collection[int], length: int) -> list[_Run]:
    """Every run of so many free neighbours, with the ordinary seats it would leave on their own."""
    found = []
    for block in blocks(hall.seats, free):
        for start in range(len(block) - length + 1):
            seats = block[start : start + length]
            taking = [start <= place < start + length for place in range(len(block))]
            orphans = sum(block[place].kind not in ACCESS_KINDS for place in singles(taking))
            found.append(_Run(seats, hall.cost(seats), orphans))
    return found


def _two_rows(hall: _Hall, free: Collection[int], number: int, access: bool) -> Suggestion | None:
    """Half in one row, half in the next, one behind the other: their middles at most one column apart."""
    longer, shorter = _runs(hall, free, (number + 1) // 2), _runs(hall, free, number // 2)
    stacked = [
        (one, two)
        for one in longer
        for two in shorter
        if abs(hall.row_at[one.place[0]] - hall.row_at[two.place[0]]) == 1
        and abs(one.centre - two.centre) <= 1
        and _suits([one, two], access)
    ]
    if not stacked:
        return None
    best = min(
        stacked,
        key=lambda pair: (round(sum(_with_orphans(run) for run in pair), 6), pair[0].place, pair[1].place),
    )
    return _suggestion(hall, best, TWO_ROWS)


def _pairs(hall: _Hall, free: Collection[int], number: int) -> Suggestion | None:
    """Pairs, and one single seat for an odd number, at the lowest cost in all. None for a party of one or
    two.
    """
    if number < 3:
        return None
    wanted = (number // 2, number % 2)
    # The cheapest way to choose so many pairs and singles among the seats up to here, and up to one before.
    before: dict[tuple[int, int], tuple[float, tuple[_Run, ...]]] = {}
    here: dict[tuple[int, int], tuple[float, tuple[_Run, ...]]] = {(0, 0): (0.0, ())}
    last: Seat | None = None
    for seat in (seat for seat in hall.seats if seat.id in free):
        after = dict(here)
        _offer(after, here, (0, 1), _Run((seat,), hall.cost((seat,)), 0), wanted)
        if last is not None and (last.y, last.x + 1) == (seat.y, seat.x):
            _offer(after, before, (1, 0), _Run((last, seat), hall.cost((last, seat)), 0), wanted)
        before, here, last = here, after, seat
    if wanted not in here:
        return None
    return _suggestion(hall, here[wanted][1], PAIRS)


def _offer(
    after: dict[tuple[int, int], tuple[float, tuple[_Run, ...]]],
    base: dict[tuple[int, int], tuple[float, tuple[_Run, ...]]],
    step: tuple[int, int],
    run: _Run,
    wanted: tuple[int, int],
) -> None:
    for (pairs, alone), (cost, runs) in base.items():
        key = (pairs + step[0], alone + step[1])
        dearer = round(cost + run.cost, 6)
        if key[0] <= wanted[0] and key[1] <= wanted[1] and (key not in after or dearer < after[key][0]):
            after[key] = (dearer, (*runs, run))


def _with_orphans(run: _Run) -> float:
    return run.cost + ORPHAN_COST * run.orphans


def _suggestion(hall: _Hall, runs: Sequence[_Run], way: str) -> Suggestion:
    seats = in_order(seat for run in runs for seat in run.seats)
    cost = round(sum(_with_orphans(run) for run in runs), 6)
    rows = list(dict.fromkeys(seat.row for seat in seats))
    where = f"row {rows[0]}" if len(rows) == 1 else f"rows {listed(rows)}"
    match way:
        case "two_rows":
            reason = f"One behind the other in {where}"
        case "pairs":
            reason = f"In pairs, as near to each other as is left, in {where}"
        case _:
            reason = f"{'Together' if len(seats) > 1 else 'A seat'} in {where}, {_side(hall, runs[0])}"
    return Suggestion(seats, way, cost, reason)


def _side(hall: _Hall, run: _Run) -> str:
    off = run.centre - hall.middle
    width = max(seat.x for seat in hall.seats) - min(seat.x for seat in hall.seats) + 1
    if abs(off) <= width / 6:
        return "in the middle"
    return "on the left" if off < 0 else "on the right"
