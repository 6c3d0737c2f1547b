from decimal import Decimal

import pytest

from theatre.rules.audiences import AudienceNotOffered, offered, price_for

CARD = {
    ("standard", "student"): Decimal(9),
    ("standard", "adult"): Decimal(11),
    ("standard", "child"): Decimal(7),
    ("premium", "adult"): Decimal(14),
}


def test_audiences_are_offered_in_their_order_where_the_card_has_an_amount():
    assert offered(CARD, "standard") == ("adult", "child", "student")
    assert offered(CARD, "premium") == ("adult",)
    assert offered(CARD, "vip") == ()


def test_a_seat_has_the_amount_of_its_kind_and_audience():
    assert price_for(CARD, seat="F 7", kind="standard", audience="child") == 7


def test_an_audience_without_an_amount_is_refused_with_what_there_is():
    with pytest.raises(AudienceNotOffered) as refused:
        price_for(CARD, seat="G 1", kind="premium", audience="child")

    assert refused.value.sentence == (
        "G 1 has no price of its own for that age group. Choose another, or book it for an adult"
    )
    assert refused.value.data == {"offered": ["adult"]}
