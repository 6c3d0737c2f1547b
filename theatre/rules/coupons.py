"""Coupons: when a code may be used, and the sentence when it may not.

Source: domain.md, "Money"; the sentences follow ux.md 2.10.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from theatre.rules.moments import WEEKDAYS, clock_or_day, counted, listed
from theatre.rules.money import Percent, percent_text
from theatre.rules.refusals import Refused
from theatre.rules.tiers import Tier

LONGEST_CODE = 40


class CouponRefused(Refused):
    """A coupon that cannot be used on this booking; the subclasses say why."""

    code = "coupon_refused"


class CouponMissing(CouponRefused):
    """No code was entered."""

    code = "coupon_missing"


class CouponUnknown(CouponRefused):
    """There is no such code."""

    code = "coupon_unknown"


class CouponOff(CouponRefused):
    """The coupon is switched off."""

    code = "coupon_off"


class CouponNotYet(CouponRefused):
    """The coupon's first day is still to come."""

    code = "coupon_not_yet"


class CouponEnded(CouponRefused):
    """The coupon's last day has passed."""

    code = "coupon_ended"


class CouponUsedUp(CouponRefused):
    """The coupon has reached its total limit."""

    code = "coupon_used_up"


class CouponUsedByYou(CouponRefused):
    """This customer has reached the limit for one person."""

    code = "coupon_used_by_you"


class CouponNeedsCustomer(CouponRefused):
    """The coupon counts uses for each person and nobody is named."""

    code = "coupon_needs_customer"


class CouponNeedsMoreTickets(CouponRefused):
    """Too few tickets."""

    code = "coupon_needs_more_tickets"


class CouponNotThisMovie(CouponRefused):
    """The coupon belongs to other movies."""

    code = "coupon_not_this_movie"


class CouponNotThisDay(CouponRefused):
    """The coupon belongs to other weekdays."""

    code = "coupon_not_this_day"


@dataclass(frozen=True, slots=True)
class CouponTerms:
    """What pricing needs of a coupon: `percent` is 1–100, else ValueError."""

    code: str
    percent: Percent
    combinable: bool

    def __post_init__(self) -> None:
        if not 1 <= self.percent <= 100:
            raise ValueError(f"A coupon takes 1 to 100 percent off, not {self.percent}")


@dataclass(frozen=True, slots=True)
class Coupon:
    """A coupon with its uses as they stand. One booking is one use.

    It is good from `valid_from` until just before `valid_until` (None: no end on that side). `weekdays` are
    the show's local ones, Monday is 0; empty weekdays or movies mean all. `used_by_customer` is None while
    nobody is named for the booking.
    """

    code: str
    percent: Percent
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    total_limit: int | None = None
    per_customer_limit: int | None = None
    min_tickets: int = 1
    movie_ids: frozenset[int] = frozenset()
    weekdays: frozenset[int] = frozenset()
    combinable: bool = False
    active: bool = True
    used: int = 0
    used_by_customer: int | None = 0

    @property
    def terms(self) -> CouponTerms:
        """What `pricing.quote` takes."""
        return CouponTerms(self.code, self.percent, self.combinable)

    def is_open(self, now: datetime) -> bool:
        """Whether anybody may use it now."""
        return (
            self.active
            and (self.valid_from is None or self.valid_from <= now)
            and (self.valid_until is None or now < self.valid_until)
            and (self.total_limit is None or self.used < self.total_limit)
        )

    def is_meant_for(self, *, tickets: int, movie_id: int, show_weekday: int) -> bool:
        """Whether it is for such a booking at all."""
        return (
            tickets >= self.min_tickets
            and (not self.movie_ids or movie_id in self.movie_ids)
            and (not self.weekdays or show_weekday in self.weekdays)
        )


def normalise_code(raw: str) -> str:
    """The code as it is stored: `" summer 15 "` is `"SUMMER15"`. Case, spaces and invisible characters do not
    matter.
    """
    wide = unicodedata.normalize("NFKC", raw).upper()
    return "".join(char for char in wide if unicodedata.category(char)[0] not in "CZ")


def unknown(raw: str) -> CouponRefused:
    """The refusal for a code that does not exist, or for an empty one."""
    code = normalise_code(raw)
    if not code:
        return CouponMissing("Enter a coupon code", "coupon")
    shown = code if len(code) <= LONGEST_CODE else code[: LONGEST_CODE - 1] + "…"
    return CouponUnknown(f"We don’t have a coupon called {shown}. Check the spelling", "coupon")


def check(
    coupon: Coupon,
    *,
    now: datetime,
    zone: tzinfo,
    tickets: int,
    movie_id: int,
    show_weekday: int,
    tier: Tier | None = None,
) -> CouponTerms:
    """The coupon's terms if it may be used now on such a booking, else a CouponRefused.

    `tier` is the customer's: a refusal reminds them that its discount still applies. A closed coupon that was never
    meant for such a booking is answered as one that does not exist, so that nobody collects codes by trying.
    """
    code = coupon.code
    if not coupon.is_open(now) and not coupon.is_meant_for(
        tickets=tickets, movie_id=movie_id, show_weekday=show_weekday
    ):
        raise unknown(code)

    def refuse(kind: type[CouponRefused], sentence: str) -> CouponRefused:
        still = (
            f". Your {percent_text(tier.percent)}% {tier.name} discount still applies"
            if tier and tier.percent
            else ""
        )
        return kind(sentence + still, "coupon")

    if not coupon.active:
        raise refuse(CouponOff, f"{code} isn’t on offer at the moment")
    if coupon.valid_from is not None and now < coupon.valid_from:
        raise refuse(CouponNotYet, f"{code} starts {clock_or_day(coupon.valid_from, zone, now=now)}")
    if coupon.valid_until is not None and now >= coupon.valid_until:
        last = coupon.valid_until - timedelta(microseconds=1)
        raise refuse(CouponEnded, f"{code} ended {_ended(coupon.valid_until, last, zone, now)}")
    if coupon.total_limit is not None and coupon.used >= coupon.total_limit:
        raise refuse(CouponUsedUp, f"{code} has been used {counted(coupon.used, 'time')}, which is its limit")
    if coupon.per_customer_limit is not None:
        if coupon.used_by_customer is None:
            raise refuse(
                CouponNeedsCustomer, f"{code} is counted for each person, so we need to know who is booking"
            )
        if coupon.used_by_customer >= coupon.per_customer_limit:
            times = counted(coupon.per_customer_limit, "time")
            raise refuse(CouponUsedByYou, f"{code} can be used {times} per person, and that is done")
    if tickets < coupon.min_tickets:
        raise refuse(
            CouponNeedsMoreTickets,
            f"{code} needs {counted(coupon.min_tickets, 'ticket')} or more in one booking",
        )
    if coupon.movie_ids and movie_id not in coupon.movie_ids:
        raise refuse(CouponNotThisMovie, f"{code} isn’t for this movie")
    if coupon.weekdays and show_weekday not in coupon.weekdays:
        days = listed([f"{WEEKDAYS[weekday]}s" for weekday in sorted(coupon.weekdays)])
        raise refuse(CouponNotThisDay, f"{code} is for shows on {days}")
    return coupon.terms


def _ended(until: datetime, last: datetime, zone: tzinfo, now: datetime) -> str:
    """`on 31 May` for a coupon that ran until midnight, `at 18:00` for one that ended on the present day."""
    words = clock_or_day(last, zone, now=now)
    return words if words.startswith("on") else clock_or_day(until, zone, now=now)
