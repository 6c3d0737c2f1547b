"""Answers that come after the same time whatever was found: how long one waits must not tell whether an address is
known."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def steady(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A form's answer leaves when STEADY_ANSWER_MS have passed, which is more than any of its ways takes on a quiet
    machine; on a busy one, when twice as many have, or three times: never when its work happens to be done."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        begun, beat = time.monotonic(), settings.STEADY_ANSWER_MS / 1000
        response = view(request, *args, **kwargs)
        if hasattr(response, "render"):
            response.render()
        time.sleep((begun - time.monotonic()) % beat if beat else 0.0)
        return response

    return answered
