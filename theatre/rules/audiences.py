"""Who a ticket is for, and what the show's price card asks for it.

Source: domain.md, "Price card", and docs/decisions on audiences. Amounts are by seat kind and audience.
"""

from collections.abc import Mapping
from decimal import Decimal

from theatre.rules.refusals import Refused

ADULT, CHILD, SENIOR, STUDENT = AUDIENCES = ("adult", "child", "senior", "student")

Amounts = Mapping[tuple[str, str], Decimal]


class AudienceNotOffered(Refused):
    """The show's price card has no amount of its own for this audience in this kind of seat."""

    code = "audience_not_offered"


def offered(amounts: Amounts, kind: str) -> tuple[str, ...]:
    """The audiences that such a seat has an amount for, adults first."""
    return tuple(audience for audience in AUDIENCES if (kind, audience) in amounts)


def price_for(amounts: Amounts, *, seat: str, kind: str, audience: str) -> Decimal:
    """The list price of a seat (named by its label) for this audience, else AudienceNotOffered."""
    if (kind, audience) not in amounts:
        raise AudienceNotOffered(
            f"{seat} has no price of its own for that age group. Choose another, or book it for an adult",
            "audience",
            offered=list(offered(amounts, kind)),
        )
    return amounts[kind, audience]
