"""The forms of the second factor: a code that is taken once, and passkeys."""

import struct
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as AppReauthenticateForm
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, ReauthenticateWebAuthnForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from theatre.actions.people import from_allauth
from theatre.actions.people.second_factor import LONGEST_NAME
from theatre.rules.roles import needs_second_factor
from theatre.web.fields import CodeField, LineField, SwitchField

LONGEST_CREDENTIAL = 20_000
MOST_PASSKEYS = 20
# What reading a made-up credential ends in, besides allauth's own no.
_UNREADABLE = (TypeError, ValueError, KeyError, IndexError, AttributeError, AssertionError, struct.error)


def step_of(secret: str, code: str) -> int | None:
    """The 30 seconds an authenticator app's code is of, at most one step from now; None when it is of none.

    Spaces and dashes do not matter.
    """
    typed = "".join(sign for sign in code if sign.isascii() and sign.isdigit())
    steps = [step for step in yield_hotp_counters_from_time() if _is(typed, secret, step)]
    return steps[-1] if steps else None


def _is(typed: str, secret: str, step: int) -> bool:
    return constant_time_compare(typed, format_hotp_value(hotp_value(secret, step)))


class _TakenOnce:
    """A code of the app is of one step and taken once; a recovery code is taken once for good."""

    user: Any
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        clear_tries = check_rate_limit(self.user)
        for way in Authenticator.objects.filter(user=self.user).exclude(type=Authenticator.Type.WEBAUTHN):
            if self._opens(way, code):
                way.user = self.user
                self.authenticator = way
                clear_tries()
                return code
        raise get_adapter().validation_error("incorrect_code")

    def _opens(self, way: Authenticator, code: str) -> bool:
        if way.type == Authenticator.Type.RECOVERY_CODES:
            return bool(way.wrap().validate_code(code))
        step = step_of(decrypt(way.data["secret"]), code)
        if step is None:
            return False
        if not from_allauth.spend_app_step(self.user, step):
            raise get_adapter().validation_error("used_code")
        return True


_APP_CODE: dict[str, Any] = {
    "label": _("Code from your app, or a recovery code"),
    "required_message": _("Enter the 6-digit code from your authenticator app"),
}


class AppCodeForm(_TakenOnce, AuthenticateForm):
    """The code at sign-in. A role that needs a second factor has no trusted devices."""

    code = CodeField(**_APP_CODE)
    trust = SwitchField(
        label=_("Don’t ask on this device for 30 days"),
        help_text=_("Only on a device that nobody else uses."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if needs_second_factor(self.user.role):
            del self.fields["trust"]


class AppCodeAgainForm(_TakenOnce, AppReauthenticateForm):
    code = CodeField(**_APP_CODE)


class FirstAppCodeForm(ActivateTOTPForm):
    """The code that proves the set-up: it is the first that is taken."""

    code = CodeField(
        label=_("6-digit code from your app"),
        required_message=_("Enter the 6-digit code your app shows now"),
    )

    def clean_code(self) -> str:
        code: str = super().clean_code()
        self.step = step_of(self.secret, code)
        return code


class _Credential(forms.JSONField):
    """What the browser says about a passkey, as JSON."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and len(value) > LONGEST_CREDENTIAL:
            raise get_adapter().validation_error("passkey_refused")
        try:
            read = super().to_python(value)
        except (ValidationError, RecursionError) as error:
            raise get_adapter().validation_error("passkey_refused") from error
        if read is not None and not isinstance(read, dict):
            raise get_adapter().validation_error("passkey_refused")
        return read


def _credential() -> _Credential:
    missing = _("Your browser sent no passkey. Press the button, and follow what your device asks")
    return _Credential(error_messages={"required": missing, "null_characters_not_allowed": missing})


class AddPasskeyForm(AddWebAuthnForm):
    """A passkey and what its owner calls it."""

    name = LineField(
        label=_("What do you call this device?"),
        required=False,
        max_length=LONGEST_NAME,
        widget=forms.TextInput({"autocomplete": "off", "class": "w-16"}),
    )
    credential = _credential()

    def clean(self) -> dict[str, Any]:
        if (
            Authenticator.objects.filter(user=self.user, type=Authenticator.Type.WEBAUTHN).count()
            >= MOST_PASSKEYS
        ):
            raise ValidationError(_("You have 20 passkeys. Remove one you no longer use, then add this one"))
        try:
            cleaned: dict[str, Any] = super().clean()
        except (ValidationError, *_UNREADABLE) as error:
            raise get_adapter().validation_error("passkey_not_added") from error
        if credential := cleaned.get("credential"):
            cleaned["credential"] = _kept(credential)
        return cleaned


def _kept(credential: dict[str, Any]) -> dict[str, Any]:
    """What is stored of a credential: what is read again, and nothing that the browser may have added."""
    response = credential["response"]
    return {
        "id": credential["id"],
        "rawId": credential["rawId"],
        "type": "public-key",
        "response": {name: response[name] for name in ("clientDataJSON", "attestationObject")},
    }


class _Answered:
    """A passkey that answers this page's question, once."""

    def clean_credential(self) -> Authenticator:
        try:
            way: Authenticator = super().clean_credential()  # type: ignore[misc]
        except ValidationError as error:
            if error.code == "too_many_login_attempts":
                raise
            raise get_adapter().validation_error("passkey_refused") from error
        except _UNREADABLE as error:
            raise get_adapter().validation_error("passkey_refused") from error
        return way


class PasskeyForm(_Answered, AuthenticateWebAuthnForm):
    credential = _credential()


class PasskeyAgainForm(_Answered, ReauthenticateWebAuthnForm):
    credential = _credential()


class PasskeyNameForm(forms.Form):
    name = LineField(
        label=_("What do you call this device?"),
        max_length=LONGEST_NAME,
        required_message=_("Name the device, so that you know it again"),
        widget=forms.TextInput({"autocomplete": "off", "class": "w-16"}),
    )
