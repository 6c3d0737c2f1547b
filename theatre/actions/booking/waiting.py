"""The waiting list of a sold-out show: ask for seats, leave, and be given them in turn."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings

from theatre import events
from theatre.access import Actor, Permission, require
from theatre.actions._doors import Busy, action, record, refusing
from theatre.actions.booking import _claims, _making, _waiting
from theatre.actions.booking._waiting import Guest, Line
from theatre.models import Channel
from theatre.models.sql import change, fetch, fetch_one
from theatre.queries import seatmap
from theatre.queries.bookings import for_papers
from theatre.queries.seatmap import Plan
from theatre.rules import seating, waiting
from theatre.rules.refusals import Refused
from theatre.rules.seating import Seat

log = logging.getLogger(__name__)

HOUSE = Actor()  # nobody of the staff: the house itself
KEPT_MINUTES = 3  # how long seats stay kept should the worker stop; while it works, it says so again in time
OFFERS_AT_ONCE = 20
ENDS_AT_ONCE = 200


class NotACustomer(Refused):
    """Seats are offered to customers."""

    code = "not_a_customer"


class ShowUnknown(Refused):
    """There is no such show."""

    code = "show_unknown"


class WaitsAlready(Refused):
    """This customer is on the list."""

    code = "waits_already"


_ASKED = """
SELECT s.plan_id, s.counter_seats,
       s.state = 'on_sale' AND s.starts_at > clock_timestamp() AND coalesce(s.on_sale_from <= clock_timestamp(), true)
         AND coalesce(s.on_sale_until > clock_timestamp(), true),
       EXISTS (SELECT 1 FROM theatre_waitingparty w WHERE w.show_id = s.id AND w.state = 'waiting'),
       ARRAY(SELECT c.seat_id FROM theatre_seatclaim c
             WHERE c.show_id = s.id AND (c.held_until IS NULL OR c.held_until > clock_timestamp()))
FROM theatre_show s WHERE s.id = %s AND s.state <> 'planned' FOR KEY SHARE
"""


@action
def ask_for_seats(*, by: Actor, show_id: int, seats: int) -> None:
    """Put a party of so many on the list of a sold-out show, at its end.

    Refused: NotACustomer, ShowUnknown, NotWaitable, NotSoldOut, TooManyToWait, WaitsAlready.
    """
    require(by, Permission.BOOK)
    if by.customer_id is None:
        raise NotACustomer("Seats are offered to customers. Sell at the counter what comes free")
    row = fetch_one(_ASKED, [show_id])
    if row is None:
        raise ShowUnknown("There is no such show. Choose one from what’s on", "show")
    plan_id, counter_seats, sold_to_guests, others_wait, taken = row
    plan, gone = seatmap.plan_of(plan_id), set(taken)
    free = sum(1 for seat in plan.seats if seating.is_sold_to(seat, by_staff=False) and seat.id not in gone)
    waiting.check_asking(
        seats=seats, limit=settings.SEATS_PER_BOOKING, longest=waiting.longest_run(plan.seats),
        # What comes free while others wait is theirs.
        free=0 if others_wait or free <= counter_seats else free, sold_to_guests=sold_to_guests,
    )  # fmt: skip
    with refusing(one_place_in_line_per_show=_waits_already):
        change(
            "INSERT INTO theatre_waitingparty (show_id, customer_id, seats, state, asked_at)"
            " VALUES (%s, %s, %s, 'waiting', clock_timestamp())",
            [show_id, by.customer_id, seats],
        )
    record(by, "ask_for_seats", ("show", show_id), seats=seats)


def _waits_already() -> WaitsAlready:
    return WaitsAlready("You are on this list already. Leave it first to ask for another number")


@action
def leave_list(*, by: Actor, show_id: int) -> None:
    """Leave the list of this show. Nothing happens to somebody who is not on it."""
    require(by, Permission.BOOK)
    if change(
        "UPDATE theatre_waitingparty SET state = 'left', ended_at = clock_timestamp()"
        " WHERE show_id = %s AND customer_id = %s AND state = 'waiting'",
        [show_id, by.customer_id],
    ):
        record(by, "leave_waiting", ("show", show_id))


# Lists with something to do: the show is over, a seat is free, or seats are kept and not for much longer.
_LISTS = """
SELECT w.show_id FROM (SELECT DISTINCT show_id FROM theatre_waitingparty WHERE state = 'waiting') w
JOIN theatre_show s ON s.id = w.show_id
WHERE s.state <> 'on_sale' OR s.starts_at <= now() OR EXISTS (
  SELECT 1 FROM theatre_seat x
  WHERE x.plan_id = s.plan_id AND NOT x.house_seat AND NOT x.broken AND x.kind NOT IN ('wheelchair', 'companion')
    AND NOT EXISTS (SELECT 1 FROM theatre_seatclaim c WHERE c.show_id = s.id AND c.seat_id = x.id
                    AND (c.held_until IS NULL OR c.held_until > now()
                         + CASE c.state WHEN 'waiting' THEN interval '90 seconds' ELSE interval '0' END)))
ORDER BY s.starts_at, w.show_id
"""


def serve_waiting() -> int:
    """Hold what has come free for those whose turn it is, on every list; how many parties left one.

    A show is one transaction, alone with its row: safe to kill, to run again and to run twice at once. A list that
    somebody is in the way of waits for the next time.
    """
    done = 0
    for (show_id,) in fetch(_LISTS):
        try:
            done += _serve(show_id)
        except Refused as refusal:
            log.info("the waiting list of show %s waits: %s", show_id, refusal.code)
    return done


@dataclass(frozen=True, slots=True)
class _Show:
    id: int
    plan: Plan
    starts_at: datetime
    counter_seats: int
    now: datetime
    prices: Mapping[str, Decimal]


# Alone with the show: nobody takes a seat of it until what comes free is shared out.
_ALONE = """
SELECT s.plan_id, s.starts_at, s.counter_seats, clock_timestamp(),
       s.state = 'on_sale' AND s.starts_at > clock_timestamp()
