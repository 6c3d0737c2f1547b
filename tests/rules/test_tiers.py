from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from theatre.rules.tiers import (
    DEFAULT_TIERS,
    Tier,
    TiersUnsound,
    check_tiers,
    kept_until,
    next_tier,
    tickets_to_next,
    tier_for,
)


@pytest.mark.parametrize(
    ("tickets", "name", "percent"),
    [
        (0, None, None),
        (99, None, None),
        (100, "Silver", 5),
        (299, "Silver", 5),
        (300, "Gold", 10),
        (312, "Gold", 10),
        (499, "Gold", 10),
        (500, "Platinum", 20),
        (100_000, "Platinum", 20),
    ],
)
def test_a_tier_is_reached_with_its_very_ticket(tickets, name, percent):
    tier = tier_for(tickets)

    assert (tier.name, tier.percent) == (name, percent) if tier else name is None


@pytest.mark.parametrize(
    ("tickets", "name", "missing"),
    [(0, "Silver", 100), (99, "Silver", 1), (100, "Gold", 200), (274, "Gold", 26), (300, "Platinum", 200)],
)
def test_the_next_tier_and_the_tickets_to_it(tickets, name, missing):
    assert next_tier(tickets).name == name
    assert tickets_to_next(tickets) == missing


def test_nothing_comes_after_the_top():
    assert next_tier(500) is None
    assert tickets_to_next(731) is None


def test_the_order_of_the_thresholds_does_not_matter():
    upside_down = DEFAULT_TIERS[::-1]

    assert tier_for(312, upside_down) == Tier("Gold", 300, 10)
    assert next_tier(312, upside_down) == Tier("Platinum", 500, 20)


def test_without_tiers_nobody_has_one():
    assert tier_for(1000, ()) is None
    assert next_tier(0, ()) is None


@given(st.integers(0, 2000))
def test_the_missing_tickets_lead_exactly_to_the_next_tier(tickets):
    ahead = next_tier(tickets)

    if ahead is not None:
        assert tier_for(tickets + tickets_to_next(tickets)) == ahead
        assert tier_for(tickets + tickets_to_next(tickets) - 1) != ahead


def test_sound_thresholds_come_back_from_the_lowest_up():
    assert check_tiers(DEFAULT_TIERS[::-1]) == DEFAULT_TIERS
    assert check_tiers(()) == ()


def test_the_outermost_thresholds_are_sound():
    tiers = (Tier("Guest", 1, 0), Tier("Friend", 2, 0), Tier("Patron", 3, 100))

    assert check_tiers(tiers) == tiers


@pytest.mark.parametrize(
    ("tiers", "field", "sentence"),
    [
        ([Tier(" ", 100, 5)], "name", "Enter a name for every tier"),
        (
            [Tier("Gold", 100, 5), Tier("gold ", 200, 6)],
            "name",
            "Two tiers have the same name. Give each its own",
        ),
        ([Tier("Silver", 0, 5)], "threshold", "Silver must start at 1 ticket or more"),
        ([Tier("Silver", 100, 101)], "percent", "The discount of Silver must lie between 0 and 100 percent"),
        ([Tier("Silver", 100, -1)], "percent", "The discount of Silver must lie between 0 and 100 percent"),
        (
            [Tier("Silver", 100, 5), Tier("Gold", 100, 10)],
            "threshold",
            "Silver and Gold both start at 100 tickets. Give each its own",
        ),
        (
            [Tier("Silver", 100, 5), Tier("Gold", 300, 4)],
            "percent",
            "Gold comes after Silver, so its discount must not be lower",
        ),
    ],
)
def test_thresholds_that_contradict_themselves_are_refused(tiers, field, sentence):
    with pytest.raises(TiersUnsound) as refused:
        check_tiers(tiers)

    assert (refused.value.field, refused.value.sentence) == (field, sentence)


def test_a_tier_is_kept_until_too_many_tickets_have_fallen_out():
    silver = Tier("Silver", 100, 5)
    drops = [(date(2027, 1, 5), 3), (date(2027, 2, 1), 4), (date(2027, 3, 9), 100)]

    assert kept_until(107, drops, silver) == date(2027, 3, 9)
    assert kept_until(103, drops, silver) == date(2027, 2, 1)
    assert kept_until(207, drops, silver) is None
