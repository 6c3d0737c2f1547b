"""Hold seats of one show for a few minutes."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings

from theatre.access import Actor, Permission, require
from theatre.actions._doors import audit_values, booking_action
from theatre.actions.booking import _claims, _once, _waiting
from theatre.actions.booking._once import Once
from theatre.models.sql import fetch, fetch_one
from theatre.queries import quotes, seatmap
from theatre.rules import bookings, pricing, seating, shows, waiting
from theatre.rules.audiences import ADULT, price_for
from theatre.rules.pricing import Line, Quote
from theatre.rules.refusals import Refused
from theatre.rules.tiers import Tier


class ShowUnknown(Refused):
    """There is no such show."""

    code = "show_unknown"


class SeatHasNoPrice(Refused):
    """The show's price card has no amount for this kind of seat."""

    code = "seat_has_no_price"


class CustomerUnknown(Refused):
    """No customer has this member number or address."""

    code = "customer_unknown"


class TooManyHolds(Refused):
    """This customer holds seats in too many places already."""

    code = "too_many_holds"


class TooManySeatsHeldHere(Refused):
    """Strangers on this network hold too many seats already."""

    code = "too_many_seats_here"


@dataclass(frozen=True, slots=True)
class Hold:
    """Seats held: the booking's reference, until when (aware UTC), its tickets and what they cost now."""

    ref: str
    held_until: str
    tickets: list[dict[str, Any]]
    quote: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """As the API answers."""
        return {"ref": self.ref, "expires_at": self.held_until, "tickets": self.tickets, "quote": self.quote}


@booking_action
def hold_seats(
    *,
    by: Actor,
    show_id: int,
    seat_ids: Sequence[int],
    audiences: Mapping[int, str] | None = None,
    for_customer: str | None = None,
    guest_name: str = "",
    guest_email: str = "",
    replaces_own: bool = False,
    once: Once | None = None,
) -> Hold:
    """Hold these seats, or none of them.

    `audiences` says by seat id who a seat is for; absent, an adult.
    `for_customer` is a member number or an e-mail address, for staff; without it a walk-in may leave a name and an
    address with them. `replaces_own`: a customer's holds for the same show are given up for this one, seats in common
    kept. A stranger's earlier hold always is.
    Refused: ShowUnknown, ShowNotOnSale, SalesClosed, the choices of `rules.seating`, SeatTaken, LastSeatsAtTheCounter,
    AudienceNotOffered, SpokenFor, TooManyHolds, TooManySeatsHeldHere, CustomerUnknown. Source: domain.md, "Booking".
    """
    require(by, Permission.HOLD_SEATS)
    if for_customer is not None or guest_name or guest_email:
        require(by, Permission.SELL)
    if (before := _once.begin(once)) is not None:
        return Hold(before["ref"], before["expires_at"], before["tickets"], before["quote"])
    if by.is_stranger or replaces_own:  # a second press waits for the first, and then replaces it
        _lock_name(f"session:{by.session}" if by.is_stranger else f"customer:{by.customer_id}")
    show = show_on_sale(show_id, by)
    chosen = seating.check_choice(
        named(show.plan, seat_ids), list(seat_ids), limit=seat_limit(by), by_staff=by.is_staff
    )  # who has them is the claims' word, below
    minutes = settings.LONG_HOLD_MINUTES if by.long_holds else settings.HOLD_MINUTES
    held_until = bookings.hold_until(show.now, minutes)
    ids = sorted(seat.id for seat in chosen)
    wanted = _claims.Wanted(show_id, show.plan, ids, show.next_booking, held_until)
    earlier = _replaced(by, show_id) if by.is_stranger or replaces_own else []
    replaced: list[int] = []
    if (
        earlier or show.counter_seats or for_customer is not None
    ):  # something comes between claims and customer
        replaced = _claims.take_instead(wanted, earlier)
        if show.counter_seats and not by.is_staff:
            leave_the_counters(show, taking=len(ids))
        customer_id, tier = _customer(by, for_customer)
    else:
        customer_id, tier = by.customer_id, _claims.take(wanted, customer_id=by.customer_id)
    if show.others_wait:
        leave_the_waiting(show, ids)
    if by.is_stranger:
        _lock_name("network:" + by.network)
    ref = bookings.new_reference(secrets.choice)
    whose = [(audiences or {}).get(seat.id, ADULT) for seat in chosen]
    prices = prices_of(show, chosen, whose)
    guest = ("", "") if customer_id else (guest_name, guest_email)
    tickets = _write(by, show, ref, held_until, customer_id, guest, chosen, whose, prices, replaced)
    lines = [
        Line(ticket, seat.label, seat.kind, price, audience)
        for ticket, seat, price, audience in zip(tickets, chosen, prices, whose, strict=True)
    ]
    quote: Quote = quotes.price(lines, tier=tier)
    quoted = pricing.as_json(quote)
    hold = Hold(
        ref=ref,
        held_until=held_until.isoformat(),
        tickets=[
            {
                "id": ticket,
                "seat_id": seat.id,
                "seat": seat.label,
                "kind": seat.kind,
                "audience": line["audience"],
                "price": line["list"],
            }
            for ticket, seat, line in zip(tickets, chosen, quoted["lines"], strict=True)
        ],
        quote=quoted,
    )
    _once.keep(once, hold.as_json())
    return hold


