"""The Idempotency-Key header: a POST that carries one happens once (docs/api.md)."""

import re

from pydantic import BaseModel

from theatre.actions.booking._once import Once
from theatre.actions.booking._once import once as once_of
from theatre.api.bearer import Asked

_KEY = re.compile(r"[!-~]{1,255}", re.ASCII)


class KeyUnusable(Exception):
    """`idempotency_key_needed` where there is none, `idempotency_key_unreadable` for one that is no key."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def once(request: Asked, route: str, body: BaseModel | None = None, *, needed: bool = False) -> Once | None:
    """The request's key for this person and route, or None without one where that is allowed.

    Two bodies are the same when what they say is: the order of members and unknown ones do not matter.
    """
    key = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if key is None:
        if needed:
            raise KeyUnusable("idempotency_key_needed")
        return None
    if not _KEY.fullmatch(key):
        raise KeyUnusable("idempotency_key_unreadable")
    said = body.model_dump(mode="json") if body is not None else None
    return once_of(f"user:{request.auth.user_id}", route, key, said)


def key_parameter(*, required: bool) -> dict[str, object]:
    """The header, for the OpenAPI document."""
    return {
        "name": "Idempotency-Key",
        "in": "header",
        "required": required,
        "description": "Any text of 1 to 255 visible ASCII characters, a new one for each deed. "
        "The same key and body again: the first answer again.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": _KEY.pattern},
    }
