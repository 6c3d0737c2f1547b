"""The office's navigation: one line for each place, grouped by job. Whoever adds a place adds its line here."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from theatre.access import Actor, Permission, allowed

register = template.Library()

_Words = str | Promise


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the office: what the rail calls it, its URL's name, who may see it, its icon of the sprite, and what is
    done there, as the office's first page says it."""

    title: _Words
    name: str
    permission: Permission
    icon: str
    done: _Words = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A place as one person sees it from where they are."""

    words: _Words
    address: str
    icon: str
    current: bool
    done: _Words


RAIL: list[tuple[_Words, list[Place]]] = [
    ("", [
        Place(_("Office"), "office", Permission.OFFICE, icon="speedometer2"),
        Place(
            _("Counter"), "counter", Permission.SELL, icon="ticket-perforated",
            done=_("Sell, check in, find a booking."),
        ),
    ]),
    (_("Programme"), [
        Place(
            _("Shows"), "shows", Permission.MANAGE_SHOWS, icon="calendar3",
            done=_("The days by screen: add shows, move and copy them, put them on sale."),
        ),
        Place(
            _("VIP seats"), "vip", Permission.RESERVE_VIP, icon="star-fill",
            done=_("Seats kept for guests of the house."),
        ),
        Place(
            _("Movies"), "movies", Permission.MANAGE_MOVIES, icon="film",
            done=_("What is shown and what is announced, posters, files to import."),
        ),
        Place(
            _("Screens"), "screens", Permission.MANAGE_SCREENS, icon="grid-3x3-gap",
            done=_("Seat plans, and seats out of service."),
        ),
        Place(
            _("Price cards"), "price_cards", Permission.MANAGE_CARDS, icon="tags",
            done=_("What a seat costs, and for whom."),
        ),
    ]),
    (_("People"), [
        Place(
            _("Staff"), "people", Permission.SEE_PEOPLE, icon="people",
            done=_("Who works here, and what is on record about them."),
        ),
        Place(
            _("Invitations"), "invitations", Permission.MANAGE_STAFF, icon="envelope",
            done=_("Ask somebody to work here."),
        ),
    ]),
    (_("System"), [
        Place(
            _("Audit log"), "audit", Permission.SEE_AUDIT, icon="clock-history",
            done=_("Who did what to what, when and from where."),
        ),
    ]),
]  # fmt: skip


WAITING = {
    "waiting": _("Waiting"),
    "held": _("Offered, held for them"),
    "confirmed": _("Booked"),
    "cancelled": _("Booked and cancelled"),
    "lapsed": _("Let the offer go"),
    "left": _("Left the list"),
    "over": _("Waited in vain"),
}


@register.filter
def waiting_state(result: str) -> _Words:
    """How it went with a party of a waiting list."""
    return WAITING[result]


def groups(actor: Actor, path: str) -> Iterator[tuple[_Words, list[Link]]]:
    """The groups that hold something for this person. The place that `path` lies deepest in is the current one."""
    seen = [
        (title, [(place, reverse(place.name)) for place in places if allowed(actor, place.permission)])
        for title, places in RAIL
    ]
    current = max(
        (at for _title, ways in seen for _place, at in ways if path.startswith(at)), key=len, default=""
    )
    for title, ways in seen:
        if ways:
            yield title, [Link(place.title, at, place.icon, at == current, place.done) for place, at in ways]


@register.inclusion_tag("parts/rail.html", takes_context=True)
def rail(context: template.Context) -> dict[str, Any]:
    """The staff rail, for who is here and where they are."""
    request = context["request"]
    kept = {name: context.get(name) for name in ("request", "actor", "theme", "theatre_name", "csrf_token")}
    return {**kept, "groups": list(groups(request.actor, request.path))}


@register.simple_tag(takes_context=True)
def places(context: template.Context) -> list[tuple[_Words, list[Link]]]:
    """Every other page of the office that is this person's, grouped as the rail has them."""
    request = context["request"]
    found = [
        (title, [link for link in links if link.done]) for title, links in groups(request.actor, request.path)
    ]
    return [(title, links) for title, links in found if links]
