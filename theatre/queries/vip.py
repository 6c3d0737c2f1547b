"""Seats kept for guests of the house: the list, one reservation with what it would cost, and who did what to it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from theatre.models.sql import fetch, fetch_one
from theatre.queries import quotes
from theatre.queries.programme import bounds
from theatre.rules.pricing import Line, Quote
from theatre.rules.seating import label

COMING, TODAY, OVER = SPANS = ("coming", "today", "over")


@dataclass(frozen=True, slots=True)
class Reservation:
    """A reservation in the list. `release_at` is None where the seats are kept until somebody decides; one whose
    release time has come is `lapsed`, tidied away or not."""

    id: int
    guest_name: str
    guest_email: str
    note: str
    complimentary: bool
    release_at: datetime | None
    state: str
    seats: tuple[str, ...]
    show_id: int
    starts_at: datetime
    title: str
    screen: str
    screen_number: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which reservations: of one of the theatre's days, or of a span of SPANS; in a state; with a text in what is known
    of the guest."""

    span: str = COMING
    day: date | None = None
    state: str = ""
    text: str = ""


_COLUMNS = """v.id, v.guest_name, v.guest_email, v.note, v.complimentary, v.release_at,
  CASE WHEN v.state = 'reserved' AND v.release_at <= clock_timestamp() THEN 'lapsed' ELSE v.state END AS state,
  ARRAY(SELECT x.row || ' ' || x.number FROM theatre_seat x WHERE x.id = ANY(v.seat_ids) ORDER BY x.y, x.x),
  s.id, s.starts_at, m.title, sc.name, sc.number"""
_FROM = """FROM theatre_vipreservation v
JOIN theatre_show s ON s.id = v.show_id
JOIN theatre_movie m ON m.id = s.movie_id
JOIN theatre_screen sc ON sc.id = s.screen_id"""
_FITS = """
WHERE CASE %(span)s WHEN 'coming' THEN s.ends_at > clock_timestamp() WHEN 'over' THEN s.ends_at <= clock_timestamp()
                    ELSE s.starts_at >= %(begins)s::timestamptz AND s.starts_at < %(ends)s::timestamptz END
  AND %(state)s IN ('', CASE WHEN v.state = 'reserved' AND v.release_at <= clock_timestamp() THEN 'lapsed' ELSE v.state END)
  AND (%(like)s = '' OR v.guest_name ILIKE %(like)s OR v.guest_email ILIKE %(like)s OR v.note ILIKE %(like)s)
"""  # noqa: E501


def _asked(wanted: Wanted, today: date) -> dict[str, Any]:
    day = wanted.day or (today if wanted.span == TODAY else None)
    begins, ends = bounds(day, 1) if day else (None, None)
    return {
        "span": "day" if day else wanted.span,
        "begins": begins,
        "ends": ends,
        "state": wanted.state,
        "like": "%" + re.sub(r"([\\%_])", r"\\\1", wanted.text) + "%" if wanted.text else "",
    }


_COUNT = f"SELECT count(*) {_FROM} {_FITS}"
_PAGE = f"""SELECT {_COLUMNS} {_FROM} {_FITS}
ORDER BY CASE WHEN %(span)s = 'over' THEN s.starts_at END DESC, s.starts_at, s.id, v.id
OFFSET %(start)s LIMIT %(size)s
"""


def count(wanted: Wanted, today: date) -> int:
    """How many fit. One query."""
    row = fetch_one(_COUNT, _asked(wanted, today))
    return int(row[0]) if row else 0


def page(wanted: Wanted, today: date, start: int, size: int) -> list[Reservation]:
    """Those that fit by the time of their show, the latest first where all are over. One query."""
    rows = fetch(_PAGE, {**_asked(wanted, today), "start": start, "size": size})
    return [_reservation(row) for row in rows]


def _reservation(row: Sequence[Any]) -> Reservation:
    id_, name, email, note, complimentary, release_at, state, seats, *show = row
    return Reservation(id_, name, email, note, complimentary, release_at, state, tuple(seats), *show)


@dataclass(frozen=True, slots=True)
class Seen:
    """One reservation. `quote` is what it would be booked for now; None where a kind of its seats has no price.

    `unpriced` names those seats. `now` is the database's; the rest is as in the list.
    """

    reservation: Reservation
    release_minutes: int | None
    show_state: str
    ends_at: datetime
    made_by: str
    made_at: datetime
    ended_at: datetime | None
    booking: str
    quote: Quote | None
    unpriced: tuple[str, ...]
    now: datetime

    @property
    def is_live(self) -> bool:
        """Whether its seats are still kept."""
        return self.reservation.state == "reserved"

    @property
    def is_over(self) -> bool:
        """Whether the show has ended."""
        return self.ends_at <= self.now


_ONE = f"""
SELECT {_COLUMNS}, v.release_minutes, s.state, s.ends_at, coalesce(nullif(u.full_name, ''), u.email), v.made_at,
       v.ended_at, coalesce(b.ref, ''), clock_timestamp(), tickets.lines
{_FROM}
JOIN theatre_user u ON u.id = v.made_by_id
LEFT JOIN theatre_booking b ON b.id = v.booking_id
CROSS JOIN LATERAL (
  SELECT array_agg(ARRAY[x.id::text, x.row, x.number::text, x.kind, a.amount::text] ORDER BY x.y, x.x) AS lines
  FROM theatre_seat x
  LEFT JOIN theatre_pricecardamount a ON a.card_id = s.card_id AND a.kind = x.kind AND a.audience = 'adult'
  WHERE x.id = ANY(v.seat_ids)
) tickets
WHERE v.id = %s
"""  # noqa: S608  constants of ours


def reservation(reservation_id: int) -> Seen | None:
    """The reservation with its price as it stands, or None. One query."""
    row = fetch_one(_ONE, [reservation_id])
    if row is None:
        return None
    *listed, minutes, show_state, ends_at, made_by, made_at, ended_at, booking, now, tickets = row
    found = _reservation(listed)
    unpriced = tuple(label(row, number) for _id, row, number, _kind, amount in tickets if amount is None)
    lines = [
        Line(int(seat), label(row, number), kind, Decimal(amount or 0))
        for seat, row, number, kind, amount in tickets
    ]
    quote = None if unpriced else quotes.price(lines, tier=None, complimentary=found.complimentary)
    return Seen(
        found, minutes, show_state, ends_at, made_by, made_at, ended_at, booking, quote, unpriced, now
    )


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was done to it: the verb of the audit, when, by whom, and how many minutes before the show its
    seats go back since (None: not by themselves)."""

    verb: str
    at: datetime
    by: str
    minutes: int | None


def events_of(reservation_id: int) -> list[Event]:
    """What people did to it, the first first. One query."""
    rows = fetch(
        "SELECT a.verb, a.at, coalesce(nullif(u.full_name, ''), u.email, ''), (a.details ->> 'minutes')::int"
        " FROM theatre_auditentry a LEFT JOIN theatre_user u ON u.id = a.actor_id"
        " WHERE a.on_type = 'vip_reservation' AND a.on_id = %s ORDER BY a.id",
        [str(reservation_id)],
    )
    return [Event(*row) for row in rows]
