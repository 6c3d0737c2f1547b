"""Ten thousand attempts at a hundred seats by sixty-four clients at once (reliability.md, G1)."""

import json
import random
from collections import Counter
from uuid import uuid4

import pytest
from django.db.models import Count

from bench import load
from tests import factories, people
from tests.races.guests import Caller, caller, customers
from theatre.models import SeatClaim, Show, Ticket

pytestmark = pytest.mark.slow

CLIENTS, SEATS, ATTEMPTS = 64, 100, 10_000
# A hundred seats that cost the same, so that every attempt is like every other.
HALL = ("ssssssssss",) * 10


def attempts(who: Caller, show: Show, seats: list[int], number: int, said: Counter[str]) -> load.Caller:
    """One client: takes any seat, again and again, and confirms what it gets."""
    chance = random.Random(who.who.pk)
    method = "cash" if who.by.is_staff else "demo"
    for _ in range(number):
        wanted = {"show": show.pk, "seats": [chance.choice(seats)]}
        status, body = yield "hold", load.request("POST", "/api/v1/holds", token=who.token, body=wanted)
        said[f"hold {status} {'' if status == 201 else json.loads(body)['code']}"] += 1
        if status != 201:
            continue
        paid = {"shown_total": "11.00", "payment": {"method": method}}
        status, body = yield "confirm", load.request(
            "POST", f"/api/v1/holds/{json.loads(body)['ref']}/confirm", token=who.token, body=paid,
            headers=[f"Idempotency-Key: {uuid4().hex}"],
        )  # fmt: skip
        said[f"confirm {status}"] += 1


def test_crowd_buys_every_seat_once_and_nobody_sees_an_error(port):
    show = factories.show(on=factories.screen(HALL))
    seats = factories.free_seats(show, SEATS)
    crowd = customers(CLIENTS - 16) + [caller(people.salesman()) for _ in range(16)]
    said: Counter[str] = Counter()
    share, rest = divmod(ATTEMPTS, CLIENTS)

    callers = [attempts(who, show, seats, share + (place < rest), said) for place, who in enumerate(crowd)]

    measured = load.run(port, callers, seconds=300)

    print(
        f"{ATTEMPTS} attempts in {measured.elapsed:.1f} s, {ATTEMPTS / measured.elapsed:.0f}/s; ms at 50/95/99 %:",
        {
            deed: [round(measured.percentile(deed, percent)) for percent in (50, 95, 99)]
            for deed in ("hold", "confirm")
        },
    )
    assert said == {"hold 201 ": SEATS, "hold 409 seat_taken": ATTEMPTS - SEATS, "confirm 201": SEATS}
    sold = Ticket.objects.filter(show=show, state="sold").values("seat").annotate(times=Count("pk"))
    assert [row["times"] for row in sold] == [1] * SEATS
    assert SeatClaim.objects.filter(show=show, state="sold").count() == SEATS
