"""Pages for when something is not there, not allowed, or broke."""

import logging
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from config.logs import request_id
from theatre.queries import days
from theatre.rules.limits import in_words, whole_seconds

log = logging.getLogger(__name__)


LOST = (OperationalError, InterfaceError)


def _page(request: HttpRequest, status: int, title: str, text: str, **more: object) -> HttpResponse:
    """The page, with a reference that finds its line in the log. The line names the route and not the address: a link
    may be a secret."""
    known = request.resolver_match
    log.warning("answered %d to %s %s", status, request.method, known.route if known else request.path[:80])
    if request.path.startswith("/api/"):
        return _for_programs(status)
    context = {"status": status, "title": title, "text": text, "reference": request_id.get(), **more}
    return render(request, "errors/error.html", context, status=status)


def _for_programs(status: int) -> HttpResponse:
    """The same as the API says no: `{code, message, field}`."""
    code, message = {
        400: ("unreadable", _("This request cannot be read. Nothing was changed")),
        403: ("forbidden", _("That isn’t yours to open")),
        404: ("not_found", _("There is nothing at this address. /api/v1/docs lists what there is")),
        405: (
            "method_not_allowed",
            _("This address doesn’t answer to that method. /api/v1/docs lists what does"),
        ),
        413: ("too_large", _("That is too much at once. Nothing was changed")),
        429: ("too_many_requests", _("That was a lot at once. Wait a minute, then repeat it")),
        500: (
            "broken",
            _("Something broke on our side. Repeat it with the same Idempotency-Key: it happens once"),
        ),
        503: (
            "unavailable",
            _(
                "The box office cannot reach its books right now. Nothing was charged. Repeat it in a few seconds"
            ),
        ),
    }[status]
    return JsonResponse(
        {"code": code, "message": message, "field": None, "reference": request_id.get()}, status=status
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return _page(
        request, 400, _("That request doesn’t read"), _("Go back and try again from the page before.")
    )


def forbidden(request: HttpRequest, exception: Exception | None = None, roles: str = "") -> HttpResponse:
    """403: names the role needed."""
    if not roles:
        return _page(
            request, 403, _("That page isn’t yours to open"), _("Your own pages are one press away.")
        )
    text = _("You are signed in as %(who)s. Your own pages are one press away.") % {
        "who": request.actor.email,  # type: ignore[attr-defined]
    }
    return _page(request, 403, _("That page is for %(roles)s") % {"roles": roles}, text)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    known = request.resolver_match
    if known and known.url_name == "checkout" and request.actor.is_stranger:  # type: ignore[attr-defined]
        text = _("If you held these seats while you were signed in, sign in again to see them.")
        return _page(request, 404, _("No such seats are held here"), text, sign_in=request.path)
    times = None if request.path.startswith("/api/") else _next_times()
    text = _("The address may be old. Look for the movie, or take one of the next times.")
    if not times:
        text = _("The address may be old. Look for the movie, or see what’s on.")
    return _page(request, 404, _("This reel isn’t here"), text, lost=True, next_times=times)


def _next_times() -> days.NextTimes | None:
    """The next times, or none while the database is out of reach."""
    try:
        return days.next_times()
    except LOST:
        return None


def not_allowed(request: HttpRequest) -> HttpResponse:
    """405."""
    return _page(
        request, 405, _("That page can’t be opened this way"),
        _("It only answers to a button on another page. Go back and press it there."),
    )  # fmt: skip


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429."""
    wait = getattr(request, "wait", 60)
    text = _("Wait %(wait)s, then try again. Nothing was changed.") % {"wait": in_words(wait)}
    response = _page(request, 429, _("That was a lot at once"), text)
    response["Retry-After"] = str(whole_seconds(wait))
    return response


def too_large(request: HttpRequest) -> HttpResponse:
    """413."""
    return _page(
        request, 413, _("That is too much at once"), _("Nothing was saved. Send less, or a smaller file.")
    )


def broken(request: HttpRequest) -> HttpResponse:
    """500; 503 when what broke is that the database is out of reach, wherever on the way that was noticed."""
    if isinstance(sys.exc_info()[1], LOST):
        return unavailable(request)
    return _page(
        request, 500, _("Something broke on our side"),
        _("Nothing was charged, and seats you hold stay yours until their time ends. Try again in a moment."),
    )  # fmt: skip


def unavailable(request: HttpRequest) -> HttpResponse:
    """503, with Retry-After."""
    response = _page(
        request, 503, _("We are back in a moment"),
        _("The box office cannot reach its books right now. Nothing was charged. Try again in a few seconds."),
    )  # fmt: skip
    response["Retry-After"] = "2"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token is missing or old."""
    return _page(
        request, 403, _("This form has grown old"),
        _("Go back, load the page again and repeat the last step. Nothing was changed."),
    )  # fmt: skip
