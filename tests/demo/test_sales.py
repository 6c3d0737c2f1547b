from collections import Counter
from random import Random

import pytest

from theatre.demo import cinema, halls
from theatre.demo.books import year_before
from theatre.demo.references import reference
from theatre.demo.sales import Market, sales_of_show, shares
from theatre.demo.sitting import Hall, choose, hall
from theatre.rules.bookings import REFERENCE_ALPHABET
from theatre.rules.seating import Seat

STARTS = 1_800_000_000
PAST = Market(guests=100, sellers=3, now=STARTS + 86_400)


def lantern() -> Hall:
    drawn = halls.read(cinema.LANTERN)
    ids = {(seat.x, seat.y): number for number, seat in enumerate(drawn, 1)}
    return hall(
        1,
        [
            Seat(
                ids[seat.x, seat.y], seat.row, seat.number, seat.kind, seat.x, seat.y,
                frozenset({"house_seat"} if seat.letter == "h" else ()),
                None if seat.beside is None else ids[seat.beside, seat.y],
            )
            for seat in drawn
        ],
    )  # fmt: skip


def test_show_in_the_past_sells_exactly_what_is_asked_and_no_seat_twice():
    sales = sales_of_show(Random(1), 0, STARTS, lantern(), 120, PAST, exactly=True)

    sold = [place for sale in sales if sale.at for place in sale.seats]
    assert len(sold) == len(set(sold)) == 120


def test_groups_sit_side_by_side_near_the_sweet_spot():
    there = lantern()
    sales = sales_of_show(Random(2), 0, STARTS, there, 100, PAST, exactly=True)

    for sale in sales:
        seats = [there.seats[place] for place in sale.seats]
        assert len({seat.y for seat in seats}) == 1
        if {"wheelchair", "companion"}.isdisjoint(seat.kind for seat in seats):
            assert [seat.x for seat in seats] == list(range(seats[0].x, seats[0].x + len(seats)))
    rows = Counter(there.seats[place].y for sale in sales if sale.at for place in sale.seats)
    assert sum(rows[y] for y in range(6, 12)) > 3 * sum(rows[y] for y in range(4))
    assert Counter(len(sale.seats) for sale in sales).most_common(1)[0][0] == 2


def test_full_hall_sells_its_last_seat_and_stops():
    there = lantern()

    sales = sales_of_show(Random(3), 0, STARTS, there, 10_000, PAST, exactly=True)

    taken = {place for sale in sales if sale.at for place in sale.seats}
    assert len(taken) >= there.room
    assert choose(Random(3), there, bytearray(b"\x01" * len(there.seats)), 2) == ()


def test_same_seed_makes_the_same_sales():
    assert sales_of_show(Random(4), 0, STARTS, lantern(), 80, PAST) == sales_of_show(
        Random(4), 0, STARTS, lantern(), 80, PAST
    )


def test_coming_show_has_sold_what_was_bought_by_now_and_nothing_later():
    early, late = (
        sales_of_show(Random(5), 0, STARTS, lantern(), 200, Market(100, 3, STARTS - days * 86_400))
        for days in (8, 1)
    )

    assert 0 < sum(len(sale.seats) for sale in early) < sum(len(sale.seats) for sale in late) < 200
    assert all(sale.held <= sale.at <= STARTS - 8 * 86_400 for sale in early if sale.at)
    assert all(0 <= sale.cancelled <= STARTS - 86_400 for sale in late)


def test_shares_add_up_within_their_rooms():
    assert shares([1, 1, 2], [10, 10, 10], 21) == [6, 5, 10]
    assert shares([0, 0], [3, 3], 6) == [3, 3]
    with pytest.raises(ValueError, match="7 do not fit into 6"):
        shares([1, 1], [3, 3], 7)


def test_references_look_like_any_other_and_never_meet():
    made = {reference(booking) for booking in range(1, 50_000)}

    assert len(made) == 49_999
    assert {len(ref) for ref in made} == {8}
    assert set("".join(made)) == set(REFERENCE_ALPHABET)


def test_year_before_is_the_calendars():
    assert year_before(1_709_208_000) == 1_677_585_600  # noon of 29 and of 28 February
    assert year_before(1_800_000_000) == 1_768_464_000
