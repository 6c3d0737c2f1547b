"""Screens and their seat plans, as the office sees them."""

from theatre.models.sql import fetch_one

_PLAN = """
SELECT coalesce(c.chosen_plan_id, (SELECT p.id FROM theatre_seatplan p WHERE p.screen_id = c.id
                                   ORDER BY p.version DESC LIMIT 1))
FROM theatre_screen c WHERE c.id = %s AND c.active
"""


def plan_for_new_shows(screen_id: int) -> int | None:
    """The seat plan that a new show on this screen takes: the one the office chose, else the newest. None for a screen
    that is retired, has no plan yet or isn't there. One query.
    """
    row = fetch_one(_PLAN, [screen_id])
    return row[0] if row else None
