"""Resetting somebody's second factor when it is lost."""

from django.contrib import messages
from django.forms import Form, TextInput
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from theatre.access import Permission
from theatre.actions.people.second_factor import LONGEST_REASON, reset_second_factor
from theatre.queries.second_factor import person_of, ways_of
from theatre.web.doors import TheatreRequest, needs, still_you
from theatre.web.fields import LineField
from theatre.web.parts import refusals_on


class ReasonForm(Form):
    """Why it is reset."""

    reason = LineField(
        label=_lazy("Why is it reset?"),
        max_length=LONGEST_REASON,
        required_message=_lazy("Say why it is reset. They read it in their letter"),
        help_text=_lazy("They read it in their letter, and it stays in the audit."),
        widget=TextInput({"autocomplete": "off"}),
    )


@needs(Permission.RESET_SECOND_FACTOR)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@still_you
def reset(request: TheatreRequest, user_id: int) -> HttpResponse:
    """Say what is lost and why it is reset, then press."""
    person = person_of(user_id)
    if person is None:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_on(form):
            reset_second_factor(by=request.actor, user_id=user_id, reason=form.cleaned_data["reason"])
            said = _("%(who)s’s second factor is reset. They are signed out and told by mail")
            messages.success(request, said % {"who": person})
            return redirect("second_factor_reset", user_id)
    context = {"page": "people", "user_id": user_id, "person": person, "ways": ways_of(user_id), "form": form}
    context["own"] = user_id == request.actor.user_id
    return render(request, "office/factor_reset.html", context, status=422 if form.errors else 200)
