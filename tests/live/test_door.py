"""Who is let into a stream, and what everybody else is answered."""

import socket
from collections.abc import Iterator

import pytest

from bench.streams import Streams, wait_until
from tests import databases, factories, people
from tests.live.conftest import uvicorn
from tests.races.wire import Line, Reply

LIMIT = 3


@pytest.fixture(scope="module")
def narrow(own_database: databases.Copy) -> Iterator[int]:
    """A server behind a proxy of ours that takes few streams."""
    with uvicorn(
        DATABASE_URL=own_database.url,
        LIVE_STREAMS=str(2 * LIMIT),
        LIVE_STREAMS_PER_NETWORK=str(LIMIT),
        TRUSTED_PROXY_COUNT="1",
    ) as port:
        yield port


def ask(port: int, path: str, *headers: str, method: str = "GET") -> Reply:
    line = Line(port, patience=10)
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close", *headers]
    try:
        return line.ask("\r\n".join(lines).encode() + b"\r\n\r\n")
    finally:
        line.close()


def came_from(address: str) -> str:
    return f"X-Forwarded-For: 198.51.100.9, {address}\r\n"


def test_a_stream_is_open_to_everybody_and_kept_by_nobody(narrow: int):
    with Streams(narrow, factories.show().pk) as [stream]:
        head = stream.head.decode().lower()

    assert head.startswith("http/1.1 200")
    for header in (
        "content-type: text/event-stream; charset=utf-8",
        "cache-control: no-store",
        "x-accel-buffering: no",
        "x-content-type-options: nosniff",
        "cross-origin-resource-policy: same-origin",
    ):
        assert header in head
    assert "set-cookie" not in head


@pytest.mark.parametrize("token", ["", "Authorization: Bearer mc_stolen"], ids=["no token", "dead token"])
def test_whoever_asks_is_told_what_strangers_see(narrow: int, token: str):
    """Not whose a hold is: neither by a mark of its own nor by what the person who has it is told."""
    maya = people.customer()
    booking = factories.held(by=maya)

    with Streams(narrow, booking.show_id, headers=f"{token}\r\n" if token else "") as [stream]:
        [event] = stream.events

    assert set(event.data) == {"free", "seats"}
    assert event.data["seats"] == {"held": sorted(booking.tickets.values_list("seat_id", flat=True))}
    for secret in (booking.ref, maya.email):
        assert secret.encode() not in event.said


@pytest.mark.parametrize(
    "path",
    [
        "/live/",
        "/live/shows/",
        "/live/shows/999999999/",
        "/live/shows/0/",
        "/live/shows/999999999999999999/",
        "/live/shows/99999999999999999999999999/",
        "/live/shows/1",
        "/live/shows/-1/",
        "/live/shows/%D9%A1/",
        "/live/shows/1/%00/",
        "/live/shows/1/../../office/",
    ],
)
def test_what_is_not_there_is_not_found(narrow: int, path: str):
    assert ask(narrow, path).status == 404


def test_a_show_that_is_only_planned_is_not_found(narrow: int):
    assert ask(narrow, f"/live/shows/{factories.show(state='planned').pk}/").status == 404


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_streams_are_only_read(narrow: int, method: str):
    reply = ask(narrow, f"/live/shows/{factories.show().pk}/", method=method)

    assert (reply.status, reply.headers["allow"]) == (405, "GET")


def test_a_page_from_elsewhere_cannot_use_up_its_visitors_streams(narrow: int):
    path = f"/live/shows/{factories.show().pk}/"

    assert ask(narrow, path, "Sec-Fetch-Site: cross-site").status == 403


def test_a_network_has_so_many_streams_and_gets_them_back(narrow: int):
    show = factories.show()
    path = f"/live/shows/{show.pk}/"
    with Streams(narrow, show.pk, LIMIT, came_from("192.0.2.1")):
        refused = ask(narrow, path, came_from("192.0.2.1").strip())
        with Streams(narrow, show.pk, 1, came_from("192.0.2.2")) as [other]:
            assert other.status == 200

    assert (refused.status, refused.headers["retry-after"]) == (429, "30")

    def let_in_again() -> bool:
        with Streams(narrow, show.pk, LIMIT, came_from("192.0.2.1")) as streams:
            return [stream.status for stream in streams] == [200] * LIMIT

    wait_until(let_in_again, 5)


def test_an_ipv6_network_is_one_network(narrow: int):
    show = factories.show()
    with Streams(narrow, show.pk, LIMIT, came_from("2001:db8:1:2::1")):
        refused = ask(narrow, f"/live/shows/{show.pk}/", came_from("2001:db8:1:2:ffff::2").strip())

    assert refused.status == 429


def test_a_full_process_says_when_to_come_back(narrow: int):
    show = factories.show()
    path = f"/live/shows/{show.pk}/"
    with (
        Streams(narrow, show.pk, LIMIT, came_from("192.0.2.1")),
        Streams(narrow, show.pk, LIMIT, came_from("192.0.2.2")),
    ):
        refused = ask(narrow, path, came_from("192.0.2.3").strip())

    assert (refused.status, refused.headers["retry-after"]) == (503, "30")


def test_who_hangs_up_in_the_middle_of_asking_leaves_nothing_behind(narrow: int):
    show = factories.show()
    for _ in range(3 * LIMIT):
        with socket.create_connection(("127.0.0.1", narrow)) as line:
            line.sendall(f"GET /live/shows/{show.pk}/ HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())

    def let_in() -> bool:
        with Streams(narrow, show.pk) as [stream]:
            return stream.status == 200

    wait_until(let_in, 5)


def test_pages_answer_beside_the_streams(narrow: int):
    with Streams(narrow, factories.show().pk, LIMIT):
        assert ask(narrow, "/healthz").status == 200
