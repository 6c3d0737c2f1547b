"""`GET /live/shows/<id>/`: a show's seats as server-sent events, open to everybody as its seats JSON is.

First all seats that cannot be taken (`event: all`), then what changes (`some`), as strangers see it: what is one's own
the page knows better, and asks the JSON. `event: show` says that the show itself has changed. Who is sent away, or
speaks to a server without this door, asks the JSON every few seconds instead (static/js/seats-live.js).
"""

import asyncio
import re
import secrets
import signal
from collections.abc import Awaitable, Callable, MutableMapping
from types import FrameType
from typing import Any

from django.conf import settings

from theatre.live.hub import Hub, Stream
from theatre.queries.listings import BIGGEST_ID
from theatre.rules import limits

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

PREFIX = "/live/"
HEARTBEAT = 15.0  # seconds; proxies and sleeping phones give up on silence
PATIENCE = 20.0  # seconds for a reader who takes nothing
COME_BACK = (1000, 4000)  # milliseconds, drawn for each: after a restart they do not all come at once
LATER = (b"retry-after", b"30")
_SHOW = re.compile(r"/live/shows/(\d{1,18})/", re.ASCII)
_HEADERS = [
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx would keep it back until there is more
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
]

hub = Hub()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """A stream, until somebody hangs up; or a short no."""
    headers = dict(scope["headers"])
    asked = _SHOW.fullmatch(scope["path"])
    network = _network(scope, headers)
    if asked is None or int(asked[1]) > BIGGEST_ID:
        return await _no(send, 404)
    if scope["method"] != "GET":
        return await _no(send, 405, (b"allow", b"GET"))
    if headers.get(b"sec-fetch-site") == b"cross-site":
        return await _no(send, 403)  # another page would use up its visitor's streams
    if hub.full_for(network):
        return await _no(send, 429, LATER)
    if hub.full():
        return await _no(send, 503, LATER)
    try:
        stream = await hub.enter(int(asked[1]), network)
    except TimeoutError:
        return await _no(send, 503, LATER)
    try:
        if stream.hall.seen is None:
            return await _no(send, 404)
        stream.version = stream.hall.version_in(headers.get(b"last-event-id", b"").decode("latin-1"))
        await _tell(stream, receive, send)
    finally:
        hub.leave(stream)


async def lifespan(receive: Receive, send: Send) -> None:
    """Streams would keep the server waiting when it is told to stop, so they are ended first."""
    await receive()
    _end_streams_when_told_to_stop()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    hub.close()
    await send({"type": "lifespan.shutdown.complete"})


async def _tell(stream: Stream, receive: Receive, send: Send) -> None:
    gone = asyncio.create_task(_until_gone(receive))
    gone.add_done_callback(lambda _: stream.stirred.set())
    try:
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [(b"content-type", b"text/event-stream; charset=utf-8"), *_HEADERS],
            }
        )
        wait = COME_BACK[0] + secrets.randbelow(COME_BACK[1] - COME_BACK[0])
        await _write(send, f"retry: {wait}\n\n".encode())
        while not (gone.done() or hub.closing):
            stream.stirred.clear()
            if stream.version != stream.hall.version:
                news, stream.version = stream.hall.since(stream.version), stream.hall.version
                await _write(send, news)
                continue
            try:
                async with asyncio.timeout(HEARTBEAT):
                    await stream.stirred.wait()
            except TimeoutError:
                await _write(send, b":\n\n")
        await send({"type": "http.response.body", "body": b""})
    finally:
        gone.cancel()


async def _write(send: Send, words: bytes) -> None:
    async with asyncio.timeout(PATIENCE):
        await send({"type": "http.response.body", "body": words, "more_body": True})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _no(send: Send, status: int, *more: tuple[bytes, bytes]) -> None:
    headers = [(b"content-length", b"0"), *more, *_HEADERS]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _network(scope: Scope, headers: dict[bytes, bytes]) -> str:
    forwarded = headers.get(b"x-forwarded-for", b"").decode("latin-1")
    client = scope["client"][0] if scope["client"] else ""
    return limits.network(limits.client_address(client, forwarded, settings.TRUSTED_PROXY_COUNT))


def _end_streams_when_told_to_stop() -> None:
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        servers = signal.getsignal(each)
        if not callable(servers):
            continue

        def told(
            number: int, frame: FrameType | None, servers: Callable[[int, FrameType | None], Any] = servers
        ) -> None:
            loop.call_soon_threadsafe(hub.close)
            servers(number, frame)

        signal.signal(each, told)
