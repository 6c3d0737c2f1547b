import pytest

from theatre.demo import cinema, halls


def test_drawing_is_read_by_rows_without_aisles():
    seats = halls.read(("ss.s", "....", "wc.v"))

    assert [(seat.row, seat.number, seat.kind, seat.x, seat.y, seat.beside) for seat in seats] == [
        ("A", 1, "standard", 0, 0, None),
        ("A", 2, "standard", 1, 0, None),
        ("A", 3, "standard", 3, 0, None),
        ("B", 1, "wheelchair", 0, 2, None),
        ("B", 2, "companion", 1, 2, 0),
        ("B", 3, "vip", 3, 2, None),
    ]


@pytest.mark.parametrize(("hall", "seats"), [(0, 42), (1, 304), (2, 140), (3, 108)])
def test_demo_halls_differ_and_have_what_a_hall_needs(hall, seats):
    drawn = halls.read(cinema.HALLS[hall])

    assert len(drawn) == seats
    assert {"wheelchair", "companion", "vip", "premium", "standard"} == {seat.kind for seat in drawn}
    assert not {"I", "O"} & {seat.row for seat in drawn}
    assert len({len(row) for row in cinema.HALLS[hall]}) == 1
