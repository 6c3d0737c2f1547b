"""What a browser needs for when there is no network: the worker that answers then, and the page that says so."""

from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from theatre.web.doors import public


@public
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. Only from the root may it answer for every page, so it is not among the static files'
    addresses; the browser looks for a new one at every visit."""
    response = HttpResponse(_script(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@cache
def _script() -> bytes:
    return (settings.BASE_DIR / "theatre/static/js/worker.js").read_bytes()


@public
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Kept by the worker; the same for everybody."""
    return render(request, "browse/offline.html")
