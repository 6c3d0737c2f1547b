"""Twelve requests at once for each of sixty seats (reliability.md 0.2, G2), and what happens without the lock."""

import os
from collections import Counter
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Count

from tests import factories
from tests.races import books, serving
from tests.races.guests import customers
from tests.races.wire import Line, post, together
from theatre.models import Ticket

pytestmark = pytest.mark.slow

SEATS = 1000 if os.environ.get("TEST_SIZE") == "long" else 60
PEOPLE = 12
WITHOUT_THE_LOCK = """
ALTER TABLE theatre_seatclaim DROP CONSTRAINT theatre_seatclaim_pkey;
DROP INDEX one_live_ticket_per_seat_and_show;
"""


def race(port: int) -> Counter[str]:
    """Everybody asks for the same seat at once, and whoever got it confirms at once; seat after seat."""
    lines = [Line(port) for _ in range(PEOPLE)]
    answers: Counter[str] = Counter()
    for seat in range(SEATS):
        if seat % 60 == 0:  # others, before a hundred tickets make the price another
            callers = customers(PEOPLE)
            show = factories.show()
            seats = factories.free_seats(show, 60)
        wanted = {"show": show.pk, "seats": [seats[seat % 60]]}
        held = together(lines, [post("holds", caller.token, wanted) for caller in callers])
        winners = [
            (line, post(f"holds/{reply.json['ref']}/confirm", caller.token, PAID, key=uuid4().hex))
            for line, caller, reply in zip(lines, callers, held, strict=True)
            if reply.status == 201
        ]
        bought = together([line for line, _ in winners], [request for _, request in winners])
        answers.update(reply.json.get("code", "held") for reply in held)
        answers.update(reply.json.get("code", "booked") for reply in bought)
    return answers


PAID = {"shown_total": "11.00", "payment": {"method": "demo"}}


def sales_by_seat() -> list[int]:
    sold = Ticket.objects.filter(state="sold").values("show", "seat").annotate(times=Count("pk"))
    return [row["times"] for row in sold]


def test_every_seat_is_sold_once(own_database):
    with serving.granian(DATABASE_URL=own_database.url) as port:
        answers = race(port)

    assert answers == {"held": SEATS, "seat_taken": SEATS * (PEOPLE - 1), "booked": SEATS}
    assert sales_by_seat() == [1] * SEATS
    books.prove()


def test_control_without_the_lock_sells_most_seats_more_than_once(own_database):
    own_database.renew()
    with connection.cursor() as cursor:
        cursor.execute(WITHOUT_THE_LOCK)

    crowd = {"DATABASE_URL": own_database.url, "HOLDS_PER_CUSTOMER": "1000000"}
    with serving.granian("tests.races.naive:application", **crowd) as port:
        race(port)

    times = sales_by_seat()
    print(
        f"without the lock {sum(sold > 1 for sold in times)} of {SEATS} seats were sold {max(times)} times or less"
    )
    with pytest.raises(AssertionError, match="seat_is_sold_once"):
        books.prove()
    assert len(times) == SEATS
    assert sum(sold > 1 for sold in times) > 0.8 * SEATS, times
