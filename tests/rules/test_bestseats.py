from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.halls import hall, labels
from theatre.rules.bestseats import best_seats
from theatre.rules.seating import Seat

HOUSE = hall(*["ssssss.ssssss"] * 10)[0]


def best(plan, taken, number, **more):
    found = best_seats(plan, taken, number, **more)
    return found and (labels(found.seats), found.way, found.cost)


def test_the_best_pair_of_an_empty_house_sits_two_thirds_back_in_the_middle():
    plan, taken = hall(*["s" * 14] * 10)

    found = best_seats(plan, taken, 2)

    assert labels(found.seats) == ["G 7", "G 8"]  # row 7 of 10 is two thirds back
    assert (found.way, found.cost) == ("together", 0.0)
    assert found.reason == "Together in row G, two thirds back, in the middle"


def test_columns_cost_one_each_and_rows_one_and_three_tenths():
    plan, taken = hall("ssss", "XXXX", "XXXX", "XXXX")

    assert best(plan, taken, 4) == (["A 1", "A 2", "A 3", "A 4"], "together", 2.6)

    plan, taken = hall("XXXXXX", "XXXXXX", "XXXXXX", "ssXXXX")

    assert best(plan, taken, 2) == (["D 1", "D 2"], "together", 3.3)  # 2 columns and 1 row off


def test_an_aisle_parts_neighbours():
    assert best(HOUSE, (), 2)[0] == ["G 5", "G 6"]
    assert best(HOUSE, (), 7) == (["F 3", "F 4", "F 5", "F 6", "G 4", "G 5", "G 6"], "two_rows", 5.8)


def test_leaving_nobodys_seat_alone_comes_before_the_shortest_way():
    plan, taken = hall("sssXssss", "XXXXXXXX")

    assert best(plan, taken, 2)[:2] == (["A 5", "A 6"], "together")


def test_when_it_cannot_be_helped_one_seat_is_left_alone():
    plan, taken = hall("XsssX")

    assert best(plan, taken, 2) == (["A 2", "A 3"], "together_leaving_one", 4.5)


def test_different_prices_in_one_run_cost_two():
    plan, taken = hall("sspp")

    assert best(plan, taken, 4) == (["A 1", "A 2", "A 3", "A 4"], "together", 2.0)
    assert best(plan, taken, 2) == (["A 1", "A 2"], "together", 1.0)


def test_a_restricted_view_costs_six_a_seat():
    plan, taken = hall("rrXXXXss")

    assert best(plan, taken, 2) == (["A 7", "A 8"], "together", 3.0)
    assert best(plan, taken | {7}, 2) == (["A 1", "A 2"], "together", 15.0)


def test_a_kind_can_be_asked_for():
    plan, taken = hall("ssss", "pppp")

    assert best(plan, taken, 2, kind="standard")[0] == ["A 1", "A 2"]
    assert best(plan, taken, 2, kind="premium")[0] == ["B 1", "B 2"]
    assert best(plan, taken, 2, kind="vip") is None


def test_a_seat_left_beside_another_kind_is_not_alone():
    plan, taken = hall("ssspp")

    assert best(plan, taken, 2, kind="standard")[1] == "together"


def test_broken_seats_are_never_proposed_and_house_seats_to_staff_only():
    plan, taken = hall("bhs")

    assert best(plan, taken, 2) is None
    assert best(plan, taken, 2, by_staff=True)[0] == ["A 2", "A 3"]


def test_wheelchair_and_companion_seats_are_proposed_only_when_asked_for():
    plan, taken = hall("wcXX", "XXss")

    assert best(plan, taken, 2)[0] == ["B 3", "B 4"]
    assert best(plan, taken, 2, access=True)[0] == ["A 1", "A 2"]


