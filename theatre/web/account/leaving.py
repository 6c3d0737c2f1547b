"""Taking one's data along, and leaving for good."""

from typing import cast

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from theatre.access import Permission
from theatre.actions.people.erase import TicketsAhead, erase_person
from theatre.queries import own_data
from theatre.rules.refusals import Refused
from theatre.web.account.own_forms import LeavingForm
from theatre.web.doors import TheatreRequest, needs


@needs(Permission.OWN_ACCOUNT)
@never_cache
@require_safe
def take_along(request: TheatreRequest) -> JsonResponse:
    """Everything about oneself, as a file."""
    data = own_data.everything_about(request.actor)
    response = JsonResponse(data, json_dumps_params={"indent": 2, "ensure_ascii": False})
    name = f"{slugify(data['theatre'])}-{data['written_at'][:10]}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@needs(Permission.OWN_ACCOUNT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: TheatreRequest) -> HttpResponse:
    """What goes and what stays; then the password, and the account is gone."""
    if request.method != "POST":
        return _asked(request, LeavingForm(user=request.user))
    if (busy := ratelimit.consume_or_429(request, action="reauthenticate", user=request.user)) is not None:
        return cast(HttpResponse, busy)
    form = LeavingForm(request.POST, user=request.user)
    if not form.is_valid():
        return _asked(request, form)
    try:
        erase_person(by=request.actor)
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return _asked(request, form, tickets=isinstance(refusal, TicketsAhead))
    logout(request)
    messages.success(request, _("Your account is deleted"))
    return redirect("home")


def _asked(request: TheatreRequest, form: LeavingForm, *, tickets: bool = False) -> HttpResponse:
    context = {"page": "account", "form": form, "tickets": tickets}
    return render(request, "account/delete.html", context, status=422 if form.errors else 200)
