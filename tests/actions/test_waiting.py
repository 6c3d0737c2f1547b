"""The waiting list: asked for, offered in turn as real holds, left, and over."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from tests import factories, people
from tests.actions.said import refusal
from theatre.actions.booking import waiting
from theatre.actions.booking.cancel import cancel_booking
from theatre.actions.booking.hold import hold_seats
from theatre.actions.people.erase import erase_person
from theatre.actions.shows.cancel import cancel_show
from theatre.models import AuditEntry, Booking, Customer, Letter, SeatClaim, Show, User, WaitingParty
from theatre.queries.integrity import prove

pytestmark = pytest.mark.django_db

HALL = ("ssssss",)


def sold_out(*, parties=(2, 2, 1, 1), **fields) -> tuple[Show, list[Booking]]:
    """A row of six, sold to parties side by side."""
    show = factories.show(on=factories.screen(HALL), **fields)
    return show, [factories.booked(of=show, seats=number) for number in parties]


def wait(show: Show, seats: int, who: User | None = None) -> WaitingParty:
    who = who or people.customer()
    waiting.ask_for_seats(by=people.actor_for(who), show_id=show.pk, seats=seats)
    return WaitingParty.objects.get(show=show, customer__user=who, state="waiting")


def give_back(booking: Booking) -> None:
    owner = booking.customer.user
    cancel_booking(by=people.actor_for(owner), ref=booking.ref)


def again(*parties: WaitingParty) -> None:
    """As they are now."""
    for party in parties:
        party.refresh_from_db()


def proved() -> None:
    assert [(found.check.name, found.rows) for found in prove() if found.count] == []


def test_seats_that_come_free_are_held_for_the_first_and_they_are_told():
    show, (one, *_rest) = sold_out()
    first, second = wait(show, 2), wait(show, 2)

    give_back(one)

    assert waiting.serve_waiting() == 1
    again(first, second)
    assert (first.state, second.state) == ("offered", "waiting")
    hold = first.booking
    assert (hold.state, hold.customer_id, hold.channel) == ("held", first.customer_id, "online")
    assert sorted(hold.claims.values_list("state", flat=True)) == ["held", "held"]
    assert timedelta(minutes=14) < hold.held_until - hold.created_at <= timedelta(minutes=15)
    assert Letter.objects.get(kind="seats_offered").to == first.customer.user.email
    assert waiting.serve_waiting() == 0


def test_an_offer_is_confirmed_as_any_hold():
    maya = people.customer()
    show, (one, *_rest) = sold_out()
    wait(show, 2, maya)
    give_back(one)
    waiting.serve_waiting()
    by, ref = people.actor_for(maya), WaitingParty.objects.get().booking.ref

    factories.confirm_booking(by=by, ref=ref, shown_total=factories.checkout_total(by, ref), method="demo")

    assert Booking.objects.get(ref=ref).state == "confirmed"
    assert Customer.objects.get(user=maya).tier_tickets == 2


def test_an_offer_that_lapses_goes_to_the_next():
    show, (one, *_rest) = sold_out()
    first, second = wait(show, 2), wait(show, 2)
    give_back(one)
    waiting.serve_waiting()
    first.refresh_from_db()

    factories.lapse(first.booking)

    assert waiting.serve_waiting() == 1
    second.refresh_from_db()
    assert second.state == "offered"
    assert set(second.booking.claims.values_list("seat_id")) == set(
        first.booking.tickets.values_list("seat_id")
    )


def test_nobody_is_quicker_than_those_who_wait():
    show, (one, *_rest) = sold_out()
    wait(show, 2)
    seats = list(one.tickets.values_list("seat_id", flat=True))
    give_back(one)

    def press() -> None:
        hold_seats(by=people.actor_for(people.customer()), show_id=show.pk, seat_ids=seats)

    assert refusal(press).code == "spoken_for"
    assert (
        refusal(lambda: hold_seats(by=people.stranger(), show_id=show.pk, seat_ids=seats)).code
        == "spoken_for"
    )
    assert SeatClaim.objects.filter(show=show, state="held").count() == 0


def test_what_nobody_in_the_line_can_use_is_sold_to_others():
    show, (*_rest, last) = sold_out(in_hours=1)  # nothing more comes back now, so nothing is kept
    wait(show, 2)
    seats = list(last.tickets.values_list("seat_id", flat=True))
    cancel_booking(by=people.actor_for(people.moderator()), ref=last.ref, reason="Ill")

    assert waiting.serve_waiting() == 0
    assert hold_seats(by=people.actor_for(people.customer()), show_id=show.pk, seat_ids=seats).tickets


def test_seats_are_gathered_for_a_large_party_and_smaller_ones_do_not_take_them():
    show, (one, two, *_rest) = sold_out()
    large, small = wait(show, 4), wait(show, 2)

    give_back(one)
    assert waiting.serve_waiting() == 0
    assert SeatClaim.objects.filter(show=show, state="waiting").count() == 2
    give_back(two)

    assert waiting.serve_waiting() == 1
    again(large, small)
    assert (large.state, small.state) == ("offered", "waiting")
    assert SeatClaim.objects.filter(show=show, state="waiting").count() == 0
    assert large.booking.tickets.count() == 4


def test_what_is_kept_is_let_go_of_when_the_party_leaves():
    show, (one, *_rest) = sold_out()
    large = wait(show, 4)
    give_back(one)
    waiting.serve_waiting()
    small = wait(show, 2)

    waiting.leave_list(by=people.actor_for(large.customer.user), show_id=show.pk)
    SeatClaim.objects.filter(state="waiting").update(
        held_until=Now() + timedelta(seconds=60)
    )  # some time later
    waiting.serve_waiting()

    again(large, small)
    assert (large.state, small.state) == ("left", "offered")


def test_running_it_twice_offers_once():
    show, (one, two, *_rest) = sold_out()
    wait(show, 2), wait(show, 2), wait(show, 2)
    give_back(one)
    give_back(two)

    assert [waiting.serve_waiting(), waiting.serve_waiting()] == [2, 0]
    assert Letter.objects.filter(kind="seats_offered").count() == 2


def test_the_counter_keeps_its_last_seats():
    show, (one, two, *_rest) = sold_out()
    Show.objects.filter(pk=show.pk).update(counter_seats=2)
    party = wait(show, 2)

    give_back(one)
    assert waiting.serve_waiting() == 0
    give_back(two)

    assert waiting.serve_waiting() == 1
    party.refresh_from_db()
    assert party.state == "offered"


@pytest.mark.parametrize(
    ("seats", "who", "code"),
    [
        (7, "customer", "too_many_to_wait"),
        (0, "customer", "too_many_to_wait"),
        (2, "salesman", "not_a_customer"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(seats, who, code):
    show, _ = sold_out()
    by = people.actor_for(getattr(people, who)())

    assert refusal(lambda: waiting.ask_for_seats(by=by, show_id=show.pk, seats=seats)).code == code


def test_nobody_waits_where_seats_are_free_nor_twice():
    free, (show, _) = factories.show(), sold_out()
    maya = people.customer()
    by = people.actor_for(maya)
    wait(show, 2, maya)

    assert refusal(lambda: waiting.ask_for_seats(by=by, show_id=free.pk, seats=2)).code == "not_sold_out"
    assert refusal(lambda: waiting.ask_for_seats(by=by, show_id=show.pk, seats=1)).code == "waits_already"
    assert refusal(lambda: waiting.ask_for_seats(by=by, show_id=999_999, seats=1)).code == "show_unknown"


def test_when_the_show_is_cancelled_the_line_goes_home_and_is_told():
    show, (one, *_rest) = sold_out()
    wait(show, 4), wait(show, 2)
    give_back(one)
    admin = people.actor_for(people.admin())
    cancel_show(by=admin, show_id=show.pk, reason="Fire")

    assert waiting.serve_waiting() == 2
    assert set(WaitingParty.objects.values_list("state", flat=True)) == {"over"}
    assert Letter.objects.filter(kind="waited_in_vain").count() == 2
    assert not SeatClaim.objects.filter(state="waiting").exists()


def test_who_erases_their_account_waits_no_more():
    show, (one, *_rest) = sold_out()
    party = wait(show, 2)

    erase_person(by=people.actor_for(party.customer.user))
    give_back(one)

    assert waiting.serve_waiting() == 0
    party.refresh_from_db()
    assert party.state == "left"


def test_who_asked_for_longer_holds_has_longer_for_an_offer():
    show, (one, *_rest) = sold_out()
    party = wait(show, 2)
    Customer.objects.filter(pk=party.customer_id).update(long_holds=True)
    give_back(one)

    waiting.serve_waiting()

    party.refresh_from_db()
    assert party.booking.held_until - party.booking.created_at > timedelta(minutes=29)


def test_each_deed_is_noted():
    show, (one, *_rest) = sold_out()
    party = wait(show, 2)
    other = wait(show, 1)
    waiting.leave_list(by=people.actor_for(other.customer.user), show_id=show.pk)
    give_back(one)
    waiting.serve_waiting()

    verbs = list(AuditEntry.objects.filter(verb__contains="wait").values_list("verb", flat=True))
    offered = AuditEntry.objects.get(verb="offer_seats")
    assert verbs == ["leave_waiting"]
    assert AuditEntry.objects.filter(verb="ask_for_seats").count() == 2
    assert offered.actor_id is None and offered.details == {"party": party.pk}


def test_the_books_are_true_at_every_step():
    show, (one, two, three, _four) = sold_out()
    large, small, last = wait(show, 4), wait(show, 2), wait(show, 1)
    for booking in (one, three, two):
        give_back(booking)
        waiting.serve_waiting()
        proved()
    again(large, small, last)

    assert (large.state, small.state, last.state) == ("offered", "waiting", "offered")
