"""Films as other people's files write them: one row in, a movie or a problem out.

It reads the Vega project's field names ("Title", "Release Date", "Running Time min") and our own (title,
release_date, duration_minutes), with odd types as they come. What can be put right is, and is reported.
"""

import dataclasses
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from math import isfinite, isinf

from theatre.rules.dates import UnreadableDate, read_date

FIRST_FILM = 1888
YEARS_AHEAD = 5
LONGEST_TITLE = 400
LONGEST_NAME = 200
LONGEST_GENRE = 60
LONGEST_MINUTES = 900

FIELDS = {
    "title": ("title", "name"),
    "release_date": ("release date", "released", "release", "date"),
    "minutes": ("running time min", "running time", "duration minutes", "duration", "minutes", "runtime"),
    "certificate": ("mpaa rating", "certificate", "age rating"),
    "genre": ("major genre", "genres", "genre"),
    "director": ("director", "directors"),
    "distributor": ("distributor",),
    "source": ("source",),
    "creative_type": ("creative type",),
    "synopsis": ("synopsis", "description", "plot"),
}
# A film that has earned money or been judged has been shown.
SHOWN_FIELDS = (
    "us gross",
    "worldwide gross",
    "us dvd sales",
    "rotten tomatoes rating",
    "imdb rating",
    "imdb votes",
)
CERTIFICATES = {
    "g": "G",
    "pg": "PG",
    "pg-13": "PG-13",
    "pg13": "PG-13",
    "r": "R",
    "nc-17": "NC-17",
    "nc17": "NC-17",
    "not rated": "NR",
    "unrated": "NR",
    "open": "",
}
MINUTES = r"([0-9]{1,4})(?:[.,]0+)?\s*(?:m|min|mins|minutes|')?\.?"
HOURS = r"([0-9]{1,2})\s*(?:h|hr|hrs|hours?|:)\s*(?:([0-9]{1,2})\s*(?:m|min|mins|minutes)?)?\.?"
MISSING = frozenset({"n/a", "na", "null", "none", "nan", "-", "unknown"})
LONGEST_CERTIFICATE = 12


@dataclass(frozen=True, slots=True)
class ParsedMovie:
    """A good row. `minutes` is None for a draft that cannot be programmed yet; missing words are empty.

    `fixed` says in sentences what was put right on the way; `century_late` that the date was part of it.
    """

    title: str
    release_date: date
    director: str
    minutes: int | None
    certificate: str
    genres: tuple[str, ...]
    distributor: str
    source: str
    creative_type: str
    synopsis: str
    fixed: tuple[str, ...] = ()
    century_late: bool = False

    @property
    def key(self) -> tuple[str, int, str]:
        """Title, year and director, whatever their capitals: rows with one key are one movie."""
        return self.title.lower(), self.release_date.year, self.director.lower()

    @property
    def is_draft(self) -> bool:
        """Whether the running time is missing, so that it cannot be programmed yet."""
        return self.minutes is None


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that cannot be imported: the field and the reason as a sentence; and the title, where one could be read."""

    field: str
    reason: str
    title: str = dataclasses.field(default="", compare=False)


class _Unreadable(Exception):
    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.problem = Problem(field, reason)


def parse_movie_row(row: object, *, today: date, latest: date | None = None) -> ParsedMovie | Problem:
    """A movie from a row of a film file, or the first problem that stops it.

    A row needs a title (text or number) and a readable date. A director may be missing; only a field called
    directors is a list. A date is a century too late, and is put right, when it lies after `latest` (the newest
    date the file can hold, if known), when the film has been seen already and the date is still to come, or when
    it is more than 5 years ahead. Minutes outside 1–900 are left out.
    """
    if not isinstance(row, Mapping):
        return Problem("row", "The row isn’t a list of named fields")
    cells = {_name(key): value for key, value in row.items()}
    fixed: list[str] = []
    title = ""
    try:
        title = _required_title(cells, fixed)
        released, century_late = _release(cells, today, latest, fixed)
        director = _director(cells)
    except _Unreadable as unreadable:
        return replace(unreadable.problem, title=title)
    return ParsedMovie(
        title=title,
        release_date=released,
        director=director,
        minutes=_minutes(_value(cells, "minutes"), fixed),
        certificate=_certificate(_value(cells, "certificate"), fixed),
        genres=_genres(_value(cells, "genre")),
        distributor=_known(_value(cells, "distributor"))[:LONGEST_NAME],
        source=_known(_value(cells, "source"))[:LONGEST_NAME],
        creative_type=_known(_value(cells, "creative_type"))[:LONGEST_NAME],
        synopsis=_known(_value(cells, "synopsis")),
        fixed=tuple(fixed),
        century_late=century_late,
    )


def _name(key: object) -> str:
    return " ".join(str(key).replace("_", " ").casefold().split())


def _value(cells: Mapping[str, object], field: str) -> object:
    """The first cell that has something in it under one of the field's names."""
    return next((cells[name] for name in FIELDS[field] if _words(cells.get(name))), None)


def _single(cells: Mapping[str, object], field: str, wanted: str) -> object:
    """As `_value`, for what a row has one of: a list, an object or a boolean is not read, and reported if it is all
    there is."""
    found = {name: cells[name] for name in FIELDS[field] if name in cells}
    wrong = {name: _wrong(value, several=name == "directors") for name, value in found.items()}
    read = next((value for name, value in found.items() if not wrong[name] and _words(value)), None)
    if read is None and any(wrong.values()):
        what = next(filter(None, wrong.values()))
        raise _Unreadable(field, f"The {field.replace('_', ' ')} is {what}, not {wanted}")
    return read


