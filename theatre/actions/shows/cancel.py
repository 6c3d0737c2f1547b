"""Cancel a show: nobody can book it from that moment, and its bookings are given back by the worker.

The show's row is locked alone, so no hold slips past; every claim that is not sold goes with it, so no hold is
confirmed afterwards. What was confirmed before is given back one booking a transaction
(`give_back_cancelled_shows`): it can be stopped, killed and run again, and finds by the rows what is left.
"""

import logging
import time

from theatre import events
from theatre.access import Actor, Permission, require
from theatre.actions._doors import action, record, seats_changed
from theatre.actions.booking import _claims, _giving_back, _once
from theatre.actions.booking._once import Once
from theatre.models.sql import change, fetch, fetch_one
from theatre.queries.bookings import SeenBooking
from theatre.rules import shows
from theatre.rules.refunds import Refund
from theatre.rules.refusals import Refused

log = logging.getLogger(__name__)

LONGEST_REASON = 500


class ShowUnknown(Refused):
    """There is no such show."""

    code = "show_unknown"


class ReasonLeftOut(Refused):
    """Guests read in their letter why."""

    code = "reason_left_out"


class NotUnderWay(Refused):
    """Nothing of this show is being given back, or all of it has been."""

    code = "not_under_way"


@action
def cancel_show(*, by: Actor, show_id: int, reason: str, once: Once | None = None) -> None:
    """Take a show off sale for good, end its holds and VIP reservations, and begin to give its bookings back.

    Refused: ShowUnknown, ShowCannot, ReasonLeftOut. Source: domain.md, "The programme".
    """
    require(by, Permission.MANAGE_SHOWS)
    if _once.begin(once) is not None:
        return
    if not reason.strip():
        raise ReasonLeftOut("Say why. Guests read it in their letter", "reason")
    row = fetch_one("SELECT state FROM theatre_show WHERE id = %s FOR UPDATE", [show_id])
    if row is None:
        raise ShowUnknown("There is no such show. Choose one from the programme", "show")
    shows.check_step(row[0], "cancelled")
    change("UPDATE theatre_show SET state = 'cancelled' WHERE id = %s", [show_id])
    ended = _end_claims(by, show_id)
    change(
        "INSERT INTO theatre_showclosing (show_id, reason, by_id, started_at) VALUES (%s, %s, %s, clock_timestamp())",
        [show_id, reason.strip()[:LONGEST_REASON], by.user_id],
    )
    seats_changed(show_id)
    record(by, "cancel_show", ("show", show_id), reason=reason.strip(), holds_ended=ended)
    _once.keep(once, {"show": show_id})


def _end_claims(by: Actor, show_id: int) -> int:
    """Free every seat of the show that is not sold; how many holds ended. The show's row is locked alone."""
    fetch(
        "SELECT 1 FROM theatre_seatclaim WHERE show_id = %s AND state <> 'sold' ORDER BY seat_id FOR UPDATE",
        [show_id],
    )
    # Statements of their own: what was being confirmed while we waited is sold now, and not ours to end.
    held = fetch(
        "SELECT id FROM theatre_booking WHERE show_id = %s AND state = 'held' ORDER BY id", [show_id]
    )
    ended = _claims.end_holds([row[0] for row in held], by.user_id) if held else []
    change("DELETE FROM theatre_seatclaim WHERE show_id = %s AND state <> 'sold'", [show_id])
    change(
        "UPDATE theatre_vipreservation SET state = 'released', ended_at = clock_timestamp(), ended_by_id = %s"
        " WHERE show_id = %s AND state = 'reserved'",
        [by.user_id, show_id],
    )
    return len(ended)


@action
def stop_giving_back(*, by: Actor, show_id: int) -> None:
    """Let the worker leave a cancelled show's bookings alone until it is resumed. Refused with NotUnderWay."""
    require(by, Permission.MANAGE_SHOWS)
    _switch(show_id, "stopped_at = coalesce(stopped_at, clock_timestamp())")
    record(by, "stop_giving_back", ("show", show_id))


@action
def resume_giving_back(*, by: Actor, show_id: int) -> None:
    """Let the worker go on. Refused with NotUnderWay."""
    require(by, Permission.MANAGE_SHOWS)
    _switch(show_id, "stopped_at = NULL")
    record(by, "resume_giving_back", ("show", show_id))


def _switch(show_id: int, to: str) -> None:
    # nosemgrep: sql-with-values-in-its-text - our own words, from the two functions above
    if not change(
        f"UPDATE theatre_showclosing SET {to} WHERE show_id = %s AND finished_at IS NULL",  # noqa: S608  our own words
        [show_id],
    ):
        raise NotUnderWay("Every booking of this show has been given back already")


_LEFT = """
SELECT b.id, b.ref FROM theatre_booking b
WHERE b.show_id = %s AND b.state = 'confirmed' AND b.id > %s ORDER BY b.id LIMIT %s
"""
BATCH = 50


def give_back_cancelled_shows(seconds: float = 20) -> int:
    """Give back what is left of cancelled shows, for about so long; how many bookings.

    Safe to kill at any point, to run again and to run twice at once: a booking is one transaction, and is left alone
    when it is no longer confirmed. One that cannot be given back is noted in the log and tried again the next time.
    """
    done = 0
    end = time.monotonic() + seconds
    under_way = fetch(
        "SELECT show_id FROM theatre_showclosing WHERE finished_at IS NULL AND stopped_at IS NULL ORDER BY started_at"
    )
    for (show_id,) in under_way:
        last = 0
        while time.monotonic() < end and (batch := fetch(_LEFT, [show_id, last, BATCH])):
            done += sum(_try(show_id, ref) for _, ref in batch)
            last = batch[-1][0]
        _finish(show_id=show_id)
    return done


def _try(show_id: int, ref: str) -> int:
    try:
        return _give_back(show_id=show_id, ref=ref)
    except Refused as refusal:
        log.warning("booking %s of cancelled show %s is left: %s", ref, show_id, refusal.sentence)
        return 0


@action
def _give_back(*, show_id: int, ref: str) -> int:
    """One booking of a cancelled show, in full, used tickets too; 0 when it was stopped or somebody was quicker."""
    closing = fetch_one(
        "SELECT by_id, reason FROM theatre_showclosing"
        " WHERE show_id = %s AND finished_at IS NULL AND stopped_at IS NULL",
        [show_id],
    )
    if closing is None:
        return 0
    _claims.lock(ref)
    found = _giving_back.lock(ref)
    if found is None or found[1][0] != "confirmed":
        return 0
    by, reason = Actor(user_id=closing[0]), closing[1]

    def tell(booking: SeenBooking, ticket_ids: list[int], refund: Refund) -> None:
        events.cancelled_with_its_show.send(
            sender=None, booking=booking, ticket_ids=ticket_ids, refunded=refund.amount, reason=reason
        )

    _giving_back.give_back(by, found[0], reason=reason, tell=tell, used_too=True)
    return 1


@action
def _finish(*, show_id: int) -> None:
    """Note that nothing is left, if nothing is."""
    change(
        "UPDATE theatre_showclosing c SET finished_at = clock_timestamp()"
        " WHERE show_id = %s AND finished_at IS NULL AND stopped_at IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM theatre_booking b WHERE b.show_id = c.show_id AND b.state = 'confirmed')",
        [show_id],
    )
