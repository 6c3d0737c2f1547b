"""Seat plans as text: what is written is what is read, and what cannot be read is said with its place."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from theatre.demo import cinema, halls
from theatre.rules import plans
from theatre.rules.plans import PlanUnreadable, count, parse, same, text_of
from theatre.rules.seating import LETTERS, Seat, blocks, row_letter


def told(text: str) -> list[tuple[int, int, str]]:
    with pytest.raises(PlanUnreadable) as refused:
        parse(text)
    assert refused.value.field == "text"
    return [(each["line"], each["column"], each["sentence"]) for each in refused.value.data["problems"]]


# What people write --------------------------------------------------------------------------------------------

marks = st.sets(st.sampled_from("rhb")).map(lambda some: "".join(sorted(some, key="rhb".index)))
ordinary = st.tuples(st.sampled_from("SPV"), marks).map("".join)
access = st.sampled_from(["W", "WC", "CW", "WCC", "CWC", "WCCW", "CWWC"])
bodies = st.lists(st.one_of(st.just("_"), ordinary, access), min_size=1, max_size=12).map("".join)
rows = bodies.filter(lambda body: re.search("[SPVW]", body))
heads = st.tuples(st.none() | st.integers(1, 900), st.booleans())


@st.composite
def texts(draw) -> str:
    """A plan as `text_of` would write it, or nearly: any row letters, starts and directions, aisles across."""
    lines: list[str] = []
    letters = draw(st.permutations([row_letter(index) for index in range(30)]))
    for index in range(draw(st.integers(1, 8))):
        if lines and draw(st.booleans()):
            lines.append("")
        start, from_right = draw(heads)
        head = letters[index] + (f" {start}" if start else "") + ("<" if from_right else "")
        lines.append(f"{head}: {draw(rows)}")
    return "\n".join(lines)


@given(texts())
def test_what_is_printed_is_read_as_the_same_seats(text):
    seats = parse(text)

    printed = text_of(seats)

    assert parse(printed) == seats
    assert text_of(parse(printed)) == printed
    assert same(parse(printed), seats)


@given(texts())
def test_no_two_seats_have_one_number_or_one_place(text):
    seats = parse(text)

    assert len({seat.label for seat in seats}) == len({(seat.x, seat.y) for seat in seats}) == len(seats)
    assert len({seat.id for seat in seats}) == len(seats)
    assert all(set(seat.row) <= set(LETTERS) for seat in seats)


@given(texts())
def test_numbers_count_on_by_one_from_the_side_that_is_said_aisles_skipped(text):
    seats = parse(text)
    top = min(number for number, line in enumerate(text.split("\n")) if line)

    for number, line in enumerate(text.split("\n")):
        row = [seat for seat in seats if seat.y == number - top]
        head = re.match(r"[A-Z]+ ?(\d+)?(<)?:", line)
        numbers = [seat.number for seat in sorted(row, key=lambda seat: seat.x)]
        if head:
            start = int(head[1] or 1)
            wanted = list(range(start, start + len(row)))
            assert numbers == (wanted[::-1] if head[2] else wanted)
        else:
            assert row == []


@given(texts())
def test_neighbours_are_those_with_no_aisle_between(text):
    seats = parse(text)
    runs = [run for line in text.split("\n") if line for run in line.split(":")[1].strip().split("_") if run]

    found = blocks(seats, {seat.id for seat in seats})

    assert [len(run) for run in found] == [len(re.findall("[A-Z]", run)) for run in runs]


@given(texts())
def test_companion_is_beside_a_space_with_companions_alone_between(text):
    seats = parse(text)
    by_id = {seat.id: seat for seat in seats}
    by_place = {(seat.x, seat.y): seat for seat in seats}

    for seat in seats:
        assert (seat.kind == "companion") == (seat.beside is not None)
        if seat.beside is not None:
            space = by_id[seat.beside]
            between = range(min(seat.x, space.x) + 1, max(seat.x, space.x))
            assert (space.kind, space.y) == ("wheelchair", seat.y)
            assert {by_place[x, seat.y].kind for x in between} <= {"companion"}


@given(texts())
def test_counts_add_up(text):
    seats = parse(text)

    said = count(seats)

    assert sum(number for _, number in said.kinds) == said.seats == len(seats)
    assert said.for_sale == said.seats - dict(said.flags).get("broken", 0)


@given(st.text(alphabet="ABIO:_SPVWCrhbx<5 \n", max_size=200))
def test_any_text_is_a_plan_or_is_refused_at_a_place_that_is_there(text):
    try:
        seats = parse(text)
    except PlanUnreadable as refused:
        lines = text.split("\n")
        for problem in refused.data["problems"]:
            assert 1 <= problem["line"] <= len(lines)
            assert 1 <= problem["column"] <= max(1, len(lines[problem["line"] - 1]))
    else:
        assert parse(text_of(seats)) == seats


@pytest.mark.parametrize("drawing", cinema.HALLS)
def test_demo_hall_is_printed_and_read_as_the_same_seats(drawing):
    drawn = halls.read(drawing)
    ids = {(seat.x, seat.y): number for number, seat in enumerate(drawn, 1)}
    flags = {"r": "restricted_view", "h": "house_seat", "b": "broken"}
    seats = [
        Seat(
            id=ids[seat.x, seat.y], row=seat.row, number=seat.number, kind=seat.kind, x=seat.x, y=seat.y,
            flags=frozenset({flags[seat.letter]} if seat.letter in flags else ()),
            beside=None if seat.beside is None else ids[seat.beside, seat.y],
        )
        for seat in drawn
    ]  # fmt: skip

    assert same(parse(text_of(seats)), seats)


def test_example_is_read_seat_by_seat():
    seats = parse("A: _Ss\n\nB 5<: WC_Prb\r\n")

    assert [(s.label, s.kind, s.x, s.y, set(s.flags), s.beside) for s in seats] == [
        ("A 1", "standard", 1, 0, set(), None),
        ("A 2", "standard", 2, 0, set(), None),
        ("B 7", "wheelchair", 0, 2, set(), None),
        ("B 6", "companion", 1, 2, set(), 3),
        ("B 5", "premium", 3, 2, {"restricted_view", "broken"}, None),
    ]
    assert text_of(seats) == "A:    _SS\n\nB 5<: WC_Prb"


def test_a_row_goes_on_on_another_line_with_its_next_number():
    assert [seat.label for seat in parse("A: SS\nA 3: S")] == ["A 1", "A 2", "A 3"]


# What cannot be read ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, problems",
    [
        ("", [(1, 1, "This plan has no seats yet. Write a row, like A: SSSS_SSSS")]),
        ("\n __ \n", [(1, 1, "This plan has no seats yet. Write a row, like A: SSSS_SSSS")]),
        ("A: SSXS", [(1, 6, "We don’t know “X”. Seats are S, P, V, W and C, marks are r, h and b, an aisle is _")]),
        ("A: SSSS\nA: SS_S", [
            (2, 4, "Seat A 1 is on line 1 already. Give this row another letter or number"),
            (2, 5, "Seat A 2 is on line 1 already. Give this row another letter or number"),
            (2, 7, "Seat A 3 is on line 1 already. Give this row another letter or number"),
        ]),
        ("A: SSS\nB: SCS", [(2, 5, "Companion seat B 2 has no wheelchair space. Put a W beside it")]),
        ("A: W_C", [(1, 6, "Companion seat A 2 has no wheelchair space. Put a W beside it")]),
        ("A: WSC", [(1, 6, "Companion seat A 3 has no wheelchair space. Put a W beside it")]),
        ("SSSS", [(1, 1, "This line doesn’t begin with a row. Write its letter and a colon first, like A:")]),
        ("A: SS\nI: SS", [(2, 1, "Rows have no I and no O, for they look like 1 and 0. Rename row I")]),
        ("A: rSS", [(1, 4, "The mark r has no seat before it. Write it after one, like Sr")]),
        ("A: S_b", [(1, 6, "The mark b has no seat before it. Write it after one, like Sb")]),
        ("A: SS\nB:", [(2, 2, "Row B has no seats. Write some, or leave the line empty for an aisle")]),
        ("A 0: SS", [(1, 3, "Seats are numbered from 1 to 999")]),
        ("A 999: SS", [(1, 3, "Seats are numbered from 1 to 999")]),
        ("A: " + "S" * 51, [(1, 54, "Row A is 51 places wide. A plan is 50 wide at most")]),
        ("A: SS\n" * 61, [(61, 1, "62 lines are too many. A plan has 60 at most")]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line_and_column(text, problems):
    assert told(text) == problems


def test_5_000_seats_are_too_many():
    hundred_rows = "\n".join(f"{row_letter(index)}: {'S' * 50}" for index in range(100))
    forty = "\n".join(f"{row_letter(index)}: {'S' * 50}" for index in range(40))

    assert told(hundred_rows) == [(61, 1, "100 lines are too many. A plan has 60 at most")]
    assert told("A: " + "S" * 5000)[0][2] == "5,000 seats are too many. A plan has 1,000 at most"
    assert told(forty) == [(21, 4, "2,000 seats are too many. A plan has 1,000 at most")]
    assert told("A: " + "S" * 30_000)[0][2].endswith("about 30,000 seats. A plan has 1,000 at most")


def test_refusal_is_a_sentence_with_the_first_place_and_how_many_more():
    with pytest.raises(PlanUnreadable) as refused:
        parse("A: SX\nB: XS\nC: X")

    assert refused.value.sentence == (
        "Line 1, column 5: We don’t know “X”. Seats are S, P, V, W and C, marks are r, h and b, an aisle is _."
        " There are 3 more problems"
    )
    assert len(told("A: " + "X" * 50)) == plans.MOST_PROBLEMS


def test_letter_that_nobody_can_see_is_named_so():
    assert told("A: S\x00")[0][2].startswith("We don’t know a letter that can’t be seen")


def test_numbers_that_do_not_count_on_have_no_text():
    odd = [Seat(1, "A", 1, "standard", 0, 0), Seat(2, "A", 3, "standard", 1, 0)]

    with pytest.raises(ValueError, match="Row A"):
        text_of(odd)
