import random
import secrets
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from theatre.rules import bookings
from theatre.rules.refusals import Refused

DUBLIN = ZoneInfo("Europe/Dublin")
NOW = datetime(2026, 6, 12, 18, 37, tzinfo=UTC)  # 19:37 in Dublin
SHOW = datetime(2026, 6, 12, 19, 15, tzinfo=UTC)  # 20:15
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("state", "to"), [("held", "confirmed"), ("held", "lapsed"), ("confirmed", "cancelled")]
)
def test_a_booking_goes_only_forward(state, to):
    bookings.check_step(state, to)


@pytest.mark.parametrize(
    ("state", "to", "code"),
    [
        ("held", "held", "not_confirmed"),
        ("held", "cancelled", "not_confirmed"),
        ("confirmed", "held", "already_confirmed"),
        ("confirmed", "confirmed", "already_confirmed"),
        ("confirmed", "lapsed", "already_confirmed"),
        ("cancelled", "held", "already_cancelled"),
        ("cancelled", "confirmed", "already_cancelled"),
        ("cancelled", "cancelled", "already_cancelled"),
        ("cancelled", "lapsed", "already_cancelled"),
        ("lapsed", "held", "hold_lapsed"),
        ("lapsed", "confirmed", "hold_lapsed"),
        ("lapsed", "cancelled", "hold_lapsed"),
        ("lapsed", "lapsed", "hold_lapsed"),
    ],
)
def test_every_other_step_is_refused_with_its_reason(state, to, code):
    with pytest.raises(bookings.WrongState) as refused:
        bookings.check_step(state, to)
    assert refused.value.code == code


def test_an_unknown_state_is_a_bug_and_no_refusal():
    with pytest.raises(ValueError, match="paid"):
        bookings.check_step("held", "paid")


def test_an_ended_hold_says_what_is_still_free():
    ended = datetime(2026, 6, 12, 18, 45, tzinfo=UTC)

    both = bookings.hold_ended(ended, DUBLIN, ["F 7", "F 8"])
    one = bookings.hold_ended(ended, DUBLIN, ["F 8"])
    none = bookings.hold_ended(ended, DUBLIN)

    assert both.sentence == "Your hold ended at 19:45. F 7 and F 8 are still free, so you can hold them again"
    assert one.sentence == "Your hold ended at 19:45. F 8 is still free, so you can hold it again"
    assert none.sentence == "Your hold ended at 19:45. Choose your seats again"
    assert none.code == "hold_lapsed"
    assert none.data == {"held_until": "2026-06-12T18:45:00+00:00"}


@pytest.mark.parametrize("number", [1, 2, 10])
def test_a_booking_may_have_up_to_ten_seats(number):
    bookings.check_seat_count(number, 10)


@pytest.mark.parametrize(
    ("number", "limit", "code", "sentence"),
    [
        (0, 10, "no_seats", "Choose at least one seat"),
        (-1, 10, "no_seats", "Choose at least one seat"),
        (11, 10, "too_many_seats", "One booking holds up to 10 seats. Take 1 off your choice"),
        (60, 50, "too_many_seats", "One booking holds up to 50 seats. Take 10 off your choice"),
    ],
)
def test_no_seat_and_one_too_many_are_refused(number, limit, code, sentence):
    with pytest.raises(Refused) as refused:
        bookings.check_seat_count(number, limit)
    assert (refused.value.code, refused.value.sentence, refused.value.field) == (code, sentence, "seats")


def test_a_hold_lasts_as_long_as_the_setting_says():
    assert bookings.hold_until(NOW, 8) == datetime(2026, 6, 12, 18, 45, tzinfo=UTC)


def extended(now=NOW, held_until=NOW + 2 * MINUTE, starts_at=NOW + timedelta(hours=9), made=0, **more):
    return bookings.extension(
        now=now, held_until=held_until, starts_at=starts_at, extensions=made, minutes=8, zone=DUBLIN, **more
    )


def test_an_extension_adds_its_minutes_to_the_hold():
    longer = extended()

    assert longer.held_until == NOW + 10 * MINUTE
    assert longer.left == 9
    assert longer.is_last is False


def test_a_hold_can_be_extended_ten_times_and_no_more():
    until, lengths = NOW + 8 * MINUTE, []
    for made in range(10):
        longer = extended(held_until=until, made=made)
        until = longer.held_until
        lengths.append(longer.left)

    assert lengths == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
    assert longer.is_last is True
    assert until == NOW + 88 * MINUTE
    with pytest.raises(bookings.NoMoreTime) as refused:
        extended(held_until=until, made=10)
    assert refused.value.sentence == (
        "You have added time 10 times, which is the limit. Your seats are held until 21:05"
    )


