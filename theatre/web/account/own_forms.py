"""The forms of one's own account: password, address, profile, leaving."""

from typing import Any

from allauth.account import forms as allauth
from django import forms
from django.utils.translation import gettext_lazy as _

from theatre.web.account.forms import NEW_PASSWORD
from theatre.web.fields import AddressField, CodeField, SecretField


class ChangePasswordForm(allauth.ChangePasswordForm):
    """The present password and a new one, typed once: it can be looked at."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"] = SecretField(
            label=_("Present password"),
            required_message=_("Enter your present password"),
            autocomplete="current-password",
        )
        field = self.fields["password1"]
        field.label, field.help_text = _("New password"), NEW_PASSWORD["help_text"]
        field.error_messages["required"] = NEW_PASSWORD["required_message"]
        field.widget.attrs.pop("placeholder", None)
        del self.fields["password2"]


class NewAddressForm(allauth.ReauthenticateForm):
    """Another address, and the password: whoever finds an open browser cannot take the account along."""

    field_order = ["address", "password"]
    address = AddressField(
        label=_("New email address"), help_text=_("We send a code and a link there. Nothing changes before.")
    )
    password = SecretField(
        label=_("Your password"),
        required_message=_("Enter your password"),
        autocomplete="current-password",
    )


class NewAddressCodeForm(forms.Form):
    """The code that the new address was sent."""

    code = CodeField(label=_("6-digit code"), required_message=_("Enter the 6-digit code from the email"))
