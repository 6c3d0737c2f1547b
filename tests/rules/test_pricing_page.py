"""The examples of docs/pricing.md are what `quote()` says."""

from decimal import Decimal
from pathlib import Path

import pytest

from theatre.rules.coupons import CouponTerms
from theatre.rules.money import places_of
from theatre.rules.pricing import Line, as_json, quote
from theatre.rules.tiers import Tier

PAGE = Path(__file__).parents[2] / "docs" / "pricing.md"
ROWS = [
    [cell.strip() for cell in line.strip("|\n").split("|")]
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| list prices")
]


def tier_in(words: str) -> Tier | None:
    if words == "–":
        return None
    name, percent = words.split()
    return Tier(name, 1, Decimal(percent))


def coupon_in(words: str) -> CouponTerms | None:
    if words == "–":
        return None
    code, percent = words.split()
    return CouponTerms(code, int(percent.rstrip("+")), combinable=percent.endswith("+"))


def test_the_page_has_examples():
    assert len(ROWS) == 12


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " ".join(row[:4]))
def test_an_example_of_the_page_is_what_the_quote_says(row):
    lists, currency, tier, coupon, prices, total, vat, used = row
    lines = [
        Line(number, f"A {number}", "standard", Decimal(price))
        for number, price in enumerate(lists.split(), 1)
    ]

    result = quote(
        lines,
        tier=tier_in(tier),
        coupon=coupon_in(coupon),
        places=places_of(currency),
        vat_rate=20,
        currency=currency,
    )

    answer = as_json(result)
    assert " ".join(line["price"] for line in answer["lines"]) == prices
    assert answer["total"] == total
    assert str(result.vat) == vat
    taken = [name for name in (result.tier and result.tier.name, result.coupon_code) if name]
    assert " ".join(taken) == used.replace("–", "")
