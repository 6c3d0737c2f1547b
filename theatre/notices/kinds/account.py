"""Letters about somebody's account: addresses, passwords, second factors."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from theatre.notices.kinds.written import Kinds, QueuedLetter, Written
from theatre.queries import links


def _confirm_address(letter: QueuedLetter, language: str) -> Written:
    context = {
        "code": letter.data["code"],
        "link": links.to_first_address(letter.user_id, letter.to) if letter.user_id else "",
    }
    return Written(_("Confirm your email address"), "confirm_address", context)


def _confirm_new_address(letter: QueuedLetter, language: str) -> Written:
    context = {"code": letter.data["code"], "link": links.to_change("confirm", letter.data["change"])}
    return Written(_("Confirm your new email address"), "confirm_new_address", context)


def _address_in_use(letter: QueuedLetter, language: str) -> Written:
    return Written(_("Somebody asked to use your address"), "address_in_use", {"address": letter.to})


def _address_change_asked(letter: QueuedLetter, language: str) -> Written:
    return Written(_("Your email address is about to change"), "address_change_asked", _stoppable(letter))


def _address_changed(letter: QueuedLetter, language: str) -> Written:
    return Written(_("Your email address was changed"), "address_changed", _stoppable(letter))


def _stoppable(letter: QueuedLetter) -> dict[str, Any]:
    stop = links.to_change("stop", letter.data["change"])
    return {"new": letter.data["new"], "stop": stop, "days": links.STOP_DAYS}


def _address_change_stopped(letter: QueuedLetter, language: str) -> Written:
    context = {**letter.data, "is_kept": letter.to == letter.data["kept"]}
    return Written(_("The change of your email address was stopped"), "address_change_stopped", context)


def _password_reset(letter: QueuedLetter, language: str) -> Written:
    return Written(_("Set a new password"), "password_reset", {"link": letter.data["link"]})


def _password_changed(letter: QueuedLetter, language: str) -> Written:
    return Written(_("Your password was changed"), "password_changed", {})


def _account_erased(letter: QueuedLetter, language: str) -> Written:
    return Written(_("Your account is deleted"), "account_erased", {})


def _account_exists(letter: QueuedLetter, language: str) -> Written:
    return Written(_("You have an account already"), "account_exists", {"address": letter.to})


def _security_changed(letter: QueuedLetter, language: str) -> Written:
    subject, said = {
        "app_added": (_("Authenticator app set up"), _("An authenticator app was set up for your account.")),
        "app_removed": (
            _("Authenticator app removed"),
            _("The authenticator app was taken off your account."),
        ),
        "passkey_added": (_("Passkey added"), _("A passkey was added to your account.")),
        "passkey_removed": (_("Passkey removed"), _("A passkey was taken off your account.")),
        "recovery_codes_made": (
            _("New recovery codes"),
            _("New recovery codes were made for your account. The old ones stopped working."),
        ),
        "recovery_code_used": (
            _("Recovery code used"),
            _("Somebody used a recovery code to sign in to your account. It can’t be used again."),
        ),
    }[letter.data["change"]]
    context = {"said": said, "last": letter.data["last"], **_ways_in()}
    return Written(subject, "security_changed", context)


def _second_factor_reset(letter: QueuedLetter, language: str) -> Written:
    context = {"reason": letter.data["reason"], **_ways_in()}
    return Written(_("Your second factor was reset"), "second_factor_reset", context)


def _ways_in() -> dict[str, str]:
    """Where somebody signs in, and where they choose a new password."""
    return {
        "sign_in": settings.SITE_URL + reverse("account_login"),
        "new_password": settings.SITE_URL + reverse("account_reset_password"),
    }


KINDS: Kinds = {
    "confirm_address": _confirm_address,
    "password_reset": _password_reset,
    "password_changed": _password_changed,
    "confirm_new_address": _confirm_new_address,
    "address_in_use": _address_in_use,
    "address_change_asked": _address_change_asked,
    "address_changed": _address_changed,
    "address_change_stopped": _address_change_stopped,
    "account_erased": _account_erased,
    "account_exists": _account_exists,
    "security_changed": _security_changed,
    "second_factor_reset": _second_factor_reset,
}
