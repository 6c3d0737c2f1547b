"""Prices as they stand: the tickets' frozen list prices, the customer's tier, the coupon, and one `quote()`.

Checkout, confirm and the API all ask here, so the price shown is the price charged.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings

from theatre.models.sql import Row, fetch, fetch_one
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
       ARRAY(SELECT cm.movie_id FROM theatre_coupon_movies cm WHERE cm.coupon_id = c.id) AS movies,
       c.weekdays, c.combinable, c.active, c.used,
       CASE WHEN %(customer)s::bigint IS NULL THEN NULL ELSE
         (SELECT count(*) FROM theatre_couponuse u
          WHERE u.coupon_id = c.id AND u.customer_id = %(customer)s::bigint AND u.given_back_at IS NULL) END AS uses
FROM theatre_coupon c WHERE c.code = %(code)s
"""
_COUPON_COLUMNS = 14
# The coupon, if its uses are limited, is locked before the customer, in a statement of its own: one that waited would
# count the uses from before.
_COUPON_AND_TIER = f"""
WITH coupon AS MATERIALIZED ({_COUPON}),
tier AS MATERIALIZED (
  SELECT {TIER_OF_LOCKED} FROM theatre_customer c
  WHERE c.id = %(customer)s::bigint AND (%(coupon_is_locked)s OR NOT EXISTS (
    SELECT 1 FROM coupon WHERE total_limit IS NOT NULL OR per_customer_limit IS NOT NULL))
  FOR NO KEY UPDATE OF c
)
SELECT * FROM coupon LEFT JOIN tier ON true
"""  # noqa: S608  constants of ours


def coupon_terms(
    typed: str,
    *,
    customer_id: int | None,
    tier: Tier | None,
    tickets: int,
    movie_id: int,
    starts_at: datetime,
    now: datetime,
    coming_back: int = 0,
) -> tuple[int, CouponTerms]:
    """The id and terms of a coupon that may be used on such a booking now, else a CouponRefused.

    `coming_back` uses of this customer's are given back first.
    """
    row = fetch_one(_COUPON, _asked(typed, customer_id))
    if row is not None and coming_back:
        *facts, used, own = row
        row = (*facts, used - coming_back, None if own is None else own - coming_back)
    return _checked(row, typed, tier=tier, tickets=tickets, movie_id=movie_id, starts_at=starts_at, now=now)


def coupon_and_tier_locked(
    typed: str, *, customer_id: int | None, tickets: int, movie_id: int, starts_at: datetime, now: datetime
) -> tuple[int, CouponTerms, Tier | None]:
    """As `coupon_terms`, for the action that spends it: a coupon whose uses are limited, and then the customer, whose
    tier comes third, are kept until the transaction ends."""
    asked = {**_asked(typed, customer_id), "coupon_is_locked": False}
    row = fetch_one(_COUPON_AND_TIER, asked)
    if row is not None and (row[5] is not None or row[6] is not None):
        fetch("SELECT 1 FROM theatre_coupon WHERE id = %s FOR NO KEY UPDATE", [row[0]])
        row = fetch_one(_COUPON_AND_TIER, {**asked, "coupon_is_locked": True})
    tier = tier_of(*row[_COUPON_COLUMNS:]) if row else None
    coupon_id, terms = _checked(
        row, typed, tier=tier, tickets=tickets, movie_id=movie_id, starts_at=starts_at, now=now
    )
    return coupon_id, terms, tier


def _asked(typed: str, customer_id: int | None) -> dict[str, object]:
    return {"code": coupons.normalise_code(typed), "customer": customer_id}


def _checked(
    row: Row | None,
    typed: str,
    *,
    tier: Tier | None,
    tickets: int,
    movie_id: int,
    starts_at: datetime,
    now: datetime,
) -> tuple[int, CouponTerms]:
    if row is None or not row[1]:
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
