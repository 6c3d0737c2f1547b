"""Choosing seats on a page: what is suggested, what is ticked, and the list that needs no map."""

from collections.abc import Iterable, Sequence
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
from theatre.rules.seating import WHEELCHAIR, Seat, is_sold_to
from theatre.web.alone import taken_by_others
from theatre.web.seat_picks import free_ids

USUAL = 2  # most people come in twos


@dataclass(frozen=True, slots=True)
class Line:
    """A chosen seat on the order ticket."""

    label: str
    kind: str
    price: Decimal


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
