"""What the office fills in about movies: the search, a movie, its poster, a file to import."""

import re
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from theatre.documents import words
from theatre.queries import programme
from theatre.queries.movies import LONGEST, Filed
from theatre.queries.programme import format_word
from theatre.rules import releases
from theatre.rules.refusals import Refused
from theatre.rules.releases import About
from theatre.templatetags.look import FORMATS
from theatre.web.fields import FilterField, KeyField, LineField

STATES = [
    ("draft", _("Draft")),
    ("coming_soon", _("Coming soon")),
    ("showing", _("Showing")),
    ("retired", _("Retired")),
]
SORTS = [
    ("title", _("Title")),
    ("newest", _("Newest first")),
    ("oldest", _("Oldest first")),
    ("changed", _("Changed last")),
]
CHOICES = [("2d", _("2D")), *((word, name) for word, (_short, name) in FORMATS.items())]
_UNTYPED = {"null_characters_not_allowed": _("Leave out the characters nobody can type")}


class FindMoviesForm(forms.Form):
    """Search, filters and order of the list. What nobody offered finds everything."""

    find = LineField(
        label=_("Title, people or words"),
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput({"autocomplete": "off", "type": "search"}),
    )
    state = FilterField(label=_("State"), choices=[("", _("Any")), *STATES])
    genre = FilterField(label=_("Genre"))
    format = FilterField(label=_("Format"), choices=[("", _("Any")), *CHOICES])
    sort = FilterField(label=_("Order"), choices=[("", _("Best match")), *SORTS])

    def __init__(self, *args: Any, genres: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["genre"].choices = [("", _("Any")), *((name, name) for name in genres)]  # type: ignore[attr-defined]


class MovieForm(forms.Form):
    """A movie. Cleaned, `about` is all that is said of it; lengths are the rule's, so that nothing typed is cut."""

    title = LineField(
        label=_("Title"),
        required_message=_("Enter the title"),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    certificate = LineField(
        label=_("Certificate"), required=False, help_text=_("As it stands on the poster: PG, 12A, 15."),
        widget=forms.TextInput({"autocomplete": "off", "class": "w-8"}),
    )  # fmt: skip
    minutes = forms.IntegerField(
        label=_("Running time in minutes"), required=False, help_text=_("A movie is not shown without it."),
        widget=forms.NumberInput({"class": "w-8", "inputmode": "numeric"}),
        error_messages={"invalid": _("Enter whole minutes, like 112")},
    )  # fmt: skip
    release_date = forms.DateField(
        label=_("Release date"), required=False, input_formats=["%Y-%m-%d"],
        widget=forms.DateInput({"type": "date", "class": "w-16"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Enter the day like 2026-03-01")},
    )  # fmt: skip
    genres = forms.MultipleChoiceField(
        label=_("Genres"), required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose from these genres, or add a new one below")},
    )  # fmt: skip
    new_genres = LineField(
        label=_("New genres"), required=False, help_text=_("With commas between them. They are added to the list."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip
    formats = forms.MultipleChoiceField(
        label=_("Formats"), required=False, widget=forms.CheckboxSelectMultiple, choices=CHOICES,
        error_messages={"invalid_choice": _("Choose from these formats")},
    )  # fmt: skip
    languages = LineField(
        label=_("Languages"), required=False, help_text=_("With commas between them: English, German."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip
    director = LineField(label=_("Director"), required=False, widget=forms.TextInput({"autocomplete": "off"}))
    actors = LineField(
        label=_("Cast"), required=False, help_text=_("With commas between them."),
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip
    synopsis = forms.CharField(
        label=_("Synopsis"), required=False, widget=forms.Textarea({"rows": 6}), error_messages=_UNTYPED
    )
    trailer = LineField(
        label=_("Trailer"), required=False, help_text=_("The link to it at YouTube or Vimeo. Nothing of it is"
        " loaded before somebody presses it."), widget=forms.TextInput({"autocomplete": "off", "inputmode": "url"}),
    )  # fmt: skip
    key = KeyField()

    def __init__(self, *args: Any, genres: list[str], movie: Filed | None = None, **kwargs: Any) -> None:
        if movie is not None:
            kwargs["initial"] = _known(movie)
        super().__init__(*args, **kwargs)
        self.had = movie.genres if movie else []
        self.fields["genres"].choices = [(name, name) for name in genres]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        about = About(
            title=typed.get("title", ""),
            certificate=typed.get("certificate", ""),
            genres=self._genres(typed),
            minutes=typed.get("minutes"),
            languages=tuple(
                words.language_code(name, get_language() or "en")
                for name in _parts(typed.get("languages", ""))
            ),
            release_date=typed.get("release_date"),
            synopsis=typed.get("synopsis", "").replace("\r\n", "\n"),
            director=typed.get("director", ""),
            actors=typed.get("actors", ""),
            trailer=typed.get("trailer", ""),
            formats=tuple(typed.get("formats", ())),
        )
        for fault in releases.faults(about, today=programme.today()[0]):
            if fault.field not in self.errors:
                self.add_error("new_genres" if fault.field == "genres" else fault.field, fault.sentence)
        try:
            releases.trailer(about.trailer)
        except Refused as refusal:
            self.add_error("trailer", refusal.sentence)
        return {**typed, "about": about}

    def _genres(self, typed: dict[str, Any]) -> tuple[str, ...]:
        """Those it had keep their order, for the first one is the movie's; new ones come last."""
        chosen = typed.get("genres", [])
        kept = [name for name in self.had if name in chosen]
        names = [*kept, *(name for name in chosen if name not in kept), *_parts(typed.get("new_genres", ""))]
        return tuple({name.casefold(): name for name in reversed(names)}[folded] for folded in
                     dict.fromkeys(name.casefold() for name in names))  # fmt: skip


class PosterForm(forms.Form):
    """A picture. What it is, is judged by its bytes (theatre/documents/posters.py)."""

    poster = forms.FileField(
        label=_("A picture, two by three"),
        allow_empty_file=True,
        max_length=None,
        widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_(
            "JPEG, PNG or WebP, up to 5 MB, 200 by 300 pixels or larger. It is drawn anew in three widths."
        ),
        error_messages={"required": _("Choose a poster first")},
    )


class FileForm(forms.Form):
    """A file of movies."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        max_length=None,
        widget=forms.FileInput({"accept": ".json,.csv,.tsv,.txt"}),
        help_text=_("JSON (a list of movies) or CSV with a first line of names, up to 20 MB."),
        error_messages={"required": _("Choose a file first")},
    )
    newest = forms.DateField(
        label=_("Newest release it can hold"), required=False, input_formats=["%Y-%m-%d"],
        widget=forms.DateInput({"type": "date", "class": "w-16"}, format="%Y-%m-%d"),
        help_text=_("Later dates were written a century late. Left empty, it is judged from the file."),
        error_messages={"invalid": _("Enter the day like 2026-03-01")},
    )  # fmt: skip


def _parts(typed: str) -> list[str]:
    return [part for part in (part.strip() for part in re.split(r"[,;]", typed)) if part]


def _known(movie: Filed) -> dict[str, Any]:
    return {
        "title": movie.title,
        "certificate": movie.certificate,
        "minutes": movie.minutes,
        "release_date": movie.release_date,
        "genres": movie.genres,
        "formats": [format_word(name) for name in movie.formats],
        "languages": ", ".join(words.language(name, get_language() or "en") for name in movie.languages),
        "director": movie.director,
        "actors": movie.actors,
        "synopsis": movie.synopsis,
        "trailer": movie.trailer,
    }
