from decimal import Decimal as D
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from theatre.rules.coupons import CouponTerms
from theatre.rules.pricing import Discount, Line, Quote, as_json, quote
from theatre.rules.tiers import Tier

SILVER, GOLD = Tier("Silver", 100, 5), Tier("Gold", 300, 10)
SUMMER15 = CouponTerms("SUMMER15", 15, combinable=False)
WITH_TIER = CouponTerms("PLUS15", 15, combinable=True)


def two_premium(price: str = "14.00") -> list[Line]:
    return [Line(1, "F 7", "premium", D(price)), Line(2, "F 8", "premium", D(price))]


def quoted(lines, tier=None, coupon=None, places=2, vat_rate=20, currency="EUR", **more) -> Quote:
    return quote(lines, tier=tier, coupon=coupon, places=places, vat_rate=vat_rate, currency=currency, **more)


def test_without_discounts_the_price_is_the_list_price():
    result = quoted(two_premium())

    assert (result.list_total, result.discount_total, result.total) == (D("28.00"), D("0.00"), D("28.00"))
    assert result.vat == D("4.66")  # 2.33 in each ticket, not 4.67 of the whole
    assert [line.discounts for line in result.lines] == [(), ()]
    assert result.coupon_applied is False
    assert result.note is None


def test_a_tier_comes_off_every_ticket():
    result = quoted(two_premium(), tier=SILVER)

    assert result.total == D("26.60")
    assert result.discount_total == D("1.40")
    assert result.tier == SILVER
    assert result.lines[0].discounts == (Discount("tier", "Silver", 5, D("0.70")),)
    assert result.lines[0].price == D("13.30")
    assert result.lines[0].vat == D("2.22")


def test_a_combinable_coupon_comes_off_what_the_tier_leaves():
    result = quoted(two_premium(), tier=SILVER, coupon=WITH_TIER)

    first = result.lines[0]
    assert [(taken.kind, taken.label, taken.amount) for taken in first.discounts] == [
        ("tier", "Silver", D("0.70")),
        ("coupon", "PLUS15", D("1.99")),  # 14.00 × 0.95 × 0.85 = 11.305, rounded once
    ]
    assert first.price == D("11.31")
    assert result.total == D("22.62")
    assert (result.coupon_code, result.coupon_applied, result.tier) == ("PLUS15", True, SILVER)
    assert result.note is None


def test_the_better_discount_wins_when_they_cannot_be_combined():
    result = quoted(two_premium(), tier=SILVER, coupon=SUMMER15)

    assert result.total == D("23.80")
    assert (result.coupon_code, result.tier) == ("SUMMER15", None)
    assert result.note_code == "coupon_instead_of_tier"
    assert result.note == "Your coupon saves more than Silver, so we used the coupon"


def test_a_tier_that_saves_more_keeps_the_coupon_unspent():
    result = quoted(two_premium(), tier=Tier("Platinum", 500, 20), coupon=SUMMER15)

    assert result.total == D("22.40")
    assert (result.coupon_code, result.coupon_applied) == (None, False)
    assert result.note_code == "tier_instead_of_coupon"
    assert result.note == "Platinum saves more than SUMMER15, so we kept Platinum and your coupon"


def test_a_tie_goes_to_the_tier_so_that_the_coupon_is_not_spent():
    result = quoted(two_premium(), tier=GOLD, coupon=CouponTerms("TEN", 10, combinable=False))

    assert result.tier == GOLD
    assert result.coupon_applied is False
    assert result.note == "Gold saves as much as TEN, so we kept Gold and your coupon"


def test_the_whole_booking_decides_and_not_one_ticket():
    lines = [Line(1, "A 1", "standard", D("0.09")), Line(2, "A 2", "standard", D("30.00"))]

    result = quoted(lines, tier=SILVER, coupon=CouponTerms("SIX", 6, combinable=False))

    assert result.coupon_code == "SIX"
    assert [line.price for line in result.lines] == [D("0.08"), D("28.20")]


