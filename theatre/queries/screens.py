"""Screens and their seat plans, as the office sees them."""

from theatre.models.sql import fetch, fetch_one

_PLAN = """
SELECT c.id, coalesce(c.chosen_plan_id, (SELECT p.id FROM theatre_seatplan p WHERE p.screen_id = c.id
                                   ORDER BY p.version DESC LIMIT 1))
FROM theatre_screen c WHERE c.active
"""


def plan_for_new_shows(screen_id: int) -> int | None:
    """The seat plan that a new show on this screen takes: the one the office chose, else the newest. None for a screen
    that is retired, has no plan yet or isn't there. One query.
    """
    row = fetch_one(_PLAN + " AND c.id = %s", [screen_id])
    return row[1] if row else None


def plans_for_new_shows() -> dict[int, int]:
    """The same for every screen that has one: screen -> plan. One query."""
    return {screen: plan for screen, plan in fetch(_PLAN) if plan is not None}
