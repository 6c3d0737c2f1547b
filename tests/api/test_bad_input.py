"""Whatever is sent: a 4xx with a code, and nothing is changed."""

import json
from typing import Any

import pytest
from django.db import OperationalError
from hypothesis import HealthCheck, given
from hypothesis import settings as budget
from hypothesis import strategies as st

from tests import factories
from tests.api import calls
from theatre.models import Booking

pytestmark = pytest.mark.django_db

DEEP = b"[" * 100_000
BODIES = [
    b"{",
    b"nonsense",
    b"{'show': 1}",
    b'{"show": 1,}',
    b"\xff\xfe{}",
    b'{"show": "\xed\xa0\x80"}',
    b"\xef\xbb\xbf{}",
    b'{"show": NaN}',
    b'{"show": Infinity}',
    DEEP,
    b'{"show": ' * 50_000,
    b'{"show": ' + b"9" * 5000 + b"}",
    b"\x00",
]


@pytest.mark.parametrize("body", BODIES, ids=lambda body: repr(body[:20]))
@pytest.mark.parametrize(
    "path", ["/holds", "/holds/ABCDEFGH/extend", "/holds/ABCDEFGH/confirm", "/bookings/ABCDEFGH/cancel"]
)
def test_body_that_is_no_json_is_said_so(path, body):
    refused = calls.customer().ask("POST", path, body, headers={"idempotency_key": "k"})

    assert (refused.status_code, refused.json()["code"]) == (400, "broken_json")


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'"text"', b"1", b"true", b"{}"])
def test_body_that_is_no_hold_is_said_so(body):
    refused = calls.customer().ask("POST", "/holds", body)

    assert (refused.status_code, refused.json()["code"]) == (422, "field_errors")
    assert refused.json()["errors"]


@pytest.mark.parametrize(
    ("path", "body", "field", "most"),
    [
        ("/holds", {"show": 1, "seats": [1], "customer": "x" * 255}, "customer", 254),
        (
            "/holds/ABCDEFGH/confirm",
            {"shown_total": "1.00", "payment": {"method": "demo"}, "coupon": "x" * 101},
            "coupon",
            100,
        ),
        ("/bookings/ABCDEFGH/cancel", {"reason": "x" * 501}, "reason", 500),
        ("/checkins", {"code": "x" * 1001}, "code", 1000),
        ("/checkins", {"code": "x", "door": "x" * 41}, "door", 40),
    ],
)
def test_text_that_is_too_long_is_told_how_long_it_may_be(path, body, field, most):
    refused = calls.salesman().ask("POST", path, json.dumps(body).encode(), headers={"idempotency_key": "k"})

    assert (refused.status_code, refused.json()["field"]) == (422, field)
    assert refused.json()["message"] == f"{field} can have {most} characters at most"


@pytest.mark.parametrize(
    "show", ["1", 1.0, 1.5, True, None, [], {}, -1, 0, 2**63, 10**30, 1e400, "' OR 1=1 --", [1]]
)
def test_show_is_a_whole_number(show):
    refused = calls.customer().ask("POST", "/holds", json.dumps({"show": show, "seats": [1]}).encode())

    # Infinity is not JSON, though Python writes it.
    assert refused.status_code == (400 if show == 1e400 else 422)
    assert refused.json()["field"] == (None if show == 1e400 else "show")


@pytest.mark.parametrize(
    "seats", ["1", 1, None, {}, [None], ["1"], [1.5], [True], [0], [-1], [2**63], [[1]], [{}]]
)
def test_seats_are_a_list_of_whole_numbers(seats):
    show = factories.show()

    refused = calls.customer().hold(show.pk, seats)

    assert (refused.status_code, refused.json()["code"]) == (422, "field_errors")
    assert refused.json()["field"].startswith("seats")


def test_hundred_thousand_seats_are_too_many():
    refused = calls.customer().hold(factories.show().pk, list(range(1, 100_001)))

    assert (refused.status_code, refused.json()["code"]) == (422, "too_many_seats")


