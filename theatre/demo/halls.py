"""Halls drawn in letters, the screen at the top, and the seats read from such a drawing.

s standard, p premium, v VIP, w wheelchair space, c companion seat (of the nearest space in its row),
r restricted view, h house seat, b broken, and a full stop for a place without a seat: an aisle. A line of full
stops alone is a cross aisle and takes no row letter.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from theatre.models import Screen, Seat, SeatKind, SeatPlan
from theatre.rules.seating import row_letter

_KINDS = {
    "p": SeatKind.PREMIUM,
    "v": SeatKind.VIP,
    "w": SeatKind.WHEELCHAIR,
    "c": SeatKind.COMPANION,
}


@dataclass(frozen=True, slots=True)
class DrawnSeat:
    """One seat of a drawing. `beside` is the column of a companion's wheelchair space in the same row."""

    row: str
    number: int
    kind: str
    x: int
    y: int
    letter: str
    beside: int | None


def read(drawing: Sequence[str]) -> list[DrawnSeat]:
    """The seats of a drawing, row by row. Numbers count from 1 at the left, aisles skipped."""
    seats: list[DrawnSeat] = []
    rows = 0
    for y, line in enumerate(drawing):
        places = [(x, letter) for x, letter in enumerate(line) if letter != "."]
        spaces = [x for x, letter in places if letter == "w"]
        for number, (x, letter) in enumerate(places, 1):
            beside = min(spaces, key=lambda space: abs(space - x)) if letter == "c" else None
            kind = _KINDS.get(letter, SeatKind.STANDARD)
            seats.append(DrawnSeat(row_letter(rows), number, kind.value, x, y, letter, beside))
        rows += bool(places)
    return seats


def build(screen: Screen, drawing: Sequence[str]) -> SeatPlan:
    """The screen's next seat plan, with the drawing's seats."""
    drawn = read(drawing)
    plan = SeatPlan.objects.create(
        screen=screen,
        version=screen.plans.count() + 1,
        seat_count=sum(seat.letter != "b" for seat in drawn),
    )
    # Companions last: they need the id of the space beside them.
    ids: dict[tuple[int, int], int] = {}
    for companions in (False, True):
        rows = [seat for seat in drawn if (seat.letter == "c") == companions]
        made = Seat.objects.bulk_create([_seat(plan, seat, ids) for seat in rows])
        ids |= {(seat.x, seat.y): seat.pk for seat in made}
    return plan


def _seat(plan: SeatPlan, seat: DrawnSeat, ids: dict[tuple[int, int], int]) -> Seat:
    return Seat(
        plan=plan,
        row=seat.row,
        number=seat.number,
        kind=seat.kind,
        x=seat.x,
        y=seat.y,
        beside_id=None if seat.beside is None else ids[seat.beside, seat.y],
        restricted_view=seat.letter == "r",
        house_seat=seat.letter == "h",
        broken=seat.letter == "b",
    )
