import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests import factories
from theatre.actions.movies.importing import ImportRunning, import_movies
from theatre.models import AuditEntry, Genre, Movie
from theatre.models.sql import fetch

pytestmark = pytest.mark.django_db
REAL = Path(__file__).parents[2] / "theatre" / "demo" / "data" / "movies.json"


def imported(rows, **wanted):
    return import_movies(data=json.dumps(rows).encode(), name="films.json", **wanted)


def row(title="Arrival", released="Nov 11 2016", **cells):
    return {"Title": title, "Release Date": released, **cells}


def test_real_file_is_imported_whole():
    # Counted by hand in the file: 3,201 rows, one without a title, nine titles that are numbers, 22 dates after
    # 2011 (the newest film is of December 2011), 1,992 films without minutes.
    done = import_movies(data=REAL.read_bytes(), name=REAL.name)

    assert (done.rows, done.imported, done.completed, done.unchanged) == (3201, 3200, 0, 0)
    assert [(note.row, note.sentence) for note in done.refused] == [(3054, "The title is missing")]
    assert sum("a century late" in note.sentence for note in done.fixed) == 22
    assert sum("read as text" in note.sentence for note in done.fixed) == 9
    assert len(done.fixed) == 31
    assert Movie.objects.filter(state="draft", duration_minutes=None).count() == done.drafts == 1992
    assert Movie.objects.filter(state="retired", duration_minutes__gte=1).count() == 1208
    assert Movie.objects.filter(release_date__gt=date(2011, 12, 31)).count() == 0
    assert Movie.objects.get(title="Ben-Hur", director="").release_date == date(1925, 12, 30)
    assert Movie.objects.get(title="1408").slug == "1408-2007"
    assert Genre.objects.count() == 12
    assert Movie.objects.filter(genres__isnull=True).count() == 275
    assert Movie.objects.values("slug").distinct().count() == 3200


def test_same_file_again_changes_nothing():
    import_movies(data=REAL.read_bytes(), name=REAL.name)
    before = fetch("SELECT md5(string_agg(m::text, '|' ORDER BY id)) FROM theatre_movie m")
    audited = AuditEntry.objects.count()

    again = import_movies(data=REAL.read_bytes(), name=REAL.name)

    assert (again.imported, again.completed, again.unchanged, len(again.refused)) == (0, 0, 3200, 1)
    assert fetch("SELECT md5(string_agg(m::text, '|' ORDER BY id)) FROM theatre_movie m") == before
    assert AuditEntry.objects.count() == audited == 1


def test_key_is_title_year_and_director_whatever_their_capitals():
    done = imported(
        [
            row(Director="Denis V"),
            row("ARRIVAL", "Dec 1 2016", Director="DENIS V"),
            row(released="Nov 11 2015", Director="Denis V"),
            row(Director="Somebody Else"),
        ]
    )

    assert (done.imported, [(note.row, note.sentence) for note in done.refused]) == (
        3,
        [(2, "Row 1 has the same title, year and director")],
    )
    assert sorted(Movie.objects.values_list("slug", flat=True)) == [
        "arrival-2015",
        "arrival-2016",
        "arrival-2016-2",
    ]


def test_movie_that_is_there_keeps_what_it_has_and_is_given_what_it_lacks():
    kept = factories.movie(
        "Arrival",
        director="",
        release_date=date(2016, 11, 11),
        minutes=None,
        certificate="",
        synopsis="Ours.",
        genres=(),
    )
    wanted = row(
        **{"Running Time min": 116, "MPAA Rating": "PG-13", "Major Genre": "Drama", "Synopsis": "Theirs."}
    )

    first, again = imported([wanted]), imported([wanted])

    kept.refresh_from_db()
    assert (first.completed, again.completed, again.unchanged) == (1, 0, 1)
    assert (kept.duration_minutes, kept.certificate, kept.synopsis, kept.state) == (
        116,
        "PG-13",
        "Ours.",
        "retired",
    )
    assert [genre.name for genre in kept.genres.all()] == ["Drama"]


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("你好", "movie-2016"),
        ("!!!", "movie-2016"),
        ("🎬🎬", "movie-2016"),
        ("Amélie", "amelie-2016"),
        ("x" * 400, "x" * 148 + "-2016"),
        (9, "9-2016"),
        ("<script>alert(1)</script>", "scriptalert1script-2016"),
        ("'; DROP TABLE theatre_movie; --", "drop-table-theatre_movie-2016"),
    ],
)
def test_any_title_has_a_slug(title, slug):
    imported([row(title)])

    assert Movie.objects.get().slug == slug


def test_bad_rows_are_reported_and_the_good_ones_kept():
    done = imported(
        [
            row(),
            "not a row",
            None,
            [],
            {},
            row(None),
            row(" \u200b\x00 "),
            row("No date", None),
            row("Bad date", "soon"),
            row("Two ways", "06/12/1998"),
            row("Long", "x" * 1_000_000),
            row("y" * 401),
            row("Nested", {"year": 1998}),
            row("Minutes", **{"Running Time min": -4}),
            row("\ud800 Half a pair", **{"Running Time min": float("nan"), "Major Genre": "z" * 500}),
        ]
    )

    assert (done.rows, done.imported) == (15, 3)
    assert [note.row for note in done.refused] == [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]
    assert all(0 < len(note.sentence) <= 301 for note in done.refused)
    assert [(note.row, note.title) for note in done.fixed if "U+D800" in note.sentence] == [
        (15, "Half a pair")
    ]
    assert [note.title for note in done.refused if note.title] == [
        "No date",
        "Bad date",
        "Two ways",
        "Long",
        "Nested",
    ]


def test_two_imports_at_once_are_refused():
    with connection.copy().cursor() as other:
        other.execute("SELECT pg_advisory_lock(7301001)")
        with pytest.raises(ImportRunning):
            imported([row()])
        other.execute("SELECT pg_advisory_unlock(7301001)")
        other.connection.close()


def test_command_prints_the_report(tmp_path):
    file = tmp_path / "films.csv"
    file.write_text("title,release date\n1776,09-Nov-72\n,Jan 1 1999\n")
    out = StringIO()

    call_command("import_movies", str(file), stdout=out)

    assert out.getvalue() == (
        "Put right: row 2: 1776: The release date has the year 72, read as 1972.\n"
        "Refused: row 3: The title is missing.\n"
        "2 rows: 1 imported, 0 completed, 0 unchanged, 1 refused. Put right: 1. Without a running time, so drafts:"
        " 1.\n"
    )


@pytest.mark.parametrize("name", ["nowhere.json", ".", "broken.json", "bare.csv"])
def test_command_refuses_what_it_cannot_read(tmp_path, name):
    (tmp_path / "broken.json").write_text('[{"title": ')
    (tmp_path / "bare.csv").write_text(",,,\n,,,\n")

    with pytest.raises(CommandError, match=r"can’t be read|has nothing between its separators"):
        call_command("import_movies", str(tmp_path / name))
