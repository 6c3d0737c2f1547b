"""A member's tier and the way to the next one."""

from dataclasses import dataclass
from decimal import Decimal

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
        return min(1.0, self.tickets / self.next_at) if self.next else 1.0


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
