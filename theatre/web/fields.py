"""Form fields that say what to do next, and keep control characters out of names."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from theatre.documents.words import one_line

NEVER = {"null_characters_not_allowed": _("Leave out the characters nobody can type")}


class LineField(forms.CharField):
    """One line of text in any script; control and direction marks are dropped. `max_length` has a sentence."""

    def __init__(self, *, required_message: Any = "", **wanted: Any) -> None:
        super().__init__(**wanted)
        self.error_messages.update(NEVER)
        if required_message:
            self.error_messages["required"] = required_message
        if self.max_length:
            self.error_messages["max_length"] = _("Use %(limit_value)d characters or fewer")

    def to_python(self, value: Any) -> str:
        return one_line(super().to_python(value) or "")


class AddressField(forms.EmailField):
    """An e-mail address, in lower case."""

    def __init__(self, *, autocomplete: str = "email", **wanted: Any) -> None:
        attrs = {"autocomplete": autocomplete, "spellcheck": "false", "autocapitalize": "none"}
        wanted = {"label": _("Email"), "max_length": 254, "widget": forms.EmailInput(attrs), **wanted}
        super().__init__(**wanted)
        like = _("Enter an email address like name@example.com")
        self.error_messages.update(
            NEVER, required=_("Enter your email address"), invalid=like, max_length=like
        )
        self.validators = [*self.validators]

    def to_python(self, value: Any) -> str:
        return one_line(super().to_python(value) or "").lower()


class SecretField(forms.CharField):
    """A password: taken as typed, never shown again."""

    def __init__(self, *, required_message: Any, autocomplete: str, **wanted: Any) -> None:
        widget = forms.PasswordInput({"autocomplete": autocomplete, "spellcheck": "false"})
        super().__init__(**{"label": _("Password"), "strip": False, "widget": widget, **wanted})
        self.error_messages.update(NEVER, required=required_message)


class CodeField(LineField):
    """A one-time code of digits; spaces and dashes do not matter."""

    def __init__(self, **wanted: Any) -> None:
        super().__init__(**{"label": _("Code"), "max_length": 40, **wanted})


class PhoneField(LineField):
    """A telephone number in any way people write one; optional."""

    def __init__(self, **wanted: Any) -> None:
        attrs = {"type": "tel", "autocomplete": "tel", "class": "w-16"}
        super().__init__(
            **{
                "label": _("Telephone"), "required": False, "max_length": 40, "widget": forms.TextInput(attrs),
                **wanted,
            }
        )  # fmt: skip

    def clean(self, value: Any) -> str:
        phone: str = super().clean(value)
        if phone and (sum(sign.isdigit() for sign in phone) < 5 or set(phone) - set("+0123456789 ()/-.")):
            raise forms.ValidationError(_("Enter a telephone number like 01 555 0142"))
        return phone


class KeyField(forms.CharField):
    """The hidden key by which a form that is sent twice does its deed once."""

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.HiddenInput, error_messages=NEVER)


class FilterField(forms.ChoiceField):
    """One of a few that a list is narrowed to; nothing chosen is all of it."""

    def __init__(self, **wanted: Any) -> None:
        super().__init__(**{"required": False, **wanted})
        self.error_messages["invalid_choice"] = _("Choose one of these")


class SwitchField(forms.BooleanField):
    """Something that is on or off."""

    def __init__(self, **wanted: Any) -> None:
        super().__init__(**{"required": False, **wanted})
