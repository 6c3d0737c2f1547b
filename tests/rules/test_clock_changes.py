"""Nights on which the clocks change: 2020 to 2035 in ten zones, in both directions."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.rules.clockchanges import ZONES, changes
from theatre.rules import copying, shows

MINUTE = timedelta(minutes=1)
STEP = 10 * MINUTE


@pytest.mark.parametrize("name", ZONES)
def test_there_are_changes_to_try(name):
    assert len(list(changes(name))) >= 5


@pytest.mark.parametrize("name", ZONES)
def test_every_clock_change_skips_or_repeats_exactly_its_own_times(name):
    zone = ZoneInfo(name)
    for moment, forward in changes(name):
        old = (moment - MINUTE).astimezone(zone).replace(
            tzinfo=None, fold=0
        ) + MINUTE  # what the clocks would show
        begins, ends = sorted((old, old + forward))
        for wall in _times(begins - timedelta(hours=2), ends + timedelta(hours=2)):
            if not begins <= wall < ends:
                assert _walls(shows.to_utc(wall, zone), zone) == wall
            elif forward > timedelta(0):
                with pytest.raises(shows.SkippedTime):
                    shows.to_utc(wall, zone, second=True)
            else:
                with pytest.raises(shows.RepeatedTime):
                    shows.to_utc(wall, zone)
                first, second = (shows.to_utc(wall, zone, second=which) for which in (False, True))
                assert second - first == -forward
                assert first < moment <= second
                assert _walls(first, zone) == _walls(second, zone) == wall


@pytest.mark.parametrize("name", ZONES)
def test_a_week_copied_over_a_clock_change_keeps_its_wall_times(name):
    zone = ZoneInfo(name)
    for moment, _forward in changes(name):
        night = moment.astimezone(zone).replace(tzinfo=None, fold=0, minute=0, second=0)
        for days in (-7, 7):
            for wall in _times(night - timedelta(hours=8), night + timedelta(hours=20), 60 * MINUTE):
                source = shows.to_utc(wall - timedelta(days=days), zone, second=False)
                try:
                    copy = copying.days_later(source, days, zone)
                except shows.SkippedTime:
                    with pytest.raises(shows.SkippedTime):
                        shows.to_utc(wall, zone)
                else:
                    assert _walls(copy, zone) == wall


@pytest.mark.parametrize("name", ZONES)
def test_the_days_around_a_clock_change_follow_each_other_without_a_gap(name):
    zone = ZoneInfo(name)
    for moment, forward in changes(name):
        day = moment.astimezone(zone).date()
        week = copying.day_bounds(day - timedelta(days=3), 7, zone)
        days = [copying.day_bounds(day + timedelta(days=step), 1, zone) for step in range(-3, 4)]

        assert [begins for begins, _ in days[1:]] == [ends for _, ends in days[:-1]]
        assert (days[0][0], days[-1][1]) == week
        assert week[1].timestamp() - week[0].timestamp() == (timedelta(days=7) - forward).total_seconds()


def _times(begins: datetime, ends: datetime, step: timedelta = STEP) -> list[datetime]:
    return [begins + step * n for n in range(int((ends - begins) / step))]


def _walls(moment: datetime, zone: ZoneInfo) -> datetime:
    return shows.to_local(moment, zone).replace(tzinfo=None, fold=0)
