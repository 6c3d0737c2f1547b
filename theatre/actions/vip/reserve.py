"""Keep seats for a guest of the house, for longer or until the show, or put them back on sale."""

from collections import Counter
from collections.abc import Sequence

from django.conf import settings

from theatre.access import Actor, Permission, require
from theatre.actions._doors import action, record, seats_changed
from theatre.actions.booking import _claims, _once
from theatre.actions.booking._once import Once
from theatre.actions.vip import _reservations
from theatre.models.sql import change, fetch, fetch_one
from theatre.queries import quotes, seatmap
from theatre.rules import seating, vip
from theatre.rules.refusals import Refused


class ShowUnknown(Refused):
    """There is no such show."""

    code = "show_unknown"


class ShowNotReservable(Refused):
    """The show is cancelled or has ended."""

    code = "show_not_reservable"


_SHOW = """
SELECT plan_id, state, starts_at, ends_at, clock_timestamp(), nextval('theatre_vipreservation_id_seq')
FROM theatre_show WHERE id = %s FOR KEY SHARE
"""
_ADD = """
INSERT INTO theatre_vipreservation (id, show_id, guest_name, guest_email, note, complimentary, seat_ids,
  release_minutes, release_at, state, made_by_id, made_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 'reserved', %s, clock_timestamp())
"""


@action
def reserve_seats(
    *,
    by: Actor,
    show_id: int,
    seat_ids: Sequence[int],
    guest_name: str,
    guest_email: str = "",
    note: str = "",
    complimentary: bool = True,
    release_minutes: int | None = None,
    once: Once | None = None,
) -> int:
    """Keep these seats, or none of them, for a guest; the reservation's id.

    They go back on sale `release_minutes` before the show (None: when somebody releases them). Refused: ShowUnknown,
    ShowNotReservable, the choices of `rules.seating`, SeatTaken, ReleaseHasPassed. Source: domain.md, "VIP
    reservation".
    """
    require(by, Permission.RESERVE_VIP)
    if (before := _once.begin(once)) is not None:
        return int(before["reservation"])
    row = fetch_one(_SHOW, [show_id])
    if row is None:
        raise ShowUnknown("There is no such show. Choose one from the programme", "show")
    plan_id, state, starts_at, ends_at, now, reservation_id = row
    if state not in ("planned", "on_sale") or ends_at <= now:
        raise ShowNotReservable("This show is cancelled or over. Choose another time")
    until = vip.release_at(starts_at=starts_at, minutes=release_minutes, now=now, zone=quotes.ZONE)
    plan = seatmap.plan_of(plan_id)
    chosen = seating.check_choice(
        plan.seats, list(seat_ids), limit=settings.SEATS_PER_STAFF_BOOKING, by_staff=True
    )
    ids = sorted(seat.id for seat in chosen)
    _claims.take_for_guest(_claims.Wanted(show_id, plan, ids, reservation_id, until))
    change(
        _ADD,
        [
            reservation_id, show_id, guest_name[:200], guest_email, note[:500], complimentary, ids, release_minutes,
            until, by.user_id,
        ],
    )  # fmt: skip
    record(
        by, "reserve_vip", ("vip_reservation", reservation_id), show=show_id,
        seats=[seat.label for seat in chosen],
    )  # fmt: skip
    _once.keep(once, {"reservation": reservation_id})
    return int(reservation_id)


@action
def keep_reservation(*, by: Actor, reservation_id: int, release_minutes: int | None) -> None:
    """Let the seats go back on sale at another moment, or not by themselves (None).

    Refused: ReservationUnknown, ReservationOver, ReleaseHasPassed.
    """
    require(by, Permission.RESERVE_VIP)
    live = _claims.lock_for_guest(reservation_id)
    reservation = _reservations.lock(reservation_id)
    _reservations.check_live(reservation, live, to=vip.State.BOOKED)
    until = vip.release_at(
        starts_at=reservation.starts_at, minutes=release_minutes, now=reservation.now, zone=quotes.ZONE
    )
    change(
        "UPDATE theatre_seatclaim SET held_until = %s WHERE show_id = %s AND vip_id = %s",
        [until, reservation.show_id, reservation_id],
    )
    change(
        "UPDATE theatre_vipreservation SET release_minutes = %s, release_at = %s WHERE id = %s",
        [release_minutes, until, reservation_id],
    )
    seats_changed(reservation.show_id)
    record(by, "keep_vip", ("vip_reservation", reservation_id), minutes=release_minutes)


@action
def release_reservation(*, by: Actor, reservation_id: int) -> None:
    """Put the seats back on sale. Refused: ReservationUnknown, ReservationOver."""
    require(by, Permission.RESERVE_VIP)
    live = _claims.lock_for_guest(reservation_id)
    reservation = _reservations.lock(reservation_id)
    _reservations.check_live(reservation, live, to=vip.State.RELEASED)
    _reservations.free(reservation)
    _reservations.end(reservation_id, vip.State.RELEASED, by.user_id)
    record(by, "release_vip", ("vip_reservation", reservation_id))


LAPSE_BATCH = 200
_LAPSED = """
SELECT id, show_id, cardinality(seat_ids) FROM theatre_vipreservation
WHERE state = 'reserved' AND release_at < now() ORDER BY release_at, id LIMIT %s
"""
_LOCK_LAPSED = """
SELECT vip_id FROM theatre_seatclaim
WHERE show_id = ANY(%s) AND vip_id = ANY(%s) AND held_until < now() ORDER BY show_id, seat_id FOR UPDATE SKIP LOCKED
"""


@action
def lapse_reservations() -> int:
    """Tidy away reservations whose release time has come; how many. Safety does not need it: a lapsed claim is free
    at once."""
    lapsed = fetch(_LAPSED, [LAPSE_BATCH])
    if not lapsed:
        return 0
    shows, ids = [row[1] for row in lapsed], [row[0] for row in lapsed]
    locked = Counter(row[0] for row in fetch(_LOCK_LAPSED, [shows, ids]))
    owned = Counter(
        row[0]
        for row in fetch(
            "SELECT vip_id FROM theatre_seatclaim WHERE show_id = ANY(%s) AND vip_id = ANY(%s)", [shows, ids]
        )
    )
    # One that was kept for longer, or of which somebody else locks a claim, waits for the next time.
    ready = [id_ for id_ in ids if locked[id_] == owned[id_]]
    over = fetch(
        "SELECT id FROM theatre_vipreservation WHERE id = ANY(%s) AND state = 'reserved' AND release_at < now()"
        " ORDER BY id FOR UPDATE",
        [ready],
    )
    done = [row[0] for row in over]
    change("DELETE FROM theatre_seatclaim WHERE show_id = ANY(%s) AND vip_id = ANY(%s)", [shows, done])
    seats_changed(*shows)
    change(
        "UPDATE theatre_vipreservation SET state = 'lapsed', ended_at = clock_timestamp() WHERE id = ANY(%s)",
        [done],
    )
    return len(done)
