"""Halls drawn in letters, the screen at the top: what a test needs to read a seat plan at a glance.

s standard, p premium, v VIP, w wheelchair space, c companion seat (of the nearest space in its row),
r restricted view, h house seat, b broken, X taken by somebody, and a full stop for an aisle.
"""

from theatre.rules.seating import Seat, row_letter

KINDS = {"p": "premium", "v": "vip", "w": "wheelchair", "c": "companion"}
FLAGS = {"r": "restricted_view", "h": "house_seat", "b": "broken"}


def hall(*rows: str) -> tuple[list[Seat], frozenset[int]]:
    """The plan and the ids that are taken. Ids are 1, 2, 3 … from the first row's left."""
    seats: list[Seat] = []
    taken: set[int] = set()
    for y, row in enumerate(rows):
        first = len(seats) + 1
        places = [(x, letter) for x, letter in enumerate(row) if letter != "."]
        spaces = {x: first + index for index, (x, letter) in enumerate(places) if letter == "w"}
        for index, (x, letter) in enumerate(places):
            seat = Seat(
                id=first + index,
                row=row_letter(y),
                number=index + 1,
                kind=KINDS.get(letter, "standard"),
                x=x,
                y=y,
                flags=frozenset({FLAGS[letter]} if letter in FLAGS else ()),
                beside=spaces[min(spaces, key=lambda there: abs(there - x))] if letter == "c" else None,
            )
            seats.append(seat)
            if letter == "X":
                taken.add(seat.id)
    return seats, frozenset(taken)


def labels(seats) -> list[str]:
    return [seat.label for seat in seats]