@pytest.mark.parametrize("customer", [1, [], {}, True, "x" * 255, "a\x00b", "\ud800", "a\x07b", "\x85"])
def test_customer_is_a_text_somebody_could_type(customer):
    show = factories.show()

    refused = calls.salesman().hold(show.pk, factories.free_seats(show, 1), customer=customer)

    assert (refused.status_code, refused.json()["field"]) == (422, "customer")


@pytest.mark.parametrize("reason", [1, [], "x" * 501, "a\x00b", "\udfff"])
def test_reason_is_a_text_somebody_could_type(reason):
    ref = factories.booked().ref

    refused = calls.moderator().once(f"/bookings/{ref}/cancel", {"reason": reason})

    assert (refused.status_code, refused.json()["field"]) == (422, "reason")


@pytest.mark.parametrize("reason", ["রঙিন পর্দা ছিঁড়ে গেছে", "تعطّل جهاز العرض", "🎞️💥 projector", "line\nbreak"])
def test_reason_may_be_in_any_writing(reason):
    booking = factories.booked()

    assert calls.moderator().once(f"/bookings/{booking.ref}/cancel", {"reason": reason}).status_code == 200
    booking.refresh_from_db()
    assert booking.cancel_reason == reason


@pytest.mark.parametrize("name", ["রবীন্দ্রনাথ ঠাকুর", "جبران خليل جبران", "🎬 Zoë O'Neil-Łukasz 🍿", "Ω" * 200])
def test_names_come_back_as_they_are_written(name):
    caller = calls.customer(name=name)
    show = factories.show(of=factories.movie("মেঘে ঢাকা তারা ⭐"))
    booked = caller.book(show.pk, factories.free_seats(show, 1))

    said = caller.get(f"/bookings/{booked['ref']}").json()

    assert (said["customer"]["name"], said["show"]["movie"]) == (name, "মেঘে ঢাকা তারা ⭐")
    assert caller.get(f"/bookings/{booked['ref']}/tickets.pdf").status_code == 200
    assert caller.get(f"/bookings/{booked['ref']}/invoice.pdf").status_code == 200


def test_too_much_at_once_is_refused_unread():
    refused = calls.customer().ask("POST", "/holds", b'{"show": 1, "seats": [' + b"1," * 5_000_000 + b"1]}")

    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("kind", ["application/xml", "multipart/form-data; boundary=x", "image/png"])
def test_body_that_says_it_is_something_else_is_refused(kind):
    refused = calls.customer().ask("POST", "/holds", b"<show/>", content_type=kind)

    assert (refused.status_code, refused.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=utf-8", "application/x-www-form-urlencoded", ""]
)
def test_json_is_read_whatever_thoughtless_clients_call_it(kind):
    show = factories.show()
    body = json.dumps({"show": show.pk, "seats": factories.free_seats(show, 1)}).encode()

    assert calls.customer().ask("POST", "/holds", body, content_type=kind).status_code == 201


@pytest.mark.parametrize(
    "path", ["/nothing", "/", "/holds/", "/shows/x/seats", "/bookings/A/B", "/movies/a/b"]
)
def test_address_with_nothing_there_is_json_too(path):
    refused = calls.customer().get(path)

    if path == "/":
        assert refused.status_code == 302
    else:
        assert (refused.status_code, refused.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "method, path",
    [("GET", "/holds"), ("PUT", "/bookings"), ("PATCH", "/movies"), ("POST", "/docs"), ("TRACE", "/shows")],
)
def test_method_that_is_none_here_is_json_too(method, path):
    refused = calls.customer().ask(method, path)

    assert (refused.status_code, refused.json()["code"]) == (405, "method_not_allowed")
    assert refused["Allow"]


def test_head_asks_what_get_asks():
    show = factories.show()

    assert calls.stranger().ask("HEAD", f"/shows/{show.pk}/seats")["ETag"]


@pytest.mark.parametrize(
    "path",
    ["/movies/a%00b", "/shows?movie=a%00b", "/bookings/%00", "/holds/ABCDEFGH/quote?coupon=%00"],
)
def test_character_nobody_can_type_in_an_address_is_refused(path):
    refused = calls.customer().get(path)

    assert (refused.status_code, refused.json()["code"]) == (400, "unreadable")


