"""Shows that are over."""

from theatre.actions._doors import action
from theatre.models.sql import change
from theatre.rules import shows

_OVER = """
UPDATE theatre_show SET state = 'played' WHERE id IN (
  SELECT id FROM theatre_show WHERE state = 'on_sale' AND ends_at <= now() ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
)
"""
AT_ONCE = 200


def mark_played() -> int:
    """Mark shows whose end has passed; how many. Safe to run again at once."""
    done = 0
    while batch := _mark_some():
        done += batch
    return done


@action
def _mark_some() -> int:
    shows.check_step("on_sale", "played")
    return change(_OVER, [AT_ONCE])
