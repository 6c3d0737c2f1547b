"""What the office fills in about screens: the screen, its seat plan as text, a seat out of service."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from theatre.actions.screens.out_of_service import LONGEST_REASON
from theatre.actions.screens.screens import MOST_CLEANING_MINUTES
from theatre.queries.screens import SeenScreen, ShowToCome
from theatre.rules.plans import MOST_CHARACTERS
from theatre.templatetags.look import clock, short_day
from theatre.web.fields import KeyField, LineField

HIGHEST_SCREEN = 999
_SEAT = re.compile(r"([A-Z]{1,3})[ -]*0*(\d{1,3})")
_DAY = _("Enter the day like 2026-03-01")


class ScreenForm(forms.Form):
    """A screen, without its seats."""

    name = LineField(
        label=_("Name"),
        max_length=60,
        required_message=_("Enter the screen’s name"),
        help_text=_("As it stands on tickets, like “Screen 2, the Lantern”."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    number = forms.IntegerField(
        label=_("Number"),
        min_value=1,
        max_value=HIGHEST_SCREEN,
        widget=forms.NumberInput({"class": "w-8", "inputmode": "numeric"}),
    )
    cleaning_minutes = forms.IntegerField(
        label=_("Minutes of cleaning after a show"),
        min_value=0,
        max_value=MOST_CLEANING_MINUTES,
        help_text=_("Shows that are planned keep the minutes they were planned with."),
        widget=forms.NumberInput({"class": "w-8", "inputmode": "numeric"}),
    )
    access_notes = LineField(
        label=_("Access"),
        required=False,
        max_length=500,
        help_text=_("Where one enters, steps, ramps, loops. Guests read it under the seat map."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    key = KeyField()

    def __init__(self, *args: Any, screen: SeenScreen | None = None, **kwargs: Any) -> None:
        if screen is not None:
            names = ("name", "number", "cleaning_minutes", "access_notes")
            kwargs["initial"] = {name: getattr(screen, name) for name in names}
        super().__init__(*args, **kwargs)
        for name, lowest, highest in (
            ("number", 1, HIGHEST_SCREEN),
            ("cleaning_minutes", 0, MOST_CLEANING_MINUTES),
        ):
            between = _("Enter a number from %(lowest)d to %(highest)d") % {
                "lowest": lowest, "highest": highest,
            }  # fmt: skip
            for wrong in ("required", "invalid", "min_value", "max_value"):
                self.fields[name].error_messages[wrong] = between


class PlanForm(forms.Form):
    """A seat plan as text. `newest` is the id of the plan that was the newest when it was begun; `after` says that this
    one stays, as somebody else's.
    """

    text = forms.CharField(
        label=_("The plan as text"),
        required=False,
        strip=False,
        max_length=5 * MOST_CHARACTERS,  # what is too long for a plan is said by the rule, with its seats
        widget=forms.Textarea(
            {"rows": 16, "spellcheck": "false", "autocomplete": "off", "autocapitalize": "off", "wrap": "off"}
        ),
        error_messages={
            "max_length": _("That is far more than a plan. Write one line a row"),
            "null_characters_not_allowed": _("Leave out the characters nobody can type"),
        },
    )
    newest = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=2**63 - 1,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"),
            _("This page has grown old. Load it again and repeat the last step"),
        ),
    )
    after = forms.BooleanField(required=False, widget=forms.HiddenInput)


class OutForm(forms.Form):
    """A seat, for how long it is out of service, and why."""

    seat = LineField(
        label=_("Seat"),
        max_length=12,
        required_message=_("Enter the seat, like F 7"),
        help_text=_("Its row and number, like F 7."),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "class": "w-8"}),
    )
    scope = forms.ChoiceField(
        label=_("For how long"),
        choices=[("day", _("Until the end of a day")), ("show", _("For one show"))],
        initial="day",
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose a day or a show"),
            "invalid_choice": _("Choose a day or a show"),
        },
    )
    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput({"type": "date", "class": "w-16"}, format="%Y-%m-%d"),
        error_messages={"invalid": _DAY},
    )
    show = forms.TypedChoiceField(
        label=_("Show"),
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": _("Choose one of these shows")},
    )
    reason = LineField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        required_message=_("Say what is wrong with it"),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    key = KeyField()

    def __init__(self, *args: Any, shows: list[ShowToCome], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["show"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose a show")),
            *(
                (show.id, f"{short_day(show.starts_at)}, {clock(show.starts_at)}: {show.title}")
                for show in shows
            ),
        ]

    def clean_seat(self) -> tuple[str, int]:
        """The row and the number."""
        found = _SEAT.fullmatch(self.cleaned_data["seat"].upper())
        if found is None:
            raise forms.ValidationError(_("Enter the seat as a row and a number, like F 7"))
        return found[1], int(found[2])

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        scope = typed.get("scope")
        if scope == "day":
            typed["show"] = None
            if not typed.get("last_day") and "last_day" not in self.errors:
                self.add_error("last_day", _("Enter the last day, like 2026-03-01"))
        if scope == "show":
            typed["last_day"] = None
            if not typed.get("show") and "show" not in self.errors:
                self.add_error("show", _("Choose a show"))
        return typed
