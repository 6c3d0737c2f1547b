from decimal import Decimal as D
from decimal import getcontext, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from theatre.rules import money

cents = st.decimals(min_value=0, max_value=1_000_000, places=2)
percents = st.decimals(min_value=0, max_value=100, places=2)


def exactly_half_up(value: Fraction, places: int) -> D:
    """The rounding of a value of 0 or more, by whole numbers alone."""
    units = (value * 10**places * 2 + 1) // 2
    return D(units).scaleb(-places)


@pytest.mark.parametrize(
    ("currency", "places"),
    [
        ("EUR", 2),
        ("USD", 2),
        ("BDT", 2),
        ("JPY", 0),
        ("KRW", 0),
        ("VND", 0),
        ("BHD", 3),
        ("KWD", 3),
        ("TND", 3),
    ],
)
def test_a_currency_has_the_places_of_its_smallest_unit(currency, places):
    assert money.places_of(currency) == places


@pytest.mark.parametrize("currency", ["", "EU", "EURO", "eur", "€€€", "ÄÖÜ", "12A4"])
def test_a_currency_is_three_capital_letters(currency):
    with pytest.raises(ValueError, match="three capital letters"):
        money.places_of(currency)


@pytest.mark.parametrize(
    ("amount", "places", "rounded"),
    [
        ("2.005", 2, "2.01"),
        ("2.0049999", 2, "2.00"),
        ("2.675", 2, "2.68"),
        ("-2.005", 2, "-2.01"),
        ("0.5", 0, "1"),
        ("1.4999", 0, "1"),
        ("0.0005", 3, "0.001"),
        ("12", 2, "12.00"),
        ("-0.001", 2, "0.00"),
    ],
)
def test_half_a_unit_is_rounded_away_from_zero(amount, places, rounded):
    assert str(money.round_money(D(amount), places)) == rounded


@given(st.decimals(min_value=0, max_value=10**9, places=5), st.sampled_from([0, 2, 3]))
def test_rounding_agrees_with_whole_number_arithmetic(amount, places):
    assert money.round_money(amount, places) == exactly_half_up(Fraction(amount), places)


def test_rounding_does_not_depend_on_the_callers_decimal_context():
    with localcontext() as context:
        context.prec = 3
        assert money.round_money(D("123456.785"), 2) == D("123456.79")
    assert getcontext().prec >= 28


@pytest.mark.parametrize("amount", [1.5, True, "1.50", None])
def test_money_is_never_a_float_or_a_text(amount):
    with pytest.raises(TypeError):
        money.round_money(amount, 2)


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity", "sNaN"])
def test_money_is_finite(amount):
    with pytest.raises(ValueError, match="finite"):
        money.round_money(D(amount), 2)


@pytest.mark.parametrize("places", [1, 4, -1])
def test_a_currency_has_none_two_or_three_places(places):
    with pytest.raises(ValueError, match="places"):
        money.round_money(D(1), places)


@pytest.mark.parametrize(
    ("amount", "percent", "places", "share"),
    [
        ("10.00", 5, 2, "0.50"),
        ("10.10", 5, 2, "0.51"),
        ("0.10", 5, 2, "0.01"),
        ("0.09", 5, 2, "0.00"),
        ("1050", D("7.5"), 0, "79"),
        ("4.500", 20, 3, "0.900"),
        ("13.37", 0, 2, "0.00"),
        ("13.37", 100, 2, "13.37"),
    ],
)
def test_a_percentage_of_an_amount(amount, percent, places, share):
    assert str(money.percent_of(D(amount), percent, places)) == share


@pytest.mark.parametrize("percent", [-1, 101, D("100.01")])
def test_a_percentage_lies_between_0_and_100(percent):
    with pytest.raises(ValueError, match="between 0 and 100"):
        money.percent_of(D(10), percent, 2)


def test_what_is_left_is_not_rounded():
    assert money.without_percent(D("10.10"), 5) == D("9.595")


@pytest.mark.parametrize(
    ("gross", "rate", "places", "vat"),
    [
        ("10.70", 7, 2, "0.70"),
        ("14.00", 9, 2, "1.16"),
        ("26.60", 20, 2, "4.43"),
        ("0.01", 20, 2, "0.00"),
        ("1100", 10, 0, "100"),
        ("5.250", 5, 3, "0.250"),
        ("12.00", 0, 2, "0.00"),
        ("9.99", D("13.5"), 2, "1.19"),
    ],
)
def test_vat_is_contained_in_the_price(gross, rate, places, vat):
    assert str(money.contained_vat(D(gross), rate, places)) == vat


def test_a_vat_rate_is_not_negative():
    with pytest.raises(ValueError, match="not negative"):
        money.contained_vat(D(10), -1, 2)


@given(cents, percents)
def test_vat_agrees_with_whole_number_arithmetic_and_never_exceeds_the_price(gross, rate):
    vat = money.contained_vat(gross, rate, 2)

    assert vat == exactly_half_up(Fraction(gross) * Fraction(rate) / (100 + Fraction(rate)), 2)
    assert 0 <= vat <= gross


@pytest.mark.parametrize(
    ("total", "weights", "places", "parts"),
    [
        ("10.00", [1, 1, 1], 2, ["3.34", "3.33", "3.33"]),
        ("0.05", [1, 1], 2, ["0.03", "0.02"]),
        ("100", [1, 2, 4], 0, ["14", "29", "57"]),
        ("1.000", [D("2.50"), 0, D("7.50")], 3, ["0.250", "0.000", "0.750"]),
        ("0.00", [3, 5], 2, ["0.00", "0.00"]),
    ],
)
def test_a_total_is_split_by_weight(total, weights, places, parts):
    assert [str(part) for part in money.split(D(total), weights, places)] == parts


@given(cents, st.lists(st.integers(0, 10_000), min_size=1, max_size=30).filter(any))
def test_parts_add_up_to_the_total_and_none_is_a_unit_off(total, weights):
    parts = money.split(total, weights, 2)

    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(Fraction(part) - Fraction(total) * weight / sum(weights)) < Fraction(1, 100)


@pytest.mark.parametrize(("total", "weights"), [("-1.00", [1]), ("0.005", [1])])
def test_only_whole_amounts_are_split(total, weights):
    with pytest.raises(ValueError, match="whole amount"):
        money.split(D(total), weights, 2)


@pytest.mark.parametrize("weights", [[], [0, 0], [2, -1]])
def test_weights_are_not_negative_and_not_all_zero(weights):
    with pytest.raises(ValueError, match="Weights"):
        money.split(D("1.00"), weights, 2)


@pytest.mark.parametrize(
    ("amount", "places", "text"),
    [
        ("12.5", 2, "12.50"),
        ("12.500", 2, "12.50"),
        ("0", 2, "0.00"),
        ("1E+3", 0, "1000"),
        ("0.25", 3, "0.250"),
    ],
)
def test_an_amount_is_written_with_exactly_its_places(amount, places, text):
    assert money.as_text(D(amount), places) == text


def test_nothing_is_rounded_away_in_writing():
    with pytest.raises(ValueError, match="more than 2 places"):
        money.as_text(D("12.505"), 2)


@pytest.mark.parametrize(
    ("percent", "text"),
    [(5, "5"), (D("5.00"), "5"), (D("7.50"), "7.5"), (100, "100"), (D("1E+1"), "10"), (0, "0")],
)
def test_a_percentage_is_written_without_empty_places(percent, text):
    assert money.percent_text(percent) == text
