"""A choice that leaves a seat on its own: a polite word with a way out of it, never a refusal."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from theatre.queries.seatmap import YOURS, ShowSeats
from theatre.rules.moments import listed
from theatre.rules.seating import stranded_singles


@dataclass(frozen=True, slots=True)
class Alone:
    """The note, what to press, and the whole choice that would leave nobody's seat alone, by id."""

    note: str
    press: str
    seats: tuple[int, ...]


def alone(seen: ShowSeats, chosen: Collection[int]) -> Alone | None:
    """What this choice strands, if moving a part of it would help. One note at a time."""
    notes = stranded_singles(seen.plan.seats, chosen, taken_by_others(seen))
    if not notes:
        return None
    first = notes[0]
    instead = (set(chosen) - set(first.moved)) | set(first.fix)
    labels = [seen.plan.by_id[seat].label for seat in first.fix]
    press = _("Move to %(seats)s") % {"seats": listed(labels, _("and"))}
    return Alone(first.note, press, tuple(sorted(instead)))


def taken_by_others(seen: ShowSeats) -> frozenset[int]:
    """The seats that are taken, but for those that whoever looks holds already."""
    return frozenset(seat for seat, how in seen.states.items() if how != YOURS)
