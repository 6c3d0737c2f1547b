"""Whose turn it is on a waiting list: the pure rule, and ten thousand seats that came back to many lists."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from theatre.rules import waiting
from theatre.rules.seating import COMPANION, STANDARD, WHEELCHAIR, Seat
from theatre.rules.waiting import Party, turn


def hall(rows: int = 6, width: int = 12, aisle_after: int = 6) -> list[Seat]:
    return [
        Seat(100 * y + number, "ABCDEFGHJK"[y], number, STANDARD, number + (number > aisle_after), y)
        for y in range(rows)
        for number in range(1, width + 1)
    ]


def given_to(result: waiting.Turn) -> dict[int, list[str]]:
    return {party.id: [seat.label for seat in seats] for party, seats in result.offers}


def kept(result: waiting.Turn) -> list[str]:
    return [seat.label for seat in result.kept]


PLAN = hall(2)
ALL = {seat.id for seat in PLAN}


def test_who_asked_first_is_given_seats_first():
    result = turn(PLAN, {1, 2, 101, 102}, [Party(7, 2), Party(3, 2), Party(5, 2)])

    assert given_to(result) == {7: ["A 1", "A 2"], 3: ["B 1", "B 2"]}


def test_the_smallest_gap_is_taken_and_no_seat_left_alone():
    assert given_to(turn(PLAN, {1, 2, 3, 4, 101, 102}, [Party(1, 2)])) == {1: ["B 1", "B 2"]}
    assert given_to(turn(PLAN, {1, 2, 3, 101, 102, 103, 104}, [Party(1, 2)])) == {1: ["B 1", "B 2"]}


def test_a_party_gets_all_its_seats_side_by_side_or_none():
    result = turn(PLAN, {5, 6, 7, 8}, [Party(1, 4)])  # an aisle between A 6 and A 7

    assert given_to(result) == {} and kept(result) == []


def test_the_first_who_cannot_be_served_has_the_nearest_run_kept():
    result = turn(PLAN, {1, 2, 4, 101}, [Party(1, 4), Party(2, 1)], may_come=ALL)

    assert kept(result) == ["A 1", "A 2", "A 4"]
    assert result.kept_for == Party(1, 4)
    assert given_to(result) == {2: ["B 1"]}


def test_nothing_is_kept_that_can_no_longer_be_completed():
    result = turn(PLAN, {1, 2, 4}, [Party(1, 4), Party(2, 2)], may_come=set())

    assert kept(result) == [] and result.kept_for is None
    assert given_to(result) == {2: ["A 1", "A 2"]}


def test_seats_are_kept_for_one_party_only():
    result = turn(PLAN, {1, 2, 101, 102}, [Party(1, 3), Party(2, 5), Party(3, 2)], may_come=ALL)

    assert kept(result) == ["A 1", "A 2"]
    assert given_to(result) == {3: ["B 1", "B 2"]}


def test_the_counter_keeps_its_last_seats():
    assert given_to(turn(PLAN, {1, 2, 101}, [Party(1, 2)], counter_seats=2)) == {}
    assert given_to(turn(PLAN, {1, 2, 101}, [Party(1, 2)], counter_seats=1)) == {1: ["A 1", "A 2"]}


def test_seats_for_an_access_need_are_not_given_to_others():
    plan = [
        Seat(1, "A", 1, WHEELCHAIR, 1, 0),
        Seat(2, "A", 2, COMPANION, 2, 0, beside=1),
        Seat(3, "A", 3, STANDARD, 3, 0),
    ]

    assert given_to(turn(plan, {1, 2, 3}, [Party(1, 2)])) == {}
    assert waiting.longest_run(plan) == 1


parties = st.lists(st.integers(1, 8), max_size=8).map(
    lambda sizes: [Party(place, size) for place, size in enumerate(sizes)]
)
seat_ids = st.sets(st.sampled_from(sorted(ALL)))


@given(free=seat_ids, line=parties, may_come=seat_ids)
def test_no_seat_is_given_twice_or_without_being_free(free, line, may_come):
    result = turn(PLAN, free, line, may_come=may_come)
    used = [seat.id for _party, seats in result.offers for seat in seats] + [seat.id for seat in result.kept]

    assert len(used) == len(set(used)) and set(used) <= free
    assert all(len(seats) == party.seats for party, seats in result.offers)
    assert all({seat.y for seat in seats} == {seats[0].y} for _party, seats in result.offers)


@given(free=seat_ids, line=parties, may_come=seat_ids)
def test_nobody_is_passed_over_for_seats_that_would_have_served_them(free, line, may_come):
    result = turn(PLAN, free, line, may_come=may_come)
    served = given_to(result)

    for party in line:
        if party.id not in served:
            behind = [other for other in line if other.id > party.id and other.id in served]
            assert all(other.seats < party.seats for other in behind)
            ahead = {seat.id for other, seats in result.offers if other.id < party.id for seat in seats}
            if result.kept_for in (None, party):
                assert turn(PLAN, free - ahead, [party]).offers == ()


@given(free=seat_ids, line=parties, may_come=seat_ids)
def test_no_more_is_kept_than_the_first_lacks_one_of(free, line, may_come):
    result = turn(PLAN, free, line, may_come=may_come)

    if result.kept_for:
        assert len(result.kept) < result.kept_for.seats
        first = next(party for party in line if party.id not in given_to(result))
        assert result.kept_for == first


@given(free=seat_ids, line=parties, more=seat_ids)
def test_what_is_kept_only_grows_while_more_comes_free(free, line, more):
    before = turn(PLAN, free, line, may_come=ALL)
    left = free - {seat.id for _party, seats in before.offers for seat in seats}
    waiting_still = [party for party in line if party.id not in given_to(before)]

    after = turn(PLAN, left | more, waiting_still, may_come=ALL)

    if before.kept_for and before.kept_for == after.kept_for:
        assert len(after.kept) >= len(before.kept)


# The rules of asking --------------------------------------------------------------------------------------


def refused(**changed) -> str:
    asked = {"seats": 2, "limit": 10, "longest": 6, "free": 0, "sold_to_guests": True, **changed}
    with pytest.raises(waiting.Refused) as caught:
        waiting.check_asking(**asked)
    return caught.value.code


def test_nobody_waits_for_what_can_be_had_or_never_comes():
    assert refused(free=3) == "not_sold_out"
    assert refused(sold_to_guests=False) == "not_waitable"
    assert refused(seats=7) == refused(seats=0) == refused(seats=5, limit=4) == "too_many_to_wait"


def test_an_offer_ends_with_the_beginning_of_the_show_at_the_latest():
    now = datetime(2027, 1, 1, 12, tzinfo=UTC)
    early, late = now + timedelta(hours=5), now + timedelta(minutes=4)

    assert waiting.offer_until(now=now, minutes=15, starts_at=early) == now + timedelta(minutes=15)
    assert waiting.offer_until(now=now, minutes=15, starts_at=late) == late


def test_seats_that_are_spoken_for_are_nobody_elses():
    waiting.check_not_spoken_for([1, 2], {3})
    with pytest.raises(waiting.SpokenFor):
        waiting.check_not_spoken_for([1, 2], {2})


# A season of sold-out shows -------------------------------------------------------------------------------


@dataclass
class Story:
    """What happened on one list, and what was measured."""

    offered: dict[int, int] = field(default_factory=dict)  # party -> minute
    booked: set[int] = field(default_factory=set)
    passed_over: int = 0
    idle: int = 0  # seat-minutes free beyond an offer, though somebody in the line could have had them
    kept: int = 0  # seat-minutes kept for the first
    most_kept: int = 0


RETURNS, MINUTES, LAST_CANCEL, OFFER = 40, 1440, 1320, 15


def play(seed: int, sizes: Sequence[int], *, gather: bool = True) -> Story:
    """One sold-out show: bookings come back at random minutes, whoever is offered seats books, lets them lapse or
    returns them later. A turn a minute; what nobody in the line can use is sold to others at once."""
    chance = random.Random(seed)
    plan = hall()
    sold = {seat.id for seat in plan}
    come_back = sorted(
        (chance.randrange(LAST_CANCEL), [seat.id for seat in start])
        for start in _groups(plan, chance)[:RETURNS]
    )
    line = [Party(place, size) for place, size in enumerate(sizes)]
    held: list[tuple[int, int, frozenset[int]]] = []  # until, party, seats
    free: set[int] = set()
    story = Story()
    for minute in range(MINUTES):
        for _at, seats in (each for each in come_back if each[0] == minute):
            free |= set(seats) & sold
            sold -= set(seats)
        for until, party, seats in [each for each in held if each[0] == minute]:
            held.remove((until, party, seats))
            if chance.random() < 0.7:
                sold |= seats
                story.booked.add(party)
            else:
                free |= seats
        may_come = {seat for _u, _p, seats in held for seat in seats} | (
            sold if minute < LAST_CANCEL else set()
        )
        result = turn(plan, free, line, may_come=may_come if gather else set())
        for party, seats in result.offers:
            ids = frozenset(seat.id for seat in seats)
            free -= ids
            held.append((minute + OFFER, party.id, ids))
            story.offered[party.id] = minute
            story.passed_over += sum(
                other.id < party.id and other.seats <= party.seats and other.id not in story.offered
                for other in line
            )
        line = [party for party in line if party.id not in story.offered]
        left = free - {seat.id for seat in result.kept}
        story.idle += len(left) if turn(plan, left, line).offers else 0
        story.kept += len(result.kept)
        story.most_kept = max(story.most_kept, len(result.kept))
        free -= left
        sold |= left  # to the public
    return story


def _groups(plan: Sequence[Seat], chance: random.Random) -> list[list[Seat]]:
    """Bookings of one to four neighbours, shuffled."""
    groups: list[list[Seat]] = []
    rows = [plan[start : start + 6] for start in range(0, len(plan), 6)]
    for row in rows:
        while row:
            size = chance.choice([1, 2, 2, 2, 3, 4])
            groups.append(list(row[:size]))
            row = row[size:]
    chance.shuffle(groups)
    return groups


SIZES = (6, 1, 2, 2, 1, 4, 2, 1, 2, 3, 1, 2, 5, 2, 1, 1)


def season(*, gather: bool, shows: int = 20) -> dict[str, float]:
    stories = [play(seed, SIZES, gather=gather) for seed in range(shows)]
    large = [place for place, size in enumerate(SIZES) if size >= 4]
    return {
        "large served": sum(place in story.offered for story in stories for place in large)
        / (shows * len(large)),
        "first served": sum(0 in story.offered for story in stories) / shows,
        "all served": sum(len(story.offered) for story in stories) / (shows * len(SIZES)),
        "passed over": sum(story.passed_over for story in stories),
        "idle": sum(story.idle for story in stories),
        "most kept": max(story.most_kept for story in stories),
    }


def test_over_a_season_order_is_kept_no_seat_idles_and_large_parties_are_not_starved():
    with_keeping, without = season(gather=True), season(gather=False)

    assert with_keeping["passed over"] == without["passed over"] == 0
    assert with_keeping["idle"] == 0
    assert with_keeping["most kept"] <= max(SIZES) - 1
    assert with_keeping["first served"] > without["first served"]
    assert with_keeping["large served"] > without["large served"]
