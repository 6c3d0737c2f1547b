"""The short way to the API, for programs."""

import logging
from typing import cast

from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse
from django.urls import resolve
from django.utils import translation

from theatre.web import errors
from theatre.web.middleware import Next, too_much

log = logging.getLogger(__name__)
HEALTH = ("/healthz", "/readyz")
NOTHING = "default-src 'none'; frame-ancestors 'none'"  # what a browser that is shown such an answer may load


class ProgramsMiddleware:
    """Lets programs go straight to the API's views.

    They send no cookies, so sessions, languages, forms and what is said to browsers would cost three times what
    everything else does, for nothing. A browser's own request to the API goes the pages' way.
    """

    def __init__(self, get_response: Next) -> None:
        self.pages = get_response
        self.straight = cast(Next, convert_exception_to_response(_view))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _is_short(request):
            return self.pages(request)
        translation.deactivate()
        response = too_much(request) or self.straight(request)
        response["Content-Length"] = str(len(response.content))
        response["Content-Security-Policy"] = NOTHING
        return response


def _is_short(request: HttpRequest) -> bool:
    if request.path in HEALTH:
        return True
    program = request.path.startswith("/api/") and not request.path.endswith("/docs")
    return program and not request.META.get("HTTP_COOKIE")


def _view(request: HttpRequest) -> HttpResponse:
    if request.path not in HEALTH:
        request.get_host()  # refuses a host that is not ours; whoever asks after our health may use a bare address
    request.resolver_match = match = resolve(request.path_info)
    try:
        return cast(HttpResponse, match.func(request, *match.args, **match.kwargs))
    except errors.LOST:
        log.exception("database out of reach")
        return errors.unavailable(request)
