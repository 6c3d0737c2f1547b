"""What a salesman fills in while somebody stands before them."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from theatre.templatetags.look import money
from theatre.web import orders
from theatre.web.fields import AddressField, LineField


class GuestForm(forms.Form):
    """Who it is for: a member, or a walk-in who may leave a name and an address. All of it optional."""

    customer = LineField(
        label=_("Member"),
        required=False,
        max_length=254,
        help_text=_("Number or email. Leave it empty for a walk-in."),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    guest_name = LineField(
        label=_("Name of the walk-in"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    guest_email = AddressField(
        label=_("Email of the walk-in"),
        required=False,
        autocomplete="off",
        help_text=_("Tickets go there too."),
    )


class TakeForm(forms.Form):
    """How it is paid, and the cash that was given."""

    method = forms.ChoiceField(
        label=_("How it is paid"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it is paid"), "invalid_choice": _("Choose how it is paid")},
    )
    given = LineField(
        label=_("Cash given"),
        required=False,
        max_length=12,
        help_text=_("Leave it empty for the exact sum."),
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "decimal", "class": "w-8"}),
    )

    def __init__(self, *args: Any, methods: list[tuple[str, str]], total: Decimal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["method"].choices = methods  # type: ignore[attr-defined]
        self.initial.setdefault("method", methods[0][0])
        self.total = total

    def clean_given(self) -> Decimal | None:
        """The sum given, or None for the exact one."""
        typed = self.cleaned_data["given"]
        if not typed or self.cleaned_data.get("method") != "cash":
            return None
        given = orders.amount(typed)
        if given is None:
            raise forms.ValidationError(_("Enter the cash as a sum like 20 or 20.50"))
        if given < self.total:
            short = {"given": money(given), "short": money(self.total - given)}
            raise forms.ValidationError(_("%(given)s is %(short)s less than the total"), params=short)
        return given


class FindForm(forms.Form):
    ref = LineField(
        label=_("Find by reference"),
        required=False,
        max_length=20,
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
