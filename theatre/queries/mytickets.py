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
    screen: str
    screen_number: int
    starts_at: datetime
    ends_at: datetime
    held_until: datetime
    seats: list[str]
    tickets: int
    total: Decimal | None


_LISTED = """
SELECT b.ref, b.state, m.title, m.slug, sc.name, sc.number, s.starts_at, s.ends_at, b.held_until,
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
_COMING = "b.state = 'confirmed' AND s.ends_at > clock_timestamp()"
_PAST = "b.state = 'confirmed' AND s.ends_at <= clock_timestamp()"
_HELD = "b.state = 'held' AND b.held_until > clock_timestamp()"
_CANCELLED = "b.state = 'cancelled'"
MOST_COMING = 50


def coming(customer_id: int) -> list[MyBooking]:
    """Confirmed bookings of shows that are not over, the next first. One query."""
    return _listed(customer_id, _COMING, "s.starts_at, b.id", MOST_COMING, 0)


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
