"""The demo's mailbox: every letter as its reader would see it. There in the demo alone, for this machine alone."""

import re
from collections.abc import Callable
from functools import wraps
from ipaddress import ip_address
from typing import Any

from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from theatre.notices import mailbox
from theatre.notices.mailbox import ReceivedLetter
from theatre.web.doors import public

_SELF, _NONE = "'self'", "'none'"
# A letter brings its own styles and pictures, and may do nothing else.
_LETTER_MAY = {
    "default-src": [_NONE],
    "script-src": [_NONE],
    "connect-src": [_NONE],
    "style-src": ["'unsafe-inline'"],
    "img-src": [_SELF],
    "frame-ancestors": [_SELF],
    "base-uri": [_NONE],
    "form-action": [_NONE],
    "sandbox": ["allow-popups", "allow-top-navigation-by-user-activation"],
}


def on_this_machine(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Not found for everybody else: letters hold codes and tickets."""

    @public
    @require_safe
    @never_cache
    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO or "HTTP_X_FORWARDED_FOR" in request.META or not _is_loopback(request):
            raise Http404
        return view(request, *args, **kwargs)

    return shown


@on_this_machine
def letters(request: HttpRequest) -> HttpResponse:
    """The newest letters."""
    return render(request, "mailbox/letters.html", {"letters": mailbox.received()})


@csp_update({"frame-src": [_SELF]})
@on_this_machine
def letter(request: HttpRequest, name: str) -> HttpResponse:
    """One letter: its facts, its text, its HTML in a frame, what is attached."""
    found = _found(name)
    attached = [part for part in found.parts if not part.content_id]
    return render(request, "mailbox/letter.html", {"letter": found, "attached": attached})


@csp_replace(_LETTER_MAY)
@on_this_machine
def letter_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML of a letter, its pictures found among its parts, its links opening outside the frame."""
    found = _found(name)
    places = {part.content_id: reverse("mailbox_part", args=[name, part.number]) for part in found.parts}
    html = re.sub(r'"cid:([^"]+)"', lambda match: f'"{places.get(match[1], "")}"', found.html)
    return HttpResponse(html.replace("<head>", '<head><base target="_top">', 1))


@on_this_machine
def part(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """An attachment, or a picture of the letter."""
    for each in _found(name).parts:
        if each.number == number:
            headers = {"Content-Disposition": f'inline; filename="{each.name}"'}
            return HttpResponse(each.content, content_type=each.mime, headers=headers)
    raise Http404


def _found(name: str) -> ReceivedLetter:
    found = mailbox.letter(name)
    if found is None:
        raise Http404
    return found


def _is_loopback(request: HttpRequest) -> bool:
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
