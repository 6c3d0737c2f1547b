"""Pictures of links, drawn when somebody asks and kept for the next."""

from functools import lru_cache

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import condition, require_safe

from theatre.documents.card import link_card
from theatre.queries import programme
from theatre.web.browse import posters
from theatre.web.doors import public

A_DAY = 86400


@public
@require_safe
def card(request: HttpRequest, slug: str) -> HttpResponse:
    """What a link to the movie's page is shown with elsewhere."""
    drawn_from = programme.drawn_from(slug)
    if drawn_from is None:
        raise Http404
    mark = f'"{posters.edition(slug, *drawn_from)}"'
    answer = condition(etag_func=lambda *_args: mark)(
        lambda _request: HttpResponse(_card(slug, *drawn_from), content_type="image/jpeg")
    )(request)
    patch_cache_control(answer, public=True, max_age=A_DAY)
    return answer


@lru_cache(maxsize=128)
def _card(slug: str, title: str, genre: str, director: str) -> bytes:
    return link_card(
        title=title,
        facts=" · ".join(part for part in (genre, director) if part),
        house=settings.THEATRE_NAME,
        poster=posters.draw(slug, title, genre, director),
    )
