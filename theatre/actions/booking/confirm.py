"""Turn a hold into a booking: the money, the tickets' codes, the invoice and the letters, all or nothing."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings

from theatre import events
from theatre.access import Actor, Permission, allowed, require
from theatre.actions._doors import audit_values, booking_action, refusing, seats_changed
from theatre.actions.booking import _claims, _holds, _invoice, _once
from theatre.actions.booking._once import Once
from theatre.documents.record import booking_record
from theatre.models.sql import fetch
from theatre.queries import quotes
from theatre.queries.bookings import SeenBooking
from theatre.rules import bookings, pricing
from theatre.rules.coupons import CouponUsedUp
from theatre.rules.pricing import Quote
from theatre.rules.refusals import Refused
from theatre.rules.seating import SeatTaken
from theatre.rules.tiers import Tier


class PriceChanged(Refused):
    """The price is no longer the one that was shown; nothing was booked. `data["quote"]` is the new one."""

    code = "price_changed"


class MethodNotOffered(Refused):
    """This person cannot pay this way."""

    code = "payment_method_not_offered"


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A confirmed booking: its reference and its record as the API gives it."""

    ref: str
    record: dict[str, Any]


@booking_action
def confirm_booking(
    *,
    by: Actor,
    ref: str,
    shown_total: Decimal,
    method: str,
    coupon_code: str = "",
    once: Once | None = None,
) -> Confirmed:
    """Confirm a hold at the total that was shown (theatre's currency).

    Doing it again, with the same key or without, gives the same booking. Refused: BookingUnknown, HoldLapsed,
    SalesClosed, MethodNotOffered, a CouponRefused, PriceChanged. Source: domain.md, "Booking" and "Money".
    """
    require(by, Permission.BOOK)
    live, before = _claims.sell(ref, once)
    if before is not None:
        return Confirmed(before["ref"], before)
    booking = _holds.lock(by, ref)
    if booking.state == "confirmed":
        told = booking_record(booking)
        _once.keep(once, told)
        return Confirmed(booking.ref, told)
    _holds.check_live(booking, live)
    return sell(by, booking, shown_total=shown_total, method=method, coupon_code=coupon_code, once=once)


def _tell(booking: SeenBooking) -> None:
    events.booking_confirmed.send(sender=None, booking=booking)


def sell(
    by: Actor,
    booking: SeenBooking,
    *,
    shown_total: Decimal,
    method: str,
    coupon_code: str = "",
    once: Once | None = None,
    tell: Callable[[SeenBooking], None] = _tell,
) -> Confirmed:
    """Sell a held booking whose row is locked and whose claims are sold already: the end of every deed that sells.

    `tell` says what happened to whom. Refused as `confirm_booking` is.
    """
    _check_now(by, booking, method)
    coupon_id, quote, tier = _priced(booking, coupon_code, complimentary=method == "complimentary")
    if quote.total != shown_total:
        raise PriceChanged(
            "The price has changed since you saw it, so nothing was booked. Look at the new one and confirm again",
            "shown_total", quote=pricing.as_json(quote),
        )  # fmt: skip
    sale = _write(by, booking, quote, coupon_id, method)
    seats_changed(booking.show_id)
    if sale.tier and (tier is None or sale.tier.threshold > tier.threshold):
        events.tier_reached.send(
            sender=None, customer_id=booking.customer_id, tier=sale.tier.name, percent=sale.tier.percent
        )
    sold = _as_sold(booking, quote, sale, method)
    tell(sold)
    told = booking_record(sold)
    _invoice.issue(booking, quote, method=method, by=by, once=once, answer=told)
    return Confirmed(booking.ref, told)


def _check_now(by: Actor, booking: SeenBooking, method: str) -> None:
    if booking.show_state != "on_sale":
        raise bookings.SalesClosed("This show is no longer on sale. Nothing was charged. Choose another time")
    bookings.check_sale(
        now=booking.now, starts_at=booking.starts_at, by_staff=by.is_staff, zone=quotes.ZONE,
        grace_minutes=settings.COUNTER_SALES_AFTER_START_MINUTES,
    )  # fmt: skip
    if method not in methods_of(by):
        raise MethodNotOffered("You can’t pay that way here. Choose one of the ways on offer", "method")


