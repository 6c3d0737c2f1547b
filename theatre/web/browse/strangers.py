"""Pages that look the same to every stranger are rendered once and handed out for a moment.

A stranger here is a request without a session cookie: nobody is signed in, nothing is held, no message waits.
The copy lives in this process for SECONDS, so a sold seat shows on the programme at most that much later; the
seat map itself is never kept.
"""

from collections.abc import Callable
from functools import wraps
from time import monotonic
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

SECONDS = 2.0
MOST = 256  # pages kept
View = Callable[..., HttpResponse]


def kept_for_strangers(*questions: str) -> Callable[[View], View]:
    """Keep the page for strangers, apart for each of these questions of its address, its lights and language.

    Other questions do not change the page, so they do not make another copy either.
    """

    def keeping(view: View) -> View:
        pages: dict[tuple[Any, ...], tuple[float, bytes]] = {}

        @wraps(view)
        def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if settings.SESSION_COOKIE_NAME in request.COOKIES or "messages" in request.COOKIES:
                return view(request, *args, **kwargs)
            theme = request.COOKIES.get(settings.THEME_COOKIE_NAME, "")
            asked = tuple(request.GET.get(question, "")[:40] for question in questions)
            key = (request.path, asked, theme if theme in ("light", "dark") else "", get_language())
            now = monotonic()
            page = pages.get(key)
            if page and page[0] > now:
                response = HttpResponse(page[1])
            else:
                response = view(request, *args, **kwargs)
                if response.status_code != 200:
                    return response
                if len(pages) >= MOST:
                    pages.clear()
                pages[key] = (now + SECONDS, response.content)
            patch_vary_headers(response, ["Cookie"])
            return response

        kept.forget = pages.clear  # type: ignore[attr-defined]
        return kept

    return keeping
