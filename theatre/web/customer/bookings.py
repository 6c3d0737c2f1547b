"""What was booked: the tickets, their papers, giving them back, and everything of mine."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from theatre.access import Actor, Permission
from theatre.actions.booking import cancel
from theatre.documents import papers, qr, words
from theatre.documents.record import code_of, ticket_code
from theatre.queries import changing, days, links, moving, mytickets, quotes, waiting
from theatre.queries.bookings import SeenBooking, SeenTicket
from theatre.queries.mytickets import Coming
from theatre.queries.papers import Paper, papers_of
from theatre.rules.bookings import CANCEL, Deed, check_cancel, may_cancel
from theatre.rules.refusals import Refused
from theatre.rules.roles import MANAGEMENT
from theatre.templatetags.look import money, screen
from theatre.web import orders
from theatre.web.customer.forms import ReasonForm
from theatre.web.doors import TheatreRequest, needs

A_PAGE = 25
ARRIVE_MINUTES = 10


@needs(Permission.SEE_BOOKINGS)
@require_safe
def booking(request: TheatreRequest, ref: str) -> HttpResponse:
    """The confirmation, at the same address for ever: tickets to show, papers, what happens next."""
    seen = orders.booking_or_404(request.actor, ref)
    if seen.ref != ref:
        return redirect("booking", seen.ref)
    if seen.state in ("held", "lapsed"):
        return redirect("checkout", seen.ref)
    sale, *notes = papers_of(seen.id)
    context = {
        "page": "my_tickets",
        "booking": seen,
        "cards": [ticket_card(seen, ticket) for ticket in seen.tickets if ticket.state == "sold"],
        "returned": [ticket for ticket in seen.tickets if ticket.state == "returned"],
        "show": show_on_card(seen),
        "sale": sale,
        "notes": notes,
        "over": seen.ends_at <= seen.now,
        "arrive": seen.starts_at - timedelta(minutes=ARRIVE_MINUTES),
        "why_not": why_not(request.actor, seen),
        "related": changing.related(seen.id),
        "moved": moving.answer_of(seen.id),
        "moved_page": links.to_moved(seen.id),
    }
    return render(request, "customer/booking.html", context)


@needs(Permission.SEE_BOOKINGS)
@require_safe
def tickets_pdf(request: TheatreRequest, ref: str) -> HttpResponse:
    """The tickets on A4, three to a page."""
    return _tickets(request, ref, papers.tickets_pdf, "tickets")


@needs(Permission.SEE_BOOKINGS)
@require_safe
def tickets_roll(request: TheatreRequest, ref: str) -> HttpResponse:
    """The tickets for the roll of a counter's printer, 80 mm wide."""
    return _tickets(request, ref, papers.tickets_roll, "roll")


@needs(Permission.SEE_BOOKINGS)
@require_safe
def invoice_pdf(request: TheatreRequest, ref: str) -> HttpResponse:
    """The invoice as it was issued."""
    seen, sale, _notes = _papers(request, ref)
    return _file(papers.invoice_pdf(seen, sale), "application/pdf", f"invoice-{sale.number}.pdf")


@needs(Permission.SEE_BOOKINGS)
@require_safe
def credit_note_pdf(request: TheatreRequest, ref: str, number: str) -> HttpResponse:
    """One credit note of the booking."""
    seen, sale, notes = _papers(request, ref)
    for note in notes:
        if note.number == number:
            return _file(
                papers.credit_note_pdf(seen, sale, note), "application/pdf", f"credit-note-{note.number}.pdf"
            )
    raise Http404


@needs(Permission.SEE_BOOKINGS)
@require_safe
def show_ics(request: TheatreRequest, ref: str) -> HttpResponse:
    """The show for a calendar; of a cancelled booking the file that takes it off again."""
    seen, _sale, notes = _papers(request, ref)
    content = papers.calendar_file(seen, sequence=len(notes) + moving.times_moved(seen.id))
    return _file(content, "text/calendar; charset=utf-8", f"show-{seen.ref}.ics")


