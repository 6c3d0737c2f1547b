"""What is on: movies, shows, seats. Open to everybody."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from ninja import Query, Router

from theatre.api import shapes
from theatre.api.answers import JSON, answer, error, page_of
from theatre.api.bearer import Anybody, Asked
from theatre.api.bodies import PageQuery, ShowQuery
from theatre.queries import listings, seatlist
from theatre.queries.listings import ListedMovie, ListedShow

router = Router(tags=["Programme"])


@router.get("/movies", response=shapes.Movies, operation_id="movies", summary="The movies, by title")
def movies(request: HttpRequest, wanted: Query[PageQuery]) -> HttpResponse:
    found, count = listings.movies(wanted.page, wanted.items)
    return answer(page_of([_movie(each) for each in found], wanted.page, wanted.items, count))


@router.get(
    "/movies/{slug}",
    response={200: shapes.Movie, 404: shapes.Refusal},
    operation_id="movie",
    summary="One movie",
)
def movie(request: HttpRequest, slug: str) -> HttpResponse:
    found = listings.movie(slug)
    if found is None:
        return error(404, "movie_unknown", _("There is no such movie. Choose one from what’s on"))
    return answer(_movie(found))


@router.get("/shows", response=shapes.Shows, operation_id="shows", summary="The shows, by their start")
def shows(request: HttpRequest, wanted: Query[ShowQuery]) -> HttpResponse:
    found, count = listings.shows(wanted.page, wanted.items, day=wanted.date, movie=wanted.movie)
    return answer(page_of([_show(each) for each in found], wanted.page, wanted.items, count))


@router.get(
    "/shows/{int:show_id}/seats",
    auth=Anybody(),
    response={200: shapes.Seats, 404: shapes.Refusal},
    operation_id="seats",
    summary="A show’s seats at this moment",
    openapi_extra={
        "security": [{}, {"Bearer": []}],
        "responses": {
            304: {"description": "Nothing has changed since the answer with this ETag (If-None-Match)"}
        },
    },
)
def seats(request: Asked, show_id: int) -> HttpResponse:
    """With a token, seats held by its person are `yours`. Ask again with `If-None-Match`."""
    found = seatlist.of_show(request.auth, show_id)
    if found is None:
        return error(404, "show_unknown", _("There is no such show. Choose one from what’s on"))
    tag = f'"{found.tag}"'
    if _has(request.META.get("HTTP_IF_NONE_MATCH", ""), tag):
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(found.as_json().encode(), content_type=JSON)
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Authorization", "Cookie"])
    return response


def _has(header: str, tag: str) -> bool:
    """Whether an If-None-Match names the tag; weak ones compare alike."""
    return (
        header == tag
        or header == "*"
        or tag in [each.strip().removeprefix("W/") for each in header.split(",")]
    )


def _movie(found: ListedMovie) -> dict[str, object]:
    return {
        "id": found.id,
        "slug": found.slug,
        "title": found.title,
        "state": found.state,
        "certificate": found.certificate,
        "duration_minutes": found.minutes,
        "release_date": found.release_date.isoformat() if found.release_date else None,
        "director": found.director,
        "cast": found.cast,
        "languages": found.languages,
        "formats": found.formats,
        "genres": found.genres,
        "synopsis": found.synopsis,
        "poster": settings.SITE_URL + _poster(found),
        "trailer": found.trailer or None,
        "rating": str(found.rating) if found.reviews else None,
        "reviews": found.reviews,
    }


def _poster(found: ListedMovie) -> str:
    if found.poster:
        return reverse("poster_picture", args=[found.poster, 800])
    return reverse("poster", args=[found.slug])


def _show(found: ListedShow) -> dict[str, object]:
    return {
        "id": found.id,
        "movie": found.title,
        "movie_id": found.movie_id,
        "movie_slug": found.slug,
        "screen": found.screen,
        "screen_number": found.screen_number,
        "starts_at": found.starts_at.isoformat(),
        "ends_at": found.ends_at.isoformat(),
        "formats": found.formats,
        "state": found.state,
        "seats_left": found.left,
    }
