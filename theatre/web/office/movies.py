"""Movies: the list, one of them with where it stands, and what is decided there."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from theatre.access import Permission
from theatre.actions.movies import movies as doing
from theatre.actions.movies import posters, releasing
from theatre.documents import words
from theatre.queries import movies as seeing
from theatre.queries import news
from theatre.queries.movies import Filed, Wanted
from theatre.rules import releases
from theatre.web.doors import TheatreRequest, needs
from theatre.web.office.movie_forms import FindMoviesForm, MovieForm, PosterForm
from theatre.web.orders import new_key, once_as_sent, page_number
from theatre.web.parts import refusals_on, refusals_said

A_PAGE = 25


@needs(Permission.MANAGE_MOVIES)
@never_cache
@require_safe
def movies(request: TheatreRequest) -> HttpResponse:
    """Every movie: searched, filtered, in order, a page at a time."""
    form = FindMoviesForm(request.GET, genres=seeing.genres())
    form.is_valid()  # what nobody offered is left out
    asked = {name: form.cleaned_data.get(name, "") for name in form.fields}
    rows, count, number = seeing.page(Wanted(**asked), page_number(request.GET.get("page", "")), A_PAGE)
    kept = {name: value for name, value in asked.items() if value}
    context = {
        "page": "movies",
        "find": form,
        "rows": rows,
        "count": count,
        "pages": Paginator(range(count), A_PAGE).get_page(number),
        "narrowed": bool(set(kept) - {"sort"}),
        "query": f"{urlencode(kept)}&" if kept else "",
    }
    return render(request, "office/movies.html", context)


@needs(Permission.MANAGE_MOVIES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: TheatreRequest) -> HttpResponse:
    """A new movie, a draft."""
    form = MovieForm(request.POST or None, genres=seeing.genres(), initial={"key": new_key()})
    if request.method == "POST" and form.is_valid():
        body = {name: request.POST.getlist(name) for name in request.POST if name != "csrfmiddlewaretoken"}
        once = once_as_sent(request.actor.user_id, "page:movie_new", form.cleaned_data["key"], body)
        about = form.cleaned_data["about"]
        with refusals_on(form):
            movie_id = doing.make_movie(by=request.actor, about=about, once=once)
            messages.success(
                request, _("%(movie)s is a draft. No guest sees it yet") % {"movie": about.title}
            )
            return redirect("movie_file", movie_id)
    return _form(request, form, None)


@needs(Permission.MANAGE_MOVIES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: TheatreRequest, movie_id: int) -> HttpResponse:
    """What is said about a movie."""
    movie = _found(movie_id)
    form = MovieForm(request.POST or None, genres=seeing.genres(), movie=movie)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            changed = doing.edit_movie(by=request.actor, movie_id=movie_id, about=form.cleaned_data["about"])
            messages.success(request, _("Saved") if changed else _("Nothing was changed"))
            return redirect("movie_file", movie_id)
    return _form(request, form, movie)


@needs(Permission.MANAGE_MOVIES)
@never_cache
@require_safe
def movie(request: TheatreRequest, movie_id: int) -> HttpResponse:
    """One movie: its facts, its poster, and where it can go from where it stands."""
    return _page(request, _found(movie_id))


@needs(Permission.MANAGE_MOVIES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def announce(request: TheatreRequest, movie_id: int) -> HttpResponse:
    """Coming soon, once it is known whom the letter reaches."""
    return _publish(request, movie_id, "announce")


@needs(Permission.MANAGE_MOVIES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_it(request: TheatreRequest, movie_id: int) -> HttpResponse:
    """Showing, once it is known whom the letters reach."""
    return _publish(request, movie_id, "open")


@needs(Permission.MANAGE_MOVIES)
@require_POST
def take_back(request: TheatreRequest, movie_id: int) -> HttpResponse:
    """A draft again."""
    return _step(request, movie_id, "take back", _("%(movie)s is a draft again. No guest sees it"))


@needs(Permission.MANAGE_MOVIES)
@require_POST
def retire(request: TheatreRequest, movie_id: int) -> HttpResponse:
    """Off the programme."""
    return _step(request, movie_id, "retire", _("%(movie)s is retired. Its page stays"))


@needs(Permission.MANAGE_MOVIES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: TheatreRequest, movie_id: int) -> HttpResponse:
    """Off the books, when it was never sold."""
    movie = _found(movie_id)
    if request.method == "POST":
        with refusals_said(request):
            releasing.delete_movie(by=request.actor, movie_id=movie_id)
            messages.success(request, _("%(movie)s is deleted") % {"movie": movie.title})
            return redirect("movies")
        return redirect("movie_file", movie_id)
    return render(request, "office/movie_delete.html", {"page": "movies", "movie": movie})


@needs(Permission.MANAGE_MOVIES)
@require_POST
def set_poster(request: TheatreRequest, movie_id: int) -> HttpResponse:
    """A poster, drawn anew from what was sent."""
    movie = _found(movie_id)
    form = PosterForm(request.POST, request.FILES)
    if form.is_valid():
        with refusals_on(form):
            posters.set_poster(
                by=request.actor, movie_id=movie_id, content=form.cleaned_data["poster"].read()
            )
            messages.success(request, _("The poster is on every page now"))
            return redirect("movie_file", movie_id)
    return _page(request, movie, form)


@needs(Permission.MANAGE_MOVIES)
@require_POST
def remove_poster(request: TheatreRequest, movie_id: int) -> HttpResponse:
    """The drawn one again."""
    _found(movie_id)
    with refusals_said(request):
        if posters.remove_poster(by=request.actor, movie_id=movie_id):
            messages.success(request, _("Poster removed. The drawn one stands in its place"))
    return redirect("movie_file", movie_id)


def _publish(request: TheatreRequest, movie_id: int, deed: str) -> HttpResponse:
    movie = _found(movie_id)
    if request.method == "POST":
        said = _("%(movie)s is announced") if deed == "announce" else _("%(movie)s is showing")
        return _step(request, movie_id, deed, said)
    everybody, followers = news.readers(movie_id)
    context = {
        "page": "movies",
        "movie": movie,
        "deed": deed,
        "told": _told(movie, everybody),
        "followers": _followers(followers) if deed == "open" else "",
    }
    return render(request, "office/movie_publish.html", context)


def _told(movie: Filed, everybody: int) -> str:
    """Whom the daily letter reaches."""
    if movie.told:
        return _("Everybody was written to about it before, so it is in no daily letter again.")
    return ngettext(
        "%(number)d person gets it in the next daily letter, which goes out from %(hour)d:00.",
        "%(number)d people get it in the next daily letter, which goes out from %(hour)d:00.",
        everybody,
    ) % {"number": everybody, "hour": settings.NEW_MOVIES_HOUR}


def _followers(number: int) -> str:
    if not number:
        return _("Nobody asked to be told when it opens.")
    return ngettext(
        "%(number)d person asked to be told when it opens, and is written to at once.",
        "%(number)d people asked to be told when it opens, and are written to at once.",
        number,
    ) % {"number": number}


def _step(request: TheatreRequest, movie_id: int, deed: str, said: str) -> HttpResponse:
    movie = _found(movie_id)
    with refusals_said(request):
        releasing.DEEDS[deed](by=request.actor, movie_id=movie_id)
        messages.success(request, said % {"movie": movie.title})
    return redirect("movie_file", movie_id)


def _found(movie_id: int) -> Filed:
    movie = seeing.movie(movie_id) if movie_id < 2**63 else None
    if movie is None:
        raise Http404
    return movie


def _form(request: TheatreRequest, form: MovieForm, movie: Filed | None) -> HttpResponse:
    context = {"page": "movies", "form": form, "movie": movie}
    return render(request, "office/movie_form.html", context, status=422 if form.errors else 200)


def _page(request: TheatreRequest, movie: Filed, form: PosterForm | None = None) -> HttpResponse:
    context = {
        "page": "movies",
        "movie": movie,
        "deeds": [deed for before, _after, deed in releases.STEPS if before == movie.state],
        "languages": [words.language(name, get_language() or "en") for name in movie.languages],
        "poster_form": form or PosterForm(),
        "form": form,
    }
    return render(request, "office/movie.html", context, status=422 if form else 200)
