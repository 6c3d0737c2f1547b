"""The daily letter about new movies: made once a day, sent to everybody who wants it, batch by batch.

A batch is a transaction: its letters and how far it got are written together, so a digest that is killed anywhere goes
on where it stopped, and nobody gets it twice.
"""

import time

from django.conf import settings

from theatre.actions._doors import action
from theatre.models.sql import change, fetch_one
from theatre.notices import outbox
from theatre.queries.quotes import ZONE

BATCH = 500

# Once the hour has come on the theatre's clocks; what is announced after that waits for the next day.
_MAKE = """
WITH today AS (
  SELECT (clock_timestamp() AT TIME ZONE %(zone)s)::date AS day,
         extract(hour FROM clock_timestamp() AT TIME ZONE %(zone)s) AS hour
), made AS (
  INSERT INTO theatre_moviedigest (day, reached, letters)
  SELECT day, 0, 0 FROM today WHERE hour >= %(hour)s AND EXISTS (
    SELECT 1 FROM theatre_movie
    WHERE announced_at IS NOT NULL AND digest_id IS NULL AND state IN ('coming_soon', 'showing'))
  ON CONFLICT (day) DO NOTHING RETURNING id
)
UPDATE theatre_movie m SET digest_id = made.id FROM made
WHERE m.announced_at IS NOT NULL AND m.digest_id IS NULL AND m.state IN ('coming_soon', 'showing')
"""


def tell_of_new_movies(seconds: float = 20) -> int:
    """Make the day's letter if it is time, and queue what is still to be sent, for about so many seconds; how many
    letters were queued. Safe to run again, and many times at once."""
    _make()
    queued, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        batch = _next_batch()
        if batch is None:
            break
        queued += batch
    return queued


@action
def _make() -> None:
    change(_MAKE, {"zone": ZONE.key, "hour": settings.NEW_MOVIES_HOUR})


@action
def _next_batch() -> int | None:
    """Queue the letters of the next customers; how many, None when there is nothing left to do."""
    row = fetch_one(
        "SELECT id, reached FROM theatre_moviedigest WHERE done_at IS NULL ORDER BY day LIMIT 1"
        " FOR UPDATE SKIP LOCKED"
    )
    if row is None:
        return None
    digest_id, reached = row
    last, queued = outbox.queue_digest(digest_id=digest_id, after=reached, most=BATCH)
    change(
        "UPDATE theatre_moviedigest SET letters = letters + %(queued)s, reached = coalesce(%(last)s, reached),"
        " done_at = CASE WHEN %(last)s::bigint IS NULL THEN clock_timestamp() END WHERE id = %(digest)s",
        {"queued": queued, "last": last, "digest": digest_id},
    )
    return queued