def test_with_an_access_need_there_is_a_wheelchair_space_and_each_companions_own():
    plan, taken = hall("cwssswc")

    assert best(plan, taken, 1, access=True)[0] == ["A 2"]
    assert best(plan, taken, 2, access=True)[0] == ["A 1", "A 2"]
    assert best(plan, taken | {2}, 2, access=True)[0] == ["A 6", "A 7"]
    assert best(plan, taken | {2, 6}, 2, access=True) is None
    assert best(plan, taken | {2, 6}, 1, access=True) is None


def test_a_wheelchair_space_is_taken_with_its_companion_seat_which_nobody_else_could_buy():
    plan, taken = hall("cwsss")

    assert best(plan, taken, 2, access=True)[0] == ["A 1", "A 2"]
    assert best(plan, taken | {1}, 2, access=True)[:2] == (["A 2", "A 3"], "together")


def test_an_access_party_can_sit_in_two_rows_but_not_in_pairs():
    plan, taken = hall("XwcX", "XssX")

    assert best(plan, taken, 4, access=True)[:2] == (["A 2", "A 3", "B 2", "B 3"], "two_rows")
    plan, taken = hall("wcXXXXXX", "XXXXXXss")
    assert best(plan, taken, 4, access=True) is None


def test_a_party_that_finds_no_run_sits_one_behind_the_other():
    plan, taken = hall("XssX", "XssX")

    found = best_seats(plan, taken, 4)

    assert labels(found.seats) == ["A 2", "A 3", "B 2", "B 3"]
    assert (found.way, found.reason) == ("two_rows", "One behind the other in rows A and B")


def test_two_people_sit_one_behind_the_other_but_not_apart():
    behind, taken = hall("sXX", "sXX")
    assert best(behind, taken, 2)[1] == "two_rows"

    apart, taken = hall("sXs", "XXX")
    assert best(apart, taken, 2) is None


def test_a_party_sits_in_pairs_as_the_last_way():
    plan, taken = hall("ssXXXss", "XXXXXXX", "ssXXXXX")

    found = best_seats(plan, taken, 4)

    assert found.way == "pairs"
    assert labels(found.seats) == ["A 1", "A 2", "C 1", "C 2"]
    assert found.reason == "In pairs in rows A and C"


def test_an_odd_party_has_one_seat_apart():
    plan, taken = hall("ssXXXXs")

    found = best_seats(plan, taken, 3)

    assert (found.way, labels(found.seats)) == ("pairs", ["A 1", "A 2", "A 7"])
    assert found.reason == "In pairs in row A"


@pytest.mark.parametrize("rows", [("sXsXs",), ("sXXss", "XXXXX", "sXXXX")])
def test_without_enough_pairs_there_is_no_suggestion(rows):
    plan, taken = hall(*rows)

    assert best(plan, taken, 4) is None


@pytest.mark.parametrize("number", [0, -1, 121])
def test_nobody_and_more_than_there_are_seats_get_none(number):
    assert best(HOUSE, (), number) is None


def test_an_empty_plan_has_no_best_seats():
    assert best([], (), 2) is None


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("ssXXXXXXXXXX", "Together in row A, on the left"),
        ("XXXXXXXXXXss", "Together in row A, on the right"),
        ("XXXXsXXXXXXX", "A seat in row A, in the middle"),
    ],
)
def test_the_reason_says_where_they_are(row, words):
    plan, taken = hall(row)

    assert best_seats(plan, taken, len(plan) - len(taken)).reason == words


def test_the_order_of_the_plan_does_not_matter():
    assert best(HOUSE[::-1], (), 5) == best(HOUSE, (), 5)


# The oracle: every choice of seats there is, judged by the words of the design page alone.


