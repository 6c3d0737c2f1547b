"""Where allauth meets the theatre: people are made by actions, letters leave through the outbox."""

import ipaddress
import secrets
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.signup import prevent_enumeration
from allauth.account.models import EmailAddress
from allauth.account.stages import EmailVerificationStage, LoginStage
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.stages import AuthenticateStage, TrustStage
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from theatre.actions.people import from_allauth
from theatre.models import User
from theatre.rules.limits import in_words
from theatre.rules.roles import needs_second_factor
from theatre.web.account import devices
from theatre.web.account.factor_adapter import WAYS
from theatre.web.middleware import network_of, session_mark

REAUTHENTICATED_SECONDS = 300
WEAK = {
    "password_too_short": _("Password must be 12 characters or more"),
    "password_too_common": _("Many people use that password. Choose one that only you would think of"),
    "password_too_similar": _("That is too much like your name or address. Choose another password"),
}


SECURITY_CHANGES = {
    "mfa/email/totp_activated": "app_added",
    "mfa/email/webauthn_added": "passkey_added",
    "mfa/email/recovery_codes_generated": "recovery_codes_made",
}


class AccountAdapter(DefaultAccountAdapter):
    """allauth's hooks. What they change, `actions/people/from_allauth.py` changes."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed. Call us if you think it shouldn’t be"),
        "duplicate_email": _("That is your address already"),
        "email_password_mismatch": _(
            "That email and password don’t match. Check both, or reset your password"
        ),
        "email_taken": _("Somebody else uses that address here. Enter another one"),
        "enter_current_password": _("That isn’t your present password. Enter it again"),
        "incorrect_code": _("That isn’t the code we sent. Check the newest email"),
        "incorrect_password": _("That isn’t your password. Enter it again"),
        "invalid_or_expired_key": _("This link has been used or is too old. Ask for a new one"),
        "invalid_password_reset": _("This link has been used or is too old. Ask for a new one"),
        "rate_limited": _("That was a lot at once. Wait a little, then try again"),
        "too_many_login_attempts": _("That was a lot of tries. Sign in again to get a new code"),
        "unknown_email": _("Nobody here has that address. Check it, or create an account"),
    }

    def save_user(self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True) -> User:
        """A new customer with their profile. The role is the model's default: no form can say another."""
        data = form.cleaned_data
        user.email, user.full_name = data["email"], data.get("full_name", "")
        user.set_password(data["password1"])
        try:
            from_allauth.sign_up(user)
        except from_allauth.AddressTaken:
            # Somebody was quicker with this address: they get the letter, and this page looks as always.
            raise ImmediateHttpResponse(prevent_enumeration(request, email=data["email"])) from None
        return user

    def validation_error(self, code: str, *args: object) -> ValidationError:
        """With the time to wait in words, where tries are counted."""
        if code in ("too_many_login_attempts", "rate_limited"):
            wait = in_words(getattr(context.request, "wait", 0))
            return ValidationError(
                gettext("That was a lot of tries. Wait %s, then try again") % wait, code=code
            )
        return super().validation_error(code, *args)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """A known device of the owner's counts apart: nobody elsewhere can use up its tries."""
        address = str(credentials.get("email", "")).lower()
        return f"{address} {devices.known(request, address)}"

    def post_login(self, request: HttpRequest, user: User, **hooks: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **hooks)
        devices.remember(response, user.email)
        return response

    def clean_password(self, password: str, user: User | None = None) -> str:
        """Django's rules for passwords, in our words."""
        try:
            validate_password(password, user)
        except ValidationError as weak:
            raise ValidationError([WEAK.get(error.code or "", error) for error in weak.error_list]) from weak
        return password

    def set_password(self, user: User, password: str) -> None:
        user.set_password(password)
        from_allauth.keep_password(user)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        confirmed = super().confirm_email(request, email_address)
        if confirmed:
            from_allauth.confirm_address(email_address.user)
        return confirmed

    def get_login_stages(self) -> list[str]:
        """allauth's, with ours in place of two. Trusting a device is a tick on the code's page, so it has no page."""
        ours = {_path(EmailVerificationStage): AddressConfirmed, _path(AuthenticateStage): SecondFactorPassed}
        stages = [stage for stage in super().get_login_stages() if stage != _path(TrustStage)]
        return [_path(ours[stage]) if stage in ours else stage for stage in stages]

    def pre_login(self, request: HttpRequest, user: User, **hooks: Any) -> HttpResponse | None:
        employee = getattr(user, "employee", None)
        if employee is not None and employee.status != "active":
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **hooks)

    def login(self, request: HttpRequest, user: User) -> None:
        """Seats held in this browser before now belong to the account from now on."""
        mark = session_mark(request)
        super().login(request, user)
        from_allauth.adopt_hold(user, mark)

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """A sign-in of the last five minutes counts as well as giving the password again."""
        records = get_authentication_records(context.request, context.request.user)
        fresh = bool(records) and time.time() - records[-1]["at"] < REAUTHENTICATED_SECONDS
        return not fresh and super().is_reauthentication_required(app=app, **more)

    def generate_email_verification_code(self) -> str:
        return f"{secrets.randbelow(1_000_000):06d}"

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: Any, signup: bool) -> None:
        address = emailconfirmation.email_address
        from_allauth.ask_for_code(address.user, address.email, emailconfirmation.key)

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        from_allauth.ask_for_password_reset(user, context["password_reset_url"])

    def send_account_already_exists_mail(self, email: str) -> None:
        """The letter, and the work that a new account would have been: no clock may tell the two apart."""
        make_password(secrets.token_urlsafe())
        from_allauth.tell_of_account(email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        raise LookupError(f"{template_prefix} has no letter in theatre/notices/letters.py")

    def send_notification_mail(self, template_prefix: str, user: User, *more: Any, **context: Any) -> None:
        """What was added to the second factor is told and noted; what goes is told by the action that removes it."""
        if template_prefix in SECURITY_CHANGES:
            from_allauth.tell_of_security(user, SECURITY_CHANGES[template_prefix])

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _dash, token = key.partition("-")
        return settings.SITE_URL + reverse("account_reset_password_from_key", args=[uid, token])

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def get_client_ip(self, request: HttpRequest) -> str:
        """The network the limits count by; an address nobody can read counts as one network."""
        try:
            return str(ipaddress.ip_address(network_of(request)))
        except ValueError:
            return "0.0.0.0"  # noqa: S104 - not an address to listen on


class AddressConfirmed(EmailVerificationStage):
    """Nobody gets in before the address is confirmed; `confirmed_at` is the one word on that."""

    def handle(self) -> Any:
        if self.login.user and self.login.user.confirmed_at:
            return None, True
        return super().handle()


class SecondFactorPassed(AuthenticateStage):
    """Whoever has a second factor passes it at every sign-in; a trusted device spares it to customers and salesmen."""

    def _should_handle(self, request: HttpRequest) -> bool:
        user = self.login.user
        if user is not None and needs_second_factor(user.role):
            return bool(is_mfa_enabled(user, WAYS))
        return bool(super()._should_handle(request))


def _path(stage: type[LoginStage]) -> str:
    return f"{stage.__module__}.{stage.__name__}"
