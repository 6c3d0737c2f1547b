"""Every view says who may come in: `@public`, or `@needs(Permission.X)`. test_shape.py holds it.

What only the person themselves may press wears `@still_you` below that.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from theatre.access import Actor, NotAllowed, Permission, require

View = Callable[..., HttpResponse]


class TheatreRequest(HttpRequest):
    """A request as the middleware hands it on."""

    actor: Actor


def public(view: View) -> View:
    """Open to everybody."""
    view.theatre_access = "public"  # type: ignore[attr-defined]
    return view


def needs(permission: Permission) -> Callable[[View], View]:
    """Open to those who may. Strangers are sent to sign in and come back; others get the 403 page."""

    def door(view: View) -> View:
        @wraps(view)
        def checked(request: TheatreRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                require(request.actor, permission)
            except NotAllowed as refusal:
                if request.actor.is_stranger:
                    return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
                if refusal.second_factor:
                    return redirect_to_login(request.get_full_path(), "second_factor")
                raise
            return view(request, *args, **kwargs)

        checked.theatre_access = permission  # type: ignore[attr-defined]
        return cast(View, checked)

    return door


def still_you(view: View) -> View:
    """Pressed only by somebody who signed in, or showed again that it is them, within the last minutes: who sits down
    at a screen that was left open cannot. They are asked, and then what they pressed is done.

    Source: ASVS 7.5; docs/SECURITY-MODEL.md, "Is it still you?".
    """
    asking = reauthentication_required(view, enabled=lambda request: request.method == "POST")
    asking.theatre_asks_again = True
    return cast(View, asking)
