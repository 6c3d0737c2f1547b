"""The API's own description: as OpenAPI 3.1, and as a page to read that needs no script and nobody else's server."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from theatre.api import shapes
from theatre.api.answers import JSON
from theatre.api.contract import api

PREFIX = "api/v1/"
_NO = {
    "description": "A no: 401 without a token, 403 for another role, 405, 413, 415, 422, 429, 503",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}},
}


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document; every operation can say no in more ways than it lists."""
    schema: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix=PREFIX)))
    for operations in schema["paths"].values():
        for operation in operations.values():
            operation["responses"]["default"] = _NO
    schema["components"]["schemas"].setdefault("Refusal", shapes.Refusal.model_json_schema())
    return schema


@cache
def _written() -> tuple[bytes, str]:
    body = json.dumps(document(), ensure_ascii=False).encode()
    return body, f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The document."""
    body, tag = _written()
    same = request.META.get("HTTP_IF_NONE_MATCH") == tag
    response = HttpResponse(status=304) if same else HttpResponse(body, content_type=JSON)
    response["ETag"] = tag
    response["Cache-Control"] = "public, max-age=300"
    return response


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The document as a page."""
    return render(request, "api/reference.html", {"groups": _groups(), "shapes": _shapes()})


@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """The API's bare address leads to the page."""
    return redirect("api:docs")


@dataclass(frozen=True, slots=True)
class Member:
    """A parameter, or a member of a shape: its name, what it may be, whether it has to be there, and why."""

    name: str
    kind: str
    needed: bool
    about: str
    shape: str = ""  # the shape it is made of, if it is


@dataclass(frozen=True, slots=True)
class Reply:
    status: str
    about: str
    shape: str


@dataclass(frozen=True, slots=True)
class Operation:
    id: str
    method: str
    path: str
    title: str
    about: str
    open: bool
    parameters: tuple[Member, ...]
    body: str
    replies: tuple[Reply, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    name: str
    about: str
    members: tuple[Member, ...]


@cache
def _groups() -> dict[str, list[Operation]]:
    groups: dict[str, list[Operation]] = {}
    for path, operations in document()["paths"].items():
        for method, operation in operations.items():
            groups.setdefault(operation["tags"][0], []).append(_operation(method, path, operation))
    return groups


def _operation(method: str, path: str, operation: dict[str, Any]) -> Operation:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return Operation(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        title=operation["summary"],
        about=operation.get("description", ""),
        open={} in operation.get("security", [{}]),
        parameters=tuple(
            Member(each["name"], _kind(each["schema"]), each["required"], each.get("description", ""))
            for each in operation["parameters"]
        ),
        body=_shape_in(body),
        replies=tuple(_replies(operation)),
    )


def _replies(operation: dict[str, Any]) -> Iterator[Reply]:
    for status, reply in operation["responses"].items():
        schema = reply.get("content", {}).get("application/json", {}).get("schema", {})
        yield Reply("other" if status == "default" else status, reply["description"], _shape_in(schema))


@cache
def _shapes() -> list[Shape]:
    return [
        Shape(
            name,
            schema.get("description", ""),
            tuple(
                Member(
                    member,
                    _kind(about),
                    member in schema.get("required", []),
                    about.get("description", ""),
                    _shape_in(about),
                )  # fmt: skip
                for member, about in schema["properties"].items()
            ),
        )
        for name, schema in document()["components"]["schemas"].items()
    ]


def _kind(schema: dict[str, Any]) -> str:
    """What a value may be, in words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " or ".join(_kind(each) for each in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(schema["enum"])
    if "const" in schema:
        return str(schema["const"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}"
    named = {"string": "text", "integer": "whole number", "boolean": "true or false"}
    kind = str(schema.get("type", "anything"))
    return str(schema.get("format", "")) or named.get(kind, kind)


def _shape_in(schema: dict[str, Any]) -> str:
    """The first shape a schema names."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    within = [*schema.get("anyOf", []), schema.get("items", {})]
    return next((found for each in within if each and (found := _shape_in(each))), "")
