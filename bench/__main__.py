"""`bin/bench [booking|pages|sellout|live|letters|lighthouse|staff|all]`: prints tables; nothing is asserted, for the
machine decides the figures. `staff` loads a million bookings first, and is not among `all`."""

import argparse
import statistics

from bench import booking, cpu, lighthouse, live, pages, raw
from bench.house import House, opened

CLIENTS = (1, 8, 32)
WHAT = ("pages", "sellout", "live", "letters", "lighthouse", "booking")
# A million bookings and more, with the films and shows of some years.
MILLION = {"movies": 3000, "shows": 26_000, "customers": 50_000, "tickets": 2_500_000}


def bookings(house: House, seconds: float) -> None:
    """Spread over fifty shows, then on one hot show, with the raw transaction of the same run beside."""
    bare = {clients: raw.pgbench(house, clients, seconds=3) for clients in CLIENTS}
    warm(house, seconds)
    print("\n| bookings | /s | p50 ms | p95 | p99 | booked | others | CPU ms each |")
    print("|---|---|---|---|---|---|---|---|")
    share = len(house.spread) // len(CLIENTS)
    for place, clients in enumerate(CLIENTS):
        with cpu.spent(house) as used:
            run = booking.measure(
                house, house.spread[place * share :][:share], clients, seconds, coupons=True
            )
        print(
            run.line(
                f"spread, {clients} clients ({run.rate / bare[clients]:.0%} of raw {bare[clients]:.0f}/s)",
                used,
            )
        )
    for place, clients in enumerate(CLIENTS):
        rates = []
        for show in house.hot[place * 3 :][:3]:
            with cpu.spent(house) as used:
                run = booking.measure(house, [show], clients, seconds, coupons=True)
            rates.append(run.rate)
        print(
            run.line(
                f"one hot show, {clients} clients (median of three {statistics.median(rates):.0f}/s)", used
            )
        )


def warm(house: House, seconds: float) -> None:
    """Connections, plans and caches as they are after a minute of work, not after a start."""
    for _ in range(3):
        booking.measure(house, [house.hot[-2]], 16, seconds / 3, coupons=True)


def sellout(house: House, seconds: float) -> None:
    """200 clients after 50 seats."""
    warm(house, seconds)
    show, seats = house.hot[-1]
    run = booking.scramble(house, show, seats[:50], 200)
    print(
        f"\n200 clients after 50 seats: {len(run.whole)} sold, the last one {max(run.whole):.2f} s after the start;"
        f" the last no after {run.answers.elapsed:.2f} s"
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("what", nargs="?", default="all", choices=["all", *WHAT, "staff"])
    parser.add_argument("--seconds", type=float, default=8)
    asked = parser.parse_args()
    staff_alone = asked.what == "staff"
    with opened(buyers=not staff_alone, **(MILLION if staff_alone else {})) as house:
        from bench import letters, staff  # noqa: PLC0415 - Django has to know where the data lies first

        measures = dict(
            zip(
                WHAT,
                (pages.measure, sellout, live.measure, letters.measure, lighthouse.measure, bookings),
                strict=True,
            )
        )
        for what in WHAT if asked.what == "all" else [asked.what]:
            (staff.measure if what == "staff" else measures[what])(house, asked.seconds)


main()
