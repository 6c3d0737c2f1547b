"""From chosen seats to a paid booking: hold, review, confirm."""

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from theatre.access import Actor, Permission
from theatre.actions.booking import confirm, coupon_tries, hold, keep
from theatre.actions.booking.audience import change_audiences
from theatre.documents import words
from theatre.documents.papers import cancellation_rule
from theatre.queries import bookings, moving, seatmap
from theatre.queries.bookings import SeenBooking
from theatre.rules.coupons import CouponRefused
from theatre.rules.refusals import Refused
from theatre.rules.seating import SeatTwice
from theatre.templatetags.look import clock
from theatre.web import orders
from theatre.web.alone import Alone, alone
from theatre.web.audiences import asked as asked_audiences
from theatre.web.audiences import of_seats as audiences_of_seats
from theatre.web.audiences import seats_for
from theatre.web.coupon import coupon_form as coupon_form_of
from theatre.web.coupon import priced
from theatre.web.customer.forms import PayForm, SignInHere, SignUpHere
from theatre.web.doors import TheatreRequest, needs
from theatre.web.middleware import begin_session
from theatre.web.on_sale import why_closed
from theatre.web.parts import refusals_said


@needs(Permission.HOLD_SEATS)
@require_POST
def hold_seats(request: TheatreRequest) -> HttpResponse:
    """Hold the chosen seats, in place of those this person holds for the same show; then the review."""
    if request.actor.is_stranger:
        begin_session(request)
    show_id = orders.numbers([request.POST.get("show", "")])[0]
    seats = orders.numbers(request.POST.getlist("seat"))
    actor = request.actor
    try:
        held = hold.hold_seats(
            by=actor,
            show_id=show_id,
            seat_ids=seats,
            audiences=audiences_of_seats(request.POST.getlist("for")),
            replaces_own=not actor.is_staff,
        )
    except hold.ShowUnknown as unknown:
        raise Http404 from unknown
    except Refused as refusal:
        return _back_to_the_seats(request, show_id, seats, refusal)
    if actor.is_staff:
        return redirect("counter_sale", held.ref)
    return redirect("checkout", held.ref)


def _back_to_the_seats(
    request: TheatreRequest, show_id: int, seats: list[int], refusal: Refused
) -> HttpResponse:
    """The seat page again with the sentence; what can still be had stays chosen."""
    messages.error(request, refusal.sentence)
    lost = set() if isinstance(refusal, SeatTwice) else set(refusal.data.get("seats", ()))
    kept = [("seat", seat) for seat in dict.fromkeys(seats) if seat > 0 and seat not in lost]
    page = reverse("seats", args=[show_id])
    return redirect(f"{page}?{urlencode(kept[:20])}" if kept else page)


@needs(Permission.HOLD_SEATS)
@require_safe
def review(request: TheatreRequest, ref: str) -> HttpResponse:
    """What is about to be booked, what it costs and why; typing a coupon writes nothing."""
    booking = orders.booking_or_404(request.actor, ref)
    if booking.ref != ref:
        return redirect("checkout", booking.ref)
    return _elsewhere(request.actor, booking) or _review(request, booking, request.GET.get("coupon", ""))


@needs(Permission.BOOK)
def pay(request: TheatreRequest, ref: str) -> HttpResponse:
    """Confirm at the total that was shown, once however often it is pressed."""
    if request.method != "POST":  # come back from signing in
        return redirect("checkout", ref)
    booking = orders.booking_or_404(request.actor, ref)
    asked = {name: request.POST.get(name, "")[:80] for name in ("shown_total", "coupon", "method")}
    if others := asked_audiences(booking, request.POST):
        return _with_others(request, booking, others, asked["coupon"])
    shown = orders.amount(asked["shown_total"])
    once = orders.once_for(
        request.actor.user_id, "page:confirm", request.POST.get("key", ""), [booking.ref, asked]
    )
    if not asked["method"]:
        return _elsewhere(request.actor, booking) or _review(request, booking, asked["coupon"], refused=True)
    try:
        coupon_tries.count(request.actor, asked["coupon"])
        confirm.confirm_booking(
            by=request.actor,
            ref=booking.ref,
            # A total nobody can read was not shown: the present one is shown instead.
            shown_total=Decimal(-1) if shown is None else shown,
            method=asked["method"],
            coupon_code=asked["coupon"],
            once=once,
        )
    except Refused as refusal:
        booking = orders.booking_or_404(request.actor, ref)
        if not booking.is_live_hold:
            return redirect("checkout", booking.ref)
        return _elsewhere(request.actor, booking) or _review(
            request, booking, asked["coupon"], refusal, refused=True
        )
    return redirect("booking", booking.ref)


@needs(Permission.HOLD_SEATS)
@require_POST
def audiences(request: TheatreRequest, ref: str) -> HttpResponse:
    """Who the seats are for; the review then shows the price, with the coupon that was typed."""
    booking = orders.booking_or_404(request.actor, ref)
    with refusals_said(request):
        change_audiences(by=request.actor, ref=booking.ref, audiences=asked_audiences(booking, request.POST))
    page = reverse("checkout", args=[booking.ref])
    return redirect(orders.with_coupon(page, request.POST.get("coupon", "")))


