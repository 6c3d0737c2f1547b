"""One's own account: who I am, my tokens, and where to go after signing in."""

from typing import Any

from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import LoginStage
from allauth.account.views import (
    ConfirmEmailVerificationCodeView,
    LoginView,
    PasswordResetFromKeyView,
    PasswordResetView,
    SignupView,
)
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from theatre.access import MAY, Permission
from theatre.actions.people import tokens
from theatre.web.account import devices, myself
from theatre.web.account.forms import TokenForm
from theatre.web.account.steady import steady
from theatre.web.doors import TheatreRequest, needs, public
from theatre.web.parts import refusals_on, refusals_said


@needs(Permission.OWN_ACCOUNT)
@require_POST
def make_token(request: TheatreRequest) -> HttpResponse:
    """A token is shown once, on the page that follows."""
    form = TokenForm(request.POST)
    if form.is_valid():
        with refusals_on(form, "name"):
            made = tokens.create_token(by=request.actor, name=form.cleaned_data["name"])
            request.session[myself.NEW_TOKEN] = [made.name, made.secret]
            return redirect(reverse("account") + "#tokens")
    return myself.page(request, token_form=form)


@needs(Permission.OWN_ACCOUNT)
@require_POST
def revoke_token(request: TheatreRequest, token_id: int) -> HttpResponse:
    """End a token at once."""
    with refusals_said(request):
        tokens.revoke_token(by=request.actor, token_id=token_id)
        messages.success(request, _("Token revoked. Nothing can use it any more"))
    return redirect(reverse("account") + "#tokens")


@public
@login_required
@require_safe
def home_for_me(request: TheatreRequest) -> HttpResponse:
    """Where a person's day begins: customers see what is on, salesmen sell, the others have an office."""
    if Permission.OFFICE in MAY[request.actor.role]:
        return redirect("office")
    return redirect("counter" if request.actor.is_staff else "home")


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


class NewPasswordView(PasswordResetFromKeyView):
    """Whoever reads the owner's mail is the owner: their tries count apart from here on."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        devices.remember(response, self.reset_user.email)
        return response


sign_up = public(steady(SignUpView.as_view()))
sign_in = public(steady(SignInView.as_view()))
confirm_address = public(ConfirmAddressView.as_view())
new_password = public(NewPasswordView.as_view())
forgotten = public(steady(PasswordResetView.as_view()))
