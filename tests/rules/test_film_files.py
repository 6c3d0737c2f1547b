import json
from datetime import date

import pytest

from theatre.rules.film_files import FileUnreadable, Row, newest_date, parse_rows, rows_of
from theatre.rules.movies import ParsedMovie, Problem

TODAY = date(2026, 11, 22)


def film(released: date, *, century_late: bool = False) -> ParsedMovie:
    return ParsedMovie("Film", released, "", 90, "", (), "", "", "", "", century_late=century_late)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("f.json", '[{"Title": "Ørsted", "Release Date": "Jun 12 1998"}]'),
        ("f.csv", "Title,Release Date\nØrsted,Jun 12 1998\n"),
        ("f.csv", "Title;Release Date\r\nØrsted;Jun 12 1998\r\n"),
        ("f.tsv", "Title\tRelease Date\nØrsted\tJun 12 1998"),
        ("f", '\n [{"Title": "Ørsted", "Release Date": "Jun 12 1998"}]'),
        ("f", "Title,Release Date\nØrsted,Jun 12 1998\n"),
    ],
)
def test_file_is_read_in_its_usual_shapes_and_encodings(name, text, encoding):
    rows = rows_of(text.encode(encoding), name=name)

    assert [row.cells for row in rows] == [{"Title": "Ørsted", "Release Date": "Jun 12 1998"}]


def test_rows_are_counted_as_a_spreadsheet_shows_them():
    rows = rows_of(b"\nTitle,Year\nOne,1998\n\n,\nTwo,1999,\nThree,2000,more\nFour\n", name="f.csv")

    assert rows == [
        Row(3, {"Title": "One", "Year": "1998"}),
        Row(6, {"Title": "Two", "Year": "1999"}),
        Row(7, Problem("row", "The row has 3 cells and the first line names 2")),
        Row(8, {"Title": "Four"}),
    ]


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "f.json", "f.json is empty"),
        (b"  \n ", "f.csv", "f.csv is empty"),
        (
            b'[\n{"title": 3',
            "f.json",
            "f.json can’t be read as JSON: something is wrong at line 2, column 12",
        ),
        (b'{"title": 3}', "f.json", "f.json should be a list of movies, in square brackets"),
        (b"[" * 100_000, "f.json", "f.json is nested too deeply. It should be a list of movies"),
        (
            "title\nné".encode("latin-1"),
            "f.csv",
            "f.csv isn’t UTF-8: line 2 can’t be read. Save it as UTF-8 and import it again",
        ),
        (
            b"year,director\n1998,Ada\n",
            "f.csv",
            "f.csv has no column called title. Its first line should name the columns",
        ),
        (b",,,\n,,,\n", "f.csv", "f.csv has nothing between its separators"),
        (b"; ;\r\n", "f.csv", "f.csv has nothing between its separators"),
        (
            b'"title"s,year\nOne,1998\n',
            "f.csv",
            "f.csv can’t be read as CSV: the quotes of its first line are broken",
        ),
        (b"\x89PNG\r\n\x1a\n\x00", "f", "f isn’t UTF-8: line 1 can’t be read. Save it as UTF-8 and import it again"),
    ],
)  # fmt: skip
def test_unreadable_file_is_refused_in_a_sentence(data, name, sentence):
    with pytest.raises(FileUnreadable) as refused:
        rows_of(data, name=name)

    assert refused.value.sentence == sentence


def test_number_of_thousands_of_digits_is_its_own_rows_trouble():
    long = "9" * 6000
    rows = rows_of(
        f'[{{"title": {long}, "date": 1998}}, {long}, {{"title": "One", "date": 1998, "US Gross": -{long}}},'
        f' {{"title": "Two", "date": {long}}}]'.encode(),
        name="f.json",
    )

    parsed = parse_rows(rows, today=TODAY)

    assert parsed[0] == (1, Problem("title", "The title has 6000 characters, more than 400"))
    assert parsed[1] == (2, Problem("row", "The row isn’t a list of named fields"))
    assert isinstance(parsed[2][1], ParsedMovie)
    assert parsed[3] == (
        4, Problem("release_date", f"The release date {long} isn’t a date. Write it like 1998-06-12"),
    )  # fmt: skip


