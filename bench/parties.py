"""Ten thousand parties take the seats that are suggested, with and without the rule about seats left on their own.

`python -m bench.parties` prints a table for docs/decisions. No database: the rule is asked directly. An evening ends
when more people have come than the hall seats; who finds no place in one row goes home. "Stranded" are free ordinary
seats without a free neighbour.
"""

import random
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from unittest import mock

from tests.rules.halls import hall
from theatre.rules import bestseats
from theatre.rules.seating import ACCESS_KINDS, Seat, blocks

# How many come together, of a hundred parties. Pairs are the rule (ux.md, 1).
SIZES = {1: 14, 2: 50, 3: 14, 4: 14, 5: 4, 6: 4}
HALLS: dict[str, list[str]] = {
    "130 seats, blocks of 3, 8, 3": [
        "sss.ssssssss.sss",
        "sss.ssssssss.sss",
        "sss.ssssssss.sss",
        "wcs.ssssssss.scw",
        "ppp.pppppppp.ppp",
        "ppp.pppppppp.ppp",
        "ppp.pppppppp.ppp",
        "ppp.pppppppp.ppp",
        "..v.vvvvvvvv.v..",
    ],
    "100 seats, blocks of 5": ["sssss.sssss"] * 10,
    "300 seats, blocks of 7, 8, 7": ["sssssss.ssssssss.sssssss"] * 14,
}


class Evening:
    """One hall from empty to full."""

    def __init__(self, plan: Sequence[Seat]) -> None:
        self.plan = plan
        self.ordinary = [seat for seat in plan if seat.kind not in ACCESS_KINDS]
        self.taken: set[int] = set()
        self.turned_away = 0

    def come(self, number: int) -> None:
        best = bestseats.best_seats(self.plan, frozenset(self.taken), number)
        if best is None or best.way not in (bestseats.TOGETHER, bestseats.TOGETHER_LEAVING_ONE):
            self.turned_away += 1
        else:
            self.taken |= {seat.id for seat in best.seats}

    @property
    def filled(self) -> float:
        return len(self.taken) / len(self.ordinary)

    @property
    def stranded(self) -> int:
        free = {seat.id for seat in self.ordinary} - self.taken
        return sum(len(block) == 1 for block in blocks(self.ordinary, free))


def evenings(
    plan: Sequence[Seat], parties: int, chance: random.Random
) -> Iterator[tuple[list[int], Evening]]:
    """Each evening with the stranded seats when half and four fifths of the hall were sold."""
    while parties > 0:
        evening, people = Evening(plan), 0
        seen: list[int] = []
        while people < 1.15 * len(evening.ordinary) and parties > 0:
            number = chance.choices(list(SIZES), list(SIZES.values()))[0]
            evening.come(number)
            people += number
            parties -= 1
            if len(seen) < 2 and evening.filled >= (0.5, 0.8)[len(seen)]:
                seen.append(evening.stranded)
        if parties > 0:  # the last one was cut short
            yield seen, evening


@contextmanager
def only_the_nearest() -> Iterator[None]:
    """The suggestion without the rule: the cheapest place, whatever it leaves."""
    with mock.patch.object(bestseats._Hall, "_orphans", lambda hall, seats: 0):
        yield


def measured(drawing: list[str], parties: int) -> str:
    plan, _taken = hall(*drawing)
    all_of = list(evenings(plan, parties, random.Random(7)))
    number = len(all_of)

    def mean(values: Sequence[float]) -> float:
        return sum(values) / len(values)

    def seen_at(place: int) -> float:
        return mean([seen[place] for seen, _ in all_of if len(seen) > place])

    return (
        f"{number} | {seen_at(0):.2f} | {seen_at(1):.2f} | "
        f"{mean([each.stranded for _, each in all_of]):.2f} | "
        f"{100 * mean([each.filled for _, each in all_of]):.2f} % | "
        f"{mean([each.turned_away for _, each in all_of]):.2f}"
    )


def main() -> None:
    parties = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    print(
        "| hall | rule | evenings | stranded at half | at four fifths | at the end | filled | turned away |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for name, drawing in HALLS.items():
        print(f"| {name} | with | {measured(drawing, parties)} |", flush=True)
        with only_the_nearest():
            print(f"| {name} | without | {measured(drawing, parties)} |", flush=True)


if __name__ == "__main__":
    main()
