"""What every page is given."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def chrome(request: HttpRequest) -> dict[str, Any]:
    """The theatre's name, the lights as chosen, and who is here (loaded only if the page asks)."""
    theme = request.COOKIES.get(settings.THEME_COOKIE_NAME, "")
    return {
        "theatre_name": settings.THEATRE_NAME,
        "theatre_address": settings.THEATRE_ADDRESS,
        "theatre_phone": settings.THEATRE_PHONE,
        "theme": theme if theme in ("light", "dark") else "",
        "actor": getattr(request, "actor", None),
        "demo": settings.DEMO,
    }
