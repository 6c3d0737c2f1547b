"""Price cards: the list, one of them, and what a ticket costs when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from theatre.access import Permission
from theatre.actions.cards import cards as doing
from theatre.documents.words import kind_of_seat
from theatre.queries import cards as seeing
from theatre.queries.cards import SeenCard
from theatre.rules.cards import Card, Daypart, card_for, when
from theatre.rules.moments import WEEKDAYS
from theatre.rules.seating import KINDS
from theatre.templatetags.look import money
from theatre.web.doors import TheatreRequest, needs
from theatre.web.office.card_forms import AUDIENCES, CardForm
from theatre.web.orders import new_key, once_as_sent
from theatre.web.parts import refusals_on, refusals_said

MONDAY = date(2024, 1, 1)  # of a week in which no clock changes
TIMES = (time(11), time(14), time(17), time(20, 15), time(22, 30))  # at which a week is shown
Amounts = Mapping[tuple[str, str], Decimal]


@dataclass(frozen=True, slots=True)
class Costs:
    """A time in words, and what every ticket costs then; `instead` names another card that is chosen at that time."""

    when: str
    tickets: tuple[str, ...]
    instead: str = ""


@needs(Permission.MANAGE_CARDS)
@never_cache
@require_safe
def cards(request: TheatreRequest) -> HttpResponse:
    """Every card with its prices and times, and a week of them."""
    found = seeing.cards()
    context = {
        "page": "cards",
        "cards": [(seen, when(seen.card.dayparts), tickets(seen.amounts)) for seen in found],
        "week": week([seen.card for seen in found if seen.active]),
        "times": TIMES,
        "copy_key": new_key(),
    }
    return render(request, "office/cards.html", context)


@needs(Permission.MANAGE_CARDS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: TheatreRequest) -> HttpResponse:
    """A new card."""
    return _edit(request, None)


@needs(Permission.MANAGE_CARDS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: TheatreRequest, card_id: int) -> HttpResponse:
    """A card's name, prices and times."""
    return _edit(request, _found(card_id))


@needs(Permission.MANAGE_CARDS)
@require_POST
def copy(request: TheatreRequest, card_id: int) -> HttpResponse:
    """Another card with the same prices."""
    _found(card_id)
    once = once_as_sent(request.actor.user_id, f"page:card_copy:{card_id}", request.POST.get("key", ""), [])
    with refusals_said(request):
        made = doing.copy_card(by=request.actor, card_id=card_id, once=once)
        messages.success(request, _("Copied. Give the copy its name, prices and times"))
        return redirect("price_card", made)
    return redirect("price_cards")


@needs(Permission.MANAGE_CARDS)
@require_POST
def retire(request: TheatreRequest, card_id: int) -> HttpResponse:
    """No new show takes it."""
    name = _found(card_id).card.name
    with refusals_said(request):
        doing.retire_card(by=request.actor, card_id=card_id)
        messages.success(request, _("%(card)s is retired. Shows that have it keep it") % {"card": name})
    return redirect("price_cards")


@needs(Permission.MANAGE_CARDS)
@require_POST
def bring_back(request: TheatreRequest, card_id: int) -> HttpResponse:
    """New shows may take it again."""
    name = _found(card_id).card.name
    with refusals_said(request):
        doing.bring_back_card(by=request.actor, card_id=card_id)
        messages.success(request, _("New shows may take %(card)s again") % {"card": name})
    return redirect("price_cards")


@needs(Permission.MANAGE_CARDS)
@require_POST
def default(request: TheatreRequest, card_id: int) -> HttpResponse:
    """The card of every time that no other is meant for."""
    name = _found(card_id).card.name
    with refusals_said(request):
        doing.make_default(by=request.actor, card_id=card_id)
        messages.success(request, _("%(card)s is the default now") % {"card": name})
    return redirect("price_cards")


def _found(card_id: int) -> SeenCard:
    for seen in seeing.cards():
        if seen.card.id == card_id:
            return seen
    raise Http404


