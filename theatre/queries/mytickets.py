"""A customer's own bookings: what is coming, what they hold, what was, what was cancelled."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from theatre.models.sql import fetch, fetch_one


@dataclass(frozen=True, slots=True)
class MyBooking:
    """A line of My tickets. `seats` are those still theirs (of a cancelled booking: those they had)."""

    ref: str
    state: str
    title: str
    slug: str
    poster: str
    screen: str
    screen_number: int
    starts_at: datetime
    ends_at: datetime
    held_until: datetime
    seats: list[str]
    tickets: int
    total: Decimal | None


_LISTED = """
SELECT b.ref, b.state, m.title, m.slug, m.poster, sc.name, sc.number, s.starts_at, s.ends_at, b.held_until,
       array_agg(seat.row || ' ' || seat.number ORDER BY seat.y, seat.x), count(*), b.total
FROM theatre_booking b
JOIN theatre_show s ON s.id = b.show_id
JOIN theatre_movie m ON m.id = s.movie_id
JOIN theatre_screen sc ON sc.id = s.screen_id
JOIN theatre_ticket t ON t.booking_id = b.id AND (b.state <> 'confirmed' OR t.state = 'sold')
JOIN theatre_seat seat ON seat.id = t.seat_id
WHERE b.customer_id = %s AND {which}
GROUP BY b.id, s.id, m.id, sc.id ORDER BY {order} LIMIT %s OFFSET %s
"""
_PAST = "b.state = 'confirmed' AND s.ends_at <= clock_timestamp()"
_HELD = "b.state = 'held' AND b.held_until > clock_timestamp()"
_CANCELLED = "b.state = 'cancelled'"
MOST_COMING = 50


@dataclass(frozen=True, slots=True)
class Carried:
    """A ticket to show at the door; `nonce` is what its code is signed with."""

    id: int
    seat: str
    kind: str
    audience: str
    nonce: str
    checked_in_at: datetime | None


@dataclass(frozen=True, slots=True)
class Coming:
    """A confirmed booking of a show that is not over, with the tickets that are still theirs."""

    ref: str
    show_id: int
    title: str
    slug: str
    poster: str
    screen: str
    screen_number: int
    starts_at: datetime
    now: datetime
    tickets: tuple[Carried, ...]


_COMING = """
SELECT b.ref, s.id, m.title, m.slug, m.poster, sc.name, sc.number, s.starts_at, clock_timestamp(),
       array_agg(t.id ORDER BY x.y, x.x), array_agg(x.row || ' ' || x.number ORDER BY x.y, x.x),
       array_agg(t.kind ORDER BY x.y, x.x), array_agg(t.audience ORDER BY x.y, x.x),
       array_agg(t.nonce ORDER BY x.y, x.x), array_agg(t.checked_in_at ORDER BY x.y, x.x)
FROM theatre_booking b
JOIN theatre_show s ON s.id = b.show_id
JOIN theatre_movie m ON m.id = s.movie_id
JOIN theatre_screen sc ON sc.id = s.screen_id
JOIN theatre_ticket t ON t.booking_id = b.id AND t.state = 'sold'
JOIN theatre_seat x ON x.id = t.seat_id
WHERE b.customer_id = %s AND b.state = 'confirmed' AND s.ends_at > clock_timestamp()
GROUP BY b.id, s.id, m.id, sc.id ORDER BY s.starts_at, b.id LIMIT %s
"""


def coming(customer_id: int) -> list[Coming]:
    """Confirmed bookings of shows that are not over, the next first. One query."""
    return [
        Coming(*row[:9], tickets=tuple(Carried(*ticket) for ticket in zip(*row[9:], strict=True)))  # type: ignore[misc]
        for row in fetch(_COMING, [customer_id, MOST_COMING])
    ]


def held(customer_id: int) -> list[MyBooking]:
    """What they hold at this moment. One query."""
    return _listed(customer_id, _HELD, "b.held_until, b.id", MOST_COMING, 0)


def past(customer_id: int, page: int, size: int) -> tuple[list[MyBooking], int]:
    """A page of the shows that are over, the last first, and how many there are. Two queries."""
    return _paged(customer_id, _PAST, page, size)


def cancelled(customer_id: int, page: int, size: int) -> tuple[list[MyBooking], int]:
    """A page of cancelled bookings, the last show first, and how many there are. Two queries."""
    return _paged(customer_id, _CANCELLED, page, size)


def _paged(customer_id: int, which: str, page: int, size: int) -> tuple[list[MyBooking], int]:
    row = fetch_one(
        "SELECT count(*) FROM theatre_booking b JOIN theatre_show s ON s.id = b.show_id"  # noqa: S608 - parts of this file
        f" WHERE b.customer_id = %s AND {which}",
        [customer_id],
    )
    return _listed(customer_id, which, "s.starts_at DESC, b.id DESC", size, (page - 1) * size), row[
        0
    ] if row else 0


def _listed(customer_id: int, which: str, order: str, size: int, skip: int) -> list[MyBooking]:
    rows = fetch(_LISTED.format(which=which, order=order), [customer_id, size, skip])
    return [MyBooking(*row) for row in rows]
