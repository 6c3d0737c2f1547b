"""When a session was last used, to the quarter of an hour: a write for every page would be dear."""

import ipaddress
import time

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse

from theatre.actions.people import sessions
from theatre.web.middleware import Next, network_of

SECONDS = 900
_SEEN = "seen"


class LastSeenMiddleware:
    """Notes that a signed-in session is in use, after a page that was only looked at: a deed is not followed by
    another write that could fail."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        session = request.session
        if not session.accessed or SESSION_KEY not in session:
            return response
        now = int(time.time())
        seen = session.get(_SEEN)
        if seen is None and session.modified:  # the sign-in itself
            session[_SEEN] = now
        elif seen is not None and now - seen > SECONDS and request.method in ("GET", "HEAD"):
            sessions.note_seen(session_key=session.session_key or "", address=_address(request))
            session[_SEEN] = now
        return response


def _address(request: HttpRequest) -> str:
    try:
        return str(ipaddress.ip_address(network_of(request)))
    except ValueError:
        return "0.0.0.0"  # noqa: S104 - what sign-in notes for an address nobody can read
