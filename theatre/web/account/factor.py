"""The second factor's pages. What changes it asks for it first: a password alone adds, shows and removes nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import record_authentication
from allauth.account.stages import LoginStageController
from allauth.mfa.base.views import AuthenticateView, ReauthenticateView
from allauth.mfa.internal.flows.trust import trust_browser
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, ReauthenticateWebAuthnView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from theatre.access import Permission
from theatre.actions.people import from_allauth
from theatre.actions.people.second_factor import remove_way, rename_passkey
from theatre.models import User
from theatre.queries.second_factor import Way, ways_of
from theatre.rules.roles import needs_second_factor
from theatre.web.account.factor_forms import PasskeyNameForm
from theatre.web.doors import TheatreRequest, View, needs, public
from theatre.web.parts import refusals_on, refusals_said

_freshly = reauthentication_required(app="allauth.mfa")


def _who(request: HttpRequest) -> User:
    """Whoever is signed in; asked behind `login_required` alone."""
    return cast(User, request.user)


def _proved(view: View) -> View:
    """Whoever has a second factor has passed it in this session; and signed in, or shown again that it is them, within
    the last minutes."""

    @login_required
    @never_cache
    @wraps(view)
    def checked(request: TheatreRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.actor.second_factor and ways_of(_who(request).pk):
            return redirect_to_login(request.get_full_path(), "second_factor")
        return _freshly(view)(request, *args, **kwargs)

    checked.theatre_asks_again = True  # type: ignore[attr-defined]
    return checked


@public
@login_required
@never_cache
def second_factor(request: TheatreRequest) -> HttpResponse:
    """The second factor, before anything else that needs it: set it up, or show that you have it."""
    ways = ways_of(_who(request).pk)
    if ways.app:
        where = reverse("mfa_reauthenticate")
    else:
        where = reverse("mfa_reauthenticate_webauthn" if ways else "mfa_index")
    back = request.GET.get("next", "")
    return redirect(f"{where}?{urlencode({'next': back})}" if back else where)


@public
@login_required
@never_cache
@require_safe
def ways(request: TheatreRequest) -> HttpResponse:
    """What is set up, and what could be."""
    seen = ways_of(_who(request).pk)
    required = needs_second_factor(_who(request).role)
    removable = not required or len(seen.passkeys) + bool(seen.app) > 1
    context = {"page": "account", "ways": seen, "required": required, "removable": removable}
    return render(request, "mfa/index.html", context)


class _OneAtATime:
    """A way that is added passes for this session's second factor."""

    request: HttpRequest
    kind: Authenticator.Type
    in_place_of_the_app = False

    def form_valid(self, form: Any) -> HttpResponse:
        user = _who(self.request)
        with from_allauth.adding_a_way(user, in_place_of_the_app=self.in_place_of_the_app):
            response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
            if step := getattr(form, "step", None):
                from_allauth.spend_app_step(user, step)
        record_authentication(self.request, user, "mfa", type=self.kind)
        return response


class SetUpAppView(_OneAtATime, ActivateTOTPView):
    """allauth's; an app that is set up already is replaced."""

    kind = Authenticator.Type.TOTP
    in_place_of_the_app = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Past allauth's own, which shows the page for switching it off to whoever has an app.
        return super(ActivateTOTPView, self).dispatch(request, *args, **kwargs)

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**more)
        context["replaces"] = ways_of(_who(self.request).pk).app is not None
        return context


class AddPasskeyView(_OneAtATime, AddWebAuthnView):
    """allauth's."""

    kind = Authenticator.Type.WEBAUTHN


