"""PostgreSQL killed under load: back by itself, 503 meanwhile, and nothing that was confirmed is lost (F5, I10)."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.db import connection, connections

from config.database import NAME, Cluster
from tests import factories, people
from tests.races import books, serving
from tests.races.guests import Caller, caller
from tests.races.wire import CUT, Line, Reply, post
from theatre.models import Booking, Invoice, LedgerEntry, Payment, SeatClaim

pytestmark = pytest.mark.slow

CLIENTS = 8
KILLS = 10 if os.environ.get("TEST_SIZE") == "long" else 3
BACK_WITHIN = 10.0  # seconds, reliability.md G5
BETWEEN = 25  # bookings that are confirmed between two kills


@dataclass
class Diary:
    """What the clients were told."""

    booked: dict[str, list[int]] = field(default_factory=dict)  # seats by reference
    answers: Counter[str] = field(default_factory=Counter)
    moments: list[tuple[float, bool]] = field(default_factory=list)  # when, and whether it was a yes
    without_retry_after: int = 0
    guard: threading.Lock = field(default_factory=threading.Lock)

    def note(self, reply: Reply) -> None:
        with self.guard:
            word = "cut off" if reply is CUT else str(reply.status)
            if reply.status in (404, 409):
                word += " " + reply.json["code"]
            self.answers[word] += 1
            self.moments.append((time.monotonic(), reply.status == 201))
            self.without_retry_after += (
                reply.status == 503 and not reply.headers.get("retry-after", "").isdigit()
            )

    def book(self, ref: str, seats: list[int]) -> None:
        with self.guard:
            self.booked[ref] = seats

    def away(self, killed_at: float, until: float) -> float:
        """Seconds from the kill to the last answer that was no because of it."""
        return max(at for at, well in self.moments if killed_at < at < until and not well) - killed_at


class Client(threading.Thread):
    """Books two seats after two, and asks again with the same key when it gets no answer or a 503."""

    def __init__(self, port: int, who: Caller, show: int, seats: list[int], diary: Diary) -> None:
        super().__init__(daemon=True)
        self.port, self.who, self.show, self.seats, self.diary = port, who, show, seats, diary
        self.over = threading.Event()
        self.line: Line | None = None

    def run(self) -> None:
        for first in range(0, len(self.seats) - 1, 2):
            if self.over.is_set():
                break
            pair = self.seats[first : first + 2]
            held = self.ask("holds", {"show": self.show, "seats": pair})
            if held.status != 201:
                continue
            ref = held.json["ref"]
            paid = {"shown_total": "22.00", "payment": {"method": "cash"}}
            if self.ask(f"holds/{ref}/confirm", paid).status == 201:
                self.diary.book(ref, pair)

    def ask(self, path: str, body: object) -> Reply:
        request = post(path, self.who.token, body, key=uuid4().hex)
        while True:
            reply = self.once(request)
            self.diary.note(reply)
            if reply is not CUT and reply.status != 503:
                return reply
            time.sleep(0.2)

    def once(self, request: bytes) -> Reply:
        try:
            self.line = self.line or Line(self.port)
            reply = self.line.ask(request)
        except OSError:
            reply = CUT
        if reply is CUT or reply.headers.get("connection") == "close":
            self.line = None
        return reply


@contextmanager
def turned_to(cluster: Cluster) -> Iterator[str]:
    """Django's default connection is to this server until the block ends; the server's address for others."""
    place = connection.settings_dict
    before = {name: place[name] for name in ("HOST", "PORT", "USER", "PASSWORD", "NAME")}
    connections.close_all()
    place.update(HOST=str(cluster.socket_dir), PORT="", USER=NAME, PASSWORD="", NAME=NAME)
    try:
        yield f"postgresql://{NAME}@{quote(str(cluster.socket_dir), safe='')}/{NAME}"
    finally:
        connections.close_all()
        place.update(before)


@pytest.fixture
def cluster(tmp_path) -> Iterator[Cluster]:
    made = Cluster(tmp_path)
    made.start()
    yield made
    made.stop()


def kill(cluster: Cluster, everybody: bool) -> None:
    """The postmaster, or it and all its children at once."""
    postmaster = cluster.pid()
    assert postmaster is not None
    victims = [postmaster]
    if everybody:
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                if int(stat.read_text().rpartition(")")[2].split()[1]) == postmaster:
                    victims.append(int(stat.parent.name))
            except FileNotFoundError:
                continue
    for victim in victims:
        os.kill(victim, signal.SIGKILL)


def wait_for_bookings(diary: Diary, number: int, patience: float = 60) -> None:
    until = time.monotonic() + patience
    while len(diary.booked) < number:
        assert time.monotonic() < until, diary.answers
        time.sleep(0.02)


def test_database_killed_under_load_comes_back_and_loses_no_booking(
    cluster, django_db_setup, django_db_blocker
):
    with django_db_blocker.unblock(), turned_to(cluster) as url:
        environment = {**os.environ, "THEATRE_MODE": "test", "DATABASE_URL": url}
        migrate = [sys.executable, "manage.py", "migrate", "--skip-checks", "-v0"]
        subprocess.run(migrate, cwd=serving.ROOT, env=environment, check=True)
        diary = Diary()
        crowd = [caller(people.salesman()) for _ in range(CLIENTS)]  # whose prices no tier changes
        hall = factories.screen(("s" * 40,) * 60)
        show = factories.show(on=hall)
        seats = factories.free_seats(show, 2400)
        connections.close_all()

        with serving.granian(DATABASE_URL=url) as port:
            clients = [Client(port, who, show.pk, seats[n::CLIENTS], diary) for n, who in enumerate(crowd)]
            for client in clients:
                client.start()
            kills = []
            for number in range(KILLS):
                wait_for_bookings(diary, len(diary.booked) + BETWEEN)
                kills.append(time.monotonic())
                kill(cluster, everybody=number % 2 == 1)
                wait_for_bookings(diary, len(diary.booked) + 2 * CLIENTS)  # some were under way when it died
            wait_for_bookings(diary, len(diary.booked) + BETWEEN)
            for client in clients:
                client.over.set()
            for client in clients:
                client.join(30)

        away = [
            diary.away(killed_at, until)
            for killed_at, until in zip(kills, [*kills[1:], time.monotonic()], strict=True)
        ]
        print(f"{len(diary.booked)} bookings, {KILLS} kills; answers: {dict(diary.answers)};")
        print("back after", [round(seconds, 1) for seconds in away], "s")
        check(diary)
        books.prove()
        assert max(away) < BACK_WITHIN


def check(diary: Diary) -> None:
    found = {booking.ref: booking for booking in Booking.objects.filter(state="confirmed")}
    assert set(found) >= set(diary.booked)  # nothing that was confirmed is lost
    for ref, seats in diary.booked.items():
        owned = set(SeatClaim.objects.filter(booking=found[ref]).values_list("seat_id", "state"))
        assert owned == {(seat, "sold") for seat in seats}
    number = len(found)
    assert Payment.objects.count() == Invoice.objects.count() == number
    assert LedgerEntry.objects.count() == 2 * number
    assert diary.without_retry_after == 0
    assert {answer for answer in diary.answers if answer[0] == "5"} <= {"503"}
