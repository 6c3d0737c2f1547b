from datetime import timedelta

import pytest
from django.db.models import F
from django.db.models.functions import Now

from tests import factories, people
from tests.actions.said import refusal
from theatre.actions.booking.keep import extend_hold, lapse_holds, prune_idempotency_keys, release_hold
from theatre.models import AuditEntry, Booking, IdempotencyKey, SeatClaim, Show

pytestmark = pytest.mark.django_db


@pytest.fixture
def guest():
    return people.actor_for(people.customer())


def test_extending_adds_the_holds_minutes_to_claims_and_booking(guest):
    booking = factories.held(by=guest)

    extended = extend_hold(by=guest, ref=booking.ref)

    assert extended.held_until == booking.held_until + timedelta(minutes=8)
    assert (extended.left, extended.last) == (9, False)
    booking.refresh_from_db()
    assert (booking.held_until, booking.extensions) == (extended.held_until, 1)
    assert set(SeatClaim.objects.values_list("held_until", flat=True)) == {extended.held_until}
    assert AuditEntry.objects.get(verb="extend").on_id == booking.ref


def test_hold_is_extended_ten_times(guest):
    booking = factories.held(by=guest)

    left = [extend_hold(by=guest, ref=booking.ref) for _ in range(10)]
    no = refusal(lambda: extend_hold(by=guest, ref=booking.ref))

    assert [(one.left, one.last) for one in left] == [(n, n == 0) for n in range(9, -1, -1)]
    assert no.code == "no_more_time"
    assert no.sentence.startswith(
        "You have added time 10 times, which is the limit. Your seats are held until "
    )


def test_hold_is_extended_until_fifteen_minutes_before_the_show(guest):
    booking = factories.held(by=guest, of=factories.show(in_hours=0.5))

    extended = extend_hold(by=guest, ref=booking.ref)
    no = refusal(lambda: extend_hold(by=guest, ref=booking.ref))

    assert extended.held_until == booking.show.starts_at - timedelta(minutes=15)
    assert extended.last
    assert no.code == "no_more_time"
    assert no.sentence.startswith(
        "Seats can be held until 15 minutes before the movie. Yours are held until "
    )


def test_hold_begun_later_than_that_keeps_its_eight_minutes(guest):
    booking = factories.held(by=guest, of=factories.show(in_hours=0.2))

    assert refusal(lambda: extend_hold(by=guest, ref=booking.ref)).code == "no_more_time"
    assert Booking.objects.get(pk=booking.pk).held_until == booking.held_until


def test_lapsed_hold_is_not_extended(guest):
    booking = factories.lapse(factories.held(by=guest))

    no = refusal(lambda: extend_hold(by=guest, ref=booking.ref))

    assert no.code == "hold_lapsed"
    assert no.sentence.startswith("Your hold ended at ")
    assert no.sentence.endswith(". A 1 and A 2 are still free, so you can hold them again")


def test_blocked_seat_of_a_lapsed_hold_is_not_called_free(guest):
    booking = factories.lapse(factories.held(by=guest))
    first = booking.tickets.earliest("pk").seat_id
    SeatClaim.objects.filter(seat_id=first).update(state="blocked", booking=None, held_until=None)

    no = refusal(lambda: extend_hold(by=guest, ref=booking.ref))

    assert no.sentence.endswith(". A 2 is still free, so you can hold it again")


@pytest.mark.parametrize("deed", [extend_hold, release_hold])
def test_another_persons_hold_is_not_found(guest, deed):
    theirs = factories.held()

    foreign, absent = (
        refusal(lambda: deed(by=guest, ref=theirs.ref)),
        refusal(lambda: deed(by=guest, ref="ABCD2346")),
    )

    assert (foreign.code, foreign.sentence) == (absent.code, absent.sentence)
    assert foreign.sentence == "There is no such booking. Check the reference, it has 8 characters"
    assert SeatClaim.objects.filter(booking=theirs, held_until__gt=Now()).count() == 2


