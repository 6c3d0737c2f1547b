"""Wrong coupon codes are counted and slowed down (domain.md, "Money"), so that nobody finds one by guessing."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.cache import cache

from theatre.access import Actor
from theatre.rules.coupons import CouponUnknown
from theatre.rules.refusals import Refused

WRONG_CODES = 10
WINDOW_SECONDS = 600


class TooManyTries(Refused):
    """Too many wrong codes lately; `retry_after` are the seconds until the next one is looked at."""

    code = "too_many_tries"


@contextmanager
def counted(by: Actor, code: str) -> Iterator[None]:
    """Around whatever looks at a coupon code of this person's: refused with TooManyTries after WRONG_CODES wrong ones
    in WINDOW_SECONDS. Without a code it does nothing.

    Every wrong code takes a place of its own, and `add` takes one place once: no two requests at once share one.
    """
    if not code.strip():
        yield
        return
    who = f"user:{by.user_id}" if by.user_id else f"network:{by.network}"
    places = [f"wrong-coupon:{who}:{number}" for number in range(WRONG_CODES)]
    until = cache.get(places[-1])  # the last place is taken when all are
    if until is not None:
        wait = max(1, round(until - time.time()))
        raise TooManyTries(
            f"Too many codes that we don't have. Wait {-(-wait // 60)} min, or book without one", "coupon",
            retry_after=wait,
        )  # fmt: skip
    try:
        yield
    except CouponUnknown:
        until = time.time() + WINDOW_SECONDS
        any(cache.add(place, until, WINDOW_SECONDS) for place in places)
        raise
