"""Who may: 401 without a token, 403 for another role, 404 for what is somebody else's or nobody's."""

import pytest
from django.urls import get_resolver

from tests import factories, people
from tests.api import calls
from theatre.access import Permission
from theatre.api.urls import urlpatterns
from theatre.models import Booking, Employee, User

pytestmark = pytest.mark.django_db

CLOSED = [
    ("POST", "/holds"),
    ("POST", "/holds/{ref}/extend"),
    ("DELETE", "/holds/{ref}"),
    ("GET", "/holds/{ref}/quote"),
    ("POST", "/holds/{ref}/confirm"),
    ("GET", "/bookings"),
    ("GET", "/bookings/{ref}"),
    ("GET", "/bookings/{ref}/tickets.pdf"),
    ("GET", "/bookings/{ref}/invoice.pdf"),
    ("POST", "/bookings/{ref}/cancel"),
    ("POST", "/checkins"),
]
OF_ONE = [(method, path) for method, path in CLOSED if "{ref}" in path]
CONFIRM = b'{"shown_total": "22.00", "payment": {"method": "demo"}}'
KEY = {"idempotency_key": "a-key"}


def ask(caller, method, path, ref="ABCDEFGH"):
    body = CONFIRM if path.endswith("confirm") else b""
    return caller.ask(method, path.replace("{ref}", ref), body, headers=KEY)


@pytest.mark.parametrize("method, path", CLOSED)
def test_without_a_token_nothing_closed_opens(method, path):
    refused = ask(calls.stranger(), method, path)

    assert (refused.status_code, refused.json()["code"]) == (401, "token_needed")
    assert refused["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("method, path", CLOSED)
def test_unknown_token_opens_nothing(method, path):
    refused = ask(calls.Caller(token="mc_of-nobody"), method, path)

    assert (refused.status_code, refused.json()["code"]) == (401, "token_unknown")
    assert refused["WWW-Authenticate"].startswith("Bearer error=")


@pytest.mark.parametrize(
    "header", ["Basic dXNlcjpwYXNz", "Bearer", "Bearer  ", "mc_token", "Bearer\tx", "Bearer ÿ€"]
)
def test_header_that_is_no_bearer_token_opens_nothing(header):
    refused = calls.stranger().get("/bookings", authorization=header)

    assert refused.status_code == 401


def test_revoked_token_opens_nothing():
    customer = people.customer()
    token = calls.token_for(customer, revoked=True)

    assert calls.Caller(token=token).get("/bookings").json()["code"] == "token_unknown"
    assert calls.Caller(customer).get("/bookings").status_code == 200


def test_unconfirmed_persons_token_opens_nothing():
    caller = calls.customer(confirmed=False)

    assert caller.get("/bookings").status_code == 401


def test_removed_persons_token_opens_nothing():
    caller = calls.customer()
    User.objects.filter(pk=caller.who.pk).update(is_active=False)

    assert caller.get("/bookings").status_code == 401


@pytest.mark.parametrize("status", ["suspended", "removed"])
def test_suspension_acts_at_once(status):
    caller = calls.salesman()
    assert caller.get("/bookings").status_code == 200

    Employee.objects.filter(user=caller.who).update(status=status)

    assert caller.get("/bookings").status_code == 401
    assert caller.get("/shows/1/seats").status_code == 401


def test_dead_token_is_refused_on_the_seat_list_too():
    show = factories.show()

    assert calls.Caller(token="mc_of-nobody").get(f"/shows/{show.pk}/seats").status_code == 401


@pytest.mark.parametrize("role", ["moderator", "admin"])
@pytest.mark.parametrize("method, path", CLOSED)
def test_token_without_the_second_factor_is_not_enough(method, path, role):
    token = calls.token_for(getattr(people, role)(), second_factor=False)

    refused = ask(calls.Caller(token=token), method, path)

    if path in ("/holds", "/holds/{ref}/extend", "/holds/{ref}/quote") or method == "DELETE":
        assert refused.status_code in (403, 404, 422)
    else:
        assert refused.status_code == 403
    if refused.status_code == 403:
        assert refused.json()["code"] == "second_factor_needed"


def test_customer_does_not_work_the_door():
    refused = calls.customer().post("/checkins", {"code": "x"})

    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert "salesmen" in refused.json()["message"]


def test_role_is_asked_before_the_body_is_read():
    assert calls.customer().ask("POST", "/checkins", b"{").status_code == 403
    assert calls.stranger().ask("POST", "/holds", b"{").status_code == 401


@pytest.mark.parametrize("method, path", OF_ONE)
def test_foreign_booking_and_no_booking_are_the_same_answer(method, path):
    caller = calls.customer()
    foreign = factories.held() if path.startswith("/holds") else factories.booked()

    theirs = ask(caller, method, path, foreign.ref)
    nobodys = ask(caller, method, path, "ABCDEFGH")
    unreadable = ask(caller, method, path, "no-such-thing")

    assert theirs.status_code == nobodys.status_code == unreadable.status_code == 404
    assert theirs.content == nobodys.content == unreadable.content
    assert theirs.headers.keys() == nobodys.headers.keys()
    assert theirs.json()["code"] == "booking_unknown"
    before = foreign.state
    foreign.refresh_from_db()
    assert foreign.state == before


@pytest.mark.parametrize("method, path", OF_ONE)
def test_salesman_finds_only_what_is_assigned_to_him(method, path):
    foreign = factories.booked(by=people.salesman())

    assert ask(calls.salesman(), method, path, foreign.ref).status_code == 404


def test_moderator_finds_every_booking():
    booking = factories.booked()

    assert calls.moderator().get(f"/bookings/{booking.ref}").json()["ref"] == booking.ref


def test_session_cookie_books_nothing(client):
    customer = people.customer()
    client.force_login(customer)
    show = factories.show()
    body = {"show": show.pk, "seats": factories.free_seats(show, 1)}

    refused = client.post("/api/v1/holds", body, content_type="application/json")

    assert refused.status_code == 401
    assert not Booking.objects.exists()


def test_every_operation_is_public_by_name_or_asks_a_permission():
    said = {pattern.name: pattern.callback.theatre_access for pattern in urlpatterns}

    public = {name for name, access in said.items() if access == "public"}
    assert public == {"movies", "movie", "shows", "seats", "root", "openapi", "docs"}
    assert said["admit"] is Permission.CHECK_IN
    assert said["hold"] is said["extend"] is said["release"] is said["quote"] is Permission.HOLD_SEATS
    assert said["confirm"] is Permission.BOOK
    assert said["cancel"] is Permission.CANCEL_BOOKINGS
    assert {said[name] for name in ("listed", "booking", "tickets", "invoice")} == {Permission.SEE_BOOKINGS}


def test_api_stands_where_clients_look_for_it():
    assert get_resolver().resolve("/api/v1/bookings").view_name == "api:listed"
