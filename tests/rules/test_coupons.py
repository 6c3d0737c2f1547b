from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal as D
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from theatre.rules import coupons
from theatre.rules.coupons import Coupon, CouponTerms
from theatre.rules.tiers import Tier

DUBLIN = ZoneInfo("Europe/Dublin")
NOW = datetime(2026, 6, 12, 18, 45, tzinfo=UTC)  # a Friday, 19:45 in Dublin
SILVER = Tier("Silver", 100, 5)
SUMMER15 = Coupon(
    "SUMMER15",
    15,
    valid_from=datetime(2026, 5, 31, 23, tzinfo=UTC),  # 1 June in Dublin
    valid_until=datetime(2026, 8, 31, 23, tzinfo=UTC),  # through 31 August
)


def checked(coupon: Coupon, **changes):
    facts = {"now": NOW, "zone": DUBLIN, "tickets": 2, "movie_id": 7, "show_weekday": 4} | changes
    return coupons.check(coupon, **facts)


def refusal(coupon: Coupon, **changes) -> coupons.CouponRefused:
    with pytest.raises(coupons.CouponRefused) as refused:
        checked(coupon, **changes)
    assert refused.value.field == "coupon"
    return refused.value


@pytest.mark.parametrize(
    "raw",
    [
        "SUMMER15",
        " summer 15 ",
        "Summer15",
        "s u m m e r 1 5",
        "summer\u00a015\n",
        "ＳＵＭＭＥＲ１５",
        "SUM\u200bMER15",
    ],
)
def test_case_and_spaces_of_a_code_do_not_matter(raw):
    assert coupons.normalise_code(raw) == "SUMMER15"


def test_a_hyphen_in_a_code_matters():
    assert coupons.normalise_code("two-for") == "TWO-FOR"


@given(st.from_regex(r"[A-Z0-9][A-Z0-9-]{2,39}", fullmatch=True), st.data())
def test_a_code_is_found_however_it_is_typed(code, data):
    gaps = data.draw(
        st.lists(st.sampled_from(["", "", " ", "\t", "\u00a0"]), min_size=len(code), max_size=len(code))
    )
    typed = "".join(gap + char for gap, char in zip(gaps, code, strict=True))

    assert coupons.normalise_code(code) == code
    assert coupons.normalise_code(typed) == code
    assert coupons.normalise_code(typed.lower()) == code


@given(st.text(max_size=60))
def test_any_text_can_be_read_as_a_code(raw):
    code = coupons.normalise_code(raw)

    assert not any(char.isspace() for char in code)
    assert "\x00" not in code
    assert code.encode() is not None


def test_an_unknown_code_is_named_in_its_refusal():
    refused = coupons.unknown(" sumer15")

    assert refused.code == "coupon_unknown"
    assert refused.sentence == "We don’t have a coupon called SUMER15. Check the spelling"
    assert refused.field == "coupon"


def test_a_coupon_without_limits_is_good_for_one_ticket_of_somebody_new():
    plain = Coupon("PLAIN", 10, total_limit=1, per_customer_limit=1)

    assert checked(plain, tickets=1)


def test_a_very_long_code_is_shortened_in_its_refusal():
    assert "X" * 40 in coupons.unknown("x" * 40).sentence
    refused = coupons.unknown("x" * 10_000)

    assert refused.sentence == f"We don’t have a coupon called {'X' * 39}…. Check the spelling"


@pytest.mark.parametrize("raw", ["", "  ", "\u200b\t"])
def test_an_empty_code_asks_for_one(raw):
    refused = coupons.unknown(raw)

    assert (refused.code, refused.sentence) == ("coupon_missing", "Enter a coupon code")


def test_a_good_coupon_gives_its_terms():
    assert checked(SUMMER15) == CouponTerms("SUMMER15", 15, combinable=False)
    assert checked(replace(SUMMER15, combinable=True)) == CouponTerms("SUMMER15", 15, combinable=True)


def test_a_coupon_is_good_from_its_first_moment_until_just_before_its_end():
    first, end = SUMMER15.valid_from, SUMMER15.valid_until
    moment = timedelta(microseconds=1)

    assert checked(SUMMER15, now=first)
    assert checked(SUMMER15, now=end - moment)
    assert refusal(SUMMER15, now=first - moment).code == "coupon_not_yet"
    assert refusal(SUMMER15, now=end).code == "coupon_ended"


