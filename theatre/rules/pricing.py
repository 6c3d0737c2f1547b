"""`quote()`: the only sum in the house.

Page, mail, invoice, ledger and report show its lines, so "why this price?" has one answer (docs/pricing.md).
Money is Decimal in the theatre's currency, percentages are 0–100. Source: domain.md, "Money".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from theatre.rules.coupons import CouponTerms
from theatre.rules.money import Percent, as_text, contained_vat, is_whole, round_money, without_percent
from theatre.rules.tiers import Tier


@dataclass(frozen=True, slots=True)
class Line:
    """A ticket to be priced: `seat` is its label, `list_price` the amount frozen at hold."""

    ticket: int | str
    seat: str
    kind: str
    list_price: Decimal
    audience: str = "adult"


@dataclass(frozen=True, slots=True)
class Discount:
    """An amount taken off one ticket; `kind` is tier, coupon or complimentary."""

    kind: str
    label: str
    percent: Percent
    amount: Decimal


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """One ticket's way from list price to price: `list` = the discounts' amounts + `price`; `vat` is
    contained.
    """

    ticket: int | str
    seat: str
    kind: str
    audience: str
    list: Decimal
    discounts: tuple[Discount, ...]
    price: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True)
class Quote:
    """A whole booking's price; every sum here is the sum of its lines.

    `tier` and `coupon_code` name what was taken off; `coupon_applied` says whether the coupon's use is spent.
    `note_code` and `note` explain a coupon and a tier that could not both apply.
    """

    lines: tuple[QuotedLine, ...]
    list_total: Decimal
    discount_total: Decimal
    total: Decimal
    vat: Decimal
    currency: str
    places: int
    tier: Tier | None
    coupon_code: str | None
    note_code: str | None = None
    note: str | None = None

    @property
    def coupon_applied(self) -> bool:
        """Whether the coupon took something off, so that its use is spent."""
        return self.coupon_code is not None


@dataclass(frozen=True, slots=True)
class _Step:
    kind: str
    label: str
    percent: Percent


def quote(
    lines: Sequence[Line],
    *,
    tier: Tier | None,
    coupon: CouponTerms | None,
    places: int,
    vat_rate: Percent,
    currency: str,
    complimentary: bool = False,
) -> Quote:
    """The price of a booking: per ticket list price → tier discount → coupon → price.

    Each price is rounded half-up once, to the currency's `places` (0, 2 or 3). A combinable coupon comes off
    what the tier leaves; any other replaces the tier's discount if it makes the whole booking cheaper. A
    coupon that saves nothing more is not applied. A complimentary booking costs nothing and spends no coupon.
    A list price that is negative or needs rounding is a ValueError.
    """
    for line in lines:
        if line.list_price < 0 or not is_whole(line.list_price, places):
            raise ValueError(f"A list price is 0 or more and has at most {places} places: {line.list_price}")
    steps, note_code, note = _choose(lines, tier, coupon, places, complimentary)
    priced = tuple(_priced(line, steps, places, vat_rate) for line in lines)
    nothing = round_money(0, places)
    total = sum((line.price for line in priced), nothing)
    list_total = sum((line.list for line in priced), nothing)
    kinds = {step.kind for step in steps}
    return Quote(
        lines=priced,
        list_total=list_total,
        discount_total=list_total - total,
        total=total,
        vat=sum((line.vat for line in priced), nothing),
        currency=currency,
        places=places,
        tier=tier if "tier" in kinds else None,
        coupon_code=coupon.code if coupon and "coupon" in kinds else None,
        note_code=note_code,
        note=note,
    )


def as_json(quoted: Quote) -> dict[str, Any]:
    """The quote as the API gives it: money as text with exactly the currency's places."""
    places = quoted.places
    return {
        "lines": [
            {
                "ticket": line.ticket,
                "seat": line.seat,
                "audience": line.audience,
                "list": as_text(line.list, places),
                "discounts": [
                    {"kind": taken.kind, "label": taken.label, "amount": as_text(taken.amount, places)}
                    for taken in line.discounts
                ],
                "price": as_text(line.price, places),
                "vat": as_text(line.vat, places),
            }
            for line in quoted.lines
        ],
        "total": as_text(quoted.total, places),
        "currency": quoted.currency,
    }


def _choose(
    lines: Sequence[Line], tier: Tier | None, coupon: CouponTerms | None, places: int, complimentary: bool
) -> tuple[list[_Step], str | None, str | None]:
    """Which discounts apply, in their order, and the note that explains a choice."""
    if complimentary:
        return [_Step("complimentary", "Complimentary", 100)], None, None
    by_tier = [_Step("tier", tier.name, tier.percent)] if tier and tier.percent else []
    if coupon is None:
        return by_tier, None, None
    by_coupon = [_Step("coupon", coupon.code, coupon.percent)]
    with_coupon = by_tier + by_coupon if coupon.combinable else by_coupon
    saves = _total(lines, by_tier, places) - _total(lines, with_coupon, places)
    if saves > 0:
        if by_tier and not coupon.combinable:
            note = f"Your coupon saves more than {by_tier[0].label}, so we used the coupon"
            return with_coupon, "coupon_instead_of_tier", note
        return with_coupon, None, None
    if by_tier and not coupon.combinable:
        much = "more than" if saves < 0 else "as much as"
        note = f"{by_tier[0].label} saves {much} {coupon.code}, so we kept {by_tier[0].label} and your coupon"
        return by_tier, "tier_instead_of_coupon", note
    return by_tier, "coupon_saves_nothing", f"{coupon.code} would save nothing here, so you keep it"


def _total(lines: Sequence[Line], steps: list[_Step], places: int) -> Decimal:
    return sum((_prices(line, steps, places)[-1] for line in lines), Decimal(0))


def _prices(line: Line, steps: list[_Step], places: int) -> list[Decimal]:
    """The list price and what each step leaves of it. Every figure is rounded from the exact one, not from
    the last.
    """
    left = line.list_price
    shown = [round_money(left, places)]
    for step in steps:
        left = without_percent(left, step.percent)
        shown.append(round_money(left, places))
    return shown


def _priced(line: Line, steps: list[_Step], places: int, vat_rate: Percent) -> QuotedLine:
    shown = _prices(line, steps, places)
    return QuotedLine(
        ticket=line.ticket,
        seat=line.seat,
        kind=line.kind,
        audience=line.audience,
        list=shown[0],
        discounts=tuple(
            Discount(step.kind, step.label, step.percent, before - after)
            for step, before, after in zip(steps, shown, shown[1:], strict=False)
            if before != after
        ),
        price=shown[-1],
        vat=contained_vat(shown[-1], vat_rate, places),
    )