def methods_of(by: Actor) -> list[str]:
    """How this person may pay: customers as the theatre's settings say, staff at the counter."""
    if not by.is_staff:
        return ["demo"] if settings.DEMO_PAYMENT else []
    return ["cash", "card", "complimentary"] if allowed(by, Permission.GIVE_AWAY) else ["cash", "card"]


def _priced(
    booking: SeenBooking, coupon_code: str, *, complimentary: bool
) -> tuple[int | None, Quote, Tier | None]:
    """The coupon's id if its use is spent, the quote, and the tier; coupon, then customer locked."""
    coupon_id, terms = None, None
    if coupon_code.strip() and not complimentary:
        coupon_id, terms, tier = quotes.coupon_and_tier_locked(
            coupon_code, customer_id=booking.customer_id, tickets=len(booking.tickets), movie_id=booking.movie_id,
            starts_at=booking.starts_at, now=booking.now,
        )  # fmt: skip
    else:
        tier = _holds.lock_tier(booking.customer_id)
    quote = quotes.price(booking.lines, tier=tier, coupon=terms, complimentary=complimentary)
    return (coupon_id if quote.coupon_applied else None), quote, tier


_WRITE = """
WITH t AS MATERIALIZED (SELECT clock_timestamp() AS at),
priced AS (
  SELECT * FROM unnest(%(ids)s::bigint[], %(tier_off)s::numeric[], %(coupon_off)s::numeric[],
    %(comp_off)s::numeric[], %(prices)s::numeric[], %(vats)s::numeric[], %(nonces)s::text[])
    AS p (id, tier_off, coupon_off, comp_off, price, vat, nonce)
), sold AS (
  UPDATE theatre_ticket k SET state = 'sold', tier_off = p.tier_off, coupon_off = p.coupon_off,
    complimentary_off = p.comp_off, price = p.price, vat = p.vat, nonce = p.nonce
  FROM priced p WHERE k.id = p.id AND k.booking_id = %(booking)s::bigint
  RETURNING k.id, k.list_price, p.tier_off, p.coupon_off, p.comp_off, p.price, p.vat
), booked AS (
  UPDATE theatre_booking SET state = 'confirmed', confirmed_at = t.at, total = %(total)s::numeric, session = '',
    network = '', coupon_id = %(coupon)s::bigint, tier_name = %(tier)s, tier_percent = %(percent)s,
    complimentary = %(complimentary)s, booked_by_id = coalesce(booked_by_id, %(user)s::bigint)
  FROM t WHERE id = %(booking)s::bigint
), ledger AS (
  INSERT INTO theatre_ledgerentry (kind, ticket_id, booking_id, at, amount, list_price, tier_off, coupon_off,
    complimentary_off, vat, seller_id, channel, method)
  SELECT 'sale', sold.id, %(booking)s::bigint, t.at, price, list_price, tier_off, coupon_off, comp_off, vat,
    %(seller)s::bigint, %(channel)s::text, %(method)s::text
  FROM sold, t
), paid AS (
  INSERT INTO theatre_payment (booking_id, method, amount, refunded, state, provider_ref, at)
  SELECT %(booking)s::bigint, %(method)s::text, %(total)s::numeric, 0, 'captured', '', t.at FROM t
), spent AS (
  UPDATE theatre_coupon SET used = used + 1 WHERE id = %(coupon)s::bigint RETURNING id
), used AS (
  INSERT INTO theatre_couponuse (coupon_id, booking_id, customer_id, used_at)
  SELECT id, %(booking)s::bigint, %(customer)s::bigint, t.at FROM spent, t
), counted AS (
  SELECT coalesce(sum((SELECT count(*) FROM theatre_ticket k WHERE k.booking_id = b.id AND k.state = 'sold')), 0)
    + %(seats)s::int AS tickets
  FROM theatre_booking b, t
  WHERE b.customer_id = %(customer)s::bigint AND b.state = 'confirmed'
    AND b.created_at > t.at - interval '1 year 1 day' AND b.confirmed_at > t.at - interval '1 year'
), tiered AS (
  UPDATE theatre_customer c SET tier_tickets = counted.tickets, counted_at = t.at,
    tier_id = (SELECT name FROM theatre_tier WHERE threshold <= counted.tickets ORDER BY threshold DESC LIMIT 1)
  FROM counted, t WHERE c.id = %(customer)s::bigint
  RETURNING c.tier_id
), told AS (
  INSERT INTO theatre_auditentry (at, actor_id, verb, on_type, on_id, request_id, address, reason, details)
  SELECT t.at, %(a0)s::bigint, %(a1)s, %(a2)s, %(a3)s, %(a4)s, %(a5)s, %(a6)s, %(a7)s::jsonb FROM t
)
SELECT t.at, tier.name, tier.threshold, tier.percent
FROM t LEFT JOIN tiered ON true LEFT JOIN theatre_tier tier ON tier.name = tiered.tier_id
"""


@dataclass(frozen=True, slots=True)
class _Sale:
    at: datetime
    nonces: list[str]
    tier: Tier | None  # the customer's afterwards


def _write(by: Actor, booking: SeenBooking, quote: Quote, coupon_id: int | None, method: str) -> _Sale:
    """Everything a sale changes, in one statement."""
    off = [{taken.kind: taken.amount for taken in line.discounts} for line in quote.lines]
    nothing = Decimal(0)
    audit = audit_values(by, "confirm", ("booking", booking.ref), total=str(quote.total), method=method)
    nonces = [secrets.token_hex(8) for _ in quote.lines]
    values: dict[str, Any] = {
        "ids": [line.ticket for line in quote.lines],
        "tier_off": [taken.get("tier", nothing) for taken in off],
        "coupon_off": [taken.get("coupon", nothing) for taken in off],
        "comp_off": [taken.get("complimentary", nothing) for taken in off],
        "prices": [line.price for line in quote.lines], "vats": [line.vat for line in quote.lines],
        "nonces": nonces, "total": quote.total, "coupon": coupon_id,
        "tier": quote.tier.name if quote.tier else "", "percent": quote.tier.percent if quote.tier else 0,
        "complimentary": method == "complimentary", "user": by.user_id, "booking": booking.id,
        "seller": booking.seller_id, "channel": booking.channel, "method": method,
        "customer": booking.customer_id, "seats": len(quote.lines),
        **{f"a{place}": value for place, value in enumerate(audit)},
    }  # fmt: skip
    with refusing(
        one_live_ticket_per_seat_and_show=lambda: SeatTaken("Somebody has just taken one of these seats"),
        coupon_uses_within_limit=lambda: CouponUsedUp(
            "That coupon has just been used up. Take it off to book at the price without it", "coupon"
        ),
    ):
        at, *after = fetch(_WRITE, values)[0]
    return _Sale(at, nonces, quotes.tier_of(*after))


def _as_sold(booking: SeenBooking, quote: Quote, sale: _Sale, method: str) -> SeenBooking:
    """The booking as the next reader will find it, without asking for it again."""
    tickets = []
    for ticket, line, nonce in zip(booking.tickets, quote.lines, sale.nonces, strict=True):
        off = {taken.kind: taken.amount for taken in line.discounts}
        tickets.append(
            replace(
                ticket,
                state="sold",
                price=line.price,
                vat=line.vat,
                nonce=nonce,
                tier_off=off.get("tier", ticket.tier_off),
                coupon_off=off.get("coupon", ticket.coupon_off),
                complimentary_off=off.get("complimentary", ticket.complimentary_off),
            )  # fmt: skip
        )
    return replace(
        booking, state="confirmed", confirmed_at=sale.at, coupon=quote.coupon_code or "", total=quote.total,
        tier_name=quote.tier.name if quote.tier else "", method=method, tickets=tuple(tickets),
        tier_percent=Decimal(quote.tier.percent if quote.tier else 0),
    )  # fmt: skip
