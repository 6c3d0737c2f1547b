"""Whole files of films: bytes in, rows out, and what only a whole file can tell about its rows.

JSON is a list of objects, CSV a first line of names and a line for each film. Both are UTF-8, or UTF-16 with its
mark, as spreadsheets write it.
"""

import csv
import json
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import StringIO

from theatre.rules.movies import FIELDS, ParsedMovie, Problem, parse_movie_row
from theatre.rules.refusals import Refused

LARGEST_BYTES = 100_000_000
# When dates are proven a century late, so are strays: fewer than one film in a hundred, after years without any.
STRAYS_IN = 100
EMPTY_YEARS = 3
# A cell may fill its file, so that a long one is its row's own trouble. The limit is the whole process's: it is set
# once, for to set it back after a file would cut off another thread's.
csv.field_size_limit(max(csv.field_size_limit(), LARGEST_BYTES))


class FileUnreadable(Refused):
    """The file as a whole can't be read as a list of movies."""

    code = "file_unreadable"


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its number as a person finds it: the first object of a JSON list is 1, the line after the
    names of a CSV file is 2. `cells` is a Problem when the line doesn't fit the names or its quotes are broken.
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
            f"{name} isn’t UTF-8: line {line} can’t be read. Save it as UTF-8 and import it again"
        ) from None


def _from_json(text: str, name: str) -> list[Row]:
    try:
        found = json.loads(text, parse_int=_int)
    except json.JSONDecodeError as error:
        raise FileUnreadable(
            f"{name} can’t be read as JSON: something is wrong at line {error.lineno}, column {error.colno}"
        ) from None
    except RecursionError:
        raise FileUnreadable(f"{name} is nested too deeply. It should be a list of movies") from None
    if not isinstance(found, list):
        raise FileUnreadable(f"{name} should be a list of movies, in square brackets")
    return [Row(number, cells) for number, cells in enumerate(found, 1)]


def _int(digits: str) -> int | Decimal:
    """Python makes no int of thousands of digits, for that is slow. A Decimal is not, and its row is judged as any."""
    try:
        return int(digits)
    except ValueError:
        return Decimal(digits)


def _from_csv(text: str, name: str) -> list[Row]:
    first = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    lines = list(_lines(text, delimiter, name))
    number, names = next(((number, line) for number, line in enumerate(lines, 1) if line), (0, []))
    if not names:
        raise FileUnreadable(f"{name} has nothing between its separators")
    if isinstance(names, Problem):
        raise FileUnreadable(f"{name} can’t be read as CSV: the quotes of its first line are broken")
    known = {" ".join(cell.replace("_", " ").casefold().split()) for cell in names}
    if known.isdisjoint(FIELDS["title"]):
        raise FileUnreadable(f"{name} has no column called title. Its first line should name the columns")
    return [Row(at, _named(names, line)) for at, line in enumerate(lines[number:], number + 1) if line]


def _lines(text: str, delimiter: str, name: str) -> Iterator[list[str] | Problem]:
    """The lines of a CSV file as cells, empty when nothing is in them, and a Problem where quotes are broken.

    After broken quotes nobody knows whether the next line begins a row or goes on inside a cell, and that must not
    be taken for a film. So it is read on only if the broken row stands on one line with its quotes in pairs, and the
    next row that has quotes has them in their places, or is broken too and begins with one that opens a cell: a
    stray one could close a cell that was left open. Otherwise FileUnreadable with the line where it began.
    """
    cell = rf'(?:[^"{delimiter}]*|"[^"]*(?:""[^"]*)*")'
    in_their_places = re.compile(rf"{cell}(?:{delimiter}{cell})*\s*")
    written = list(StringIO(text, newline=""))
    reader = csv.reader(written, delimiter=delimiter, strict=True)
    broken = 0  # the line after which no quotes have been read
    while (begun := reader.line_num) < len(written):
        try:
            cells, failed = next(reader), False
        except csv.Error:
            cells, failed = [], True
        row = "".join(written[begun : reader.line_num])
        before, quoted, _ = row.partition('"')
        if failed:
            opens = not broken or before[-1:] in ("", delimiter)
            sure = opens and reader.line_num == begun + 1 and row.count('"') % 2 == 0
        else:
            sure = not (broken and quoted) or in_their_places.fullmatch(row) is not None
        if not sure:
            raise FileUnreadable(
                f"{name} can’t be read as CSV from line {broken or begun + 1} on: its quotes are broken. Quotes round a"
                " cell have to be closed, and one within it written twice"
            )
        if quoted:
            broken = begun + 1 if failed else 0
        if failed:
            yield Problem(
                "row", "The quotes of the row are broken. One within a quoted cell has to be written twice"
            )
        else:
            yield cells if any(cell.strip() for cell in cells) else []


def _named(names: list[str], line: list[str] | Problem) -> dict[str, str] | Problem:
    if isinstance(line, Problem):
        return line
    if any(line[len(names) :]):
        return Problem("row", f"The row has {len(line)} cells and the first line names {len(names)}")
    return dict(zip(names, line, strict=False))
