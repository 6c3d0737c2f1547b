"""A worker killed at every system call of a request: none lost, none twice, and the same key leads on (G4).

A letter's sender is killed in tests/notices/test_kills.py.
"""

import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import override_settings

from tests import factories, people
from tests.races import books, serving
from tests.races.guests import Caller, caller
from tests.races.wire import Line, Reply, post
from theatre.documents.record import ticket_code
from theatre.models import (
    AuditEntry,
    Booking,
    Invoice,
    LedgerEntry,
    Letter,
    Payment,
    Refund,
    SeatClaim,
    Show,
    Ticket,
)
from theatre.queries.bookings import for_papers

pytestmark = [
    pytest.mark.slow,
    pytest.mark.needs("strace"),
]
STOPPED = "\nState:\tT"


class Worker:
    """The forking worker, and one child of it at a time."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdin is not None and process.stdout is not None
        self.orders, self.answers = process.stdin, process.stdout

    def serve(self, request: bytes, *strace: str) -> tuple[Reply, int, str]:
        """One child's answer to the request under strace with these arguments; how it ended, what strace saw."""
        self.orders.write("go\n")
        self.orders.flush()
        child, port = map(int, self.answers.readline().split())
        while STOPPED not in Path(f"/proc/{child}/status").read_text():
            time.sleep(0.001)
        line = Line(port)
        line.send(request)
        watching = None
        if strace:
            # Without -f: the request's thread alone. Beside it the one that tells of seats makes calls of its own, more
            # or fewer of them, and is killed with it.
            watching = subprocess.Popen(
                ["strace", "-p", str(child), *strace], stderr=subprocess.PIPE, text=True
            )
            assert watching.stderr is not None
            attached = watching.stderr.readline()
            assert "attached" in attached, attached
        os.kill(child, signal.SIGCONT)
        ended = int(self.answers.readline())
        reply = line.receive()
        line.close()
        return reply, ended, watching.communicate(timeout=30)[1] if watching else ""


@pytest.fixture(scope="module")
def worker(own_database) -> Iterator[Worker]:
    command = [sys.executable, "-m", "tests.races.mortal"]
    with serving.running(command, DATABASE_URL=own_database.url, HOLDS_PER_CUSTOMER="1000000") as process:
        yield Worker(process)
    with override_settings(HOLDS_PER_CUSTOMER=1_000_000):
        books.prove()


@pytest.fixture(scope="module")
def stage(own_database) -> Iterator["Stage"]:
    with override_settings(HOLDS_PER_CUSTOMER=1_000_000):
        yield Stage()


class Stage:
    """A guest, an usher, and free seats without end."""

    def __init__(self) -> None:
        self.guest: Caller = caller(people.customer())
        self.usher: Caller = caller(people.salesman())
        self.show: Show = factories.show()
        self.free: list[int] = []

    def seat(self) -> int:
        if not self.free:
            self.show = factories.show()
            self.free = factories.free_seats(self.show, 70)
        return self.free.pop()

    def held(self) -> Booking:
        seat = self.seat()
        return factories.held(by=self.guest.by, of=self.show, seats=[seat])

    def booked(self) -> Booking:
        seat = self.seat()
        return factories.booked(by=self.guest.by, of=self.show, seats=[seat])


@dataclass
class Deed:
    """A request, whether its effect is there, and that the effect is there once and whole."""

    request: bytes
    done: Callable[[], bool]
    whole: Callable[[Reply], None]


def hold(stage: Stage) -> Deed:
    seat = stage.seat()
    show = stage.show
    mine = Booking.objects.filter(show=show, tickets__seat=seat)

    def whole(reply: Reply) -> None:
        booking = mine.get()
        assert (reply.status, reply.json["ref"], booking.state) == (201, booking.ref, "held")
        assert SeatClaim.objects.get(show=show, seat=seat).booking_id == booking.pk
        assert AuditEntry.objects.filter(verb="hold", on_id=booking.ref).count() == 1

    wanted = {"show": show.pk, "seats": [seat]}
    return Deed(post("holds", stage.guest.token, wanted, key=uuid4().hex), mine.exists, whole)


