"""What happens to a hold before it is confirmed: more time, given back, passed to an account, run out."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from theatre.access import Actor, Permission, require
from theatre.actions._doors import action, booking_action, record
from theatre.actions.booking import _claims, _holds, _once
from theatre.actions.booking._once import Once
from theatre.models.sql import change, fetch
from theatre.queries import quotes
from theatre.rules import bookings


@dataclass(frozen=True, slots=True)
class Extended:
    """Until when (aware UTC) the seats are held now, how many extensions are left, and whether this was the last."""

    ref: str
    held_until: datetime
    left: int
    last: bool


@booking_action
def extend_hold(*, by: Actor, ref: str, once: Once | None = None) -> Extended:
    """Add the hold's minutes again. Refused: BookingUnknown, HoldLapsed, NoMoreTime (domain.md, "Booking")."""
    require(by, Permission.HOLD_SEATS)
    if (before := _once.begin(once)) is not None:
        return Extended(ref, datetime.fromisoformat(before["held_until"]), before["left"], before["last"])
    live = _claims.lock_live(ref)
    booking = _holds.lock(by, ref)
    _holds.check_live(booking, len(live))
    longer = bookings.extension(
        now=booking.now, held_until=booking.held_until, starts_at=booking.starts_at, extensions=booking.extensions,
        minutes=settings.LONG_HOLD_MINUTES if by.long_holds else settings.HOLD_MINUTES, zone=quotes.ZONE,
        stop_minutes=settings.HOLD_END_BEFORE_SHOW_MINUTES,
    )  # fmt: skip
    change(
        "UPDATE theatre_seatclaim SET held_until = %s WHERE booking_id = %s AND state = 'held'",
        [longer.held_until, booking.id],
    )
    change(
        "UPDATE theatre_booking SET held_until = %s, extensions = extensions + 1 WHERE id = %s",
        [longer.held_until, booking.id],
    )
    record(by, "extend", ("booking", ref), until=longer.held_until.isoformat())
    extended = Extended(ref, longer.held_until, longer.left, longer.is_last)
    _once.keep(
        once, {"held_until": longer.held_until.isoformat(), "left": longer.left, "last": longer.is_last}
    )
    return extended


@booking_action
def release_hold(*, by: Actor, ref: str, once: Once | None = None) -> None:
    """Give the seats back. A hold that has ended already is no error; a confirmed booking is refused."""
    require(by, Permission.HOLD_SEATS)
    if _once.begin(once) is not None:
        return
    _claims.lock(ref)
    booking = _holds.lock(by, ref)
    if booking.state != "lapsed":
        bookings.check_step(booking.state, "lapsed")
        _claims.end_holds([booking.id], by.user_id)
        record(by, "release", ("booking", ref))
    _once.keep(once, {"released": True})


LAPSE_BATCH = 200


def lapse_holds() -> int:
    """Tidy away holds whose time has run out; how many. Safety does not need it: a lapsed claim is free at once."""
    done = 0
    while batch := _lapse_some():
        done += batch
    return done


_LAPSED = """
SELECT id FROM theatre_booking WHERE state = 'held' AND held_until < now() ORDER BY held_until, id LIMIT %s
"""
_LOCK_LAPSED = """
SELECT booking_id FROM theatre_seatclaim WHERE booking_id = ANY(%s) AND state = 'held' AND held_until < now()
ORDER BY show_id, seat_id FOR UPDATE SKIP LOCKED
"""


@action
def _lapse_some() -> int:
    lapsed = [row[0] for row in fetch(_LAPSED, [LAPSE_BATCH])]
    if not lapsed:
        return 0
    locked = Counter(row[0] for row in fetch(_LOCK_LAPSED, [lapsed]))
    owned = Counter(
        row[0]
        for row in fetch("SELECT booking_id FROM theatre_seatclaim WHERE booking_id = ANY(%s)", [lapsed])
    )
    # A hold that was extended, or of which somebody else locks a claim, waits for the next sweep.
    return len(_claims.end_holds([id_ for id_ in lapsed if locked[id_] == owned[id_]]))


@action
def prune_idempotency_keys() -> int:
    """Forget answers older than a day; how many."""
    return change("DELETE FROM theatre_idempotencykey WHERE created_at < now() - interval '24 hours'")
