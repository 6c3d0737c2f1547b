"""A show's seats for programs: the same words as the seat map, as JSON, made for being asked often.

Everything about a plan that never changes is written once; a request adds the claims of its moment. The claims
come from the database as one short text, and that text is what an ETag stands for.
"""

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from theatre.access import Actor
from theatre.models.sql import fetch_one
from theatre.queries.listings import BIGGEST_ID
from theatre.queries.quotes import PLACES
from theatre.queries.seatmap import BLOCKED, FREE, HELD, SOLD, YOURS, plan_of
from theatre.rules import seating
from theatre.rules.money import as_text

_LETTERS = {"h": HELD, "s": SOLD, "v": BLOCKED, "b": BLOCKED, "w": BLOCKED, "y": YOURS}
_SHOW = """
SELECT s.plan_id, s.state,
       (SELECT string_agg(a.kind || ' ' || a.amount, ',' ORDER BY a.kind) FROM theatre_pricecardamount a
        WHERE a.card_id = s.card_id AND a.audience = 'adult'),
       {claims}
FROM theatre_show s WHERE s.id = %s
"""
_FOR_STRANGERS = _SHOW.format(
    claims="""(SELECT string_agg(c.seat_id || left(c.state, 1), ',' ORDER BY c.seat_id) FROM theatre_seatclaim c
        WHERE c.show_id = s.id AND (c.held_until IS NULL OR c.held_until > now()))"""
)
_FOR_SOMEBODY = _SHOW.format(
    claims="""(SELECT string_agg(c.seat_id || CASE WHEN c.state = 'held' AND (
                        SELECT b.booked_by_id = %s::bigint OR b.customer_id = %s::bigint OR b.session = %s::text
                        FROM theatre_booking b WHERE b.id = c.booking_id
                      ) THEN 'y' ELSE left(c.state, 1) END, ',' ORDER BY c.seat_id)
        FROM theatre_seatclaim c
        WHERE c.show_id = s.id AND (c.held_until IS NULL OR c.held_until > now()))"""
)


@dataclass(frozen=True, slots=True)
class SeatList:
    """The seats of a show as one person sees them at one moment."""

    show_id: int
    plan_id: int
    by_staff: bool
    prices: str
    claims: str

    @property
    def tag(self) -> str:
        """Changes when any seat's state, price or place does."""
        told = f"{self.show_id} {self.plan_id} {self.by_staff} {self.prices} {self.claims}"
        return hashlib.blake2b(told.encode(), digest_size=12).hexdigest()

    def as_json(self) -> str:
        """`{"show": …, "seats": [{"id", "row", "number", "kind", "price", "state"}, …]}`."""
        sheet = _sheet(self.plan_id, self.prices, self.by_staff)
        seats = sheet.unclaimed.copy()
        if self.claims:
            for claim in self.claims.split(","):
                place, start = sheet.places[claim[:-1]]
                seats[place] = start + _LETTERS[claim[-1]] + '"}'
        return f'{{"show":{self.show_id},"seats":[{",".join(seats)}]}}'


def of_show(actor: Actor, show_id: int) -> SeatList | None:
    """The show's seats as this person sees them; None when there is no such show for them. One query."""
    if not 0 < show_id <= BIGGEST_ID:
        return None
    if actor.user_id or actor.session:
        row = fetch_one(_FOR_SOMEBODY, [actor.user_id, actor.customer_id, actor.session or None, show_id])
    else:
        row = fetch_one(_FOR_STRANGERS, [show_id])
    if row is None or (row[1] == "planned" and not actor.is_staff):
        return None
    return SeatList(show_id, row[0], actor.is_staff, row[2] or "", row[3] or "")


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A plan at its prices: every seat as it reads unclaimed, and where a claimed one starts."""

    unclaimed: list[str]
    places: dict[str, tuple[int, str]]


@lru_cache(maxsize=64)
def _sheet(plan_id: int, prices: str, by_staff: bool) -> _Sheet:
    amounts = dict(price.split(" ") for price in prices.split(",")) if prices else {}
    unclaimed, places = [], {}
    for place, seat in enumerate(plan_of(plan_id).seats):
        amount = amounts.get(seat.kind)
        facts = {
            "id": seat.id,
            "row": seat.row,
            "number": seat.number,
            "kind": seat.kind,
            "price": None if amount is None else as_text(Decimal(amount), PLACES),
        }
        start = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))[:-1] + ',"state":"'
        places[str(seat.id)] = (place, start)
        unclaimed.append(start + (FREE if seating.is_sold_to(seat, by_staff) else BLOCKED) + '"}')
    return _Sheet(unclaimed, places)
