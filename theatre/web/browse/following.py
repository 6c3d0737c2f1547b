"""Being told when a movie opens: asked for with one press, taken back with another."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from theatre.access import Permission
from theatre.actions.movies.follow import follow_movie, unfollow_movie
from theatre.queries import follows
from theatre.web.back import way_back
from theatre.web.doors import TheatreRequest, needs
from theatre.web.parts import refusals_said


@needs(Permission.BOOK)
@require_http_methods(["GET", "HEAD", "POST"])
def tell_me(request: TheatreRequest, slug: str) -> HttpResponse:
    """The press, and the page that offers it again to those who had to sign in first."""
    movie = follows.followable(slug, request.actor.customer_id)
    if movie is None:
        raise Http404
    if request.method != "POST":
        return render(
            request,
            "browse/tell_me_page.html",
            {"movie": movie, "followed": {movie.id} if movie.followed else ()},
        )
    stop = request.POST.get("tell") == "no"
    with refusals_said(request):
        (unfollow_movie if stop else follow_movie)(by=request.actor, movie_id=movie.id)
        said = (
            _("We won’t write to you about %(title)s.") if stop else _("We’ll tell you when %(title)s opens.")
        )
        messages.success(request, said % {"title": movie.title})
    return redirect(way_back(request, "coming_soon"))
