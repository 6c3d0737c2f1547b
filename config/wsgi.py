"""The pages' and the API's door in production: `granian --interface wsgi config.wsgi:application`."""

import io
import os
import sys
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Threads wait for PostgreSQL more than they count: one that holds a row's lock gets the interpreter back sooner.
sys.setswitchinterval(0.0005)
_pages = get_wsgi_application()
# More than any page takes, so that what is too large is told from what is cut off.
MOST_IN_PIECES = 32_000_000


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Hand the request on. A body in pieces (RFC 9112, 7.1) says no length, without which Django reads none of it: it
    is read first, up to more than any page takes."""
    if "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
        body = environ["wsgi.input"].read(MOST_IN_PIECES)
        environ |= {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
    return _pages(environ, start_response)


get_resolver().url_patterns  # noqa: B018  every page is read in before the first guest comes, not while they wait
