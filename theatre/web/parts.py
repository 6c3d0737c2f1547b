"""What every page is given, and how every page says no."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from theatre.access import Actor
from theatre.queries import members
from theatre.rules.refusals import Refused


def chrome(request: HttpRequest) -> dict[str, Any]:
    """The theatre's name, the lights as chosen, and who is here (loaded only if the page asks)."""
    theme = request.COOKIES.get(settings.THEME_COOKIE_NAME, "")
    return {
        "theatre_name": settings.THEATRE_NAME,
        "theatre_address": settings.THEATRE_ADDRESS,
        "theatre_phone": settings.THEATRE_PHONE,
        "theme": theme if theme in ("light", "dark") else "",
        "actor": getattr(request, "actor", None),
        "standing": SimpleLazyObject(lambda: _standing(request)),
        "tonight": SimpleLazyObject(lambda: _tonight(request)),
        "demo": settings.DEMO,
    }


def _standing(request: HttpRequest) -> members.Standing | None:
    """The way of whoever is here to the next tier; None for strangers and staff. No query of its own."""
    actor: Actor | None = getattr(request, "actor", None)
    user = request.user
    if actor is None or actor.customer_id is None or not user.is_authenticated:
        return None
    return members.standing(user.customer, getattr(user, "next_tier_at", None))


def _tonight(request: HttpRequest) -> members.NextTickets | None:
    """The tickets for these hours of whoever is here. One query for those who have some, none for anybody else."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or actor.customer_id is None or not getattr(request.user, "has_tickets_now", False):
        return None
    return members.next_tickets(actor.customer_id)


@dataclass(frozen=True, slots=True)
class Refusals:
    """`with …:` around a deed and what follows when it is done. When it is refused, the sentence is told and the page
    goes on below; every other exception passes."""

    tell: Callable[[Refused], None]

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if not isinstance(error, Refused):
            return False
        self.tell(error)
        return True


def refusals_on(form: BaseForm, field: str | None = None) -> Refusals:
    """Said at the refusal's own field; where the form has none of that name, at `field`, or above the form."""

    def tell(refusal: Refused) -> None:
        form.add_error(refusal.field if refusal.field in form.fields else field, refusal.sentence)

    return Refusals(tell)


def refusals_said(request: HttpRequest) -> Refusals:
    """Said as a message on the next page."""
    return Refusals(lambda refusal: messages.error(request, refusal.sentence))