def confirm(stage: Stage) -> Deed:
    booking = stage.held()

    def whole(reply: Reply) -> None:
        booking.refresh_from_db()
        assert (reply.status, reply.json["ref"], booking.state) == (201, booking.ref, "confirmed")
        assert list(booking.claims.values_list("state", flat=True)) == ["sold"]
        assert list(LedgerEntry.objects.filter(booking=booking).values_list("kind", "amount")) == [
            ("sale", 11)
        ]
        assert Payment.objects.filter(booking=booking).count() == 1
        assert Invoice.objects.filter(booking=booking).count() == 1
        assert Letter.objects.filter(booking=booking, kind="booking_confirmed").count() == 1

    paid = {"shown_total": "11.00", "payment": {"method": "demo"}}
    return Deed(
        post(f"holds/{booking.ref}/confirm", stage.guest.token, paid, key=uuid4().hex),
        Booking.objects.filter(pk=booking.pk, state="confirmed").exists,
        whole,
    )


def cancel(stage: Stage) -> Deed:
    booking = stage.booked()

    def whole(reply: Reply) -> None:
        booking.refresh_from_db()
        assert (reply.status, reply.json["ref"], booking.state) == (200, booking.ref, "cancelled")
        assert not booking.claims.exists()
        assert Refund.objects.filter(booking=booking).count() == 1
        assert Payment.objects.get(booking=booking).refunded == 11
        assert LedgerEntry.objects.filter(booking=booking, kind="return").count() == 1
        assert Invoice.objects.filter(booking=booking, series="credit_note").count() == 1
        assert Letter.objects.filter(booking=booking, kind="booking_cancelled").count() == 1

    return Deed(
        post(f"bookings/{booking.ref}/cancel", stage.guest.token, {"reason": "Ill"}, key=uuid4().hex),
        Booking.objects.filter(pk=booking.pk, state="cancelled").exists,
        whole,
    )


def extend(stage: Stage) -> Deed:
    booking = stage.held()

    def whole(reply: Reply) -> None:
        booking.refresh_from_db()
        assert (reply.status, booking.extensions) == (200, 1)
        assert booking.claims.get().held_until == booking.held_until

    return Deed(
        post(f"holds/{booking.ref}/extend", stage.guest.token, key=uuid4().hex),
        Booking.objects.filter(pk=booking.pk, extensions=1).exists,
        whole,
    )


def check_in(stage: Stage) -> Deed:
    booking = stage.booked()
    seen = for_papers(booking.pk)

    def whole(reply: Reply) -> None:
        ticket = Ticket.objects.get(booking=booking)
        assert (reply.status, reply.json["ref"], ticket.door) == (200, booking.ref, "north")
        assert AuditEntry.objects.filter(verb="check_in", on_id=ticket.pk).count() == 1

    said = {"code": ticket_code(seen, seen.tickets[0]), "door": "north"}
    return Deed(
        post("checkins", stage.usher.token, said, key=uuid4().hex),
        Ticket.objects.filter(booking=booking, checked_in_at__isnull=False).exists,
        whole,
    )


WAITS = {"poll", "futex", "select", "epoll_wait"}


def calls_of(worker: Worker, deed: Deed) -> Counter[str]:
    """How often the request makes each system call, from the moment a worker takes it."""
    reply, ended, trace = worker.serve(deed.request, "-e", "trace=all")
    deed.whole(reply)
    assert ended == 0
    return Counter(re.findall(r"^(?:\[pid +\d+\] )?(\w+)\(", trace, re.MULTILINE))


@pytest.mark.parametrize("deed", [hold, confirm, cancel, extend, check_in])
def test_worker_killed_at_every_system_call_loses_nothing_and_does_nothing_twice(worker, stage, deed):
    calls = calls_of(worker, deed(stage))
    points = [(call, number) for call, count in calls.items() for number in range(1, count + 1)]

    killed = missed = done_without_an_answer = 0
    for call, number in points:
        asked = deed(stage)
        reply, ended, _ = worker.serve(
            asked.request, "-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={number}"
        )
        killed += ended == signal.SIGKILL
        missed += ended != signal.SIGKILL and call not in WAITS
        if reply.status:
            asked.whole(reply)
        done_without_an_answer += not reply.status and asked.done()
        again, _, _ = worker.serve(asked.request)
        asked.whole(again)
        if reply.status:
            assert again.json == reply.json

    print(
        f"{deed.__name__}: {killed} kills at {len(points)} points of {len(calls)} calls, "
        f"{done_without_an_answer} done without an answer"
    )
    # A run may make a call fewer than the one that was counted, and has less to wait for on a quiet machine.
    assert missed < 0.1 * sum(call not in WAITS for call, _ in points)
