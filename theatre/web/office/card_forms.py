"""What the office fills in about a price card."""

from collections.abc import Iterator
from datetime import time
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from theatre.actions.cards.cards import HIGHEST, LONGEST_NAME
from theatre.documents.words import kind_of_seat
from theatre.queries.cards import SeenCard
from theatre.queries.quotes import PLACES
from theatre.rules import money
from theatre.rules.cards import Daypart, check_daypart
from theatre.rules.refusals import Refused
from theatre.rules.seating import KINDS
from theatre.web import orders
from theatre.web.fields import KeyField, LineField

AUDIENCES = (
    ("adult", _("Adult")),
    ("child", _("Child")),
    ("senior", _("Senior")),
    ("student", _("Student")),
)
DAYS = list(enumerate((_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))))
MOST_DAYPARTS = 3
_LIKE_A_PRICE = _("Enter a price like 12.50")


class PriceField(LineField):
    """A list price in the theatre's currency, above nothing and in whole units of it; None when it is left empty."""

    def __init__(self, **wanted: Any) -> None:
        widget = forms.TextInput({"autocomplete": "off", "inputmode": "decimal"})
        super().__init__(max_length=12, widget=widget, **wanted)

    def clean(self, value: Any) -> Decimal | None:
        typed = super().clean(value)
        if not typed:
            return None
        price = orders.amount(typed)
        if price is None or not money.is_whole(price, PLACES):
            raise forms.ValidationError(_LIKE_A_PRICE)
        if not 0 < price <= HIGHEST:
            raise forms.ValidationError(_("Enter a price above nothing, up to 100,000"))
        return price


class CardForm(forms.Form):
    """A card: its name, an amount for each kind of seat and audience, and when it is meant.

    Cleaned, `amounts` is by kind and audience, and `dayparts` are the rule's.
    """

    name = LineField(
        label=_("Name"),
        max_length=LONGEST_NAME,
        required_message=_("Enter a name, like Matinee"),
        widget=forms.TextInput({"autocomplete": "off", "class": "w-16"}),
    )
    key = KeyField()

    def __init__(self, *args: Any, card: SeenCard | None = None, **kwargs: Any) -> None:
        if card is not None:
            kwargs["initial"] = _known(card)
        super().__init__(*args, **kwargs)
        for kind in KINDS:
            for audience, word in AUDIENCES:
                needed = audience == "adult"
                message = _("Enter what this seat costs an adult") if needed else ""
                self.fields[f"{kind}_{audience}"] = PriceField(
                    label=word, required=needed, required_message=message
                )
        for place in range(MOST_DAYPARTS):
            self.fields[f"days_{place}"] = forms.TypedMultipleChoiceField(
                label=_("Days"), required=False, choices=DAYS, coerce=int, widget=forms.CheckboxSelectMultiple,
                error_messages={"invalid_choice": _("Choose from Monday to Sunday")},
            )  # fmt: skip
            for name, label in (("begins", _("From")), ("ends", _("Until before"))):
                self.fields[f"{name}_{place}"] = forms.TimeField(
                    label=label, required=False, input_formats=["%H:%M", "%H:%M:%S", "%H.%M"],
                    widget=forms.TimeInput({"type": "time", "class": "w-8"}, format="%H:%M"),
                    error_messages={"invalid": _("Enter the time like 17:00")},
                )  # fmt: skip

    def prices(self) -> Iterator[tuple[str, list[BoundField]]]:
        """Each kind of seat in words, with its fields by audience."""
        for kind in KINDS:
            yield kind_of_seat(kind), [self[f"{kind}_{audience}"] for audience, _word in AUDIENCES]

    def times(self) -> Iterator[tuple[BoundField, BoundField, BoundField]]:
        """The fields of each daypart: days, from, until."""
        for place in range(MOST_DAYPARTS):
            yield self[f"days_{place}"], self[f"begins_{place}"], self[f"ends_{place}"]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        typed["amounts"] = {
            (kind, audience): typed[name]
            for kind in KINDS
            for audience, _word in AUDIENCES
            if typed.get(name := f"{kind}_{audience}") is not None
        }
        typed["dayparts"] = [part for place in range(MOST_DAYPARTS) if (part := self._daypart(typed, place))]
        return typed

    def _daypart(self, typed: dict[str, Any], place: int) -> Daypart | None:
        days, begins, ends = (typed.get(f"{name}_{place}") for name in ("days", "begins", "ends"))
        if not days and begins is None and ends is None:
            return None
        try:
            return check_daypart(Daypart(frozenset(days or ()), _minute(begins), _minute(ends)))
        except Refused as refusal:
            self.add_error(f"{'days' if refusal.field == 'weekdays' else 'ends'}_{place}", refusal.sentence)
            return None


def _minute(at: time | None) -> time | None:
    return at.replace(second=0, microsecond=0) if at else None


def _known(card: SeenCard) -> dict[str, Any]:
    known: dict[str, Any] = {"name": card.card.name}
    for (kind, audience), amount in card.amounts.items():
        known[f"{kind}_{audience}"] = money.as_text(amount, PLACES)
    for place, part in enumerate(card.card.dayparts[:MOST_DAYPARTS]):
        known |= {
            f"days_{place}": sorted(part.weekdays), f"begins_{place}": part.begins, f"ends_{place}": part.ends,
        }  # fmt: skip
    return known
