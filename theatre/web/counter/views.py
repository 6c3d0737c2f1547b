"""The box-office counter: a show, its seats, cash or card, next please."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from theatre.access import Permission
from theatre.actions.booking import confirm, hold, keep
from theatre.actions.booking.audience import change_audiences
from theatre.documents import words
from theatre.queries import bookings, programme, quotes, seatmap
from theatre.queries.bookings import Checkout, SeenBooking
from theatre.queries.seatmap import HELD, YOURS, ShowSeats
from theatre.rules.bestseats import best_seats
from theatre.rules.bookings import check_sale, may_sell, normalise_reference
from theatre.rules.refusals import Refused
from theatre.rules.seating import Seat
from theatre.rules.shows import check_state_sells
from theatre.web import orders
from theatre.web.audiences import asked, seats_for
from theatre.web.counter.forms import FindForm, GuestForm, TakeForm
from theatre.web.coupon import CouponForm, priced
from theatre.web.coupon import coupon_form as coupon_form_of
from theatre.web.doors import TheatreRequest, needs
from theatre.web.parts import refusals_said
from theatre.web.seatmap_html import render_legend, render_map

A_PAGE = 25
MOST_BEST = 9


@needs(Permission.SELL)
@require_safe
def counter(request: TheatreRequest) -> HttpResponse:
    """The shows of the day that can still be sold, by time, each with its key."""
    today, now = programme.today()
    asked = (
        _day(request.GET.get("day", ""), today)
        or programme.next_day_with_shows(today - timedelta(days=1))
        or today
    )
    times = [
        {"movie": movie, "show": time, "key": ""}
        for movie in programme.on_day(asked)
        for time in movie.times
        if may_sell(now, time.starts_at, True, settings.COUNTER_SALES_AFTER_START_MINUTES)
    ]
    times.sort(key=lambda entry: (entry["show"].starts_at, entry["show"].id))  # type: ignore[attr-defined]
    for number, entry in enumerate(times[:9], start=1):
        entry["key"] = str(number)
    context = {
        "page": "counter",
        "times": times,
        "now": now,
        "day": asked,
        "today": today,
        "before": asked - timedelta(days=1) if asked > today else None,
        "after": asked + timedelta(days=1),
        "after_href": f"?day={asked + timedelta(days=1)}",
        "find": FindForm(),
    }
    return render(request, "counter/counter.html", context)


@needs(Permission.SELL)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: TheatreRequest, show_id: int) -> HttpResponse:
    """The seats of a show, and who they are for; pressing holds them."""
    seen = seatmap.for_show(request.actor, show_id) if show_id < 2**63 else None
    if seen is None:
        raise Http404
    form = GuestForm(request.POST if request.method == "POST" else None)
    problem, ticked = "", _ticked(seen, request.GET)
    if request.method == "POST":
        asked = orders.numbers(request.POST.getlist("seat"))
        ticked = [seat for seat in seen.plan.seats if seat.id in asked and seat.id not in seen.states]
        if form.is_valid():
            try:
                held = _hold(request, seen.show_id, asked, form)
            except Refused as refusal:
                if refusal.field in form.fields:
                    form.add_error(refusal.field, refusal.sentence)
                else:
                    problem = refusal.sentence
                lost = set(refusal.data.get("seats", ()))
                ticked = [seat for seat in ticked if seat.id not in lost]
            else:
                return redirect("counter_sale", held.ref)
    ids = {seat.id for seat in ticked}
    context = {
        "page": "counter",
        "seen": seen,
        "form": form,
        "problem": problem,
        "errors": bool(problem),
        "closed": _closed(seen),
        "ticked": ticked,
        "numbers": range(1, MOST_BEST + 1),
        # nosemgrep: markup-declared-safe - escaped where it is made
        "map": mark_safe(  # noqa: S308 - escaped where it is made
            render_map(
                seen.plan, seen.prices, _as_others(seen), ticked=ids, by_staff=True, guests=seen.guests
            )
        ),
        # nosemgrep: markup-declared-safe - escaped where it is made
        "legend": mark_safe(render_legend(seen.plan, seen.prices, by_staff=True)),  # noqa: S308 - escaped where it is made
    }
    refused = request.method == "POST"
    return render(request, "counter/show.html", context, status=409 if refused else 200)


def _as_others(seen: ShowSeats) -> dict[int, str]:
    """What this person holds for somebody else is not for the next in line."""
    return {seat: HELD if state == YOURS else state for seat, state in seen.states.items()}


def _closed(seen: ShowSeats) -> str:
    """Why this show cannot be sold here now; empty when it can."""
    try:
        check_state_sells(seen.state)
        check_sale(
            now=seen.now, starts_at=seen.starts_at, by_staff=True, zone=quotes.ZONE,
            grace_minutes=settings.COUNTER_SALES_AFTER_START_MINUTES,
        )  # fmt: skip
    except Refused as refusal:
        return refusal.sentence
    return ""


def _hold(request: TheatreRequest, show_id: int, seats: list[int], form: GuestForm) -> hold.Hold:
    who = form.cleaned_data
    return hold.hold_seats(
        by=request.actor,
        show_id=show_id,
        seat_ids=seats,
        for_customer=who["customer"] or None,
        guest_name=who["guest_name"],
        guest_email=who["guest_email"],
    )


def _ticked(seen: ShowSeats, asked: Any) -> list[Seat]:
    """The seats the address names that are free, or the best so many together."""
    best = asked.get("best", "")
    if best.isascii() and best.isdigit() and 1 <= int(best[:3]) <= MOST_BEST:
        found = best_seats(seen.plan.seats, frozenset(seen.states), int(best))
        return list(found.seats) if found else []
    wanted = set(orders.numbers(asked.getlist("seat")))
    return [seat for seat in seen.plan.seats if seat.id in wanted and seat.id not in seen.states]


@needs(Permission.SELL)
@require_http_methods(["GET", "HEAD", "POST"])
def sale(request: TheatreRequest, ref: str) -> HttpResponse:
    """A held sale is paid here; a paid one shows the change and its papers."""
    booking = orders.booking_or_404(request.actor, ref)
    if booking.ref != ref:
        return redirect("counter_sale", booking.ref)
    if booking.state == "confirmed":
        return _sold(request, booking)
    if booking.state == "cancelled":
        return redirect("booking", booking.ref)
    if not booking.is_live_hold:
        messages.error(
            request, _("This sale’s seats are no longer held. Nothing was charged. Choose them again")
        )
        kept = "&".join(f"seat={ticket.seat_id}" for ticket in booking.tickets)
        return redirect(f"{reverse('counter_show', args=[booking.show_id])}?{kept}")
    return _take(request, booking) if request.method == "POST" else _to_pay(request, booking)


@needs(Permission.SELL)
@require_POST
def audiences(request: TheatreRequest, ref: str) -> HttpResponse:
    """Who the seats are for, before they are paid; the coupon that was typed stays."""
    booking = orders.booking_or_404(request.actor, ref)
    with refusals_said(request):
        change_audiences(by=request.actor, ref=booking.ref, audiences=asked(booking, request.POST))
    return redirect(
        orders.with_coupon(reverse("counter_sale", args=[booking.ref]), request.POST.get("coupon", ""))
    )


def _take(request: TheatreRequest, booking: SeenBooking) -> HttpResponse:
    coupon = request.POST.get("coupon", "")[:80]
    if others := asked(booking, request.POST):
        return _with_others(request, booking, others, coupon)
    coupon_form = coupon_form_of(coupon)
    form = _take_form(request, priced(request, booking, coupon_form))
    shown = orders.amount(request.POST.get("shown_total", ""))
    if not form.is_valid() or coupon_form.errors:
        return _to_pay(request, booking, form, coupon_form=coupon_form)
    method, given = form.cleaned_data["method"], form.cleaned_data["given"]
    if method == "complimentary":
        shown = Decimal(0)
    once = orders.once_for(
        request.actor.user_id,
        "page:sale",
        request.POST.get("key", ""),
        [booking.ref, method, coupon, str(shown)],
    )
    try:
        confirm.confirm_booking(
            by=request.actor,
            ref=booking.ref,
            shown_total=Decimal(-1) if shown is None else shown,
            method=method,
            coupon_code=coupon,
            once=once,
        )
    except Refused as refusal:
        fresh = orders.booking_or_404(request.actor, booking.ref)
        if not fresh.is_live_hold:
            return redirect("counter_sale", booking.ref)
        return _to_pay(request, fresh, form, refusal, coupon_form)
    here = reverse("counter_sale", args=[booking.ref])
    # nosemgrep: redirect-to-what-was-asked - begins with a page of ours
    return redirect(f"{here}?given={given}" if given is not None else here)


def _with_others(
    request: TheatreRequest, booking: SeenBooking, others: dict[int, str], coupon: str
) -> HttpResponse:
    """The sale was pressed with other audiences than its price is for: the new price is shown first."""
    fresh, refusal = orders.with_other_audiences(request.actor, booking.ref, others)
    if not fresh.is_live_hold:
        return redirect("counter_sale", booking.ref)
    return _to_pay(request, fresh, None, refusal, coupon_form_of(coupon))


def _to_pay(
    request: TheatreRequest,
    booking: SeenBooking,
    form: TakeForm | None = None,
    refusal: Refused | None = None,
    coupon_form: CouponForm | None = None,
) -> HttpResponse:
    if coupon_form is None:
        coupon_form = coupon_form_of(request.GET.get("coupon", ""))
    checkout = priced(request, booking, coupon_form)
    here = reverse("counter_sale", args=[booking.ref])
    context = {
        "page": "counter",
        "booking": booking,
        "order": orders.order_of(checkout),
        "hold": orders.held_of(
            booking,
            here,
            reverse("counter_extend", args=[booking.ref]),
            reverse("counter_drop", args=[booking.ref]),
        ),
        "seats_for": seats_for(booking),
        "audience_url": reverse("counter_audiences", args=[booking.ref]),
        "form": form or _take_form(request, checkout),
        "coupon_form": coupon_form,
        "applied": checkout.quote.coupon_code or "",
        "note": checkout.quote.note,
        "problem": refusal.sentence if refusal else "",
        "errors": bool(refusal or coupon_form.errors),
        "key": orders.new_key(),
        "here": here,
    }
    return render(request, "counter/sale.html", context, status=409 if form or refusal else 200)


def _take_form(request: TheatreRequest, checkout: Checkout) -> TakeForm:
    methods = [(method, words.way_of_paying(method)) for method in confirm.methods_of(request.actor)]
    return TakeForm(
        request.POST if request.method == "POST" else None, methods=methods, total=checkout.quote.total
    )


def _sold(request: TheatreRequest, booking: SeenBooking) -> HttpResponse:
    given = orders.amount(request.GET.get("given", ""))
    total = booking.total or Decimal(0)
    context = {
        "page": "counter",
        "booking": booking,
        "seats": orders.seats_in_words([ticket.seat for ticket in booking.tickets if ticket.state == "sold"]),
        "method": words.way_of_paying(booking.method),
        "given": given if given is not None and given >= total else None,
        "change": given - total if given is not None and given >= total else None,
    }
    return render(request, "counter/sold.html", context)


@needs(Permission.SELL)
@require_POST
def extend(request: TheatreRequest, ref: str) -> HttpResponse:
    """More time for the person at the counter."""
    with refusals_said(request):
        keep.extend_hold(by=request.actor, ref=orders.booking_or_404(request.actor, ref).ref)
    return redirect("counter_sale", ref)


@needs(Permission.SELL)
@require_POST
def drop(request: TheatreRequest, ref: str) -> HttpResponse:
    """Void the sale: the seats are free again."""
    with refusals_said(request):
        keep.release_hold(by=request.actor, ref=orders.booking_or_404(request.actor, ref).ref)
        messages.success(request, _("Sale dropped. The seats are free again"))
        return redirect("counter")
    return redirect("counter_sale", ref)


@needs(Permission.SEE_BOOKINGS)
@require_safe
def sales(request: TheatreRequest) -> HttpResponse:
    """The bookings this person looks after, the newest first, and any of them by its reference."""
    if not request.actor.is_staff:
        return redirect("my_tickets")
    find = FindForm(request.GET if request.GET.get("ref") else None)
    if find.is_valid() and find.cleaned_data["ref"]:
        known = normalise_reference(find.cleaned_data["ref"])
        found = bookings.detail(request.actor, known) if known else None
        if found is not None:
            return redirect("counter_sale" if found.state == "held" else "booking", found.ref)
        find.add_error("ref", _("You have no sale with this reference. Check it, it has 8 characters"))
    number = orders.page_number(request.GET.get("page", "1"))
    rows, count = bookings.page(request.actor, number, A_PAGE, states=["confirmed", "cancelled"])
    context = {
        "page": "counter_sales",
        "find": find,
        "form": find,
        "rows": rows,
        "pages": Paginator(range(count), A_PAGE).get_page(number),
        "query": "",
        "count": count,
    }
    return render(request, "counter/sales.html", context)


def _day(typed: str, today: date) -> date | None:
    """The day that was asked for, within a year of today; None when it is none."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if abs(day - today) < timedelta(days=366) else None
