"""Changing a booking: another time or movie from a day's programme, seats from the hall, the difference, one press.

Nothing is held on the way: the seats and the difference are what the last press says, or nothing is changed.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from theatre.access import Permission
from theatre.actions.booking import change
from theatre.actions.booking.confirm import methods_of
from theatre.documents import words
from theatre.queries import changing, programme, seatmap
from theatre.queries.bookings import Checkout, SeenBooking
from theatre.queries.quotes import PLACES, ZONE
from theatre.queries.seatmap import HELD, YOURS, ShowSeats
from theatre.rules import seating
from theatre.rules.bookings import CHANGE
from theatre.rules.money import as_text
from theatre.rules.refusals import Refused
from theatre.rules.roles import MANAGEMENT
from theatre.rules.seating import Seat
from theatre.web import orders, seats_live
from theatre.web.customer.bookings import why_not
from theatre.web.customer.forms import ReasonForm
from theatre.web.doors import TheatreRequest, needs
from theatre.web.fields import LineField
from theatre.web.seat_picks import picked
from theatre.web.seatmap_html import render_legend, render_map


class DayForm(forms.Form):
    """Whose programme is looked at."""

    day = forms.DateField(
        label=gettext_lazy("Day"), required=False, input_formats=["%Y-%m-%d"],
        widget=forms.DateInput({"type": "date", "class": "w-16"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Enter the day like 2026-03-01")},
    )  # fmt: skip


class WhyForm(ReasonForm):
    """Why staff change a booking."""

    reason = LineField(
        label=gettext_lazy("Reason"), max_length=500,
        required_message=gettext_lazy("Enter the reason for this change"),
    )  # fmt: skip


class HowForm(forms.Form):
    """How a change is paid for."""

    method = forms.ChoiceField(
        label=gettext_lazy("How the new total is paid"), widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose how it is paid"), "invalid_choice": gettext_lazy("Choose how it is paid")
        },
    )  # fmt: skip

    def __init__(self, *args: Any, methods: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["method"].choices = [(each, words.way_of_paying(each)) for each in methods]  # type: ignore[attr-defined]
        if len(methods) == 1:
            self.initial.setdefault("method", methods[0])


@needs(Permission.CANCEL_BOOKINGS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change_booking(request: TheatreRequest, ref: str) -> HttpResponse:
    """A show, then its seats, then the difference: each is in the address, and the last page has the button."""
    booking = orders.booking_or_404(request.actor, ref)
    if booking.state != "confirmed":
        return redirect("booking", booking.ref)
    if problem := why_not(request.actor, booking, CHANGE):
        return _page(request, "change_show", booking, problem=problem, status=409)
    asked = request.POST if request.method == "POST" else request.GET
    if "show" not in asked:
        return _days(request, booking)
    show_id = orders.numbers([asked["show"]])[0]
    seen = seatmap.for_show(request.actor, show_id) if 0 < show_id < 2**63 else None
    if seen is None or seen.state != "on_sale":
        return _days(request, booking, _("That show is not on sale. Choose another time"))
    return _seats(request, booking, seen, orders.numbers(asked.getlist("seat")))


def _days(request: TheatreRequest, booking: SeenBooking, problem: str = "") -> HttpResponse:
    form = DayForm(request.GET if "day" in request.GET else None)
    day = form.cleaned_data["day"] if form.is_bound and form.is_valid() else None
    day = day or booking.starts_at.astimezone(ZONE).date()
    times = [
        (movie, time)
        for movie in (programme.on_day(day) if date(2000, 1, 1) < day < date(2200, 1, 1) else ())
        for time in movie.times
        if time.starts_at > booking.now and time.id != booking.show_id and time.left >= _number(booking)
    ]
    times.sort(key=lambda pair: (pair[0].id != booking.movie_id, pair[0].title, pair[1].starts_at))
    form = form if form.is_bound else DayForm(initial={"day": day})
    return _page(
        request, "change_show", booking, form=form, day=day, times=times, problem=problem,
        status=422 if form.errors else 409 if problem else 200,
    )  # fmt: skip


def _seats(
    request: TheatreRequest, booking: SeenBooking, seen: ShowSeats, chosen_ids: list[int]
) -> HttpResponse:
    """The hall until as many seats are chosen as there are tickets, then what that would cost."""
    own = {ticket.seat_id for ticket in booking.live_tickets if seen.show_id == booking.show_id}
    # Seats of another hold of theirs are nobody's to take here.
    states = {
        seat: HELD if state == YOURS else state for seat, state in seen.states.items() if seat not in own
    }
    problem = ""
    if chosen_ids:
        try:
            chosen = seating.check_choice(
                seen.plan.seats, chosen_ids, set(states), limit=settings.SEATS_PER_STAFF_BOOKING,
                by_staff=request.actor.is_staff,
            )  # fmt: skip
            if len(chosen) == _number(booking) and {seat.id for seat in chosen} != own:
                return _review(request, booking, seen, chosen)
            problem = _("Choose %(number)d seats, as many as you have, and not the same ones") % {
                "number": _number(booking)
            }
        except Refused as refusal:
            problem = refusal.sentence
    elif "list" in request.GET:
        return _list(request, booking, replace(seen, states=states), own)
    elif "difference" in request.GET:
        problem = _("Choose at least one seat")
    rows = render_map(
        seen.plan, seen.prices, states, ticked=set(chosen_ids) & set(seen.plan.by_id) or own,
        by_staff=request.actor.is_staff,
    )  # fmt: skip
    return _page(
        request, "change_seats", booking, seen=seen, problem=problem, number=_number(booking), same=bool(own),
        # nosemgrep: markup-declared-safe - escaped where it is made
        map=mark_safe(rows),  # noqa: S308 - escaped where it is made
        legend=render_legend(seen.plan, seen.prices), status=409 if problem else 200,
        for_script=seats_live.for_script(seen, staff=request.actor.is_staff, own=own),
    )  # fmt: skip


def _list(request: TheatreRequest, booking: SeenBooking, seen: ShowSeats, own: set[int]) -> HttpResponse:
    """The hall without a map: a kind, a row, as many seats side by side as there are tickets."""
    kind, row = request.GET.get("kind", ""), request.GET.get("row", "")
    picks = picked(seen, _number(booking), kind=kind, row=row)
    picks["groups"] = [place for place in picks["groups"] if {seat.id for seat in place.seats} != own]
    return _page(
        request, "change_list", booking, seen=seen, same=bool(own), query=f"show={seen.show_id}&list=1", **picks,
        status=200,
    )  # fmt: skip


def _review(
    request: TheatreRequest, booking: SeenBooking, seen: ShowSeats, chosen: tuple[Seat, ...]
) -> HttpResponse:
    """The bill, and the press that changes it."""
    offer = changing.offer(booking, seen, chosen)
    given_away = booking.method == "complimentary"
    methods = [each for each in methods_of(request.actor) if (each == "complimentary") == given_away]
    needs_reason = request.actor.role in MANAGEMENT
    posted = request.POST if request.method == "POST" else None
    how, why = HowForm(posted, methods=methods), WhyForm(posted)
    problem = "" if methods else _("Seats that were given away are changed by an admin")
    if posted is not None and how.is_valid() and (not needs_reason or why.is_valid()):
        try:
            done = change.change_booking(**_pressed(request, booking, seen, chosen, how, why, needs_reason))
        except Refused as refusal:
            problem = refusal.sentence
        else:
            messages.success(request, _("Changed. These are your new tickets"))
            return redirect("booking", done.ref)
    bill = replace(
        booking, starts_at=seen.starts_at, ends_at=seen.ends_at, movie=seen.title, slug=seen.slug,
        screen=seen.screen, screen_number=seen.screen_number,
    )  # fmt: skip
    return _page(
        request, "change_review", booking, seen=seen, offer=offer, problem=problem, how=how,
        order=orders.order_of(Checkout(bill, offer.quote, booking.customer_tier)),
        back_by=words.way_of_paying(booking.method), form=why if needs_reason else None,
        shown=as_text(offer.difference, PLACES), to_get=-offer.difference, chosen=chosen,
        key=request.POST.get("key") or orders.new_key(), other_way=bool(methods) and booking.method not in methods,
        seats_page=_address(booking, seen.show_id, [seat.id for seat in chosen[:-1]]),
        status=409 if problem else 422 if posted is not None else 200,
    )  # fmt: skip


def _pressed(
    request: TheatreRequest,
    booking: SeenBooking,
    seen: ShowSeats,
    chosen: tuple[Seat, ...],
    how: HowForm,
    why: WhyForm,
    needs_reason: bool,
) -> dict[str, Any]:
    """What the action is asked."""
    seats = [seat.id for seat in chosen]
    typed = request.POST.get("shown_difference", "")[:20]
    shown = orders.amount(typed.removeprefix("-"))
    if shown is not None and typed.startswith("-"):
        shown = -shown
    reason = why.cleaned_data["reason"] if needs_reason else ""
    method = how.cleaned_data["method"]
    body = [booking.ref, seen.show_id, seats, typed, method, reason]
    key = request.POST.get("key", "")
    return {
        "by": request.actor, "ref": booking.ref, "show_id": seen.show_id, "seat_ids": seats,
        # A difference nobody can read was not shown: the present one is shown instead.
        "shown_difference": Decimal(10**9) if shown is None else shown, "method": method, "reason": reason,
        "once": orders.once_as_sent(request.actor.user_id, "page:change", key, body),
    }  # fmt: skip


def _number(booking: SeenBooking) -> int:
    return len(booking.live_tickets)


def _address(booking: SeenBooking, show_id: int, seats: list[int]) -> str:
    query = urlencode([("show", show_id), *(("seat", seat) for seat in seats)])
    return f"{reverse('change_booking', args=[booking.ref])}?{query}"


def _page(
    request: TheatreRequest, template: str, booking: SeenBooking, *, status: int, **more: Any
) -> HttpResponse:
    context = {
        "page": "my_tickets", "booking": booking,
        "seats": orders.seats_in_words([ticket.seat for ticket in booking.live_tickets]), **more,
    }  # fmt: skip
    return render(request, f"customer/{template}.html", context, status=status)
