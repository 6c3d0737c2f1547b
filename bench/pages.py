"""PERF_PAGES: the pages people open most, for strangers, at eight clients."""

import re

from bench import load
from bench.house import House
from bench.load import request

CLIENTS = 8


def measure(house: House, seconds: float) -> None:
    """Home, movie page, seat page of 300 seats, seats JSON, and its 304 answer."""
    show = house.wide[0]
    seats = request("GET", f"/api/v1/shows/{show}/seats")
    asked = {
        "health (no database, all middleware)": request("GET", "/healthz"),
        "home": request("GET", "/"),
        "movie page": request("GET", f"/movies/{house.slug}/"),
        "seat page, 300 seats": request("GET", f"/shows/{show}/seats/"),
        "seats JSON, 300 seats": seats,
        "seats JSON, 304": request(
            "GET", f"/api/v1/shows/{show}/seats", headers=[f"If-None-Match: {_etag(house, seats)}"]
        ),
    }
    print(f"\n| page, {CLIENTS} clients | /s | p50 ms | p95 | p99 | statuses |\n|---|---|---|---|---|---|")
    for name, data in asked.items():
        load.run(house.port, [load.repeat(name, data) for _ in range(CLIENTS)], 1)
        measured = load.run(house.port, [load.repeat(name, data) for _ in range(CLIENTS)], seconds)
        p50, p95, p99 = (measured.percentile(name, percent) for percent in (50, 95, 99))
        statuses = {status: count for (_, status), count in measured.statuses.items()}
        print(
            f"| {name} | {measured.rate(name):.0f} | {p50:.1f} | {p95:.1f} | {p99:.1f} | {statuses} |",
            flush=True,
        )


def _etag(house: House, data: bytes) -> str:
    connection = load._Connection(house.port, load.repeat("etag", data))
    connection.send(("etag", data))
    while connection.receive() is None:
        pass
    found = re.search(rb"\r\netag: ([^\r]+)", connection.got, re.IGNORECASE)
    return found.group(1).decode() if found else ""
