"""Count again who has reached which tier: bookings older than twelve months drop out without anybody acting."""

from theatre import events
from theatre.actions._doors import action
from theatre.models.sql import Row, fetch

BATCH = 500

_LOCK = "SELECT id FROM theatre_customer WHERE id > %s ORDER BY id LIMIT %s FOR NO KEY UPDATE"

# The window is the one of confirm: tickets sold in the twelve months before the moment that is stored with the count.
_RECOUNT = """
WITH t AS MATERIALIZED (SELECT clock_timestamp() AS at),
counted AS (
  SELECT c.id, c.tier_id AS before, count(k.id) AS tickets
  FROM t CROSS JOIN theatre_customer c
  LEFT JOIN theatre_booking b ON b.customer_id = c.id AND b.state = 'confirmed'
    AND b.confirmed_at > t.at - interval '1 year'
  LEFT JOIN theatre_ticket k ON k.booking_id = b.id AND k.state = 'sold'
  WHERE c.id = ANY(%s)
  GROUP BY c.id
), recounted AS (
  UPDATE theatre_customer c SET tier_tickets = counted.tickets, counted_at = t.at,
    tier_id = (SELECT name FROM theatre_tier WHERE threshold <= counted.tickets ORDER BY threshold DESC LIMIT 1)
  FROM counted, t WHERE c.id = counted.id
  RETURNING c.id, counted.before, c.tier_id AS after
)
SELECT recounted.id, now.name, now.percent, now.threshold > coalesce(earlier.threshold, 0)
FROM recounted
LEFT JOIN theatre_tier now ON now.name = recounted.after
LEFT JOIN theatre_tier earlier ON earlier.name = recounted.before
WHERE recounted.before IS DISTINCT FROM recounted.after
ORDER BY recounted.id
"""


def recount_tiers() -> int:
    """Count every customer's tickets again; how many tiers changed. A higher one is told by letter.

    Safe to run twice and beside bookings. Source: domain.md, "Money".
    """
    changed, last = 0, 0
    while batch := _recount_some(last):
        changed += batch[1]
        last = batch[0]
    return changed


@action
def _recount_some(after: int) -> tuple[int, int] | None:
    """The last customer of the batch and how many of it changed; None when nobody is left."""
    customers = [row[0] for row in fetch(_LOCK, [after, BATCH])]
    if not customers:
        return None
    # Counted after the locks are held: a booking that was being confirmed meanwhile is seen now.
    moved: list[Row] = fetch(_RECOUNT, [customers])
    for customer_id, tier, percent, higher in moved:
        if higher:
            events.tier_reached.send(sender=None, customer_id=customer_id, tier=tier, percent=percent)
    return customers[-1], len(moved)
