"""`bin/bench [booking|pages|sellout|all]`: prints tables; nothing is asserted, the machine decides the figures."""

import argparse
import statistics
import time

from bench import booking, pages, raw
from bench.house import House, opened

CLIENTS = (1, 8, 32)


def bookings(house: House, seconds: float) -> None:
    """Spread over fifty shows, then on one hot show, with the raw transaction of the same run beside."""
    bare = {clients: raw.pgbench(house, clients, seconds=3) for clients in (1, 8)}
    print("\n| bookings | /s | p50 ms | p95 | p99 | booked | others |\n|---|---|---|---|---|---|---|")
    spread, hot = list(house.spread), list(house.hot)
    for clients in CLIENTS:
        share, spread = spread[: len(house.spread) // 3], spread[len(house.spread) // 3 :]
        measured = booking.measure(house, share, clients, seconds, coupons=True)
        print(booking.line(f"spread, {clients} clients", measured), flush=True)
        rate = measured.rate("confirm")
        print(
            f"|   of the raw {bare[min(clients, 8)]:.0f}/s | {rate / bare[min(clients, 8)]:.2f} | | | | | |"
        )
    for clients in CLIENTS:
        rates = []
        for _ in range(3):
            measured = booking.measure(house, [hot.pop()], clients, seconds, coupons=True)
            rates.append(measured.rate("confirm"))
        print(booking.line(f"one hot show, {clients} clients", measured), flush=True)
        print(f"|   median of three | {statistics.median(rates):.0f} | | | | | |")


def sellout(house: House) -> None:
    """200 clients after 50 seats."""
    show, seats = house.hot[0]
    began = time.perf_counter()
    measured = booking.scramble(house, show, seats[:50], 200)
    sold = measured.statuses["confirm", 201]
    print(
        f"\n200 clients after 50 seats: {sold} sold, the last answer after {time.perf_counter() - began:.2f} s"
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("what", nargs="?", default="all", choices=["all", "booking", "pages", "sellout"])
    parser.add_argument("--seconds", type=float, default=8)
    asked = parser.parse_args()
    with opened() as house:
        if asked.what in ("all", "pages"):
            pages.measure(house, asked.seconds)
        if asked.what in ("all", "sellout"):
            sellout(house)
        if asked.what in ("all", "booking"):
            bookings(house, asked.seconds)


main()
