"""Dates as people and files write them."""

import re
from datetime import date

from theatre.rules.moments import MONTHS, WEEKDAYS

_NUMBER_OF = (
    {name.casefold(): number for number, name in enumerate(MONTHS, 1)}
    | {name[:3].casefold(): number for number, name in enumerate(MONTHS, 1)}
    | {"sept": 9}
)
_FILLERS = frozenset(
    [
        "st",
        "nd",
        "rd",
        "th",
        "of",
        *(name.casefold() for name in WEEKDAYS),
        *(name[:3].casefold() for name in WEEKDAYS),
    ]
)


class UnreadableDate(Exception):
    """A text that is no date, or could be two; the words continue "The release date …"."""


def read_date(value: date | str, *, newest_year: int) -> tuple[date, str]:
    """A date in one of the usual forms, with a note when something had to be supplied (empty otherwise).

    Read are `1998-06-12` (also with a time behind it), `19980612`, `Jun 12 1998`, `June 12th, 1998`, `Fri 12
    June 1998`, `12-Jun-98`, `12.06.1998`, `13/06/1998`, `Jun 1998` and `1998`. A year of two digits is the
    latest one that does not exceed `newest_year`. Anything else is an UnreadableDate, and so are day and
    month that could change places (`06/12/1998`): nobody should guess.
    """
    if isinstance(value, date):
        return date(value.year, value.month, value.day), ""
    text = " ".join(value.split())
    try:
        return _in_numbers(text, newest_year) or _in_words(text, newest_year)
    except (ValueError, OverflowError):
        raise UnreadableDate(f"{text} isn’t a date. Write it like 1998-06-12") from None


def _in_numbers(text: str, newest_year: int) -> tuple[date, str] | None:
    if match := re.fullmatch(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?:[T ][0-9:.,+Z-]*)?", text):
        return date(int(match[1]), int(match[3]), int(match[4])), ""
    if re.fullmatch(r"[0-9]{8}", text):
        return date(int(text[:4]), int(text[4:6]), int(text[6:])), ""
    if re.fullmatch(r"[0-9]{4}", text):
        return date(int(text), 1, 1), f"has only the year {text}, so 1 January was entered"
    if match := re.fullmatch(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})", text):
        first, second = int(match[1]), int(match[3])
        if match[2] == "." or first > 12 or first == second:
            return _with_year(match[4], second, first, newest_year)
        if second > 12:
            return _with_year(match[4], first, second, newest_year)
        raise UnreadableDate(f"{text} can be read two ways. Write it like 1998-06-12")
    return None


def _in_words(text: str, newest_year: int) -> tuple[date, str]:
    """A date with its month in words, else ValueError."""
    parts = re.findall(r"[0-9]+|[^\W\d_]+|\d+", text.casefold())
    months = [_NUMBER_OF[part] for part in parts if part in _NUMBER_OF]
    numbers = [part for part in parts if part.isascii() and part.isdigit()]
    others = [part for part in parts if part not in numbers and part not in _NUMBER_OF]
    if len(months) != 1 or not _FILLERS.issuperset(others):
        raise ValueError(text)
    match numbers:
        case [year] if len(year) == 4:
            return date(int(year), months[0], 1), "has no day, so the 1st was entered"
        case [year, day] if len(year) == 4 and len(day) <= 2:
            return date(int(year), months[0], int(day)), ""
        case [day, year] if len(day) <= 2 and len(year) in (2, 4):
            return _with_year(year, months[0], int(day), newest_year)
    raise ValueError(text)


def _with_year(year: str, month: int, day: int, newest_year: int) -> tuple[date, str]:
    if len(year) == 4:
        return date(int(year), month, day), ""
    full = newest_year - (newest_year - int(year)) % 100
    return date(full, month, day), f"has the year {year}, read as {full}"
