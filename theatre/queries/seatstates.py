"""Every seat of some shows as strangers see them now: what is sent live, and until when it holds by itself."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from theatre.models.sql import fetch
from theatre.queries.seatmap import BLOCKED, HELD, SOLD, plan_of
from theatre.rules import seating

_SHOWN = {"held": HELD, "sold": SOLD, "vip": BLOCKED, "blocked": BLOCKED, "waiting": BLOCKED}
_STATES = """
SELECT s.id, s.plan_id, row(s.plan_id, s.state, s.movie_id, s.starts_at, s.card_id)::text,
       taken.seats, taken.states, taken.owners, taken.lapses_in
FROM theatre_show s
CROSS JOIN LATERAL (
  SELECT array_agg(c.seat_id) AS seats, array_agg(c.state) AS states,
         array_agg(coalesce(c.booking_id, c.vip_id, 0)) AS owners,
         extract(epoch FROM min(c.held_until) - clock_timestamp())::float8 AS lapses_in
  FROM theatre_seatclaim c WHERE c.show_id = s.id AND (c.held_until IS NULL OR c.held_until > clock_timestamp())
) taken
WHERE s.id = ANY(%s) AND s.state <> 'planned'
"""


@dataclass(frozen=True, slots=True)
class SeatStates:
    """A show and its seats. `show` is another text once it is cancelled, or has another movie, time, plan or prices.

    `off` has each seat that a guest cannot take, with its state and whose it is: one that passes from one hold to
    another is held all the time, and has changed all the same. `lapses_in` are the seconds until the first claim
    lapses; None when none will.
    """

    show: str
    off: dict[int, tuple[str, int]]
    free: int
    lapses_in: float | None


def of_shows(show_ids: Collection[int]) -> dict[int, SeatStates]:
    """These shows by id, without those that strangers do not see. One query."""
    seen = {}
    for show_id, plan_id, show, seats, states, owners, lapses_in in fetch(_STATES, [list(show_ids)]):
        off = dict.fromkeys(_never_sold(plan_id), (BLOCKED, 0))
        for seat, how, owner in zip(seats or (), states or (), owners or (), strict=True):
            off[seat] = (_SHOWN[how], owner)
        seen[show_id] = SeatStates(show, off, len(plan_of(plan_id).seats) - len(off), lapses_in)
    return seen


@lru_cache(maxsize=256)
def _never_sold(plan_id: int) -> tuple[int, ...]:
    """The seats of a plan that guests cannot take, whoever has them."""
    return tuple(seat.id for seat in plan_of(plan_id).seats if not seating.is_sold_to(seat, by_staff=False))
