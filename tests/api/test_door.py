"""The door: a ticket lets somebody in once."""

from datetime import datetime

import pytest

from tests import factories
from tests.api import calls
from theatre.documents import codes
from theatre.models import Ticket

pytestmark = pytest.mark.django_db


def booked_code(**wanted) -> tuple[str, Ticket]:
    ticket = factories.booked(seats=1, **wanted).tickets.get()
    return codes.sign(ticket.pk, ticket.show_id, ticket.nonce, codes.current_key()), ticket


def test_ticket_is_checked_in():
    code, ticket = booked_code()

    said = calls.salesman().post("/checkins", {"code": code, "show": ticket.show_id, "door": "north"})

    ticket.refresh_from_db()
    assert said.status_code == 200
    assert (said.json()["ref"], said.json()["seat"]) == (ticket.booking.ref, str(ticket.seat))
    assert (said.json()["screen"], said.json()["door"]) == (ticket.show.screen.name, "north")
    assert datetime.fromisoformat(said.json()["at"]) == ticket.checked_in_at


def test_second_scan_says_when_and_where_the_first_was():
    code, _ = booked_code()
    first = calls.salesman().post("/checkins", {"code": code, "door": "north"}).json()

    refused = calls.moderator().post("/checkins", {"code": code, "door": "south"})

    said = refused.json()
    assert refused.status_code == 409
    assert (said["code"], said["at"], said["door"], said["field"]) == (
        "already_used",
        first["at"],
        "north",
        "code",
    )


def test_scan_repeated_with_its_key_is_the_first_scan():
    code, _ = booked_code()
    door = calls.salesman()

    first, again = (door.once("/checkins", {"code": code}, "scan-1") for _ in range(2))

    assert (again.status_code, again.json()) == (200, first.json())


@pytest.mark.parametrize(
    "code", ["x", "", "MC", "🎟️", "জাল", "MC" + "A" * 147, "MC" + "A" * 1000, " ", "https://example.org/"]
)
def test_forged_code_is_refused(code):
    refused = calls.salesman().post("/checkins", {"code": code})

    assert refused.status_code == 422
    assert refused.json()["code"] in ("forged", "field_errors")


def test_altered_code_is_forged():
    code, _ = booked_code()
    altered = code[:20] + ("A" if code[20] != "A" else "B") + code[21:]

    refused = calls.salesman().post("/checkins", {"code": altered})

    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (422, "forged", "code")


def test_code_of_a_ticket_that_never_was_is_forged():
    code = codes.sign(987654321, 1, "0" * 16, codes.current_key())

    refused = calls.salesman().post("/checkins", {"code": code})

    assert (refused.status_code, refused.json()["code"]) == (422, "forged")


def test_ticket_for_another_show_is_refused_at_this_door():
    code, _ = booked_code()

    refused = calls.salesman().post("/checkins", {"code": code, "show": factories.show().pk})

    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_show")


def test_returned_ticket_opens_nothing():
    ticket = factories.booked(seats=1).tickets.get()
    code = codes.sign(ticket.pk, ticket.show_id, ticket.nonce, codes.current_key())
    calls.moderator().once(f"/bookings/{ticket.booking.ref}/cancel", {"reason": "Asked to"})

    refused = calls.salesman().post("/checkins", {"code": code})

    assert (refused.status_code, refused.json()["code"]) == (409, "ticket_returned")


@pytest.mark.parametrize("seller", [calls.customer, calls.salesman])
def test_checked_in_ticket_is_not_returned_by_guests_and_salesmen(seller):
    caller = seller()
    show = factories.show()
    booked = caller.book(
        show.pk, factories.free_seats(show, 1), method="demo" if seller is calls.customer else "cash"
    )
    calls.salesman().post("/checkins", {"code": booked["tickets"][0]["code"]})

    refused = caller.once(f"/bookings/{booked['ref']}/cancel")

    assert (refused.status_code, refused.json()["code"]) == (409, "ticket_used")


@pytest.mark.parametrize("office", [calls.moderator, calls.admin])
def test_ticket_that_was_scanned_by_mistake_is_returned_by_the_office_with_a_reason(office):
    code, ticket = booked_code()
    calls.salesman().post("/checkins", {"code": code})

    returned = office().once(
        f"/bookings/{ticket.booking.ref}/cancel", {"reason": "The wrong one was scanned"}
    )

    assert (returned.status_code, returned.json()["state"]) == (200, "cancelled")
    assert factories.free_seats(ticket.show, 100).count(ticket.seat_id) == 1
    assert calls.salesman().post("/checkins", {"code": code}).json()["code"] == "ticket_returned"


@pytest.mark.parametrize(
    "typed", [str.lower, lambda code: f" {code[:50]} {code[50:]}\n"], ids=["lower", "spaces"]
)
def test_code_is_read_however_it_is_typed(typed):
    code, ticket = booked_code()

    admitted = calls.salesman().post("/checkins", {"code": typed(code)})

    assert (admitted.status_code, admitted.json()["ref"]) == (200, ticket.booking.ref)


def test_code_from_the_api_opens_the_door():
    caller = calls.customer()
    show = factories.show()
    booked = caller.book(show.pk, factories.free_seats(show, 1))

    admitted = calls.salesman().post("/checkins", {"code": booked["tickets"][0]["code"]})

    assert (admitted.status_code, admitted.json()["ref"]) == (200, booked["ref"])
    assert (
        caller.get(f"/bookings/{booked['ref']}").json()["tickets"][0]["checked_in_at"]
        == admitted.json()["at"]
    )
