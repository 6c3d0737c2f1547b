"""allauth's limits, counted by theatre/actions/limits.py instead of allauth's cache.

allauth reads a list of times from the cache, looks at it and writes it back, behind a lock made of another cache entry:
two round trips too many to be exact, and it cannot say how long to wait. Where it counts and where it forgets are taken
over as they stand, so every limit of its own (ACCOUNT_RATE_LIMITS) is one statement (docs/decisions/0018).
"""

from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.core.exceptions import RateLimited
from allauth.core.internal import ratelimit
from django.http import HttpRequest

from theatre.actions import limits
from theatre.rules.limits import Limit
from theatre.web.waiting import must_wait


@dataclass(frozen=True, slots=True)
class Taken:
    """A try that was counted; allauth takes it back when it was right."""

    limit: Limit
    who: str

    def rollback(self) -> None:
        limits.give_back(self.limit, self.who)


def install() -> None:
    """From now on allauth counts here."""
    ratelimit._consume_single_rate = _consume
    ratelimit.clear = _clear


def refuse_beyond(limit: Limit, who: str) -> None:
    """Count one try of a limit of ours, for a form: a ValidationError with the wait in words."""
    wait = limits.take(limit, who)
    if wait is not None:
        must_wait(context.request, wait)
        raise get_adapter().validation_error("too_many_login_attempts")


def _consume(
    request: HttpRequest,
    *,
    app: str,
    action: str,
    rate: ratelimit.Rate,
    key: str | None = None,
    user: Any = None,
    dry_run: bool = False,
    raise_exception: bool = False,
) -> Taken | None:
    limit = _limit(action, rate)
    who = ratelimit.get_cache_key(request, app=app, action=action, rate=rate, key=key, user=user)
    wait = limits.waits(limit, who) if dry_run else limits.take(limit, who)
    if wait is None:
        return Taken(limit, who)
    if not dry_run:
        must_wait(request, wait)
    if raise_exception:
        raise RateLimited
    return None


def _clear(
    request: HttpRequest,
    *,
    app: str,
    action: str,
    config: dict[str, str] | None = None,
    key: str | None = None,
    user: Any = None,
) -> None:
    """Forget a person's tries. A network's stay: somebody with one right password may be guessing others."""
    for rate in ratelimit.get_rates(app=app, action=action, config=config):
        if rate.per != "ip":
            who = ratelimit.get_cache_key(request, app=app, action=action, rate=rate, key=key, user=user)
            limits.clear(_limit(action, rate), who)


def _limit(action: str, rate: ratelimit.Rate) -> Limit:
    return Limit(f"{action}:{rate}", rate.amount, int(rate.duration))
