from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from theatre.rules import moments

DUBLIN = ZoneInfo("Europe/Dublin")
DHAKA = ZoneInfo("Asia/Dhaka")
NOW = datetime(2026, 6, 12, 18, 45, tzinfo=UTC)


def test_the_clock_shows_the_theatres_hour():
    assert moments.clock(NOW, DUBLIN) == "19:45"
    assert moments.clock(NOW, DHAKA) == "00:45"


def test_the_day_has_its_year_only_when_it_is_another():
    assert moments.day(NOW, DUBLIN, now=NOW) == "12 June"
    assert moments.day(NOW, DHAKA, now=NOW) == "13 June"
    assert moments.day(datetime(2025, 5, 31, 12, tzinfo=UTC), DUBLIN, now=NOW) == "31 May 2025"


def test_the_present_day_is_told_by_the_hour():
    assert moments.clock_or_day(NOW - timedelta(hours=1), DUBLIN, now=NOW) == "at 18:45"
    assert moments.clock_or_day(NOW - timedelta(days=1), DUBLIN, now=NOW) == "on 11 June"


def test_a_moment_without_a_zone_is_not_guessed():
    with pytest.raises(ValueError, match="zone"):
        moments.clock(datetime(2026, 6, 12, 18, 45), DUBLIN)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(0), "0 minutes"),
        (timedelta(minutes=-5), "0 minutes"),
        (timedelta(seconds=1), "1 minute"),
        (timedelta(minutes=40), "40 minutes"),
        (timedelta(minutes=59, seconds=1), "1 hour"),
        (timedelta(hours=2), "2 hours"),
        (timedelta(minutes=90), "1 hour 30 minutes"),
        (timedelta(hours=25), "25 hours"),
        (timedelta(days=2), "2 days"),
        (timedelta(days=9, hours=5), "9 days"),
    ],
)
def test_a_span_is_told_in_whole_minutes(span, words):
    assert moments.duration(span) == words


def test_numbers_agree_with_their_word():
    assert moments.counted(1, "ticket") == "1 ticket"
    assert moments.counted(2, "ticket") == "2 tickets"
    assert moments.counted(0, "person", "people") == "0 people"


def test_words_are_listed_as_they_are_spoken():
    assert moments.listed([]) == ""
    assert moments.listed(["F 7"]) == "F 7"
    assert moments.listed(["F 7", "F 8"]) == "F 7 and F 8"
    assert moments.listed(["F 7", "F 8", "F 9"]) == "F 7, F 8 and F 9"
    assert moments.listed(["2D", "3D"], joined_by="or") == "2D or 3D"
