"""The forms of signing up, signing in and one's own account. No field can say a role."""

from typing import Any

from allauth.account.forms import (
    ConfirmEmailVerificationCodeForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SignupForm,
)
from django import forms
from django.utils.translation import gettext_lazy as _

from theatre.actions import limits
from theatre.rules.limits import ADDRESS_CODES_OF_PERSON, SIGN_UPS_OF_ADDRESS
from theatre.web.account import counting
from theatre.web.fields import NEVER, AddressField, CodeField, LineField, PhoneField, SecretField, SwitchField

LONG_ENOUGH = 12
NEW_PASSWORD: dict[str, Any] = {
    "required_message": _("Enter a password of 12 characters or more"),
    "autocomplete": "new-password",
    "help_text": _("12 characters or more. Three or four words are easy to remember and hard to guess."),
}


class SignUpForm(SignupForm):
    """Name (optional), address, password."""

    field_order = ["full_name", "email", "password1"]
    full_name = LineField(
        label=_("Your name"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"autocomplete": "name"}),
        help_text=_("As it should stand on your tickets and invoices."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = AddressField(help_text=_("We send a 6-digit code there to confirm it."))
        self.fields["password1"] = SecretField(**NEW_PASSWORD)
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """An address is written to a few times an hour at most, whether or not it has an account."""
        cleaned: dict[str, Any] = super().clean()
        if not self.errors:
            counting.refuse_beyond(SIGN_UPS_OF_ADDRESS, cleaned["email"])
        return cleaned


class SignInForm(LoginForm):
    """Address and password. Nobody is remembered for longer than the session."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = AddressField(autocomplete="username")
        self.fields["password"] = SecretField(
            required_message=_("Enter your password"), autocomplete="current-password"
        )
        self.fields["remember"] = SwitchField(label=_("Keep me signed in on this device"))
        self.order_fields(["login", "password", "remember"])


class AddressCodeForm(ConfirmEmailVerificationCodeForm):
    """The code of the letter. Every one is counted before it is looked at, in whatever session it is tried."""

    code = CodeField(label=_("6-digit code"), required_message=_("Enter the 6-digit code from the email"))

    def clean_code(self) -> str:
        counting.refuse_beyond(ADDRESS_CODES_OF_PERSON, self.email)
        code: str = super().clean_code()
        limits.give_back(ADDRESS_CODES_OF_PERSON, self.email)
        return code


class ForgottenForm(ResetPasswordForm):
    email = AddressField(autocomplete="username")


class NewPasswordForm(ResetPasswordKeyForm):
    """A new password, typed once: it can be looked at."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_once(self)


def ask_once(form: forms.Form) -> None:
    """Ask allauth's form for a new password once, in our words."""
    field = form.fields["password1"]
    field.label, field.help_text = _("New password"), NEW_PASSWORD["help_text"]
    field.error_messages.update(NEVER, required=NEW_PASSWORD["required_message"])
    field.widget.attrs.pop("placeholder", None)
    del form.fields["password2"]


class PasswordAgainForm(ReauthenticateForm):
    password = SecretField(required_message=_("Enter your password"), autocomplete="current-password")


class ProfileForm(forms.Form):
    """Name, telephone, and for customers the longer holds."""

    full_name = LineField(
        label=_("Your name"), required=False, max_length=200, widget=forms.TextInput({"autocomplete": "name"})
    )
    phone = PhoneField(help_text=_("Only used if something changes on the day."))
    long_holds = SwitchField(
        label=_("Always hold my seats for 30 minutes"),
        help_text=_("For everybody who needs more time to book than most."),
    )


class TokenForm(forms.Form):
    """What a new key to the API is for."""

    name = LineField(
        label=_("What is it for?"),
        max_length=80,
        required_message=_("Name what the token is for, so you know it again"),
        widget=forms.TextInput({"autocomplete": "off", "class": "w-16"}),
    )
