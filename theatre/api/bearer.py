"""Who is asking: the person behind a bearer token, and the permission an operation asks of them."""

import hashlib

from django.conf import settings
from django.http import HttpRequest
from ninja.security.base import AuthBase

from theatre.access import Actor, Permission, actor_of_token, require


class Asked(HttpRequest):
    """A request at an operation with a door: `auth` is who came in."""

    auth: Actor


class TokenRefused(Exception):
    """Nobody is behind this request: `token_needed` without a token, `token_unknown` with a dead one."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _bearer(request: HttpRequest) -> Actor:
    """The person behind the token, asked of the database every time: a suspension acts at once. One query."""
    scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").strip().partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise TokenRefused("token_needed")
    actor = actor_of_token(hashlib.sha256(token.strip().encode()).digest())
    if actor is None:
        raise TokenRefused("token_unknown")
    return actor


class Bearer(AuthBase):
    """The operation asks for a token whose person has this permission; `request.auth` is that person."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __init__(self, permission: Permission) -> None:
        super().__init__()
        self.permission = permission

    def __call__(self, request: HttpRequest) -> Actor:
        actor = _bearer(request)
        require(actor, self.permission)
        return actor


class Anybody:
    """The operation is open; it answers a token's person, or the browser's session, with what is theirs."""

    def __call__(self, request: HttpRequest) -> Actor:
        if "HTTP_AUTHORIZATION" in request.META:
            return _bearer(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            return request.actor  # type: ignore[attr-defined]
        return Actor()
