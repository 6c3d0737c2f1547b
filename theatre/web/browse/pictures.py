"""Pictures of links, drawn when somebody asks and kept for the next."""

from functools import lru_cache

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import condition, require_safe

from theatre.documents.card import link_card
from theatre.documents.posters import SIZES
from theatre.queries import programme
from theatre.queries.programme import Shown
from theatre.web.browse import posters
from theatre.web.doors import public

A_DAY = 86400
A_YEAR = 365 * A_DAY


@public
@require_safe
def card(request: HttpRequest, slug: str) -> HttpResponse:
    """What a link to the movie's page is shown with elsewhere."""
    shown = programme.shown_as(slug)
    if shown is None:
        raise Http404
    mark = f'"{posters.edition(slug, shown.title, shown.genre, shown.director)}{shown.poster}"'
    answer = condition(etag_func=lambda *_args: mark)(
        lambda _request: HttpResponse(_card(slug, shown), content_type="image/jpeg")
    )(request)
    patch_cache_control(answer, public=True, max_age=A_DAY)
    return answer


@lru_cache(maxsize=128)
def _card(slug: str, shown: Shown) -> bytes:
    uploaded = programme.poster(shown.poster, "large") if shown.poster else None
    return link_card(
        title=shown.title,
        facts=" · ".join(part for part in (shown.genre, shown.director) if part),
        house=settings.THEATRE_NAME,
        poster=uploaded or posters.draw(slug, shown.title, shown.genre, shown.director),
    )


_WIDTHS = {width: name for name, (width, _heaviest) in SIZES.items()}


@public
@require_safe
def poster(request: HttpRequest, mark: str, width: int) -> HttpResponse:
    """An uploaded poster in one of its widths. Another one has another mark, so this one never changes."""
    webp = programme.poster(mark, _WIDTHS[width]) if width in _WIDTHS else None
    if webp is None:
        raise Http404
    response = HttpResponse(webp, content_type="image/webp")
    patch_cache_control(response, public=True, max_age=A_YEAR, immutable=True)
    return response
