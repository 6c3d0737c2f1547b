"""Seats have changed: every process that shows them live is told, once the deed is committed.

`NOTIFY` takes a lock on the whole database until its commit, so it is never part of a booking's transaction; and
whoever books does not wait for it: a thread of each process, with a connection of its own, tells what has gathered.
What is lost with a process or a connection is found by those who listen, for they look again every few seconds.
Source: docs/decisions/0027-seats-are-told-beside-the-booking.md.
"""

import logging
import threading
import time
from collections.abc import Iterable
from queue import SimpleQueue
from typing import Any

import psycopg
from django.db import connection

from config.database import Trouble

log = logging.getLogger(__name__)

CHANNEL = "seats"
PAUSE = 0.03  # seconds between two words; shows that change meanwhile share the next one
MOST_SHOWS = 300  # in one word, which PostgreSQL limits to 8,000 bytes

_changed: SimpleQueue[int] = SimpleQueue()
_teller: threading.Thread | None = None
_hiring = threading.Lock()


def tell(show_ids: Iterable[int]) -> None:
    """The seats of these shows, or the shows themselves, have changed. Waits for nothing and never fails."""
    for show_id in show_ids:
        _changed.put(show_id)
        if (
            _teller is None or not _teller.is_alive()
        ):  # the first word of this process, or of one that was forked
            _hire()


def line_parameters() -> dict[str, Any]:
    """Where the database is, for a connection that is not Django's."""
    parameters = connection.get_connection_params()
    del parameters["cursor_factory"]
    return {**parameters, "autocommit": True}


def _hire() -> None:
    global _teller
    with _hiring:
        if _teller is None or not _teller.is_alive():
            _teller = threading.Thread(target=_work, name="tells of seats", daemon=True)
            _teller.start()


def _work() -> None:
    line: psycopg.Connection[Any] | None = None
    while True:
        shows = {_changed.get()}
        while not _changed.empty():
            shows.add(_changed.get())
        line = _send(line, sorted(shows)) or _send(None, sorted(shows))
        time.sleep(PAUSE)


def _send(line: psycopg.Connection[Any] | None, shows: list[int]) -> psycopg.Connection[Any] | None:
    """Tell of them, on a new connection without one; the connection, or nothing when it did not work."""
    try:
        if line is None:
            line = psycopg.connect(**line_parameters())
            line.execute("SET synchronous_commit = off")  # a word need not outlive a crash
        for start in range(0, len(shows), MOST_SHOWS):
            line.execute(
                "SELECT pg_notify(%s, %s)", [CHANNEL, " ".join(map(str, shows[start:][:MOST_SHOWS]))]
            )
    except (psycopg.Error, Trouble) as error:
        log.warning("nobody was told that seats have changed: %s", error)
        if line is not None:
            line.close()
        return None
    return line
