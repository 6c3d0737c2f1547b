"""How often the database is asked: literal, and the same for few rows as for many."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.api import calls
from theatre.models import Show

pytestmark = pytest.mark.django_db


def asked(deed: Callable[[], Any]) -> int:
    """How many statements this takes, savepoints of the test's own transaction not counted."""
    with CaptureQueriesContext(connection) as captured:
        response = deed()
    assert response.status_code < 400, response.content
    return sum("SAVEPOINT" not in query["sql"] for query in captured.captured_queries)


def programme_of(shows: int) -> Show:
    screens = [factories.screen() for _ in range(2)]
    movie, card = factories.movie(), factories.price_card()
    made = [
        factories.show(in_hours=24 + 5 * number, of=movie, on=screens[number % 2], card=card)
        for number in range(shows)
    ]
    return made[0]


@pytest.mark.parametrize("shows", [1, 10, 60])
def test_lists_and_seats_of_any_programme(shows):
    show = programme_of(shows)
    for _ in range(shows // 6):
        factories.movie()
    caller = calls.stranger()
    caller.get(f"/shows/{show.pk}/seats")  # the plan is read once by each process

    assert asked(lambda: caller.get("/movies?size=100")) == 2
    assert asked(lambda: caller.get(f"/movies/{show.movie.slug}")) == 1
    assert asked(lambda: caller.get("/shows?size=100")) == 2
    assert asked(lambda: caller.get(f"/shows?movie={show.movie.slug}&size=100")) == 2
    assert asked(lambda: caller.get(f"/shows/{show.pk}/seats")) == 1


def test_unchanged_seats_cost_one_query_and_with_a_token_two():
    show = factories.show()
    caller = calls.customer()
    tag = caller.get(f"/shows/{show.pk}/seats")["ETag"]

    assert asked(lambda: calls.stranger().get(f"/shows/{show.pk}/seats", if_none_match='"x"')) == 1
    assert asked(lambda: caller.get(f"/shows/{show.pk}/seats", if_none_match=tag)) == 2


@pytest.mark.parametrize("bookings", [1, 10])
def test_bookings_of_anybody(bookings):
    caller = calls.moderator()
    for _ in range(bookings):
        booking = factories.booked()

    assert asked(lambda: caller.get("/bookings?size=100")) == 4
    assert asked(lambda: caller.get(f"/bookings/{booking.ref}")) == 2
    assert asked(lambda: caller.get(f"/bookings/{booking.ref}/tickets.pdf")) == 2
    assert asked(lambda: caller.get(f"/bookings/{booking.ref}/invoice.pdf")) == 3


@pytest.mark.parametrize("seats", [1, 10])
def test_hold_and_confirm_of_any_number_of_seats(seats):
    caller = calls.customer()
    show = factories.show()
    factories.coupon("SUMMER15")
    caller.get(f"/shows/{show.pk}/seats")
    chosen = factories.free_seats(show, seats)
    ref, total = "", ""

    def hold() -> Any:
        nonlocal ref, total
        held = caller.hold(show.pk, chosen)
        ref, total = held.json()["ref"], held.json()["quote"]["total"]
        return held

    assert asked(hold) == 4
    assert asked(lambda: caller.get(f"/holds/{ref}/quote")) == 2
    assert asked(lambda: caller.confirm(ref, total)) == 7
