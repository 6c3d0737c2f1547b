"""The demo's door: requests pass through threads to the pages, and nothing a client sends breaks it."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from config.asgi import application

pytestmark = pytest.mark.django_db(transaction=True)


def answer(path: str, *, query: bytes = b"", method: str = "GET") -> tuple[int, bytes]:
    """What the door answers."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http", "http_version": "1.1", "method": method, "scheme": "http", "path": path,
        "raw_path": path.encode(), "query_string": query, "headers": [(b"host", b"localhost")],
        "client": ("127.0.0.1", 50000), "server": ("127.0.0.1", 8000),
    }  # fmt: skip
    with ThreadPoolExecutor(1) as loop:  # a thread of its own, whatever runs in this one
        loop.submit(lambda: asyncio.run(application(scope, receive, send))).result()
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/account/sign-in/", b"", 200),
        ("/nope/", b"", 404),
        ("/account/sign-in/", "next=/ü\u202e".encode(), 200),
        ("/account/sign-in/", b"next=%FF\xff\xfe", 200),
        ("/checkout/\x00/", b"", 400),
    ],
)
def test_requests_reach_the_pages(path, query, status):
    assert answer(path, query=query)[0] == status
