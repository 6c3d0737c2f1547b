"""Pages for everybody: what is on, what comes, one movie, and the seats of a show."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import condition, require_safe

from theatre.access import Actor
from theatre.documents import words
from theatre.queries import bookings, days, follows, members, moviepage, programme, reviews, seatmap
from theatre.queries.seatmap import YOURS, ShowSeats
from theatre.rules.moments import listed
from theatre.rules.seating import WHEELCHAIR
from theatre.templatetags.look import day_word
from theatre.web import seats_live
from theatre.web.alone import alone
from theatre.web.back import way_back
from theatre.web.browse import choice, linked, posters
from theatre.web.browse import programme as what
from theatre.web.browse.strangers import Drawn, drawn_once, is_stranger
from theatre.web.doors import TheatreRequest, public
from theatre.web.on_sale import waitable, why_closed
from theatre.web.orders import Held, held_online, hold_minutes
from theatre.web.seat_picks import picked
from theatre.web.seatmap_html import render_legend, render_map

A_YEAR = 365 * 24 * 3600


@public
@require_safe
def home(request: TheatreRequest) -> HttpResponse:
    """Tonight, or the day asked for; when tonight is over, the next day that has a show."""
    asked = what.read(request.GET)
    kept = days.day(asked.day, asked.wanted)
    assert kept is not None  # noqa: S101 - every day has an answer
    return drawn_once(
        request,
        kept.edition,
        lambda: render(request, "browse/home.html", _home(request, asked, kept.answer)),
        *what.QUESTIONS,
    )


def _home(request: TheatreRequest, asked: what.Asked, seen: days.Day) -> dict[str, Any]:
    movies = what.shown(seen.movies, asked.wanted)
    pages = Paginator(movies, what.AT_ONCE).get_page(asked.page)
    here = len(pages)
    context: dict[str, Any] = {
        "page": "home",
        "canonical": linked.address("home"),
        "asked": asked,
        "day": seen.day,
        "now": seen.now,
        "movies": pages.object_list,
        "count": len(movies),
        "pages": pages,
        "query": asked.before_page(),
        "five": here > 4 and (here % 4 == 1 or here % 5 == 0),  # none alone in a row
        "hero": what.hero(movies or seen.movies, seen.now),
        "days": what.days(seen, asked),
        "filters": what.filters(asked),
        "picks": what.picks(seen, asked),
        "further": what.further(asked),
        "heading": _heading(seen),
        "soon": seen.soon,
    }
    if not movies:
        context["empty"] = what.nothing(seen, asked)
    if request.actor.customer_id:
        context["member"] = members.member(request.actor.customer_id)
        context["followed"] = follows.followed(request.actor.customer_id, [each.id for each in seen.soon])
    return context


def _heading(seen: days.Day) -> str:
    if seen.day == seen.today:
        return _("Now showing")
    return _("Tomorrow") if seen.day == seen.today + timedelta(days=1) else what.named(seen.day)


@public
@require_safe
def coming_soon(request: TheatreRequest) -> HttpResponse:
    """Movies that are announced, the next to open first."""
    number = what.number(request.GET.get("page", ""))
    kept = days.coming_soon(number)
    assert kept is not None  # noqa: S101 - there is always a list, if an empty one

    def draw() -> HttpResponse:
        pages = Paginator(range(kept.answer.count), days.SOON_AT_ONCE).get_page(number)
        context: dict[str, Any] = {
            "page": "coming_soon",
            "canonical": linked.address("coming_soon"),
            "movies": kept.answer.movies,
            "pages": pages,
        }
        if request.actor.customer_id:
            ids = [each.id for each in kept.answer.movies]
            context["followed"] = follows.followed(request.actor.customer_id, ids)
        return render(request, "browse/coming_soon.html", context)

    return drawn_once(request, kept.edition, draw, "page")


@public
@require_safe
def movie(request: TheatreRequest, slug: str) -> HttpResponse:
    """One movie: its times, what it is, what people thought."""
    after = what.read({"day": request.GET.get("from", "")}).day
    number = what.number(request.GET.get("page", ""))
    kept = moviepage.movie(slug, after, number)
    if kept is None:
        raise Http404
    seen = kept.answer

    def draw() -> HttpResponse:
        card = settings.SITE_URL + reverse("card", args=[slug])
        context: dict[str, Any] = {
            "seen": seen,
            "movie": seen.movie,
            "canonical": linked.address("movie", slug),
            "card": card,
            "facts": linked.data_block(linked.movie_facts(seen, card)),
            "pages": Paginator(range(seen.movie.reviews), reviews.AT_ONCE).get_page(number),
            "from": after,
            "query": what.query(**{"from": after.isoformat() if after else ""}),
            "languages": [words.language(name, get_language() or "en") for name in seen.languages],
            "trailer_host": urlsplit(seen.trailer).hostname or "",
        }
        if request.actor.customer_id and seen.movie.state == "coming_soon":
            context["followed"] = follows.followed(request.actor.customer_id, [seen.movie.id])
        return render(request, "browse/movie.html", context)

    return drawn_once(request, kept.edition, draw, "from", "page")


@public
@require_safe
def poster(request: HttpRequest, slug: str) -> HttpResponse:
    """The drawn poster of a movie, for good as far as its title, genre and director stay."""
    shown = programme.shown_as(slug)
    if shown is None:
        raise Http404
    drawn_from = shown.title, shown.genre, shown.director
    answer = condition(etag_func=lambda *_args: f'"{posters.edition(slug, *drawn_from)}"')(
        lambda _request: HttpResponse(posters.draw(slug, *drawn_from), content_type="image/svg+xml")
    )(request)
    patch_cache_control(answer, public=True, max_age=86400)
    return answer


@public
@require_safe
def seats(request: TheatreRequest, show_id: int) -> HttpResponse:
    """The seat map of a show, with a suggestion for a party of two."""
    seen = _show(request, show_id)
    if not is_stranger(request):
        return render(request, "browse/seats.html", _seats_page(request, seen))
    # Everything that stands on the page and can become another; the plan of a show stays, or is in its address.
    key = (
        frozenset(seen.states.items()), frozenset(seen.prices.items()), seen.plan.id, seen.state, seen.starts_at,
        day_word(seen.starts_at, seen.now), why_closed(seen), seen.ends_at, seen.formats, seen.counter_seats,
        seen.title, seen.slug, seen.poster, seen.certificate, seen.genre, seen.screen, seen.access_notes,
    )  # fmt: skip

    def draw(token: str) -> str:
        return render_to_string(
            "browse/seats.html", {**_seats_page(request, seen), "csrf_token": token}, request
        )

    return _drawn_seats.page(request, key, draw)


_drawn_seats = Drawn()


def _seats_page(request: TheatreRequest, seen: ShowSeats) -> dict[str, Any]:
    limit = settings.SEATS_PER_STAFF_BOOKING if request.actor.is_staff else settings.SEATS_PER_BOOKING
    number = choice.number_asked(request.GET.get("best") or request.GET.get("n", ""), limit)
    access = "access" in request.GET
    ticked = choice.ticked(seen, request.GET.getlist("seat"))
    best = None if ticked else choice.suggested(seen, number, access=access)
    tips = best.seats if best else ()
    if "best" in request.GET and tips:
        ticked, tips = tips, ()
    chosen = ticked or tips
    lines = choice.lines(chosen, seen.prices)
    labels = listed([seat.label for seat in chosen], _("and"))
    rows = render_map(
        seen.plan,
        seen.prices,
        seen.states,
        ticked={seat.id for seat in ticked},
        tips={seat.id for seat in tips},
        by_staff=request.actor.is_staff,
    )
    return {
        "steps": 1,
        "seen": seen,
        "number": number,
        "limit": limit,
        "total": choice.house_size(seen),
        "ticked": ticked,
        "tips": tips,
        "lines": lines,
        "sum": sum((line.price for line in lines), Decimal(0)),
        "take": _("Take %(seats)s") % {"seats": labels} if tips else "",
        "chosen": labels or _("No seats chosen"),
        "reason": best.reason if best else "",
        "alone": alone(seen, {seat.id for seat in ticked}) if ticked else None,
        "access": access,
        "spaces": choice.has_spaces(seen),
        "closed": why_closed(seen),
        "waitable": waitable(seen),
        # nosemgrep: markup-declared-safe - escaped where it is made
        "map": mark_safe(rows),  # noqa: S308 - escaped where it is made
        "legend": render_legend(seen.plan, seen.prices, suggesting=True),
        "for_script": seats_live.for_script(
            seen, staff=request.actor.is_staff, **choice.for_script(seen, number, limit, access=access)
        ),
        "hold_minutes": hold_minutes(request.actor),
        "hold": _own_hold(request.actor, seen),
    }


def _own_hold(actor: Actor, seen: ShowSeats) -> Held | None:
    """The panel of the hold this person has on this show. Two queries more, for them alone."""
    if YOURS not in seen.states.values():
        return None
    ref = bookings.current_hold(actor, seen.show_id)
    booking = bookings.detail(actor, ref) if ref else None
    if booking is None or not booking.is_live_hold:
        return None
    return held_online(actor, booking)


@public
@require_safe
def seat_advice(request: TheatreRequest, show_id: int) -> JsonResponse:
    """For the page's script: the best seats for `n`, or what the seats of a choice would leave on its own."""
    seen = _show(request, show_id)
    if "n" in request.GET:
        limit = settings.SEATS_PER_STAFF_BOOKING if request.actor.is_staff else settings.SEATS_PER_BOOKING
        number = choice.number_asked(request.GET["n"], limit)
        best = choice.suggested(seen, number, access="access" in request.GET)
        seats = [seat.id for seat in best.seats] if best else []
        return JsonResponse({"seats": seats, "words": best.reason if best else ""})
    chosen = {seat.id for seat in choice.ticked(seen, request.GET.getlist("seat"), own=False)}
    left = alone(seen, chosen)
    return JsonResponse(
        {"note": left.note, "press": left.press, "seats": left.seats} if left else {"note": "", "seats": []}
    )


