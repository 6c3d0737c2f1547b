"""PERF_BOOKING: hold and confirm two seats through the API, with money, coupon, audit and letters.

Every booking is another guest's, so it comes on a connection of its own: kept ones would be shared out between the
servers' processes by chance once, and stay so.
"""

import json
import time
import uuid
from collections import deque
from collections.abc import Generator
from dataclasses import dataclass
from itertools import cycle

from bench import load
from bench.house import House
from bench.load import Caller, Measured, request

Pairs = deque[tuple[int, list[int]]]
Attempt = Generator[tuple[str, bytes], tuple[int, bytes], bool]


def pairs(shows: list[tuple[int, list[int]]], *, interleaved: bool = False) -> Pairs:
    """Neighbouring seats, show by show or one show after the other in turn."""
    each = [[(show, seats[at : at + 2]) for at in range(0, len(seats) - 1, 2)] for show, seats in shows]
    if interleaved:
        return deque(pair for group in zip(*each, strict=False) for pair in group)
    return deque(pair for group in each for pair in group)


@dataclass
class Booked:
    """What a run of bookers measured: whole bookings in seconds, and the answers by label."""

    whole: list[float]
    answers: Measured

    @property
    def rate(self) -> float:
        """Bookings a second."""
        return len(self.whole) / self.answers.elapsed

    def line(self, name: str, cpu: dict[str, float]) -> str:
        """One row of the table."""
        ordered = sorted(self.whole) or [0.0]
        p50, p95, p99 = (
            ordered[min(len(ordered) - 1, int(len(ordered) * p))] * 1000 for p in (0.5, 0.95, 0.99)
        )
        others = {f"{label} {no}": n for (label, no), n in self.answers.statuses.items() if no != 201}
        spent = ", ".join(f"{who} {1000 * used / len(ordered):.2f}" for who, used in cpu.items())
        figures = [f"{figure:.0f}" for figure in (self.rate, p50, p95, p99)]
        return f"| {name} | {' | '.join(figures)} | {len(ordered)} | {others or '–'} | {spent} |"


def measure(
    house: House, shows: list[tuple[int, list[int]]], clients: int, seconds: float, *, coupons: bool
) -> Booked:
    """Bookings of two neighbouring seats by so many clients at once, each for another customer."""
    tokens, whole = cycle(house.tokens), []
    left = pairs(shows, interleaved=len(shows) > 1)

    def booker(coupon: str) -> Caller:
        while left:
            show, seats = left.popleft()
            began = time.perf_counter()
            booked = yield from _book(next(tokens), show, seats, "19.80" if coupon else "22.00", coupon)
            if booked:
                whole.append(time.perf_counter() - began)

    callers = [booker(house.coupons[n % len(house.coupons)] if coupons else "") for n in range(clients)]
    return Booked(whole, load.run(house.port, callers, seconds))


def scramble(house: House, show: int, seats: list[int], clients: int) -> Booked:
    """Everybody wants one of the same few seats, and tries the next when it is taken; `whole` counts from the start."""
    whole = []
    start_of_all = time.perf_counter()

    def hunter(token: str, start: int) -> Caller:
        for step in range(len(seats)):
            if (yield from _book(token, show, [seats[(start + step) % len(seats)]], "11.00")):
                whole.append(time.perf_counter() - start_of_all)
                return

    callers = [hunter(house.tokens[n % len(house.tokens)], n) for n in range(clients)]
    return Booked(whole, load.run(house.port, callers, 60))


def _book(token: str, show: int, seats: list[int], total: str, coupon: str = "") -> Attempt:
    """Hold and confirm; whether both were answered with 201. €22 less 10 % is €19.80."""
    status, body = yield (
        "hold",
        request("POST", "/api/v1/holds", token=token, body={"show": show, "seats": seats}),
    )
    if status != 201:
        return False
    asked = {"shown_total": total, "payment": {"method": "demo"}, **({"coupon": coupon} if coupon else {})}
    path = f"/api/v1/holds/{json.loads(body)['ref']}/confirm"
    headers = [f"Idempotency-Key: {uuid.uuid4()}", "Connection: close"]
    status, _ = yield "confirm", request("POST", path, token=token, body=asked, headers=headers)
    return status == 201
