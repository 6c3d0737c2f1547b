from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from theatre.rules import shows
from theatre.rules.refusals import Refused
from theatre.rules.shows import Busy

DUBLIN = ZoneInfo("Europe/Dublin")
BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
DHAKA = ZoneInfo("Asia/Dhaka")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # its clocks change by half an hour
EVENING = datetime(2026, 6, 12, 19, 15, tzinfo=UTC)  # 20:15 in Dublin
MINUTE = timedelta(minutes=1)


def busy(start_minutes: int, movie_minutes: int, cleaning: int = 20) -> Busy:
    start = EVENING + start_minutes * MINUTE
    return shows.occupied(start, start + movie_minutes * MINUTE, cleaning)


def wall(*parts: int) -> datetime:
    return datetime(*parts)  # noqa: DTZ001


def test_a_show_ends_after_its_trailers_and_its_movie():
    assert shows.ends_at(EVENING, 15, 116) == EVENING + timedelta(minutes=131)


@pytest.mark.parametrize("minutes", [None, 0])
def test_a_movie_without_minutes_cannot_be_programmed(minutes):
    with pytest.raises(shows.MovieHasNoLength) as refused:
        shows.ends_at(EVENING, 15, minutes)
    assert refused.value.sentence == "This movie has no running time yet. Enter it, then plan the show"
    assert refused.value.field == "movie"


def test_a_screen_is_taken_until_it_has_been_cleaned():
    span = shows.occupied(EVENING, EVENING + 131 * MINUTE, 20)

    assert (span.start, span.until, span.movie_ends) == (
        EVENING,
        EVENING + 151 * MINUTE,
        EVENING + 131 * MINUTE,
    )


@pytest.mark.parametrize(
    ("start", "length", "clash"),
    [
        (120, 90, False),
        (119, 90, True),
        (-110, 90, False),
        (-109, 90, True),
        (10, 20, True),
        (-60, 300, True),
    ],
)
def test_two_shows_on_a_screen_never_overlap_cleaning_included(start, length, clash):
    there, wanted = busy(0, 100), busy(start, length)

    assert there.overlaps(wanted) is clash
    assert wanted.overlaps(there) is clash


def test_a_free_screen_is_no_matter():
    shows.check_screen_free(busy(120, 90), [busy(0, 100)], screen="Screen 2", zone=DUBLIN)
    shows.check_screen_free(busy(0, 90), [], screen="Screen 2", zone=DUBLIN)


def test_a_clash_names_the_end_and_the_earliest_start():
    there = busy(0, 151)  # over at 22:46, clean at 23:06

    with pytest.raises(shows.ScreenBusy) as refused:
        shows.check_screen_free(busy(60, 20), [there], screen="Screen 2", zone=DUBLIN)

    assert refused.value.sentence == "Screen 2 is busy until 22:46. The earliest start is 23:06"
    assert refused.value.field == "starts_at"
    assert refused.value.data == {"earliest": "2026-06-12T23:06:00+01:00"}


def test_the_earliest_start_leaves_room_for_the_whole_show():
    taken = [busy(0, 100), busy(150, 100), busy(270, 20)]  # until 120, 150–270, 270–310: the gap is too short

    with pytest.raises(shows.ScreenBusy) as refused:
        shows.check_screen_free(busy(30, 90), taken, screen="Screen 1", zone=DUBLIN)

    assert refused.value.sentence == "Screen 1 is busy until 21:55. The earliest start is 01:25 on 13 June"


@given(
    st.lists(st.tuples(st.integers(0, 900), st.integers(1, 200)), max_size=12),
    st.integers(0, 900),
    st.integers(1, 200),
)
def test_the_next_free_start_is_the_first_minute_that_fits(spans, wanted, length):
    taken = [busy(start, minutes, cleaning=0) for start, minutes in spans]

    found = shows.next_free_start(EVENING + wanted * MINUTE, length * MINUTE, taken)

    free = [
        minute
        for minute in range(wanted, 2500)
        if not any(busy(minute, length, cleaning=0).overlaps(other) for other in taken)
    ]
    assert found == EVENING + free[0] * MINUTE


