"""One statement in, its rows out: for the few places where the ORM's way costs more than it gives.

What is written here by hand is the seat's hot path and the lists; see docs/locking.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

Row = tuple[Any, ...]
Params = Sequence[Any] | Mapping[str, Any]


_shared: ContextVar[CursorWrapper | None] = ContextVar("shared", default=None)


@contextmanager
def one_cursor() -> Iterator[None]:
    """The statements of this module within the block go through one cursor: a new one for each costs a tenth of a
    booking's time in Python. Every function here takes its rows out before it returns, so none meets another's."""
    with connection.cursor() as cursor:
        token = _shared.set(cursor)
        try:
            yield
        finally:
            _shared.reset(token)


def _execute(sql: str, params: Params) -> CursorWrapper:
    cursor = _shared.get() or connection.cursor()
    cursor.execute(sql, params)
    return cursor


def fetch(sql: str, params: Params = ()) -> list[Row]:
    """Every row of a statement."""
    return _execute(sql, params).fetchall()


def fetch_one(sql: str, params: Params = ()) -> Row | None:
    """The first row, or None."""
    return _execute(sql, params).fetchone()


def change(sql: str, params: Params = ()) -> int:
    """How many rows a statement changed. For actions alone."""
    return _execute(sql, params).rowcount
