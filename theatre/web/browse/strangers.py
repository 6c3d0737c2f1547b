"""Pages that look the same to every stranger are drawn once.

A stranger here is a request without a session cookie: nobody is signed in, nothing is held, no message waits. What a
page says is asked for every time (theatre/queries/kept.py); only its drawing is used again, while it says the same.
"""

import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

MOST = 128  # pages kept
LONGEST = 200  # characters of an address worth keeping


_pages: OrderedDict[Hashable, tuple[int, bytes]] = OrderedDict()


def forget() -> None:
    """Drop every drawing of a page."""
    _pages.clear()


def is_stranger(request: HttpRequest) -> bool:
    """Whether this page would be the same for everybody else who comes like this. No query."""
    return settings.SESSION_COOKIE_NAME not in request.COOKIES and "messages" not in request.COOKIES


def lights_of(request: HttpRequest) -> str:
    """The lights as chosen: light, dark or empty."""
    theme = request.COOKIES.get(settings.THEME_COOKIE_NAME, "")
    return theme if theme in ("light", "dark") else ""


def drawn_once(
    request: HttpRequest, edition: int, draw: Callable[[], HttpResponse], *questions: str
) -> HttpResponse:
    """The page that says what this edition says: for strangers from its drawing, one for each address, lights and
    language, else drawn by `draw`.

    `questions` are those that the page knows; an address with any other is answered, but not kept.
    """
    address = request.get_full_path()
    if not is_stranger(request) or len(address) > LONGEST or not set(request.GET) <= set(questions):
        return draw()
    key = (address, lights_of(request), get_language())
    page = _pages.get(key)
    if page and page[0] == edition:
        response = HttpResponse(page[1])
    else:
        response = draw()
        _pages.pop(key, None)  # so that it stands last
        _pages[key] = (edition, response.content)
        while len(_pages) > MOST:
            _pages.popitem(last=False)
    patch_vary_headers(response, ["Cookie"])
    return response


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