def test_a_coupon_alone_needs_no_note():
    result = quoted(two_premium(), coupon=SUMMER15)

    assert result.total == D("23.80")
    assert result.coupon_applied is True
    assert (result.note_code, result.note) == (None, None)


@pytest.mark.parametrize(("tier", "coupon"), [(None, SUMMER15), (SILVER, WITH_TIER), (None, WITH_TIER)])
def test_a_coupon_that_saves_nothing_is_not_spent(tier, coupon):
    result = quoted([Line(1, "A 1", "standard", D("0.01"))], tier=tier, coupon=coupon)

    assert result.total == D("0.01")
    assert result.coupon_applied is False
    assert result.note_code == "coupon_saves_nothing"
    assert result.note == f"{coupon.code} would save nothing here, so you keep it"


def test_a_tier_without_a_discount_is_no_discount():
    result = quoted(two_premium(), tier=Tier("Friend", 10, 0), coupon=SUMMER15)

    assert result.coupon_applied is True
    assert result.tier is None
    assert result.note is None


def test_a_complimentary_booking_costs_nothing_and_spends_no_coupon():
    result = quoted(two_premium(), tier=SILVER, coupon=SUMMER15, complimentary=True)

    assert (result.list_total, result.discount_total, result.total, result.vat) == (D(28), D(28), D(0), D(0))
    assert result.lines[0].discounts == (Discount("complimentary", "Complimentary", 100, D("14.00")),)
    assert (result.tier, result.coupon_code, result.note) == (None, None, None)


def test_a_full_coupon_makes_it_free():
    result = quoted(two_premium(), coupon=CouponTerms("GIFT", 100, combinable=False))

    assert result.total == D("0.00")
    assert result.lines[1].discounts[0].amount == D("14.00")


@pytest.mark.parametrize(
    ("currency", "places", "price", "tier_off", "charged", "vat"),
    [
        ("EUR", 2, "10.10", "0.50", "9.60", "1.60"),  # 9.595
        ("JPY", 0, "1900", "95", "1805", "301"),
        ("JPY", 0, "1850", "92", "1758", "293"),  # 1757.5
        ("KWD", 3, "3.250", "0.162", "3.088", "0.515"),  # 3.0875
    ],
)
def test_each_price_is_rounded_once_to_the_currencys_smallest_unit(
    currency, places, price, tier_off, charged, vat
):
    result = quoted([Line(1, "A 1", "standard", D(price))], tier=SILVER, places=places, currency=currency)

    line = result.lines[0]
    assert [str(line.discounts[0].amount), str(line.price), str(line.vat)] == [tier_off, charged, vat]


def test_ten_tickets_are_rounded_ten_times_and_not_once():
    lines = [Line(number, f"A {number}", "standard", D("10.10")) for number in range(10)]

    assert quoted(lines, tier=SILVER).total == D("96.00")  # not 95.95


def test_prices_come_from_the_database_with_three_places():
    result = quoted([Line(1, "A 1", "standard", D("14.000"))], tier=Tier("Silver", 100, D("5.00")))

    assert str(result.total) == "13.30"


def test_the_answer_of_the_api_holds_money_as_text():
    result = quoted([Line("t1", "F 7", "premium", D("14.0")), Line("t2", "F 8", "vip", D(18))], tier=SILVER)

    assert as_json(result) == {
        "lines": [
            {
                "ticket": "t1",
                "seat": "F 7",
                "audience": "adult",
                "list": "14.00",
                "discounts": [{"kind": "tier", "label": "Silver", "amount": "0.70"}],
                "price": "13.30",
                "vat": "2.22",
            },
            {
                "ticket": "t2",
                "seat": "F 8",
                "audience": "adult",
                "list": "18.00",
                "discounts": [{"kind": "tier", "label": "Silver", "amount": "0.90"}],
                "price": "17.10",
                "vat": "2.85",
            },
        ],
        "total": "30.40",
        "currency": "EUR",
    }


