"""Changing one's address, and the pages behind the links that letters about addresses carry.

Opening a link changes nothing, for mail scanners open them too: each page has one button.
"""

from typing import cast

from allauth.account.forms import default_token_generator
from allauth.account.internal.flows.email_verification import login_on_verification
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import logout
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from theatre.access import Permission
from theatre.actions.people import address as actions
from theatre.models import User
from theatre.queries import links
from theatre.rules.refusals import Refused
from theatre.web.account.linkpage import LinkPage, foreign, shown
from theatre.web.account.own_forms import NewAddressCodeForm, NewAddressForm
from theatre.web.doors import TheatreRequest, needs, public
from theatre.web.parts import refusals_on


@needs(Permission.OWN_ACCOUNT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: TheatreRequest) -> HttpResponse:
    """Ask for another address; once asked, the code for it."""
    if request.method != "POST":
        return _page(request, NewAddressForm(user=request.user), NewAddressCodeForm())
    if (busy := ratelimit.consume_or_429(request, action="reauthenticate", user=request.user)) is not None:
        return cast(HttpResponse, busy)
    form = NewAddressForm(request.POST, user=request.user)
    if form.is_valid():
        with refusals_on(form, "address"):
            actions.ask_address_change(by=request.actor, address=form.cleaned_data["address"])
            return redirect("change_address")
    return _page(request, form, NewAddressCodeForm())


@needs(Permission.OWN_ACCOUNT)
@never_cache
@require_POST
def confirm_code(request: TheatreRequest) -> HttpResponse:
    """The code from the new address."""
    form = NewAddressCodeForm(request.POST)
    if form.is_valid():
        with refusals_on(form, "code"):
            actions.confirm_new_address(by=request.actor, code=form.cleaned_data["code"])
            messages.success(request, _("Your email address is changed"))
            return redirect("account")
    return _page(request, NewAddressForm(user=request.user), form)


def _page(request: TheatreRequest, form: Form, code_form: Form) -> HttpResponse:
    context = {
        "page": "account",
        "form": form,
        "code_form": code_form,
        "waiting": links.waiting_change(request.actor.user_id or 0),
    }
    refused = form.errors or code_form.errors
    return render(request, "account/change_address.html", context, status=422 if refused else 200)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_first(request: HttpRequest, token: str) -> HttpResponse:
    """The link to confirm the address an account was opened with, in whatever browser."""
    about = links.first_address_behind(token)
    sign_in = (reverse("account_login"), _("Sign in"))
    if about is None:
        page = foreign()
    elif about.confirmed:
        page = LinkPage(
            _("Your email is confirmed"), _("It was confirmed before. Sign in with it."), "", 410, sign_in
        )
    elif about.expired or not about.user_id:
        page = LinkPage(
            _("This link is too old"),
            _("It worked for a day. Sign in, and we send a new one."),
            "",
            410,
            sign_in,
        )
    elif request.method == "POST":
        try:
            actions.confirm_first_address(user_id=about.user_id, email=about.email)
        except Refused as refusal:
            return shown(request, LinkPage(_("Your email is confirmed"), refusal.sentence, "", 410, sign_in))
        return _go_on(request, about.user_id, about.email)
    else:
        page = LinkPage(
            _("Confirm your email"),
            _("An account was opened here with %(email)s. Was it you?") % {"email": about.email},
            _("Yes, confirm my address"),
            hint=_not_me(),
        )
    return shown(request, page)


def _go_on(request: HttpRequest, user_id: int, email: str) -> HttpResponse:
    """Where the sign-up waits in this very browser, it goes on; in any other one, the person signs in."""
    messages.success(request, _("Your email is confirmed"))
    response = login_on_verification(request, EmailAddress(user_id=user_id, email=email))
    return response or redirect("home_for_me" if request.user.is_authenticated else "account_login")


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_link(request: HttpRequest, token: str) -> HttpResponse:
    """The link from the new address of an account, in whatever browser."""
    about = links.change_behind("confirm", token)
    again = (reverse("change_address"), _("Change your email address"))
    if about is None:
        return shown(request, foreign())
    if about.state != "asked":
        used = about.state == "confirmed"
        text = (
            _("%(email)s was confirmed before. Sign in with it.") % {"email": about.new}
            if used
            else _("The change was stopped or replaced by a newer one. Nothing was changed by this link.")
        )
        way = (reverse("account_login"), _("Sign in")) if used else again
        return shown(request, LinkPage(_("This link is used up"), text, "", 410, way))
    if about.expired:
        text = _("It worked for one hour. Ask for a new one from your account.")
        return shown(request, LinkPage(_("This link is too old"), text, "", 410, again))
    if request.method != "POST":
        text = _("Whoever changed their address here to %(email)s signs in with it from now on. Was it you?")
        return shown(
            request,
            LinkPage(
                _("Confirm your new email"),
                text % {"email": about.new},
                _("Yes, use this address"),
                hint=_not_me(),
            ),
        )
    own = request.user.is_authenticated and request.user.pk == about.user_id
    try:
        actions.confirm_new_address_by_link(
            change_id=about.id, keep_session=(request.session.session_key or "") if own else ""
        )
    except Refused as refusal:
        return shown(request, LinkPage(_("This address was not confirmed"), refusal.sentence, "", 409, again))
    messages.success(request, _("%(email)s is confirmed. Sign in with it from now on") % {"email": about.new})
    return redirect("account" if own else "account_login")


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """The link from the old address: the account stays with it, and its owner chooses a new password."""
    about = links.change_behind("stop", token)
    forgotten = (reverse("account_reset_password"), _("Choose a new password"))
    if about is None:
        return shown(request, foreign())
    if about.state == "stopped":
        text = _("The change was stopped before, and the account has %(email)s.") % {"email": about.old}
        return shown(request, LinkPage(_("This link is used up"), text, "", 410, forgotten))
    if about.settled:
        text = _("It worked for %(days)d days. If the change wasn’t yours, call us.") % {
            "days": links.STOP_DAYS
        }
        return shown(request, LinkPage(_("This link is too old"), text, "", 410, forgotten))
    if request.method != "POST":
        text = _(
            "Your account keeps the address %(email)s. Everybody who is signed in to it is signed out, its password"
            " stops working, and you choose a new one next."
        )
        hint = _("If you wanted the change, close this page. Nothing has happened yet.")
        title = _("Put your address back") if about.state == "confirmed" else _("Stop the change")
        return shown(request, LinkPage(title, text % {"email": about.old}, title, hint=hint))
    try:
        user_id = actions.stop_address_change(change_id=about.id)
    except Refused as refusal:
        return shown(request, LinkPage(_("This was not stopped"), refusal.sentence, "", 409, forgotten))
    if request.user.is_authenticated:
        logout(request)
    # nosemgrep: row-found-past-its-scope - the owner, whom the signed link of the letter names
    owner = User.objects.get(pk=user_id)
    return redirect(
        "account_reset_password_from_key",
        user_pk_to_url_str(owner),
        default_token_generator.make_token(owner),
    )


def _not_me() -> str:
    return _("If it wasn’t you, close this page. Nothing has changed yet.")
