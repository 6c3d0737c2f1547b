"""Servers and the database go away, and come back: whoever watches is told what happened meanwhile."""

import os
import signal
import subprocess
import sys
import time
from uuid import uuid4

import pytest
from django.db import connections

from bench.streams import Streams, wait_until
from config.database import Cluster
from tests import databases, factories, people
from tests.live.conftest import uvicorn
from tests.races import serving
from tests.races.guests import Caller, caller
from tests.races.test_database_dies import cluster, kill, turned_to  # noqa: F401 - a fixture
from tests.races.wire import Line, post

pytestmark = pytest.mark.slow

MANY = 500 if os.environ.get("TEST_SIZE") == "long" else 40


def test_a_server_told_to_stop_ends_its_streams_at_once_and_the_next_one_goes_on(
    own_database: databases.Copy,
):
    show = factories.show()
    first, second = factories.free_seats(show)
    place = {"DATABASE_URL": own_database.url, "LIVE_STREAMS_PER_NETWORK": "1000"}
    port = serving.free_port()
    with uvicorn(port, **place) as port, Streams(port, show.pk, MANY) as streams:
        factories.booked(of=show, seats=[first])
        wait_until(lambda: all(stream.seats() == {first: "sold"} for stream in streams), 2)
        known = streams[0].events[-1].id
        server = listening_on(port)
        os.kill(server, signal.SIGTERM)
        told = time.monotonic()
        wait_until(lambda: all(stream.ended for stream in streams), 5)
        took = max(stream.ended or 0 for stream in streams) - told
        wait_until(lambda: not os.path.exists(f"/proc/{server}") or gone(server), 5)
        stopped = time.monotonic() - told
        last_words = [stream.rest[-7:] for stream in streams]

    factories.booked(of=show, seats=[second])  # while nobody is there
    with uvicorn(port, **place), Streams(port, show.pk, MANY, f"Last-Event-ID: {known}\r\n") as streams:
        assert all(stream.seats() == dict.fromkeys((first, second), "sold") for stream in streams)

    assert took < 1, "they were cut off, not ended"
    assert stopped < 2
    assert {words[-5:] for words in last_words} == {b"0\r\n\r\n"}


def listening_on(port: int) -> int:
    """The process of this server."""
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                words = open(f"/proc/{entry}/cmdline").read().split("\0")
            except OSError:
                continue
            if "uvicorn" in words and str(port) in words:
                return int(entry)
    raise AssertionError("no such server")


def gone(process: int) -> bool:
    return open(f"/proc/{process}/stat").read().rpartition(")")[2].split()[0] == "Z"


def test_a_database_that_was_killed_is_found_again(
    cluster: Cluster,  # noqa: F811
    django_db_setup,
    django_db_blocker,
):
    with django_db_blocker.unblock(), turned_to(cluster) as url:
        environment = {**os.environ, "THEATRE_MODE": "test", "DATABASE_URL": url}
        migrate = [sys.executable, "manage.py", "migrate", "--skip-checks", "-v0"]
        subprocess.run(migrate, cwd=serving.ROOT, env=environment, check=True)
        show = factories.show()
        seats = factories.free_seats(show, 3)
        who = caller(people.salesman())
        connections.close_all()
        with (
            uvicorn(DATABASE_URL=url, LIVE_STREAMS_PER_NETWORK="1000") as port,
            Streams(port, show.pk, MANY) as streams,
        ):
            assert book(port, who, show.pk, seats[0])
            wait_until(lambda: all(len(stream.seats()) == 1 for stream in streams), 2)
            kill(cluster, everybody=True)
            wait_until(lambda: book(port, who, show.pk, seats[1]), 15)
            back = time.monotonic()
            wait_until(lambda: all(len(stream.seats()) == 2 for stream in streams), 8)
            healed = max(stream.events[-1].at for stream in streams) - back
            time.sleep(1.5)  # by now somebody listens again
            assert book(port, who, show.pk, seats[2])
            booked = time.monotonic()
            wait_until(lambda: all(len(stream.seats()) == 3 for stream in streams), 2)
            told = max(stream.events[-1].at for stream in streams) - booked
        print(f"healed {healed:.2f} s after the first booking; the next one told within {1000 * told:.0f} ms")

    assert all(stream.ended is None for stream in streams)
    assert told < 0.5


def book(port: int, who: Caller, show_id: int, seat: int) -> bool:
    """Whether the server sold the seat; not while the database is away."""
    line = Line(port)
    held = line.ask(post("holds", who.token, {"show": show_id, "seats": [seat]}, key=uuid4().hex))
    if held.status == 503:
        return False
    paid = {"shown_total": "11.00", "payment": {"method": "cash"}}
    return line.ask(post(f"holds/{held.json['ref']}/confirm", who.token, paid, key=uuid4().hex)).status == 201
