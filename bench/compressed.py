"""The demo's door with pages compressed, as the proxy in front of a real theatre does: what Lighthouse is shown."""

import gzip
from collections.abc import Awaitable, Callable
from typing import Any

from config.asgi import application as plain

Send = Callable[[dict[str, Any]], Awaitable[None]]


async def application(scope: dict[str, Any], receive: Any, send: Send) -> None:
    """Whole pages of HTML go out as gzip; streams and files as they are."""
    if scope["type"] != "http":
        await plain(scope, receive, send)
        return
    head: dict[str, Any] = {}
    pieces: list[bytes] = []

    async def pressed(event: dict[str, Any]) -> None:
        if event["type"] == "http.response.start":
            head.update(event)
            if not _is_page(event):
                await send(event)
        elif not _is_page(head):
            await send(event)
        else:
            pieces.append(event.get("body", b""))
            if not event.get("more_body"):
                body = gzip.compress(b"".join(pieces), 6)
                kept = [pair for pair in head["headers"] if pair[0].lower() != b"content-length"]
                kept += [(b"content-length", str(len(body)).encode()), (b"content-encoding", b"gzip")]
                await send({**head, "headers": kept})
                await send({"type": "http.response.body", "body": body})

    await plain(scope, receive, pressed)


def _is_page(start: dict[str, Any]) -> bool:
    headers = dict(start["headers"])
    return headers.get(b"content-type", b"").startswith(b"text/html") and b"content-encoding" not in headers
