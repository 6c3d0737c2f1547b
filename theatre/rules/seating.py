"""Which seats may be chosen together, and what a choice leaves behind.

Source: domain.md, "Booking", and ux.md 2.6. `x` is a seat's column, gaps in it are aisles; `y` its line,
growing away from the screen.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from theatre.rules.bookings import check_seat_count
from theatre.rules.moments import listed
from theatre.rules.refusals import Refused

STANDARD, PREMIUM, VIP, WHEELCHAIR, COMPANION = KINDS = (
    "standard",
    "premium",
    "vip",
    "wheelchair",
    "companion",
)
ACCESS_KINDS = frozenset({WHEELCHAIR, COMPANION})
RESTRICTED_VIEW, HOUSE_SEAT, BROKEN = FLAGS = ("restricted_view", "house_seat", "broken")
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


class SeatTwice(Refused):
    """The same seat is named twice in one choice."""

    code = "seat_twice"


class SeatUnknown(Refused):
    """A seat that is not in the show's plan."""

    code = "seat_unknown"


class SeatNotOnSale(Refused):
    """A broken seat, or a house seat for a customer."""

    code = "seat_not_on_sale"


class SeatTaken(Refused):
    """Somebody else has the seat."""

    code = "seat_taken"


class CompanionAlone(Refused):
    """A companion seat without its wheelchair space."""

    code = "companion_alone"


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat of a plan. `beside` is the wheelchair space of a companion seat; flags are of FLAGS."""

    id: int
    row: str
    number: int
    kind: str
    x: int
    y: int
    flags: frozenset[str] = frozenset()
    beside: int | None = None

    @property
    def label(self) -> str:
        """As people say it: `F 7`."""
        return label(self.row, self.number)


@dataclass(frozen=True, slots=True)
class Stranded:
    """A polite note: the seats a choice leaves on their own, and the ids to choose instead (as many, same
    row) of those in `moved`.
    """

    seats: tuple[Seat, ...]
    fix: tuple[int, ...]
    note: str
    moved: tuple[int, ...]


def label(row: str, number: int) -> str:
    """As people say it: `F 7`."""
    return f"{row} {number}"


def row_letter(index: int) -> str:
    """The letter of the row at that place from the screen, 0 first, without I and O: A … Z, AA, AB …"""
    if index < 0:
        raise ValueError(f"Rows are counted from 0: {index}")
    letters = ""
    place = index + 1
    while place:
        place, last = divmod(place - 1, len(LETTERS))
        letters = LETTERS[last] + letters
    return letters


def in_order(seats: Iterable[Seat]) -> tuple[Seat, ...]:
    """The seats by row from the screen, then by column: the order in which they are named."""
    return tuple(sorted(seats, key=lambda seat: (seat.y, seat.x)))


def check_choice(
    plan: Iterable[Seat],
    chosen_ids: Sequence[int],
    taken_ids: Collection[int] = frozenset(),
    *,
    limit: int,
    by_staff: bool = False,
    own_ids: Collection[int] = frozenset(),
) -> tuple[Seat, ...]:
    """The chosen seats in their order, if they may be held together.

    `own_ids` are seats the same booking has already, so that a companion may join its wheelchair space later.
    Refused, the first that applies: NoSeats or TooManySeats, SeatTwice, SeatUnknown, SeatNotOnSale (a broken
    seat; for customers a house seat too), SeatTaken, CompanionAlone. `data["seats"]` holds the ids it is
    about.
    """
    by_id = {seat.id: seat for seat in plan}
    check_seat_count(len(chosen_ids), limit)
    twice = sorted({seat_id for seat_id in chosen_ids if chosen_ids.count(seat_id) > 1})
    if twice:
        raise SeatTwice(
            "One seat is in your choice twice. Choose another, or one fewer", "seats", seats=twice
        )
    unknown = [seat_id for seat_id in chosen_ids if seat_id not in by_id]
    if unknown:
        raise SeatUnknown(
            "That seat isn’t in this show’s screen. Choose your seats from its map", "seats", seats=unknown
        )
    seats = in_order(by_id[seat_id] for seat_id in chosen_ids)
    closed = [seat for seat in seats if not is_sold_to(seat, by_staff)]
    if closed:
        another = "another" if len(closed) == 1 else "others"
        names = _verb(closed, "isn’t", "aren’t")
        sentence = f"{names} on sale. Choose {another}"
        raise SeatNotOnSale(sentence, "seats", seats=_ids(closed))
    gone = [seat for seat in seats if seat.id in taken_ids]
    if gone:
        raise seats_taken(
            plan=by_id.values(), taken=gone, free_ids=_free_ids(by_id.values(), seats, taken_ids, by_staff)
        )
    together = set(chosen_ids) | set(own_ids)
    for seat in seats:
        if seat.kind == COMPANION and seat.beside not in together:
            raise _companion_alone(seat, by_id)
    return seats


def is_sold_to(seat: Seat, by_staff: bool) -> bool:
    """Whether such a seat is sold at all: broken ones to nobody, house seats by staff only."""
    return BROKEN not in seat.flags and (by_staff or HOUSE_SEAT not in seat.flags)


def seats_taken(*, plan: Iterable[Seat], taken: Sequence[Seat], free_ids: Collection[int]) -> SeatTaken:
    """The refusal for seats somebody else was quicker with, naming a free neighbour when one seat has one."""
    sentence = f"{_verb(taken, 'was', 'were')} taken while you were choosing. "
    beside = None
    if len(taken) == 1:
        lost = taken[0]
        beside = next(
            (
                seat
                for step in (1, -1)
                for seat in plan
                if (seat.x, seat.y) == (lost.x + step, lost.y)
                and seat.id in free_ids
                and seat.kind == lost.kind
            ),
            None,
        )
    sentence += f"{beside.label} beside it is free" if beside else "The free ones are still yours to choose"
    data = {"instead": beside.id} if beside else {}
    return SeatTaken(sentence, "seats", seats=_ids(taken), **data)


def blocks(seats: Iterable[Seat], free_ids: Collection[int]) -> list[tuple[Seat, ...]]:
    """The free seats as runs of neighbours: same line, next column, no aisle and nobody between."""
    runs: list[list[Seat]] = []
    last: Seat | None = None
    for seat in in_order(seats):
        if seat.id not in free_ids:
            continue
        if last is not None and (seat.y, seat.x) == (last.y, last.x + 1):
            runs[-1].append(seat)
        else:
            runs.append([seat])
        last = seat
    return [tuple(run) for run in runs]


def stranded_singles(
    plan: Iterable[Seat], chosen_ids: Collection[int], taken_ids: Collection[int] = frozenset()
) -> tuple[Stranded, ...]:
    """A note for every run of free seats in which the choice leaves a seat on its own and another place would
    not.

    Never a refusal. Wheelchair and companion spaces do not count as neighbours and are not moved.
    """
    ordinary = [seat for seat in plan if seat.kind not in ACCESS_KINDS]
    free = {seat.id for seat in ordinary if is_sold_to(seat, by_staff=False) and seat.id not in taken_ids}
    notes = []
    for block in blocks(ordinary, free | (set(chosen_ids) & {seat.id for seat in ordinary})):
        taking = [seat.id in chosen_ids for seat in block]
        lonely = singles(taking)
        moved = _moved(taking, lonely) if any(taking) and lonely else None
        if moved is not None:
            seats = tuple(block[index] for index in lonely)
            fix = tuple(seat for seat, here in zip(block, moved, strict=True) if here)
            chosen = tuple(seat.id for seat, here in zip(block, taking, strict=True) if here)
            notes.append(Stranded(seats, tuple(seat.id for seat in fix), _stranded_note(seats, fix), chosen))
    return tuple(notes)


def singles(taking: Sequence[bool]) -> list[int]:
    """The places of a run of neighbours that are left free with no free neighbour in it."""
    edged = [True, *taking, True]
    return [place for place in range(len(taking)) if edged[place : place + 3] == [True, False, True]]


def _moved(taking: Sequence[bool], lonely: Sequence[int]) -> list[bool] | None:
    """As many places side by side in the same run that strand no seat; None if there are none.

    The nearest to the choice, and of two equally near the one that takes in a lonely seat.
    """
    wanted = sum(taking)
    chosen = [place for place, here in enumerate(taking) if here]
    candidates = []
    for start in range(len(taking) - wanted + 1):
        places = [start <= place < start + wanted for place in range(len(taking))]
        if not singles(places):
            distance = sum(abs(start + step - place) for step, place in enumerate(chosen))
            taken_in = sum(places[place] for place in lonely)
            candidates.append((distance, -taken_in, start, places))
    return min(candidates)[-1] if candidates else None


def _stranded_note(seats: Sequence[Seat], fix: Sequence[Seat]) -> str:
    numbers = listed([str(seat.number) for seat in seats])
    left = f"seat {numbers} on its own" if len(seats) == 1 else f"seats {numbers} on their own"
    return f"That leaves {left}. Move to {listed([str(seat.number) for seat in fix])}?"


def _companion_alone(seat: Seat, by_id: dict[int, Seat]) -> CompanionAlone:
    space = by_id.get(seat.beside) if seat.beside is not None else None
    first = f"wheelchair space {space.label}" if space else "its wheelchair space"
    return CompanionAlone(
        f"{seat.label} is a companion seat. Choose {first} as well, or pick another seat",
        "seats",
        seats=[seat.id],
    )


def _free_ids(
    plan: Iterable[Seat], chosen: Sequence[Seat], taken_ids: Collection[int], by_staff: bool
) -> frozenset[int]:
    mine = {seat.id for seat in chosen}
    return frozenset(
        seat.id
        for seat in plan
        if seat.id not in taken_ids and seat.id not in mine and is_sold_to(seat, by_staff)
    )


def _ids(seats: Iterable[Seat]) -> list[int]:
    return [seat.id for seat in seats]


def _verb(seats: Sequence[Seat], one: str, many: str) -> str:
    """`Seat F 7 was`, `Seats F 7 and F 8 were`."""
    names = listed([seat.label for seat in seats])
    return f"Seat {names} {one}" if len(seats) == 1 else f"Seats {names} {many}"
