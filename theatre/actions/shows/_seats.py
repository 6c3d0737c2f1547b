"""A moved show's claims, tickets and VIP reservations in their new seats. The show's row is locked alone."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from theatre.actions.booking import _claims
from theatre.models.sql import change, fetch
from theatre.queries.moving import BOOKING, Moved, Place


def lock_all(show_id: int) -> None:
    """Every claim of the show, its live bookings, their tickets and its reservations, in the order of the law: what is
    under way with any of them ends first."""
    for statement in (
        "SELECT 1 FROM theatre_seatclaim WHERE show_id = %s ORDER BY seat_id FOR UPDATE",
        "SELECT 1 FROM theatre_booking WHERE show_id = %s AND state IN ('held', 'confirmed') ORDER BY id FOR UPDATE",
        "SELECT 1 FROM theatre_vipreservation WHERE show_id = %s AND state = 'reserved' ORDER BY id FOR UPDATE",
        "SELECT 1 FROM theatre_ticket WHERE show_id = %s AND state IN ('held', 'sold') ORDER BY id FOR UPDATE",
    ):
        fetch(statement, [show_id])


def end_holds(show_id: int, by_user: int | None) -> int:
    """End the show's holds, whose rows are locked: nobody confirms what they were not shown. How many."""
    held = fetch(
        "SELECT id FROM theatre_booking WHERE show_id = %s AND state = 'held' ORDER BY id", [show_id]
    )
    return len(_claims.end_holds([row[0] for row in held], by_user)) if held else 0


# What was blocked, kept for the waiting list or has lapsed has no place where the show goes.
_CLEAR = """
DELETE FROM theatre_seatclaim
WHERE show_id = %s AND (state IN ('blocked', 'waiting') OR held_until <= clock_timestamp())
"""
_CLAIMS = """
UPDATE theatre_seatclaim c SET seat_id = m.after, plan_id = %(plan)s::bigint, held_until = CASE
    WHEN c.state = 'vip' AND c.held_until IS NOT NULL THEN c.held_until + %(later)s::interval ELSE c.held_until END
FROM unnest(%(was)s::bigint[], %(after)s::bigint[]) AS m (was, after)
WHERE c.show_id = %(show)s::bigint AND c.seat_id = m.was
"""
# Whoever was let in where the show was is let in again where it will be.
_TICKETS = """
UPDATE theatre_ticket t SET seat_id = m.seat, plan_id = %(plan)s::bigint, kind = m.kind, checked_in_at = NULL,
  door = '', nonce = coalesce(nullif(m.nonce, ''), t.nonce)
FROM unnest(%(tickets)s::bigint[], %(seats)s::bigint[], %(kinds)s::text[], %(nonces)s::text[])
  AS m (id, seat, kind, nonce)
WHERE t.id = m.id
"""
_RESERVATIONS = """
UPDATE theatre_vipreservation v SET seat_ids = ARRAY(
    SELECT m.after FROM unnest(v.seat_ids) AS seat
    JOIN unnest(%(was)s::bigint[], %(after)s::bigint[]) AS m (was, after) ON m.was = seat ORDER BY m.after),
  release_at = v.release_at + %(later)s::interval
WHERE v.id = ANY(%(guests)s::bigint[])
"""


def seat(show_id: int, place: Place, parties: Sequence[Moved], *, later: timedelta) -> None:
    """Give everybody the seat that was proposed; all have one. The show's row is in its place already.

    A ticket whose seat has another name gets a new nonce, so that its old code opens nothing. `later` is by how much
    the show starts later: seats kept until so long before it are kept until so long before it.
    """
    change(_CLEAR, [show_id])
    everybody = [(each.was, each.seat) for party in parties for each in party.seats if each.seat is not None]
    seats = {
        "show": show_id, "plan": place.plan_id, "was": [was.id for was, _ in everybody],
        "after": [after.id for _, after in everybody], "later": later,
    }  # fmt: skip
    change(_CLAIMS, seats)
    change(_RESERVATIONS, {**seats, "guests": [each.id for each in parties if each.kind != BOOKING]})
    tickets = [
        (ticket, seated)
        for party in parties
        if party.kind == BOOKING
        for ticket, seated in zip(party.tickets, party.seats, strict=True)
    ]
    change(
        _TICKETS,
        {
            "plan": place.plan_id, "tickets": [ticket for ticket, _ in tickets],
            "seats": [each.seat.id for _, each in tickets if each.seat is not None],
            "kinds": [each.seat.kind for _, each in tickets if each.seat is not None],
            "nonces": ["" if each.kept else secrets.token_hex(8) for _, each in tickets],
        },
    )  # fmt: skip
