"""A member: the tier, the way to the next one, and the tickets for the next hours."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce, Greatest, Now

from theatre.models import Booking, Customer, Tier
from theatre.models.sql import fetch_one


@dataclass(frozen=True, slots=True)
class Member:
    """Tickets of the last twelve months as last counted; percents 0–100. `next` is empty at the top."""

    tier: str
    percent: Decimal
    tickets: int
    next: str
    next_at: int
    next_percent: Decimal

    @property
    def to_next(self) -> int:
        """Tickets missing to the next tier, 0 at the top."""
        return max(0, self.next_at - self.tickets) if self.next else 0

    @property
    def share(self) -> float:
        """How far the way to the next tier is gone, 0 to 1."""
        return _share(self.tickets, self.next_at)


def member(customer_id: int) -> Member | None:
    """The customer's standing, or None for an unknown one. One query."""
    row = fetch_one(
        "SELECT coalesce(t.name, ''), coalesce(t.percent, 0), c.tier_tickets,"
        " coalesce(n.name, ''), coalesce(n.threshold, 0), coalesce(n.percent, 0)"
        " FROM theatre_customer c LEFT JOIN theatre_tier t ON t.name = c.tier_id"
        " LEFT JOIN LATERAL (SELECT * FROM theatre_tier"
        " WHERE threshold > greatest(c.tier_tickets, coalesce(t.threshold, 0)) ORDER BY threshold LIMIT 1) n ON true"
        " WHERE c.id = %s",
        [customer_id],
    )
    return Member(*row) if row else None


@dataclass(frozen=True, slots=True)
class Standing:
    """What the chrome says of a member: the tier, and how far the way to the next one is gone, 0 to 1."""

    tier: str
    share: float


# Of a user: the tickets that the customer's next tier takes, None at the top.
NEXT_TIER_AT = Subquery(
    Tier.objects.filter(
        threshold__gt=Greatest(
            OuterRef("customer__tier_tickets"), Coalesce(OuterRef("customer__tier__threshold"), 0)
        )
    )
    .order_by("threshold")
    .values("threshold")[:1]
)


def standing(customer: Customer, next_tier_at: int | None) -> Standing:
    """Of a customer whose user was asked for NEXT_TIER_AT. No query."""
    return Standing(customer.tier_id or "", _share(customer.tier_tickets, next_tier_at or 0))


def _share(tickets: int, next_at: int) -> float:
    return min(1.0, tickets / next_at) if next_at else 1.0


AHEAD = timedelta(hours=18)  # a show that ends within them is this day's
# Of a user: whether `next_tickets` would find something.
HAS_TICKETS_NOW = Exists(
    Booking.objects.filter(
        customer__user=OuterRef("pk"),
        state="confirmed",
        show__ends_at__gt=Now(),
        show__ends_at__lt=Now() + AHEAD,
    )
)


@dataclass(frozen=True, slots=True)
class NextTickets:
    """A confirmed booking whose show is near."""

    ref: str
    title: str
    starts_at: datetime
    screen: str
    screen_number: int
    seats: tuple[str, ...]
    now: datetime


def next_tickets(customer_id: int) -> NextTickets | None:
    """The customer's next show that ends within the coming hours, or None. One query."""
    row = fetch_one(
        "SELECT b.ref, m.title, s.starts_at, sc.name, sc.number,"
        " (SELECT array_agg(x.row || ' ' || x.number ORDER BY x.y, x.x) FROM theatre_ticket t"
        "  JOIN theatre_seat x ON x.id = t.seat_id WHERE t.booking_id = b.id AND t.state = 'sold'),"
        " now()"
        " FROM theatre_booking b JOIN theatre_show s ON s.id = b.show_id JOIN theatre_movie m ON m.id = s.movie_id"
        " JOIN theatre_screen sc ON sc.id = s.screen_id"
        " WHERE b.customer_id = %s AND b.state = 'confirmed' AND s.ends_at > now()"
        " AND s.ends_at < now() + %s ORDER BY s.starts_at LIMIT 1",
        [customer_id, AHEAD],
    )
    if row is None:
        return None
    *facts, seats, now = row
    return NextTickets(*facts, seats=tuple(seats or ()), now=now)  # type: ignore[misc]