class CodeView(AuthenticateView):
    """allauth's page after the password: a passkey, a code of the app, or a recovery code."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        stage = LoginStageController.enter(request, AuthenticateStage.key)
        if stage is not None and not ways_of(stage.login.user.pk):
            # Reset meanwhile: this sign-in ends, and the next one begins with the password.
            return stage.abort()
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**more)
        context["ways"] = ways_of(self.stage.login.user.pk)
        context["errors"] = bool(self.auth_form.errors or self.webauthn_form.errors)
        return context

    def form_valid(self, form: Any) -> HttpResponse:
        user = self.stage.login.user
        response = super().form_valid(form)
        _tell_of_recovery_code(form, user)
        if form.cleaned_data.get("trust"):
            trust_browser(self.request, user, response)
        return response


class CodeAgainView(ReauthenticateView):
    """allauth's, for somebody who is signed in."""

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        return {**super().get_context_data(**more), "ways": ways_of(_who(self.request).pk)}

    def form_valid(self, form: Any) -> HttpResponse:
        _tell_of_recovery_code(form, _who(self.request))
        return super().form_valid(form)


class PasskeyAgainView(ReauthenticateWebAuthnView):
    """allauth's; a passkey that wasn't taken is said on its own page."""

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        context = {**more, **super().get_context_data(**more), "ways": ways_of(_who(self.request).pk)}
        context.setdefault("form", self.get_form())
        return context


def _tell_of_recovery_code(form: Any, user: User) -> None:
    way = getattr(form, "authenticator", None)
    if way is not None and way.type == Authenticator.Type.RECOVERY_CODES:
        from_allauth.tell_of_security(user, "recovery_code_used")


@needs(Permission.OWN_ACCOUNT)
@_proved
@require_http_methods(["GET", "HEAD", "POST"])
def remove_app(request: TheatreRequest) -> HttpResponse:
    """Take the authenticator app away, after a press."""
    app = ways_of(_who(request).pk).app
    if app is None:
        return redirect("mfa_index")
    return _remove(request, app, "mfa/totp/deactivate_form.html")


@needs(Permission.OWN_ACCOUNT)
@_proved
@require_http_methods(["GET", "HEAD", "POST"])
def remove_passkey(request: TheatreRequest, pk: int) -> HttpResponse:
    """Take a passkey away, after a press."""
    return _remove(request, _passkey(request, pk), "mfa/webauthn/authenticator_confirm_delete.html")


@needs(Permission.OWN_ACCOUNT)
@_proved
@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: TheatreRequest, pk: int) -> HttpResponse:
    """Call a passkey something else."""
    way = _passkey(request, pk)
    form = PasskeyNameForm(request.POST if request.method == "POST" else None, initial={"name": way.name})
    if form.is_valid():
        with refusals_said(request):
            rename_passkey(by=request.actor, way_id=way.id, name=form.cleaned_data["name"])
            messages.success(request, _("Renamed"))
        return redirect("mfa_index")
    context = {"page": "account", "form": form, "way": way}
    return render(request, "mfa/webauthn/edit_form.html", context, status=422 if form.errors else 200)


def _remove(request: TheatreRequest, way: Way, template: str) -> HttpResponse:
    form = Form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_on(form):
            remove_way(by=request.actor, way_id=way.id)
            messages.success(request, _("Removed. We’ve told you by mail as well"))
            return redirect("mfa_index")
    context = {"page": "account", "form": form, "way": way}
    return render(request, template, context, status=422 if form.errors else 200)


def _passkey(request: TheatreRequest, pk: int) -> Way:
    for way in ways_of(_who(request).pk).passkeys:
        if way.id == pk:
            return way
    raise Http404


def _signed_in(view: Callable[..., Any]) -> View:
    return public(login_required(view))


set_up_app = public(_proved(SetUpAppView.as_view()))
add_passkey = public(_proved(AddPasskeyView.as_view()))
code = public(CodeView.as_view())
code_again = _signed_in(CodeAgainView.as_view())
passkey_again = _signed_in(PasskeyAgainView.as_view())
view_recovery_codes = public(_proved(codes.view_recovery_codes))
generate_recovery_codes = public(_proved(codes.generate_recovery_codes))
download_recovery_codes = public(_proved(codes.download_recovery_codes))
