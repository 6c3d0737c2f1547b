"""Bookings as they are seen: one in full, a page of many, and what a held one would cost now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import reduce
from operator import or_

from django.db.models import Q
from django.db.models.functions import Now

from theatre.access import SEES, Actor, sees_values, visible
from theatre.models import Booking
from theatre.models.sql import Row, fetch, fetch_one
from theatre.queries import quotes
from theatre.rules.pricing import Line, Quote
from theatre.rules.seating import label
from theatre.rules.tiers import Tier


@dataclass(frozen=True, slots=True)
class SeenTicket:
    """A ticket; `price` and `vat` are None while it is only held."""

    id: int
    seat_id: int
    row: str
    number: int
    kind: str
    audience: str
    state: str
    list_price: Decimal
    tier_off: Decimal
    coupon_off: Decimal
    complimentary_off: Decimal
    price: Decimal | None
    vat: Decimal | None
    nonce: str
    checked_in_at: datetime | None

    @property
    def seat(self) -> str:
        """As people say it: `F 7`."""
        return label(self.row, self.number)


@dataclass(frozen=True, slots=True)
class SeenBooking:
    """A booking with everything its pages, papers and letters say. Money in the theatre's currency, times UTC."""

    id: int
    ref: str
    state: str
    customer_id: int | None
    customer_name: str
    customer_email: str
    customer_user_id: int | None
    assigned_to_id: int | None
    seller_id: int | None
    seller_name: str
    seller_email: str
    channel: str
    held_until: datetime
    extensions: int
    created_at: datetime
    confirmed_at: datetime | None
    ended_at: datetime | None
    coupon: str
    tier_name: str
    tier_percent: Decimal
    total: Decimal | None
    method: str
    refunded: Decimal
    show_id: int
    show_state: str
    starts_at: datetime
    ends_at: datetime
    movie_id: int
    movie: str
    slug: str
    poster: str
    certificate: str
    genre: str
    screen: str
    screen_number: int
    access_notes: str
    formats: list[str]
    now: datetime
    customer_tier: Tier | None  # the customer's own, at this moment
    tickets: tuple[SeenTicket, ...]

    @property
    def live_tickets(self) -> tuple[SeenTicket, ...]:
        """Those that are held or sold."""
        return tuple(ticket for ticket in self.tickets if ticket.state in ("held", "sold"))

    @property
    def is_live_hold(self) -> bool:
        """Whether the seats are held at this moment."""
        return self.state == "held" and self.now < self.held_until

    @property
    def lines(self) -> list[Line]:
        """What `quote()` is asked about."""
        return [Line(t.id, t.seat, t.kind, t.list_price, t.audience) for t in self.tickets]


DETAIL = """
SELECT b.id, b.ref, b.state, b.customer_id, coalesce(cu.full_name, b.guest_name), coalesce(cu.email, b.guest_email),
       cu.id, b.assigned_to_id, b.seller_id, coalesce(se.full_name, ''), coalesce(se.email, ''), b.channel,
       b.held_until,
       b.extensions, b.created_at, b.confirmed_at, b.ended_at, coalesce(co.code, ''), b.tier_name, b.tier_percent,
       b.total, coalesce(p.method, ''), coalesce(p.refunded, 0), s.id, s.state, s.starts_at, s.ends_at, m.id, m.title,
       m.slug, m.poster, m.certificate,
       coalesce((SELECT g.name FROM theatre_movie_genres mg JOIN theatre_genre g ON g.id = mg.genre_id
                 WHERE mg.movie_id = m.id ORDER BY mg.id LIMIT 1), ''),
       sc.name, sc.number, sc.access_notes, s.formats, clock_timestamp(), b.session,
       tier.name, tier.threshold, tier.percent,
       t.id, t.seat_id, seat.row, seat.number, t.kind, t.audience, t.state, t.list_price, t.tier_off, t.coupon_off,
       t.complimentary_off, t.price, t.vat, t.nonce, t.checked_in_at
FROM theatre_booking b
JOIN theatre_show s ON s.id = b.show_id
JOIN theatre_movie m ON m.id = s.movie_id
JOIN theatre_screen sc ON sc.id = s.screen_id
JOIN theatre_ticket t ON t.booking_id = b.id
JOIN theatre_seat seat ON seat.id = t.seat_id
LEFT JOIN theatre_customer c ON c.id = b.customer_id
LEFT JOIN theatre_tier tier ON tier.name = c.tier_id
LEFT JOIN theatre_user cu ON cu.id = c.user_id
LEFT JOIN theatre_user se ON se.id = b.seller_id
LEFT JOIN theatre_coupon co ON co.id = b.coupon_id
LEFT JOIN theatre_payment p ON p.booking_id = b.id AND p.state = 'captured'
WHERE {where}
ORDER BY seat.y, seat.x
"""
_SEEN_BY = DETAIL.format(where=f"b.ref = %s AND {SEES}")
_SESSION = 38  # where the columns of the booking end


