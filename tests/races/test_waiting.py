"""Seats come free while two workers serve the list, while its people leave, and while others want the same seats: what
comes free goes to whose turn it is, once, and whatever dies half-way is done by the next."""

import os
import random
from collections import Counter
from functools import partial

import pytest

from tests import people
from tests.actions.test_waiting import give_back, sold_out, wait
from tests.races.stage import at_once
from tests.races.test_changes import killed_before
from tests.races.test_moves import clean, code_of, later
from theatre.actions.booking import waiting
from theatre.actions.booking.hold import hold_seats
from theatre.actions.people.erase import erase_person
from theatre.actions.shows.cancel import cancel_show
from theatre.models import Booking, Letter, SeatClaim, WaitingParty

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("own_database")]

MORE = 10 if os.environ.get("TEST_SIZE") == "long" else 1


def served_until_quiet() -> int:
    """What is left to do is done by one worker alone; how many parties left the line."""
    done = 0
    while more := waiting.serve_waiting():
        done += more
    return done


def test_workers_at_once_offer_seats_once_while_others_reach_for_them():
    hunter = people.actor_for(people.customer())
    ways, chance = Counter(), random.Random(11)
    for _ in range(8 * MORE):
        show, (first, second, *_rest) = sold_out()
        parties = [wait(show, 2), wait(show, 2)]
        seats = list(first.tickets.values_list("seat_id", flat=True))

        results = at_once(
            partial(give_back, first),
            partial(give_back, second),
            *(partial(later, chance.random() * 0.1, waiting.serve_waiting) for _ in range(3)),
            *(
                partial(
                    later,
                    chance.random() * 0.1,
                    partial(hold_seats, by=hunter, show_id=show.pk, seat_ids=seats),
                )
                for _ in range(3)
            ),
        )

        ways.update(code_of(each) for each in results[5:])
        served_until_quiet()
        for party in parties:
            party.refresh_from_db()
        assert [party.state for party in parties] == ["offered"] * 2
        assert parties[0].booking_id != parties[1].booking_id
        assert (
            SeatClaim.objects.filter(show=show, booking__in=[each.booking_id for each in parties]).count()
            == 4
        )
        assert Letter.objects.filter(kind="seats_offered", booking__show=show).count() == 2
        assert clean() == []
    print("who was quicker than the line:", dict(ways))
    assert set(ways) <= {"seat_taken", "spoken_for", "busy"}


def test_who_leaves_while_seats_are_offered_gets_them_or_the_next_does():
    ways, chance = Counter(), random.Random(13)
    for number in range(8 * MORE):
        show, (first, *_rest) = sold_out()
        maya = people.customer()
        one, two = wait(show, 2, maya), wait(show, 2)
        by = people.actor_for(maya)
        goes = partial(waiting.leave_list, by=by, show_id=show.pk)
        if number % 2:
            goes = partial(erase_person, by=by)
        give_back(first)

        gone, *_offers = at_once(
            partial(later, chance.random() * 0.06, goes),
            *(partial(later, chance.random() * 0.06, waiting.serve_waiting) for _ in range(2)),
        )
        served_until_quiet()

        one.refresh_from_db()
        two.refresh_from_db()
        ways[f"{'erased' if number % 2 else 'left'} ({code_of(gone)}): {one.state}, {two.state}"] += 1
        assert (one.state, two.state) in {("offered", "waiting"), ("left", "offered")}
        assert code_of(gone) == ("tickets_ahead" if number % 2 and one.state == "offered" else "done")
        assert clean() == []
    print("beside the offer:", dict(ways))


def test_offer_beside_the_cancellation_of_the_show_leaves_nobody_waiting():
    boss, ways, chance = people.actor_for(people.moderator()), Counter(), random.Random(17)
    for _ in range(8 * MORE):
        show, (first, *_rest) = sold_out()
        parties = [wait(show, 2), wait(show, 2)]
        give_back(first)

        at_once(
            partial(later, chance.random() * 0.06, waiting.serve_waiting),
            partial(
                later, chance.random() * 0.06, partial(cancel_show, by=boss, show_id=show.pk, reason="Broken")
            ),
        )
        served_until_quiet()

        for party in parties:
            party.refresh_from_db()
        ways[", ".join(party.state for party in parties)] += 1
        assert [party.state for party in parties] in (["over"] * 2, ["offered", "over"])
        assert not SeatClaim.objects.filter(show=show, state__in=["held", "waiting"]).exists()
        assert clean() == []
    print("beside the cancellation:", dict(ways))


def test_worker_whose_connection_dies_before_any_statement_is_followed_by_one_that_does_it_once():
    number = kills = 0
    while True:
        show, (first, second, third, _last) = sold_out()
        parties = [wait(show, 2), wait(show, 4), wait(show, 1)]
        for booking in (first, third):
            give_back(booking)

        ended = killed_before(number, waiting.serve_waiting)
        kills += ended
        served_until_quiet()

        for party in parties:
            party.refresh_from_db()
        assert [party.state for party in parties] == ["offered", "waiting", "waiting"]
        assert Booking.objects.filter(show=show, state="held").count() == 1
        assert SeatClaim.objects.filter(show=show, state="waiting").count() == 1  # kept for the party of four
        assert Letter.objects.filter(kind="seats_offered", booking__show=show).count() == 1
        assert clean() == []
        # The list is emptied, so that the next round's worker has this show behind it.
        give_back(second)
        served_until_quiet()
        for party in WaitingParty.objects.filter(show=show, state="waiting"):
            waiting.leave_list(by=people.actor_for(party.customer.user), show_id=show.pk)
        number += 1
        if not ended:
            break
    print(f"offers: ended before each of {kills} statements")
    assert kills > 10
