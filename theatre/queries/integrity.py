"""The proof that the rows are true: every check of `integrity.sql`, in one snapshot, with what breaks it."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from psycopg import sql

FILE = Path(__file__).with_suffix(".sql")
SHOWN_ROWS = 20
_NAMED = re.compile(r"^-- check: (\w+): (.+)$", re.MULTILINE)
_VALUE = re.compile(r":'(\w+)'")


@dataclass(frozen=True, slots=True)
class Check:
    """A statement whose every row breaks a promise."""

    name: str
    promise: str
    statement: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: how many rows break it, the first of them as columns and values, and its seconds."""

    check: Check
    count: int
    rows: tuple[dict[str, Any], ...]
    seconds: float


def checks() -> list[Check]:
    """Every check of the file, in its order."""
    parts = _NAMED.split(FILE.read_text())[1:]
    return [
        Check(name, promise, _without_comments(body))
        for name, promise, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    ]


def prove(only: str | None = None) -> Iterator[Finding]:
    """Run the checks (all, or the one of that name) over one snapshot of the database."""
    values = {
        "zone": settings.THEATRE_ZONE,
        "counter_minutes": settings.COUNTER_SALES_AFTER_START_MINUTES,
        "seats": settings.SEATS_PER_BOOKING,
        "staff_seats": settings.SEATS_PER_STAFF_BOOKING,
        "holds": settings.HOLDS_PER_CUSTOMER,
        "network_seats": settings.SEATS_PER_NETWORK,
    }
    with _snapshot() as cursor:
        for check in checks():
            if only in (None, check.name):
                begun = time.monotonic()
                cursor.execute(_VALUE.sub(lambda found: sql.quote(str(values[found[1]])), check.statement))
                names = [column.name for column in cursor.description]
                rows = tuple(dict(zip(names, row, strict=True)) for row in cursor.fetchmany(SHOWN_ROWS))
                yield Finding(check, cursor.rowcount, rows, time.monotonic() - begun)


@contextmanager
def _snapshot() -> Iterator[Any]:
    """One state of the database for all that follows; within somebody's transaction, theirs."""
    with connection.cursor() as cursor:
        own = not connection.in_atomic_block
        if own:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            for setting in ("statement_timeout = 0", "work_mem = '128MB'", "jit = off"):
                # nosemgrep: sql-with-values-in-its-text - the three words above
                cursor.execute(f"SET LOCAL {setting}")
            yield cursor
        finally:
            if own:
                cursor.execute("ROLLBACK")


def _without_comments(body: str) -> str:
    lines = (line for line in body.splitlines() if not line.lstrip().startswith("--"))
    return "\n".join(lines).strip().rstrip(";")
