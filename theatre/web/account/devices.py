"""Devices somebody has signed in on before. Their tries are counted apart from everybody else's, so that nobody can
lock an owner out by guessing at their address from elsewhere.

The mark opens nothing: it only says by which count a wrong password is slowed down.
"""

import hashlib
import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

A_YEAR = 365 * 24 * 3600
_SALT = "known-device"


def remember(response: HttpResponse, address: str) -> None:
    """Mark this browser as one of this address's owner, for a year."""
    mark = signing.dumps([_digest(address), secrets.token_urlsafe(9)], salt=_SALT)
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME, mark, max_age=A_YEAR, secure=not settings.PLAIN_HTTP, httponly=True,
        samesite="Lax",
    )  # fmt: skip


def known(request: HttpRequest, address: str) -> str:
    """What tells this device apart among those of the address's owner; empty when it is none of theirs."""
    try:
        owner, device = signing.loads(
            request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=_SALT, max_age=A_YEAR
        )
    except (signing.BadSignature, ValueError):
        return ""
    return str(device) if secrets.compare_digest(owner, _digest(address)) else ""


def _digest(address: str) -> str:
    return hashlib.sha256(address.strip().lower().encode()).hexdigest()[:32]
