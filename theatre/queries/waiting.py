"""The waiting lists as they are seen: by who waits, and in the office."""

from dataclasses import dataclass
from datetime import datetime

from theatre.models.sql import fetch, fetch_one
from theatre.queries.seatmap import plan_of
from theatre.rules.waiting import longest_run


@dataclass(frozen=True, slots=True)
class WaitedFor:
    """A show as the page about waiting for it shows it, and where the customer who looks stands. `seats` is 0 and
    `place` 0 when they are not in the line; `ref` is of the hold that was offered to them and still stands."""

    show_id: int
    title: str
    slug: str
    poster: str
    screen: str
    screen_number: int
    starts_at: datetime
    state: str
    now: datetime
    most: int
    waiting: int
    seats: int
    place: int
    ref: str


_SHOW = """
SELECT s.id, m.title, m.slug, m.poster, sc.name, sc.number, s.starts_at, s.state, clock_timestamp(), s.plan_id,
       line.parties, coalesce(line.seats, 0), coalesce(line.place, 0),
       coalesce((SELECT b.ref FROM theatre_waitingparty w JOIN theatre_booking b ON b.id = w.booking_id
                 WHERE w.show_id = s.id AND w.customer_id = %(customer)s::bigint AND b.state = 'held'
                   AND b.held_until > clock_timestamp() LIMIT 1), '')
FROM theatre_show s JOIN theatre_movie m ON m.id = s.movie_id JOIN theatre_screen sc ON sc.id = s.screen_id
CROSS JOIN LATERAL (
  SELECT count(*) AS parties, max(seats) FILTER (WHERE mine) AS seats, max(place) FILTER (WHERE mine) AS place FROM (
    SELECT w.seats, w.customer_id = %(customer)s::bigint AS mine, row_number() OVER (ORDER BY w.asked_at, w.id) AS place
    FROM theatre_waitingparty w WHERE w.show_id = s.id AND w.state = 'waiting') parties
) line
WHERE s.id = %(show)s AND s.state <> 'planned'
"""


def waited_for(show_id: int, customer_id: int | None, limit: int) -> WaitedFor | None:
    """The show, or None for one that guests do not know of. One query; its plan is remembered."""
    row = fetch_one(_SHOW, {"show": show_id, "customer": customer_id})
    if row is None:
        return None
    most = min(limit, longest_run(plan_of(row[9]).seats))
    return WaitedFor(*row[:9], most, *row[10:])  # type: ignore[call-arg]


@dataclass(frozen=True, slots=True)
class MyWait:
    """A list that a customer is on."""

    show_id: int
    title: str
    starts_at: datetime
    seats: int
    place: int


def of_customer(customer_id: int) -> list[MyWait]:
    """The lists this customer is on, the next show first. One query."""
    return [
        MyWait(*row)
        for row in fetch(
            "SELECT s.id, m.title, s.starts_at, w.seats, (SELECT count(*) FROM theatre_waitingparty o"
            "  WHERE o.show_id = w.show_id AND o.state = 'waiting' AND (o.asked_at, o.id) <= (w.asked_at, w.id))"
            " FROM theatre_waitingparty w JOIN theatre_show s ON s.id = w.show_id"
            " JOIN theatre_movie m ON m.id = s.movie_id"
            " WHERE w.customer_id = %s AND w.state = 'waiting' ORDER BY s.starts_at, w.id LIMIT 50",
            [customer_id],
        )
    ]


@dataclass(frozen=True, slots=True)
class InLine:
    """A party as the office sees it. `result` is its own state, or its booking's once it was offered seats."""

    name: str
    seats: int
    asked_at: datetime
    result: str
    ref: str


MOST = 100


def of_show(show_id: int) -> list[InLine]:
    """The line in its order, those who wait first. One query."""
    return [
        InLine(*row)
        for row in fetch(
            "SELECT coalesce(nullif(u.full_name, ''), u.email), w.seats, w.asked_at,"
            " CASE WHEN b.state = 'held' AND b.held_until <= clock_timestamp() THEN 'lapsed'"
            "  ELSE coalesce(b.state, w.state) END, coalesce(b.ref, '')"
            " FROM theatre_waitingparty w JOIN theatre_customer c ON c.id = w.customer_id"
            " JOIN theatre_user u ON u.id = c.user_id LEFT JOIN theatre_booking b ON b.id = w.booking_id"
            " WHERE w.show_id = %s ORDER BY w.state <> 'waiting', w.asked_at, w.id LIMIT %s",
            [show_id, MOST],
        )
    ]
