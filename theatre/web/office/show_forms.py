"""What the office fills in about a show: where and when, and how it is sold."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from theatre.queries import shows as finding
from theatre.queries.programme import format_word
from theatre.queries.quotes import ZONE
from theatre.queries.shows import Film, PlannedShow
from theatre.rules import shows
from theatre.rules.cards import Card
from theatre.rules.refusals import Refused
from theatre.rules.shows import to_local
from theatre.templatetags.look import FORMATS
from theatre.web.fields import KeyField, LineField

WALL = "%Y-%m-%dT%H:%M"
_DAY = {"required": _("Choose a day"), "invalid": _("Enter the day like 2026-03-01")}
_TIME = {"required": _("Enter the time it starts"), "invalid": _("Enter the time like 20:15")}


def wall_of(moment: datetime | None) -> datetime | None:
    """What the theatre's clocks show, to the minute."""
    return to_local(moment, ZONE).replace(tzinfo=None, fold=0, second=0, microsecond=0) if moment else None


class WallField(LineField):
    """A day and a time as the theatre's clocks show them; optional."""

    def __init__(self, **wanted: Any) -> None:
        widget = forms.TextInput({"type": "datetime-local", "class": "w-16"})
        super().__init__(**{"required": False, "widget": widget, **wanted})

    def clean(self, value: Any) -> datetime | None:
        typed = super().clean(value)
        for like in (WALL, WALL + ":%S", "%Y-%m-%d %H:%M"):
            try:
                return datetime.strptime(typed, like) if typed else None  # noqa: DTZ007 - a wall time has no zone
            except ValueError:
                continue
        raise forms.ValidationError(_("Enter the day and time like 2026-03-01 10:00"))

    def prepare_value(self, value: Any) -> Any:
        return value.strftime(WALL) if isinstance(value, datetime) else value