@dataclass(frozen=True, slots=True)
class Show:
    """A show on sale, its row shared. `next_booking` is an id for one; prices are an adult's by kind of seat."""

    id: int
    plan: seatmap.Plan
    now: datetime
    next_booking: int
    prices: dict[tuple[str, str], Decimal]  # by kind and audience
    counter_seats: int
    starts_at: datetime
    others_wait: bool


# A hold may be lost in a crash, a booking never: only holds commit without waiting for the disk (performance.md).
# FOR KEY SHARE: what changes the whole show (cancel, move) takes the row FOR UPDATE and waits for us, or we for it.
_SHOW = """
SELECT s.plan_id, s.state, s.starts_at, s.on_sale_from, s.on_sale_until, clock_timestamp(),
       nextval('theatre_booking_id_seq'), set_config('synchronous_commit', 'off', true),
       card.kinds, card.audiences, card.amounts, s.counter_seats,
       EXISTS (SELECT 1 FROM theatre_waitingparty w WHERE w.show_id = s.id AND w.state = 'waiting')
FROM theatre_show s
CROSS JOIN LATERAL (
  SELECT array_agg(a.kind ORDER BY a.id) AS kinds, array_agg(a.audience ORDER BY a.id) AS audiences,
         array_agg(a.amount ORDER BY a.id) AS amounts
  FROM theatre_pricecardamount a WHERE a.card_id = s.card_id
) card
WHERE s.id = %s FOR KEY SHARE OF s
"""


_SHOW_FOR_GOOD = _SHOW.replace("set_config('synchronous_commit', 'off', true)", "NULL")


def show_on_sale(show_id: int, by: Actor, *, for_good: bool = False) -> Show:
    """The show, shared, if this person may have seats of it now. `for_good`: the commit waits for the disk.

    Refused: ShowUnknown, ShowNotOnSale, SalesClosed.
    """
    row = fetch_one(_SHOW_FOR_GOOD if for_good else _SHOW, [show_id])
    if row is None:
        raise ShowUnknown("There is no such show. Choose one from what’s on", "show")
    (
        plan_id,
        state,
        starts_at,
        sale_from,
        sale_until,
        now,
        next_booking,
        _,
        kinds,
        audiences,
        amounts,
        kept,
        others_wait,
    ) = row
    shows.check_state_sells(state)
    bookings.check_sale(
        now=now, starts_at=starts_at, by_staff=by.is_staff, zone=quotes.ZONE,
        grace_minutes=settings.COUNTER_SALES_AFTER_START_MINUTES,
        on_sale_from=sale_from, on_sale_until=sale_until,
    )  # fmt: skip
    prices = dict(zip(zip(kinds or (), audiences or (), strict=True), amounts or (), strict=True))
    return Show(show_id, seatmap.plan_of(plan_id), now, next_booking, prices, kept, starts_at, others_wait)


_TAKEN = """
SELECT count(*) FROM theatre_seatclaim
WHERE show_id = %s AND seat_id = ANY(%s) AND (held_until IS NULL OR held_until > clock_timestamp())
"""


