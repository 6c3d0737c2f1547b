"""The customer tiers: tickets bought in twelve months, and the discount they earn.

Source: domain.md, "Money". The thresholds are data; these are their defaults.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from theatre.rules.money import Percent
from theatre.rules.refusals import Refused


class TiersUnsound(Refused):
    """A set of thresholds that contradicts itself."""

    code = "tiers_unsound"


@dataclass(frozen=True, slots=True)
class Tier:
    """From `threshold` tickets on, `percent` (0–100) off every booking."""

    name: str
    threshold: int
    percent: Percent


DEFAULT_TIERS = (Tier("Silver", 100, 5), Tier("Gold", 300, 10), Tier("Platinum", 500, 20))


def tier_for(tickets: int, tiers: Sequence[Tier] = DEFAULT_TIERS) -> Tier | None:
    """The highest tier reached with so many tickets: `tier_for(312) -> Tier("Gold", 300, 10)`."""
    reached = [tier for tier in tiers if tier.threshold <= tickets]
    return max(reached, key=lambda tier: tier.threshold, default=None)


def next_tier(tickets: int, tiers: Sequence[Tier] = DEFAULT_TIERS) -> Tier | None:
    """The tier that comes next, None at the top."""
    ahead = [tier for tier in tiers if tier.threshold > tickets]
    return min(ahead, key=lambda tier: tier.threshold, default=None)


def tickets_to_next(tickets: int, tiers: Sequence[Tier] = DEFAULT_TIERS) -> int | None:
    """How many tickets are missing to the next tier, None at the top."""
    ahead = next_tier(tickets, tiers)
    return ahead.threshold - tickets if ahead else None


def check_tiers(tiers: Sequence[Tier]) -> tuple[Tier, ...]:
    """The tiers from the lowest up. Refused with TiersUnsound: a name that is empty or used twice, a
    threshold below 1 or used twice, a percentage outside 0–100 or lower than that of the tier below.
    """
    ordered = tuple(sorted(tiers, key=lambda tier: tier.threshold))
    names = [tier.name.strip().casefold() for tier in ordered]
    if "" in names:
        raise TiersUnsound("Enter a name for every tier", "name")
    if len(set(names)) < len(names):
        raise TiersUnsound("Two tiers have the same name. Give each its own", "name")
    for tier in ordered:
        if tier.threshold < 1:
            raise TiersUnsound(f"{tier.name} must start at 1 ticket or more", "threshold")
        if not 0 <= tier.percent <= 100:
            raise TiersUnsound(f"The discount of {tier.name} must lie between 0 and 100 percent", "percent")
    for below, above in zip(ordered, ordered[1:], strict=False):
        if below.threshold == above.threshold:
            raise TiersUnsound(
                f"{below.name} and {above.name} both start at {above.threshold} tickets. Give each its own",
                "threshold",
            )
        if above.percent < below.percent:
            raise TiersUnsound(
                f"{above.name} comes after {below.name}, so its discount must not be lower",
                "percent",
            )
    return ordered


def kept_until(tickets: int, drops: Sequence[tuple[date, int]], tier: Tier) -> date | None:
    """The day on which the tier would be lost if nothing more is bought; None if no such day is known.

    `drops` says on which day how many tickets leave the twelve months, the first day first.
    """
    left = tickets
    for day, number in drops:
        left -= number
        if left < tier.threshold:
            return day
    return None