def test_yen_have_no_point():
    answer = as_json(quoted([Line(1, "A 1", "standard", D(1900))], tier=SILVER, places=0, currency="JPY"))

    assert (answer["total"], answer["lines"][0]["vat"], answer["currency"]) == ("1805", "301", "JPY")


def test_kind_and_audience_stay_with_their_ticket():
    result = quoted([Line(1, "F 7", "premium", D(9), audience="child")])

    assert (result.lines[0].kind, result.lines[0].audience) == ("premium", "child")


def test_no_tickets_cost_nothing():
    result = quoted([], tier=SILVER)

    assert (result.lines, result.total, result.vat) == ((), D("0.00"), D("0.00"))


@pytest.mark.parametrize("price", ["-0.01", "10.001"])
def test_a_list_price_is_whole_and_not_negative(price):
    with pytest.raises(ValueError, match="list price"):
        quoted([Line(1, "A 1", "standard", D(price))])


PLACES = st.sampled_from([0, 2, 3])
TIERS = st.none() | st.builds(Tier, st.just("Silver"), st.just(100), st.decimals(0, 100, places=2))
COUPONS = st.none() | st.builds(CouponTerms, st.just("ANY"), st.integers(1, 100), st.booleans())


@st.composite
def bookings(draw):
    places = draw(PLACES)
    units = draw(st.lists(st.integers(0, 10_000_000), min_size=1, max_size=12))
    lines = [Line(n, f"A {n}", "standard", D(unit).scaleb(-places)) for n, unit in enumerate(units)]
    return lines, places


def rounded(value: Fraction, places: int) -> Fraction:
    return Fraction((value * 10**places * 2 + 1) // 2, 10**places)


@given(bookings(), TIERS, COUPONS, st.decimals(0, 30, places=1), st.booleans())
def test_parts_always_add_up_to_the_total(booking, tier, coupon, vat_rate, complimentary):
    lines, places = booking

    result = quoted(lines, tier, coupon, places, vat_rate, complimentary=complimentary)

    for line in result.lines:
        assert line.list == line.price + sum(taken.amount for taken in line.discounts)
        assert all(taken.amount > 0 for taken in line.discounts)
        assert 0 <= line.vat <= line.price <= line.list
    assert result.total == sum(line.price for line in result.lines)
    assert result.vat == sum(line.vat for line in result.lines)
    assert result.list_total == result.total + result.discount_total


@given(bookings(), TIERS, COUPONS)
def test_every_price_agrees_with_whole_number_arithmetic(booking, tier, coupon):
    lines, places = booking

    result = quoted(lines, tier, coupon, places)

    by_tier = Fraction(result.tier.percent) if result.tier else Fraction(0)
    by_coupon = Fraction(coupon.percent) if coupon and result.coupon_applied else Fraction(0)
    for line in result.lines:
        exact = Fraction(line.list) * (100 - by_tier) / 100 * (100 - by_coupon) / 100
        assert line.price == rounded(exact, places)


@given(bookings(), TIERS, COUPONS)
def test_a_coupon_never_makes_a_booking_dearer_and_is_spent_only_when_it_saves(booking, tier, coupon):
    lines, places = booking

    without, having = quoted(lines, tier, None, places), quoted(lines, tier, coupon, places)

    assert having.total <= without.total
    assert having.coupon_applied is (having.total < without.total)


@given(bookings(), TIERS, st.integers(1, 100))
def test_the_better_of_two_is_the_cheaper_of_two(booking, tier, percent):
    lines, places = booking
    alone = CouponTerms("ANY", percent, combinable=False)

    both = quoted(lines, tier, alone, places)

    assert both.total == min(
        quoted(lines, tier, None, places).total, quoted(lines, None, alone, places).total
    )
