"""Who buys what when: a show's sales as they come in over the days before it.

Moments are whole seconds of the epoch. Nothing here knows ids or prices.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from theatre.demo.sitting import Hall, choose

MINUTE, HOUR, DAY = 60, 3600, 86400
GROUPS = ((1, 14), (2, 46), (3, 14), (4, 16), (5, 6), (6, 4))  # size, of a hundred
LONGEST_LEAD = 13 * DAY
# Of a hundred bookings: made online; of these by a known customer all, through the API; at the counter by a member.
ONLINE, API, MEMBERS_AT_COUNTER = 71, 2, 15
CANCELLED, PARTLY_RETURNED, LAPSED, ACCESS = 30, 12, 30, 15  # of a thousand
NIGHT_ENDS = 6 * HOUR


@dataclass(slots=True)
class Sale:
    """One booking's story. `show` and `guest` count from 0 in lists kept elsewhere; -1 is nobody.

    `seats` are places in the show's hall. `at` is when it was confirmed, or 0: the hold lapsed. `cancelled` is when
    all its tickets were given back, `returned` when the first one was; 0 for never.
    """

    show: int
    seats: tuple[int, ...]
    held: int
    at: int
    channel: str
    method: str
    guest: int = -1
    seller: int = -1
    cancelled: int = 0
    returned: int = 0


@dataclass(frozen=True, slots=True)
class Market:
    """Who there is to buy and to sell: so many guests, the first ones far keener than the last, and sellers."""

    guests: int
    sellers: int
    now: int
    cancel_until: int = 2 * HOUR


def sales_of_show(
    rng: Random, show: int, starts: int, hall: Hall, tickets: int, market: Market, *, exactly: bool = False
) -> list[Sale]:
    """A show's sales: so many tickets in all, less what would be bought after now.

    With `exactly` the show has to lie in the past and none is left out. Full halls sell what they have.
    """
    taken = bytearray(len(hall.seats))
    sales: list[Sale] = []
    left = min(tickets, hall.room)
    while left > 0:
        seats = _seats(rng, hall, taken, left)
        if not seats:
            break
        sale = _sale(rng, show, starts, seats, market)
        if sale.held > market.now or sale.at > market.now:
            left -= len(seats)  # somebody will want them later
            continue
        sales.append(sale)
        if sale.at:
            left -= len(seats)
            for place in seats:
                taken[place] = 1
    assert not exactly or sum(len(sale.seats) for sale in sales if sale.at) == min(tickets, hall.room)  # noqa: S101
    return sales


def _seats(rng: Random, hall: Hall, taken: bytearray, left: int) -> tuple[int, ...]:
    if left >= 2 and hall.pairs and rng.random() * 1000 < ACCESS:
        pair = rng.choice(hall.pairs)
        if not any(taken[place] for place in pair):
            return pair
    return choose(rng, hall, taken, min(left, _group(rng)))


def _group(rng: Random) -> int:
    roll = rng.random() * 100
    for size, share in GROUPS:
        roll -= share
        if roll < 0:
            return size
    return GROUPS[-1][0]


def _sale(rng: Random, show: int, starts: int, seats: tuple[int, ...], market: Market) -> Sale:
    if rng.random() * 100 < ONLINE:
        return _online(rng, show, starts, seats, market)
    lead = rng.randrange(4 * MINUTE, 50 * MINUTE) if rng.random() < 0.8 else rng.randrange(HOUR, 2 * DAY)
    held = _by_day(starts - lead)
    member = rng.random() * 100 < MEMBERS_AT_COUNTER
    sale = Sale(
        show,
        seats,
        held,
        held + 15 + int(rng.random() * 75),
        "counter",
        "card" if rng.random() < 0.6 else "cash",
        guest=_guest(rng, market) if member else -1,
        seller=int(rng.random() * market.sellers),
    )
    _maybe_given_back(rng, sale, starts, market)
    return sale


def _online(rng: Random, show: int, starts: int, seats: tuple[int, ...], market: Market) -> Sale:
    lead = 20 * MINUTE + min(LONGEST_LEAD, int(rng.expovariate(1 / (3.5 * DAY))))
    held = _by_day(starts - lead)
    api = rng.random() * 100 < API
    sale = Sale(
        show,
        seats,
        held,
        held + 40 + int(rng.random() * 6 * MINUTE),
        "api" if api else "online",
        "demo",
        guest=_guest(rng, market),
    )
    if rng.random() * 1000 < LAPSED:
        sale.at = 0
    else:
        _maybe_given_back(rng, sale, starts, market)
    return sale


def _by_day(moment: int) -> int:
    """Few people buy at night: what falls there was bought in the evening before."""
    hour = moment % DAY
    return moment - hour - (NIGHT_ENDS - hour) if hour < NIGHT_ENDS else moment


def _guest(rng: Random, market: Market) -> int:
    return int(market.guests * rng.random() ** 1.4) if market.guests else -1


def _maybe_given_back(rng: Random, sale: Sale, starts: int, market: Market) -> None:
    until = min(starts - market.cancel_until, market.now)
    roll = rng.random() * 1000
    if until - sale.at < HOUR or roll >= CANCELLED + PARTLY_RETURNED:
        return
    when = rng.randrange(sale.at + 10 * MINUTE, until)
    if roll < CANCELLED:
        sale.cancelled = when
    elif len(sale.seats) > 1:
        sale.returned = when


def shares(weights: Sequence[float], rooms: Sequence[int], total: int) -> list[int]:
    """A total in whole parts by weight, none above its room; ValueError when the rooms together are too small."""
    if total > sum(rooms):
        raise ValueError(f"{total} do not fit into {sum(rooms)}")
    whole = sum(weights) or 1.0
    parts = [min(room, int(total * weight / whole)) for weight, room in zip(weights, rooms, strict=True)]
    left = total - sum(parts)
    while left:
        for place, room in enumerate(rooms):
            more = min(room - parts[place], max(1, left // len(rooms)), left)
            parts[place] += more
            left -= more
            if not left:
                break
    return parts
