"""What a customer fills in on the way to a ticket."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from theatre.web.fields import AddressField, LineField, SecretField


class PayForm(forms.Form):
    """How to pay; with it come the total that was shown, the coupon and the key of this one press."""

    method = forms.ChoiceField(
        label=_("How you’ll pay"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how to pay"), "invalid_choice": _("Choose how to pay")},
    )

    def __init__(self, *args: Any, methods: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["method"].choices = methods  # type: ignore[attr-defined]
        if len(methods) == 1:
            self.initial.setdefault("method", methods[0][0])


class SignUpHere(forms.Form):
    """The first fields of an account, on the review page; they go to the sign-up page."""

    email = AddressField()
    password1 = SecretField(
        label=_("Password"),
        required_message=_("Enter a password of 12 characters or more"),
        autocomplete="new-password",
        help_text=_("12 characters or more."),
    )


class SignInHere(forms.Form):
    """Address and password, on the review page; they go to the sign-in page."""

    login = AddressField(autocomplete="username")
    password = SecretField(required_message=_("Enter your password"), autocomplete="current-password")


class ReasonForm(forms.Form):
    """Why staff cancel."""

    reason = LineField(
        label=_("Reason"), max_length=500, required_message=_("Enter the reason for this cancellation")
    )
