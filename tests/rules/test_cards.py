"""Price cards: which one a show takes, and when a card is meant."""

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from theatre.rules.cards import (
    Card,
    Daypart,
    DaypartEndsBeforeItBegins,
    DaypartWithoutDays,
    card_for,
    check_daypart,
    taken_within,
    when,
)

MONDAY = datetime(2026, 3, 2)  # noqa: DTZ001 - a wall time
WEEK, WEEKEND = frozenset(range(7)), frozenset({5, 6})
MATINEE = Daypart(frozenset(range(5)), None, time(15))
LATE_FRIDAY = Daypart(frozenset({4}), time(17))
WEEKDAY_CARD = Card(1, "Weekday", is_default=True)
MATINEE_CARD = Card(2, "Matinee", dayparts=(MATINEE,))
WEEKEND_CARD = Card(3, "Weekend", dayparts=(Daypart(WEEKEND), LATE_FRIDAY))
CARDS = [WEEKDAY_CARD, MATINEE_CARD, WEEKEND_CARD]

moments = st.integers(0, 7 * 24 * 60 - 1).map(lambda minute: MONDAY + timedelta(minutes=minute))
times = st.none() | st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
parts = (
    st.tuples(st.frozensets(st.integers(0, 6), min_size=1), times, times)
    .filter(lambda part: part[1] is None or part[2] is None or part[1] < part[2])
    .map(lambda part: Daypart(*part))
)
cards = st.lists(st.lists(parts, max_size=3).map(tuple), max_size=5).map(
    lambda many: [Card(number, f"Card {number}", number == 0, each) for number, each in enumerate(many)]
)


@pytest.mark.parametrize(
    "days, clock, name",
    [
        (0, "14:59", "Matinee"),
        (0, "15:00", "Weekday"),
        (4, "16:59", "Weekday"),
        (4, "17:00", "Weekend"),
        (5, "00:30", "Weekend"),
        (5, "20:15", "Weekend"),
        (6, "11:00", "Weekend"),
        (0, "00:00", "Matinee"),
    ],
)
def test_card_of_a_show_is_that_of_its_daypart_else_the_default(days, clock, name):
    start = datetime.combine(MONDAY + timedelta(days=days), time.fromisoformat(clock))

    assert card_for(start, CARDS).name == name


def test_the_shortest_daypart_wins_and_of_two_the_first_by_name():
    every_day = Card(4, "Any time", dayparts=(Daypart(WEEK),))
    also_matinee = Card(5, "Kids", dayparts=(MATINEE,))

    assert card_for(MONDAY, [*CARDS, every_day]).name == "Matinee"
    assert card_for(MONDAY + timedelta(hours=20), [*CARDS, every_day]).name == "Any time"
    assert card_for(MONDAY, [also_matinee, *CARDS]).name == "Kids"


def test_without_a_fitting_daypart_and_a_default_there_is_none():
    assert card_for(MONDAY + timedelta(hours=20), [MATINEE_CARD]) is None
    assert card_for(MONDAY, []) is None


@given(moments, cards)
def test_a_card_fits_and_none_fits_more_closely(start, offers):
    chosen = card_for(start, offers)

    fitting = [part for card in offers for part in card.dayparts if part.covers(start)]
    if fitting:
        assert min(part.minutes for part in fitting) in [
            part.minutes for part in chosen.dayparts if part.covers(start)
        ]
    else:
        assert chosen == next((card for card in offers if card.is_default), None)
    assert card_for(start, list(reversed(offers))) == chosen


@given(parts)
def test_minutes_are_those_that_are_covered(part):
    covered = sum(part.covers(MONDAY + timedelta(minutes=minute)) for minute in range(7 * 24 * 60))

    assert part.minutes == covered
    assert check_daypart(part) == part


@settings(max_examples=20)
@given(parts, cards)
def test_cards_taken_within_a_daypart_are_those_of_its_minutes(part, offers):
    minutes = [MONDAY + timedelta(minutes=minute) for minute in range(7 * 24 * 60)]
    chosen = {card.id for start in minutes if part.covers(start) and (card := card_for(start, offers))}

    assert {card.id for card in taken_within(part, offers)} == chosen


def test_daypart_needs_days_and_an_end_after_its_beginning():
    with pytest.raises(DaypartWithoutDays):
        check_daypart(Daypart(frozenset()))
    for begins, ends in ((time(15), time(15)), (time(22), time(2))):
        with pytest.raises(DaypartEndsBeforeItBegins, match="is not after"):
            check_daypart(Daypart(WEEK, begins, ends))


def test_when_is_said_in_words():
    assert when([MATINEE]) == "Monday to Friday before 15:00"
    assert when(WEEKEND_CARD.dayparts) == "Saturday and Sunday; Friday from 17:00"
    assert when([Daypart(WEEK, time(10), time(12, 30))]) == "Every day from 10:00 to 12:30"
    assert when([Daypart(frozenset({0, 2, 4}))]) == "Monday, Wednesday and Friday"
    assert when([]) == ""
