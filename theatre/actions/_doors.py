"""What every action goes through: one transaction, the actor's standing within it, database refusals in words, and the
note of who did it."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, transaction
from psycopg import errors as pg

from config.logs import request_id
from theatre.access import Actor
from theatre.models.sql import change, fetch_one, one_cursor
from theatre.notices import seats
from theatre.rules.refusals import Refused

P = ParamSpec("P")
R = TypeVar("R")

origin: ContextVar[str] = ContextVar("origin", default="")
RETRIES = 3
_changed: ContextVar[set[int]] = ContextVar("changed")


class Busy(Refused):
    """Somebody else is changing the same thing, and did not finish in time."""

    code = "busy"


class SignedOut(Refused):
    """Between the request's beginning and its deed, the person's session or token ended, or their standing."""

    code = "signed_out"


def action(deed: Callable[P, R]) -> Callable[P, R]:
    """One verb, one transaction. What will not come twice is tried again from the start; a lock that somebody
    keeps too long is refused with Busy.

    Whoever does it (`by`) stands as they stood when the request began, until the commit: else SignedOut.
    Source: docs/decisions/0017.
    """
    return _door(deed, _stand_still)


def booking_action(deed: Callable[P, R]) -> Callable[P, R]:
    """As `action`; a customer's standing is not asked again, for it would cost every booking two statements."""
    return _door(deed, _staff_stand_still)


def action_on_person(deed: Callable[P, R]) -> Callable[P, R]:
    """As `action`, for what changes the standing of the person `user_id` (without it: of `by`): nothing that either of
    them does is under way meanwhile, and what comes later sees the change."""
    return _door(deed, _stop)


def _door(deed: Callable[P, R], standing: Callable[[Mapping[str, Any]], None]) -> Callable[P, R]:
    @wraps(deed)
    def done(*args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(RETRIES):
            try:
                shows: set[int] = set()
                _changed.set(shows)
                with transaction.atomic(durable=True), one_cursor():
                    standing(kwargs)
                    result = deed(*args, **kwargs)
                seats.tell(shows)
                return result
            except (IntegrityError, OperationalError) as error:
                if isinstance(error.__cause__, pg.LockNotAvailable | pg.QueryCanceled):
                    raise Busy(
                        "Somebody else is booking the same seats right now. Try again in a moment"
                    ) from error
                if not _passes(error.__cause__) or attempt == RETRIES - 1:
                    raise
                time.sleep(0.02 * (attempt + 1))
        raise AssertionError("unreachable")

    return done


def seats_changed(*show_ids: int) -> None:
    """Those who watch these shows are told, once the transaction is committed. Whatever makes a claim, changes its
    state or ends it says so, and whatever changes a show that is on sale.
    """
    _changed.get().update(show_ids)


# A person's deeds share the lock of their name, and what ends their sessions or changes their standing takes it alone:
# it waits for what is under way, and everything later waits for it. Waiting is in turn, so neither side starves.
_SHARE = "SELECT pg_advisory_xact_lock_shared(hashtextextended('person:' || %s, 1))"
_ALONE = "SELECT pg_advisory_xact_lock(hashtextextended('person:' || %s, 1))"
# A statement of its own: it begins after the lock is held, so it sees what the last holder left.
_STANDS = """
SELECT 1 FROM theatre_user u LEFT JOIN theatre_employee e ON e.user_id = u.id
WHERE u.id = %s AND u.role = %s AND u.is_active AND u.confirmed_at IS NOT NULL
  AND coalesce(e.status, 'active') = 'active'
  AND (%s = '' OR EXISTS (SELECT 1 FROM django_session WHERE session_key = %s))
  AND (%s = 0 OR EXISTS (SELECT 1 FROM theatre_apitoken WHERE id = %s AND revoked_at IS NULL))
"""


def hold_person(user_id: int) -> None:
    """Wait until nothing that this person does is under way, and let nothing begin before this transaction ends."""
    fetch_one(_ALONE, [str(user_id)])


def _stand_still(given: Mapping[str, Any]) -> None:
    by = given.get("by")
    if by is not None and by.role is not None:
        fetch_one(_SHARE, [str(by.user_id)])
        _check_standing(by)


def _staff_stand_still(given: Mapping[str, Any]) -> None:
    if given["by"].is_staff:
        _stand_still(given)


def _stop(given: Mapping[str, Any]) -> None:
    by: Actor = given["by"]
    concerned: set[int | None] = {by.user_id, given.get("user_id")}
    for user_id in sorted(each for each in concerned if each is not None):
        hold_person(user_id)
    _check_standing(by)


def _check_standing(by: Actor) -> None:
    if not fetch_one(
        _STANDS, [by.user_id, by.role, by.session_key, by.session_key, by.token_id, by.token_id]
    ):
        raise SignedOut(
            "You were signed out while this was under way. Nothing was changed. Sign in and repeat it"
        )


def _passes(cause: BaseException | None) -> bool:
    """A deadlock (the law of docs/locking.md broken), or a booking reference that chance had drawn before."""
    if isinstance(cause, pg.UniqueViolation):
        return cause.diag.constraint_name == "theatre_booking_ref_key"
    return isinstance(cause, pg.DeadlockDetected | pg.SerializationFailure)


@contextmanager
def refusing(**refusals: Callable[[], Refused]) -> Iterator[None]:
    """Turn the database's no into the theatre's: `with refusing(constraint_name=lambda: SeatTaken(...))`."""
    try:
        yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        make = refusals.get(diagnosis.constraint_name or "") if diagnosis else None
        if make is None:
            raise
        raise make() from error


_RECORD = """
INSERT INTO theatre_auditentry (actor_id, verb, on_type, on_id, request_id, address, reason, details)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s::jsonb)
"""


def record(by: Actor, verb: str, on: tuple[str, object], *, reason: str = "", **details: Any) -> None:
    """Write who did what to what, within the deed's own transaction (domain.md, "Audit")."""
    change(_RECORD, audit_values(by, verb, on, reason=reason, **details))


def audit_values(
    by: Actor, verb: str, on: tuple[str, object], *, reason: str = "", **details: Any
) -> list[object]:
    """The values of `record`, for an action that writes them in the same statement as its rows."""
    address = origin.get() or by.network
    return [
        by.user_id,
        verb,
        on[0],
        str(on[1]),
        request_id.get(),
        address,
        reason,
        json.dumps(details, default=str),
    ]
