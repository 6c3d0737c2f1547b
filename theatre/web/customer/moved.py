"""A guest's answer when their show was moved: keep the seats, take others, or all the money back.

The address is a letter's link and opens for whoever holds it. Opening it changes nothing, for mail scanners do too.
"""

from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from theatre.access import Actor
from theatre.actions.booking import moved
from theatre.documents import words
from theatre.queries import links, moving, seatmap
from theatre.queries.bookings import SeenBooking, for_papers
from theatre.queries.moving import Answer
from theatre.queries.seatmap import YOURS
from theatre.rules.refusals import Refused
from theatre.web import orders, seats_live
from theatre.web.customer.bookings import show_on_card, ticket_card
from theatre.web.doors import TheatreRequest, public
from theatre.web.parts import refusals_said
from theatre.web.seatmap_html import render_legend, render_map


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show_moved(request: TheatreRequest, token: str) -> HttpResponse:
    """What moved where, and what the guest can say to it."""
    answer = _asked(token)
    if request.method == "POST":
        return _say(request, token, answer)
    return _page(request, token, answer)


def _say(request: TheatreRequest, token: str, answer: Answer) -> HttpResponse:
    with refusals_said(request):
        if request.POST.get("answer") == "keep":
            moved.keep_tickets(by=request.actor, booking_id=answer.booking_id)
            messages.success(request, _("Good. See you there"))
        elif request.POST.get("answer") == "return":
            key = request.POST.get("key", "")
            moved.give_tickets_back(
                by=request.actor, booking_id=answer.booking_id,
                once=orders.once_for(request.actor.user_id, "page:moved", key, answer.booking_id),
            )  # fmt: skip
            messages.success(request, _("Your tickets are given back, and all your money with them"))
    return redirect("show_moved", token)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def moved_seats(request: TheatreRequest, token: str) -> HttpResponse:
    """The hall with one's own seats ticked, and others to take instead."""
    answer = _asked(token)
    if not answer.open:
        return redirect("show_moved", token)
    booking, problem = for_papers(answer.booking_id), ""
    chosen = orders.numbers(request.POST.getlist("seat"))
    if request.method == "POST":
        try:
            labels = moved.take_other_seats(
                by=request.actor, booking_id=answer.booking_id, seat_ids=chosen,
                once=orders.once_as_sent(
                    request.actor.user_id, "page:moved_seats", request.POST.get("key", ""), chosen
                ),
            )  # fmt: skip
        except Refused as refusal:
            problem = refusal.sentence
        else:
            said = _("You sit in %(seats)s now. Your new tickets are below")
            messages.success(request, said % {"seats": orders.seats_in_words(labels)})
            return redirect("show_moved", token)
    return _seats_page(request, token, booking, chosen, problem)


def _seats_page(
    request: TheatreRequest, token: str, booking: SeenBooking, chosen: list[int], problem: str
) -> HttpResponse:
    seen = seatmap.for_show(Actor(), booking.show_id)
    if seen is None:
        raise Http404
    own = {ticket.seat_id for ticket in booking.live_tickets}
    states = {seat: state for seat, state in seen.states.items() if seat not in own and state != YOURS}
    context = {
        "token": token,
        "booking": booking,
        "answer": moving.answer_of(booking.id),
        "seats": orders.seats_in_words([ticket.seat for ticket in booking.live_tickets]),
        "problem": problem,
        "key": orders.new_key(),
        # nosemgrep: markup-declared-safe - escaped where it is made
        "map": mark_safe(  # noqa: S308 - escaped where it is made
            render_map(seen.plan, seen.prices, states, ticked=set(chosen) or own)
        ),
        "legend": render_legend(seen.plan, seen.prices),
        "for_script": seats_live.for_script(seen, staff=False, own=own),
    }
    return render(request, "customer/moved_seats.html", context, status=409 if problem else 200)


def _asked(token: str) -> Answer:
    """What the link is about, or the page for what is not there."""
    booking_id = links.moved_behind(token)
    answer = moving.answer_of(booking_id) if booking_id else None
    if answer is None:
        raise Http404
    return answer


def _page(request: TheatreRequest, token: str, answer: Answer) -> HttpResponse:
    booking = for_papers(answer.booking_id)
    context = {
        "token": token,
        "answer": answer,
        "booking": booking,
        "was_seats": orders.seats_in_words(list(answer.was_seats)),
        "seats": orders.seats_in_words([ticket.seat for ticket in booking.live_tickets]),
        "other_time": answer.was_starts_at != booking.starts_at,
        "back": sum((ticket.price or Decimal(0) for ticket in booking.live_tickets), Decimal(0)),
        "method": words.way_of_paying(booking.method),
        "cards": [ticket_card(booking, ticket) for ticket in booking.live_tickets],
        "on_card": show_on_card(booking),
        "key": orders.new_key(),
    }
    return render(request, "customer/moved.html", context)
