"""The office's first page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from theatre.access import Permission
from theatre.web.doors import TheatreRequest, needs


@needs(Permission.OFFICE)
@never_cache
@require_safe
def office(request: TheatreRequest) -> HttpResponse:
    """Where a moderator's and an admin's day begins: the ways to what they may do."""
    return render(request, "office/office.html", {"page": "office"})
