"""Idempotency keys: a POST with one happens once."""

import threading

import pytest
from django.db import connection, connections

from tests import factories, people
from tests.api import calls
from theatre.models import Booking, IdempotencyKey, LedgerEntry, Payment

pytestmark = pytest.mark.django_db


def test_confirm_and_cancel_need_a_key():
    caller = calls.customer()
    held, booked = factories.held(by=caller.who), factories.booked(by=caller.who)

    confirm = caller.post(
        f"/holds/{held.ref}/confirm", {"shown_total": "22.00", "payment": {"method": "demo"}}
    )
    cancel = caller.post(f"/bookings/{booked.ref}/cancel")

    for refused in (confirm, cancel):
        assert (refused.status_code, refused.json()["code"]) == (400, "idempotency_key_needed")
    assert {booking.state for booking in Booking.objects.filter(pk__in=[held.pk, booked.pk])} == {
        "held",
        "confirmed",
    }


@pytest.mark.parametrize("key", ["", " ", "k" * 256, "ключ", "two words", "tab\tkey"])
def test_key_that_is_none_is_said_so(key):
    caller = calls.customer()
    booked = factories.booked(by=caller.who)

    refused = caller.post(f"/bookings/{booked.ref}/cancel", idempotency_key=key)

    assert (refused.status_code, refused.json()["code"]) == (400, "idempotency_key_unreadable")


def test_hold_repeated_with_its_key_is_the_same_hold():
    caller = calls.customer()
    show = factories.show()
    body = {"show": show.pk, "seats": factories.free_seats(show, 2)}

    first, again = (caller.once("/holds", body, "hold-1") for _ in range(2))

    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert Booking.objects.count() == 1


def test_extension_repeated_with_its_key_adds_once():
    caller = calls.customer()
    booking = factories.held(by=caller.who)

    first, again = (caller.once(f"/holds/{booking.ref}/extend", None, "more-1") for _ in range(2))

    booking.refresh_from_db()
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.content == again.content
    assert booking.extensions == 1


def test_confirm_repeated_with_its_key_charges_once():
    caller = calls.customer()
    ref = factories.held(by=caller.who).ref

    first, again = (caller.confirm(ref, "22.00", key="pay-1") for _ in range(2))

    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert (Payment.objects.count(), LedgerEntry.objects.count()) == (1, 2)


def test_first_answer_is_kept_even_when_the_booking_has_changed_since():
    caller = calls.customer()
    ref = factories.held(by=caller.who).ref
    first = caller.confirm(ref, "22.00", key="pay-1")
    caller.once(f"/bookings/{ref}/cancel")

    again = caller.confirm(ref, "22.00", key="pay-1")

    assert (again.status_code, again.content) == (201, first.content)
    assert Booking.objects.get(ref=ref).state == "cancelled"


def test_cancel_repeated_with_its_key_pays_back_once():
    caller = calls.customer()
    ref = factories.booked(by=caller.who).ref

    first, again = (caller.once(f"/bookings/{ref}/cancel", None, "back-1") for _ in range(2))

    assert first.status_code == again.status_code == 200
    assert first.content == again.content
    assert Payment.objects.get().refunded == Payment.objects.get().amount


def test_key_with_another_body_is_refused():
    caller = calls.customer()
    show = factories.show()
    one, two = factories.free_seats(show, 2)
    caller.once("/holds", {"show": show.pk, "seats": [one]}, "hold-1")

    refused = caller.once("/holds", {"show": show.pk, "seats": [two]}, "hold-1")

    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")
    assert Booking.objects.count() == 1


def test_order_of_members_and_unknown_ones_make_no_other_body():
    caller = calls.customer()
    show = factories.show()
    seats = factories.free_seats(show, 1)
    first = caller.once("/holds", {"show": show.pk, "seats": seats}, "hold-1")

    again = caller.once(
        "/holds", {"colour": "red", "customer": None, "seats": seats, "show": show.pk}, "hold-1"
    )

    assert (again.status_code, again.json()) == (201, first.json())


def test_key_is_each_persons_own():
    show = factories.show()
    one, two = factories.free_seats(show, 2)

    first = calls.customer().once("/holds", {"show": show.pk, "seats": [one]}, "1")
    second = calls.customer().once("/holds", {"show": show.pk, "seats": [two]}, "1")

    assert first.status_code == second.status_code == 201
    assert first.json()["ref"] != second.json()["ref"]


def test_refusal_keeps_no_key():
    caller = calls.customer()
    show = factories.show()
    seats = factories.free_seats(show, 1)
    other = factories.held(of=show, seats=seats)
    assert caller.once("/holds", {"show": show.pk, "seats": seats}, "hold-1").status_code == 409
    calls.end_hold(other.ref)

    assert caller.once("/holds", {"show": show.pk, "seats": seats}, "hold-1").status_code == 201
    assert IdempotencyKey.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_second_request_while_the_first_is_at_work_is_told_so():
    customer = people.customer()
    caller = calls.Caller(customer)
    booking = factories.held(by=customer)
    working, finish = threading.Event(), threading.Event()

    def work() -> None:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(
                "INSERT INTO theatre_idempotencykey (principal, route, key, body_hash) VALUES (%s, %s, 'pay-1', '')",
                [f"user:{customer.pk}", f"confirm {booking.ref}"],
            )
            working.set()
            finish.wait(20)
            cursor.execute("ROLLBACK")
        connections.close_all()

    first = threading.Thread(target=work)
    first.start()
    working.wait(20)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '200ms'")
    refused = caller.confirm(booking.ref, "22.00", key="pay-1")
    finish.set()
    first.join()

    assert (refused.status_code, refused.json()["code"], refused["Retry-After"]) == (409, "in_progress", "1")
    assert caller.confirm(booking.ref, "22.00", key="pay-1").status_code == 201
