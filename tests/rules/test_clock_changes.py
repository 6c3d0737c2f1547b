"""Nights on which the clocks change: 2020 to 2035 in ten zones, in both directions."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.clockchanges import ZONES, changes
from theatre.rules import bookings, copying, shows, vip
from theatre.rules.moments import clock

MINUTE = timedelta(minutes=1)
STEP = 10 * MINUTE
THREE = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]
NIGHTS = st.sampled_from(
    [(ZoneInfo(name), moment, forward) for name in THREE for moment, forward in changes(name)]
)
NEAR = st.integers(-36 * 60, 36 * 60).map(lambda minutes: minutes * MINUTE)


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


@pytest.mark.parametrize("name", ZONES)
def test_a_show_lasts_as_long_over_a_clock_change_and_the_next_follows_it(name):
    zone = ZoneInfo(name)
    for moment, _forward in changes(name):
        for early in range(0, 180, 15):
            start = moment - early * MINUTE
            ends = shows.ends_at(start, 15, 105)
            taken = shows.occupied(start, ends, 20)

            assert ends - start == 120 * MINUTE
            assert taken.until - start == 140 * MINUTE
            with pytest.raises(shows.ScreenBusy) as refused:
                shows.check_screen_free(taken, [taken], screen="Screen 1", zone=zone)
            assert datetime.fromisoformat(refused.value.data["earliest"]) == taken.until
            assert refused.value.sentence.startswith(f"Screen 1 is busy until {clock(ends, zone)}")


@pytest.mark.parametrize("name", ZONES)
def test_holds_and_reservations_are_counted_in_minutes_and_not_by_the_clocks(name):
    zone = ZoneInfo(name)
    for moment, _forward in changes(name):
        for early in range(1, 10):
            now = moment - early * MINUTE
            starts_at = moment + 6 * 60 * MINUTE
            held_until = bookings.hold_until(now, 8)
            longer = bookings.extension(
                now=now, held_until=held_until, starts_at=starts_at, extensions=0, minutes=8, zone=zone
            )

            assert held_until - now == 8 * MINUTE
            assert longer.held_until - held_until == 8 * MINUTE
            assert longer.latest == starts_at - 15 * MINUTE
            said = bookings.hold_ended(held_until, zone).sentence
            assert said.startswith(f"Your hold ended at {clock(held_until, zone)}")
            assert vip.release_at(starts_at=starts_at, minutes=360, now=now, zone=zone) == moment
            assert bookings.may_sell(moment - MINUTE, moment, by_staff=False, grace_minutes=20)
            assert bookings.may_sell(moment + 19 * MINUTE, moment, by_staff=True, grace_minutes=20)
            assert not bookings.may_sell(moment + 20 * MINUTE, moment, by_staff=True, grace_minutes=20)


@given(NIGHTS, NEAR)
def test_a_moment_near_a_change_comes_back_from_what_the_clocks_show(night, away):
    zone, change, _forward = night
    moment = (change + away).replace(second=0)
    local = shows.to_local(moment, zone)

    assert shows.to_utc(local.replace(tzinfo=None, fold=0), zone, second=bool(local.fold)) == moment


@given(NIGHTS, NEAR, st.integers(1, 900))
def test_later_is_later_near_a_change_also_where_the_clocks_say_otherwise(night, away, minutes):
    zone, change, _forward = night
    moment = change + away
    ends = shows.ends_at(moment, 15, minutes)

    assert ends - moment == (15 + minutes) * MINUTE
    wall = (
        shows.to_local(ends, zone).replace(tzinfo=None) - shows.to_local(moment, zone).replace(tzinfo=None)
    ) - (ends - moment)
    crossed = {forward for change_, forward in changes(str(zone)) if moment < change_ <= ends}
    assert wall == sum(crossed, timedelta(0))


@given(NIGHTS, NEAR, st.sampled_from([-28, -7, -1, 1, 7, 28, 364]))
def test_a_show_copied_near_a_change_keeps_its_wall_time_or_is_refused(night, away, days):
    zone, change, _forward = night
    moment = (change + away).replace(second=0)
    wall = _walls(moment, zone) + timedelta(days=days)
    try:
        copy = copying.days_later(moment, days, zone)
    except shows.SkippedTime:
        with pytest.raises(shows.SkippedTime):
            shows.to_utc(wall, zone)
    else:
        assert _walls(copy, zone) == wall
        assert copy.tzinfo is UTC


def _times(begins: datetime, ends: datetime, step: timedelta = STEP) -> list[datetime]:
    return [begins + step * n for n in range(int((ends - begins) / step))]


def _walls(moment: datetime, zone: ZoneInfo) -> datetime:
    return shows.to_local(moment, zone).replace(tzinfo=None, fold=0)