def test_a_setting_can_allow_more_extensions_but_never_fewer():
    assert extended(made=10, limit=12).left == 1
    assert extended(made=9, limit=3).left == 0


def test_an_extension_never_goes_past_a_quarter_hour_before_the_show():
    longer = extended(held_until=SHOW - 20 * MINUTE, starts_at=SHOW)

    assert longer.held_until == SHOW - 15 * MINUTE
    assert longer.is_last is True


@pytest.mark.parametrize("minutes_before", [15, 14, 0])
def test_near_the_show_no_time_can_be_added_and_none_is_taken(minutes_before):
    until = SHOW - minutes_before * MINUTE

    with pytest.raises(bookings.NoMoreTime) as refused:
        extended(now=until - MINUTE, held_until=until, starts_at=SHOW)
    assert refused.value.sentence.startswith(
        "Seats can be held until 15 minutes before the movie. Yours are held"
    )
    assert refused.value.data == {"held_until": until.isoformat()}


@pytest.mark.parametrize("late", [timedelta(0), timedelta(microseconds=1), timedelta(hours=1)])
def test_an_ended_hold_cannot_be_extended(late):
    with pytest.raises(bookings.HoldLapsed):
        extended(now=NOW + late, held_until=NOW)


@given(st.integers(0, 600), st.integers(1, 60), st.integers(0, 9), st.integers(0, 60), st.integers(1, 60))
def test_an_extension_is_longer_and_never_later_than_its_limit(to_show, left, made, stop, minutes):
    held_until, starts_at = NOW + left * MINUTE, NOW + to_show * MINUTE
    try:
        longer = bookings.extension(
            now=NOW,
            held_until=held_until,
            starts_at=starts_at,
            extensions=made,
            minutes=minutes,
            stop_minutes=stop,
            zone=DUBLIN,
        )
    except bookings.NoMoreTime:
        assert held_until >= starts_at - stop * MINUTE
    else:
        assert held_until < longer.held_until <= starts_at - stop * MINUTE
        assert longer.held_until <= held_until + minutes * MINUTE


@pytest.mark.parametrize(
    ("minutes_after_start", "by_staff", "sold"),
    [
        (-60, False, True),
        (-1, False, True),
        (0, False, False),
        (0, True, True),
        (19, True, True),
        (20, True, False),
    ],
)
def test_sales_close_at_the_start_and_at_the_counter_twenty_minutes_later(
    minutes_after_start, by_staff, sold
):
    assert bookings.may_sell(SHOW + minutes_after_start * MINUTE, SHOW, by_staff, 20) is sold


def test_online_sales_can_close_before_the_start():
    assert bookings.may_sell(SHOW - 31 * MINUTE, SHOW, False, 20, closes_minutes=30) is True
    assert bookings.may_sell(SHOW - 30 * MINUTE, SHOW, False, 20, closes_minutes=30) is False


def sale(now, by_staff=False, **window):
    bookings.check_sale(now=now, starts_at=SHOW, by_staff=by_staff, grace_minutes=20, zone=DUBLIN, **window)


def test_a_show_on_sale_can_be_sold():
    sale(SHOW - MINUTE)
    sale(SHOW + 19 * MINUTE, by_staff=True)
    sale(NOW, on_sale_from=NOW, on_sale_until=NOW + MINUTE)


def test_staff_are_not_bound_by_the_sales_window():
    sale(NOW, by_staff=True, on_sale_from=NOW + MINUTE)
    sale(NOW, by_staff=True, on_sale_until=NOW - MINUTE)


@pytest.mark.parametrize(
    ("now", "more", "sentence"),
    [
        (
            datetime(2026, 6, 1, tzinfo=UTC),
            {"on_sale_from": datetime(2026, 6, 5, 9, tzinfo=UTC)},
            "Tickets for this show go on sale on 5 June, 10:00",
        ),
        (SHOW, {}, "This show started at 20:15. The counter can tell you if there is still a seat"),
        (
            SHOW + timedelta(days=2),
            {},
            "This show started on 12 June. The counter can tell you if there is still a seat",
        ),
        (
            SHOW - MINUTE,
            {"closes_minutes": 30},
            "This show starts at 20:15 and is sold at the counter only now",
        ),
        (
            NOW,
            {"on_sale_until": NOW},
            "Online sales for this show have ended. The counter can tell you if there is still a seat",
        ),
        (SHOW + 20 * MINUTE, {"by_staff": True}, "Sales for this show ended at 20:35. Choose a later one"),
    ],
)
def test_a_closed_sale_says_why_and_what_to_do(now, more, sentence):
    with pytest.raises(bookings.SalesClosed) as refused:
        sale(now, **more)
    assert refused.value.sentence == sentence


