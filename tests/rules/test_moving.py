"""Who keeps their seats when a show moves to another plan, and where the others sit."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.halls import hall
from theatre.rules.moving import OtherKinds, Party, check_same_kinds, pairs, seat_everybody

RANK = ["standard", "premium", "vip"]


def party(number, plan, *names) -> Party:
    by_label = {seat.label: seat for seat in plan}
    return Party(("booking", number), tuple(by_label[name] for name in names))


def moved(plan, *parties, closed=()) -> dict[int, list[str]]:
    seated = seat_everybody(plan, parties, closed)
    return {key[1]: [each.seat.label if each.seat else "" for each in seats] for key, seats in seated.items()}


def test_same_row_and_number_of_the_same_kind_is_kept():
    old, _ = hall("ssss", "pppp")
    new, _ = hall("ssssss", "pppppp")

    assert moved(new, party(1, old, "A 2", "A 3"), party(2, old, "B 4")) == {1: ["A 2", "A 3"], 2: ["B 4"]}


def test_seat_of_another_kind_is_not_kept_and_nobody_sits_worse():
    old, _ = hall("pp")
    new, _ = hall("sss", "sss", "ppp")

    assert moved(new, party(1, old, "A 1", "A 2")) == {1: ["C 1", "C 2"]}


def test_better_seat_is_given_where_the_same_kind_has_no_place_together():
    old, _ = hall("ssss", "ss")
    new, _ = hall("s", "v.vv")

    assert moved(new, party(1, old, "B 1", "B 2")) == {1: ["B 2", "B 3"]}


def test_those_who_cannot_sit_together_sit_apart():
    old, _ = hall("pp", "ss")
    new, _ = hall("s.s.s")

    [seats] = moved(new, party(1, old, "B 1", "B 2")).values()

    assert len(set(seats)) == 2
    assert "" not in seats


def test_there_may_be_no_seat():
    old, _ = hall("sss")
    new, _ = hall("ss")

    assert moved(new, party(1, old, "A 1", "A 2"), party(2, old, "A 3")) == {1: ["A 1", "A 2"], 2: [""]}


def test_broken_house_and_closed_seats_are_given_to_nobody():
    old, _ = hall("sss")
    new, _ = hall("bhss")
    third = new[2].id

    assert moved(new, party(1, old, "A 1"), party(2, old, "A 2"), closed={third}) == {1: ["A 4"], 2: [""]}


def test_seat_of_the_house_that_staff_sold_is_kept_where_it_is_one_too():
    old, _ = hall("hs")
    new, _ = hall("hs")

    assert moved(new, party(1, old, "A 1")) == {1: ["A 1"]}


def test_wheelchair_space_and_its_companion_move_as_one():
    old, _ = hall("wcss")
    apart, _ = hall("wsss", "sswc")

    assert moved(apart, party(1, old, "A 1", "A 2")) == {1: ["B 3", "B 4"]}
    assert moved(apart, party(1, old, "A 1")) == {1: ["A 1"]}


def test_wheelchair_space_is_replaced_by_nothing_else():
    old, _ = hall("wcss")
    none, _ = hall("ssss")
    alone, _ = hall("w.ss")

    assert moved(none, party(1, old, "A 1", "A 2")) == {1: ["", ""]}
    assert moved(alone, party(1, old, "A 1", "A 2")) == {1: ["", ""]}


def test_space_without_companion_is_taken_first_by_who_comes_alone():
    old, _ = hall("ssss", "w...")
    new, _ = hall("wc.w.")

    assert moved(new, party(1, old, "B 1")) == {1: ["A 3"]}


def test_other_seats_are_as_many_and_of_the_same_kinds():
    plan, _ = hall("sspp")

    check_same_kinds([plan[0], plan[2]], [plan[3], plan[1]])
    with pytest.raises(OtherKinds):
        check_same_kinds([plan[0]], [plan[2]])
    with pytest.raises(OtherKinds):
        check_same_kinds([plan[0]], [plan[0], plan[1]])


def test_who_keeps_a_seat_keeps_it():
    plan, _ = hall("ssss")

    taken = pairs([plan[0], plan[1]], [plan[1], plan[2]])

    assert [(was.label, now.label) for was, now in taken] == [("A 2", "A 2"), ("A 1", "A 3")]


ROWS = st.lists(
    st.text("spv.", min_size=3, max_size=7).filter(lambda row: row.strip(".")), min_size=1, max_size=4
)


@given(ROWS, ROWS, st.data())
def test_everybody_is_seated_once_no_worse_and_nobody_without_need_elsewhere(old_rows, new_rows, data):
    old, new = hall(*old_rows)[0], hall(*new_rows)[0]
    booked = data.draw(st.lists(st.sampled_from(old), unique=True, max_size=8))
    parties = [
        Party(("booking", number), tuple(booked[start : start + 3]))
        for number, start in enumerate(range(0, len(booked), 3))
    ]
    closed = frozenset(seat.id for seat in data.draw(st.lists(st.sampled_from(new), unique=True, max_size=3)))

    seated = [each for seats in seat_everybody(new, parties, closed).values() for each in seats]

    given_seats = [each.seat for each in seated if each.seat]
    assert max(Counter(seat.id for seat in given_seats).values(), default=1) == 1
    assert not closed & {seat.id for seat in given_seats}
    assert len(seated) == len(booked)
    for each in seated:
        there = next((seat for seat in new if seat.label == each.was.label), None)
        if there is not None and there.kind == each.was.kind and there.id not in closed:
            assert each.kept
        if each.seat:
            assert RANK.index(each.seat.kind) >= RANK.index(each.was.kind)
        else:
            left = [seat for seat in new if seat.id not in closed | {seat.id for seat in given_seats}]
            assert not [seat for seat in left if RANK.index(seat.kind) >= RANK.index(each.was.kind)]
