"""The door of the demo and of development: `uvicorn config.asgi:application`, pages and API in a pool of threads, and
the streams of `/live/` in its event loop.

Each thread keeps one connection to the database. In production the pages stand behind granian (config/wsgi.py), and
this door is for `/live/` alone.
"""

from typing import Any
from urllib.parse import quote_from_bytes

from a2wsgi import WSGIMiddleware

from config.wsgi import application as pages
from theatre.live import door as live

THREADS = 8
_PLAIN = "".join(chr(code) for code in range(33, 127))

_in_threads = WSGIMiddleware(pages, workers=THREADS)  # type: ignore[arg-type]


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Hand the request on; bytes in its query that nobody may send unquoted are quoted first."""
    if scope["type"] == "lifespan":
        return await live.lifespan(receive, send)
    if scope["type"] == "http" and scope["path"].startswith(live.PREFIX):
        return await live.application(scope, receive, send)
    if scope["type"] == "http" and not scope["query_string"].isascii():
        scope = {**scope, "query_string": quote_from_bytes(scope["query_string"], safe=_PLAIN).encode()}
    await _in_threads(scope, receive, send)
