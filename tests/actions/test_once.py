"""One key, one effect, one answer (reliability.md, I9)."""

from decimal import Decimal

import pytest

from tests import factories, people
from tests.actions.said import refusal
from theatre.actions.booking import cancel, check_in, confirm, hold, keep
from theatre.actions.booking._once import once
from theatre.documents.record import ticket_code
from theatre.models import AuditEntry, Booking, IdempotencyKey, Payment, Refund, Ticket
from theatre.queries.bookings import for_papers

pytestmark = pytest.mark.django_db


@pytest.fixture
def guest():
    return people.actor_for(people.customer())


def key(route: str, body: object = None, *, name: str = "key-1", principal: str = "user:1"):
    return once(principal, route, name, body)


def test_repeated_hold_is_the_first_one(guest):
    show = factories.show()
    seats = factories.free_seats(show, 2)

    first, again = (
        hold.hold_seats(by=guest, show_id=show.pk, seat_ids=seats, once=key("holds", seats)) for _ in range(2)
    )

    assert first == again
    assert Booking.objects.count() == 1


def test_repeated_confirm_cancel_extend_release_and_check_in_are_the_first_ones(guest):
    usher = people.actor_for(people.salesman())
    booking = factories.held(by=guest)
    longer = [keep.extend_hold(by=guest, ref=booking.ref, once=key("extend")) for _ in range(2)]
    bought = [
        confirm.confirm_booking(
            by=guest, ref=booking.ref, shown_total=Decimal(22), method="demo", once=key("confirm")
        )
        for _ in range(2)
    ]
    seen = for_papers(booking.pk)
    code = ticket_code(seen, seen.tickets[0]) or ""
    entered = [check_in.check_in(by=usher, code=code, door="north", once=key("door")) for _ in range(2)]
    second = booking.tickets.latest("pk").pk
    back = [
        cancel.cancel_booking(by=guest, ref=booking.ref, tickets=[second], once=key("cancel"))
        for _ in range(2)
    ]
    released = factories.held(by=guest)
    for _ in range(2):
        keep.release_hold(by=guest, ref=released.ref, once=key("release"))

    for first, again in (longer, bought, entered, back):
        assert first == again
    assert (Payment.objects.count(), Refund.objects.count()) == (1, 1)
    assert {
        verb: AuditEntry.objects.filter(verb=verb).count()
        for verb in ("extend", "confirm", "check_in", "cancel", "release")
    } == {"extend": 1, "confirm": 1, "check_in": 1, "cancel": 1, "release": 1}


def test_answer_is_given_again_though_the_world_has_moved_on(guest):
    booking = factories.held(by=guest)
    said = {"by": guest, "ref": booking.ref, "shown_total": Decimal(22), "method": "demo"}
    first = confirm.confirm_booking(**said, once=key("confirm"))
    cancel.cancel_booking(by=guest, ref=booking.ref)

    again = confirm.confirm_booking(**said, once=key("confirm"))

    assert again.record == first.record
    assert again.record["state"] == "confirmed"


def test_key_with_another_body_is_refused(guest):
    show = factories.show()
    one, two = factories.free_seats(show, 2)
    hold.hold_seats(by=guest, show_id=show.pk, seat_ids=[one], once=key("holds", {"seats": [one]}))

    no = refusal(
        lambda: hold.hold_seats(
            by=guest, show_id=show.pk, seat_ids=[two], once=key("holds", {"seats": [two]})
        )
    )

    assert (no.code, no.sentence) == (
        "idempotency_key_reused",
        "This Idempotency-Key was used for another request. Use a new one",
    )
    assert Booking.objects.count() == 1


def test_keys_of_another_person_and_of_another_route_are_other_keys(guest):
    show = factories.show()
    seats = factories.free_seats(show, 3)

    refs = {
        hold.hold_seats(by=guest, show_id=show.pk, seat_ids=[seat], once=one).ref
        for seat, one in zip(
            seats, [key("holds"), key("holds", principal="user:2"), key("elsewhere")], strict=True
        )
    }

    assert len(refs) == 3


def test_body_is_the_same_in_any_order_of_its_members():
    assert key("r", {"a": 1, "b": [1, 2]}) == key("r", {"b": [1, 2], "a": 1})
    assert key("r", {"a": 1}) != key("r", {"a": 2})


def test_refused_request_keeps_no_answer_and_may_be_tried_again(guest):
    show = factories.show()
    seats = factories.free_seats(show, 1)
    theirs = factories.held(of=show, seats=seats)
    assert refusal(lambda: hold.hold_seats(by=guest, show_id=show.pk, seat_ids=seats, once=key("holds")))
    assert not IdempotencyKey.objects.exists()

    factories.lapse(theirs)

    assert hold.hold_seats(by=guest, show_id=show.pk, seat_ids=seats, once=key("holds")).ref
    assert Ticket.objects.filter(booking__customer=guest.customer_id).count() == 1
