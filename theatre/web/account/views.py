"""One's own account: who I am, my tokens, the second factor, and where to go after signing in."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import LoginStage
from allauth.account.views import ConfirmEmailVerificationCodeView, LoginView, SignupView
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from theatre.access import Permission
from theatre.actions.people import profile, tokens
from theatre.queries import accounts
from theatre.rules.refusals import Refused
from theatre.web.account.forms import ProfileForm, TokenForm
from theatre.web.doors import TheatreRequest, needs, public

_NEW_TOKEN = "new_token"  # noqa: S105 - the session's key for it


@needs(Permission.OWN_ACCOUNT)
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: TheatreRequest) -> HttpResponse:
    """Name, telephone, long holds; the lights, tokens and second factor stand beside them."""
    seen = accounts.account_of(request.actor)
    known = {"full_name": seen.full_name, "phone": seen.phone, "long_holds": seen.long_holds}
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        profile.change_profile(by=request.actor, **form.cleaned_data)
        messages.success(request, _("Saved"))
        return redirect("account")
    return _page(request, seen, form, TokenForm())


@needs(Permission.OWN_ACCOUNT)
@require_POST
def make_token(request: TheatreRequest) -> HttpResponse:
    """A token is shown once, on the page that follows."""
    form = TokenForm(request.POST)
    if form.is_valid():
        try:
            made = tokens.create_token(by=request.actor, name=form.cleaned_data["name"])
        except Refused as refusal:
            form.add_error("name", refusal.sentence)
        else:
            request.session[_NEW_TOKEN] = [made.name, made.secret]
            return redirect(reverse("account") + "#tokens")
    seen = accounts.account_of(request.actor)
    known = {"full_name": seen.full_name, "phone": seen.phone, "long_holds": seen.long_holds}
    return _page(request, seen, ProfileForm(initial=known), form)


@needs(Permission.OWN_ACCOUNT)
@require_POST
def revoke_token(request: TheatreRequest, token_id: int) -> HttpResponse:
    """End a token at once."""
    try:
        tokens.revoke_token(by=request.actor, token_id=token_id)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("Token revoked. Nothing can use it any more"))
    return redirect(reverse("account") + "#tokens")


def _page(request: TheatreRequest, seen: accounts.Account, form: Form, token_form: Form) -> HttpResponse:
    context = {
        "page": "account",
        "seen": seen,
        "form": form,
        "token_form": token_form,
        "tokens": accounts.tokens_of(request.actor),
        "new_token": request.session.pop(_NEW_TOKEN, None),
        "errors": bool(form.errors or token_form.errors),
    }
    response = render(request, "account/account.html", context, status=422 if context["errors"] else 200)
    response["Cache-Control"] = "no-store"
    return response


@public
@login_required
@require_safe
def home_for_me(request: TheatreRequest) -> HttpResponse:
    """Where a person's day begins: customers see what is on, staff stand at the counter."""
    return redirect("counter" if request.actor.is_staff else "home")


@public
@login_required
@never_cache
def second_factor(request: HttpRequest) -> HttpResponse:
    """The second factor, before anything else that needs it: set it up, or show that you have it."""
    ready = is_mfa_enabled(request.user, [Authenticator.Type.TOTP])
    where = reverse("mfa_reauthenticate" if ready else "mfa_activate_totp")
    back = request.GET.get("next", "")
    return redirect(f"{where}?{urlencode({'next': back})}" if back else where)


class _AnotherAddress:
    """A form sent for another address than the one that waits for its code begins anew; for the same one, or by
    looking at the page, the way leads to the code."""

    address = "email"

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: LoginStage) -> Any:
        login = stage.login
        waiting = login.user.email if login.user else login.email
        if request.method == "POST" and request.POST.get(self.address, "").strip().lower() != waiting:
            clear_login(request)
            return None
        return super()._redirect_to_pending_stage(request, stage)  # type: ignore[misc]


class SignUpView(_AnotherAddress, SignupView):
    """allauth's, which may be begun anew."""


class SignInView(_AnotherAddress, LoginView):
    """allauth's, which may be begun anew."""

    address = "login"


class ConfirmAddressView(ConfirmEmailVerificationCodeView):
    """The code; with the way to another address, which leads on to where this one would have led."""

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**more)
        after = self.stage.login.redirect_url if self.stage else None
        context["another"] = reverse("account_signup") + (f"?{urlencode({'next': after})}" if after else "")
        return context


sign_up = public(SignUpView.as_view())
sign_in = public(SignInView.as_view())
confirm_address = public(ConfirmAddressView.as_view())


class SetUpAppView(ActivateTOTPView):
    """The code that proves the set-up is the second factor of this session too."""

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        record_authentication(self.request, self.request.user, "mfa", type=Authenticator.Type.TOTP)
        return response


set_up_app = public(login_required(SetUpAppView.as_view()))
