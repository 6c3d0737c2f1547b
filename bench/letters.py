"""Letters with their three papers attached: how many a second one worker writes and hands to a mail server.

The mail server is one of this machine that takes everything and keeps nothing.
"""

import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from bench import booking, cpu
from bench.house import ROOT, House, free_port, wait_for
from theatre.models import Letter

SAMPLES = 3


def measure(house: House, seconds: float) -> None:
    """Guests book, and then one worker sends what that queued: letters of every kind that a booking writes."""
    run = booking.measure(house, house.spread, 16, seconds, coupons=True)
    queued = Letter.objects.filter(state="queued").count()
    print(
        f"\n| letters of {len(run.whole)} bookings, one worker | a second | worker CPU ms each | MB at most |"
    )
    print("|---|---|---|---|")
    with _worker(house) as worker:
        _until(lambda: _sent() > 20)  # everything is loaded
        rates = []
        first, began = _sent(), time.perf_counter()
        with cpu.spent(house, worker=worker) as used:
            for _ in range(SAMPLES):
                before, since = _sent(), time.perf_counter()
                time.sleep(seconds)
                rates.append((_sent() - before) / (time.perf_counter() - since))
        each = 1000 * used["worker"] / max(1, _sent() - first)
        print(
            f"| {queued} queued, watched for {time.perf_counter() - began:.0f} s | "
            f"{statistics.median(rates):.0f} (median of {SAMPLES}) | {each:.1f} | {_most(worker):.0f} |",
            flush=True,
        )


@contextmanager
def _worker(house: House) -> Iterator[int]:
    port = free_port()
    sink = subprocess.Popen(
        [sys.executable, "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}", "-c", "aiosmtpd.handlers.Sink"]
    )
    wait_for(port, sink)
    environment = house.environment | {"EMAIL_URL": f"smtp://127.0.0.1:{port}"}
    worker = subprocess.Popen([sys.executable, "manage.py", "worker"], cwd=ROOT, env=environment)
    try:
        yield worker.pid
    finally:
        for each in (worker, sink):
            each.send_signal(signal.SIGTERM)
            each.wait(60)
        connection.close()


def _sent() -> int:
    return Letter.objects.filter(state="sent").count()


def _until(reached: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not reached():
        if time.monotonic() > end:
            raise RuntimeError("no letter left within a minute")
        time.sleep(0.05)


def _most(pid: int) -> float:
    """The most memory a process has had, in megabytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024