def test_a_show_begins_in_the_future_and_not_too_far_in_it():
    shows.check_start(EVENING + MINUTE, now=EVENING)
    shows.check_start(EVENING + timedelta(days=730), now=EVENING)

    for start, code in ((EVENING, "in_the_past"), (EVENING + timedelta(days=800), "too_far_ahead")):
        with pytest.raises(Refused) as refused:
            shows.check_start(start, now=EVENING)
        assert (refused.value.code, refused.value.field) == (code, "starts_at")


@pytest.mark.parametrize(
    ("state", "on_sale", "may"),
    [
        ("draft", False, True), ("draft", True, False), ("coming_soon", True, True), ("showing", True, True),
        ("retired", False, False), ("retired", True, False),
    ],
)  # fmt: skip
def test_which_movies_are_planned_and_sold(state, on_sale, may):
    if may:
        return shows.check_movie("Owl", state, on_sale=on_sale)
    with pytest.raises(shows.MovieNotShown) as refused:
        shows.check_movie("Owl", state, on_sale=on_sale)
    assert refused.value.field == "movie"


@pytest.mark.parametrize(
    ("opens", "closes", "field"),
    [
        (-60, -30, None), (None, None, None), (-60, None, None), (None, 60, None),
        (-30, -30, "on_sale_until"), (-30, -60, "on_sale_until"), (0, None, "on_sale_from"),
    ],
)  # fmt: skip
def test_sales_open_before_they_close_and_before_the_show(opens, closes, field):
    opens, closes = (None if each is None else EVENING + each * MINUTE for each in (opens, closes))
    if field is None:
        return shows.check_window(opens=opens, closes=closes, starts_at=EVENING)
    with pytest.raises(shows.WindowUpsideDown) as refused:
        shows.check_window(opens=opens, closes=closes, starts_at=EVENING)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("free", "taking", "kept", "sentence"),
    [
        (100, 10, 0, ""),
        (16, 10, 6, ""),
        (16, 11, 6, "The last 6 seats are sold at the counter. 10 more seats can be booked here"),
        (7, 2, 6, "The last 6 seats are sold at the counter. 1 more seat can be booked here"),
        (6, 1, 6, "The last 6 seats are sold at the counter"),
        (1, 1, 1, "The last seat is sold at the counter"),
        (0, 1, 6, "The last 6 seats are sold at the counter"),
    ],
)
def test_guests_leave_the_counter_its_seats(free, taking, kept, sentence):
    if not sentence:
        return shows.check_left_for_counter(free=free, taking=taking, kept=kept)
    with pytest.raises(shows.LastSeatsAtTheCounter) as refused:
        shows.check_left_for_counter(free=free, taking=taking, kept=kept)
    assert refused.value.sentence == sentence


def test_the_counter_does_not_keep_the_whole_hall():
    shows.check_kept_for_counter(0, 0)
    shows.check_kept_for_counter(99, 100)
    with pytest.raises(shows.TooManyForTheCounter):
        shows.check_kept_for_counter(100, 100)


def test_a_show_on_sale_sells():
    shows.check_state_sells("on_sale")


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("planned", "This show is not on sale yet. Choose another time"),
        ("cancelled", "This show is cancelled. Choose another time"),
        ("played", "This show is over. Choose another time"),
    ],
)
def test_no_other_show_sells(state, sentence):
    with pytest.raises(shows.ShowNotOnSale) as refused:
        shows.check_state_sells(state)
    assert refused.value.sentence == sentence


@pytest.mark.parametrize(
    ("state", "to"),
    [("planned", "on_sale"), ("planned", "cancelled"), ("on_sale", "cancelled"), ("on_sale", "played")],
)
def test_a_show_goes_only_forward(state, to):
    shows.check_step(state, to)


@pytest.mark.parametrize(
    ("state", "to", "sentence"),
    [
        ("planned", "played", "This show is not on sale yet, so that can’t be done"),
        ("on_sale", "planned", "This show is on sale, so that can’t be done"),
        ("cancelled", "on_sale", "This show is cancelled, so that can’t be done"),
        ("played", "cancelled", "This show is over, so that can’t be done"),
    ],
)
def test_every_other_step_of_a_show_is_refused(state, to, sentence):
    with pytest.raises(shows.ShowCannot) as refused:
        shows.check_step(state, to)
    assert refused.value.sentence == sentence


