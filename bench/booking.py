"""PERF_BOOKING: hold and confirm two seats through the API, with money, coupon, audit and letters."""

import json
import uuid
from collections import deque
from collections.abc import Iterator

from bench import load
from bench.house import House
from bench.load import Caller, Measured, request

Pairs = deque[tuple[int, list[int]]]


def pairs(shows: list[tuple[int, list[int]]], *, interleaved: bool = False) -> Pairs:
    """Neighbouring seats, show by show or one show after the other in turn."""
    each = [[(show, seats[at : at + 2]) for at in range(0, len(seats) - 1, 2)] for show, seats in shows]
    if interleaved:
        return deque(pair for group in zip(*each, strict=False) for pair in group)
    return deque(pair for group in each for pair in group)


def booker(token: str, left: Pairs, coupon: str) -> Caller:
    """Book pair after pair until none is left. €22 less 10 % is €19.80."""
    total = "19.80" if coupon else "22.00"
    while left:
        show, seats = left.popleft()
        status, body = yield (
            "hold",
            request("POST", "/api/v1/holds", token=token, body={"show": show, "seats": seats}),
        )
        if status != 201:
            continue
        asked = {"shown_total": total, "payment": {"method": "demo"}}
        if coupon:
            asked["coupon"] = coupon
        yield (
            "confirm",
            request(
                "POST", f"/api/v1/holds/{json.loads(body)['ref']}/confirm", token=token, body=asked,
                headers=[f"Idempotency-Key: {uuid.uuid4()}"],
            ),
        )  # fmt: skip


def measure(
    house: House, shows: list[tuple[int, list[int]]], clients: int, seconds: float, *, coupons: bool
) -> Measured:
    """Bookings by so many clients at once, each another customer."""
    left = pairs(shows, interleaved=len(shows) > 1)
    callers: Iterator[Caller] = (
        booker(
            house.tokens[n % len(house.tokens)],
            left,
            house.coupons[n % len(house.coupons)] if coupons else "",
        )
        for n in range(clients)
    )
    return load.run(house.port, callers, seconds)


def scramble(house: House, show: int, seats: list[int], clients: int) -> Measured:
    """Everybody wants one of the same few seats: tries one after the other, the next when it is taken."""
    return load.run(
        house.port, [_hunter(house.tokens[n % len(house.tokens)], show, seats, n) for n in range(clients)], 30
    )


def _hunter(token: str, show: int, seats: list[int], start: int) -> Caller:
    for step in range(len(seats)):
        seat = seats[(start + step) % len(seats)]
        status, body = yield (
            "hold",
            request("POST", "/api/v1/holds", token=token, body={"show": show, "seats": [seat]}),
        )
        if status != 201:
            continue
        asked = {"shown_total": "11.00", "payment": {"method": "demo"}}
        ref = json.loads(body)["ref"]
        yield (
            "confirm",
            request(
                "POST", f"/api/v1/holds/{ref}/confirm", token=token, body=asked,
                headers=[f"Idempotency-Key: {uuid.uuid4()}"],
            ),
        )  # fmt: skip
        return


def line(name: str, measured: Measured) -> str:
    """One row of the table: bookings a second, then milliseconds of hold and confirm."""
    holds, confirms = measured.seconds["hold"], measured.seconds["confirm"]
    whole = sorted(a + b for a, b in zip(holds, confirms, strict=False))
    p50, p95, p99 = (
        whole[min(len(whole) - 1, int(len(whole) * p))] * 1000 if whole else 0 for p in (0.5, 0.95, 0.99)
    )
    bad = {
        f"{label} {status}": count for (label, status), count in measured.statuses.items() if status != 201
    }
    return (
        f"| {name} | {measured.rate('confirm'):.0f} | {p50:.0f} | {p95:.0f} | {p99:.0f} | {len(confirms)} | "
        f"{bad or '–'} |"
    )
