"""Seats for guests of the house: the list, keeping seats, and what becomes of a reservation."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from theatre.access import Permission
from theatre.actions.vip import book as booking
from theatre.actions.vip import reserve as doing
from theatre.queries import board, programme, seatmap
from theatre.queries import vip as seeing
from theatre.queries.seatmap import HELD, YOURS, ShowSeats
from theatre.queries.vip import Seen, Wanted
from theatre.rules.money import as_text
from theatre.rules.refusals import Refused
from theatre.templatetags.look import clock, short_day
from theatre.web.doors import TheatreRequest, needs
from theatre.web.office.board import asked as asked_days
from theatre.web.office.vip_forms import BookForm, FindForm, KeepForm, ReserveForm
from theatre.web.orders import amount, new_key, numbers, once_as_sent, once_for, seats_in_words
from theatre.web.parts import refusals_on, refusals_said
from theatre.web.seatmap_html import render_legend, render_map

A_PAGE = 25
OPEN = ("planned", "on_sale")


@needs(Permission.RESERVE_VIP)
@never_cache
@require_safe
def reservations(request: TheatreRequest) -> HttpResponse:
    """Who is expected: today, on a day, or at any show to come; a page at a time."""
    today, now = programme.today()
    form = FindForm({"span": seeing.TODAY, **request.GET.dict()})
    valid = form.is_valid()
    asked = {name: form.cleaned_data.get(name) for name in form.fields}
    wanted = Wanted(asked["span"] or seeing.TODAY, asked["day"], asked["state"] or "", asked["text"] or "")
    pages = Paginator(range(seeing.count(wanted, today) if valid else 0), A_PAGE).get_page(
        request.GET.get("page")
    )
    kept = urlencode({name: value for name, value in asked.items() if value})
    context = {
        "page": "vip",
        "form": form,
        "rows": seeing.page(wanted, today, max(0, pages.start_index() - 1), A_PAGE)
        if pages.object_list
        else [],
        "pages": pages,
        "count": pages.paginator.count,
        "query": f"{kept}&" if kept else "",
        "narrowed": bool(asked["text"] or asked["state"]),
        "only_today": wanted.span == seeing.TODAY and not wanted.day,
        "now": now,
    }
    return render(request, "office/vip.html", context, status=200 if valid else 422)


@needs(Permission.RESERVE_VIP)
@never_cache
@require_safe
def new(request: TheatreRequest) -> HttpResponse:
    """The shows of a day, to choose one of."""
    today, now = programme.today()
    day = asked_days(request.GET, today).first if request.GET.get("day") else today
    seen = board.board(day, 1, now)
    shows = [
        (block, lane)
        for lane in seen.days[0].lanes
        for block in lane.blocks
        if block.state in OPEN and not block.over
    ]
    context = {
        "page": "vip",
        "shows": sorted(shows, key=lambda each: (each[0].starts_at, each[0].id)),
        "day": day,
        "today": today,
        "before": day - timedelta(days=1) if day > today else None,
        "after": day + timedelta(days=1),
        "after_href": f"?day={day + timedelta(days=1)}",
    }
    return render(request, "office/vip_new.html", context)


@needs(Permission.RESERVE_VIP)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reserve(request: TheatreRequest, show_id: int) -> HttpResponse:
    """The seats of a show, and whom they are kept for."""
    seen = seatmap.for_show(request.actor, show_id) if show_id < 2**63 else None
    if seen is None:
        raise Http404
    if request.method != "POST":
        return _map_page(request, seen, ReserveForm(initial={"key": new_key()}), [])
    chosen = numbers(request.POST.getlist("seat"))
    form = ReserveForm(request.POST)
    problem: Refused | None = None
    if form.is_valid():
        try:
            reserved = _reserve(request, show_id, chosen, form)
        except Refused as refusal:
            if refusal.field in form.fields:
                form.add_error(refusal.field, refusal.sentence)
            else:
                problem = refusal
        else:
            kept = _found(reserved).reservation
            said = {"seats": seats_in_words(list(kept.seats)), "guest": kept.guest_name}
            messages.success(request, _("%(seats)s: kept for %(guest)s") % said)
            return redirect("vip_reservation", reserved)
    return _map_page(request, seen, form, chosen, problem)


def _reserve(request: TheatreRequest, show_id: int, chosen: list[int], form: ReserveForm) -> int:
    given = form.cleaned_data
    body = {name: request.POST.getlist(name) for name in request.POST if name != "csrfmiddlewaretoken"}
    return doing.reserve_seats(
        by=request.actor, show_id=show_id, seat_ids=chosen, guest_name=given["guest_name"],
        guest_email=given["guest_email"], note=given["note"], complimentary=given["price"] == "complimentary",
        release_minutes=given["release_minutes"],
        once=once_as_sent(request.actor.user_id, f"page:vip:{show_id}", given["key"], body),
    )  # fmt: skip


def _map_page(
    request: TheatreRequest,
    seen: ShowSeats,
    form: ReserveForm,
    chosen: list[int],
    problem: Refused | None = None,
) -> HttpResponse:
    lost = set(problem.data.get("seats", ())) if problem else set()
    ticked = {seat for seat in chosen if seat not in seen.states} - lost
    others = {seat: HELD if state == YOURS else state for seat, state in seen.states.items()}
    context = {
        "page": "vip",
        "seen": seen,
        "form": form,
        "problem": problem.sentence if problem else "",
        "open": seen.state in OPEN and seen.ends_at > seen.now,
        # nosemgrep: markup-declared-safe - escaped where it is made
        "map": mark_safe(  # noqa: S308 - escaped where it is made
            render_map(seen.plan, seen.prices, others, ticked=ticked, by_staff=True, guests=seen.guests)
        ),
        # nosemgrep: markup-declared-safe - escaped where it is made
        "legend": mark_safe(render_legend(seen.plan, seen.prices, by_staff=True)),  # noqa: S308 - escaped where it is made
    }
    status = 409 if problem else 422 if form.errors else 200
    return render(request, "office/vip_reserve.html", context, status=status)


@needs(Permission.RESERVE_VIP)
@never_cache
@require_safe
def reservation(request: TheatreRequest, reservation_id: int) -> HttpResponse:
    """Whom the seats are for, until when they are kept, who did what, and what can be done."""
    return _page(request, _found(reservation_id))


@needs(Permission.RESERVE_VIP)
@require_POST
def keep(request: TheatreRequest, reservation_id: int) -> HttpResponse:
    """Let the seats go back on sale at another time, or not by themselves."""
    seen, never = _found(reservation_id), "never" in request.POST
    form = KeepForm(request.POST)
    if never or form.is_valid():
        minutes = None if never else form.cleaned_data["release_minutes"]
        with refusals_said(request) if never else refusals_on(form):
            doing.keep_reservation(by=request.actor, reservation_id=reservation_id, release_minutes=minutes)
            kept = _("The seats are kept until you release them")
            messages.success(request, kept if never else _until(_found(reservation_id)))
            return redirect("vip_reservation", reservation_id)
        if never:
            return redirect("vip_reservation", reservation_id)
    return _page(request, seen, keep_form=form)


def _until(seen: Seen) -> str:
    moment = seen.reservation.release_at
    assert moment is not None  # noqa: S101 - it was just given one
    return _("The seats go back on sale %(when)s") % {"when": _moment(moment)}


def _moment(moment: datetime) -> str:
    return f"{short_day(moment)}, {clock(moment)}"


@needs(Permission.RESERVE_VIP)
@require_POST
def release(request: TheatreRequest, reservation_id: int) -> HttpResponse:
    """Put the seats back on sale."""
    _found(reservation_id)
    with refusals_said(request):
        doing.release_reservation(by=request.actor, reservation_id=reservation_id)
        messages.success(request, _("Released. The seats are on sale again"))
    return redirect("vip_reservation", reservation_id)


@needs(Permission.RESERVE_VIP)
@require_POST
def book(request: TheatreRequest, reservation_id: int) -> HttpResponse:
    """Turn the seats into a booking, at the total that was shown."""
    seen = _found(reservation_id)
    free = seen.reservation.complimentary
    form = BookForm(request.POST)
    if not free and not form.is_valid():
        return _page(request, seen, book_form=form)
    method = "complimentary" if free else form.cleaned_data["method"]
    shown = amount(request.POST.get("shown_total", ""))
    route, key = f"page:vip_book:{reservation_id}", request.POST.get("key", "")
    try:
        done = booking.book_reservation(
            by=request.actor, reservation_id=reservation_id,
            shown_total=Decimal(-1) if shown is None else shown, method=method,
            once=once_for(request.actor.user_id, route, key, [method, str(shown)]),
        )  # fmt: skip
    except Refused as refusal:
        fresh = _found(reservation_id)
        return _page(request, fresh, book_form=None if free else form, problem=refusal.sentence)
    messages.success(request, _("Booked for %(guest)s") % {"guest": seen.reservation.guest_name})
    return redirect("booking", done.ref)


def _found(reservation_id: int) -> Seen:
    found = seeing.reservation(reservation_id) if reservation_id < 2**63 else None
    if found is None:
        raise Http404
    return found


def _page(
    request: TheatreRequest,
    seen: Seen,
    *,
    keep_form: KeepForm | None = None,
    book_form: BookForm | None = None,
    problem: str = "",
) -> HttpResponse:
    refused: Form | None = keep_form or book_form
    events = seeing.events_of(seen.reservation.id)
    context: dict[str, Any] = {
        "page": "vip",
        "seen": seen,
        "kept": seen.reservation,
        "seats": seats_in_words(list(seen.reservation.seats)),
        "sellable": seen.show_state == "on_sale" and not seen.is_over and not seen.unpriced,
        "unpriced": seats_in_words(list(seen.unpriced)),
        "shown_total": as_text(seen.quote.total, seen.quote.places) if seen.quote else "",
        "events": events,
        "ended_with_its_show": seen.reservation.state == "released"
        and [event.verb for event in events[-1:]] not in ([], ["release_vip"]),
        "keep_form": keep_form or KeepForm(initial={"release_minutes": seen.release_minutes}),
        "book_form": book_form or BookForm(initial={"method": "cash"}),
        "form": refused,
        "key": new_key(),
        "problem": problem,
    }
    status = 409 if problem else 422 if refused is not None else 200
    return render(request, "office/vip_reservation.html", context, status=status)