def _with_others(
    request: TheatreRequest, booking: SeenBooking, others: dict[int, str], coupon: str
) -> HttpResponse:
    """Paying was pressed with other audiences than the price was for: the new price is shown first."""
    fresh, refusal = orders.with_other_audiences(request.actor, booking.ref, others)
    if not fresh.is_live_hold:
        return redirect("checkout", fresh.ref)
    return _elsewhere(request.actor, fresh) or _review(request, fresh, coupon, refusal, refused=True)


@needs(Permission.HOLD_SEATS)
@require_POST
def extend(request: TheatreRequest, ref: str) -> HttpResponse:
    """More time, with one press."""
    booking = orders.booking_or_404(request.actor, ref)
    with refusals_said(request):
        longer = keep.extend_hold(by=request.actor, ref=booking.ref)
        until = _("Held for you until %(time)s") % {"time": clock(longer.held_until)}
        last = _(". That was the last time it could be made longer") if longer.last else ""
        messages.success(request, until + last)
    return redirect("checkout", booking.ref)


@needs(Permission.HOLD_SEATS)
@require_POST
def release(request: TheatreRequest, ref: str) -> HttpResponse:
    """Give the seats back, and choose again."""
    booking = orders.booking_or_404(request.actor, ref)
    with refusals_said(request):
        keep.release_hold(by=request.actor, ref=booking.ref)
        messages.success(request, _("Seats released. Nothing was charged"))
        return redirect("seats", booking.show_id)
    return redirect("checkout", booking.ref)


def _elsewhere(actor: Actor, booking: SeenBooking) -> HttpResponse | None:
    """Where a booking that is no longer held, or that is sold at the counter, has its page."""
    if actor.is_staff:
        return redirect("counter_sale", booking.ref)
    return redirect("booking", booking.ref) if booking.state in ("confirmed", "cancelled") else None


def _review(
    request: TheatreRequest,
    booking: SeenBooking,
    coupon: str,
    refusal: Refused | None = None,
    *,
    refused: bool = False,
) -> HttpResponse:
    if not booking.is_live_hold:
        return _ended(request, booking)
    actor = request.actor
    coupon_form = coupon_form_of(coupon)
    checkout = priced(request, booking, coupon_form)
    methods = [(method, words.way_of_paying(method)) for method in confirm.methods_of(actor)]
    form = PayForm(request.POST if refused else None, methods=methods)
    form.is_valid()  # so that what is missing is said beside it
    order = orders.order_of(checkout)
    back = {"next": reverse("checkout", args=[booking.ref])}
    context: dict[str, Any] = {
        "steps": 2,
        "booking": booking,
        "order": order,
        "hold": orders.held_online(actor, booking),
        "seats_for": seats_for(booking),
        "audience_url": reverse("change_audiences", args=[booking.ref]),
        "alone": _left_alone(actor, booking),
        "seats": orders.seats_in_words([ticket.seat for ticket in booking.tickets]),
        "coupon_form": coupon_form,
        "applied": checkout.quote.coupon_code or "",
        "note": checkout.quote.note,
        "problem": _problem(refusal),
        "form": form,
        "key": orders.new_key(),
        "rule": cancellation_rule(),
        "sign_up": SignUpHere(auto_id="new_%s"),
        "sign_in": SignInHere(auto_id="known_%s"),
        "query": urlencode(back),
        "back": back["next"],
    }
    if coupon_form.errors:
        context["errors"] = True
    return render(request, "customer/review.html", context, status=409 if refused else 200)


def _left_alone(actor: Actor, booking: SeenBooking) -> Alone | None:
    seen = seatmap.for_show(actor, booking.show_id)
    return alone(seen, {ticket.seat_id for ticket in booking.tickets}) if seen else None


def _problem(refusal: Refused | None) -> str:
    """What stands above the page; a coupon's sentence stands at its field."""
    at_its_field = isinstance(refusal, CouponRefused) or (refusal is not None and refusal.field == "coupon")
    return "" if refusal is None or at_its_field else refusal.sentence


def _ended(request: TheatreRequest, booking: SeenBooking) -> HttpResponse:
    """The hold ran out; what is still free can be held again with one press. Other seats held meanwhile, in another
    tab or on another device, are this person's hold now."""
    now_held = bookings.current_hold(request.actor, booking.show_id)
    if now_held is not None:
        messages.info(request, _("Those seats are no longer held. These are the ones you hold now"))
        return redirect("checkout", now_held)
    seen = seatmap.for_show(request.actor, booking.show_id)
    closed = why_closed(seen) if seen else _("This show is no longer on sale.")
    free = [
        ticket
        for ticket in booking.tickets
        if seen and not closed and ticket.seat_id in seen.plan.by_id and ticket.seat_id not in seen.states
    ]
    released = booking.ended_at is not None and booking.ended_at < booking.held_until
    context = {
        "closed": closed,
        "released": released,
        "ended_at": booking.ended_at if released else booking.held_until,
        "steps": 2,
        "booking": booking,
        "free": free,
        "seats": orders.seats_in_words([ticket.seat for ticket in free]),
        "all": len(free) == len(booking.tickets),
        "hold_minutes": orders.hold_minutes(request.actor),
        "moved": moving.moved_while_held(booking.id),
    }
    return render(request, "customer/hold_ended.html", context, status=410)