@needs(Permission.CANCEL_BOOKINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel_booking(request: TheatreRequest, ref: str) -> HttpResponse:
    """What is cancelled, what comes back, by when; all tickets, or those that were chosen."""
    seen = orders.booking_or_404(request.actor, ref)
    if seen.state != "confirmed":
        return redirect("booking", seen.ref)
    asked = request.POST if request.method == "POST" else request.GET
    chosen = set(orders.numbers(asked.getlist("ticket")))
    live = [ticket for ticket in seen.tickets if ticket.state == "sold"]
    going = [ticket for ticket in live if ticket.id in chosen]
    if not chosen or (not going and request.method != "POST"):
        going = live
    needs_reason = request.actor.role in MANAGEMENT
    form = ReasonForm(request.POST if request.method == "POST" else None)
    problem = why_not(request.actor, seen)
    if request.method == "POST" and not problem and (not needs_reason or form.is_valid()):
        try:
            _cancel(request, seen, going, form.cleaned_data["reason"] if needs_reason else "")
        except Refused as refusal:
            problem = refusal.sentence
        else:
            return redirect("booking", seen.ref)
    elif request.method != "POST":
        form = ReasonForm()
    number = len(going)
    context: dict[str, Any] = {
        "page": "my_tickets",
        "booking": seen,
        "live": live,
        "going": going,
        "going_ids": {ticket.id for ticket in going},
        "show": show_on_card(seen),
        "back": _refund(going),
        "method": words.way_of_paying(seen.method),
        "problem": problem,
        "needs_reason": needs_reason,
        "form": form if needs_reason else None,
        "key": request.POST.get("key") or orders.new_key(),
        "press": ngettext("Cancel this ticket", "Cancel these %(number)d tickets", number)
        % {"number": number},
        "keep": ngettext("Keep it", "Keep them", number),
    }
    refused = request.method == "POST"
    return render(request, "customer/cancel.html", context, status=409 if refused else 200)


def _cancel(request: TheatreRequest, seen: SeenBooking, going: list[SeenTicket], reason: str) -> None:
    ids = [ticket.id for ticket in going]
    key = request.POST.get("key", "")
    cancel.cancel_booking(
        by=request.actor,
        ref=seen.ref,
        reason=reason,
        tickets=ids,
        once=orders.once_for(request.actor.user_id, "page:cancel", key, [seen.ref, ids, reason]),
    )
    done = ngettext("Ticket cancelled", "%(number)d tickets cancelled", len(ids)) % {"number": len(ids)}
    back = _(". %(amount)s goes back to you") % {"amount": money(_refund(going))} if _refund(going) else ""
    messages.success(request, done + back)


@needs(Permission.OWN_ACCOUNT)
@require_safe
def my_tickets(request: TheatreRequest) -> HttpResponse:
    """What is coming first, large; what was, and what was cancelled, as tables."""
    customer = request.actor.customer_id
    if customer is None:
        return redirect("counter_sales")
    shelf = "cancelled" if request.GET.get("show") == "cancelled" else "past"
    number = orders.page_number(request.GET.get("page", "1"))
    listing = mytickets.cancelled if shelf == "cancelled" else mytickets.past
    rows, count = listing(customer, number, A_PAGE)
    coming = mytickets.coming(customer) if number == 1 else []
    waits = waiting.of_customer(customer) if number == 1 else []
    context = {
        "page": "my_tickets",
        "place": "my_tickets",
        "coming": [(_carried(each), each, _may_change(request.actor, each)) for each in coming],
        "held": mytickets.held(customer) if number == 1 else [],
        "waits": waits,
        "rows": rows,
        "shelf": shelf,
        "pages": Paginator(range(count), A_PAGE).get_page(number),
        "query": "show=cancelled&" if shelf == "cancelled" else "",
        "nothing": not coming and not waits and not rows and number == 1 and shelf == "past",
    }
    if context["nothing"]:
        context["next_times"] = days.next_times()
    return render(request, "customer/my_tickets.html", context)


@needs(Permission.OWN_ACCOUNT)
@require_safe
def tickets_offline(request: TheatreRequest) -> HttpResponse:
    """What a device keeps for when there is no network: the tickets of shows to come, and nothing else of anybody.
    Nothing (204) when there are none."""
    coming = mytickets.coming(request.actor.customer_id) if request.actor.customer_id else []
    if not coming:
        return HttpResponse(status=204)
    shows = [(_shown_at(each), _carried(each)) for each in coming]
    return render(request, "customer/tickets_offline.html", {"shows": shows, "now": coming[0].now})


def _carried(booking: Coming) -> list[dict[str, Any]]:
    return [
        _code_card(
            each.seat,
            words.seat_for(each.kind, each.audience),
            code_of(each.id, booking.show_id, each.nonce),
            each.checked_in_at,
        )
        for each in booking.tickets
    ]


def _may_change(actor: Actor, booking: Coming) -> bool:
    """Whether they may still change or cancel it: the buttons to either."""
    return actor.role is not None and may_cancel(
        actor.role, booking.now, booking.starts_at, settings.CANCEL_UNTIL_MINUTES, own=True
    )


def _shown_at(booking: Coming) -> dict[str, Any]:
    return _show_card(
        booking.ref, booking.title, booking.starts_at, screen(booking.screen, booking.screen_number)
    )


def _tickets(
    request: TheatreRequest, ref: str, printed: Callable[[SeenBooking], bytes], name: str
) -> HttpResponse:
    seen = orders.booking_or_404(request.actor, ref)
    if seen.state != "confirmed":
        raise Http404
    return _file(printed(seen), "application/pdf", f"{name}-{seen.ref}.pdf")


def _papers(request: TheatreRequest, ref: str) -> tuple[SeenBooking, Paper, list[Paper]]:
    seen = orders.booking_or_404(request.actor, ref)
    issued = papers_of(seen.id)
    if not issued:
        raise Http404
    return seen, issued[0], issued[1:]


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def show_on_card(seen: SeenBooking) -> dict[str, Any]:
    """What a ticket card says of a booking's show."""
    return _show_card(seen.ref, seen.movie, seen.starts_at, screen(seen.screen, seen.screen_number))


def _show_card(ref: str, title: str, starts_at: datetime, where: str) -> dict[str, Any]:
    """What a ticket card says of the show."""
    doors_at = starts_at - timedelta(minutes=settings.DOORS_MINUTES)
    return {"ref": ref, "title": title, "starts_at": starts_at, "screen": where, "doors_at": doors_at}


def ticket_card(seen: SeenBooking, ticket: SeenTicket) -> dict[str, Any]:
    """A sold ticket as its card shows it."""
    return _code_card(
        ticket.seat,
        words.seat_for(ticket.kind, ticket.audience),
        ticket_code(seen, ticket) or "",
        ticket.checked_in_at,
    )


def _code_card(seat: str, kind: str, code: str, used_at: datetime | None) -> dict[str, Any]:
    """What a ticket card says of the ticket."""
    label = _("Ticket code for seat %(seat)s") % {"seat": seat}
    return {
        "seat": seat,
        "kind": kind,
        "code_svg": qr.svg(code, label=label),
        "used_at": used_at,
    }


def why_not(actor: Actor, seen: SeenBooking, deed: Deed = CANCEL) -> str:
    """Why this person cannot cancel, or change, now; empty when they can."""
    if seen.state != "confirmed" or actor.role is None:
        return ""
    try:
        check_cancel(
            role=actor.role, now=seen.now, starts_at=seen.starts_at, window_minutes=settings.CANCEL_UNTIL_MINUTES,
            own=True, zone=quotes.ZONE, reason="asked for on the page", deed=deed,
        )  # fmt: skip
    except Refused as refusal:
        return refusal.sentence
    return ""


def _refund(tickets: list[SeenTicket]) -> Decimal:
    return sum((ticket.price or Decimal(0) for ticket in tickets), Decimal(0))
