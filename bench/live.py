"""Live streams: how many are told of a booking, how soon, and what a stream costs of memory.

The production pair: granian sells, one uvicorn process has the streams. `told` counts from the answer to the booking.
"""

import http.client
import itertools
import json
import statistics
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.house import ROOT, House, free_port, wait_for
from bench.streams import Streams, lateness

STREAMS, BOOKINGS, PACE = 500, 100, 10  # bookings a second


def measure(house: House, _seconds: float) -> None:
    """At so many bookings a second, then as fast as one guest after the other can."""
    print(
        f"\n| live, {STREAMS} streams on one process | told | lost | p50 ms | p95 | p99 | most | KB a stream |"
    )
    print("|---|---|---|---|---|---|---|---|")
    with one_process(house) as (port, process):
        for name, pause, (show, seats) in (
            (f"{BOOKINGS} bookings, {PACE} a second", 1 / PACE, house.hot[0]),
            (f"{BOOKINGS} bookings, one after the other", 0.0, house.hot[1]),
        ):
            before = _memory(process)
            with Streams(port, show, STREAMS) as streams:
                each = (_memory(process) - before) / STREAMS
                sold = _book(house, show, seats[: 2 * BOOKINGS], pause)
                time.sleep(2)
                late, lost = lateness(streams, dict(list(sold.items())[::2]))
            figures = [statistics.quantiles(late, n=100)[at - 1] * 1000 for at in (50, 95, 99)]
            cells = [len(late), lost, *(f"{figure:.0f}" for figure in (*figures, max(late) * 1000, each))]
            print(f"| {name} | {' | '.join(map(str, cells))} |", flush=True)


@contextmanager
def one_process(house: House, application: str = "config.asgi:application") -> Iterator[tuple[int, int]]:
    """A uvicorn process beside granian, over the same rows: streams and pages on one port. That port, and its id."""
    port = free_port()
    command = [
        *(
            sys.executable,
            "-m",
            "uvicorn",
            application,
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
        ),
        *("--no-access-log", "--log-level", "warning", "--timeout-graceful-shutdown", "2"),
    ]
    limits = {"LIVE_STREAMS": "2000", "LIVE_STREAMS_PER_NETWORK": "2000"}
    process = subprocess.Popen(command, cwd=ROOT, env=house.environment | limits)
    try:
        wait_for(port, process)
        with Streams(port, house.hot[2][0], 10):  # everything is loaded
            yield port, process.pid
    finally:
        process.terminate()
        process.wait(10)


def _book(house: House, show: int, seats: list[int], pause: float) -> dict[int, float]:
    """Sell two seats after two; when the answer had come, by seat."""
    sold: dict[int, float] = {}
    tokens = itertools.cycle(house.tokens)

    def sell() -> None:
        due = time.monotonic()
        for first, second in zip(seats[::2], seats[1::2], strict=True):
            token = next(tokens)
            held = _ask(house, "/api/v1/holds", token, {"show": show, "seats": [first, second]})
            paid = {"shown_total": "22.00", "payment": {"method": "demo"}}
            _ask(house, f"/api/v1/holds/{held['ref']}/confirm", token, paid)
            sold[first] = sold[second] = time.monotonic()
            due += pause
            time.sleep(max(0, due - time.monotonic()))

    seller = threading.Thread(target=sell)
    seller.start()
    seller.join()
    return sold


def _ask(house: House, path: str, token: str, body: object) -> dict[str, str]:
    line = http.client.HTTPConnection("127.0.0.1", house.port)
    headers = {
        "Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4()),
    }  # fmt: skip
    line.request("POST", path, json.dumps(body), headers)
    answer = line.getresponse()
    told: dict[str, str] = json.loads(answer.read())
    line.close()
    assert answer.status == 201, told
    return told


def _memory(process: int) -> float:
    """Kilobytes that are this process's own."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return float(sum(int(line.split()[1]) for line in lines if line.startswith("Private_")))
