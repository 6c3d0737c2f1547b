"""A show that moves with its guests: who would sit where, and what the guests answered afterwards."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from theatre.models.sql import fetch, fetch_one
from theatre.queries import seatmap
from theatre.queries.screens import plan_for_new_shows
from theatre.rules.moving import Party, Seated, seat_everybody

BOOKING, GUEST = "booking", "guest"


class Place(NamedTuple):
    """Where and when a show would be."""

    screen_id: int
    plan_id: int
    starts_at: datetime


def place(show_id: int, screen_id: int, starts_at: datetime) -> Place | None:
    """Where the show would be: with its own seat plan on its own screen, with that of new shows on another. None when
    it cannot be there. Two queries."""
    row = fetch_one("SELECT screen_id, plan_id FROM theatre_show WHERE id = %s", [show_id])
    if row is None:
        return None
    plan_id = row[1] if row[0] == screen_id else plan_for_new_shows(screen_id)
    return Place(screen_id, plan_id, starts_at) if plan_id is not None else None


@dataclass(frozen=True, slots=True)
class Moved:
    """A booking, or a VIP reservation, as it would sit after the move. `price` is what its tickets cost."""

    kind: str
    id: int
    ref: str
    name: str
    address: str
    price: Decimal
    seats: tuple[Seated, ...]
    tickets: tuple[int, ...]  # in the order of the seats; a reservation's are its seats' ids

    @property
    def reseated(self) -> bool:
        """Whether somebody of them has to sit elsewhere, and can."""
        return not self.seatless and any(not each.kept for each in self.seats)

    @property
    def seatless(self) -> bool:
        """Whether there is no seat for one of them."""
        return any(each.seat is None for each in self.seats)

    @property
    def was(self) -> list[str]:
        """The seats' names now."""
        return [each.was.label for each in self.seats]

    @property
    def will_be(self) -> list[str]:
        """The seats' names afterwards; of those who have one."""
        return [each.seat.label for each in self.seats if each.seat is not None]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Everybody of a show as they would sit in a place, and how many holds would end."""

    parties: tuple[Moved, ...]
    holds: int

    @property
    def bookings(self) -> list[Moved]:
        return [each for each in self.parties if each.kind == BOOKING]

    @property
    def guests(self) -> list[Moved]:
        """VIP reservations."""
        return [each for each in self.parties if each.kind == GUEST]

    @property
    def kept(self) -> list[Moved]:
        return [each for each in self.parties if not each.reseated and not each.seatless]

    @property
    def reseated(self) -> list[Moved]:
        return [each for each in self.parties if each.reseated]

    @property
    def seatless(self) -> list[Moved]:
        return [each for each in self.parties if each.seatless]

    @property
    def tickets(self) -> int:
        return sum(len(each.seats) for each in self.bookings)

    @property
    def money(self) -> Decimal:
        """What would go back if every guest gave their tickets back."""
        return sum((each.price for each in self.bookings), Decimal(0))

    @property
    def people(self) -> int:
        """How many addresses would get a letter."""
        return len({each.address for each in self.bookings if each.address})

    @property
    def unreachable(self) -> int:
        """Bookings without an address."""
        return sum(not each.address for each in self.bookings)

    @property
    def mark(self) -> str:
        """The same for the same people in the same new seats: what was looked at is what is done."""
        seats = [(each.kind, each.id, each.was, each.will_be) for each in (*self.reseated, *self.seatless)]
        return hashlib.sha256(repr(seats).encode()).hexdigest()[:24]


_SOLD = """
SELECT t.id, t.seat_id, t.price, b.id, b.ref, coalesce(u.full_name, b.guest_name),
       lower(coalesce(u.email, b.guest_email))
FROM theatre_ticket t
JOIN theatre_booking b ON b.id = t.booking_id
LEFT JOIN theatre_customer c ON c.id = b.customer_id
LEFT JOIN theatre_user u ON u.id = c.user_id
WHERE t.show_id = %s AND t.state = 'sold' ORDER BY b.id, t.id
"""
_KEPT = """
SELECT id, guest_name, seat_ids FROM theatre_vipreservation
WHERE show_id = %s AND state = 'reserved' AND (release_at IS NULL OR release_at > clock_timestamp()) ORDER BY id
"""
# Seats of a plan that are out of service where the show would be; one only for this very show goes with its screen.
_CLOSED = """
SELECT x.id FROM theatre_seatoutofservice o
JOIN theatre_seat x ON x.plan_id = %(plan)s AND x.row = o.row AND x.number = o.number
WHERE o.screen_id = %(screen)s AND o.released_at IS NULL
  AND (o.show_id = %(show)s OR o.show_id IS NULL AND %(starts)s::timestamptz < o.until)
"""
_FACTS = """
SELECT plan_id, (SELECT count(*) FROM theatre_booking b
                 WHERE b.show_id = s.id AND b.state = 'held' AND b.held_until > clock_timestamp())
