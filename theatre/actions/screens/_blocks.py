"""Seats out of service are kept from sale by blocked claims, taken as every claim is (docs/locking.md).

Which show has which block is decided by `theatre_seatoutofservice` alone: a seat of that row and number in the show's
plan, for that one show or for every show that starts before `until`. So it lapses by itself: what starts later never
gets a claim. Every action that makes a show, or gives one another time, screen or plan, calls `block_out_of_service`.
"""

from collections.abc import Sequence

from theatre.actions._doors import seats_changed
from theatre.models import Show
from theatre.models.sql import Row, change, fetch
from theatre.queries import quotes
from theatre.rules.moments import WEEKDAYS, clock, counted, day
from theatre.rules.refusals import Refused


class SeatInUse(Refused):
    """Somebody has the seat in a show it would be taken out of. `data["bookings"]` are their references."""

    code = "seat_in_use"


_COVERED = """
theatre_show s
JOIN theatre_seatoutofservice o ON o.screen_id = s.screen_id AND o.released_at IS NULL
  AND (o.show_id = s.id OR o.show_id IS NULL AND s.starts_at < o.until)
JOIN theatre_seat x ON x.plan_id = s.plan_id AND x.row = o.row AND x.number = o.number
"""
# The upsert of docs/locking.md: sorted, and a lapsed claim is taken over. What is blocked already stays so, and who
# waits for a seat has no right to it yet.
_BLOCK = f"""
INSERT INTO theatre_seatclaim AS mine (show_id, seat_id, plan_id, state, note)
SELECT show_id, seat_id, plan_id, 'blocked', note FROM (
  SELECT s.id AS show_id, x.id AS seat_id, s.plan_id, min(o.reason) AS note FROM {_COVERED}
  WHERE s.id = ANY(%(shows)s) GROUP BY s.id, x.id, s.plan_id
) AS wanted ORDER BY show_id, seat_id
ON CONFLICT (show_id, seat_id) DO UPDATE
  SET booking_id = NULL, vip_id = NULL, state = 'blocked', held_until = NULL, note = EXCLUDED.note
  WHERE mine.held_until <= now() OR mine.state IN ('blocked', 'waiting')
RETURNING show_id, seat_id
"""  # noqa: S608  constants of ours
_UNBLOCK = f"""
DELETE FROM theatre_seatclaim WHERE (show_id, seat_id) IN (
  SELECT c.show_id, c.seat_id FROM theatre_seatclaim c
  WHERE c.show_id = ANY(%(shows)s) AND c.state = 'blocked'
    AND NOT EXISTS (SELECT 1 FROM {_COVERED} WHERE s.id = c.show_id AND x.id = c.seat_id)
  ORDER BY c.show_id, c.seat_id FOR UPDATE
)
"""  # noqa: S608  constants of ours
_IN_THE_WAY = f"""
SELECT DISTINCT s.starts_at, s.id, x.y, x.x, x.row, x.number, c.state, c.held_until, b.ref, m.title, clock_timestamp()
FROM {_COVERED}
JOIN theatre_seatclaim c ON c.show_id = s.id AND c.seat_id = x.id AND c.state <> 'blocked'
  AND (c.held_until IS NULL OR c.held_until > now())
JOIN theatre_movie m ON m.id = s.movie_id
LEFT JOIN theatre_booking b ON b.id = c.booking_id
WHERE s.id = ANY(%(shows)s) ORDER BY s.starts_at, s.id, x.y, x.x
"""  # noqa: S608  constants of ours


def block_out_of_service(show: Show) -> int:
    """Keep from sale, in this show, what is out of service on its screen; how many seats. For a show that was just
    made or moved: its row is this transaction's.

    What was blocked and is not out of service where the show is now goes on sale again. Refused: SeatInUse.
    """
    return block_in([show.pk])


def block_in(show_ids: Sequence[int]) -> int:
    """The same for several shows, whose rows are locked `FOR KEY SHARE` or made by this transaction."""
    seats_changed(*show_ids)
    values = {"shows": list(show_ids)}
    change(_UNBLOCK, values)
    blocked = len(fetch(_BLOCK, values))
    in_the_way = fetch(_IN_THE_WAY, values)
    if in_the_way:
        raise SeatInUse(
            _sentence(in_the_way), "seat", bookings=sorted({row[8] for row in in_the_way if row[8]})
        )
    return blocked


def _sentence(rows: Sequence[Row]) -> str:
    starts_at, _, _, _, row, number, state, held_until, ref, title, now = rows[0]
    local = starts_at.astimezone(quotes.ZONE)
    when = (
        f"{WEEKDAYS[local.weekday()]} {day(starts_at, quotes.ZONE, now=now)}, {clock(starts_at, quotes.ZONE)}"
    )
    seat, show = f"{row} {number}", f"{title} on {when}"
    if state == "sold":
        said = f"{seat} is sold for {show}: booking {ref}. Give that booking another seat first"
    elif state == "held":
        until = clock(held_until, quotes.ZONE)
        said = f"{seat} is held until {until} for {show}: booking {ref}. Wait until then, or release it first"
    else:
        said = f"{seat} is kept for a guest of the house for {show}. Release it first"
    others = len(rows) - 1
    return said + (f". The same goes for {counted(others, 'more show')}" if others else "")
