"""Somebody who has to wait is told so in words by the page, and in a header for programs."""

from django.http import HttpRequest, HttpResponse

from theatre.rules.limits import whole_seconds


def must_wait(request: HttpRequest, seconds: float) -> None:
    """Note for the answer how long to wait."""
    request.wait = max(seconds, getattr(request, "wait", 0))  # type: ignore[attr-defined]


def slowed_down(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer; 429 with Retry-After, rounded up, if somebody has to wait. One that leads on stays as it is."""
    wait = getattr(request, "wait", None)
    if wait is not None and response.status_code in (200, 422, 429):
        response.status_code = 429
        response["Retry-After"] = str(whole_seconds(wait))
    return response