def test_cell_longer_than_a_csv_reader_takes_is_its_own_rows_trouble():
    long = "x" * 200_000
    data = f"title,date,synopsis\n{long},1998-01-01,\nOne,1998-01-01,{long}\nTwo,1998-01-01,\n".encode()

    parsed = parse_rows(rows_of(data, name="f.csv"), today=TODAY)

    assert parsed[0] == (2, Problem("title", "The title has 200000 characters, more than 400"))
    assert [film.title for _, film in parsed[1:]] == ["One", "Two"]


BROKEN = Problem("row", "The quotes of the row are broken. One within a quoted cell has to be written twice")


def test_row_of_broken_quotes_is_reported_and_the_others_read():
    rows = rows_of(
        b'title,date\nOne,1998\n"a"b,2001-01-01\nTwo,1999\n"He "says" no",2000\n"Three",2001\nDisk 5",2002\n"Last "x',
        name="f.csv",
    )

    assert rows == [
        Row(2, {"title": "One", "date": "1998"}),
        Row(3, BROKEN),
        Row(4, {"title": "Two", "date": "1999"}),
        Row(5, BROKEN),
        Row(6, {"title": "Three", "date": "2001"}),
        Row(7, {"title": 'Disk 5"', "date": "2002"}),
        Row(8, BROKEN),
    ]


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ('"never closed\nTwo,2000\n', 3),  # all that follows is in the cell
        ('"a"b,"a cell\nof two lines",2001\nTwo,2000\n', 3),  # the broken row opens a second cell
        ('"a "b\nand an end",2001\nTwo,2000\n', 3),  # the broken cell is closed later
        ('"a "b\nInside,2001\nand an end",2001\n', 3),
        ('"a "b\nInside,2001\nand" an end","2001"\n', 3),
        ('"a "b\nInside,2001\nand" an end","20"01"\n', 3),
        ('"a,2000\nTwo,2000\n"Three",2000\n', 3),  # nobody knows whether the second line is a row
        ('"a"b,2000\n"Two",2000\n"a "b\nand an end",2001\n', 5),
    ],
)
def test_file_is_refused_where_the_inside_of_a_cell_could_be_taken_for_a_film(rows, line):
    with pytest.raises(FileUnreadable) as refused:
        rows_of(f"title,date\nOne,1998\n{rows}".encode(), name="f.csv")

    assert refused.value.sentence == (
        f"f.csv can’t be read as CSV from line {line} on: its quotes are broken. Quotes round a cell have to be"
        " closed, and one within it written twice"
    )


def test_strays_are_late_too_when_others_are_proven():
    films = [film(date(2000 + n % 12, 1, 1)) for n in range(300)]
    strays = [film(date(2015, 2, 8)), film(date(2025, 12, 30))]
    proven = [film(date(1939, 12, 15), century_late=True)]

    assert newest_date([*films, *strays, *proven]) == date(2011, 1, 1)
    assert newest_date([*films, *strays]) is None
    assert newest_date([*films, *proven]) is None


def test_nothing_is_judged_from_a_small_file_or_many_late_films():
    proven = [film(date(1939, 12, 15), century_late=True)]
    few = [film(date(1950, 1, 1))] * 50 + [film(date(2024, 1, 1))]
    many = [film(date(1950, 1, 1))] * 200 + [film(date(2024, 1, 1))] * 3

    assert newest_date([*few, *proven]) is None
    assert newest_date([*many, *proven]) is None


def test_newest_date_that_is_given_is_believed():
    rows = rows_of(json.dumps([{"title": "Ben-Hur", "date": "Dec 30 2025"}]).encode(), name="f.json")

    [(_, judged)] = parse_rows(rows, today=TODAY)
    [(_, told)] = parse_rows(rows, today=TODAY, newest=date(2011, 12, 31))

    assert isinstance(judged, ParsedMovie)
    assert isinstance(told, ParsedMovie)
    assert (judged.release_date.year, told.release_date.year) == (2025, 1925)
