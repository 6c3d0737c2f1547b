"""The audit, for admins: who did what to what, when, from where and why, and the values before and after."""

import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from theatre.access import Permission
from theatre.queries import audit as seeing
from theatre.queries.audit import Change, Deed, Note, Wanted
from theatre.queries.quotes import ZONE
from theatre.web.doors import TheatreRequest, needs
from theatre.web.fields import LineField

LONGEST_VALUE = 400
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+\d\d:\d\d$")
FIRST_DAY, LAST_DAY = date(1970, 1, 2), date(2200, 1, 1)


class FindForm(forms.Form):
    """What is searched for; all of it optional."""

    who = LineField(
        label=_lazy("Who did it"),
        required=False,
        max_length=254,
        widget=forms.TextInput({"autocomplete": "off", "placeholder": _lazy("Name or email")}),
    )
    about = LineField(
        label=_lazy("To what or whom"),
        required=False,
        max_length=254,
        widget=forms.TextInput({"autocomplete": "off", "placeholder": _lazy("Reference or name")}),
    )
    verb = forms.ChoiceField(
        label=_lazy("What was done"),
        required=False,
        error_messages={"invalid_choice": _lazy("Nobody has done that. Choose from the list")},
    )
    since = forms.DateField(
        label=_lazy("From"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _lazy("Enter a day like 2026-03-01")},
    )
    until = forms.DateField(
        label=_lazy("To"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _lazy("Enter a day like 2026-03-01")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        verbs = [("", _("Anything"))] + [(verb, in_words(verb)) for verb in seeing.verbs()]
        self.fields["verb"].choices = verbs  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Days in their order, within the years that can be."""
        asked = self.cleaned_data
        for name in ("since", "until"):
            if asked.get(name) and not FIRST_DAY <= asked[name] <= LAST_DAY:
                self.add_error(name, _("Enter a day like 2026-03-01"))
        if asked.get("since") and asked.get("until") and asked["since"] > asked["until"]:
            self.add_error("until", _("This day is before the first one. Swap the two"))
        return asked


@dataclass(frozen=True, slots=True)
class Line:
    """A column of a change, as people read it."""

    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row that was written: `what` and `name` say which. `both`: it has a before and an after."""

    what: str
    name: str
    word: str
    both: bool
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Entry:
    """A note of a deed."""

    verb: str
    actor: str
    role: str
    what: str
    name: str
    href: str
    address: str
    request_id: str
    reason: str
    details: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Shown:
    at: datetime
    clock: str  # to the second, in the theatre's zone
    entries: list[Entry]
    rows: list[Row]
    more: int
    login: str  # whoever was connected, when nobody said who they are


@needs(Permission.SEE_AUDIT)
@never_cache
@require_safe
def audit(request: TheatreRequest) -> HttpResponse:
    """The deeds that fit, the newest first, a page at a time."""
    form = FindForm(request.GET)
    valid = form.is_valid()
    asked = {name: form.cleaned_data.get(name) or None for name in form.fields}
    typed = request.GET.get("before", "")
    before = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else None
    found: list[Deed] = []
    older: int | None = None
    if valid:
        wanted = Wanted(
            asked["who"] or "", asked["about"] or "", asked["verb"] or "", asked["since"], asked["until"]
        )
        found, older = seeing.deeds(wanted, before)
    kept = urlencode({name: value for name, value in asked.items() if value})
    here = reverse("audit")
    context = {
        "page": "office",
        "form": form,
        "deeds": [_shown(deed) for deed in found],
        "narrowed": any(asked.values()),
        "newest": f"{here}?{kept}" if before else "",
        "older": f"{here}?{kept + '&' if kept else ''}before={older}" if older else "",
    }
    return render(request, "office/audit.html", context, status=200 if valid else 422)


def _shown(deed: Deed) -> Shown:
    return Shown(
        at=deed.at,
        clock=f"{deed.at:%H:%M:%S}",
        entries=[_entry(note) for note in deed.notes],
        rows=[_row(change) for change in deed.changes],
        more=deed.more,
        login="" if deed.notes or not deed.changes else deed.changes[0].login,
    )


def _entry(note: Note) -> Entry:
    return Entry(
        verb=in_words(note.verb),
        actor=note.actor,
        role=note.role,
        what=in_words(note.on_type),
        name=note.name or note.on_id,
        href=reverse("booking", args=[note.on_id]) if note.on_type == "booking" else "",
        address=note.address,
        request_id=note.request_id,
        reason=note.reason,
        details=[(in_words(name), value_in_words(value)) for name, value in note.details.items()],
    )


def _row(change: Change) -> Row:
    word = {"made": _("made"), "changed": _("changed"), "removed": _("removed")}[change.change]
    lines = [
        Line(
            in_words(value.column),
            "" if change.change == "made" else value_in_words(value.before),
            "" if change.change == "removed" else value_in_words(value.after),
        )
        for value in change.values
        if change.change == "changed" or value.after not in ("", [], {}) and value.before not in ("", [], {})
    ]
    return Row(in_words(change.on_type), change.name or change.on_id, word, change.change == "changed", lines)


def in_words(name: str) -> str:
    """A verb, type or column as people say it: `base_salary` → `base salary`, `tier_id` → `tier`."""
    return name.removesuffix("_id").replace("_", " ")


def value_in_words(value: Any) -> str:
    """A value as the audit shows it; a secret is named and not shown."""
    if value is None or value == "":
        return "–"
    if value == "secret":
        return _("not shown")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str) and _MOMENT.match(value):
        return f"{datetime.fromisoformat(value).astimezone(ZONE):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, list) and all(isinstance(each, str | int) for each in value):
        text = ", ".join(map(str, value)) or "–"
    else:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "…"
