"""Screens: the list, one of them with its plans and what is out of service, and what is decided there."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from theatre.access import Permission
from theatre.actions.screens import out_of_service
from theatre.actions.screens import screens as doing
from theatre.queries import screens as seeing
from theatre.queries.screens import SeenScreen
from theatre.web.doors import TheatreRequest, needs
from theatre.web.office.screen_forms import OutForm, ScreenForm
from theatre.web.orders import new_key, once_as_sent
from theatre.web.parts import refusals_on, refusals_said

_FIELDS = ("name", "number", "cleaning_minutes", "access_notes")


@needs(Permission.MANAGE_SCREENS)
@never_cache
@require_safe
def screens(request: TheatreRequest) -> HttpResponse:
    """Every screen, with its seats and what is planned on it."""
    return render(request, "office/screens.html", {"page": "screens", "screens": seeing.screens()})


@needs(Permission.MANAGE_SCREENS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: TheatreRequest) -> HttpResponse:
    """A new screen; its seats come next."""
    form = ScreenForm(
        request.POST or None, initial={"cleaning_minutes": settings.CLEANING_MINUTES, "key": new_key()}
    )
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in _FIELDS}
        once = once_as_sent(request.actor.user_id, "page:screen_new", form.cleaned_data["key"], given)
        with refusals_on(form):
            screen_id = doing.make_screen(by=request.actor, **given, once=once)
            messages.success(request, _("%(screen)s is made. Now draw its seats") % {"screen": given["name"]})
            return redirect("screen_plan", screen_id)
    return render(
        request,
        "office/screen_form.html",
        {"page": "screens", "form": form},
        status=422 if form.errors else 200,
    )


@needs(Permission.MANAGE_SCREENS)
@never_cache
@require_safe
def screen(request: TheatreRequest, screen_id: int) -> HttpResponse:
    """One screen: its facts, the versions of its seats, and what is out of service."""
    return _page(request, found(screen_id))


@needs(Permission.MANAGE_SCREENS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: TheatreRequest, screen_id: int) -> HttpResponse:
    """A screen's name, number, cleaning and access notes."""
    seen = found(screen_id)
    form = ScreenForm(request.POST or None, screen=seen)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in _FIELDS}
        with refusals_on(form):
            changed = doing.edit_screen(by=request.actor, screen_id=screen_id, **given)
            messages.success(request, _("Saved") if changed else _("Nothing was changed"))
            return redirect("screen", screen_id)
    context = {"page": "screens", "form": form, "screen": seen}
    return render(request, "office/screen_form.html", context, status=422 if form.errors else 200)


@needs(Permission.MANAGE_SCREENS)
@require_POST
def retire(request: TheatreRequest, screen_id: int) -> HttpResponse:
    """Nothing is planned on it any more."""
    seen = found(screen_id)
    with refusals_said(request):
        doing.retire_screen(by=request.actor, screen_id=screen_id)
        messages.success(request, _("%(screen)s is retired") % {"screen": seen.name})
    return redirect("screen", screen_id)


@needs(Permission.MANAGE_SCREENS)
@require_POST
def bring_back(request: TheatreRequest, screen_id: int) -> HttpResponse:
    """It can be programmed again."""
    seen = found(screen_id)
    with refusals_said(request):
        doing.bring_back_screen(by=request.actor, screen_id=screen_id)
        messages.success(request, _("%(screen)s can be programmed again") % {"screen": seen.name})
    return redirect("screen", screen_id)


@needs(Permission.MANAGE_SCREENS)
@require_POST
def seat_out(request: TheatreRequest, screen_id: int) -> HttpResponse:
    """A seat is kept from sale, for one show or until the end of a day."""
    seen = found(screen_id)
    form = OutForm(request.POST, prefix="out", shows=seeing.shows_to_come(screen_id))
    if form.is_valid():
        given = form.cleaned_data
        row, number = given["seat"]
        wanted: dict[str, Any] = {
            "row": row, "number": number, "reason": given["reason"], "show_id": given["show"],
            "last_day": given["last_day"],
        }  # fmt: skip
        once = once_as_sent(request.actor.user_id, f"page:seat_out:{screen_id}", given["key"], wanted)
        with refusals_on(form, "show" if given["show"] else "last_day"):
            out_of_service.take_out(by=request.actor, screen_id=screen_id, **wanted, once=once)
            messages.success(
                request, _("%(row)s %(number)d is out of service") % {"row": row, "number": number}
            )
            return redirect("screen", screen_id)
    return _page(request, seen, form)


@needs(Permission.MANAGE_SCREENS)
@require_POST
def seat_back(request: TheatreRequest, screen_id: int, out_id: int) -> HttpResponse:
    """A seat goes on sale again."""
    found(screen_id)
    if out_id not in {out.id for out in seeing.out_of_service(screen_id)}:
        raise Http404
    with refusals_said(request):
        out_of_service.give_back(by=request.actor, out_id=out_id)
        messages.success(request, _("The seat is on sale again"))
    return redirect("screen", screen_id)


def found(screen_id: int) -> SeenScreen:
    """The screen, or a page that is not found."""
    seen = seeing.screen(screen_id) if screen_id < 2**63 else None
    if seen is None:
        raise Http404
    return seen


def _page(request: TheatreRequest, seen: SeenScreen, form: OutForm | None = None) -> HttpResponse:
    fresh = form or OutForm(prefix="out", shows=seeing.shows_to_come(seen.id), initial={"key": new_key()})
    context = {
        "page": "screens",
        "screen": seen,
        "versions": seeing.versions(seen.id),
        "outs": seeing.out_of_service(seen.id),
        "out_form": fresh,
        "form": form,
    }
    return render(request, "office/screen.html", context, status=422 if form else 200)