FROM theatre_show s WHERE s.id = %s
"""


def proposal(show_id: int, place: Place) -> Proposal:
    """Who would sit where if the show were there. Four queries, and the plans."""
    row = fetch_one(_FACTS, [show_id])
    if row is None:
        return Proposal((), 0)
    now, holds = row
    old, new = seatmap.plan_of(now), seatmap.plan_of(place.plan_id)
    where = {"plan": place.plan_id, "screen": place.screen_id, "show": show_id, "starts": place.starts_at}
    closed = fetch(_CLOSED, where)
    by_booking: dict[int, list[tuple[int, int, Decimal]]] = {}
    facts: dict[int, tuple[str, str, str]] = {}
    for ticket, seat, price, booking, *about in fetch(_SOLD, [show_id]):
        by_booking.setdefault(booking, []).append((ticket, seat, price))
        facts[booking] = (about[0], about[1], about[2])
    kept = fetch(_KEPT, [show_id])
    parties = [
        *(
            Party((BOOKING, id_), tuple(old.by_id[seat] for _, seat, _ in tickets))
            for id_, tickets in by_booking.items()
        ),
        *(Party((GUEST, id_), tuple(old.by_id[seat] for seat in seats)) for id_, _, seats in kept),
    ]
    seated = seat_everybody(new.seats, parties, {row[0] for row in closed})
    moved = []
    for id_, tickets in by_booking.items():
        of = {seat: ticket for ticket, seat, _ in tickets}
        seats = seated[BOOKING, id_]
        price = sum((each for _, _, each in tickets), Decimal(0))
        moved.append(Moved(BOOKING, id_, *facts[id_], price, seats, tuple(of[each.was.id] for each in seats)))
    for id_, name, _seats in kept:
        seats = seated[GUEST, id_]
        moved.append(Moved(GUEST, id_, "", name, "", Decimal(0), seats, tuple(each.was.id for each in seats)))
    return Proposal(tuple(moved), holds)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a guest says to the last move of their show. `answer` is empty, kept, other_seats or returned."""

    move_id: int
    booking_id: int
    ref: str
    state: str
    name: str
    address: str
    was_seats: tuple[str, ...]
    seats: tuple[str, ...]
    seats_now: tuple[str, ...]
    answer: str
    answered_at: datetime | None
    letter: str
    was_screen: str
    was_starts_at: datetime
    reason: str
    moved_at: datetime
    show_id: int
    starts_at: datetime
    now: datetime

    @property
    def reseated(self) -> bool:
        """Whether the move gave them other seats."""
        return self.was_seats != self.seats

    @property
    def open(self) -> bool:
        """Whether it can still be answered: until the show begins."""
        return self.state == "confirmed" and self.now < self.starts_at

    @property
    def said(self) -> str:
        """kept, other_seats, returned (however they gave everything back), or nothing yet."""
        return "returned" if self.state == "cancelled" else self.answer


_ANSWERS = """
SELECT m.id, b.id, b.ref, b.state, coalesce(u.full_name, b.guest_name), coalesce(u.email, b.guest_email), a.was_seats,
       a.seats,
       ARRAY(SELECT x.row || ' ' || x.number FROM theatre_ticket t JOIN theatre_seat x ON x.id = t.seat_id
             WHERE t.booking_id = b.id AND t.state = 'sold' ORDER BY x.y, x.x),
       a.answer, a.answered_at, coalesce(l.state, ''), sc.name, m.was_starts_at, m.reason, m.moved_at, s.id,
       s.starts_at, clock_timestamp()
FROM theatre_moveanswer a
JOIN theatre_showmove m ON m.id = a.move_id
JOIN theatre_screen sc ON sc.id = m.was_screen_id
JOIN theatre_booking b ON b.id = a.booking_id
JOIN theatre_show s ON s.id = b.show_id
LEFT JOIN theatre_customer c ON c.id = b.customer_id
LEFT JOIN theatre_user u ON u.id = c.user_id
LEFT JOIN theatre_letter l ON l.key = 'show_moved:' || m.id || ':' || b.id
WHERE {which} ORDER BY a.answered_at IS NOT NULL, a.was_seats = a.seats, b.id
"""


def answers(show_id: int) -> list[Answer]:
    """What the guests of a show say to its last move, those who have not answered first. One query."""
    return _seen(
        "m.id = (SELECT id FROM theatre_showmove WHERE show_id = %s ORDER BY id DESC LIMIT 1)", show_id
    )


def answer_of(booking_id: int) -> Answer | None:
    """The same of one booking, or None when its show never moved under it. One query."""
    found = _seen(
        "b.id = %s AND m.id = (SELECT max(o.move_id) FROM theatre_moveanswer o WHERE o.booking_id = b.id)",
        booking_id,
    )
    return found[0] if found else None


def _seen(which: str, value: int) -> list[Answer]:
    rows = fetch(_ANSWERS.format(which=which), [value])
    return [
        Answer(*row[:6], tuple(row[6]), tuple(row[7]), tuple(row[8]), *row[9:])  # type: ignore[call-arg]
        for row in rows
    ]


def times_moved(booking_id: int) -> int:
    """How often its show was moved under a booking: the edition of its calendar entry counts them. One query."""
    row = fetch_one("SELECT count(*) FROM theatre_moveanswer WHERE booking_id = %s", [booking_id])
    return int(row[0]) if row else 0


def moved_while_held(booking_id: int) -> bool:
    """Whether a hold ended because its show moved. One query."""
    row = fetch_one(
        "SELECT 1 FROM theatre_booking b JOIN theatre_showmove m ON m.show_id = b.show_id"
        " AND m.moved_at BETWEEN b.created_at AND b.held_until WHERE b.id = %s AND b.state = 'lapsed' LIMIT 1",
        [booking_id],
    )
    return row is not None