def leave_the_counters(show: Show, *, taking: int) -> None:
    """Guests leave the counter its last seats, else LastSeatsAtTheCounter. Their claims are taken already, so
    that those who come at once are counted one after the other, each with the seats of the one before."""
    _lock_name(f"last seats:{show.id}")
    open_ids = [seat.id for seat in show.plan.seats if seating.is_sold_to(seat, by_staff=False)]
    [(taken,)] = fetch(_TAKEN, [show.id, open_ids])
    free = len(open_ids) - taken + taking
    shows.check_left_for_counter(free=free, taking=taking, kept=show.counter_seats)


def leave_the_waiting(show: Show, ids: Sequence[int]) -> None:
    """What came free belongs to those on the waiting list as far as it is their turn, else SpokenFor: nobody is quicker
    than the worker that offers it to them. Only for a show that somebody waits for."""
    line = _waiting.line_of(
        show.id, show.plan, now=show.now, starts_at=show.starts_at, counter_seats=show.counter_seats,
        priced={kind for kind, audience in show.prices if audience == ADULT}, own=ids,
    )  # fmt: skip
    waiting.check_not_spoken_for(ids, line.turn.spoken_for)


def named(plan: seatmap.Plan, seat_ids: Sequence[int]) -> list[seating.Seat]:
    """The seats of the plan that the choice is about: those named, and the spaces that companions belong to."""
    named = [plan.by_id[seat_id] for seat_id in seat_ids if seat_id in plan.by_id]
    return named + [plan.by_id[seat.beside] for seat in named if seat.beside is not None]


def seat_limit(by: Actor) -> int:
    """How many seats this person may put into one booking."""
    return int(settings.SEATS_PER_STAFF_BOOKING if by.is_staff else settings.SEATS_PER_BOOKING)