def cancelling(role, now, own=True, window=120, reason=""):
    bookings.check_cancel(
        role=role, now=now, starts_at=SHOW, window_minutes=window, own=own, zone=DUBLIN, reason=reason
    )


@pytest.mark.parametrize(
    ("role", "minutes_before", "own"),
    [("customer", 120, True), ("customer", 5000, True), ("salesman", 1, True), ("salesman", 500, True)],
)
def test_customers_cancel_until_two_hours_before_and_salesmen_until_the_start(role, minutes_before, own):
    now = SHOW - minutes_before * MINUTE

    assert bookings.may_cancel(role, now, SHOW, 120, own) is True
    cancelling(role, now, own)


@pytest.mark.parametrize("role", ["moderator", "admin"])
@pytest.mark.parametrize("own", [True, False])
def test_moderators_and_admins_cancel_always_and_with_a_reason(role, own):
    after = SHOW + timedelta(days=3)

    assert bookings.may_cancel(role, after, SHOW, 120, own) is True
    cancelling(role, after, own, reason="Projector broke")
    with pytest.raises(bookings.ReasonNeeded) as refused:
        cancelling(role, after, own, reason="  ")
    assert refused.value.sentence == "Enter the reason for this cancellation"
    assert refused.value.field == "reason"


@pytest.mark.parametrize(
    ("role", "minutes_before", "window", "sentence"),
    [
        (
            "customer",
            40,
            120,
            "Tickets can be cancelled until 2 hours before the movie. This one starts in 40 minutes. "
            "Message us if you need help",
        ),
        (
            "customer",
            119,
            120,
            "Tickets can be cancelled until 2 hours before the movie. This one starts in 1 hour 59 minutes. "
            "Message us if you need help",
        ),
        (
            "customer",
            -10,
            0,
            "Tickets can be cancelled until the movie starts. This one started at 20:15. "
            "Message us if you need help",
        ),
        (
            "salesman",
            0,
            120,
            "You can cancel until the movie starts. This one started at 20:15. Ask a moderator",
        ),
        (
            "salesman",
            -3000,
            120,
            "You can cancel until the movie starts. This one started on 12 June. Ask a moderator",
        ),
    ],
)
def test_too_late_to_cancel_says_until_when_it_could_be_done(role, minutes_before, window, sentence):
    now = SHOW - minutes_before * MINUTE

    assert bookings.may_cancel(role, now, SHOW, window, own=True) is False
    with pytest.raises(bookings.TooLateToCancel) as refused:
        cancelling(role, now, window=window)
    assert refused.value.sentence == sentence


@pytest.mark.parametrize("role", ["customer", "salesman"])
def test_nobody_cancels_what_is_not_theirs(role):
    assert bookings.may_cancel(role, NOW, SHOW + timedelta(days=1), 120, own=False) is False
    with pytest.raises(bookings.NotTheirsToCancel) as refused:
        cancelling(role, SHOW - timedelta(days=1), own=False)
    assert refused.value.sentence == "Somebody else looks after this booking. Ask a moderator to change it"


def test_a_reference_has_eight_characters_that_cannot_be_misread():
    chance = random.Random(7)
    seen = [bookings.new_reference(chance.choice) for _ in range(2000)]

    assert {len(reference) for reference in seen} == {8}
    assert set("".join(seen)) == set("2346789ABCDEFGHJKMNPQRTUVWXYZ")
    assert set("".join(seen)).isdisjoint("0O1ILS5")
    assert len(set(seen)) == 2000


def test_a_reference_comes_from_the_systems_chance():
    assert bookings.normalise_reference(bookings.new_reference(secrets.choice))


@pytest.mark.parametrize("typed", ["K7QM4XAH", "k7qm4xah", " K7QM 4XAH ", "k7qm-4xah", "K7QM\u00a04XAH"])
def test_a_reference_is_read_however_it_is_typed(typed):
    assert bookings.normalise_reference(typed) == "K7QM4XAH"


@pytest.mark.parametrize(
    "typed", ["", "K7QM4XA", "K7QM4XAHH", "K7QM4XA0", "K7QM4XA5", "K7QM4XAÄ", "K7QM_4XAH", "٢٢٢٢٢٢٢٢"]
)
def test_what_cannot_be_a_reference_is_none(typed):
    assert bookings.normalise_reference(typed) is None


@given(st.text(max_size=30))
def test_any_text_can_be_looked_at_as_a_reference(typed):
    reference = bookings.normalise_reference(typed)

    assert reference is None or bookings.normalise_reference(reference) == reference


def test_a_reference_is_printed_in_two_halves():
    assert bookings.spaced_reference("K7QM4XAH") == "K7QM 4XAH"
