"""One statement in, its rows out: for the few places where the ORM's way costs more than it gives.

What is written here by hand is the seat's hot path and the lists; see docs/locking.md.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection

Row = tuple[Any, ...]


def fetch(sql: str, params: Sequence[object] = ()) -> list[Row]:
    """Every row of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def fetch_one(sql: str, params: Sequence[object] = ()) -> Row | None:
    """The first row, or None."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()


def change(sql: str, params: Sequence[object] = ()) -> int:
    """How many rows a statement changed. For actions alone."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount
