"""Prices as they stand: the tickets' frozen list prices, the customer's tier, the coupon, and one `quote()`.

Checkout, confirm and the API all ask here, so the price shown is the price charged.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings

from theatre.models.sql import fetch, fetch_one
from theatre.rules import coupons, money, pricing
from theatre.rules.coupons import Coupon, CouponTerms
from theatre.rules.pricing import Line, Quote
from theatre.rules.tiers import Tier

ZONE = ZoneInfo(settings.THEATRE_ZONE)
PLACES = money.places_of(settings.CURRENCY)
_VAT = Decimal(settings.VAT_RATE)


def price(
    lines: Sequence[Line],
    *,
    tier: Tier | None,
    coupon: CouponTerms | None = None,
    complimentary: bool = False,
) -> Quote:
    """`rules.pricing.quote` with the theatre's currency and VAT rate."""
    return pricing.quote(
        lines, tier=tier, coupon=coupon, places=PLACES, vat_rate=_VAT, currency=settings.CURRENCY,
        complimentary=complimentary,
    )  # fmt: skip


def tier_of(name: str | None, threshold: int | None, percent: Decimal | None) -> Tier | None:
    """The rule's tier from the columns of a joined row."""
    return Tier(name, threshold or 0, percent or 0) if name else None


# The columns of `tier_of` for a customer `c` whose row is being locked. Not a join: who waits for the lock gets the
# customer's new row joined to the old tier's.
TIER_OF_LOCKED = """c.tier_id, (SELECT threshold FROM theatre_tier WHERE name = c.tier_id),
  (SELECT percent FROM theatre_tier WHERE name = c.tier_id)"""


_COUPON = """
SELECT c.id, c.code, c.percent, c.valid_from, c.valid_until, c.total_limit, c.per_customer_limit, c.min_tickets,
       ARRAY(SELECT cm.movie_id FROM theatre_coupon_movies cm WHERE cm.coupon_id = c.id),
       c.weekdays, c.combinable, c.active, c.used,
       CASE WHEN %s::bigint IS NULL THEN NULL ELSE
         (SELECT count(*) FROM theatre_couponuse u
          WHERE u.coupon_id = c.id AND u.customer_id = %s AND u.given_back_at IS NULL) END
FROM theatre_coupon c WHERE c.code = %s
"""


def coupon_terms(
    typed: str,
    *,
    customer_id: int | None,
    tier: Tier | None,
    tickets: int,
    movie_id: int,
    starts_at: datetime,
    now: datetime,
    locked: bool = False,
) -> tuple[int, CouponTerms]:
    """The id and terms of a coupon that may be used on such a booking now, else a CouponRefused.

    `locked` keeps a coupon whose uses are limited until the transaction ends, for the action that spends it.
    """
    code = coupons.normalise_code(typed)
    row = fetch_one(_COUPON, [customer_id, customer_id, code])
    if locked and row is not None and (row[5] is not None or row[6] is not None):
        # Its uses are limited. Locked in a statement of its own: one that waited would count the uses from before.
        fetch("SELECT 1 FROM theatre_coupon WHERE id = %s FOR NO KEY UPDATE", [row[0]])
        row = fetch_one(_COUPON, [customer_id, customer_id, code])
    if row is None or not code:
        raise coupons.unknown(typed)
    coupon = Coupon(
        code=row[1], percent=row[2], valid_from=row[3], valid_until=row[4], total_limit=row[5],
        per_customer_limit=row[6], min_tickets=row[7], movie_ids=frozenset(row[8]), weekdays=frozenset(row[9]),
        combinable=row[10], active=row[11], used=row[12], used_by_customer=row[13],
    )  # fmt: skip
    terms = coupons.check(
        coupon, now=now, zone=ZONE, tickets=tickets, movie_id=movie_id,
        show_weekday=starts_at.astimezone(ZONE).weekday(), tier=tier,
    )  # fmt: skip
    return row[0], terms
