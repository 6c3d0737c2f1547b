"""Every door there is: the pages of the URL conf, and the operations of the OpenAPI document."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from tests.access import model
from theatre.access import Permission
from theatre.api.reading import document

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
PAGES = {"GET", "HEAD", "POST", "OPTIONS"}
LOOKED_AT = {"api:root", "api:openapi", "api:docs", "healthz", "readyz"}  # for programs, and no operation


@dataclass(frozen=True)
class Door:
    """One address. `access` is a permission or one of the open doors' kinds; `methods` what may be asked there."""

    name: str
    route: str
    access: str
    methods: frozenset[str]
    thing: str

    @property
    def api(self) -> bool:
        return self.route.startswith("api/v1/")

    @property
    def asks(self) -> str:
        """The permission it asks; empty for open doors."""
        return self.access if self.access in set(Permission) else ""

    @property
    def kind(self) -> str:
        """What kind of thing it is about."""
        return model.things()[self.thing][0]

    def address(self, of: dict[str, object]) -> str:
        """With arguments filled in."""
        return "/" + re.sub(r"<(\w+)>", lambda match: str(of[match[1]]), self.route)


def doors() -> Iterator[Door]:
    """Each, once. An undecided one has the access or thing `undecided`."""
    seen = set()
    for name, route, view in patterns(get_resolver()):
        if route in seen:
            continue
        seen.add(route)
        said = getattr(view, "theatre_access", None)
        access = str(said.value) if isinstance(said, Permission) else "undecided"
        if said == "public":
            access = model.open_doors().get(name, "undecided")
        yield Door(name, route, access, methods_of(route, name), thing_of(route))


def patterns(resolver: URLResolver, space: str = "", before: str = "") -> Iterator[tuple[str, str, object]]:
    """Name, route without converters, and view of everything that answers."""
    for each in resolver.url_patterns:
        route = before + re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", str(each.pattern))
        if isinstance(each, URLResolver):
            yield from patterns(each, f"{each.namespace}:" if each.namespace else space, route)
        elif isinstance(each, URLPattern):
            yield space + (each.name or route), route, each.callback


def methods_of(route: str, name: str) -> frozenset[str]:
    """For an operation those of the document; for a page those that pages answer at all."""
    if name in LOOKED_AT:
        return frozenset({"GET", "HEAD"})
    if not route.startswith("api/v1/"):
        return frozenset(PAGES)
    path = "/" + re.sub(r"<(\w+)>", r"{\1}", route)
    told = {method.upper() for method in document()["paths"][path]}
    return frozenset(told | ({"HEAD"} if "GET" in told else set()))


def thing_of(route: str) -> str:
    """The address in the table of things that the route begins with; empty without arguments."""
    if "<" not in route:
        return ""
    longest = max((each for each in model.things() if route.startswith(each)), key=len, default="")
    return longest if "<" not in route[len(longest) :] else "undecided"
