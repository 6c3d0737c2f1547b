"""Wrong coupon codes are counted and slowed down (domain.md, "Money"), so that nobody finds one by guessing."""

from collections.abc import Iterator
from contextlib import contextmanager

from theatre.access import Actor
from theatre.actions import limits
from theatre.actions._doors import origin
from theatre.rules.coupons import CouponUnknown
from theatre.rules.limits import COUPONS_OF_NETWORK, COUPONS_OF_PERSON, Limit, network

_SLOW = "Too many codes that we don't have. Wait %s, or book without one"


@contextmanager
def counted(by: Actor, code: str) -> Iterator[None]:
    """Around whatever looks at a coupon code of this person's: refused with TooManyTries after too many wrong ones,
    whether this or another one is right. Without a code it does nothing.

    Every code takes its place before it is looked at, and a code we have gives it back.
    """
    if not code.strip():
        yield
        return
    here = network(by.network or origin.get())
    places = [(COUPONS_OF_NETWORK, here), (COUPONS_OF_PERSON, f"user {by.user_id}" if by.user_id else here)]
    for limit, who in places:
        limits.refuse_beyond(limit, who, _SLOW, "coupon")
    try:
        yield
    except CouponUnknown:
        raise
    except BaseException:
        _give_back(places)
        raise
    _give_back(places)


def _give_back(places: list[tuple[Limit, str]]) -> None:
    for limit, who in places:
        limits.give_back(limit, who)
