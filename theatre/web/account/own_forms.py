"""The forms of one's own account: password, address, profile, leaving."""

from typing import Any

from allauth.account import forms as allauth
from django import forms
from django.utils.translation import gettext_lazy as _

from theatre.web.account.forms import ask_once
from theatre.web.fields import AddressField, CodeField, LineField, SecretField, SwitchField


class ChangePasswordForm(allauth.ChangePasswordForm):
    """The present password and a new one, typed once: it can be looked at."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"] = SecretField(
            label=_("Present password"),
            required_message=_("Enter your present password"),
            autocomplete="current-password",
        )
        ask_once(self)


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


class MailsForm(forms.Form):
    """The letters a customer may do without."""

    new_movies = SwitchField(
        label=_("New movies"), help_text=_("When a movie or its first shows are announced.")
    )
    promotions = SwitchField(
        label=_("Promotions"), help_text=_("Once a week: coupons, and what your tier saves you.")
    )
    offers = SwitchField(label=_("Offers"), help_text=_("Now and then, for people who like what you watch."))


class AccessNeedsForm(forms.Form):
    """What somebody needs in the house, in their own words."""

    access_needs = LineField(
        label=_("What should we know?"),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("A wheelchair space, a seat near the aisle, captions. Staff see it with your bookings."),
    )


class PhotoForm(forms.Form):
    """A picture. What it is, is judged by its bytes (theatre/documents/photos.py)."""

    photo = forms.FileField(
        label=_("A picture of you"),
        allow_empty_file=True,
        max_length=None,
        widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("JPEG, PNG or WebP, up to 5 MB. We keep a square of it and nothing else of the file."),
        error_messages={"required": _("Choose a photo first")},
    )


class LeavingForm(allauth.ReauthenticateForm):
    """The password, so that nobody deletes what an open browser shows them."""

    password = SecretField(
        label=_("Your password"),
        required_message=_("Enter your password"),
        autocomplete="current-password",
    )
