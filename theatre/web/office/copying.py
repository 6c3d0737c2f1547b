"""Copy a day or a week: every show that would be made, and what stands in the way, before anything is saved."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from theatre.access import Permission
from theatre.actions.shows.copy import copy_shows
from theatre.queries import copying, programme
from theatre.queries.copying import Preview
from theatre.rules.copying import Copy
from theatre.web.doors import TheatreRequest, needs
from theatre.web.office.board import A_WEEK, Asked, asked
from theatre.web.office.show_forms import CopyForm
from theatre.web.orders import new_key, once_for
from theatre.web.parts import refusals_on


@needs(Permission.MANAGE_SHOWS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: TheatreRequest) -> HttpResponse:
    """First what is copied where, then the list of what that makes, then it is made."""
    given = request.POST if request.method == "POST" else request.GET
    if "first" not in given:
        return _page(request, CopyForm(initial=_usual(request)))
    form = CopyForm(given)
    if not form.is_valid():
        return _page(request, form)
    what = form.cleaned_data
    if request.method == "POST":
        body = {name: str(value) for name, value in what.items()}
        key = request.POST.get("key", "")
        with refusals_on(form):
            made = copy_shows(
                by=request.actor, **what, seen=request.POST.get("seen", ""),
                once=once_for(request.actor.user_id, "copy_shows", key, body),
            )  # fmt: skip
            said = ngettext("%(number)d show is copied", "%(number)d shows are copied", made)
            messages.success(request, said % {"number": made})
            return redirect(f"{reverse('shows')}?{Asked(what['to'], what['days']).query}")
    _today, now = programme.today()
    preview = copying.preview(what["first"], what["days"], what["to"], on_sale=what["on_sale"], now=now)
    return _page(request, form, preview)


def _usual(request: TheatreRequest) -> dict[str, object]:
    """The week or day of the board, to the next one."""
    today, _now = programme.today()
    wanted = asked(request.GET, today)
    step = timedelta(days=A_WEEK if wanted.days == A_WEEK else 1)
    return {"first": wanted.first, "days": wanted.days, "to": wanted.first + step}


# A week has hundreds of rows: a template would ask for every part of each by name.
_ROW = '<tr><th scope="row">{}</th><td>{}</td><td>{}</td><td data-label="{}">{}</td><td>{}{}</td></tr>'


def _rows(preview: Preview, card_words: str) -> SafeString:
    """Every copy: movie, day and time, screen, price card, and whether it fits."""
    days = {day: date_format(day, "D j F") for day in {copy.wall.date() for copy in preview.copies}}
    yes, no = (
        render_to_string("parts/pill.html", {"kind": kind, "text": text})
        for kind, text in (("ok", _("yes")), ("error", _("no")))
    )

    def cells(copy: Copy) -> tuple[str, ...]:
        said = copy.problem or copy.note
        return (
            copy.source.title, f"{days[copy.wall.date()]}, {copy.wall:%H:%M}", copy.source.screen, card_words,
            copy.card.name if copy.card else "–", no if copy.problem else yes, f" {said}" if said else "",
        )  # fmt: skip

    return format_html_join("", _ROW, (cells(copy) for copy in preview.copies))


def _page(request: TheatreRequest, form: CopyForm, preview: Preview | None = None) -> HttpResponse:
    context = {"page": "shows", "form": form, "preview": preview, "key": new_key()}
    if preview is not None and preview.copies:
        context["card_words"] = card_words = _("Price card")
        context["rows"] = _rows(preview, card_words)
        context["verb"] = ngettext("Copy %(number)d show", "Copy %(number)d shows", len(preview.fitting)) % {
            "number": len(preview.fitting)
        }
    else:
        context["empty"] = _("There is no show on those days")
    return render(request, "office/shows_copy.html", context, status=422 if form.errors else 200)