def _wrong(value: object, *, several: bool = False) -> str:
    """What a cell holds that can't be one value; empty when it can. Several values are judged one by one."""
    if isinstance(value, list | tuple):
        return next(filter(None, map(_wrong, value)), "") if several else "a list"
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "infinite" if isinstance(value, float) and isinf(value) else ""


def _words(value: object) -> str:
    """A cell as one line of text: numbers as they are read, control characters and doubled spaces gone."""
    if isinstance(value, list | tuple):
        return ", ".join(filter(None, (_words(item) for item in value if not isinstance(item, list | tuple))))
    if isinstance(value, float):
        if not isfinite(value):
            return ""
        value = int(value) if value.is_integer() else value
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal | date):
        return ""
    kept = "".join(" " if unicodedata.category(char) in ("Cc", "Cs") else char for char in str(value))
    text = " ".join(unicodedata.normalize("NFC", kept).split())
    return text if any(unicodedata.category(char)[0] not in "CZ" for char in text) else ""


def _known(value: object) -> str:
    """The words of a cell, empty when they only say that nothing is known."""
    text = _words(value)
    return "" if text.casefold() in MISSING else text


def _required_title(cells: Mapping[str, object], fixed: list[str]) -> str:
    value = _single(cells, "title", "text")
    title = _words(value)
    if not title:
        raise _Unreadable("title", "The title is missing")
    if len(title) > LONGEST_TITLE:
        raise _Unreadable("title", f"The title has {len(title)} characters, more than {LONGEST_TITLE}")
    if not isinstance(value, str):
        fixed.append(f"The title is the number {title}, read as text")
    elif dropped := sorted({f"U+{ord(char):04X}" for char in value.strip() if _unseen(char)}):
        fixed.append(
            f"The title had characters that don’t belong in one line, left out: {', '.join(dropped)}"
        )
    return title


def _unseen(char: str) -> bool:
    """Whether it is a line break or a character that no text shows. A tab is white space as any other."""
    return char != "\t" and unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")


def _director(cells: Mapping[str, object]) -> str:
    director = _known(_single(cells, "director", "text"))
    if len(director) > LONGEST_NAME:
        raise _Unreadable(
            "director", f"The director has {len(director)} characters, more than {LONGEST_NAME}"
        )
    return director


def _release(
    cells: Mapping[str, object], today: date, latest: date | None, fixed: list[str]
) -> tuple[date, bool]:
    value = _single(cells, "release_date", "a date")
    text = _known(value)
    if not text:
        raise _Unreadable("release_date", "The release date is missing")
    try:
        written, note = read_date(
            value if isinstance(value, date) else text, newest_year=today.year + YEARS_AHEAD
        )
    except UnreadableDate as unreadable:
        raise _Unreadable("release_date", f"The release date {unreadable}") from None
    if note:
        fixed.append(f"The release date {note}")
    shown = any(_number(cells.get(name)) > 0 for name in SHOWN_FIELDS)
    horizon = latest or (today if shown else date(today.year + YEARS_AHEAD, 12, 31))
    right = written if written <= horizon else _century_before(written)
    if right is None or right > horizon:
        raise _Unreadable("release_date", f"The release date {text} lies too far ahead")
    if right.year < FIRST_FILM:
        raise _Unreadable("release_date", f"The release date {text} lies before the first movie")
    if right != written:
        fixed.append(f"The release date was a century late: {written.year} is now {right.year}")
    return right, right != written


def _century_before(moment: date) -> date | None:
    try:
        return moment.replace(year=moment.year - 100)
    except ValueError:
        return None


def _number(value: object) -> Decimal:
    """A cell as a number, 0 when it is none: `1,234,567` and `$1234567` are read too."""
    try:
        number = Decimal(re.sub(r"[\s,$€£]", "", _words(value)))
    except InvalidOperation:
        return Decimal(0)
    return number if number.is_finite() else Decimal(0)


def _minutes(value: object, fixed: list[str]) -> int | None:
    """The running time: `112`, `112 min`, `1 h 52 min`, `1:52`. What can't be one is left out and told."""
    text = _known(value).casefold()
    if not text:
        return None
    if match := re.fullmatch(MINUTES, text):
        minutes = int(match[1])
    elif match := re.fullmatch(HOURS, text):
        minutes = 60 * int(match[1]) + int(match[2] or 0)
    else:
        minutes = 0
    if not 1 <= minutes <= LONGEST_MINUTES:
        fixed.append(
            f"The running time {text} isn’t between 1 and {LONGEST_MINUTES} minutes, so it was left out"
        )
        return None
    return minutes


def _certificate(value: object, fixed: list[str]) -> str:
    text = _known(value)
    certificate = CERTIFICATES.get(text.casefold(), text)
    if len(certificate) > LONGEST_CERTIFICATE:
        fixed.append(
            f"The certificate {certificate} has more than {LONGEST_CERTIFICATE} characters and was left out"
        )
        return ""
    return certificate


def _genres(value: object) -> tuple[str, ...]:
    parts = (part.strip()[:LONGEST_GENRE].strip() for part in re.split(r"[,;|]", _known(value)))
    return tuple({part.casefold(): part for part in parts if part}.values())
