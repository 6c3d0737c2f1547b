"""What every request passes: its id, its limits, who is asking, and what happens when the books are out of reach."""

import hashlib
import logging
import re
import secrets
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from config.logs import request_id
from theatre.access import Actor, NotAllowed
from theatre.actions import _doors
from theatre.actions._said import said_by
from theatre.rules.limits import client_address
from theatre.rules.moments import listed
from theatre.rules.roles import Role
from theatre.web import errors
from theatre.web.waiting import slowed_down

log = logging.getLogger(__name__)
PLURALS = {
    Role.ADMIN: _lazy("admins"),
    Role.MODERATOR: _lazy("moderators"),
    Role.SALESMAN: _lazy("salesmen"),
}
View = Callable[..., HttpResponse]
# allauth's own pages, and ours that hand it the work.
WRITE_THEMSELVES = ("allauth.", "theatre.web.account.")
Next = Callable[[HttpRequest], HttpResponse]
MOST_SWALLOWED = 32_000_000
# Bytes that are read at all where files are sent; the page says how large a file may be, and refuses it in words.
UPLOADS = (
    (re.compile(r"/account/photo/"), 12_000_000),
    (re.compile(r"/office/movies/[0-9]+/poster/"), 12_000_000),
    (re.compile(r"/office/movies/import/"), 24_000_000),
)
PAGES_ANSWER = ("GET", "HEAD", "OPTIONS", "POST")


def network_of(request: HttpRequest) -> str:
    """The client's address: the last one that our own proxies added, never one the client made up."""
    peer, forwarded = request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", "")
    return client_address(peer, forwarded, settings.TRUSTED_PROXY_COUNT)


class RequestContextMiddleware:
    """Gives the request an id that log lines, audit entries and error pages share, and the answer those headers that
    Django has no setting for."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id.set(secrets.token_hex(8))
        before = _doors.origin.set(network_of(request))
        try:
            response = self.get_response(request)
        finally:
            _doors.origin.reset(before)  # what this thread does next was not asked for from there
        response["X-Request-ID"] = request_id.get()
        response["Permissions-Policy"] = settings.PERMISSIONS_POLICY
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        return response


def too_much(request: HttpRequest) -> HttpResponse | None:
    """The answer to what is too large or unreadable; None for everything else."""
    if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
        return errors.bad_request(request)
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    usual = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if length <= usual or length <= next((most for at, most in UPLOADS if at.fullmatch(request.path)), usual):
        return None
    _swallow(request, min(length, MOST_SWALLOWED))
    return errors.too_large(request)


def _swallow(request: HttpRequest, left: int) -> None:
    """Read what nobody wants: a client that is still sending would not hear the answer, only the line go dead."""
    try:
        while left > 0 and (piece := request.read(min(left, 65536))):
            left -= len(piece)
    except UnreadablePostError:
        log.info("a client stopped sending")


class GuardMiddleware:
    """Refuses what is too large or unreadable, and says 503 when the database is out of reach."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (refusal := too_much(request)) is not None:
            return refusal
        if request.method not in PAGES_ANSWER and not request.path.startswith("/api/"):
            page = errors.not_allowed(request)
            page["Allow"] = ", ".join(PAGES_ANSWER)
            return page
        try:
            response = self.get_response(request)
        except errors.LOST:
            log.exception("database out of reach")
            return errors.unavailable(request)
        if response.status_code == 405 and not response.content:
            page = errors.not_allowed(request)
            page["Allow"] = response["Allow"]
            return page
        return slowed_down(request, response)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, errors.LOST):
            log.error("database out of reach", exc_info=exception)
            return errors.unavailable(request)
        if isinstance(exception, NotAllowed):
            who = {role: plural for role, plural in PLURALS.items() if role in exception.roles}
            roles = listed([str(plural) for plural in who.values()], _("and"))
            return errors.forbidden(request, roles=roles)
        if isinstance(exception, SuspiciousOperation):
            log.warning("refused: %s", type(exception).__name__)
        return None


class ActorMiddleware:
    """Gives the request its `actor`: loaded when first asked for, the signed-in person or a stranger."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined]
        with ExitStack() as request.told:  # type: ignore[attr-defined]
            response = self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            # What somebody's session saw is not there any more when the session is over and Back is pressed.
            response.setdefault("Cache-Control", "private, no-store")
        return response

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> None:
        """What allauth writes by itself is in the history as this person's."""
        if request.method == "POST" and view.__module__.startswith(WRITE_THEMSELVES):
            verb = (request.resolver_match and request.resolver_match.url_name) or "account"
            request.told.enter_context(said_by(lambda: request.actor, verb))  # type: ignore[attr-defined]


def session_mark(request: HttpRequest) -> str:
    """What a stranger's hold is bound to: a secret of the browser session, hashed. Empty before there is one."""
    secret = request.session.get("holder")
    return hashlib.sha256(secret.encode()).hexdigest() if secret else ""


def begin_session(request: HttpRequest) -> None:
    """Give a stranger's session the secret its hold belongs to. It survives sign-in, unlike the session key."""
    if "holder" not in request.session:
        request.session["holder"] = secrets.token_urlsafe(24)
        request.actor = actor_of(request)  # type: ignore[attr-defined]


def actor_of(request: HttpRequest) -> Actor:
    """The person behind the session. An unconfirmed, suspended or removed one is a stranger."""
    user, network = request.user, network_of(request)
    if user.is_authenticated and user.is_active and user.confirmed_at:
        customer = getattr(user, "customer", None)
        employee = getattr(user, "employee", None)
        if employee is None or employee.status == "active":
            mine = request.session.get("account_authentication_methods_user") == str(user.pk)
            methods = request.session.get("account_authentication_methods", []) if mine else []
            role = Role(user.role)
            return Actor(
                user_id=user.pk,
                role=role,
                email=user.email,
                name=user.full_name,
                customer_id=customer.pk if customer else None,
                long_holds=bool(customer and customer.long_holds),
                second_factor=any(method.get("method") == "mfa" for method in methods),
                session=session_mark(request),
                network=network,
                channel="online" if role is Role.CUSTOMER else "counter",
                session_key=request.session.session_key or "",
            )
    return Actor(session=session_mark(request), network=network)
