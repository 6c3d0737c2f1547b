"""Whole files of films: bytes in, rows out, and what only a whole file can tell about its rows.

JSON is a list of objects, CSV a first line of names and a line for each film. Both are UTF-8, or UTF-16 with its
mark, as spreadsheets write it.
"""

import csv
import json
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO

from theatre.rules.movies import FIELDS, ParsedMovie, Problem, parse_movie_row
from theatre.rules.refusals import Refused

LARGEST_BYTES = 100_000_000
# When dates are proven a century late, so are strays: fewer than one film in a hundred, after years without any.
STRAYS_IN = 100
EMPTY_YEARS = 3


class FileUnreadable(Refused):
    """The file as a whole can't be read as a list of films."""

    code = "file_unreadable"


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its number as a person finds it: the first object of a JSON list is 1, the line after the
    names of a CSV file is 2. `cells` is a Problem when the line doesn't fit the names.
    """

    number: int
    cells: object


def rows_of(data: bytes, *, name: str) -> list[Row]:
    """The rows of a file called `name`, or FileUnreadable with what to do about it."""
    if len(data) > LARGEST_BYTES:
        raise FileUnreadable(
            f"{name} is larger than {LARGEST_BYTES // 1_000_000} MB. Split it and import the parts"
        )
    text = _text(data, name)
    if not text.strip():
        raise FileUnreadable(f"{name} is empty")
    suffix = name.lower().rpartition(".")[2]
    if suffix == "json" or (suffix not in ("csv", "tsv", "txt") and text.lstrip()[0] in "[{"):
        return _from_json(text, name)
    return _from_csv(text, name)


def parse_rows(
    rows: Sequence[Row], *, today: date, newest: date | None = None
) -> list[tuple[int, ParsedMovie | Problem]]:
    """Each row's number with its film or its problem.

    `newest` is the newest date the file can hold; without it, it is judged from the file (`newest_date`).
    """
    parsed = [(row.number, _parsed(row.cells, today, newest)) for row in rows]
    judged = newest or newest_date([film for _, film in parsed if isinstance(film, ParsedMovie)])
    if judged == newest:
        return parsed
    return [(row.number, _parsed(row.cells, today, judged)) for row in rows]


def newest_date(films: Sequence[ParsedMovie]) -> date | None:
    """The newest date a file can hold, judged from films that can't have been released when it says; None if
    nothing tells.

    Some dates are proven a century late: such a file was written with years of two digits. In one of a hundred
    films and more, the last few (fewer than one in a hundred) that come after three years or more without a
    single film are then a century late as well.
    """
    released = sorted(film.release_date for film in films if not film.century_late)
    if len(released) < STRAYS_IN or len(released) == len(films):
        return None
    most = (len(released) - 1) // STRAYS_IN
    for place in range(len(released) - most, len(released)):
        before, after = released[place - 1], released[place]
        if after.year - before.year > EMPTY_YEARS:
            return released[bisect_left(released, after) - 1]
    return None


def _parsed(cells: object, today: date, newest: date | None) -> ParsedMovie | Problem:
    if isinstance(cells, Problem):
        return cells
    return parse_movie_row(cells, today=today, latest=newest)


def _text(data: bytes, name: str) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise FileUnreadable(
            f"{name} isn't UTF-8: line {line} can't be read. Save it as UTF-8 and import it again"
        ) from None


def _from_json(text: str, name: str) -> list[Row]:
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise FileUnreadable(
            f"{name} can't be read as JSON: something is wrong at line {error.lineno}, column {error.colno}"
        ) from None
    except RecursionError:
        raise FileUnreadable(f"{name} is nested too deeply. It should be a list of films") from None
    except ValueError:
        raise FileUnreadable(f"{name} has a number too long to read") from None
    if not isinstance(found, list):
        raise FileUnreadable(f"{name} should be a list of films, in square brackets")
    return [Row(number, cells) for number, cells in enumerate(found, 1)]


def _from_csv(text: str, name: str) -> list[Row]:
    first = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        lines = list(csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise FileUnreadable(f"{name} can't be read as CSV: {error}") from None
    number, names = next((number, line) for number, line in enumerate(lines, 1) if any(line))
    known = {" ".join(cell.replace("_", " ").casefold().split()) for cell in names}
    if known.isdisjoint(FIELDS["title"]):
        raise FileUnreadable(f"{name} has no column called title. Its first line should name the columns")
    return [
        Row(at, _named(names, line))
        for at, line in enumerate(lines[number:], number + 1)
        if any(cell.strip() for cell in line)
    ]


def _named(names: list[str], line: list[str]) -> dict[str, str] | Problem:
    if any(line[len(names) :]):
        return Problem("row", f"The row has {len(line)} cells and the first line names {len(names)}")
    return dict(zip(names, line, strict=False))
