"""Clients of the API. Every JSON answer is held to the OpenAPI document's shape for its status."""

import hashlib
import json
import re
import secrets
import uuid
from typing import Any

from django.db import connection
from django.test import Client

from tests import people
from theatre.api.contract import api
from theatre.models import ApiToken, User

BASE = "/api/v1"


def token_for(who: User, *, second_factor: bool = True, revoked: bool = False) -> str:
    """A new token of this person's."""
    token = f"mc_{secrets.token_urlsafe(32)}"
    made = ApiToken.objects.create(
        user=who, name="test", digest=hashlib.sha256(token.encode()).digest(), second_factor=second_factor
    )
    if revoked:
        ApiToken.objects.filter(pk=made.pk).update(revoked_at=made.created_at)
    return token


class Caller:
    """A program with somebody's token, or with none."""

    def __init__(self, who: User | None = None, *, token: str = "") -> None:
        self.who = who
        self.client = Client(raise_request_exception=False)
        self.token = token or (token_for(who) if who else "")

    def get(self, path: str, **headers: str) -> Any:
        return self.ask("GET", path, headers=headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.ask("DELETE", path, headers=headers)

    def post(self, path: str, body: object = None, **headers: str) -> Any:
        """With a body as JSON; None sends none."""
        return self.ask("POST", path, b"" if body is None else json.dumps(body).encode(), headers=headers)

    def once(self, path: str, body: object = None, key: str = "") -> Any:
        """A POST with an Idempotency-Key, a new one unless given."""
        return self.post(path, body, idempotency_key=key or str(uuid.uuid4()))

    def ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        headers: dict[str, str] | None = None,
        content_type: str = "application/json",
    ) -> Any:
        sent = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        address = path if path.startswith("/") and path.startswith(BASE) else BASE + path
        response = self.client.generic(method, address, body, content_type, headers=sent)
        assert response.status_code < 500 or response.status_code == 503, response.content
        _check_shape(method, response)
        return response

    def hold(self, show: int, seats: list[int], **more: object) -> Any:
        return self.post("/holds", {"show": show, "seats": seats, **more})

    def confirm(self, ref: str, total: str, *, key: str = "", method: str = "demo", **more: object) -> Any:
        body = {"shown_total": total, "payment": {"method": method}, **more}
        return self.once(f"/holds/{ref}/confirm", body, key)

    def book(self, show: int, seats: list[int], *, method: str = "demo", **more: object) -> dict[str, Any]:
        """A confirmed booking's record."""
        held = self.hold(show, seats, **more).json()
        booked = self.confirm(held["ref"], held["quote"]["total"], method=method)
        assert booked.status_code == 201, booked.content
        return dict(booked.json())


def customer(**wanted: Any) -> Caller:
    return Caller(people.customer(**wanted))


def salesman(**wanted: Any) -> Caller:
    return Caller(people.salesman(**wanted))


def moderator(**wanted: Any) -> Caller:
    return Caller(people.moderator(**wanted))


def admin(**wanted: Any) -> Caller:
    return Caller(people.admin(**wanted))


def stranger() -> Caller:
    return Caller()


def end_hold(ref: str) -> None:
    """Let a hold's minutes pass, by moving its end into the past."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE theatre_seatclaim SET held_until = now() - interval '1 minute'"
            " WHERE booking_id = (SELECT id FROM theatre_booking WHERE ref = %s)",
            [ref],
        )
        cursor.execute(
            "UPDATE theatre_booking SET held_until = now() - interval '1 minute' WHERE ref = %s", [ref]
        )


_MODELS = {
    (operation.methods[0], re.sub(r"{(\w+:)?(\w+)}", r"<\1\2>", path.strip("/"))): operation.response_models
    for bound in api._get_bound_routers()
    for path, view in bound.path_operations.items()
    for operation in view.operations
}


def _check_shape(method: str, response: Any) -> None:
    if response.status_code in (204, 304) or response.get("Content-Type") != "application/json":
        return
    said = response.json()
    if response.status_code >= 400:
        assert {"code", "message", "field"} <= said.keys(), said
        assert said["message"] and isinstance(said["code"], str)
    match = getattr(response.wsgi_request, "resolver_match", None)
    models = _MODELS.get((method, match.route.removeprefix("api/v1/"))) if match else None
    model = models.get(response.status_code) if models else None
    if model is not None and not isinstance(model, str):
        model.model_validate({"response": said})
