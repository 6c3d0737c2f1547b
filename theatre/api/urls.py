"""Who answers where. Every operation says who may: `theatre_access` is its permission, or "public"."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext as _

from theatre.access import Permission
from theatre.api import reading
from theatre.api.answers import error
from theatre.api.bearer import Bearer
from theatre.api.contract import ROUTERS, api

View = Callable[..., HttpResponse]


def _door(view: View, access: Permission | str) -> View:
    """The view with its door's name; HEAD asks what GET asks, and 405 is JSON like every no."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "HEAD":
            request.method = "GET"
        response = view(request, *args, **kwargs)
        if response.status_code != 405:
            return response
        no = error(405, "method_not_allowed", _("This address does not do that. Allow says what it does"))
        no["Allow"] = response["Allow"]
        return no

    answered.theatre_access = access  # type: ignore[attr-defined]
    # nosemgrep: form-without-a-token - a bearer token is not sent by itself
    answered.csrf_exempt = True  # type: ignore[attr-defined]  # a bearer token is not sent by itself
    return answered


# By the operations' names, which are their URLs' names too.
_ACCESS: dict[str, Permission | str] = {
    operation.view_func.__name__: next(
        (door.permission for door in operation.auth_callbacks if isinstance(door, Bearer)), "public"
    )
    for router in ROUTERS
    for view in router.path_operations.values()
    for operation in view.operations
}

urlpatterns: list[URLPattern | URLResolver] = [
    *(
        path(str(each.pattern), _door(each.callback, _ACCESS[each.name]), name=each.name)
        for each in api.urls[0]
        if isinstance(each, URLPattern) and each.name in _ACCESS
    ),
    path("", _door(reading.root, "public"), name="root"),
    path("openapi.json", _door(reading.openapi, "public"), name="openapi"),
    path("docs", _door(reading.docs, "public"), name="docs"),
]
