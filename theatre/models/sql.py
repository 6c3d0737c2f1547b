"""One statement in, its rows out: for the few places where the ORM's way costs more than it gives.

What is written here by hand is the seat's hot path and the lists; see docs/locking.md.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

Row = tuple[Any, ...]
Params = Sequence[Any] | Mapping[str, Any]


def fetch(sql: str, params: Params = ()) -> list[Row]:
    """Every row of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def fetch_one(sql: str, params: Params = ()) -> Row | None:
    """The first row, or None."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()


def change(sql: str, params: Params = ()) -> int:
    """How many rows a statement changed. For actions alone."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount
