"""Taking and giving back seats: the claims are the lock (docs/locking.md).

Every statement here touches claims sorted by show and seat, and comes before the booking's row is locked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from theatre.actions._doors import seats_changed
from theatre.actions.booking import _once
from theatre.actions.booking._once import Once
from theatre.models.sql import Row, change, fetch
from theatre.queries import quotes
from theatre.queries.seatmap import Plan
from theatre.rules import seating
from theatre.rules.tiers import Tier

_TAKE = """
INSERT INTO theatre_seatclaim AS mine (show_id, seat_id, plan_id, booking_id, vip_id, state, held_until, note)
SELECT show_id, seat_id, plan_id, {owner}, held_until, '' FROM (
  SELECT %(show)s::bigint AS show_id, seat AS seat_id, %(plan)s::bigint AS plan_id, %(owner)s::bigint AS owner_id,
         %(until)s::timestamptz AS held_until
  FROM unnest(%(seats)s::bigint[]) AS seat{and_theirs}
) AS wanted ORDER BY show_id, seat_id
ON CONFLICT (show_id, seat_id) DO UPDATE
  SET booking_id = EXCLUDED.booking_id, vip_id = EXCLUDED.vip_id, state = EXCLUDED.state,
      held_until = EXCLUDED.held_until, note = ''
  WHERE mine.held_until <= now(){or_theirs}
RETURNING seat_id, coalesce(booking_id, vip_id) AS owner
"""
_FOR_BOOKING, _FOR_GUEST = "owner_id, NULL::bigint, 'held'", "NULL::bigint, owner_id, 'vip'"
_TAKE_FOR_GUEST = _TAKE.format(owner=_FOR_GUEST, and_theirs="", or_theirs="")
# The customer whose hold it is, if named, is locked after the claims, in the same round trip.
_TAKE_FREE = f"""
WITH taken AS ({_TAKE.format(owner=_FOR_BOOKING, and_theirs="", or_theirs="")}),
customer AS MATERIALIZED (
  SELECT {quotes.TIER_OF_LOCKED} FROM theatre_customer c
  WHERE c.id = %(customer)s::bigint AND (SELECT count(*) FROM taken) = cardinality(%(seats)s::bigint[])
  FOR NO KEY UPDATE OF c
)
SELECT taken.seat_id, taken.owner, customer.* FROM taken LEFT JOIN customer ON true
"""  # noqa: S608  constants of ours
# The seats of the holds that this one replaces go through the same statement, in one order with the new ones: locked
# in two passes, two people who want each other's seats would wait for each other.
_TAKE_INSTEAD = _TAKE.format(
    owner=_FOR_BOOKING,
    and_theirs="""
  UNION ALL
  SELECT show_id, seat_id, plan_id, booking_id, held_until FROM theatre_seatclaim
  WHERE booking_id = ANY(%(old)s::bigint[]) AND state = 'held'
    AND NOT (show_id = %(show)s::bigint AND seat_id = ANY(%(seats)s::bigint[]))""",
    or_theirs=" OR (mine.booking_id = ANY(%(old)s::bigint[]) AND mine.state = 'held')",
)

# A booking that is sold gives its seats up for these, in one order with them as above: seats in common stay its own, or
# become those of the booking that follows it.
_TAKE_IN_EXCHANGE = _TAKE.format(
    owner="owner_id, NULL::bigint, 'sold'",
    and_theirs="""
  UNION ALL
  SELECT show_id, seat_id, plan_id, booking_id, NULL::timestamptz FROM theatre_seatclaim
  WHERE booking_id = %(old)s::bigint AND state = 'sold'
    AND NOT (show_id = %(show)s::bigint AND seat_id = ANY(%(seats)s::bigint[]))""",
    or_theirs=" OR (mine.booking_id = %(old)s::bigint AND mine.state = 'sold')",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Seats of a show for a booking or a VIP reservation, and until when (aware UTC; None: until they are released)."""

    show_id: int
    plan: Plan
    seat_ids: Sequence[int]
    owner_id: int
    until: datetime | None

    @property
    def values(self) -> dict[str, object]:
        """What the statements are given."""
        return {
            "show": self.show_id, "plan": self.plan.id, "owner": self.owner_id, "until": self.until,
            "seats": list(self.seat_ids),
        }  # fmt: skip


def take(wanted: Wanted, *, customer_id: int | None = None) -> Tier | None:
    """Claim all these seats, or refuse with SeatTaken. A lapsed claim is taken over.

    The row of the customer whose hold it is, if they are named, is locked after the claims; their tier comes back.
    """
    rows = fetch(_TAKE_FREE, {**wanted.values, "customer": customer_id})
    _check_all(rows, wanted)
    return quotes.tier_of(*rows[0][2:])


def take_instead(wanted: Wanted, instead_of: Sequence[int]) -> list[int]:
    """As `take`, and these earlier holds are given up for the seats; the ids of those that were still held."""
    rows = fetch(_TAKE_INSTEAD, {**wanted.values, "old": list(instead_of)})
    _check_all(rows, wanted)
    return end_holds(instead_of) if instead_of else []


def take_in_exchange(wanted: Wanted, instead_of: int) -> None:
    """Claim all these seats as sold, or refuse with SeatTaken; this sold booking's are locked with them and are given
    up by `give_up`, once its row is locked."""
    _check_all(fetch(_TAKE_IN_EXCHANGE, {**wanted.values, "until": None, "old": instead_of}), wanted)


