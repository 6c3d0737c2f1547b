"""A screen's seat plan: written as text, looked at before it is saved, and kept in versions."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from theatre.access import Permission
from theatre.actions.screens import plans as doing
from theatre.actions.screens.plans import PlanSavedMeanwhile
from theatre.documents.words import kind_of_seat
from theatre.queries import screens as seeing
from theatre.queries import seatmap
from theatre.queries.screens import SeenScreen, Version
from theatre.queries.seatmap import Plan
from theatre.rules import plans
from theatre.rules.plans import PlanUnreadable
from theatre.rules.refusals import Refused
from theatre.rules.seating import BROKEN, HOUSE_SEAT, RESTRICTED_VIEW, Seat
from theatre.web.doors import TheatreRequest, needs
from theatre.web.office.screen_forms import PlanForm
from theatre.web.office.screens import found
from theatre.web.seatmap_html import render_draft

BEGINNING = "A: SSSS_SSSS\nB: SSSS_SSSS\nC: WCSS_SSCW"  # of a screen that has no plan yet


@needs(Permission.MANAGE_SCREENS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: TheatreRequest, screen_id: int) -> HttpResponse:
    """The editor: text that works by itself, and a grid of it where there is JavaScript.

    `preview` asks how the text would look; as a fragment when the page asks for one while somebody types.
    """
    screen = found(screen_id)
    versions = seeing.versions(screen_id)
    newest = versions[0] if versions else None
    if request.method != "POST":
        begun = _beginning(request, versions)
        form = PlanForm(initial={"text": begun, "newest": newest.id if newest else None})
        return _page(request, screen, newest, form, _preview(begun))
    form = PlanForm(request.POST)
    text = form.cleaned_data["text"] if form.is_valid() else None
    if "fragment" in request.POST:
        seen = _unread(form) if text is None else _preview(text)
        return render(request, "office/plan_preview.html", {"preview": seen})
    if text is None or "preview" in request.POST:
        return _page(request, screen, newest, form, None if text is None else _preview(text))
    try:
        saved = doing.save_plan(
            by=request.actor, screen_id=screen_id, text=text, newest=form.cleaned_data["newest"],
            after=form.cleaned_data["after"],
        )  # fmt: skip
    except PlanSavedMeanwhile as refusal:
        # What was typed is kept, and the next press puts it after what somebody else has saved.
        form = PlanForm({"text": text, "newest": refusal.data["newest"], "after": True})
        form.add_error("text", refusal.sentence)
    except Refused as refusal:
        form.add_error("text", refusal.sentence)
    else:
        said = (
            _("Version %(version)d is saved")
            if saved.changed
            else _("Nothing was changed: version %(version)d")
        )
        messages.success(request, said % {"version": saved.version})
        return redirect("screen", screen_id)
    return _page(request, screen, newest, form, _preview(text))


@needs(Permission.MANAGE_SCREENS)
@never_cache
@require_safe
def version(request: TheatreRequest, screen_id: int, plan_id: int) -> HttpResponse:
    """One version as it is: its map, its seats by kind, its text."""
    screen, shown = found(screen_id), _version(screen_id, plan_id)
    text = plans.text_of(seatmap.plan_of(plan_id).seats)
    context = {
        "page": "screens", "screen": screen, "version": shown, "text": text, "preview": _preview(text),
    }  # fmt: skip
    return render(request, "office/plan_version.html", context)


@needs(Permission.MANAGE_SCREENS)
@require_POST
def choose(request: TheatreRequest, screen_id: int) -> HttpResponse:
    """Which version new shows take; without one, the newest."""
    found(screen_id)
    asked = request.POST.get("plan", "")
    chosen = (
        _version(screen_id, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None
    )
    try:
        doing.choose_plan(by=request.actor, screen_id=screen_id, plan_id=chosen.id if chosen else None)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        said = _("New shows take version %(version)d") % {"version": chosen.version} if chosen else ""
        messages.success(request, said or _("New shows take the newest version"))
    return redirect("screen", screen_id)


def _version(screen_id: int, plan_id: int) -> Version:
    for each in seeing.versions(screen_id):
        if each.id == plan_id:
            return each
    raise Http404


def _beginning(request: TheatreRequest, versions: list[Version]) -> str:
    """The text to begin with: of the version the address names, else of the newest."""
    asked = request.GET.get("from", "")
    named = next((each for each in versions if str(each.id) == asked), versions[0] if versions else None)
    return plans.text_of(seatmap.plan_of(named.id).seats) if named else BEGINNING


def _preview(text: str) -> dict[str, Any]:
    """How a text looks: its map and its seats by kind, or what is wrong with it, place by place."""
    try:
        seats = plans.parse(text)
    except PlanUnreadable as refusal:
        return {"problems": refusal.data["problems"]}
    counts = plans.count(seats)
    flags = {
        RESTRICTED_VIEW: _("Restricted view"),
        HOUSE_SEAT: _("House seats, sold by staff alone"),
        BROKEN: _("Broken, not sold"),
    }
    return {
        # nosemgrep: markup-declared-safe - escaped where it is made
        "map": mark_safe(render_draft(_draft(seats))),  # noqa: S308 - escaped where it is made
        "counts": counts,
        "kinds": [(kind_of_seat(kind), number) for kind, number in counts.kinds],
        "flags": [(flags[flag], number) for flag, number in counts.flags],
    }


def _unread(form: PlanForm) -> dict[str, Any]:
    """What is wrong with a text that is none."""
    errors = [str(error) for each in form.errors.values() for error in each]
    return {"problems": [{"line": 1, "column": 1, "sentence": error} for error in errors]}


def _draft(seats: tuple[Seat, ...]) -> Plan:
    return Plan(0, seats, {seat.id: seat for seat in seats})


def _page(
    request: TheatreRequest,
    screen: SeenScreen,
    newest: Version | None,
    form: PlanForm,
    preview: dict[str, Any] | None,
) -> HttpResponse:
    context = {"page": "screens", "screen": screen, "newest": newest, "form": form, "preview": preview}
    return render(request, "office/plan.html", context, status=422 if form.errors else 200)
