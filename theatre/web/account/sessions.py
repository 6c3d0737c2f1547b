"""Where I am signed in, and ending it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from theatre.access import Permission
from theatre.actions.people import sessions as doing
from theatre.queries import sessions as seeing
from theatre.rules import devices
from theatre.web.doors import TheatreRequest, needs
from theatre.web.parts import refusals_said


def device(user_agent: str) -> str:
    """`Firefox on Windows`."""
    browser, system = devices.browser_of(user_agent), devices.system_of(user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("A device that doesn’t say what it is")


@needs(Permission.OWN_ACCOUNT)
@never_cache
@require_safe
def sessions(request: TheatreRequest) -> HttpResponse:
    """The devices that are signed in, this one first."""
    rows = [(each, device(each.user_agent)) for each in seeing.sessions_of(request.actor)]
    others = sum(not each.here for each, _device in rows)
    return render(request, "account/sessions.html", {"page": "account", "rows": rows, "others": others})


@needs(Permission.OWN_ACCOUNT)
@require_POST
def end_session(request: TheatreRequest, session_id: int) -> HttpResponse:
    """Sign one of the other devices out."""
    with refusals_said(request):
        doing.end_session(by=request.actor, session_id=session_id)
        messages.success(request, _("That device is signed out"))
    return redirect("sessions")


@needs(Permission.OWN_ACCOUNT)
@require_POST
def end_other_sessions(request: TheatreRequest) -> HttpResponse:
    """Sign every other device out."""
    with refusals_said(request):
        ended = doing.end_other_sessions(by=request.actor)
        said = ngettext("%d other device is signed out", "%d other devices are signed out", ended) % ended
        messages.success(request, said)
    return redirect("sessions")