@public
@require_safe
def seat_list(request: TheatreRequest, show_id: int) -> HttpResponse:
    """The same choice without a map: kind, row, seats."""
    seen = _show(request, show_id)
    limit = settings.SEATS_PER_BOOKING
    number = choice.number_asked(request.GET.get("n", ""), limit)
    picks = picked(seen, number, kind=request.GET.get("kind", ""), row=request.GET.get("row", ""))
    kind = picks["kind"]
    apart = None if picks["rows"] or not kind else choice.suggested(seen, number, access=kind == WHEELCHAIR)
    context = {
        **picks,
        "steps": 1,
        "seen": seen,
        "limit": limit,
        "total": choice.house_size(seen),
        "closed": why_closed(seen),
        "waitable": waitable(seen),
        "apart": apart,
        "apart_sum": sum((seen.prices[seat.kind] for seat in apart.seats), Decimal(0)) if apart else None,
        "query": f"n={number}",
        "hold_minutes": hold_minutes(request.actor),
    }
    return render(request, "browse/seat_list.html", context)


def _show(request: TheatreRequest, show_id: int) -> ShowSeats:
    seen = seatmap.for_show(request.actor, show_id) if show_id < 2**63 else None
    if seen is None:
        raise Http404
    return seen


# nosemgrep: form-without-a-token - a preference that harms nobody: pages with its form are everybody's
@csrf_exempt
@public
def lights(request: HttpRequest) -> HttpResponse:
    """House lights up, down, or as the device has them: a cookie for a year, then back to the page."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    response = redirect(way_back(request, "home"))
    chosen = request.POST.get("lights", "")
    if chosen in ("light", "dark"):
        response.set_cookie(
            settings.THEME_COOKIE_NAME, chosen, max_age=A_YEAR, secure=not settings.PLAIN_HTTP, httponly=True,
            samesite="Lax",
        )  # fmt: skip
    else:
        response.delete_cookie(settings.THEME_COOKIE_NAME)
    return response
