import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.halls import hall, labels
from theatre.rules import bookings, seating
from theatre.rules.refusals import Refused

PLAN, TAKEN = hall("ssXs", "ss.ss", "wc.cw", "hb.rs")
# ids: A 1–4, B 5–8, C 9–12 (9 w, 10 c, 11 c, 12 w), D 13–16 (13 house, 14 broken)


def refusal(chosen, **more) -> Refused:
    with pytest.raises(Refused) as refused:
        seating.check_choice(PLAN, chosen, TAKEN, limit=10, **more)
    assert refused.value.field == "seats"
    return refused.value


def test_rows_are_lettered_without_i_and_o():
    letters = [seating.row_letter(index) for index in range(26)]

    assert "".join(letters[:24]) == "ABCDEFGHJKLMNPQRSTUVWXYZ"
    assert letters[24:] == ["AA", "AB"]
    assert seating.row_letter(24 * 25 - 1) == "ZZ"
    assert seating.row_letter(24 * 25) == "AAA"


def test_rows_are_counted_from_nought():
    with pytest.raises(ValueError, match="counted from 0"):
        seating.row_letter(-1)


@given(st.lists(st.integers(0, 20_000), unique=True, min_size=2, max_size=2))
def test_no_two_rows_share_a_letter(two):
    assert seating.row_letter(two[0]) != seating.row_letter(two[1])


def test_a_seat_is_called_by_row_and_number():
    assert seating.label("F", 7) == "F 7"
    assert PLAN[4].label == "B 1"


def test_free_seats_can_be_chosen_and_come_in_their_order():
    chosen = seating.check_choice(PLAN, [16, 2, 1], TAKEN, limit=10)

    assert labels(chosen) == ["A 1", "A 2", "D 4"]


def test_a_choice_has_between_one_and_the_limit():
    assert refusal([]).code == "no_seats"
    with pytest.raises(bookings.TooManySeats):
        seating.check_choice(PLAN, [1, 2], TAKEN, limit=1)


def test_a_seat_is_chosen_once():
    refused = refusal([1, 2, 1])

    assert refused.code == "seat_twice"
    assert refused.data == {"seats": [1]}


@pytest.mark.parametrize("stranger", [0, -1, 99, 10**12])
def test_a_seat_of_another_screen_is_refused(stranger):
    refused = refusal([1, stranger])

    assert refused.code == "seat_unknown"
    assert refused.sentence == "That seat isn’t in this show’s screen. Choose your seats from its map"
    assert refused.data == {"seats": [stranger]}


def test_a_broken_seat_is_sold_to_nobody():
    assert refusal([14]).code == "seat_not_on_sale"
    assert refusal([14], by_staff=True).sentence == "Seat D 2 isn’t on sale. Choose another"


def test_a_house_seat_is_sold_by_staff_only():
    assert refusal([13, 14]).sentence == "Seats D 1 and D 2 aren’t on sale. Choose others"
    assert labels(seating.check_choice(PLAN, [13], TAKEN, limit=10, by_staff=True)) == ["D 1"]


def test_a_taken_seat_is_refused_and_its_free_neighbour_named():
    refused = refusal([3])

    assert refused.code == "seat_taken"
    assert refused.sentence == "Seat A 3 was taken while you were choosing. A 4 beside it is free"
    assert refused.data == {"seats": [3], "instead": 4}


def test_a_neighbour_that_is_chosen_already_is_not_offered():
    assert refusal([3, 4]).data == {"seats": [3], "instead": 2}
    lost = refusal([2, 3, 4])
    assert (
        lost.sentence == "Seat A 3 was taken while you were choosing. The free ones are still yours to choose"
    )
    assert lost.data == {"seats": [3]}


def test_a_neighbour_across_the_aisle_or_of_another_kind_is_not_offered():
    plan, taken = hall("pX.s")

    with pytest.raises(seating.SeatTaken) as refused:
        seating.check_choice(plan, [2], taken, limit=10)
    assert refused.value.data == {"seats": [2]}


def test_several_taken_seats_are_named_together():
    plan, taken = hall("XXs")

    with pytest.raises(seating.SeatTaken) as refused:
        seating.check_choice(plan, [2, 1], taken, limit=10)
    assert refused.value.sentence == (
        "Seats A 1 and A 2 were taken while you were choosing. The free ones are still yours to choose"
    )
    assert refused.value.data == {"seats": [1, 2]}


def test_a_companion_seat_is_sold_with_its_wheelchair_space():
    assert labels(seating.check_choice(PLAN, [9, 10], TAKEN, limit=10)) == ["C 1", "C 2"]
    refused = refusal([10])
    assert refused.code == "companion_alone"
    assert refused.sentence == (
        "C 2 is a companion seat. Choose wheelchair space C 1 as well, or pick another seat"
    )
    assert refused.data == {"seats": [10]}


