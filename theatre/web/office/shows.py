"""Shows: planned, changed, moved while nobody has seats, put on sale and taken away."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from theatre.access import Permission
from theatre.actions.shows import change, plan
from theatre.queries import cards, programme, waiting
from theatre.queries import shows as seeing
from theatre.queries.quotes import ZONE
from theatre.queries.shows import PlannedShow
from theatre.rules.curfew import LateForChildren
from theatre.templatetags.look import clock, short_day
from theatre.web.doors import TheatreRequest, needs
from theatre.web.office.board import MOST_AT_ONCE, asked
from theatre.web.office.show_forms import NewShowForm, PlaceForm, SaleForm
from theatre.web.orders import new_key, numbers, once_for
from theatre.web.parts import refusals_on, refusals_said


@needs(Permission.MANAGE_SHOWS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: TheatreRequest) -> HttpResponse:
    """A new show: its movie, screen and time, and how it is sold."""
    live, late = cards.live(), ""
    if request.method != "POST":
        known = {name: request.GET[name] for name in ("day", "screen", "movie") if name in request.GET}
        form = NewShowForm(initial={**known, "key": new_key()}, cards=live)
        return _new_page(request, form)
    form = NewShowForm(request.POST, cards=live)
    if form.is_valid():
        given = form.cleaned_data
        with refusals_on(form):
            try:
                show_id = plan.plan_show(
                    by=request.actor, movie_id=given["movie_id"], screen_id=given["screen"],
                    starts_at=given["starts_at"], formats=given["formats"], card_id=given["card"],
                    on_sale=given["on_sale"], on_sale_from=given["on_sale_from"],
                    on_sale_until=given["on_sale_until"], counter_seats=given["counter_seats"],
                    knowing_late="sure" in request.POST, once=_once(request, given["key"]),
                )  # fmt: skip
            except LateForChildren as question:
                late = question.sentence
            else:
                show = found(show_id)
                messages.success(request, _("%(show)s is planned") % {"show": _words(show)})
                return redirect(_board_of(show))
    return _new_page(request, form, late)


def _once(request: TheatreRequest, key: str) -> Any:
    """The same form sent twice makes one show; another one under the same key is another."""
    body = {
        name: request.POST.getlist(name) for name in sorted(request.POST) if name != "csrfmiddlewaretoken"
    }
    once = once_for(request.actor.user_id, "plan_show", key, body)
    return once_for(request.actor.user_id, f"plan_show:{once.body_hash.hex()}", key, body) if once else None


def _new_page(request: TheatreRequest, form: NewShowForm, late: str = "") -> HttpResponse:
    context = {"page": "shows", "form": form, "late": late}
    return render(request, "office/show_new.html", context, status=422 if form.errors or late else 200)


@needs(Permission.MANAGE_SHOWS)
@never_cache
@require_safe
def show(request: TheatreRequest, show_id: int) -> HttpResponse:
    """What it is, how full it is, and what can be done with it."""
    return _page(request, found(show_id))


@needs(Permission.MANAGE_SHOWS)
@require_POST
def place(request: TheatreRequest, show_id: int) -> HttpResponse:
    """Another movie, screen or time. Also what the board sends when a show is dragged."""
    seen, late = found(show_id), ""
    form = PlaceForm(_whole(request.POST, seen), show=seen)
    if form.is_valid():
        given = form.cleaned_data
        with refusals_on(form):
            try:
                moved = change.place_show(
                    by=request.actor, show_id=show_id, movie_id=given["movie_id"], screen_id=given["screen"],
                    starts_at=given["starts_at"], knowing_late="sure" in request.POST,
                )  # fmt: skip
            except LateForChildren as question:
                late = question.sentence
            else:
                said = _("Moved: %(show)s") if moved else _("Nothing was changed: %(show)s")
                messages.success(request, said % {"show": _words(found(show_id))})
                return redirect(_back(request) or reverse("show", args=[show_id]))
    return _page(request, seen, place_form=form, late=late)


def _whole(given: QueryDict, seen: PlannedShow) -> QueryDict:
    """The board sends where and when alone: the movie stays."""
    if "movie" in given:
        return given
    whole = given.copy()
    whole["movie"] = PlaceForm(show=seen).initial["movie"]
    return whole


@needs(Permission.MANAGE_SHOWS)
@require_POST
def sale(request: TheatreRequest, show_id: int) -> HttpResponse:
    """Its formats, price card, on-sale window, and what the counter keeps."""
    seen = found(show_id)
    form = SaleForm(request.POST, cards=cards.live(), show=seen)
    if form.is_valid():
        given = form.cleaned_data
        with refusals_on(form):
            changed = change.change_sale(
                by=request.actor, show_id=show_id, formats=given["formats"], card_id=given["card"],
                on_sale_from=given["on_sale_from"], on_sale_until=given["on_sale_until"],
                counter_seats=given["counter_seats"],
            )  # fmt: skip
            messages.success(request, _("Saved") if changed else _("Nothing was changed"))
            return redirect("show", show_id)
    return _page(request, seen, sale_form=form)


@needs(Permission.MANAGE_SHOWS)
@require_POST
def on_sale(request: TheatreRequest) -> HttpResponse:
    """One show, or all that are planned on the board, can be bought from now on."""
    chosen = numbers(request.POST.getlist("show")[:MOST_AT_ONCE])
    with refusals_said(request):
        number = plan.put_on_sale(by=request.actor, show_ids=chosen)
        said = ngettext("%(number)d show is on sale", "%(number)d shows are on sale", number)
        messages.success(request, said % {"number": number})
    return redirect(
        _back(request) or (reverse("show", args=chosen) if len(chosen) == 1 and chosen[0] > 0 else "shows")
    )


@needs(Permission.MANAGE_SHOWS)
@require_POST
def delete(request: TheatreRequest, show_id: int) -> HttpResponse:
    """Take a show away that nobody ever had seats of."""
    seen = found(show_id)
    with refusals_said(request):
        plan.delete_show(by=request.actor, show_id=show_id)
        messages.success(request, _("%(show)s is deleted") % {"show": _words(seen)})
        return redirect(_board_of(seen))
    return redirect("show", show_id)


@needs(Permission.MANAGE_SHOWS)
@never_cache
@require_safe
def movies(request: TheatreRequest) -> HttpResponse:
    """Titles that fit what has been typed, for the list under the field."""
    typed = request.GET.get("find", "")[:200].replace("\x00", "")
    return JsonResponse({"movies": [film.label for film in seeing.films(typed)]})


def found(show_id: int) -> PlannedShow:
    found = seeing.show(show_id) if show_id < 2**63 else None
    if found is None:
        raise Http404
    return found


def _words(show: PlannedShow) -> str:
    """`Owl, Fri 12 June, 20:15, Screen 2`."""
    return ", ".join((show.title, short_day(show.starts_at), clock(show.starts_at), show.screen))


def _board_of(show: PlannedShow) -> str:
    return f"{reverse('shows')}?day={show.starts_at.astimezone(ZONE).date().isoformat()}"


def _back(request: TheatreRequest) -> str:
    """The board it was sent from, or nothing."""
    wanted = request.POST.get("back", "")
    if not wanted:
        return ""
    today, _now = programme.today()
    return f"{reverse('shows')}?{asked(QueryDict(wanted[:40]), today).query}"


def _page(
    request: TheatreRequest,
    seen: PlannedShow,
    *,
    place_form: PlaceForm | None = None,
    sale_form: SaleForm | None = None,
    late: str = "",
) -> HttpResponse:
    refused = place_form or sale_form
    context = {
        "page": "shows",
        "show": seen,
        "board": _board_of(seen),
        "line": waiting.of_show(seen.id),
        "place_form": place_form or PlaceForm(show=seen),
        "sale_form": sale_form or SaleForm(cards=cards.live(), show=seen),
        "form": refused,
        "late": late,
        "back": request.POST.get("back", "")[:40],
    }
    return render(request, "office/show.html", context, status=422 if refused is not None else 200)
