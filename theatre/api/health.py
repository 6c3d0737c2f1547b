"""Is the house open? For whoever runs it: `/healthz` is the process alone, `/readyz` asks the database too."""

from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from theatre.models.sql import fetch_one


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers."""
    return _said("ok")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 if the tiers, which every theatre has, can be read; 503 with Retry-After if not."""
    try:
        fetch_one("SELECT 1 FROM theatre_tier LIMIT 1")
    except Error:
        response = _said("unavailable", 503)
        response["Retry-After"] = "2"
        return response
    return _said("ok")


def _said(status: str, code: int = 200) -> HttpResponse:
    response = JsonResponse({"status": status}, status=code)
    response["Cache-Control"] = "no-store"
    return response


for view in (healthz, readyz):
    view.theatre_access = "public"  # type: ignore[attr-defined]
