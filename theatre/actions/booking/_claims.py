"""Taking and giving back seats: the claims are the lock (docs/locking.md).

Every statement here touches claims sorted by show and seat, and comes before the booking's row is locked.
"""

from collections.abc import Sequence
from datetime import datetime

from theatre.models.sql import Row, change, fetch
from theatre.queries.seatmap import Plan
from theatre.rules import seating

_TAKE = """
INSERT INTO theatre_seatclaim AS mine (show_id, seat_id, plan_id, booking_id, state, held_until, note)
SELECT %s, seat, %s, %s, 'held', %s, '' FROM unnest(%s::bigint[]) AS seat ORDER BY seat
ON CONFLICT (show_id, seat_id) DO UPDATE
  SET booking_id = EXCLUDED.booking_id, state = 'held', held_until = EXCLUDED.held_until, note = ''
  WHERE mine.held_until <= now()
RETURNING seat_id
"""


def take(
    *,
    show_id: int,
    plan: Plan,
    seat_ids: Sequence[int],
    booking_id: int,
    held_until: datetime,
    instead_of: Sequence[Row] = (),
) -> list[int]:
    """Claim all these seats (sorted ids), or refuse with SeatTaken. A lapsed claim is taken over.

    `instead_of` are holds (id, show) given up first; the ids of those that were still held come back.
    """
    replaced = _give_up([row[0] for row in instead_of], show_id, seat_ids) if instead_of else []
    got = {row[0] for row in fetch(_TAKE, [show_id, plan.id, booking_id, held_until, list(seat_ids)])}
    if len(got) < len(seat_ids):
        lost = [plan.by_id[seat_id] for seat_id in seat_ids if seat_id not in got]
        raise seating.seats_taken(plan=plan.seats, taken=lost, free_ids=_free(show_id, plan))
    return replaced


def _free(show_id: int, plan: Plan) -> set[int]:
    taken = {
        row[0]
        for row in fetch(
            "SELECT seat_id FROM theatre_seatclaim WHERE show_id = %s"
            " AND (held_until IS NULL OR held_until > now())",
            [show_id],
        )
    }
    return {
        seat.id for seat in plan.seats if seat.id not in taken and seating.is_sold_to(seat, by_staff=False)
    }


_LOCK_BOTH = """
SELECT seat_id FROM theatre_seatclaim
WHERE booking_id = ANY(%s) OR (show_id = %s AND seat_id = ANY(%s))
ORDER BY show_id, seat_id FOR UPDATE
"""


def _give_up(booking_ids: list[int], show_id: int, seat_ids: Sequence[int]) -> list[int]:
    # Old and new claims are locked in one order, or two people swapping seats would wait for each other.
    fetch(_LOCK_BOTH, [booking_ids, show_id, list(seat_ids)])
    return end_holds(booking_ids)


def end_holds(booking_ids: Sequence[int], by_user: int | None = None) -> list[int]:
    """Free the seats of these held bookings, whose claims are locked; the ids of those that were still held."""
    held = [
        row[0]
        for row in fetch(
            "SELECT id FROM theatre_booking WHERE id = ANY(%s) AND state = 'held' ORDER BY id FOR UPDATE",
            [list(booking_ids)],
        )
    ]
    if held:
        change("DELETE FROM theatre_seatclaim WHERE booking_id = ANY(%s) AND state = 'held'", [held])
        change(
            "UPDATE theatre_ticket SET state = 'lapsed' WHERE booking_id = ANY(%s) AND state = 'held'", [held]
        )
        change(
            "UPDATE theatre_booking SET state = 'lapsed', ended_at = clock_timestamp(), ended_by_id = %s"
            " WHERE id = ANY(%s)",
            [by_user, held],
        )
    return held


_LOCK_LIVE = """
SELECT seat_id FROM theatre_seatclaim
WHERE booking_id = (SELECT id FROM theatre_booking WHERE ref = %s) AND state = 'held' AND held_until > now()
ORDER BY show_id, seat_id FOR UPDATE
"""


def lock_live(ref: str) -> list[int]:
    """Lock a hold's claims that have not lapsed; their seats. Fewer than its tickets: the hold has ended."""
    return [row[0] for row in fetch(_LOCK_LIVE, [ref])]


_SELL = """
UPDATE theatre_seatclaim SET state = 'sold', held_until = NULL
FROM (
  SELECT show_id, seat_id FROM theatre_seatclaim
  WHERE booking_id = (SELECT id FROM theatre_booking WHERE ref = %s) AND state = 'held' AND held_until > now()
  ORDER BY show_id, seat_id FOR UPDATE
) AS own
WHERE theatre_seatclaim.show_id = own.show_id AND theatre_seatclaim.seat_id = own.seat_id
"""


def sell(ref: str) -> int:
    """Turn a hold's live claims into sold ones; how many there were. The transaction counts them, or rolls back."""
    return change(_SELL, [ref])


def lock_sold(ref: str) -> list[int]:
    """Lock a confirmed booking's claims, before its row."""
    return [
        row[0]
        for row in fetch(
            "SELECT seat_id FROM theatre_seatclaim"
            " WHERE booking_id = (SELECT id FROM theatre_booking WHERE ref = %s)"
            " ORDER BY show_id, seat_id FOR UPDATE",
            [ref],
        )
    ]


def free(show_id: int, booking_id: int, seat_ids: Sequence[int]) -> int:
    """Give back seats of a booking whose claims are locked."""
    return change(
        "DELETE FROM theatre_seatclaim WHERE show_id = %s AND booking_id = %s AND seat_id = ANY(%s)",
        [show_id, booking_id, list(seat_ids)],
    )