def test_a_coupon_without_dates_is_always_good():
    forever = Coupon("ALWAYS", 10)

    assert checked(forever, now=datetime(1990, 1, 1, tzinfo=UTC))
    assert checked(forever, now=datetime(2090, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("until", "sentence"),
    [
        (datetime(2026, 5, 31, 23, tzinfo=UTC), "SUMMER15 ended on 31 May"),
        (datetime(2026, 6, 11, 23, tzinfo=UTC), "SUMMER15 ended on 11 June"),
        (datetime(2025, 8, 31, 23, tzinfo=UTC), "SUMMER15 ended on 31 August 2025"),
        (datetime(2026, 6, 12, 17, tzinfo=UTC), "SUMMER15 ended at 18:00"),
    ],
)
def test_an_ended_coupon_says_when_it_ended(until, sentence):
    ended = replace(SUMMER15, valid_from=None, valid_until=until)

    assert refusal(ended).sentence == sentence


@pytest.mark.parametrize(
    ("start", "sentence"),
    [
        (datetime(2026, 7, 1, 9, tzinfo=UTC), "SUMMER15 starts on 1 July"),
        (datetime(2027, 1, 1, 9, tzinfo=UTC), "SUMMER15 starts on 1 January 2027"),
        (datetime(2026, 6, 12, 20, tzinfo=UTC), "SUMMER15 starts at 21:00"),
    ],
)
def test_a_coupon_that_has_not_begun_says_when_it_will(start, sentence):
    refused = refusal(replace(SUMMER15, valid_from=start, valid_until=None))

    assert (refused.code, refused.sentence) == ("coupon_not_yet", sentence)


def test_a_coupon_switched_off_is_not_on_offer():
    refused = refusal(replace(SUMMER15, active=False))

    assert (refused.code, refused.sentence) == ("coupon_off", "SUMMER15 isn’t on offer at the moment")


def test_uses_never_exceed_the_limit():
    limited = replace(SUMMER15, total_limit=200)

    assert checked(replace(limited, used=199))
    assert refusal(replace(limited, used=201)).code == "coupon_used_up"
    refused = refusal(replace(limited, used=200))
    assert refused.code == "coupon_used_up"
    assert refused.sentence == "SUMMER15 has been used 200 times, which is its limit"


def test_a_refusal_reminds_of_the_tier_that_still_applies():
    used_up = replace(SUMMER15, total_limit=200, used=200)
    sentence = "SUMMER15 has been used 200 times, which is its limit. Your 5% Silver discount still applies"

    assert refusal(used_up, tier=SILVER).sentence == sentence
    assert refusal(used_up, tier=replace(SILVER, percent=D("5.00"))).sentence == sentence
    assert "still applies" not in refusal(used_up, tier=replace(SILVER, percent=0)).sentence


def test_one_person_uses_a_coupon_as_often_as_it_says():
    once = replace(SUMMER15, per_customer_limit=1)

    assert checked(replace(once, used_by_customer=0))
    refused = refusal(replace(once, used_by_customer=1))
    assert refused.code == "coupon_used_by_you"
    assert refused.sentence == "SUMMER15 can be used 1 time per person, and that is done"
    assert checked(replace(once, per_customer_limit=2, used_by_customer=1))


def test_a_coupon_counted_for_each_person_needs_to_know_the_person():
    once = replace(SUMMER15, per_customer_limit=1, used_by_customer=None)

    refused = refusal(once)

    assert refused.code == "coupon_needs_customer"
    assert refused.sentence == "SUMMER15 is counted for each person, so we need to know who is booking"
    assert checked(replace(SUMMER15, used_by_customer=None))


def test_a_coupon_may_need_several_tickets():
    family = replace(SUMMER15, min_tickets=4)

    assert checked(family, tickets=4)
    refused = refusal(family, tickets=3)
    assert refused.code == "coupon_needs_more_tickets"
    assert refused.sentence == "SUMMER15 needs 4 tickets or more in one booking"


def test_a_coupon_may_belong_to_some_movies():
    chosen = replace(SUMMER15, movie_ids=frozenset({7, 8}))

    assert checked(chosen, movie_id=7)
    refused = refusal(chosen, movie_id=9)
    assert (refused.code, refused.sentence) == ("coupon_not_this_movie", "SUMMER15 isn’t for this movie")


CLOSED = {"valid_until": NOW, "total_limit": 0, "active": False, "valid_from": NOW + timedelta(days=1)}


@pytest.mark.parametrize("closed", CLOSED)
@pytest.mark.parametrize(
    "meant", [{"min_tickets": 3}, {"movie_ids": frozenset({8})}, {"weekdays": frozenset({0})}]
)
def test_a_closed_coupon_for_others_is_one_that_never_was(closed, meant):
    never = coupons.unknown("summer 15")

    refused = refusal(replace(SUMMER15, **meant, **{closed: CLOSED[closed]}), tier=SILVER)

    assert (type(refused), refused.sentence, refused.data) == (type(never), never.sentence, never.data)


def test_a_coupon_may_belong_to_some_weekdays():
    midweek = replace(SUMMER15, weekdays=frozenset({2, 0, 1}))

    assert checked(midweek, show_weekday=0)
    refused = refusal(midweek, show_weekday=4)
    assert refused.code == "coupon_not_this_day"
    assert refused.sentence == "SUMMER15 is for shows on Mondays, Tuesdays and Wednesdays"


@pytest.mark.parametrize("percent", [0, 101, D("0.99")])
def test_a_coupon_takes_1_to_100_percent_off(percent):
    with pytest.raises(ValueError, match="1 to 100 percent"):
        CouponTerms("FREE", percent, combinable=False)