def _edit(request: TheatreRequest, seen: SeenCard | None) -> HttpResponse:
    if request.method != "POST":
        form = CardForm(card=seen) if seen else CardForm(initial={"key": new_key()})
        return _page(request, seen, form, _costs(seen, seen.card, seen.amounts) if seen else None)
    form = CardForm(request.POST, card=seen)
    typed = form.is_valid()
    costs = _costs(seen, _typed(seen, form), form.cleaned_data["amounts"]) if typed else None
    if "preview" in request.POST:
        if "fragment" in request.POST:
            return render(request, "office/card_preview.html", {"costs": costs, "form": form})
        return _page(request, seen, form, costs)
    if typed:
        given = {name: form.cleaned_data[name] for name in ("name", "amounts", "dayparts")}
        with refusals_on(form):
            if seen is None:
                body = {
                    name: request.POST.getlist(name) for name in request.POST if name != "csrfmiddlewaretoken"
                }
                once = once_as_sent(request.actor.user_id, "page:card_new", form.cleaned_data["key"], body)
                doing.make_card(by=request.actor, **given, once=once)
                changed = True
            else:
                changed = doing.edit_card(by=request.actor, card_id=seen.card.id, **given)
            messages.success(request, _("Saved") if changed else _("Nothing was changed"))
            return redirect("price_cards")
    return _page(request, seen, form, costs)


def _typed(seen: SeenCard | None, form: CardForm) -> Card:
    """The card as it would be."""
    id_, is_default = (seen.card.id, seen.card.is_default) if seen else (0, False)
    return Card(id_, form.cleaned_data["name"], is_default, tuple(form.cleaned_data["dayparts"]))


def _page(
    request: TheatreRequest, seen: SeenCard | None, form: CardForm, costs: list[Costs] | None
) -> HttpResponse:
    shows = seen.shows if seen else 0
    context = {
        "page": "cards",
        "card": seen,
        "form": form,
        "costs": costs,
        "used": ngettext(
            "%(number)d show to come has this card. A changed price counts from the next hold on; tickets that are held"
            " or sold keep theirs.",
            "%(number)d shows to come have this card. A changed price counts from the next hold on; tickets that are"
            " held or sold keep theirs.",
            shows,
        ) % {"number": shows} if shows else "",
    }  # fmt: skip
    return render(request, "office/card.html", context, status=422 if form.errors else 200)


# What a ticket costs when -----------------------------------------------------------------------------------------


def tickets(amounts: Amounts) -> tuple[str, ...]:
    """Every price in words, a line for an audience: `Adult: standard €14.00, premium €16.50`."""
    lines = []
    for audience, word in AUDIENCES:
        prices = [
            f"{kind_of_seat(kind).lower() if kind != 'vip' else kind_of_seat(kind)} {money(amounts[kind, audience])}"
            for kind in KINDS
            if (kind, audience) in amounts
        ]
        if prices:
            lines.append(f"{word}: {', '.join(prices)}")
    return tuple(lines)


def _costs(seen: SeenCard | None, typed: Card, amounts: Amounts) -> list[Costs]:
    """What a ticket costs at a time of each daypart, and otherwise, beside the cards there are."""
    others = [each for each in seeing.live() if seen is None or each.id != seen.card.id]
    said = []
    for part in typed.dayparts:
        start = _within(part)
        chosen = card_for(start, [*others, typed])
        instead = "" if chosen is typed or chosen is None else chosen.name
        said.append(Costs(f"{WEEKDAYS[start.weekday()]} {start:%H:%M}", tickets(amounts), instead))
    if typed.is_default:
        said.append(Costs(_("Whenever no other card is meant"), tickets(amounts)))
    return said or [Costs(_("When somebody chooses this card for a show"), tickets(amounts))]


def _within(part: Daypart) -> datetime:
    """A wall time of the daypart: in the evening where it can be."""
    day = MONDAY + timedelta(days=min(part.weekdays))
    starts = [datetime.combine(day, at) for at in (time(20, 15), *TIMES, part.begins or time())]
    return next(start for start in starts if part.covers(start))


def week(live: list[Card]) -> list[tuple[str, list[str]]]:
    """Each weekday with the card that a show takes at each of TIMES; empty where none is meant."""
    return [
        (
            name,
            [
                chosen.name
                if (chosen := card_for(datetime.combine(MONDAY + timedelta(days=day), at), live))
                else ""
                for at in TIMES
            ],
        )
        for day, name in enumerate(WEEKDAYS)
    ]