@pytest.mark.parametrize(
    "path",
    [
        "/movies/%ff%fe",
        "/movies/%ed%a0%80",
        "/bookings/%E2%80%AE",
        "/shows?movie=%ff",
        "/holds/🎬🎬🎬🎬/quote",
        "/movies/..",
    ],
)
def test_address_in_broken_writing_is_not_found(path):
    assert calls.customer().get(path).status_code in (200, 400, 404)


@pytest.mark.parametrize("coupon", ["🎟️", "x" * 101, "%22%27%3B--", "%E2%80%8B", "%0A"])
def test_coupon_that_cannot_be_one_is_refused(coupon):
    caller = calls.customer()
    ref = factories.held(by=caller.who).ref

    refused = caller.get(f"/holds/{ref}/quote?coupon=A{coupon}")

    assert refused.json()["code"] in ("coupon_unknown", "field_errors")


def test_host_that_is_not_ours_is_refused():
    refused = calls.stranger().get("/movies", host="evil.example")

    assert (refused.status_code, refused.json()["code"]) == (400, "unreadable")


def test_lost_database_is_503_and_says_when_to_ask_again(monkeypatch):
    def lost(*args: object) -> None:
        raise OperationalError("the connection is closed")

    monkeypatch.setattr("theatre.queries.listings.fetch", lost)
    for cookies in ({}, {"lights": "dark"}):
        caller = calls.stranger()
        caller.client.cookies.load(cookies)
        refused = caller.get("/movies")

        assert (refused.status_code, refused.json()["code"], refused["Retry-After"]) == (
            503,
            "unavailable",
            "2",
        )


def test_what_breaks_is_json_and_tells_nothing(monkeypatch):
    def broken(*args: object) -> None:
        raise RuntimeError("a secret of the house")

    monkeypatch.setattr("theatre.queries.listings.movies", broken)
    refused = calls.stranger().client.get("/api/v1/movies")

    assert (refused.status_code, refused.json()["code"]) == (500, "broken")
    assert b"secret" not in refused.content
    assert refused.json()["reference"] == refused["X-Request-ID"]


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from([2**63, -1, 0, "22.00"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS = {
    "/holds": ("show", "seats", "customer"),
    "/holds/{ref}/extend": ("ref",),
    "/holds/{ref}/confirm": ("coupon", "shown_total", "payment"),
    "/bookings/{ref}/cancel": ("reason", "tickets"),
    "/checkins": ("code", "show", "door"),
}
FUZZ = budget(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("path", FIELDS)
def test_any_json_is_answered_without_breaking(path, patient):
    moderator = calls.moderator()
    held = factories.held(by=moderator.who)
    address = path.format(ref=held.ref)

    @FUZZ
    @given(st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS[path], anything)) | anything)
    def fuzz(body: Any) -> None:
        response = moderator.ask(
            "POST", address, json.dumps(body).encode(), headers={"idempotency_key": "fuzz"}
        )
        assert response.status_code < 500

    fuzz()
    assert Booking.objects.get(pk=held.pk).state == "held"


@pytest.mark.parametrize("path", ["/holds", "/checkins", "/holds/ABCDEFGH/confirm"])
def test_any_bytes_are_answered_without_breaking(path, patient):
    moderator = calls.moderator()

    @FUZZ
    @given(
        st.binary(max_size=200),
        st.text(st.characters(max_codepoint=255, exclude_categories=["Cc"]), max_size=40),
    )
    def fuzz(body: bytes, kind: str) -> None:
        assert 400 <= moderator.ask("POST", path, body, content_type=kind).status_code < 500

    fuzz()


def test_any_query_is_answered_without_breaking(patient):
    caller = calls.customer()
    ref = factories.held(by=caller.who).ref
    text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)

    @FUZZ
    @given(text, text, text)
    def fuzz(first: str, second: str, third: str) -> None:
        asked = {
            "page": first,
            "size": second,
            "date": third,
            "movie": first,
            "state": second,
            "coupon": third,
        }
        for path in ("/movies", "/shows", "/bookings", f"/holds/{ref}/quote"):
            assert (
                caller.client.get(
                    f"/api/v1{path}", asked, headers={"Authorization": f"Bearer {caller.token}"}
                ).status_code
                < 500
            )

    fuzz()