def _lock_name(name: str) -> None:
    """Whoever names the same thing waits until this transaction has ended."""
    fetch_one("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [name])


def _replaced(by: Actor, show_id: int) -> list[int]:
    """The holds that this one takes the place of: a stranger's only one, a customer's for the show."""
    if by.is_stranger:
        rows = fetch("SELECT id FROM theatre_booking WHERE session = %s AND state = 'held'", [by.session])
    else:
        rows = fetch(
            "SELECT id FROM theatre_booking WHERE customer_id = %s AND show_id = %s AND state = 'held'",
            [by.customer_id, show_id],
        )
    return [row[0] for row in rows]


_TIER = f"SELECT c.id, {quotes.TIER_OF_LOCKED} FROM theatre_customer c"  # noqa: S608


def _customer(by: Actor, named: str | None) -> tuple[int | None, Tier | None]:
    """Who it is for, with their tier; their row is locked, so that their holds can be counted."""
    if by.customer_id is None and named is None:
        return None, None
    if named is None:
        row = fetch_one(f"{_TIER} WHERE c.id = %s FOR NO KEY UPDATE OF c", [by.customer_id])
    else:
        row = fetch_one(
            f"{_TIER} JOIN theatre_user u ON u.id = c.user_id AND u.is_active AND u.role = 'customer'"
            " WHERE c.member_number = upper(%s) OR lower(u.email) = lower(%s) LIMIT 1 FOR NO KEY UPDATE OF c",
            [named.strip(), named.strip()],
        )
    if row is None:
        raise CustomerUnknown(
            "No member has that number or address. Check it, or sell to a walk-in", "customer"
        )
    return row[0], quotes.tier_of(*row[1:])


def prices_of(show: Show, chosen: Sequence[seating.Seat], whose: Sequence[str]) -> list[Decimal]:
    """The list price of each seat today, for who sits there, or SeatHasNoPrice."""
    unpriced = [seat for seat in chosen if (seat.kind, ADULT) not in show.prices]
    if unpriced:
        raise SeatHasNoPrice(
            f"{unpriced[0].label} has no price yet. Choose another seat, or ask at the counter", "seats",
            seats=[seat.id for seat in unpriced],
        )  # fmt: skip
    return [
        price_for(show.prices, seat=seat.label, kind=seat.kind, audience=audience)
        for seat, audience in zip(chosen, whose, strict=True)
    ]


# The limits are counted in the statement that adds to them, under the customer's lock or the network's.
_WRITE = """
WITH made AS (
  INSERT INTO theatre_booking (id, ref, show_id, state, customer_id, guest_name, guest_email, session, network,
      booked_by_id, seller_id, assigned_to_id, channel, held_until, extensions, cancel_reason, tier_name, tier_percent,
      complimentary)
  SELECT %(id)s::bigint, %(ref)s, %(show)s::bigint, 'held', %(customer)s::bigint, %(guest_name)s, %(guest_email)s,
      %(session)s::text, %(network)s::text,
      %(user)s, %(seller)s::bigint, %(seller)s::bigint, %(channel)s, %(until)s, 0, '', '', 0, false
  WHERE (%(own)s::bigint IS NULL OR %(hold_limit)s::int > (
          SELECT count(*) FROM theatre_booking b
          WHERE b.customer_id = %(own)s::bigint AND b.state = 'held' AND b.held_until > clock_timestamp()
            AND b.id <> ALL(%(replaced)s::bigint[])))
    AND (%(network)s::text = '' OR %(network_limit)s::int >= %(seats)s::int + (
          SELECT count(*) FROM theatre_booking b JOIN theatre_ticket t ON t.booking_id = b.id AND t.state = 'held'
          WHERE b.network = %(network)s::text AND b.state = 'held' AND b.held_until > clock_timestamp()
            AND b.id <> ALL(%(replaced)s::bigint[])))
  RETURNING id
), tickets AS (
  INSERT INTO theatre_ticket (booking_id, show_id, plan_id, seat_id, kind, audience, state, list_price, tier_off,
      coupon_off, complimentary_off, nonce, door)
  SELECT made.id, %(show)s::bigint, %(plan)s::bigint, t.seat, t.kind, t.audience, 'held', t.price, 0, 0, 0, '', ''
  FROM made, unnest(%(seat_ids)s::bigint[], %(kinds)s::text[], %(audiences)s::text[],
    %(prices)s::numeric[]) AS t (seat, kind, audience, price)
  RETURNING id, seat_id
), told AS (
  INSERT INTO theatre_auditentry (actor_id, verb, on_type, on_id, request_id, address, reason, details)
  SELECT %(a0)s::bigint, %(a1)s, %(a2)s, %(a3)s, %(a4)s, %(a5)s, %(a6)s, %(a7)s::jsonb FROM made
)
SELECT id, seat_id FROM tickets
"""


def _write(
    by: Actor,
    show: Show,
    ref: str,
    held_until: datetime,
    customer_id: int | None,
    guest: tuple[str, str],
    chosen: Sequence[seating.Seat],
    whose: Sequence[str],
    prices: list[Decimal],
    replaced: list[int],
) -> list[int]:
    """The booking, its tickets and the note of it, in one statement; the tickets' ids in the seats' order."""
    audit = audit_values(by, "hold", ("booking", ref), seats=[seat.label for seat in chosen], show=show.id)
    values = {
        "id": show.next_booking, "ref": ref, "show": show.id, "plan": show.plan.id, "customer": customer_id,
        "guest_name": guest[0][:200], "guest_email": guest[1],
        "session": by.session if by.is_stranger else "", "network": by.network if by.is_stranger else "",
        "user": by.user_id, "seller": by.user_id if by.is_staff else None, "channel": by.channel,
        "until": held_until, "own": by.customer_id, "hold_limit": settings.HOLDS_PER_CUSTOMER,
        "network_limit": settings.SEATS_PER_NETWORK, "seats": len(chosen), "replaced": replaced,
        "seat_ids": [seat.id for seat in chosen], "kinds": [seat.kind for seat in chosen],
        "audiences": list(whose), "prices": prices,
        **{f"a{place}": value for place, value in enumerate(audit)},
    }  # fmt: skip
    made = {seat_id: ticket for ticket, seat_id in fetch(_WRITE, values)}
    if not made and by.is_stranger:
        raise TooManySeatsHeldHere(
            "Too many seats are being held from your network. Sign in to hold yours, or wait a few minutes",
            "seats",
        )
    if not made:
        raise TooManyHolds(
            f"You hold seats for {settings.HOLDS_PER_CUSTOMER} shows already. Confirm or release one of them first",
            "seats",
        )
    return [made[seat.id] for seat in chosen]
