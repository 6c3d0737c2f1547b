"""Several people at once, in threads with connections of their own, and waiting for the moment they meet."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import psycopg
from django.db import connection, connections


def client(*, autocommit: bool = False) -> psycopg.Connection:
    """Another client of the same database, with none of Django's habits."""
    known = connection.get_connection_params()
    place = {name: known[name] for name in ("host", "port", "user", "password", "dbname") if name in known}
    return psycopg.connect(**place, autocommit=autocommit)


class Doing:
    """A deed going on in a thread of its own; `result()` gives its value or the exception it ended with."""

    def __init__(self, deed: Callable[[], Any]) -> None:
        self._deed = deed
        self._result: Any = None
        self._thread = threading.Thread(target=self._do, daemon=True)
        self._thread.start()

    def _do(self) -> None:
        try:
            self._result = self._deed()
        except Exception as error:  # noqa: BLE001 - the result is the refusal, whatever it is
            self._result = error
        finally:
            connections.close_all()

    def result(self, patience: float = 15) -> Any:
        self._thread.join(patience)
        assert not self._thread.is_alive(), "still waiting"
        return self._result


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """The results, or the exceptions, of deeds begun at the same moment."""
    gate = threading.Barrier(len(deeds))

    def begun(deed: Callable[[], Any]) -> Any:
        gate.wait()
        return deed()

    going = [Doing(partial(begun, deed)) for deed in deeds]
    return [one.result() for one in going]


@contextmanager
def in_the_way(sql: str, params: list[object] | dict[str, object]) -> Iterator[Any]:
    """Another client's open transaction that has executed this statement; it commits when the block ends."""
    with client() as other:
        other.execute(sql, params)
        yield other
        if not other.closed:
            other.commit()


def waiting(number: int = 1, patience: float = 5) -> None:
    """Return when so many clients of this database wait for a lock."""
    until = time.monotonic() + patience
    with client(autocommit=True) as watch:
        while time.monotonic() < until:
            row = watch.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND wait_event_type = 'Lock'"
            ).fetchone()
            if row is not None and row[0] >= number:
                return
            time.sleep(0.01)
    raise AssertionError(f"fewer than {number} wait for a lock")
