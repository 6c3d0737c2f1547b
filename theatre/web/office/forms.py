"""What the office fills in about people."""

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from theatre.actions.people.staff import LONGEST_REASON
from theatre.documents import words
from theatre.models import Employee
from theatre.rules.roles import Role
from theatre.web.fields import AddressField, FilterField, LineField, PhoneField

ROLES = [
    (each.value, lazy(words.role, str)(each.value)) for each in (Role.SALESMAN, Role.MODERATOR, Role.ADMIN)
]
STATUSES = [("active", _("At work")), ("suspended", _("Suspended")), ("removed", _("Removed"))]
_CHOOSE_ROLE = {
    "required": _("Choose salesman, moderator or admin"),
    "invalid_choice": _("Choose salesman, moderator or admin"),
}


class FindPeopleForm(forms.Form):
    """Search and filters of the list of people. What nobody offered finds everybody."""

    find = LineField(
        label=_("Name or email"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off", "type": "search"}),
    )
    role = FilterField(label=_("Role"), choices=[("", _("Every role")), *ROLES])
    status = FilterField(label=_("Status"), choices=[("", _("Any")), *STATUSES])


class RecordForm(forms.Form):
    """An employee's record; pay is elsewhere."""

    full_name = LineField(
        label=_("Name"),
        max_length=200,
        required_message=_("Enter their name"),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    phone = PhoneField(widget=forms.TextInput({"type": "tel", "autocomplete": "off", "class": "w-16"}))
    start_date = forms.DateField(
        label=_("First day"),
        widget=forms.DateInput({"type": "date", "class": "w-16"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={
            "required": _("Enter their first day"),
            "invalid": _("Enter the first day like 2026-03-01"),
        },
    )
    responsibilities = forms.CharField(
        label=_("Responsibilities"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={
            "max_length": _("Use %(limit_value)d characters or fewer"),
            "null_characters_not_allowed": _("Leave out the characters nobody can type"),
        },
    )
    reports_to = forms.TypedChoiceField(
        label=_("Reports to"),
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": _("Choose a moderator or an admin who works here now")},
    )

    def __init__(self, *args: Any, employee: Employee, leads: list[tuple[int, str]], **kwargs: Any) -> None:
        known = {
            "full_name": employee.user.full_name,
            "phone": employee.user.phone,
            "start_date": employee.start_date,
            "responsibilities": employee.responsibilities,
            "reports_to": employee.reports_to.user_id if employee.reports_to else None,
        }
        super().__init__(*args, **{**kwargs, "initial": known})
        self.fields["reports_to"].choices = [("", _("Nobody")), *leads]  # type: ignore[attr-defined]


class RoleForm(forms.Form):
    """Another role for somebody."""

    role = forms.ChoiceField(
        label=_("Role"), choices=ROLES, widget=forms.RadioSelect, error_messages=_CHOOSE_ROLE
    )


class WhyForm(forms.Form):
    """Why somebody is suspended or removed."""

    reason = LineField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        required_message=_("Say why. They read it in their letter"),
        help_text=_("They read it in their letter, and it stays in the audit."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class InviteForm(forms.Form):
    """Whom to ask, as what."""

    email = AddressField(
        autocomplete="off", help_text=_("Not an address that belongs to a customer: nobody is both.")
    )
    full_name = LineField(
        label=_("Name"),
        required=False,
        max_length=200,
        help_text=_("They can change it when they accept."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=ROLES,
        initial="salesman",
        widget=forms.RadioSelect,
        error_messages=_CHOOSE_ROLE,
    )