class DayForm(forms.Form):
    """A day of the theatre's calendar."""

    day = forms.DateField(
        label=_("Day"), widget=forms.DateInput({"type": "date", "class": "w-16"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"], error_messages=_DAY,
    )  # fmt: skip


class PlaceForm(DayForm):
    """Which movie, on which screen, when. `starts_at` is the wall time; cleaned, the moment (aware UTC)."""

    movie = LineField(
        label=_("Movie"), max_length=420, required_message=_("Enter a movie’s title"),
        help_text=_("Type a part of its title."),
        widget=forms.TextInput({"list": "movies", "autocomplete": "off", "data-movies": ""}),
    )  # fmt: skip
    movie_id = forms.TypedChoiceField(
        label=_("Which one?"),
        required=False,
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose one of these movies")},
    )
    screen = forms.TypedChoiceField(
        label=_("Screen"), coerce=int,
        error_messages={"required": _("Choose a screen"), "invalid_choice": _("Choose one of these screens")},
    )  # fmt: skip
    starts_at = forms.TimeField(
        label=_("Starts at"), input_formats=["%H:%M", "%H:%M:%S", "%H.%M"], error_messages=_TIME,
        widget=forms.TimeInput({"type": "time", "class": "w-8"}, format="%H:%M"),
    )  # fmt: skip
    second = forms.TypedChoiceField(
        label=_("Which of the two?"), required=False, coerce=lambda word: word == "second", empty_value=None,
        choices=[("first", _("The first, before the clocks go back")), ("second", _("The second, an hour later"))],
        widget=forms.RadioSelect, error_messages={"invalid_choice": _("Choose the first or the second")},
    )  # fmt: skip

    field_order = ["movie", "movie_id", "screen", "day", "starts_at", "second"]

    def __init__(self, *args: Any, show: PlannedShow | None = None, **kwargs: Any) -> None:
        self.show, self.found = show, list[Film]()
        self.asks_which = False
        if show is not None:
            local = to_local(show.starts_at, ZONE)
            known = {
                "movie": _label(show), "screen": show.screen_id, "day": local.date(),
                "starts_at": local.time().replace(second=0, microsecond=0),
                "second": "second" if local.fold else "first",
            }  # fmt: skip
            kwargs["initial"] = known | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        rooms = finding.screens()
        if show is not None and show.screen_id not in dict(rooms):
            rooms = [*rooms, (show.screen_id, show.screen)]
        self.fields["screen"].choices = rooms  # type: ignore[attr-defined]
        self._offer_movies()

    def _offer_movies(self) -> None:
        """When several movies fit what was typed, they are offered; the choice is read with them."""
        typed = self.data.get(self.add_prefix("movie"), "") if self.is_bound else ""
        if typed and not self._is_known(typed):
            called = finding.films_called(typed[:420].replace("\x00", ""))
            self.found = called or finding.films(typed[:420].replace("\x00", ""))
        self.fields["movie_id"].choices = [  # type: ignore[attr-defined]
            (film.id, f"{film.label}, {film.director}" if film.director else film.label)
            for film in self.found
        ]

    def _is_known(self, typed: str) -> bool:
        return self.show is not None and " ".join(typed.split()) == _label(self.show)

    @property
    def asks_movie(self) -> bool:
        """Whether the page asks which of several movies is meant."""
        return len(self.found) > 1

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        if "movie" in typed and "movie_id" not in self.errors:
            typed["movie_id"] = self._movie(typed["movie"], typed.get("movie_id"))
        if "day" in typed and "starts_at" in typed:
            typed["starts_at"] = self._moment(typed["day"], typed["starts_at"], typed.get("second"))
        return typed

    def _movie(self, title: str, chosen: int | None) -> int | None:
        if self.show is not None and self._is_known(title):
            return self.show.movie_id
        if chosen is not None:
            return chosen
        if len(self.found) == 1:
            return self.found[0].id
        if self.found:
            self.add_error("movie", _("Several movies fit that. Choose one of them"))
        else:
            self.add_error(
                "movie",
                _("We have no movie called %(title)s that can be shown. Check the spelling")
                % {"title": title[:80]},
            )
        return None

    def _moment(self, day: date, at: time, second: bool | None) -> datetime | None:
        wall = datetime.combine(day, at)
        if self.show is not None and wall == wall_of(self.show.starts_at):
            local = to_local(self.show.starts_at, ZONE)
            if second is None or second == bool(local.fold):
                return self.show.starts_at
        try:
            return shows.to_utc(wall, ZONE, second=second)
        except shows.RepeatedTime as refusal:
            self.asks_which = True
            self.add_error("starts_at", refusal.sentence)
        except (Refused, OverflowError) as refusal:
            self.add_error("starts_at", getattr(refusal, "sentence", _("Enter a day of this century")))
        return None


class SaleForm(forms.Form):
    """How a show is sold: formats, price card, on-sale window and what the counter keeps. Wall times become moments."""

    formats = forms.MultipleChoiceField(
        label=_("Formats"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(word, name) for word, (_short, name) in FORMATS.items()],
        error_messages={"invalid_choice": _("Choose from these formats")},
    )  # fmt: skip
    card = forms.TypedChoiceField(
        label=_("Price card"), required=False, coerce=int, empty_value=None,
        error_messages={
            "required": _("Choose a price card"), "invalid_choice": _("Choose one of these cards")
        },
    )  # fmt: skip
    on_sale_from = WallField(label=_("Sales open"), help_text=_("Empty: at once, when it is put on sale."))
    on_sale_until = WallField(label=_("Sales close"), help_text=_("Empty: when it starts."))
    counter_seats = forms.IntegerField(
        label=_("Last seats for the counter"), required=False, min_value=0, max_value=999,
        help_text=_("So many are sold there alone, once only they are left."),
        widget=forms.NumberInput({"class": "w-8", "inputmode": "numeric"}),
        error_messages={
            "invalid": _("Enter a number of seats, or leave it empty"),
            "min_value": _("Enter a number of seats, or leave it empty"),
            "max_value": _("Enter 999 or fewer"),
        },
    )  # fmt: skip

    def __init__(self, *args: Any, cards: list[Card], show: PlannedShow | None = None, **kwargs: Any) -> None:
        self.show = show
        if show is not None:
            kwargs["initial"] = {
                "formats": [format_word(name) for name in show.formats], "card": show.card_id,
                "on_sale_from": wall_of(show.on_sale_from), "on_sale_until": wall_of(show.on_sale_until),
                "counter_seats": show.counter_seats or None,
            }  # fmt: skip
        super().__init__(*args, **kwargs)
        offered = [(card.id, card.name) for card in cards]
        self.fields["card"].required = show is not None
        if show is None:
            offered.insert(0, ("", _("That of the day and time")))  # type: ignore[arg-type]
        elif show.card_id not in dict(offered):
            offered.append((show.card_id, show.card))
        self.fields["card"].choices = offered  # type: ignore[attr-defined]

    def clean_counter_seats(self) -> int:
        return int(self.cleaned_data["counter_seats"] or 0)

    def clean_formats(self) -> list[str]:
        """In their own order; those of a show that has not been changed stay letter by letter."""
        chosen: list[str] = self.cleaned_data["formats"]
        if self.show is not None and {format_word(name) for name in self.show.formats} == set(chosen):
            return list(self.show.formats)
        return chosen

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        for name in ("on_sale_from", "on_sale_until"):
            stored = getattr(self.show, name, None)
            if typed.get(name) is not None:
                typed[name] = stored if typed[name] == wall_of(stored) else self._window(name, typed[name])
        return typed

    def _window(self, name: str, wall: datetime) -> datetime | None:
        """Of a time that comes twice the first is meant: an hour of sales is not worth a question."""
        try:
            return shows.to_utc(wall, ZONE, second=False)
        except (Refused, OverflowError) as refusal:
            self.add_error(name, getattr(refusal, "sentence", _("Enter a day of this century")))
        return None


class NewShowForm(PlaceForm, SaleForm):
    """A whole show."""

    on_sale = forms.BooleanField(label=_("Put it on sale at once"), required=False)
    key = KeyField()

    field_order = [
        "movie", "movie_id", "screen", "day", "starts_at", "second", "formats", "card", "on_sale_from", "on_sale_until",
        "counter_seats", "on_sale", "key",
    ]  # fmt: skip


class CopyForm(forms.Form):
    """What is copied where."""

    first = forms.DateField(
        label=_("From"), input_formats=["%Y-%m-%d"], error_messages=_DAY,
        widget=forms.DateInput({"type": "date", "class": "w-16"}, format="%Y-%m-%d"),
    )  # fmt: skip
    days = forms.TypedChoiceField(
        label=_("What"), coerce=int, choices=[(7, _("The week from that day on")), (1, _("That day"))],
        error_messages={"required": _("Choose a week or a day"), "invalid_choice": _("Choose a week or a day")},
    )  # fmt: skip
    to = forms.DateField(
        label=_("To"), input_formats=["%Y-%m-%d"], error_messages=_DAY,
        widget=forms.DateInput({"type": "date", "class": "w-16"}, format="%Y-%m-%d"),
    )  # fmt: skip
    on_sale = forms.BooleanField(label=_("Put the copies on sale at once"), required=False)

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        for name in ("first", "to"):
            if typed.get(name) and not 2000 <= typed[name].year <= 2200:
                self.add_error(name, _("Enter a day of this century"))
        if not self.errors and typed["first"] == typed["to"]:
            self.add_error("to", _("Choose another day to copy to"))
        return typed


def _label(show: PlannedShow) -> str:
    return f"{show.title} ({show.year})" if show.year else show.title