def judged(plan: list[Seat], taken: frozenset[int], number: int) -> tuple[str, float] | None:
    free = [seat for seat in plan if seat.id not in taken and seat.kind not in ("wheelchair", "companion")]
    free = [seat for seat in free if not seat.flags & {"broken", "house_seat"}]
    hall_seats = [seat for seat in plan if "broken" not in seat.flags and "house_seat" not in seat.flags]
    if not free:
        return None
    rows = sorted({seat.y for seat in hall_seats})
    middle = (min(seat.x for seat in hall_seats) + max(seat.x for seat in hall_seats)) / 2
    sweet_row = (len(rows) - 1) * 2 / 3
    at = {(seat.y, seat.x): seat for seat in free}

    def is_run(group):
        return len({seat.y for seat in group}) == 1 and group[-1].x - group[0].x == len(group) - 1

    def centre(group):
        return sum(seat.x for seat in group) / len(group)

    def base(group):
        distance = abs(centre(group) - middle) + 1.3 * abs(rows.index(group[0].y) - sweet_row)
        mixed = 2 if len({seat.kind for seat in group}) > 1 else 0
        return distance + mixed + 6 * sum("restricted_view" in seat.flags for seat in group)

    def alone(group):
        gone = {(seat.y, seat.x) for seat in group}

        def single(place, without):
            beside = [(place[0], place[1] - 1), (place[0], place[1] + 1)]
            return not any(other in at and other not in without for other in beside)

        return sum(place not in gone and single(place, gone) and not single(place, ()) for place in at)

    runs = {
        length: [group for group in combinations(free, length) if is_run(group)] if length else []
        for length in {number, (number + 1) // 2, number // 2, 2, 1}
    }
    together = [(alone(group) > 0, base(group) + 4 * alone(group)) for group in runs[number]]
    if together:
        leaves, cost = min(together)
        return ("together_leaving_one" if leaves else "together"), cost
    stacked = [
        base(one) + 4 * alone(one) + base(two) + 4 * alone(two)
        for one in runs[(number + 1) // 2]
        for two in runs[number // 2]
        if abs(rows.index(one[0].y) - rows.index(two[0].y)) == 1 and abs(centre(one) - centre(two)) <= 1
    ]
    if stacked:
        return "two_rows", min(stacked)
    groups = [
        (*pairs, *single)
        for pairs in combinations(runs[2], number // 2)
        for single in combinations(runs[1], number % 2)
        if len({seat.id for group in (*pairs, *single) for seat in group}) == number
    ]
    if groups and number > 2:
        return "pairs", min(sum(base(group) for group in chosen) for chosen in groups)
    return None


CROWDED = st.text(alphabet="ssXXXp", min_size=1, max_size=12)
ANY_ROW = st.text(alphabet="sssprXX.bhwc", min_size=1, max_size=12).filter(
    lambda row: "c" not in row or "w" in row
)


@settings(max_examples=150)
@given(st.lists(ANY_ROW | CROWDED, min_size=1, max_size=3), st.integers(1, 5))
def test_no_choice_in_the_hall_is_better_than_the_one_proposed(rows, number):
    plan, taken = hall(*rows)

    found = best_seats(plan, taken, number)
    expected = judged(plan, taken, number)

    if expected is None:
        assert found is None
    else:
        assert (found.way, found.cost) == (expected[0], pytest.approx(expected[1], abs=1e-5))
        assert len(found.seats) == len({seat.id for seat in found.seats}) == number
        assert all(seat.id not in taken for seat in found.seats)
        assert all(seat.kind not in ("wheelchair", "companion") for seat in found.seats)


@settings(max_examples=60)
@given(
    st.lists(
        st.text(alphabet="swcX.", min_size=1, max_size=12).filter(lambda row: "c" not in row or "w" in row),
        min_size=1,
        max_size=3,
    ),
    st.integers(1, 4),
)
def test_an_access_suggestion_can_always_be_held(rows, number):
    plan, taken = hall(*rows)

    found = best_seats(plan, taken, number, access=True)

    if found is not None:
        chosen = {seat.id for seat in found.seats}
        assert len(chosen) == number
        assert chosen.isdisjoint(taken)
        assert any(seat.kind == "wheelchair" for seat in found.seats)
        assert all(seat.beside in chosen for seat in found.seats if seat.kind == "companion")
