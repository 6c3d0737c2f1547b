"""The waiting list of one show as it stands in this transaction: whose turn the free seats are."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from theatre.models.sql import fetch
from theatre.queries.seatmap import Plan
from theatre.rules import waiting
from theatre.rules.waiting import Party, Turn

MOST = 200  # parties looked at at once; who stands further back has their turn later


@dataclass(frozen=True, slots=True)
class Guest:
    """Whose party it is."""

    customer_id: int
    long_holds: bool


@dataclass(frozen=True, slots=True)
class Line:
    """The parties in the order in which they asked, and what they are given now."""

    turn: Turn
    guests: dict[int, Guest]
    kept: frozenset[int]  # the seats that are kept at this moment
    kept_until: datetime | None


_PARTIES = """
SELECT w.id, w.seats, w.customer_id, c.long_holds
FROM theatre_waitingparty w JOIN theatre_customer c ON c.id = w.customer_id
WHERE w.show_id = %s AND w.state = 'waiting' ORDER BY w.asked_at, w.id LIMIT %s
"""
_CLAIMS = """
SELECT seat_id, state, held_until FROM theatre_seatclaim
WHERE show_id = %s AND (held_until IS NULL OR held_until > now())
"""


def line_of(
    show_id: int,
    plan: Plan,
    *,
    now: datetime,
    starts_at: datetime,
    counter_seats: int,
    priced: Collection[str],
    own: Collection[int] = (),
) -> Line:
    """Whose turn it is. `own` are seats this transaction has just claimed: they count as free. Two queries."""
    rows = fetch(_PARTIES, [show_id, MOST])
    claims = [row for row in fetch(_CLAIMS, [show_id]) if row[0] not in own]
    kept = [row for row in claims if row[1] == "waiting"]
    taken = {row[0] for row in claims if row[1] != "waiting"}
    # Until the last moment for cancelling what is sold may come back; what is held may always.
    returnable = now < starts_at - timedelta(minutes=settings.CANCEL_UNTIL_MINUTES)
    return Line(
        turn=waiting.turn(
            plan.seats,
            {seat.id for seat in plan.seats if seat.id not in taken and seat.kind in priced},
            [Party(row[0], row[1]) for row in rows],
            may_come={row[0] for row in claims if row[1] == "held" or (row[1] == "sold" and returnable)},
            counter_seats=counter_seats,
        ),
        guests={row[0]: Guest(row[2], row[3]) for row in rows},
        kept=frozenset(row[0] for row in kept),
        kept_until=min((row[2] for row in kept), default=None),
    )
