"""Invitations: whom we asked to work here, and asking somebody."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from theatre.access import Permission
from theatre.actions.people import invitations as doing
from theatre.queries import invitations as seeing
from theatre.web.doors import TheatreRequest, needs, still_you
from theatre.web.office.forms import InviteForm
from theatre.web.parts import refusals_on, refusals_said


@needs(Permission.MANAGE_STAFF)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@still_you
def invitations(request: TheatreRequest) -> HttpResponse:
    """Who was asked and what became of it; pressing asks one more."""
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_on(form):
            doing.invite(by=request.actor, **form.cleaned_data)
            said = _("The invitation is on its way to %(email)s")
            messages.success(request, said % {"email": form.cleaned_data["email"]})
            return redirect("invitations")
    context = {"page": "office", "form": form, "rows": seeing.sent()}
    return render(request, "office/invitations.html", context, status=422 if form.errors else 200)


@needs(Permission.MANAGE_STAFF)
@require_POST
@still_you
def resend(request: TheatreRequest, invitation_id: int) -> HttpResponse:
    """A new letter with a new link."""
    return _done(
        request, invitation_id, doing.resend, _("Sent again. The earlier link opens nothing any more")
    )


@needs(Permission.MANAGE_STAFF)
@require_POST
def revoke(request: TheatreRequest, invitation_id: int) -> HttpResponse:
    """Take it back."""
    return _done(request, invitation_id, doing.revoke, _("Revoked. The link opens nothing any more"))


def _done(request: TheatreRequest, invitation_id: int, deed: Callable[..., None], said: str) -> HttpResponse:
    with refusals_said(request):
        deed(by=request.actor, invitation_id=invitation_id)
        messages.success(request, said)
    return redirect("invitations")
