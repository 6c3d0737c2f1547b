"""The account page: who I am, which letters I get, what I need. Each part is saved by itself."""

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from theatre.access import Permission
from theatre.actions.people import profile
from theatre.queries import accounts
from theatre.web.account.forms import ProfileForm, TokenForm
from theatre.web.account.own_forms import AccessNeedsForm, MailsForm, PhotoForm
from theatre.web.back import asked_back
from theatre.web.doors import TheatreRequest, needs
from theatre.web.parts import refusals_on, refusals_said

NEW_TOKEN = "new_token"  # noqa: S105 - the session's key for it


@needs(Permission.OWN_ACCOUNT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: TheatreRequest) -> HttpResponse:
    """Name, telephone, long holds; everything else of the account stands beside them."""
    if request.method != "POST":
        return page(request)
    form = ProfileForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            profile.change_profile(by=request.actor, **form.cleaned_data)
            return _saved(request, "you", back=asked_back(request))
    return page(request, form=form)


@needs(Permission.OWN_ACCOUNT)
@require_POST
def mails(request: TheatreRequest) -> HttpResponse:
    """Which optional letters come."""
    form = MailsForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            profile.change_mails(by=request.actor, **form.cleaned_data)
            return _saved(request, "letters")
    return page(request, mails_form=form)


@needs(Permission.OWN_ACCOUNT)
@require_POST
def access_needs(request: TheatreRequest) -> HttpResponse:
    """What somebody needs in the house."""
    form = AccessNeedsForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            profile.change_access_needs(by=request.actor, **form.cleaned_data)
            return _saved(request, "needs")
    return page(request, needs_form=form)


@needs(Permission.OWN_ACCOUNT)
@require_POST
def set_photo(request: TheatreRequest) -> HttpResponse:
    """A photo, drawn anew from what was sent."""
    form = PhotoForm(request.POST, request.FILES)
    if form.is_valid():
        with refusals_on(form):
            profile.set_photo(by=request.actor, content=form.cleaned_data["photo"].read())
            return _saved(request, "photo")
    return page(request, photo_form=form)


@needs(Permission.OWN_ACCOUNT)
@require_POST
def remove_photo(request: TheatreRequest) -> HttpResponse:
    with refusals_said(request):
        profile.remove_photo(by=request.actor)
        messages.success(request, _("Photo removed"))
    return redirect(reverse("account") + "#photo")


# nosemgrep: personal-page-without-never-cache - kept by their own browser alone
@needs(Permission.OWN_ACCOUNT)
@require_safe
def photo(request: TheatreRequest, mark: str) -> HttpResponse:
    """One's own photo. A new one has a new address, so this one never changes."""
    webp = accounts.photo_of(request.actor, mark)
    if webp is None:
        raise Http404
    response = HttpResponse(webp, content_type="image/webp")
    response["Content-Disposition"] = 'inline; filename="photo.webp"'
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


def _saved(request: TheatreRequest, part: str, *, back: str = "") -> HttpResponse:
    messages.success(request, _("Saved"))
    return redirect(back or reverse("account") + f"#{part}")


def page(request: TheatreRequest, **forms: Form) -> HttpResponse:
    """The whole page; of its forms those that are given (`form`, `mails_form`, `needs_form`, `photo_form`,
    `token_form`), the others as stored."""
    seen = accounts.account_of(request.actor)
    known = {"full_name": seen.full_name, "phone": seen.phone, "long_holds": seen.long_holds}
    shown: dict[str, Form] = {
        "form": ProfileForm(initial=known),
        "mails_form": MailsForm(initial=seen.mails),
        "needs_form": AccessNeedsForm(initial={"access_needs": seen.access_needs}),
        "photo_form": PhotoForm(),
        "token_form": TokenForm(),
        **forms,
    }
    context = {
        "page": "account",
        "back": asked_back(request),
        "seen": seen,
        "tokens": accounts.tokens_of(request.actor),
        "new_token": request.session.pop(NEW_TOKEN, None),
        "refused": [form for form in forms.values() if form.errors],
        **shown,
    }
    response = render(request, "account/account.html", context, status=422 if context["refused"] else 200)
    response["Cache-Control"] = "no-store"
    return response
