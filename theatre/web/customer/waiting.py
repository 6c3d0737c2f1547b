"""Waiting for seats of a sold-out show: ask, see one's place in the line, leave."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from theatre.access import Permission
from theatre.actions.booking import waiting as line
from theatre.queries import bookings, seatmap, waiting
from theatre.rules.refusals import Refused
from theatre.web import orders
from theatre.web.doors import TheatreRequest, needs
from theatre.web.on_sale import waitable, why_closed
from theatre.web.parts import refusals_said


class AskForm(forms.Form):
    """How many want to sit side by side."""

    seats = forms.IntegerField(
        label=_("Seats side by side"),
        min_value=1,
        initial=2,
        error_messages={
            "required": _("Enter how many seats you need"),
            "invalid": _("Enter a number of seats"),
            "min_value": _("Enter how many seats you need, 1 or more"),
        },
        widget=forms.NumberInput(attrs={"class": "w-8", "inputmode": "numeric"}),
    )


@needs(Permission.BOOK)
@require_http_methods(["GET", "HEAD", "POST"])
def wait(request: TheatreRequest, show_id: int) -> HttpResponse:
    """The press, and the page that says where one stands."""
    seen = waiting.waited_for(min(show_id, 2**62), request.actor.customer_id, settings.SEATS_PER_BOOKING)
    if seen is None:
        raise Http404
    form = AskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            line.ask_for_seats(by=request.actor, show_id=seen.show_id, seats=form.cleaned_data["seats"])
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        else:
            number = form.cleaned_data["seats"]
            said = ngettext("You wait for one seat.", "You wait for %(number)d seats.", number) % {
                "number": number
            }
            messages.success(request, said)
            return redirect("wait", seen.show_id)
    offered = bookings.detail(request.actor, seen.ref) if seen.ref else None
    hall = None if offered or seen.seats else seatmap.for_show(request.actor, seen.show_id)
    context = {
        "page": "my_tickets",
        "seen": seen,
        "form": form,
        "minutes": settings.WAITING_OFFER_MINUTES,
        "offered": offered,
        "offered_seats": orders.seats_in_words([ticket.seat for ticket in offered.tickets])
        if offered
        else "",
        # Why there is nothing to wait for; who is in the line stays there.
        "needless": (why_closed(hall) or _("Seats are free: you can book them now."))
        if hall and not waitable(hall)
        else "",
        "free": bool(hall and not why_closed(hall)),
    }
    return render(request, "customer/waiting.html", context, status=422 if form.errors else 200)


@needs(Permission.BOOK)
@require_POST
def leave(request: TheatreRequest, show_id: int) -> HttpResponse:
    """Out of the line."""
    with refusals_said(request):
        line.leave_list(by=request.actor, show_id=min(show_id, 2**62))
        messages.success(request, _("You don’t wait for this show any more."))
    return redirect("my_tickets")
