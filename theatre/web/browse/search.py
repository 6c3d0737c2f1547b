"""Finding a movie."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from theatre.queries import search as finding
from theatre.web.browse import linked
from theatre.web.browse import programme as what
from theatre.web.doors import TheatreRequest, public


@public
@require_safe
def search(request: TheatreRequest) -> HttpResponse:
    """Movies like what is asked, the best first, each with its next times."""
    asked = " ".join(request.GET.get("q", "").split())[: finding.LONGEST]
    number = what.number(request.GET.get("page", ""))
    found = finding.movies(asked, number)
    context = {
        "page": "search",
        "canonical": linked.address("search"),
        "asked": asked,
        "longest": finding.LONGEST,
        "movies": found.movies,
        "count": found.count,
        "pages": Paginator(range(found.count), finding.AT_ONCE).get_page(number),
        "query": what.query(q=asked),
    }
    return render(request, "browse/search.html", context)
