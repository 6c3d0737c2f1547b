"""Seat plans as text, one line a row, the screen at the top. docs/seat-plans.md tells people how to write one.

    A:   ___SSSS_SSSS
    B 5<: WC_SSSrS_SSSb

Source: domain.md, "The programme". Columns and lines of problems count from 1, as people count.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from theatre.rules.moments import counted
from theatre.rules.refusals import Refused
from theatre.rules.seating import (
    BROKEN,
    COMPANION,
    FLAGS,
    HOUSE_SEAT,
    KINDS,
    LETTERS,
    PREMIUM,
    RESTRICTED_VIEW,
    STANDARD,
    VIP,
    WHEELCHAIR,
    Seat,
    blocks,
    in_order,
)

SEAT_LETTERS = {"S": STANDARD, "P": PREMIUM, "V": VIP, "W": WHEELCHAIR, "C": COMPANION}
MARKS = {"r": RESTRICTED_VIEW, "h": HOUSE_SEAT, "b": BROKEN}
GAP = "_"
MOST_SEATS = 1000
MOST_COLUMNS = 50
MOST_LINES = 60
MOST_CHARACTERS = 20_000
HIGHEST_NUMBER = 999
MOST_PROBLEMS = 20  # said at once

_LETTER_OF = {kind: letter for letter, kind in SEAT_LETTERS.items()}
_MARK_OF = {flag: mark for mark, flag in MARKS.items()}
_LINE = re.compile(r"\r\n|\r|\n")
_HEAD = re.compile(r"\s*([A-Za-z]{1,3})\s*(\d{1,4})?\s*(<)?\s*:")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a plan's text, and where: line and column from 1."""

    line: int
    column: int
    sentence: str


class PlanUnreadable(Refused):
    """A text that is not a plan. `data["problems"]` has a line, a column and a sentence for each."""

    code = "plan_unreadable"

    def __init__(self, problems: Sequence[Problem]) -> None:
        said = [
            {"line": each.line, "column": each.column, "sentence": each.sentence}
            for each in sorted(problems, key=lambda each: (each.line, each.column))[:MOST_PROBLEMS]
        ]
        first = said[0]
        where = f"Line {first['line']}, column {first['column']}: "
        more = len(problems) - 1
        also = f" There {'is' if more == 1 else 'are'} {counted(more, 'more problem')}" if more else ""
        end = "." if also else ""
        super().__init__(f"{where}{first['sentence']}{end}{also}", "text", problems=said)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many seats there are, how many of them can be sold, and how many of each kind and mark."""

    seats: int
    for_sale: int
    kinds: tuple[tuple[str, int], ...]
    flags: tuple[tuple[str, int], ...]


def parse(text: str) -> tuple[Seat, ...]:
    """The seats that a text says, row by row, with ids 1, 2, 3 …; a companion seat is beside the nearest wheelchair
    space that it can reach over companion seats alone.

    Refused with PlanUnreadable: a line without a row, an unknown letter, a mark without its seat, a row letter I or O,
    two seats of one number, a companion seat without a space, no seat at all, too many of anything.
    """
    lines = _LINE.split(text)
    too_much = _too_much(text, lines)
    if too_much:
        raise PlanUnreadable([too_much])
    problems: list[Problem] = []
    found: list[tuple[Seat, int, int]] = []  # a seat, and where in the text it stands
    first: int | None = None
    for number, line in enumerate(lines, 1):
        if not line.strip(" \t" + GAP):
            continue
        first = number if first is None else first
        found += _row(line, number, number - first, len(found), problems)
    if not found and not problems:
        problems.append(Problem(1, 1, "This plan has no seats yet. Write a row, like A: SSSS_SSSS"))
    if len(found) > MOST_SEATS:
        sentence = f"{len(found):,} seats are too many. A plan has {MOST_SEATS:,} at most"
        raise PlanUnreadable([Problem(found[MOST_SEATS][1], found[MOST_SEATS][2], sentence)])
    problems += _twice(found)
    seats = _paired([seat for seat, _, _ in found])
    for seat, (_, line_number, column) in zip(seats, found, strict=True):
        if seat.kind == COMPANION and seat.beside is None:
            sentence = f"Companion seat {seat.label} has no wheelchair space. Put a W beside it"
            problems.append(Problem(line_number, column, sentence))
    if problems:
        raise PlanUnreadable(problems)
    return seats


def text_of(seats: Iterable[Seat]) -> str:
    """The text that `parse` reads as these seats. A line whose numbers don't count on by one has none: ValueError."""
    lines: dict[int, list[Seat]] = {}
    for seat in in_order(seats):
        lines.setdefault(seat.y, []).append(seat)
    heads = {y: _head(row) for y, row in lines.items()}
    width = max(map(len, heads.values()), default=0)
    top = min(lines, default=0)
    return "\n".join(
        f"{heads[y]:<{width}} {_body(lines[y])}" if y in lines else ""
        for y in range(top, max(lines, default=-1) + 1)
    )


def count(seats: Iterable[Seat]) -> Counts:
    """How many seats of each kind and mark there are, in the house's order; what there is none of is left out."""
    there = list(seats)
    kinds, flags = (
        Counter(seat.kind for seat in there),
        Counter(flag for seat in there for flag in seat.flags),
    )
    return Counts(
        len(there),
        sum(BROKEN not in seat.flags for seat in there),
        tuple((kind, kinds[kind]) for kind in KINDS if kinds[kind]),
        tuple((flag, flags[flag]) for flag in FLAGS if flags[flag]),
    )


def same(one: Iterable[Seat], other: Iterable[Seat]) -> bool:
    """Whether two plans have the same seats at the same places, whatever their ids."""
    return _places(one) == _places(other)