FROM theatre_show s WHERE s.id = %s FOR UPDATE
"""
_PRICES = """
SELECT a.kind, a.amount FROM theatre_pricecardamount a
WHERE a.card_id = (SELECT card_id FROM theatre_show WHERE id = %s) AND a.audience = 'adult'
"""


@action
def _serve(show_id: int) -> int:
    row = fetch_one(_ALONE, [show_id])
    if row is None:
        return 0
    plan_id, starts_at, counter_seats, now, on = row
    if not on:
        return _close(show_id)
    show = _Show(
        show_id, seatmap.plan_of(plan_id), starts_at, counter_seats, now, dict(fetch(_PRICES, [show_id]))
    )
    line = _waiting.line_of(
        show.id, show.plan, now=now, starts_at=starts_at, counter_seats=counter_seats, priced=show.prices
    )
    return _share_out(show, line)


def _close(show_id: int) -> int:
    """Nobody can be given a seat any more: the line goes home, some at a time, and is told."""
    _claims.keep_nothing(show_id)
    gone = fetch(
        "UPDATE theatre_waitingparty SET state = 'over', ended_at = clock_timestamp() WHERE id IN ("
        " SELECT id FROM theatre_waitingparty WHERE show_id = %s AND state = 'waiting' ORDER BY id LIMIT %s)"
        " RETURNING id, customer_id",
        [show_id, ENDS_AT_ONCE],
    )
    for party_id, customer_id in gone:
        events.waited_in_vain.send(sender=None, party_id=party_id, customer_id=customer_id, show_id=show_id)
    return len(gone)


def _share_out(show: _Show, line: Line) -> int:
    """A real hold and a letter for each whose turn it is; what is kept for the first who cannot be served is claimed,
    and what no longer is let go of."""
    offers = line.turn.offers[:OFFERS_AT_ONCE]
    kept = sorted(seat.id for seat in line.turn.kept)
    fresh = line.kept_until is not None and line.kept_until > show.now + timedelta(minutes=KEPT_MINUTES / 2)
    stands = line.kept == frozenset(kept) and (fresh or not kept)
    if stands and not offers:
        return 0
    # What is there of them (kept seats, lapsed holds) in one order, before anything is taken.
    fetch(
        "SELECT 1 FROM theatre_seatclaim WHERE show_id = %s AND (state = 'waiting' OR seat_id = ANY(%s))"
        " ORDER BY show_id, seat_id FOR UPDATE",
        [show.id, [*kept, *(seat.id for _party, seats in offers for seat in seats)]],
    )
    if not stands:
        _claims.keep_for_waiting(show.id, show.plan, kept, show.now + timedelta(minutes=KEPT_MINUTES))
    made = [_claimed(show, seats, line.guests[party.id]) for party, seats in offers]
    for (party, seats), (booking_id, until) in zip(offers, made, strict=True):
        _making.make_held(
            HOUSE, show.id, show.plan, seats, show.prices, id=booking_id,
            customer_id=line.guests[party.id].customer_id, channel=Channel.ONLINE, held_until=until,
        )  # fmt: skip
    _check_still_there([line.guests[party.id].customer_id for party, _seats in offers])
    for (party, _seats), (booking_id, _until) in zip(offers, made, strict=True):
        _note_offer(booking_id, party.id)
    return len(made)


def _claimed(show: _Show, seats: Sequence[Seat], guest: Guest) -> tuple[int, datetime]:
    """The seats, claimed for a booking that is to be made: its id, and until when they are held."""
    [(booking_id,)] = fetch("SELECT nextval('theatre_booking_id_seq')")
    longer = settings.LONG_HOLD_MINUTES if guest.long_holds else 0
    until = waiting.offer_until(
        now=show.now, minutes=max(settings.WAITING_OFFER_MINUTES, longer), starts_at=show.starts_at
    )
    _claims.take(_claims.Wanted(show.id, show.plan, sorted(seat.id for seat in seats), booking_id, until))
    return booking_id, until


def _check_still_there(customer_ids: Sequence[int]) -> None:
    """Who is erasing their account meanwhile comes first: then nothing is offered now, and they are not in the line the
    next time."""
    if not customer_ids:
        return
    fetch(
        "SELECT 1 FROM theatre_customer WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
        [list(customer_ids)],
    )
    left = fetch(
        "SELECT 1 FROM theatre_customer c JOIN theatre_user u ON u.id = c.user_id"
        " WHERE c.id = ANY(%s) AND NOT u.is_active",
        [list(customer_ids)],
    )
    if left:
        raise Busy("Somebody on the list is leaving. Try again in a moment")


def _note_offer(booking_id: int, party_id: int) -> None:
    if not change(
        "UPDATE theatre_waitingparty SET state = 'offered', ended_at = clock_timestamp(), booking_id = %s"
        " WHERE id = %s AND state = 'waiting'",
        [booking_id, party_id],
    ):
        raise Busy("Somebody on the list has just left. Try again in a moment")
    booking = for_papers(booking_id)
    record(HOUSE, "offer_seats", ("booking", booking.ref), party=party_id)
    events.seats_offered.send(sender=None, booking=booking, party_id=party_id)
