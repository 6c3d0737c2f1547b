"""What the office fills in about seats for guests of the house."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from theatre.documents.words import way_of_paying
from theatre.queries import vip
from theatre.web.fields import AddressField, FilterField, KeyField, LineField

LONGEST_NOTE = 500
MOST_MINUTES = 7 * 24 * 60  # before the show
USUAL_MINUTES = 60
STATES = [
    ("reserved", _("Reserved")), ("booked", _("Booked")), ("released", _("Released")), ("lapsed", _("Lapsed"))
]  # fmt: skip


class FindForm(forms.Form):
    """What is searched for; all of it optional."""

    text = LineField(
        label=_("Guest"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off", "placeholder": _("Name, email or note")}),
    )
    span = FilterField(
        label=_("When"),
        choices=[
            (vip.TODAY, _("Today")),
            (vip.COMING, _("All to come")),
            (vip.OVER, _("Shows that are over")),
        ],
    )
    day = forms.DateField(
        label=_("Or one day"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Enter the day like 2026-03-01")},
    )
    state = FilterField(label=_("State"), choices=[("", _("Any")), *STATES])


class MinutesField(forms.IntegerField):
    """How long before the show the seats go back on sale; empty is never."""

    def __init__(self, **wanted: Any) -> None:
        super().__init__(
            **{
                "label": _("Minutes before the show"),
                "required": False,
                "min_value": 0,
                "max_value": MOST_MINUTES,
                "widget": forms.NumberInput({"class": "w-8", "inputmode": "numeric"}),
                **wanted,
            }
        )
        between = _("Enter a number of minutes from 0 to %(most)d") % {"most": MOST_MINUTES}
        self.error_messages.update(dict.fromkeys(("required", "invalid", "min_value", "max_value"), between))


class ReserveForm(forms.Form):
    """Whom the seats are for, who pays, and until when they are kept."""

    guest_name = LineField(
        label=_("Guest"),
        max_length=200,
        required_message=_("Enter the guest’s name"),
        help_text=_("Colleagues see it on the seats."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    guest_email = AddressField(
        required=False, autocomplete="off", help_text=_("Tickets go there once they are booked.")
    )
    note = LineField(
        label=_("Note"),
        required=False,
        max_length=LONGEST_NOTE,
        help_text=_("For colleagues; the guest does not see it."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    price = forms.ChoiceField(
        label=_("What they pay"),
        choices=[("complimentary", _("Nothing, complimentary")), ("priced", _("The price on the card"))],
        initial="complimentary",
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose what they pay")),
    )
    release_minutes = MinutesField(
        initial=USUAL_MINUTES,
        help_text=_("That long before it starts the seats go back on sale. Leave it empty to keep them."),
    )
    key = KeyField()


class KeepForm(forms.Form):
    """When the seats go back on sale by themselves."""

    release_minutes = MinutesField(required=True, help_text=_("Then the seats go back on sale."))


class BookForm(forms.Form):
    """How a guest pays for seats that are not given away."""

    method = forms.ChoiceField(
        label=_("How it is paid"),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose how it is paid")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = [(method, way_of_paying(method)) for method in ("cash", "card")]
        self.fields["method"].choices = ways  # type: ignore[attr-defined]