@pytest.mark.parametrize(
    ("state", "minutes", "sentence"),
    [
        ("planned", 1, ""), ("on_sale", 1, ""),
        ("on_sale", 0, "This show has begun, so it stays as it is"),
        ("cancelled", 60, "This show is cancelled, so it stays as it is"),
        ("played", -60, "This show is over, so it stays as it is"),
    ],
)  # fmt: skip
def test_a_show_is_changed_until_it_begins(state, minutes, sentence):
    if not sentence:
        return shows.check_open(state, starts_at=EVENING + minutes * MINUTE, now=EVENING)
    with pytest.raises(shows.ShowCannot) as refused:
        shows.check_open(state, starts_at=EVENING + minutes * MINUTE, now=EVENING)
    assert refused.value.sentence == sentence


@pytest.mark.parametrize(
    ("local", "zone", "utc"),
    [
        (wall(2026, 6, 12, 20, 15), DUBLIN, datetime(2026, 6, 12, 19, 15, tzinfo=UTC)),
        (wall(2026, 12, 12, 20, 15), DUBLIN, datetime(2026, 12, 12, 20, 15, tzinfo=UTC)),
        (wall(2026, 6, 12, 20, 15), DHAKA, datetime(2026, 6, 12, 14, 15, tzinfo=UTC)),
        (wall(2026, 3, 29, 1, 59), BERLIN, datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        (wall(2026, 3, 29, 3, 0), BERLIN, datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
    ],
)
def test_a_wall_time_means_one_moment(local, zone, utc):
    assert shows.to_utc(local, zone) == utc
    assert shows.to_local(utc, zone).replace(tzinfo=None) == local


@pytest.mark.parametrize(
    ("local", "zone", "words"),
    [
        (wall(2026, 3, 29, 2, 30), BERLIN, "02:30 on 29 March"),
        (wall(2026, 3, 29, 2, 0), BERLIN, "02:00 on 29 March"),
        (wall(2026, 3, 8, 2, 15), NEW_YORK, "02:15 on 8 March"),
        (wall(2026, 10, 4, 2, 15), LORD_HOWE, "02:15 on 4 October"),
    ],
)
def test_a_time_that_the_clocks_skip_is_refused(local, zone, words):
    with pytest.raises(shows.SkippedTime) as refused:
        shows.to_utc(local, zone)
    assert (
        refused.value.sentence
        == f"The clocks go forward over {words}. Choose a time an hour earlier or later"
    )
    assert refused.value.field == "starts_at"


def test_a_time_that_the_clocks_repeat_asks_which_is_meant():
    twice = wall(2026, 10, 25, 2, 30)

    with pytest.raises(shows.RepeatedTime) as refused:
        shows.to_utc(twice, BERLIN)

    assert refused.value.sentence == (
        "The clocks go back, so 02:30 on 25 October comes twice. Say whether you mean the first or the second"
    )
    assert shows.to_utc(twice, BERLIN, second=False) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert shows.to_utc(twice, BERLIN, second=True) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_a_wall_time_has_no_zone_and_a_moment_has_one():
    with pytest.raises(ValueError, match="no zone"):
        shows.to_utc(EVENING, DUBLIN)
    with pytest.raises(ValueError, match="needs a zone"):
        shows.to_local(wall(2026, 6, 12, 20, 15), DUBLIN)


@given(
    st.datetimes(min_value=wall(2020, 1, 1), max_value=wall(2035, 1, 1)),
    st.sampled_from([DUBLIN, BERLIN, NEW_YORK, DHAKA, LORD_HOWE]),
    st.booleans(),
)
def test_a_wall_time_comes_back_as_it_went(local, zone, second):
    try:
        moment = shows.to_utc(local, zone, second=second)
    except shows.SkippedTime:
        aware = local.replace(tzinfo=zone)
        assert aware.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local
    else:
        assert shows.to_local(moment, zone).replace(tzinfo=None) == local
