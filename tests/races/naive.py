"""The theatre's server with the seats' lock taken out: it looks whether a seat is free, then takes it.

The negative control of the races: over a database without the claims' key and the tickets' partial index this has to
sell seats twice, or the races prove nothing. Nothing in the house knows of it, and no test imports it: it changes the
process that does, so only the server's own process may.
"""

from config.wsgi import application
from theatre.actions.booking import _claims, _once

_claims._TAKE_FREE = """
INSERT INTO theatre_seatclaim (show_id, seat_id, plan_id, booking_id, state, held_until, note)
SELECT %(show)s::bigint, seat, %(plan)s::bigint, %(owner)s::bigint, 'held', %(until)s::timestamptz, ''
FROM unnest(%(seats)s::bigint[]) AS seat
WHERE NOT EXISTS (
  SELECT 1 FROM theatre_seatclaim c
  WHERE c.show_id = %(show)s::bigint AND c.seat_id = seat AND (c.held_until IS NULL OR c.held_until > now())
)
RETURNING seat_id, booking_id, NULL, NULL, NULL
"""
# The house's own names a claim by its show and seat, and so would mark everybody's claim to the seat.
_claims._SELL_ONCE = f"""
WITH taken AS ({_once.TAKE} RETURNING key),
sold AS (
  UPDATE theatre_seatclaim SET state = 'sold', held_until = NULL
  WHERE booking_id = (SELECT id FROM theatre_booking WHERE ref = %(ref)s) AND EXISTS (SELECT 1 FROM taken)
    AND state = 'held' AND held_until > now()
  RETURNING 1
)
SELECT (SELECT count(*) FROM taken), (SELECT count(*) FROM sold)
"""

__all__ = ["application"]
