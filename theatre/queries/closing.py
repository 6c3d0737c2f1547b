"""A show that is cancelled: what that would touch, how far it has come, and what else its guests could see."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from theatre.models.sql import fetch, fetch_one


@dataclass(frozen=True, slots=True)
class ShowFacts:
    """A show as the pages about cancelling and moving it name it. `now` is the database's."""

    id: int
    state: str
    starts_at: datetime
    ends_at: datetime
    movie_id: int
    movie: str
    slug: str
    minutes: int | None
    screen_id: int
    screen: str
    screen_number: int
    plan_id: int
    now: datetime


_SHOW = """
SELECT s.id, s.state, s.starts_at, s.ends_at, m.id, m.title, m.slug, m.duration_minutes, sc.id, sc.name, sc.number,
       s.plan_id, clock_timestamp()
FROM theatre_show s JOIN theatre_movie m ON m.id = s.movie_id JOIN theatre_screen sc ON sc.id = s.screen_id
WHERE s.id = %s
"""


def show(show_id: int) -> ShowFacts | None:
    """The show, or None. One query."""
    row = fetch_one(_SHOW, [show_id])
    return ShowFacts(*row) if row else None


class Touched(NamedTuple):
    """What cancelling a show touches. `people` have an address and get a letter; `unreachable` bookings have none.

    Money is what would go back, in the theatre's currency; `by_hand` is the part of it that was paid at the counter.
    """

    bookings: int
    tickets: int
    money: Decimal
    by_hand: Decimal
    people: int
    unreachable: int
    used: int
    holds: int
    vip: int


_TOUCHED = """
WITH live AS (
  SELECT b.id, coalesce(lower(u.email), lower(nullif(b.guest_email, ''))) AS address,
         (SELECT count(*) FROM theatre_ticket t WHERE t.booking_id = b.id AND t.state = 'sold') AS tickets,
         (SELECT count(*) FROM theatre_ticket t
          WHERE t.booking_id = b.id AND t.state = 'sold' AND t.checked_in_at IS NOT NULL) AS used,
         coalesce(p.amount - p.refunded, 0) AS money, p.method
  FROM theatre_booking b
  LEFT JOIN theatre_customer c ON c.id = b.customer_id
  LEFT JOIN theatre_user u ON u.id = c.user_id
  LEFT JOIN theatre_payment p ON p.booking_id = b.id AND p.state = 'captured'
  WHERE b.show_id = %(show)s AND b.state = 'confirmed'
)
SELECT count(*), coalesce(sum(tickets), 0)::int, coalesce(sum(money), 0),
       coalesce(sum(money) FILTER (WHERE method IN ('cash', 'card')), 0), count(DISTINCT address),
       count(*) FILTER (WHERE address IS NULL), coalesce(sum(used), 0)::int,
       (SELECT count(*) FROM theatre_booking h
        WHERE h.show_id = %(show)s AND h.state = 'held' AND h.held_until > clock_timestamp()),
       (SELECT count(*) FROM theatre_vipreservation v WHERE v.show_id = %(show)s AND v.state = 'reserved'
          AND (v.release_at IS NULL OR v.release_at > clock_timestamp()))
FROM live
"""


def touched(show_id: int) -> Touched:
    """What cancelling the show now would touch. One query."""
    return Touched(*(fetch_one(_TOUCHED, {"show": show_id}) or ()))


def somebodys_booking(show_id: int) -> int | None:
    """A confirmed booking of the show that a letter would be about, for the preview of one. One query."""
    row = fetch_one(
        "SELECT b.id FROM theatre_booking b WHERE b.show_id = %s AND b.state = 'confirmed'"
        " ORDER BY b.customer_id IS NULL, b.id LIMIT 1",
        [show_id],
    )
    return row[0] if row else None


@dataclass(frozen=True, slots=True)
class Closing:
    """How far the giving back of a cancelled show's bookings has come, counted from the rows."""

    reason: str
    by: str
    started_at: datetime
    stopped_at: datetime | None
    finished_at: datetime | None
    done: int
    left: int
    money: Decimal
    due: Decimal
    letters: int
    letters_sent: int
    letters_left: int  # those that could not be sent are neither

    @property
    def state(self) -> str:
        """finished, stopped or running."""
        return "finished" if self.finished_at else "stopped" if self.stopped_at else "running"

    @property
    def progress(self) -> str:
        """As `state`, but running until the last letter is sent, too."""
        return "running" if self.finished_at and self.letters_left else self.state

    @property
    def of(self) -> int:
        """Bookings in all."""
        return self.done + self.left


_CLOSING = """
SELECT c.reason, u.full_name, c.started_at, c.stopped_at, c.finished_at, b.done, b.left, r.money, r.due,
       l.letters, l.sent, l.left
FROM theatre_showclosing c
JOIN theatre_user u ON u.id = c.by_id
CROSS JOIN LATERAL (
  SELECT count(*) FILTER (WHERE state = 'cancelled' AND ended_at >= c.started_at) AS done,
         count(*) FILTER (WHERE state = 'confirmed') AS left
  FROM theatre_booking WHERE show_id = c.show_id
) b
CROSS JOIN LATERAL (
  SELECT coalesce(sum(f.amount), 0) AS money, coalesce(sum(f.amount) FILTER (WHERE f.state = 'due'), 0) AS due
  FROM theatre_refund f JOIN theatre_booking b ON b.id = f.booking_id
  WHERE b.show_id = c.show_id AND f.at >= c.started_at
) r
CROSS JOIN LATERAL (
  SELECT count(*) AS letters, count(*) FILTER (WHERE x.state = 'sent') AS sent,
         count(*) FILTER (WHERE x.state = 'queued') AS left
  FROM theatre_letter x JOIN theatre_booking b ON b.id = x.booking_id
  WHERE b.show_id = c.show_id AND x.kind = 'show_cancelled'
) l
WHERE c.show_id = %s
"""


def closing(show_id: int) -> Closing | None:
    """How far it has come; None when the show is not being closed. One query."""
    row = fetch_one(_CLOSING, [show_id])
    return Closing(*row) if row else None


class OtherTime(NamedTuple):
    """Another show of the same movie."""

    show_id: int
    starts_at: datetime
    screen: str


def other_times(movie_id: int, but: int, most: int = 4) -> list[OtherTime]:
    """The next shows of the movie that can be booked, `but` that one. One query."""
    rows = fetch(
        "SELECT s.id, s.starts_at, sc.name FROM theatre_show s JOIN theatre_screen sc ON sc.id = s.screen_id"
        " WHERE s.movie_id = %s AND s.id <> %s AND s.state = 'on_sale' AND s.starts_at > clock_timestamp()"
        " AND (s.on_sale_from IS NULL OR s.on_sale_from <= clock_timestamp())"
        " AND (s.on_sale_until IS NULL OR s.on_sale_until > clock_timestamp())"
        " ORDER BY s.starts_at, s.id LIMIT %s",
        [movie_id, but, most],
    )
    return [OtherTime(*row) for row in rows]
