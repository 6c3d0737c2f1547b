"""The forms of one's own account: password, address, profile, leaving."""

from typing import Any

from allauth.account import forms as allauth
from django.utils.translation import gettext_lazy as _

from theatre.web.account.forms import NEW_PASSWORD
from theatre.web.fields import SecretField


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