def test_another_wheelchair_space_is_not_its_own():
    assert refusal([10, 12]).code == "companion_alone"


def test_a_wheelchair_space_is_sold_without_its_companion():
    assert labels(seating.check_choice(PLAN, [9], TAKEN, limit=10)) == ["C 1"]


def test_a_companion_may_join_a_space_the_booking_has_already():
    assert labels(seating.check_choice(PLAN, [10], TAKEN | {9}, limit=10, own_ids={9})) == ["C 2"]


def test_a_companion_whose_space_is_not_in_the_plan_is_never_sold():
    lonely = [seating.Seat(1, "A", 1, "companion", 0, 0, beside=None)]

    with pytest.raises(seating.CompanionAlone) as refused:
        seating.check_choice(lonely, [1], limit=10)
    assert refused.value.sentence == (
        "A 1 is a companion seat. Choose its wheelchair space as well, or pick another seat"
    )


def test_runs_of_free_neighbours_end_at_aisles_and_taken_seats():
    plan, taken = hall("ss.sXs", "sss")

    runs = seating.blocks(plan, {seat.id for seat in plan} - taken)

    assert [labels(run) for run in runs] == [["A 1", "A 2"], ["A 3"], ["A 5"], ["B 1", "B 2", "B 3"]]


@pytest.mark.parametrize(
    ("row", "chosen", "note", "fix"),
    [
        ("ssssss", [2, 3], "That leaves seat 1 on its own. Move to 1 and 2?", [1, 2]),
        ("ssssss", [4, 5], "That leaves seat 6 on its own. Move to 5 and 6?", [5, 6]),
        ("Xssss", [3, 4], "That leaves seats 2 and 5 on their own. Move to 2 and 3?", [2, 3]),
        ("sss", [2], "That leaves seats 1 and 3 on their own. Move to 1?", [1]),
        ("ssssss", [1, 3], "That leaves seat 2 on its own. Move to 1 and 2?", [1, 2]),
        ("sssXss", [2], "That leaves seats 1 and 3 on their own. Move to 1?", [1]),
        ("ss.sssss", [4, 5, 6], "That leaves seats 3 and 7 on their own. Move to 3, 4 and 5?", [3, 4, 5]),
        ("bssssss", [3, 4], "That leaves seat 2 on its own. Move to 2 and 3?", [2, 3]),
        ("hssssss", [3, 4], "That leaves seat 2 on its own. Move to 2 and 3?", [2, 3]),
        ("wssssss", [3, 4], "That leaves seat 2 on its own. Move to 2 and 3?", [2, 3]),
    ],
)
def test_a_choice_that_strands_a_seat_gets_a_polite_note_with_a_fix(row, chosen, note, fix):
    plan, taken = hall(row)

    notes = seating.stranded_singles(plan, chosen, taken)

    assert [(found.note, list(found.fix)) for found in notes] == [(note, fix)]


@pytest.mark.parametrize(
    ("row", "chosen"),
    [
        ("ssssss", [1, 2]),
        ("ssssss", [3, 4]),
        ("sss", [1, 2]),  # three seats, two people: one is left wherever they sit
        ("sXs.sss", [4, 5, 6]),
        ("sXss", [3, 4]),  # seat 1 was on its own before
        ("wcss", [3, 4]),
        ("cws", [1, 2]),
        ("s", []),
    ],
)
def test_a_choice_that_strands_nobody_or_cannot_help_it_gets_no_note(row, chosen):
    plan, taken = hall(row)

    assert seating.stranded_singles(plan, chosen, taken) == ()


def test_every_row_has_its_own_note():
    plan, taken = hall("ssssss", "ssssss")

    notes = seating.stranded_singles(plan, [2, 3, 7, 8, 10], taken)

    assert [labels(found.seats) for found in notes] == [["A 1"], ["B 3"]]
    assert [found.fix for found in notes] == [(1, 2), (7, 8, 9)]


ROWS = st.text(alphabet="sspX.", min_size=1, max_size=12)


@given(ROWS, st.data())
def test_a_fix_takes_as_many_free_seats_and_strands_nobody(row, data):
    plan, taken = hall(row)
    free = [seat.id for seat in plan if seat.id not in taken]
    chosen = data.draw(st.lists(st.sampled_from(free), unique=True)) if free else []

    for found in seating.stranded_singles(plan, chosen, taken):
        run = next(run for run in seating.blocks(plan, set(free)) if found.seats[0] in run)
        ids = [seat.id for seat in run]
        left = [seat for seat in run if seat.id not in found.fix]
        assert set(found.fix) <= set(ids)
        assert len(found.fix) == len(set(chosen) & set(ids))
        assert all(any(abs(seat.x - other.x) == 1 for other in left) for seat in left)
        for lonely in found.seats:
            assert lonely.id not in chosen
            assert not any(abs(lonely.x - seat.x) == 1 for seat in run if seat.id not in chosen)
