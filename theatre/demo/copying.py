"""Rows by the hundred thousand: COPY, with the foreign keys set aside and proved again at the end."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.db import connection

from theatre.models.sql import change, fetch, fetch_one

NULL = r"\N"
AHEAD = 20  # batches waiting to be copied
_DAY = 86400


def text(value: str) -> str:
    """A text as COPY reads it."""
    return (
        value.replace("\\", "\\\\")
        .replace("\t", "\\t")
        .replace("\n", "\\n")
        .replace("\r", "\\r")
        .replace("\x00", "")
    )


@cache
def _day(number: int) -> str:
    return f"{datetime.fromtimestamp(number * _DAY, UTC):%Y-%m-%d}"


_CLOCK = [f" {at // 3600:02}:{at // 60 % 60:02}:{at % 60:02}+00" for at in range(_DAY)]


def moment(epoch: int) -> str:
    """Whole seconds of the epoch as a timestamp with its zone; NULL for 0."""
    return _day(epoch // _DAY) + _CLOCK[epoch % _DAY] if epoch else NULL


def deed_of(epoch: int, number: int) -> int:
    """The number of a deed of this second, as the database's `theatre_deed()` counts them."""
    return epoch * 1_000_000 * 1024 + (number & 1023)


def copy(table: str, columns: str, lines: Iterable[str]) -> None:
    """Copy lines of tab-separated values, without their line ends, into a table."""
    connection.ensure_connection()
    _copy(connection.connection, table, columns, "\n".join(lines))


def _copy(database: Any, table: str, columns: str, data: str) -> None:
    if data:
        with database.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as stream:
            stream.write(data + "\n")


@contextmanager
def copying_beside() -> Iterator[Callable[[str, str, list[str]], None]]:
    """A `copy` that returns at once: the server reads while the next rows are made. Within, nothing else may use
    the connection; at the end everything has been copied.
    """
    connection.ensure_connection()
    with ThreadPoolExecutor(max_workers=1) as beside:
        under_way: deque[Future[None]] = deque()

        def write(table: str, columns: str, lines: list[str]) -> None:
            while len(under_way) > AHEAD:
                under_way.popleft().result()
            under_way.append(beside.submit(_copy, connection_used, table, columns, "\n".join(lines)))

        connection_used = connection.connection
        yield write
        for each in under_way:
            each.result()


def take_ids(table: str, number: int) -> int:
    """Take so many ids of a table's sequence in a row; the first one."""
    row = fetch_one(
        "SELECT setval(s, nextval(s) + %s - 1) - %s + 1"
        " FROM (SELECT pg_get_serial_sequence(%s, 'id')::regclass) AS q (s)",
        [max(number, 1), max(number, 1), table],
    )
    assert row is not None  # noqa: S101 - the table has a sequence
    return int(row[0])


class Ids:
    """The next ids of tables, one by one, while nobody else writes to them. `keep` tells the sequences."""

    def __init__(self, tables: Iterable[str]) -> None:
        self.next = {table: take_ids(table, 1) for table in tables}

    def keep(self) -> None:
        """Set each sequence behind the ids that were used."""
        for table, following in self.next.items():
            fetch("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, false)", [table, following])


# What is set aside: foreign keys before the unique constraints they may point at. Primary keys stay.
_CONSTRAINTS = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype IN ('f', 'u') AND conrelid::regclass::text = ANY(%s) ORDER BY contype, 1, 2
"""
_INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
WHERE i.indrelid::regclass::text = ANY(%s)
  AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.conrelid = i.indrelid)
ORDER BY 1
"""


_WATCHED = "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'history_made' ORDER BY 1"


@contextmanager
def loading(tables: Iterable[str]) -> Iterator[None]:
    """Within: these tables are locked against everybody, have no foreign keys and no index but their primary key's,
    what is made anywhere leaves no history, and time limits are off. Afterwards all are as before, and every row has
    been proved. Needs an open transaction.
    """
    names = list(tables)
    for setting in (
        "statement_timeout = 0",
        "idle_in_transaction_session_timeout = 0",
        "synchronous_commit = off",
    ):
        change(f"SET LOCAL {setting}")
    change("SET LOCAL maintenance_work_mem = '256MB'")
    constraints, indexes = fetch(_CONSTRAINTS, [names]), fetch(_INDEXES, [names])
    for table, name, _ in constraints:
        change(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for name, _ in indexes:
        change(f"DROP INDEX {name}")
    watched = [row[0] for row in fetch(_WATCHED)]
    change("SET CONSTRAINTS ALL IMMEDIATE")  # a table with a check to come cannot be altered
    change("SET CONSTRAINTS ALL DEFERRED")
    for table in watched:
        change(f"ALTER TABLE {table} DISABLE TRIGGER history_made")
    yield
    change("SET CONSTRAINTS ALL IMMEDIATE")
    for table in watched:
        change(f"ALTER TABLE {table} ENABLE TRIGGER history_made")
    for _, definition in indexes:
        change(definition)
    for table, name, definition in reversed(constraints):
        change(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def refresh_statistics(tables: Iterable[str]) -> None:
    """What the planner knows of these tables, and which pages are all visible. Not within a transaction."""
    change("SET statement_timeout = 0")
    change(f"VACUUM (ANALYZE) {', '.join(tables)}")
    change("RESET statement_timeout")
