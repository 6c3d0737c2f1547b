"""Movies from a file: looked through row by row before anything is imported."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from theatre.access import Permission
from theatre.actions.movies import files
from theatre.queries import movies as seeing
from theatre.queries.movies import SeenFile
from theatre.web.doors import TheatreRequest, needs
from theatre.web.office.movie_forms import FileForm
from theatre.web.parts import refusals_on, refusals_said

A_PAGE = 25
MOST_FILES = 10


@dataclass(frozen=True, slots=True)
class Kind:
    """Rows of one kind: the word in addresses, what people read, and how many there are."""

    word: str
    name: str
    number: int


@needs(Permission.MANAGE_MOVIES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: TheatreRequest) -> HttpResponse:
    """A file is sent, and looked through."""
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        with refusals_on(form, "file"):
            file_id = files.look_through(
                by=request.actor, data=sent.read(), name=sent.name, newest=form.cleaned_data["newest"]
            )
            return redirect("movies_import_file", file_id)
    context = {"page": "movies", "form": form, "files": seeing.files(MOST_FILES)}
    return render(request, "office/movies_import.html", context, status=422 if form.errors else 200)


@needs(Permission.MANAGE_MOVIES)
@never_cache
@require_safe
def file(request: TheatreRequest, file_id: int) -> HttpResponse:
    """What the import would do, or did, row by row."""
    seen = _found(file_id)
    told = seen.done or seen.seen
    kinds = _kinds(told)
    asked = request.GET.get("rows", "")
    shown = next((kind for kind in kinds if kind.word == asked), None)
    shown = shown or next((kind for kind in kinds if kind.number), kinds[0])
    pages = Paginator(_rows(told, shown.word), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": "movies",
        "file": seen,
        "rows": told["rows"],
        "kinds": kinds,
        "shown": shown,
        "pages": pages,
        "query": f"rows={shown.word}&",
        "changes": sum(kind.number for kind in kinds if kind.word in ("new", "completed")),
    }
    return render(request, "office/movies_import_file.html", context)


@needs(Permission.MANAGE_MOVIES)
@require_POST
def confirm(request: TheatreRequest, file_id: int) -> HttpResponse:
    """The import itself."""
    _found(file_id)
    with refusals_said(request):
        if files.import_file(by=request.actor, file_id=file_id):
            made = sum(row["what"] == "new" for row in (_found(file_id).done or {})["taken"])
            messages.success(
                request,
                ngettext("%(number)d movie is new", "%(number)d movies are new", made) % {"number": made},
            )
        else:
            messages.info(request, _("This file was imported before. Nothing was changed"))
    return redirect("movies_import_file", file_id)


def _found(file_id: int) -> SeenFile:
    seen = seeing.file(file_id) if file_id < 2**63 else None
    if seen is None:
        raise Http404
    return seen


def _kinds(told: dict[str, Any]) -> list[Kind]:
    names = {
        "refused": _("Refused"),
        "fixed": _("Put right"),
        "new": _("New"),
        "completed": _("Given what they lacked"),
        "unchanged": _("There already"),
        "drafts": _("Drafts, without a running time"),
    }
    return [Kind(word, name, len(_rows(told, word))) for word, name in names.items()]


def _rows(told: dict[str, Any], word: str) -> list[dict[str, Any]]:
    """Rows of one kind: `row`, `title`, and a `sentence` or a `year`."""
    if word in ("refused", "fixed"):
        return list(told[word])
    if word == "drafts":
        return [row for row in told["taken"] if row["is_draft"]]
    return [row for row in told["taken"] if row["what"] == word]
