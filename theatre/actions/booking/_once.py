"""A deed that happens once: the first answer is kept, and given again to everybody who repeats the request.

Source: reliability.md, 6.5. The key's row is a transaction's first write, so a second request with the same
key waits for the first and then sees its answer; one that waits too long is told so.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError
from psycopg import errors as pg

from theatre.models.sql import change, fetch_one
from theatre.rules.refusals import Refused


class KeyReused(Refused):
    """The idempotency key was used for another request."""

    code = "idempotency_key_reused"


class KeyInProgress(Refused):
    """The first request with this key is still at work."""

    code = "in_progress"


@dataclass(frozen=True, slots=True)
class Once:
    """One key of one person on one route, with the hash of what was asked."""

    principal: str
    route: str
    key: str
    body_hash: bytes


def once(principal: str, route: str, key: str, body: object) -> Once:
    """A key with the canonical hash of the request's body (any JSON value)."""
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), default=str)
    return Once(principal, route[:120], key, hashlib.sha256(canonical.encode()).digest())


TAKE = """
INSERT INTO theatre_idempotencykey (principal, route, key, body_hash)
VALUES (%(principal)s::text, %(route)s::text, %(key)s::text, %(body_hash)s::bytea) ON CONFLICT DO NOTHING
"""


def begin(once: Once | None) -> dict[str, Any] | None:
    """Take the key. None: go on. Otherwise the first answer, to be given again.

    Refused with KeyReused when the body differs, with KeyInProgress when the first takes too long.
    """
    if once is None:
        return None
    with waiting():
        taken = change(TAKE, values(once))
    return None if taken else first_answer(once)


def values(once: Once) -> dict[str, Any]:
    """The values of TAKE."""
    return {"principal": once.principal, "route": once.route, "key": once.key, "body_hash": once.body_hash}


@contextmanager
def waiting() -> Iterator[None]:
    """Around the statement that takes a key: KeyInProgress when the first request with it takes too long."""
    try:
        yield
    except OperationalError as error:
        cause = error.__cause__
        if isinstance(cause, pg.LockNotAvailable) and "theatre_idempotencykey" in (cause.diag.context or ""):
            raise KeyInProgress("This request is being worked on. Ask again in a moment") from error
        raise


def first_answer(once: Once) -> dict[str, Any]:
    """The answer that was given to a key which is taken. Refused with KeyReused or KeyInProgress."""
    row = fetch_one(
        "SELECT body_hash, answer #>> '{}' FROM theatre_idempotencykey"
        " WHERE principal = %s AND route = %s AND key = %s",
        [once.principal, once.route, once.key],
    )
    if row is None or row[1] is None:
        raise KeyInProgress("This request is being worked on. Ask again in a moment")
    if bytes(row[0]) != once.body_hash:
        raise KeyReused("This Idempotency-Key was used for another request. Use a new one")
    return dict(json.loads(row[1]))


# For an action that keeps its answer in the same statement as its last rows. It is kept as it was written: a jsonb
# object would forget the order of its members, and a repeated request is answered letter by letter.
KEEP = """
UPDATE theatre_idempotencykey SET status = 200, answer = to_jsonb(%(answer)s::text)
WHERE principal = %(principal)s::text AND route = %(route)s::text AND key = %(key)s::text
"""


def kept(once: Once | None, answer: dict[str, Any]) -> dict[str, str | None]:
    """The values of KEEP; without a key it keeps nothing."""
    who = (once.principal, once.route, once.key) if once else (None, None, None)
    return dict(zip(("answer", "principal", "route", "key"), (json.dumps(answer), *who), strict=True))


def keep(once: Once | None, answer: dict[str, Any]) -> None:
    """Keep the answer (JSON values only) with the key, in the deed's own transaction."""
    if once is not None:
        change(KEEP, kept(once, answer))