def detail(by: Actor, ref: str) -> SeenBooking | None:
    """The booking if this person may see it, else None: another's is *not found*. One query."""
    rows = fetch(_SEEN_BY, [ref, *sees_values(by)])
    return seen(rows)[0] if rows else None


def for_papers(booking_id: int) -> SeenBooking:
    """The booking for what the house itself prints and sends. Whoever calls has decided who reads it."""
    return seen(fetch(DETAIL.format(where="b.id = %s"), [booking_id]))[0]


def seen(rows: Sequence[Row]) -> tuple[SeenBooking, str]:
    """The booking of DETAIL's rows, and the session mark of a stranger's hold."""
    first = rows[0]
    tier = quotes.tier_of(*first[_SESSION + 1 : _SESSION + 4])
    tickets = tuple(SeenTicket(*row[_SESSION + 4 :]) for row in rows)
    booking = SeenBooking(*first[:_SESSION], customer_tier=tier, tickets=tickets)  # type: ignore[misc]
    return booking, first[_SESSION]


@dataclass(frozen=True, slots=True)
class ListedBooking:
    """A line of a list of bookings."""

    ref: str
    state: str
    movie: str
    slug: str
    screen: str
    starts_at: datetime
    seats: str
    tickets: int
    total: Decimal | None
    created_at: datetime
    channel: str


_SHOWN_AS = {
    "held": Q(state="held", held_until__gt=Now()),
    "lapsed": Q(state="lapsed") | Q(state="held", held_until__lte=Now()),
}


def page(by: Actor, number: int, size: int, *, states: Sequence[str] = ()) -> tuple[list[ListedBooking], int]:
    """One page of the bookings this person sees, newest first, and how many there are. Three queries.

    A hold whose time is over has lapsed, whether or not it has been tidied away.
    """
    chosen = Booking.objects.filter(visible(by))
    if states:
        chosen = chosen.filter(reduce(or_, [_SHOWN_AS.get(state, Q(state=state)) for state in states]))
    count = chosen.count()
    ids = list(
        chosen.order_by("-created_at", "-id").values_list("id", flat=True)[
            (number - 1) * size : number * size
        ]
    )
    rows = fetch(
        """
        SELECT b.ref, CASE WHEN b.state = 'held' AND b.held_until <= now() THEN 'lapsed' ELSE b.state END,
               m.title, m.slug, sc.name, s.starts_at,
               string_agg(seat.row || ' ' || seat.number, ', ' ORDER BY seat.y, seat.x), count(*), b.total,
               b.created_at, b.channel
        FROM theatre_booking b
        JOIN theatre_show s ON s.id = b.show_id
        JOIN theatre_movie m ON m.id = s.movie_id
        JOIN theatre_screen sc ON sc.id = s.screen_id
        JOIN theatre_ticket t ON t.booking_id = b.id
        JOIN theatre_seat seat ON seat.id = t.seat_id
        WHERE b.id = ANY(%s)
        GROUP BY b.id, s.id, m.id, sc.id ORDER BY b.created_at DESC, b.id DESC
        """,
        [ids],
    )
    return [ListedBooking(*row) for row in rows], count


@dataclass(frozen=True, slots=True)
class Checkout:
    """A held booking with what it costs this moment, coupon and tier included."""

    booking: SeenBooking
    quote: Quote
    tier: Tier | None


def checkout(by: Actor, ref: str, coupon_code: str = "") -> Checkout | None:
    """What the hold costs now; None when it is not theirs to see. Refused with a CouponRefused. Writes nothing."""
    booking = detail(by, ref)
    return None if booking is None else cost_of(booking, coupon_code)


def cost_of(booking: SeenBooking, coupon_code: str = "") -> Checkout:
    """The same for a booking in hand."""
    tier = booking.customer_tier
    terms = None
    if coupon_code.strip():
        _, terms = quotes.coupon_terms(
            coupon_code, customer_id=booking.customer_id, tier=tier, tickets=len(booking.tickets),
            movie_id=booking.movie_id, starts_at=booking.starts_at, now=booking.now,
        )  # fmt: skip
    return Checkout(booking, quotes.price(booking.lines, tier=tier, coupon=terms), tier)


def current_hold(by: Actor, show_id: int | None = None) -> str | None:
    """The reference of the hold this person has at the moment (for that show), the newest first."""
    row = fetch_one(
        "SELECT ref FROM theatre_booking WHERE state = 'held' AND held_until > now()"
        " AND (session = %s::text OR customer_id = %s::bigint OR booked_by_id = %s::bigint)"
        " AND (%s::bigint IS NULL OR show_id = %s::bigint)"
        " ORDER BY created_at DESC LIMIT 1",
        [by.session or None, by.customer_id, by.user_id, show_id, show_id],
    )
    return row[0] if row else None
