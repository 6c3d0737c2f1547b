"""Pages that look the same to every stranger are rendered once.

A stranger here is a request without a session cookie: nobody is signed in, nothing is held, no message waits.
The programme is kept for a moment: a sold seat shows on it at most SECONDS later. The seat page is asked from
the database every time, and only drawn anew when something on it has changed.
"""

import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from time import monotonic
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

SECONDS = 2.0
MOST = 256  # pages kept
LONGEST = 200  # characters of an address worth keeping
View = Callable[..., HttpResponse]


_pages: OrderedDict[Hashable, tuple[float, bytes]] = OrderedDict()


def forget() -> None:
    """Drop every page that is kept for a moment."""
    _pages.clear()


def is_stranger(request: HttpRequest) -> bool:
    """Whether this page would be the same for everybody else who comes like this. No query."""
    return settings.SESSION_COOKIE_NAME not in request.COOKIES and "messages" not in request.COOKIES


def lights_of(request: HttpRequest) -> str:
    """The lights as chosen: light, dark or empty."""
    theme = request.COOKIES.get(settings.THEME_COOKIE_NAME, "")
    return theme if theme in ("light", "dark") else ""


class Drawn:
    """Pages by what stands on them. Each is drawn with a stand-in for the form's token, put in as it leaves."""

    TOKEN = f"token-{secrets.token_hex(12)}"  # its place; nobody can write it into a title

    def __init__(self) -> None:
        self.pages: OrderedDict[Hashable, str] = OrderedDict()

    def page(self, request: HttpRequest, key: Hashable, draw: Callable[[str], str]) -> HttpResponse:
        """The page for this key, drawn by `draw(token)` if it is not there yet."""
        key = (key, request.get_full_path(), lights_of(request), get_language())
        page = self.pages.get(key)
        if page is None:
            page = self.pages[key] = draw(self.TOKEN)
            if len(self.pages) > MOST:
                self.pages.popitem(last=False)
        response = HttpResponse(page.replace(self.TOKEN, get_token(request)))
        patch_vary_headers(response, ["Cookie"])
        return response


def kept_for_strangers(*questions: str) -> Callable[[View], View]:
    """Keep the page for strangers, for each address, lights and language.

    `questions` are those that the page knows; an address with any other is answered, but not kept.
    """

    def keeping(view: View) -> View:
        @wraps(view)
        def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            address = request.get_full_path()
            if not is_stranger(request) or len(address) > LONGEST or not set(request.GET) <= set(questions):
                return view(request, *args, **kwargs)
            key = (view.__name__, address, lights_of(request), get_language())
            now = monotonic()
            page = _pages.get(key)
            if page and page[0] > now:
                response = HttpResponse(page[1])
            else:
                response = view(request, *args, **kwargs)
                if response.status_code != 200:
                    return response
                _pages[key] = (now + SECONDS, response.content)
                _pages.move_to_end(key)
                if len(_pages) > MOST:
                    _pages.popitem(last=False)
            patch_vary_headers(response, ["Cookie"])
            return response

        return kept

    return keeping
