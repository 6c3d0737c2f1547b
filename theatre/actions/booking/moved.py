"""What the guests of a show that was moved may do until it begins: keep their seats, take others, or give them back.

Whoever has the letter's link may, as may the guest on their own booking's page: the link is the key, and it opens this
one booking alone (`queries/links.py`).
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings

from theatre import events
from theatre.access import Actor
from theatre.actions._doors import action, record
from theatre.actions.booking import _claims, _giving_back, _holds, _once
from theatre.actions.booking._once import Once
from theatre.models.sql import change, fetch, fetch_one
from theatre.queries import seatmap
from theatre.queries.bookings import SeenBooking
from theatre.rules import bookings, moving, seating
from theatre.rules.refunds import Refund
from theatre.rules.refusals import Refused

REASON = "The show was moved"


class NotMoved(Refused):
    """The show was not moved since it was booked."""

    code = "not_moved"


class ShowHasBegun(Refused):
    """A moved show is answered until it begins."""

    code = "show_has_begun"


@action
def keep_tickets(*, by: Actor, booking_id: int) -> None:
    """Say that the guest comes at the new time and place. Refused: BookingUnknown, AlreadyCancelled, NotMoved,
    ShowHasBegun."""
    booking = _lock(booking_id)
    _answer(by, booking, "kept")


@action
def take_other_seats(
    *, by: Actor, booking_id: int, seat_ids: Sequence[int], once: Once | None = None
) -> list[str]:
    """Give the tickets these seats instead, as many and of the same kinds, for nothing; the seats' names.

    A ticket with another seat gets a new code. Refused: BookingUnknown, AlreadyCancelled, NotMoved, ShowHasBegun,
    OtherKinds, TicketUsed, the choices of `rules.seating`, SeatTaken.
    """
    if (before := _once.begin(once)) is not None:
        return list(before["seats"])
    show = fetch_one(
        "SELECT s.id, s.plan_id FROM theatre_show s"
        " WHERE s.id = (SELECT show_id FROM theatre_booking WHERE id = %s) FOR KEY SHARE",
        [booking_id],
    )
    if show is None:
        raise _holds.unknown()
    plan = seatmap.plan_of(show[1])
    limit = settings.SEATS_PER_STAFF_BOOKING
    chosen = seating.check_choice(plan.seats, list(seat_ids), limit=limit)
    ids = sorted(seat.id for seat in chosen)
    _claims.take_in_exchange(_claims.Wanted(show[0], plan, ids, booking_id, None), booking_id)
    booking = _lock(booking_id)
    tickets = {
        seat: ticket
        for ticket, seat in fetch(
            "SELECT id, seat_id FROM theatre_ticket WHERE booking_id = %s AND state = 'sold' ORDER BY id FOR UPDATE",
            [booking.id],
        )
    }
    moving.check_same_kinds([plan.by_id[seat] for seat in tickets], chosen)
    moved = [
        (tickets[was.id], seat)
        for was, seat in moving.pairs([plan.by_id[seat] for seat in tickets], chosen)
        if was.id != seat.id
    ]
    _claims.give_up(booking.id, but=ids)
    _seat(moved)
    labels = [seat.label for seat in chosen]
    _answer(by, booking, "other_seats", seats=labels)
    _once.keep(once, {"ref": booking.ref, "seats": labels})
    return labels


_SEAT = """
UPDATE theatre_ticket t SET seat_id = m.seat, nonce = m.nonce
FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS m (id, seat, nonce)
WHERE t.id = m.id AND t.checked_in_at IS NULL
"""


def _seat(moved: Sequence[tuple[int, seating.Seat]]) -> None:
    """Two guests of a booking never swap seats, so no ticket waits for another's to be free."""
    seats = [seat.id for _, seat in moved]
    nonces = [secrets.token_hex(8) for _ in moved]
    if change(_SEAT, [[ticket for ticket, _ in moved], seats, nonces]) < len(moved):
        raise _giving_back.TicketUsed("A ticket that was checked in at the door keeps its seat", "seats")


@action
def give_tickets_back(*, by: Actor, booking_id: int, once: Once | None = None) -> None:
    """Cancel the booking with a full refund, whatever the hour before the show.

    Refused: BookingUnknown, AlreadyCancelled, NotMoved, ShowHasBegun, TicketUsed.
    """
    if _once.begin(once) is not None:
        return
    ref = fetch_one("SELECT ref FROM theatre_booking WHERE id = %s", [booking_id])
    found = None
    if ref is not None:
        _claims.lock(ref[0])
        found = _giving_back.lock(ref[0])
    if found is None:
        raise _holds.unknown()
    _answer(by, _lock(booking_id), "returned")
    _giving_back.give_back(by, found[0], reason=REASON, tell=_tell, once=once)


def _tell(booking: SeenBooking, ticket_ids: list[int], refund: Refund) -> None:
    events.tickets_returned.send(
        sender=None, booking=booking, ticket_ids=ticket_ids, refunded=refund.amount, whole=refund.whole
    )


class _Moved(NamedTuple):
    """A confirmed booking of a moved show, its row locked."""

    id: int
    ref: str
    state: str
    move_id: int | None
    starts_at: datetime
    now: datetime


_FACTS = """
SELECT b.id, b.ref, b.state, (SELECT max(a.move_id) FROM theatre_moveanswer a WHERE a.booking_id = b.id), s.starts_at,
       clock_timestamp()
FROM theatre_booking b JOIN theatre_show s ON s.id = b.show_id WHERE b.id = %s
"""


def _lock(booking_id: int) -> _Moved:
    fetch_one("SELECT 1 FROM theatre_booking WHERE id = %s FOR UPDATE", [booking_id])
    # A statement of its own: who moved the show again while we waited is seen by it.
    row = fetch_one(_FACTS, [booking_id])
    if row is None:
        raise _holds.unknown()
    booking = _Moved(*row)
    bookings.check_step(booking.state, "cancelled")
    if booking.move_id is None:
        raise NotMoved("This show was not moved since you booked it")
    if booking.now >= booking.starts_at:
        raise ShowHasBegun("This show has begun. Message us if you could not come")
    return booking


def _answer(by: Actor, booking: _Moved, answer: str, **details: Any) -> None:
    change(
        "UPDATE theatre_moveanswer SET answer = %s, answered_at = clock_timestamp()"
        " WHERE move_id = %s AND booking_id = %s",
        [answer, booking.move_id, booking.id],
    )
    record(by, "answer_move", ("booking", booking.ref), answer=answer, move=booking.move_id, **details)
