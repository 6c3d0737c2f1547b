"""Amounts of money: Decimal in the theatre's one currency, rounded half-up, never a float.

Source: domain.md, "Money". A float, or an amount that is not a number, is a programming error and raises
TypeError or ValueError; no guest can cause one.
"""

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal

Percent = Decimal | int
UNITS = {0: Decimal("1"), 2: Decimal("0.01"), 3: Decimal("0.001")}

_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
_NO_SMALLER_UNIT = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split())
_THOUSANDTHS = frozenset("BHD IQD JOD KWD LYD OMR TND".split())


def places_of(currency: str) -> int:
    """How many places the currency's smallest unit has (ISO 4217): 0, 2 or 3."""
    if len(currency) != 3 or not currency.isascii() or not currency.isupper():
        raise ValueError(f"A currency is three capital letters, like EUR: {currency!r}")
    if currency in _NO_SMALLER_UNIT:
        return 0
    return 3 if currency in _THOUSANDTHS else 2


def exact(amount: Decimal | int) -> Decimal:
    """The amount as a finite Decimal. Floats and booleans are a TypeError, NaN and infinity a ValueError."""
    if isinstance(amount, bool) or not isinstance(amount, Decimal | int):
        raise TypeError(f"Money is Decimal, not {type(amount).__name__}")
    value = Decimal(amount)
    if not value.is_finite():
        raise ValueError(f"Money is a finite number, not {value}")
    return value


def unit(places: int) -> Decimal:
    """The smallest unit: 1, 0.01 or 0.001."""
    if places not in UNITS:
        raise ValueError(f"A currency has 0, 2 or 3 places, not {places}")
    return UNITS[places]


def round_money(amount: Decimal | int, places: int) -> Decimal:
    """The amount rounded half-up (away from zero) to the smallest unit."""
    rounded = exact(amount).quantize(unit(places), context=_EXACT)
    return _EXACT.add(rounded, 0)  # no amount is −0.00


def is_whole(amount: Decimal | int, places: int) -> bool:
    """Whether the amount needs no rounding."""
    return round_money(amount, places) == amount


def without_percent(amount: Decimal | int, percent: Percent) -> Decimal:
    """What is left of the amount, not rounded. Percent 0–100, else ValueError."""
    share = exact(percent)
    if not 0 <= share <= 100:
        raise ValueError(f"A percentage lies between 0 and 100: {share}")
    return _EXACT.divide(_EXACT.multiply(exact(amount), 100 - share), Decimal(100))


def percent_of(amount: Decimal | int, percent: Percent, places: int) -> Decimal:
    """That share of the amount, rounded half-up. Percent 0–100, else ValueError."""
    return round_money(exact(amount) - without_percent(amount, percent), places)


def contained_vat(gross: Decimal | int, rate: Percent, places: int) -> Decimal:
    """The VAT that a gross amount contains at a rate in percent, rounded half-up: 10.70 at 7 holds 0.70."""
    share = exact(rate)
    if share < 0:
        raise ValueError(f"A VAT rate is not negative: {share}")
    return round_money(_EXACT.divide(_EXACT.multiply(exact(gross), share), 100 + share), places)


def percent_text(percent: Percent) -> str:
    """A percentage as it is written: `5`, `7.5`, never `5.00`."""
    text = f"{exact(percent):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def split(total: Decimal, weights: Sequence[Decimal | int], places: int) -> list[Decimal]:
    """The total in parts by weight that add up to it exactly; odd units go to the largest remainders, first
    ones first.

    The total is whole and not negative, the weights not negative and not all zero, else ValueError.
    """
    shares = [exact(weight) for weight in weights]
    if not is_whole(total, places) or total < 0:
        raise ValueError(f"Only a whole amount of 0 or more can be split: {total}")
    whole = sum(shares)
    if whole <= 0 or min(shares) < 0:
        raise ValueError("Weights are 0 or more and not all zero")
    ideal = [_EXACT.divide(_EXACT.multiply(total, share), whole) for share in shares]
    parts = [part.quantize(unit(places), rounding=ROUND_DOWN, context=_EXACT) for part in ideal]
    odd = int((total - sum(parts)) / unit(places))
    by_remainder = sorted(range(len(parts)), key=lambda index: parts[index] - ideal[index])
    for index in by_remainder[:odd]:
        parts[index] += unit(places)
    return parts


def as_text(amount: Decimal | int, places: int) -> str:
    """The amount with exactly the currency's places, `12.50`. One that needs rounding is a ValueError."""
    rounded = round_money(amount, places)
    if rounded != amount:
        raise ValueError(f"{amount} has more than {places} places")
    return f"{rounded:f}"