def give_up(booking_id: int, but: Sequence[int] = ()) -> int:
    """Free all seats of a booking whose claims are locked, but these; how many."""
    return change(
        "DELETE FROM theatre_seatclaim WHERE booking_id = %s AND seat_id <> ALL(%s)", [booking_id, list(but)]
    )


def take_for_guest(wanted: Wanted) -> None:
    """Keep all these seats for a guest of the house, or refuse with SeatTaken. A lapsed claim is taken over."""
    _check_all(fetch(_TAKE_FOR_GUEST, wanted.values), wanted)


_KEEP_FOR_WAITING = """
INSERT INTO theatre_seatclaim (show_id, seat_id, plan_id, state, held_until, note)
SELECT %(show)s::bigint, seat, %(plan)s::bigint, 'waiting', %(until)s::timestamptz, ''
FROM unnest(%(seats)s::bigint[]) AS seat ORDER BY seat
ON CONFLICT (show_id, seat_id) DO UPDATE
  SET booking_id = NULL, vip_id = NULL, state = 'waiting', held_until = EXCLUDED.held_until, note = ''
  WHERE theatre_seatclaim.held_until <= now()
"""


def keep_for_waiting(show_id: int, plan: Plan, seat_ids: Sequence[int], until: datetime) -> None:
    """Keep these free seats, and no others, for the first on the waiting list. The show's row is locked alone."""
    keep_nothing(show_id)
    change(_KEEP_FOR_WAITING, {"show": show_id, "plan": plan.id, "seats": list(seat_ids), "until": until})


def keep_nothing(show_id: int) -> None:
    """Let go of what is kept for the first on the waiting list. The show's row is locked alone."""
    seats_changed(show_id)
    change("DELETE FROM theatre_seatclaim WHERE show_id = %s AND state = 'waiting'", [show_id])


def _check_all(rows: Sequence[Row], wanted: Wanted) -> None:
    got = {row[0] for row in rows if row[1] == wanted.owner_id} & set(wanted.seat_ids)
    if len(got) < len(wanted.seat_ids):
        plan = wanted.plan
        lost = [plan.by_id[seat_id] for seat_id in wanted.seat_ids if seat_id not in got]
        raise seating.seats_taken(plan=plan.seats, taken=lost, free_ids=_free(wanted.show_id, plan))
    seats_changed(wanted.show_id)


def lock_for_guest(reservation_id: int) -> list[int]:
    """Lock a reservation's claims that have not lapsed, before its row; their seats."""
    return [
        row[0]
        for row in fetch(
            "SELECT seat_id FROM theatre_seatclaim"
            " WHERE show_id = (SELECT show_id FROM theatre_vipreservation WHERE id = %s) AND vip_id = %s"
            " AND (held_until IS NULL OR held_until > now()) ORDER BY show_id, seat_id FOR UPDATE",
            [reservation_id, reservation_id],
        )
    ]


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


def end_holds(booking_ids: Sequence[int], by_user: int | None = None) -> list[int]:
    """Free the seats of these held bookings, whose claims are locked; the ids of those that were still held."""
    held = [
        row[0]
        for row in fetch(
            "SELECT id FROM theatre_booking WHERE id = ANY(%s) AND state = 'held' ORDER BY id FOR UPDATE",
            [list(booking_ids)],
        )
    ]
    freed = fetch(
        "DELETE FROM theatre_seatclaim WHERE booking_id = ANY(%s) AND state = 'held' RETURNING show_id",
        [list(booking_ids)],
    )
    seats_changed(*(row[0] for row in freed))
    if held:
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
  WHERE booking_id = (SELECT id FROM theatre_booking WHERE ref = %(ref)s) AND state = 'held'
    AND held_until > now(){and_taken}
  ORDER BY show_id, seat_id FOR UPDATE
) AS own
WHERE theatre_seatclaim.show_id = own.show_id AND theatre_seatclaim.seat_id = own.seat_id
"""
_SELL_ALONE = _SELL.format(and_taken="")
# The key is taken before any claim is looked at, in the same round trip.
_SELL_ONCE = f"""
WITH taken AS ({_once.TAKE} RETURNING key),
sold AS ({_SELL.format(and_taken=" AND EXISTS (SELECT 1 FROM taken)")} RETURNING 1)
SELECT (SELECT count(*) FROM taken), (SELECT count(*) FROM sold)
"""  # noqa: S608  constants of ours


def sell(ref: str, once: Once | None) -> tuple[int, dict[str, Any] | None]:
    """Turn a hold's live claims into sold ones; how many there were. The transaction counts them, or rolls back.

    With a key, it is taken first as by `_once.begin`; the first answer comes back when there was one, and then
    nothing was sold.
    """
    if once is None:
        return change(_SELL_ALONE, {"ref": ref}), None
    with _once.waiting():
        [(taken, sold)] = fetch(_SELL_ONCE, {"ref": ref, **_once.values(once)})
    return sold, None if taken else _once.first_answer(once)


def lock(ref: str) -> list[int]:
    """Lock all of a booking's claims, before its row; their seats."""
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
    seats_changed(show_id)
    return change(
        "DELETE FROM theatre_seatclaim WHERE show_id = %s AND booking_id = %s AND seat_id = ANY(%s)",
        [show_id, booking_id, list(seat_ids)],
    )
