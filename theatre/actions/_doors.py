"""What every action goes through: one transaction, database refusals in words, and the note of who did it."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, transaction
from psycopg import errors as pg

from config.logs import request_id
from theatre.access import Actor
from theatre.models.sql import change, one_cursor
from theatre.rules.refusals import Refused

P = ParamSpec("P")
R = TypeVar("R")

origin: ContextVar[str] = ContextVar("origin", default="")
RETRIES = 3


class Busy(Refused):
    """Somebody else is changing the same thing, and did not finish in time."""

    code = "busy"


def action(deed: Callable[P, R]) -> Callable[P, R]:
    """One verb, one transaction. What will not come twice is tried again from the start; a lock that somebody
    keeps too long is refused with Busy."""

    @wraps(deed)
    def done(*args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(RETRIES):
            try:
                with transaction.atomic(durable=True), one_cursor():
                    return deed(*args, **kwargs)
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