def test_reference_alone_opens_no_strangers_hold():
    booking = factories.held(by=people.stranger(session="mine"))

    assert (
        refusal(lambda: release_hold(by=people.stranger(session="yours"), ref=booking.ref)).code
        == "booking_unknown"
    )
    assert (
        refusal(lambda: release_hold(by=people.stranger(session=""), ref=booking.ref)).code
        == "booking_unknown"
    )
    release_hold(by=people.stranger(session="mine"), ref=booking.ref)
    assert not SeatClaim.objects.exists()


def test_releasing_frees_the_seats(guest):
    booking = factories.held(by=guest)

    release_hold(by=guest, ref=booking.ref)
    release_hold(by=guest, ref=booking.ref)  # a hold that has ended already is no error

    booking.refresh_from_db()
    assert (booking.state, booking.ended_by_id) == ("lapsed", guest.user_id)
    assert set(booking.tickets.values_list("state", flat=True)) == {"lapsed"}
    assert not SeatClaim.objects.exists()
    assert AuditEntry.objects.filter(verb="release").count() == 1


def test_released_lapsed_hold_leaves_the_new_owner_alone(guest):
    show = factories.show()
    booking = factories.lapse(factories.held(by=guest, of=show, seats=2))
    taken = factories.held(of=show, seats=[booking.tickets.earliest("pk").seat_id])

    release_hold(by=guest, ref=booking.ref)

    assert SeatClaim.objects.get().booking_id == taken.pk


def test_confirmed_booking_is_not_released(guest):
    booking = factories.booked(by=guest)

    no = refusal(lambda: release_hold(by=guest, ref=booking.ref))

    assert (no.code, no.sentence) == ("already_confirmed", "This booking is already confirmed")


def test_sweeper_tidies_lapsed_holds_and_no_others(guest):
    show = factories.show()
    lapsed, taken_over = (factories.lapse(factories.held(of=show, seats=2)) for _ in range(2))
    factories.held(by=guest, of=show, seats=list(taken_over.tickets.values_list("seat_id", flat=True)))
    factories.booked(of=show)

    assert (lapse_holds(), lapse_holds()) == (2, 0)

    for booking in (lapsed, taken_over):
        booking.refresh_from_db()
        assert (booking.state, booking.ended_by_id) == ("lapsed", None)
        assert set(booking.tickets.values_list("state", flat=True)) == {"lapsed"}
    assert SeatClaim.objects.filter(state="held", booking__customer=guest.customer_id).count() == 2
    assert SeatClaim.objects.count() == 4


def test_idempotency_keys_are_forgotten_after_a_day():
    for number in range(2):
        IdempotencyKey.objects.create(principal="user:1", route="holds", key=str(number), body_hash=b"")
    IdempotencyKey.objects.filter(key="0").update(created_at=F("created_at") - timedelta(hours=24, seconds=1))

    assert prune_idempotency_keys() == 1
    assert IdempotencyKey.objects.get().key == "1"


def test_staff_extend_the_hold_assigned_to_them_and_no_other():
    seller, other = (people.actor_for(people.salesman()) for _ in range(2))
    booking = factories.held(by=seller)

    assert refusal(lambda: extend_hold(by=other, ref=booking.ref)).code == "booking_unknown"
    assert extend_hold(by=seller, ref=booking.ref).left == 9
    assert extend_hold(by=people.actor_for(people.moderator()), ref=booking.ref).left == 8


def test_show_that_moved_nearer_makes_no_hold_shorter(guest):
    booking = factories.held(by=guest)
    Show.objects.filter(pk=booking.show_id).update(
        starts_at=Now() + timedelta(minutes=10), ends_at=Now() + timedelta(minutes=90)
    )

    assert refusal(lambda: extend_hold(by=guest, ref=booking.ref)).code == "no_more_time"
