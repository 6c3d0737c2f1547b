"""What a day or a week becomes when it is copied."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from theatre.rules import copying, shows
from theatre.rules.cards import Card, Daypart
from theatre.rules.copying import Copy, Into, Source
from theatre.rules.shows import Busy

BERLIN = ZoneInfo("Europe/Berlin")
THREE = [BERLIN, ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")]
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def at(*parts: int, zone: ZoneInfo = BERLIN, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=zone, fold=fold).astimezone(UTC)


def source(starts_at: datetime, **wanted) -> Source:
    return Source(
        **{
            "id": 1, "movie_id": 1, "title": "Owl", "certificate": "12", "minutes": 100, "movie_state": "showing",
            "screen_id": 1, "screen": "Screen 1", "cleaning": 20, "screen_works": True, "starts_at": starts_at,
            "on_sale_from": None, "on_sale_until": None, "card_id": 1, **wanted,
        }
    )  # fmt: skip


WEEKDAY = Card(1, "Weekday", is_default=True)
WEEKEND = Card(2, "Weekend", dayparts=(Daypart(frozenset({5, 6})),))
GALA = Card(3, "Gala")


def copied(
    *sources: Source, days: int = 7, zone: ZoneInfo = BERLIN, on_sale: bool = True, **wanted
) -> tuple[Copy, ...]:
    into = {
        "zone": zone, "now": LONG_AGO, "busy": {}, "there": (), "cards": [WEEKDAY, WEEKEND, GALA], "trailers": 15,
        "children_until": time(22), **wanted,
    }  # fmt: skip
    return copying.copies(sources, Into(**into), days=days, on_sale=on_sale)


@pytest.fixture(autouse=True)
def far_away(monkeypatch) -> None:
    """These shows are copied from long ago: how far ahead one may plan is tried elsewhere."""
    monkeypatch.setattr(shows, "_FURTHEST", timedelta(days=36_500))


def test_a_copy_has_the_same_wall_time_and_its_own_ends():
    [copy] = copied(source(at(2026, 6, 12, 20, 15)))

    assert (copy.starts_at, copy.ends_at, copy.clean_at) == (
        at(2026, 6, 19, 20, 15), at(2026, 6, 19, 22, 10), at(2026, 6, 19, 22, 30),
    )  # fmt: skip
    assert (copy.wall, copy.problem, copy.note) == (datetime(2026, 6, 19, 20, 15), "", "")  # noqa: DTZ001


def test_the_on_sale_window_moves_along():
    [copy] = copied(
        source(
            at(2026, 10, 23, 20, 15),
            on_sale_from=at(2026, 10, 20, 10, 0),
            on_sale_until=at(2026, 10, 23, 20, 0),
        )
    )

    assert (copy.on_sale_from, copy.on_sale_until) == (at(2026, 10, 27, 10, 0), at(2026, 10, 30, 20, 0))


def test_a_time_the_clocks_skip_cannot_be_copied():
    night, before = copied(source(at(2026, 3, 22, 2, 30)), source(at(2026, 3, 22, 0, 0), id=2, screen_id=2))[
        ::-1
    ]

    assert night.problem.startswith("The clocks go forward over 02:30 on 29 March")
    assert not night.fits
    assert before.starts_at == at(2026, 3, 29, 0, 0)


def test_a_time_the_clocks_repeat_means_the_first_and_says_so():
    [copy] = copied(source(at(2026, 10, 18, 2, 30)))

    assert copy.starts_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert copy.note == "02:30 comes twice that night: the first is meant"


def test_the_second_of_two_times_stays_the_second_a_year_later():
    [copy] = copied(source(at(2026, 10, 25, 2, 30, fold=1)), days=364)
    [again] = copied(source(at(2026, 10, 25, 2, 30, fold=1)), days=0)

    assert copy.starts_at == at(2027, 10, 24, 2, 30)
    assert again.note == "02:30 comes twice that night: the second is meant"


def test_what_stands_in_the_way_is_said():
    start = at(2026, 6, 12, 20, 15)
    taken = Busy(at(2026, 6, 19, 19, 0), at(2026, 6, 19, 21, 0), at(2026, 6, 19, 20, 40))

    problems = {
        copy.problem
        for wanted, more in (
            ({}, {"busy": {1: [taken]}}),
            ({}, {"there": {(1, 1, at(2026, 6, 19, 20, 15))}}),
            ({}, {"now": at(2026, 6, 20, 0, 0)}),
            ({"movie_state": "retired"}, {}),
            ({"movie_state": "draft"}, {}),
            ({"minutes": None}, {}),
            ({"screen_works": False}, {}),
        )
        for copy in copied(source(start, **wanted), **more)
    }

    assert problems == {
        "Screen 1 is busy until 20:40. The earliest start is 21:00",
        "It is there already",
        "That time has passed. Choose one that is still to come",
        "Owl is retired. Bring it back first, or choose another movie",
        "Owl is a draft. Publish it, then put its shows on sale",
        "This movie has no running time yet. Enter it, then plan the show",
        "Screen 1 is out of use",
    }


def test_a_draft_is_planned_but_not_sold():
    [copy] = copied(source(at(2026, 6, 12, 20, 15), movie_state="draft"), on_sale=False)

    assert copy.fits


def test_copies_do_not_overlap_each_other_when_a_movie_became_longer():
    first, second, third = copied(
        source(at(2026, 6, 12, 18, 0), minutes=140),
        source(at(2026, 6, 12, 20, 15), id=2),
        source(at(2026, 6, 12, 20, 15), id=3, screen_id=2),
    )

    assert [copy.fits for copy in (first, second, third)] == [True, False, True]
    assert second.problem == "Screen 1 is busy until 20:35. The earliest start is 20:55"


@pytest.mark.parametrize(
    ("card_id", "days", "becomes"),
    [(1, 7, WEEKDAY), (1, 1, WEEKEND), (3, 1, GALA), (3, 7, GALA), (99, 7, WEEKDAY), (2, 7, WEEKEND)],
)
def test_a_copy_takes_the_card_of_its_time_unless_another_was_chosen(card_id, days, becomes):
    [copy] = copied(source(at(2026, 6, 12, 20, 15), card_id=card_id), days=days)

    assert copy.card == becomes


def test_without_a_card_there_is_no_copy():
    [copy] = copied(source(at(2026, 6, 12, 20, 15)), cards=[])

    assert copy.problem == "No price card is meant for that time. Make one the default first"


def test_a_late_show_for_children_is_noted_and_not_in_the_way():
    [copy] = copied(source(at(2026, 6, 12, 20, 45), certificate="PG"))

    assert copy.fits
    assert copy.note.startswith("This show ends at 22:40, and the certificate PG brings children.")


DAYS = st.dates(date(2020, 1, 8), date(2035, 12, 20))
ZONE = st.sampled_from(THREE)
# Starts and lengths of one screen's shows of a week, as minutes since its first midnight.
WEEKS = st.lists(st.tuples(st.integers(0, 7 * 288 - 1), st.integers(1, 240)), max_size=20)


@given(DAYS, ZONE, WEEKS, st.sampled_from([-7, -1, 1, 7, 28, 364]))
def test_a_copied_week_keeps_wall_times_and_never_overlaps(first, zone, week, days):
    begins, _ = copying.day_bounds(first, 7, zone)
    sources = [
        source(begins.astimezone(UTC) + 5 * MINUTE * step, id=number, minutes=minutes)
        for number, (step, minutes) in enumerate(week)
    ]

    made = copied(*sources, days=days, zone=zone)

    assert sorted(copy.source.id for copy in made) == sorted(each.id for each in sources)
    spans = []
    for copy in made:
        before = shows.to_local(copy.source.starts_at, zone).replace(tzinfo=None, fold=0)
        assert copy.wall == before + timedelta(days=days)
        if copy.fits:
            assert shows.to_local(copy.starts_at, zone).replace(tzinfo=None, fold=0) == copy.wall
            assert copy.ends_at - copy.starts_at == (15 + copy.source.minutes) * MINUTE
            spans.append(Busy(copy.starts_at, copy.clean_at, copy.ends_at))
    assert not any(one.overlaps(other) for at, one in enumerate(spans) for other in spans[at + 1 :])


@given(DAYS, ZONE, WEEKS, st.sampled_from([1, 7]))
def test_copying_again_makes_nothing(first, zone, week, days):
    begins, _ = copying.day_bounds(first, 7, zone)
    sources = [
        source(begins.astimezone(UTC) + 5 * MINUTE * step, id=number, minutes=minutes)
        for number, (step, minutes) in enumerate(week)
    ]
    made = [copy for copy in copied(*sources, days=days, zone=zone) if copy.fits]

    again = copied(
        *(copy.source for copy in made),
        days=days,
        zone=zone,
        busy={1: [Busy(copy.starts_at, copy.clean_at, copy.ends_at) for copy in made]},
        there={(1, 1, copy.starts_at) for copy in made},
    )

    assert {copy.problem for copy in again} <= {"It is there already"}


@given(DAYS, ZONE)
def test_days_follow_each_other_without_a_gap(first, zone):
    _, ends = copying.day_bounds(first, 1, zone)
    begins, _ = copying.day_bounds(first + timedelta(days=1), 1, zone)

    assert ends == begins
    assert shows.to_local(begins, zone).hour == 0
