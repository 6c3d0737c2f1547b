"""A customer's twelve months: the tickets that count towards a tier, by month, and when each falls out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings

from theatre.models.sql import Row, fetch
from theatre.rules import tiers
from theatre.rules.tiers import Tier

MONTHS = 13  # twelve whole ones and what is left of the one they began in


@dataclass(frozen=True, slots=True)
class Month:
    """Tickets bought in one month of the theatre's calendar that still count; `first` is its first day, `drops` the
    day on which the first of them falls out (None without any)."""

    first: date
    tickets: int
    drops: date | None


@dataclass(frozen=True, slots=True)
class Year:
    """What the tier page shows. `tier` is the one that bookings get; it is counted again every night, `tickets` and
    the rest at this moment. `next` is the tier ahead, `drops` says on which day how many tickets fall out."""

    now: datetime
    counted_at: datetime
    tier: Tier | None
    tiers: tuple[Tier, ...]
    tickets: int
    months: tuple[Month, ...]
    drops: tuple[tuple[date, int], ...]

    @property
    def next(self) -> Tier | None:
        """The tier ahead of the one they have and of what they bought."""
        return tiers.next_tier(max(self.tickets, self.tier.threshold if self.tier else 0), self.tiers)

    @property
    def to_next(self) -> int:
        """Tickets missing to it, 0 at the top."""
        return self.next.threshold - self.tickets if self.next else 0

    @property
    def share(self) -> float:
        """How far the way to it is gone, 0 to 1."""
        return min(1.0, self.tickets / self.next.threshold) if self.next else 1.0

    @property
    def kept_until(self) -> date | None:
        """The day on which the present tier would be lost if nothing more is bought."""
        return tiers.kept_until(self.tickets, self.drops, self.tier) if self.tier else None


# The window is the one of confirm and of the nightly count.
_BOUGHT = """
SELECT (b.confirmed_at AT TIME ZONE %(zone)s)::date, ((b.confirmed_at + interval '1 year') AT TIME ZONE %(zone)s)::date,
       count(*)
FROM theatre_booking b JOIN theatre_ticket t ON t.booking_id = b.id AND t.state = 'sold'
WHERE b.customer_id = %(customer)s AND b.state = 'confirmed'
  AND b.confirmed_at > clock_timestamp() - interval '1 year'
GROUP BY 1, 2 ORDER BY 1
"""
_STANDING = """
SELECT clock_timestamp(), (clock_timestamp() AT TIME ZONE %(zone)s)::date, c.counted_at, c.tier_id = t.name,
       t.name, t.threshold, t.percent
FROM theatre_customer c LEFT JOIN theatre_tier t ON true WHERE c.id = %(customer)s ORDER BY t.threshold
"""


def year_of(customer_id: int) -> Year | None:
    """The customer's twelve months until now, or None for an unknown one. Two queries."""
    asked = {"customer": customer_id, "zone": settings.THEATRE_ZONE}
    standing = fetch(_STANDING, asked)
    if not standing:
        return None
    now, today, counted_at = standing[0][:3]
    every = tuple(Tier(*row[4:]) for row in standing if row[4] is not None)
    bought = fetch(_BOUGHT, asked)
    return Year(
        now=now,
        counted_at=counted_at,
        tier=next((Tier(*row[4:]) for row in standing if row[3]), None),
        tiers=every,
        tickets=sum(row[2] for row in bought),
        months=_by_month(bought, today),
        drops=tuple((row[1], row[2]) for row in bought),
    )


def _by_month(bought: Sequence[Row], today: date) -> tuple[Month, ...]:
    """The months of the window, the present one first, also those without a ticket."""
    months, first = [], today.replace(day=1)
    for _ in range(MONTHS):
        rows = [row for row in bought if row[0].replace(day=1) == first]
        months.append(Month(first, sum(row[2] for row in rows), rows[0][1] if rows else None))
        first = (first - timedelta(days=1)).replace(day=1)
    return tuple(months)
