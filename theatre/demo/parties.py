"""Who and what the books tell of: shows, guests, sellers, coupons; with the words that are written often."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property

from theatre.demo.sitting import Hall
from theatre.queries import quotes
from theatre.rules.coupons import Coupon
from theatre.rules.moments import clock
from theatre.rules.tiers import Tier


@dataclass(frozen=True)
class SoldShow:
    """A show as the books need it. `prices` are list prices by seat kind."""

    id: int
    plan_id: int
    hall: Hall
    starts: int
    movie_id: int
    movie: str
    screen: str
    prices: dict[str, Decimal]

    @cached_property
    def facts(self) -> str:
        """What every invoice says of it."""
        starts = datetime.fromtimestamp(self.starts, UTC).isoformat()
        return (
            f'"movie": {json.dumps(self.movie)}, "screen": {json.dumps(self.screen)}, "starts_at": "{starts}"'
        )

    @cached_property
    def subject(self) -> str:
        """What the subject of every letter says of it."""
        starts = datetime.fromtimestamp(self.starts, quotes.ZONE)
        return f"{self.movie}, {starts:%a} {starts.day} {starts:%B} {clock(starts, quotes.ZONE)}"


NOBODY = '"customer_name": "", "customer_email": ""'


@dataclass(slots=True)
class Guest:
    """A customer and what the books know of them: purchases as (time, tickets, time given back, tickets given back)."""

    user_id: int
    customer_id: int
    email: str
    name: str
    bought: list[tuple[int, int, int, int]] = field(default_factory=list)
    tier: Tier | None = None
    tickets: int = 0
    counted: int = 0
    coupons: dict[str, int] = field(default_factory=dict)

    @property
    def named(self) -> str:
        """What every invoice of theirs says of them."""
        return f'"customer_name": {json.dumps(self.name)}, "customer_email": {json.dumps(self.email)}'


@dataclass(frozen=True, slots=True)
class Seller:
    user_id: int
    name: str


@dataclass(slots=True)
class Offer:
    """A coupon with its id and its uses: `live` are those not given back."""

    id: int
    coupon: Coupon
    live: int = 0