def _places(seats: Iterable[Seat]) -> set[tuple[object, ...]]:
    there = list(seats)
    by_id = {seat.id: seat for seat in there}
    return {
        (seat.row, seat.number, seat.kind, seat.x, seat.y, seat.flags,
         by_id[seat.beside].label if seat.beside is not None else "")
        for seat in there
    }  # fmt: skip


def _too_much(text: str, lines: Sequence[str]) -> Problem | None:
    if len(text) > MOST_CHARACTERS:
        letters = sum(letter.upper() in SEAT_LETTERS for letter in text)
        return Problem(
            1, 1, f"This is too much for a plan: about {letters:,} seats. A plan has {MOST_SEATS:,} at most"
        )
    if len(lines) > MOST_LINES:
        return Problem(MOST_LINES + 1, 1, f"{len(lines)} lines are too many. A plan has {MOST_LINES} at most")
    return None


def _row(
    line: str, number: int, y: int, before: int, problems: list[Problem]
) -> Iterator[tuple[Seat, int, int]]:
    """The seats of one line, and the columns they stand in."""
    head = _HEAD.match(line)
    if head is None:
        problems.append(
            Problem(
                number, 1, "This line doesn’t begin with a row. Write its letter and a colon first, like A:"
            )
        )
        return
    row, start = head[1].upper(), int(head[2] or 1)
    if not set(row) <= set(LETTERS):
        problems.append(
            Problem(
                number,
                head.start(1) + 1,
                f"Rows have no I and no O, for they look like 1 and 0. Rename row {row}",
            )
        )
    places: list[tuple[str, set[str], int, int]] = []  # kind, flags, x, column
    x = 0
    for column, letter in enumerate(line[head.end() :], head.end() + 1):
        if letter.isspace():
            continue
        if letter == GAP:
            x += 1
        elif (kind := SEAT_LETTERS.get(letter.upper())) is not None:
            places.append((kind, set(), x, column))
            x += 1
        elif (mark := MARKS.get(letter.lower())) is not None:
            if places and places[-1][2] == x - 1:
                places[-1][1].add(mark)
            else:
                sentence = f"The mark {letter} has no seat before it. Write it after one, like S{letter}"
                problems.append(Problem(number, column, sentence))
        else:
            problems.append(
                Problem(
                    number, column,
                    f"We don’t know {_shown(letter)}. Seats are S, P, V, W and C, marks are r, h and b, an aisle is _",
                )
            )  # fmt: skip
    if not places:
        problems.append(
            Problem(
                number,
                head.end(),
                f"Row {row} has no seats. Write some, or leave the line empty for an aisle",
            )
        )
        return
    if x > MOST_COLUMNS:
        problems.append(
            Problem(
                number, places[-1][3], f"Row {row} is {x} places wide. A plan is {MOST_COLUMNS} wide at most"
            )
        )
    if not 1 <= start <= start + len(places) - 1 <= HIGHEST_NUMBER:
        problems.append(
            Problem(
                number, head.start(2) + 1 if head[2] else 1, f"Seats are numbered from 1 to {HIGHEST_NUMBER}"
            )
        )
    for place, (kind, flags, at, column) in enumerate(places):
        step = len(places) - 1 - place if head[3] else place
        seat = Seat(
            id=before + place + 1, row=row, number=start + step, kind=kind, x=at, y=y, flags=frozenset(flags)
        )
        yield seat, number, column


def _shown(letter: str) -> str:
    return f"“{letter}”" if letter.isprintable() else "a letter that can’t be seen"


def _twice(found: Sequence[tuple[Seat, int, int]]) -> Iterator[Problem]:
    seen: dict[tuple[str, int], int] = {}
    for seat, line, column in found:
        before = seen.setdefault((seat.row, seat.number), line)
        if before != line:
            yield Problem(
                line,
                column,
                f"Seat {seat.label} is on line {before} already. Give this row another letter or number",
            )


def _paired(seats: Sequence[Seat]) -> tuple[Seat, ...]:
    """The seats with each companion beside its space, where it has one."""
    spaces: dict[int, int] = {}
    for run in blocks(seats, {seat.id for seat in seats}):
        for place, seat in enumerate(run):
            if seat.kind == COMPANION:
                space = _space_for(run, place)
                if space is not None:
                    spaces[seat.id] = space.id
    return tuple(replace(seat, beside=spaces.get(seat.id)) for seat in seats)


def _space_for(run: Sequence[Seat], place: int) -> Seat | None:
    """The nearest wheelchair space of a run of neighbours with companion seats alone between; the left of two."""
    ways = (range(place - 1, -1, -1), range(place + 1, len(run)))
    reached = [next((step for step in way if run[step].kind != COMPANION), None) for way in ways]
    spaces = [step for step in reached if step is not None and run[step].kind == WHEELCHAIR]
    return run[min(spaces, key=lambda step: abs(step - place))] if spaces else None


def _head(row: Sequence[Seat]) -> str:
    numbers = [seat.number for seat in row]
    start = min(numbers)
    upwards = list(range(start, start + len(row)))
    if len({seat.row for seat in row}) > 1 or numbers not in (upwards, upwards[::-1]):
        raise ValueError(f"Row {row[0].row} has no text: its numbers are {numbers}")
    return f"{row[0].row}{f' {start}' if start != 1 else ''}{'<' if numbers != upwards else ''}:"


def _body(row: Sequence[Seat]) -> str:
    said, at = "", 0
    for seat in row:
        marks = "".join(_MARK_OF[flag] for flag in FLAGS if flag in seat.flags)
        said += GAP * (seat.x - at) + _LETTER_OF[seat.kind] + marks
        at = seat.x + 1
    return said
