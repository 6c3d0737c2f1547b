"""Cancelling a show: what it touches, what guests will read, and how far the giving back has come."""

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from theatre.access import Permission
from theatre.actions.shows import cancel
from theatre.notices import letters
from theatre.notices.kinds.shows import show_cancelled
from theatre.queries import closing as seeing
from theatre.queries.bookings import for_papers
from theatre.queries.closing import ShowFacts
from theatre.web import orders
from theatre.web.doors import TheatreRequest, needs
from theatre.web.fields import LineField
from theatre.web.parts import refusals_on, refusals_said

OTHER = "other"
# What guests read in their letter, so each is a sentence to them.
REASONS = {
    "projector": gettext_lazy("The projector or the sound has failed, and it will not be mended in time."),
    "screen": gettext_lazy("The screen has to stay closed that day."),
    "copy": gettext_lazy("The movie has not arrived from its distributor."),
    "staff": gettext_lazy("Too many of us are ill to open that evening."),
    "few": gettext_lazy("Too few tickets were sold for this show to take place."),
}


class CancelForm(forms.Form):
    """Why a show is cancelled: one of the usual reasons, or words of one's own."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why is it cancelled?"),
        help_text=gettext_lazy("Guests read it in their letter."),
        choices=[*REASONS.items(), (OTHER, gettext_lazy("Something else, in my own words"))],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose a reason. Guests read it in their letter"),
            "invalid_choice": gettext_lazy("Choose one of these reasons"),
        },
    )
    words = LineField(
        label=gettext_lazy("In my own words"),
        required=False,
        max_length=cancel.LONGEST_REASON,
        help_text=gettext_lazy("Only with “Something else”."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("reason") == OTHER and not given.get("words") and "words" not in self.errors:
            self.add_error("words", _("Say why in your own words, or choose one of the reasons above"))
        return given

    @property
    def said(self) -> str:
        """The sentence guests read, of a form that holds."""
        reason = self.cleaned_data["reason"]
        return str(self.cleaned_data["words"] if reason == OTHER else REASONS[reason])


@needs(Permission.MANAGE_SHOWS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show_cancel(request: TheatreRequest, show_id: int) -> HttpResponse:
    """What would be cancelled and what guests will read; of a cancelled show, how far it has come."""
    show = found(show_id)
    if show.state == "cancelled":
        return _progress(request, show)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        key = request.POST.get("key", "")
        with refusals_on(form):
            cancel.cancel_show(
                by=request.actor, show_id=show_id, reason=form.said,
                once=orders.once_for(request.actor.user_id, "page:show_cancel", key, [show_id, form.said]),
            )  # fmt: skip
            messages.success(request, _("The show is cancelled. Nobody can book it any more"))
            return redirect("show_cancel", show_id)
    subject, letter = _preview(show)
    context = {
        "page": "shows",
        "show": show,
        "touched": seeing.touched(show_id),
        "others": seeing.other_times(show.movie_id, but=show.id),
        "form": form,
        "subject": subject,
        "letter": letter,
        "key": request.POST.get("key") or orders.new_key(),
        "over": show.state == "played",
    }
    return render(request, "office/show_cancel.html", context, status=422 if form.errors else 200)


@needs(Permission.MANAGE_SHOWS)
@require_POST
def show_cancel_stop(request: TheatreRequest, show_id: int) -> HttpResponse:
    """Let the worker pause."""
    found(show_id)
    with refusals_said(request):
        cancel.stop_giving_back(by=request.actor, show_id=show_id)
        messages.success(request, _("Stopped. What has been given back stays given back"))
    return redirect("show_cancel", show_id)


@needs(Permission.MANAGE_SHOWS)
@require_POST
def show_cancel_resume(request: TheatreRequest, show_id: int) -> HttpResponse:
    """Let the worker go on."""
    found(show_id)
    with refusals_said(request):
        cancel.resume_giving_back(by=request.actor, show_id=show_id)
        messages.success(request, _("It goes on where it stopped"))
    return redirect("show_cancel", show_id)


def found(show_id: int) -> ShowFacts:
    """The show, or the page for what is not there."""
    show = seeing.show(show_id) if show_id < 2**63 else None
    if show is None:
        raise Http404
    return show


def _progress(request: TheatreRequest, show: ShowFacts) -> HttpResponse:
    context = {"page": "shows", "show": show, "closing": seeing.closing(show.id)}
    return render(request, "office/show_closing.html", context)


def _preview(show: ShowFacts) -> tuple[str, str]:
    """The letter as somebody of the show would read it, with a gap for the reason; empty when nobody has booked."""
    about = seeing.somebodys_booking(show.id)
    if about is None:
        return "", ""
    booking = for_papers(about)
    with translation.override(settings.LANGUAGE_CODE):
        live = [ticket for ticket in booking.tickets if ticket.state == "sold"]
        written = show_cancelled(
            booking, [ticket.seat for ticket in live],
            sum((ticket.price or Decimal(0) for ticket in live), Decimal(0)),
            _("(the reason you choose)"), settings.LANGUAGE_CODE,
        )  # fmt: skip
        return letters.as_text(written)
