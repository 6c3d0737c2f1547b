"""What a member comes back for: the way to the next tier, and the movies they want to be told of."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from theatre.access import Permission
from theatre.queries import tieryear, watching
from theatre.web.doors import TheatreRequest, needs


@needs(Permission.OWN_ACCOUNT)
@require_safe
def tier(request: TheatreRequest) -> HttpResponse:
    """How many tickets are missing, what each tier gives, and what falls out of the twelve months when."""
    seen = tieryear.year_of(request.actor.customer_id) if request.actor.customer_id else None
    if seen is None:
        return redirect("account")
    context = {
        "page": "account",
        "place": "tier",
        "seen": seen,
        "highest": max(month.tickets for month in seen.months),
    }
    return render(request, "customer/tier.html", context)


@needs(Permission.OWN_ACCOUNT)
@require_safe
def watch_list(request: TheatreRequest) -> HttpResponse:
    """The movies this customer wants to be told of, each with the press that ends it."""
    if request.actor.customer_id is None:
        return redirect("account")
    movies = watching.followed_by(request.actor.customer_id)
    context = {
        "page": "account",
        "place": "watch_list",
        "movies": movies,
        "followed": frozenset(movie.id for movie in movies),
    }
    return render(request, "customer/watch_list.html", context)
