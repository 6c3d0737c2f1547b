"""How the API answers: JSON, and every no as `{code, message, field, …}` with the status of its kind (docs/api.md)."""

import json
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja.errors import HttpError, ValidationError

from theatre.access import NotAllowed
from theatre.api.bearer import TokenRefused
from theatre.api.keys import KeyUnusable
from theatre.rules.refusals import Refused
from theatre.rules.roles import Role

JSON = "application/json"
RETRY_SECONDS = 1

# A refusal is 409: the request was well formed and the theatre's state says no. The others say so here.
STATUS = {
    # There is no such thing, or not for this person.
    "show_unknown": 404,
    "movie_unknown": 404,
    "booking_unknown": 404,
    # The request itself can never be granted as it stands.
    "no_seats": 422,
    "too_many_seats": 422,
    "seat_twice": 422,
    "seat_unknown": 422,
    "customer_unknown": 422,
    "nothing_to_return": 422,
    "ticket_not_in_booking": 422,
    "audience_not_offered": 422,
    "reason_needed": 422,
    "forged": 422,
    "idempotency_key_reused": 422,
    # Slow down.
    "too_many_tries": 429,
}
# What an action calls otherwise than the body that said it.
PATHS = {"payment_method_not_offered": "payment.method"}


class WrongContentType(Exception):
    """The body is declared to be something else than JSON."""


def answer(data: object, status: int = 200) -> HttpResponse:
    """A value as JSON, kept by nobody on the way."""
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    response = HttpResponse(body, status=status, content_type=JSON)
    response["Cache-Control"] = "private, no-store"
    return response


def page_of(items: list[dict[str, object]], page: int, size: int, count: int) -> dict[str, object]:
    """`{items, page, pages, count}`. There is always a first page; one past the last is empty."""
    return {"items": items, "page": page, "pages": max(1, -(-count // size)), "count": count}


def error(status: int, code: str, message: str, field: str | None = None, **data: Any) -> HttpResponse:
    """A no."""
    return answer({"code": code, "message": message, "field": field, **data}, status)


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """What the theatre's rules do not allow; the refusal's facts stand beside its sentence."""
    status = STATUS.get(refusal.code, 409)
    field = PATHS.get(refusal.code, refusal.field)
    response = error(status, refusal.code, refusal.sentence, field, **refusal.data)
    if status == 429:
        response["Retry-After"] = str(refusal.data["retry_after"])
    elif refusal.code in ("busy", "in_progress"):
        response["Retry-After"] = str(RETRY_SECONDS)
    return response


def token_refused(request: HttpRequest, refusal: TokenRefused) -> HttpResponse:
    """401."""
    if refusal.code == "token_needed":
        message, challenge = _("This needs a token. Make one on your account page"), "Bearer"
    else:
        message = _("This token opens nothing any more. Make a new one on your account page")
        challenge = 'Bearer error="invalid_token"'
    response = error(401, refusal.code, message)
    response["WWW-Authenticate"] = challenge
    return response


def key_unusable(request: HttpRequest, fault: KeyUnusable) -> HttpResponse:
    """400 for a key that is missing where money moves, or that is no key."""
    if fault.code == "idempotency_key_needed":
        message = _("Send an Idempotency-Key header with this, a new one for each booking")
    else:
        message = _("An Idempotency-Key has 1 to 255 letters, digits or signs of ASCII")
    return error(400, fault.code, message)


def not_allowed(request: HttpRequest, refusal: NotAllowed) -> HttpResponse:
    """403: names who may."""
    if refusal.second_factor:
        return error(
            403, "second_factor_needed",
            _("This needs your second factor. Sign in with it and make a new token there"),
        )  # fmt: skip
    roles = _in_words([role for role in refusal.roles if role is not Role.CUSTOMER])
    return error(403, "forbidden", _("Only %(roles)s can do this. Ask one of them") % {"roles": roles})


def _in_words(roles: Sequence[Role]) -> str:
    names = {Role.SALESMAN: _("salesmen"), Role.MODERATOR: _("moderators"), Role.ADMIN: _("admins")}
    *first, last = [names[role] for role in names if role in roles]
    return _("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last} if first else last


def unreadable(request: HttpRequest, fault: HttpError) -> HttpResponse:
    """400 for a body that is no JSON, 415 for one that does not say it is."""
    if isinstance(fault.__cause__, WrongContentType):
        return error(415, "unsupported_media_type", _("Send the body as application/json"))
    return error(400, "broken_json", _("The body is not JSON that can be read. Nothing was changed"))


def field_errors(request: HttpRequest, fault: ValidationError) -> HttpResponse:
    """422: each field that does not fit, by its path (`payment.method`), with a sentence."""
    errors = [_field_error(each) for each in fault.errors]
    first = errors[0]
    return error(422, "field_errors", first["message"], first["field"], errors=errors)


def _field_error(fault: dict[str, Any]) -> dict[str, Any]:
    source, *path = [str(part) for part in fault["loc"]]
    name = ".".join(path[1:] if source == "body" else path) or None
    return {"field": name, "code": fault["type"], "message": _sentence(name or _("The body"), fault)}


def _sentence(name: str, fault: dict[str, Any]) -> str:
    kind, limits = fault["type"], {"name": name, **fault.get("ctx", {})}
    match kind:
        case "missing":
            return _("%(name)s is missing") % limits
        case "int_type" | "int_parsing" | "int_parsing_size" | "int_from_float":
            return _("%(name)s has to be a whole number") % limits
        case "greater_than_equal":
            return _("%(name)s has to be %(ge)s or more") % limits
        case "less_than_equal":
            return _("%(name)s has to be %(le)s or less") % limits
        case "list_type":
            return _("%(name)s has to be a list") % limits
        case "model_type" | "model_attributes_type" | "dict_type":
            return _("%(name)s has to be an object") % limits
        case "literal_error":
            return _("%(name)s has to be one of %(expected)s") % limits
        case "string_too_long":
            return _("%(name)s can have %(max_length)s characters at most") % limits
        case "string_too_short":
            return _("%(name)s cannot be empty") % limits
        case "not_one_for_each_seat":
            return _("%(name)s has to name one for each of the seats") % limits
        case "amount":
            return _("%(name)s has to be an amount as a text, like 22.00") % limits
        case "date":
            return _("%(name)s has to be a day, like 2026-05-31") % limits
        case "control_character":
            return _("%(name)s has a character nobody can type") % limits
        case _:
            return _("%(name)s has to be a text") % limits
