"""A show is cancelled while people book it, and its giving back is killed half-way: nothing is lost or paid twice."""

import os
import random
import signal
import sys
import time
from collections import Counter
from uuid import uuid4

import pytest
from django.db.models import Sum

from tests import factories, people
from tests.races import serving
from tests.races.guests import caller, customers
from tests.races.stage import Doing, at_once
from tests.races.wire import Line, post, together
from theatre.actions.shows.cancel import cancel_show, give_back_cancelled_shows
from theatre.models import (
    Booking,
    Invoice,
    InvoiceCounter,
    LedgerEntry,
    Letter,
    Payment,
    Refund,
    SeatClaim,
    ShowClosing,
)

pytestmark = pytest.mark.slow

MORE = 10 if os.environ.get("TEST_SIZE") == "long" else 1
WHY = "The projector is broken"


def test_confirm_and_cancellation_of_the_show_leave_no_booking_behind(port):
    boss = people.actor_for(people.moderator())
    crowd = customers(12)
    ways = Counter()
    head_start = 0.0  # seconds the closing begins before the requests; each round aims at the middle of them
    for _ in range(8 * MORE):
        show = factories.show()
        holds = [factories.held(by=one.by, of=show, seats=1) for one in crowd[:6]]
        seats = factories.free_seats(show, 6)
        requests = [
            post(
                f"holds/{hold.ref}/confirm",
                one.token,
                {"shown_total": "11.00", "payment": {"method": "demo"}},
                key=uuid4().hex,
            )
            for hold, one in zip(holds, crowd[:6], strict=True)
        ] + [
            post("holds", one.token, {"show": show.pk, "seats": [seat]})
            for one, seat in zip(crowd[6:], seats, strict=True)
        ]
        lines = [Line(port) for _ in requests]

        def close(show_id=show.pk, wait=-head_start) -> None:
            time.sleep(max(0.0, wait))
            cancel_show(by=boss, show_id=show_id, reason=WHY)

        closing = Doing(close)
        time.sleep(max(0.0, head_start))
        replies = together(lines, requests)
        assert closing.result() is None
        for line in lines:
            line.close()

        confirmed = {reply.json["ref"] for reply in replies[:6] if reply.status == 201}
        head_start += 0.012 if len(confirmed) > 3 else -0.012
        ways.update(str(reply.json.get("code", reply.status)) for reply in replies)
        begun = ShowClosing.objects.get(show=show).started_at
        live = Booking.objects.filter(show=show, state="confirmed")
        assert set(live.values_list("ref", flat=True)) == confirmed
        assert not live.filter(confirmed_at__gt=begun).exists()
        assert not Booking.objects.filter(show=show, state="held").exists()
        assert set(SeatClaim.objects.filter(show=show).values_list("state", flat=True)) <= {"sold"}

        assert give_back_cancelled_shows() == len(confirmed)
        assert not live.exists()
        assert not SeatClaim.objects.filter(show=show).exists()

    print("confirmed, held or too late:", dict(ways))
    assert set(ways) <= {"201", "hold_lapsed", "show_not_on_sale", "sales_closed"}
    assert ways["201"] > 0
    assert ways["hold_lapsed"] > 0


def test_two_who_cancel_a_show_at_once_cancel_it_once(port):
    boss, other = (people.actor_for(people.moderator()) for _ in range(2))
    show = factories.show()
    factories.booked(of=show)

    results = at_once(
        *[lambda by=by: cancel_show(by=by, show_id=show.pk, reason=WHY) for by in (boss, other) * 3]
    )

    assert [getattr(each, "code", None) for each in results].count("show_cannot") == 5
    assert ShowClosing.objects.filter(show=show).count() == 1
    assert sum(at_once(*[give_back_cancelled_shows] * 4)) == 1
    assert Letter.objects.filter(kind="show_cancelled", booking__show=show).count() == 1


def test_guest_and_worker_give_a_booking_back_once(port):
    boss = people.actor_for(people.moderator())
    guest = caller(people.customer())
    for _ in range(5 * MORE):
        booking = factories.booked(by=guest.by, seats=1)
        cancel_show(by=boss, show_id=booking.show_id, reason=WHY)
        line = Line(port)
        request = post(f"bookings/{booking.ref}/cancel", guest.token, key=uuid4().hex)
        line.send(request[:-1])
        worker = Doing(give_back_cancelled_shows)
        line.send(request[-1:])
        back = line.receive()
        line.close()

        assert (back.status == 200) + worker.result() == 1
        assert Refund.objects.filter(booking=booking).count() == 1
        letters = Letter.objects.filter(booking=booking, kind__in=["show_cancelled", "booking_cancelled"])
        assert letters.count() == 1


def test_killed_half_way_and_run_again_gives_three_hundred_bookings_back_once(port, own_database):
    boss = people.actor_for(people.moderator())
    drawing = ["s" * 30] * 22
    show = factories.show(on=factories.screen(drawing))
    guests = [people.actor_for(people.customer()) for _ in range(30)]
    seller = people.actor_for(people.salesman())
    seats = factories.free_seats(show, 600)
    for number in range(300):
        by = seller if number % 10 == 0 else guests[number % 30]
        factories.booked(by=by, of=show, seats=seats[2 * number : 2 * number + 2])
    before = Booking.objects.filter(show=show)
    assert before.filter(state="confirmed").count() == 300
    notes = InvoiceCounter.objects.filter(series="credit_note").aggregate(last=Sum("last"))["last"] or 0
    cancel_show(by=boss, show_id=show.pk, reason=WHY)

    kills = 0
    for goal in (20, 90, 170, 250):
        command = [sys.executable, "manage.py", "give_back_cancelled_shows"]
        with serving.running(command, DATABASE_URL=own_database.url) as worker:
            until = time.monotonic() + 60
            while before.filter(state="cancelled").count() < goal and time.monotonic() < until:
                time.sleep(random.random() / 50)
            kills += worker.poll() is None
            worker.send_signal(signal.SIGKILL)
            worker.wait()
    left = before.filter(state="confirmed").count()
    print(f"killed {kills} times, {left} were left")
    assert kills == 4
    assert left > 0

    assert give_back_cancelled_shows() == left
    assert give_back_cancelled_shows() == 0

    assert before.filter(state="cancelled").count() == 300
    assert not SeatClaim.objects.filter(show=show).exists()
    assert LedgerEntry.objects.filter(booking__show=show, kind="return").count() == 600
    assert LedgerEntry.objects.filter(booking__show=show).aggregate(sum=Sum("amount"))["sum"] == 0
    money = Payment.objects.filter(booking__show=show).aggregate(paid=Sum("amount"), back=Sum("refunded"))
    assert (
        money["paid"]
        == money["back"]
        == Refund.objects.filter(booking__show=show).aggregate(sum=Sum("amount"))["sum"]
    )
    assert Invoice.objects.filter(booking__show=show, series="credit_note").count() == 300
    assert InvoiceCounter.objects.get(series="credit_note").last == notes + 300
    letters = Letter.objects.filter(kind="show_cancelled", booking__show=show)
    assert letters.count() == letters.values("booking").distinct().count() == 270
    assert ShowClosing.objects.get(show=show).finished_at is not None
