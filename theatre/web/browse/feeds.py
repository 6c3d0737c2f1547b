"""The programme for machines: a calendar to subscribe to, and what search engines may read."""

from functools import lru_cache
from zlib import crc32

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import condition, require_safe

from theatre.documents.feed import calendar_feed
from theatre.documents.values import House
from theatre.queries import feeds
from theatre.queries.kept import Kept
from theatre.templatetags.look import format_names
from theatre.web.browse import linked
from theatre.web.doors import public

CALENDAR_KEPT = 900  # seconds a calendar may wait before it asks again
MAP_KEPT = 3600


@public
@require_safe
def feed(request: HttpRequest, slug: str = "") -> HttpResponse:
    """The shows of the coming weeks as a calendar, of the house or of one movie."""
    kept = feeds.feed(slug)
    if kept is None:
        raise Http404
    data = _calendar(kept)
    mark = f'"{crc32(data):08x}"'
    answer = condition(etag_func=lambda *_args: mark)(
        lambda _request: HttpResponse(data, content_type="text/calendar; charset=utf-8")
    )(request)
    patch_cache_control(answer, public=True, max_age=CALENDAR_KEPT)
    return answer


@lru_cache(maxsize=32)
def _calendar(kept: Kept[feeds.Feed]) -> bytes:
    """Written once for each edition."""
    house = House(name=settings.THEATRE_NAME, address=settings.THEATRE_ADDRESS, phone=settings.THEATRE_PHONE)
    shows = [
        (show, linked.address("seats", show.id), format_names(show.formats)) for show in kept.answer.shows
    ]
    return calendar_feed(house=house, title=kept.answer.title, shows=shows)


@public
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every page that search engines should know."""
    pages = [(linked.address("home"), None), (linked.address("coming_soon"), None)]
    movies = [(linked.address("movie", slug), changed) for slug, changed in feeds.addresses()]
    response = render(
        request, "browse/sitemap.xml", {"pages": pages + movies}, content_type="application/xml"
    )
    patch_cache_control(response, public=True, max_age=MAP_KEPT)
    return response


@public
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines had better leave alone, and where the map is."""
    closed = ["account", "my_tickets", "search", "counter", "office"]
    lines = ["User-agent: *", *(f"Disallow: {reverse(name)}" for name in closed)]
    lines += ["Disallow: /api/", "Disallow: /shows/", f"Sitemap: {linked.address('sitemap')}", ""]
    response = HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
    patch_cache_control(response, public=True, max_age=MAP_KEPT)
    return response
