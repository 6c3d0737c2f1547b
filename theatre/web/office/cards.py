"""Price cards: the list, one of them, and what a ticket costs when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from theatre.access import Permission
from theatre.actions.cards import cards as doing
from theatre.documents.words import kind_of_seat
from theatre.queries import cards as seeing
from theatre.queries.cards import SeenCard
from theatre.rules.cards import A_MONDAY, Card, card_for, taken_within, when
from theatre.rules.moments import WEEKDAYS, listed
from theatre.rules.seating import KINDS
from theatre.templatetags.look import money
from theatre.web.doors import TheatreRequest, needs
from theatre.web.office.card_forms import AUDIENCES, CardForm
from theatre.web.orders import new_key, once_as_sent
from theatre.web.parts import refusals_on, refusals_said

PAY = {
    "adult": gettext_lazy("Adults pay %(prices)s"),
    "child": gettext_lazy("Children pay %(prices)s"),
    "senior": gettext_lazy("Seniors pay %(prices)s"),
    "student": gettext_lazy("Students pay %(prices)s"),
}
TIMES = (time(11), time(14), time(17), time(20, 15), time(22, 30))  # at which a week is shown
Amounts = Mapping[tuple[str, str], Decimal]


@dataclass(frozen=True, slots=True)
class Costs:
    """When a card is meant, what every ticket costs then, and where another card is taken all the same."""

    when: str
    tickets: tuple[str, ...]
    notes: tuple[str, ...]


@needs(Permission.MANAGE_CARDS)
@never_cache
@require_safe
def cards(request: TheatreRequest) -> HttpResponse:
    """Every card with its prices and times, and a week of them."""
    found = seeing.cards()
    context = {
        "page": "cards",
        "cards": [(seen, in_words(seen.card), tickets(seen.amounts)) for seen in found],
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
    request: TheatreRequest, seen: SeenCard | None, form: CardForm, costs: Costs | None
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
    """Every price, a sentence for an audience: `Children pay €9.00 standard and €11.50 premium`."""
    said = []
    for audience, _word in AUDIENCES:
        prices = [
            f"{money(amounts[kind, audience])} {_within(kind)}"
            for kind in KINDS
            if (kind, audience) in amounts
        ]
        if prices:
            said.append((audience, listed(prices, _("and"))))
    if len(said) == 1:
        return (_("Everybody pays %(prices)s") % {"prices": said[0][1]},)
    return tuple(PAY[audience] % {"prices": prices} for audience, prices in said)


def _within(kind: str) -> str:
    """A kind of seat within a sentence."""
    word = kind_of_seat(kind)
    return word if word[:2].isupper() else word[:1].lower() + word[1:]


def _costs(seen: SeenCard | None, typed: Card, amounts: Amounts) -> Costs:
    """What a ticket costs with this card, and which of the cards there are is taken at some of its times instead."""
    others = [each for each in seeing.live() if seen is None or each.id != seen.card.id]
    notes = []
    for part in typed.dayparts:
        taken = taken_within(part, [*others, typed])
        instead = [each.name for each in taken if each.id != typed.id]
        if instead:
            said = (
                _("%(when)s: %(cards)s is taken at some of these times, for its own are shorter")
                if len(instead) < len(taken)
                else _(
                    "%(when)s: %(cards)s is taken instead, for its times are shorter. This one can still be chosen"
                )
            )
            notes.append(said % {"when": when([part]), "cards": listed(instead, _("and"))})
    return Costs(in_words(typed), tickets(amounts), tuple(notes))


def in_words(card: Card) -> str:
    """When a card is taken."""
    if card.dayparts:
        return when(card.dayparts)
    return (
        _("Whenever no other card is meant")
        if card.is_default
        else _("Only where somebody chooses this card")
    )


def week(live: list[Card]) -> list[tuple[str, list[str]]]:
    """Each weekday with the card that a show takes at each of TIMES; empty where none is meant."""
    return [
        (
            name,
            [
                chosen.name
                if (chosen := card_for(datetime.combine(A_MONDAY + timedelta(days=day), at), live))
                else ""
                for at in TIMES
            ],
        )
        for day, name in enumerate(WEEKDAYS)
    ]
