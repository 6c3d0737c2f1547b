"""The reservation an action works on, locked after its claims."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from theatre.actions._doors import seats_changed
from theatre.models.sql import change, fetch_one
from theatre.rules import vip
from theatre.rules.refusals import Refused


class ReservationUnknown(Refused):
    """There is no such reservation."""

    code = "reservation_unknown"


@dataclass(frozen=True, slots=True)
class Locked:
    """A reservation whose row is locked. `now` is the database's."""

    id: int
    show_id: int
    plan_id: int
    starts_at: datetime
    state: str
    guest_name: str
    guest_email: str
    complimentary: bool
    seat_ids: tuple[int, ...]
    now: datetime


_LOCK = """
SELECT v.id, v.show_id, s.plan_id, s.starts_at, v.state, v.guest_name, v.guest_email, v.complimentary, v.seat_ids,
       clock_timestamp()
FROM theatre_vipreservation v JOIN theatre_show s ON s.id = v.show_id WHERE v.id = %s FOR UPDATE OF v
"""


def lock(reservation_id: int) -> Locked:
    """The reservation, its row locked; the claims are locked before. Refused with ReservationUnknown."""
    row = fetch_one(_LOCK, [reservation_id])
    if row is None:
        raise ReservationUnknown("There is no such reservation. Look at the list again")
    id_, show, plan, starts_at, state, name, email, complimentary, seat_ids, now = row
    return Locked(id_, show, plan, starts_at, state, name, email, complimentary, tuple(seat_ids), now)


def check_live(reservation: Locked, live: Sequence[int], *, to: vip.State) -> None:
    """Silence if it stands and every seat of it is still kept, else ReservationOver."""
    vip.check_step(reservation.state, to)
    if len(live) < len(reservation.seat_ids):
        vip.check_step(vip.State.LAPSED, to)


def free(reservation: Locked) -> None:
    """Give the seats back; their claims are locked."""
    change(
        "DELETE FROM theatre_seatclaim WHERE show_id = %s AND vip_id = %s",
        [reservation.show_id, reservation.id],
    )
    seats_changed(reservation.show_id)


def end(reservation_id: int, state: vip.State, by_user: int | None, booking_id: int | None = None) -> None:
    """Note how it ended."""
    change(
        "UPDATE theatre_vipreservation SET state = %s, ended_at = clock_timestamp(), ended_by_id = %s,"
        " booking_id = %s WHERE id = %s",
        [state.value, by_user, booking_id, reservation_id],
    )
