"""What a booking costs, as columns and words ready to be written."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from theatre.queries import quotes
from theatre.rules.coupons import Coupon
from theatre.rules.money import as_text
from theatre.rules.pricing import Line, QuotedLine
from theatre.rules.tiers import Tier

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Priced:
    """What a booking costs, written once for all that cost the same."""

    total: Decimal
    total_text: str
    vat_text: str
    tickets: tuple[tuple[str, str, str, Decimal, Decimal], ...]  # columns of ticket, sale, return; price, VAT
    facts: tuple[str, ...]  # each line of the invoice after its seat
    tier_name: str
    tier_percent: str
    coupon_applied: bool


def price(amounts: Sequence[Decimal], tier: Tier | None, coupon: Coupon | None) -> Priced:
    """What tickets at these list prices cost together, by the one `quote()`."""
    lines = [Line(number, "", "standard", amount) for number, amount in enumerate(amounts)]
    quote = quotes.price(lines, tier=tier, coupon=coupon.terms if coupon else None)
    return Priced(
        quote.total,
        str(quote.total),
        str(quote.vat),
        tuple(_columns(line) for line in quote.lines),
        tuple(_facts(line) for line in quote.lines),
        quote.tier.name if quote.tier else "",
        str(quote.tier.percent) if quote.tier else "0",
        quote.coupon_applied,
    )


def _columns(line: QuotedLine) -> tuple[str, str, str, Decimal, Decimal]:
    off = {taken.kind: taken.amount for taken in line.discounts}
    parts = [line.list, *(off.get(kind, NOTHING) for kind in ("tier", "coupon", "complimentary"))]
    sold = [line.price, *parts, line.vat]
    return (
        "\t".join(map(str, [*parts, line.price, line.vat])),
        "\t".join(map(str, sold)),
        "\t".join(str(-amount) for amount in sold),
        line.price,
        line.vat,
    )


def _facts(line: QuotedLine) -> str:
    places = quotes.PLACES
    said = {
        "audience": line.audience,
        "list": as_text(line.list, places),
        "discounts": [
            {"kind": taken.kind, "label": taken.label, "amount": as_text(taken.amount, places)}
            for taken in line.discounts
        ],
        "price": as_text(line.price, places),
        "vat": as_text(line.vat, places),
    }
    return json.dumps(said)[1:]
