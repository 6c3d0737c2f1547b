from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from theatre.rules.movies import ParsedMovie, Problem, parse_movie_row

TODAY = date(2026, 11, 22)


def row(**changes):
    """A good row in the words of the Vega file; a key with underscores stands for its title-case name."""
    names = {name.replace("_", " ").title(): value for name, value in changes.items()}
    return {"Title": "Following", "Release Date": "Apr 04 1999", "Director": "Christopher Nolan"} | names


def parsed(today=TODAY, latest=None, **changes) -> ParsedMovie:
    movie = parse_movie_row(row(**changes), today=today, latest=latest)
    assert isinstance(movie, ParsedMovie), movie
    return movie


def problem(today=TODAY, latest=None, **changes) -> Problem:
    found = parse_movie_row(row(**changes), today=today, latest=latest)
    assert isinstance(found, Problem), found
    return found


def test_a_row_of_the_vega_file_is_a_movie():
    movie = parse_movie_row(
        {
            "Title": "Foolish",
            "US Gross": 6026908,
            "Release Date": "Apr 09 1999",
            "MPAA Rating": "R",
            "Running Time min": 84,
            "Distributor": "Artisan",
            "Source": "Original Screenplay",
            "Major Genre": "Comedy",
            "Creative Type": "Contemporary Fiction",
            "Director": None,
            "IMDB Rating": 3.8,
        },
        today=TODAY,
    )

    assert movie == ParsedMovie(
        title="Foolish",
        release_date=date(1999, 4, 9),
        director="",
        minutes=84,
        certificate="R",
        genres=("Comedy",),
        distributor="Artisan",
        source="Original Screenplay",
        creative_type="Contemporary Fiction",
        synopsis="",
        fixed=(),
    )
    assert movie.is_draft is False


def test_our_own_field_names_are_read_too():
    movie = parse_movie_row(
        {
            "title": "Pather Panchali",
            "release_date": "1955-08-26",
            "duration_minutes": "125",
            "certificate": "12A",
            "genres": ["Drama", "Family"],
            "director": "Satyajit Ray",
            "synopsis": "A boy\nand a train.",
        },
        today=TODAY,
    )

    assert isinstance(movie, ParsedMovie)
    assert (movie.title, movie.minutes, movie.certificate) == ("Pather Panchali", 125, "12A")
    assert movie.genres == ("Drama", "Family")
    assert movie.synopsis == "A boy and a train."


@pytest.mark.parametrize(
    ("title", "text"), [(1776, "1776"), (9, "9"), (2046.0, "2046"), (8.5, "8.5"), (Decimal("300"), "300")]
)
def test_a_numeric_title_is_read_as_text_and_reported(title, text):
    movie = parsed(title=title)

    assert movie.title == text
    assert movie.fixed == (f"The title is the number {text}, read as text",)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("  The   Land\tGirls ", "The Land Girls"),
        ("1984", "1984"),
        ("None", "None"),
        ("Amélie", "Amélie"),
        ("পথের পাঁচালী", "পথের পাঁচালী"),
        ("الرسالة", "الرسالة"),
        ("👩‍🚀 in space", "👩‍🚀 in space"),
        ("AstÈrix aux Jeux Olympiques", "AstÈrix aux Jeux Olympiques"),
    ],
)
def test_a_title_keeps_its_letters_and_loses_what_cannot_be_seen(title, text):
    movie = parsed(title=title)

    assert (movie.title, movie.fixed) == (text, ())


@pytest.mark.parametrize(
    ("title", "text", "dropped"),
    [
        ("Down\x00 by\x1b Law", "Down by Law", "U+0000, U+001B"),
        ("The Land\r\nGirls", "The Land Girls", "U+000A, U+000D"),
        ("\ud83cHalf a pair", "Half a pair", "U+D83C"),
        ("Two\u2028lines", "Two lines", "U+2028"),
    ],
)
def test_what_a_title_loses_is_reported(title, text, dropped):
    movie = parsed(title=title)

    assert movie.title == text
    assert movie.fixed == (f"The title had characters that don’t belong in one line, left out: {dropped}",)


@pytest.mark.parametrize("title", [None, "", "   ", "\x00", "\u200d", "\ud800", float("nan")])
def test_a_row_without_a_title_is_a_problem(title):
    assert problem(title=title) == Problem("title", "The title is missing")


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (["a", "b"], "a list"),
        ([], "a list"),
        ([[]], "a list"),
        ({}, "an object"),
        ({"en": "Following"}, "an object"),
        (True, "true"),
        (False, "false"),
        (float("inf"), "infinite"),
    ],
)
def test_what_is_there_and_wrong_is_not_called_missing(value, found):
    assert problem(title=value) == Problem("title", f"The title is {found}, not text")
    assert problem(release_date=value) == Problem("release_date", f"The release date is {found}, not a date")
    assert problem(director=value) == Problem("director", f"The director is {found}, not text")


def test_a_good_cell_is_read_whatever_stands_under_another_name_of_its_field():
    movie = parse_movie_row({"title": {}, "name": "Slam", "released": True, "date": "1998"}, today=TODAY)

    assert isinstance(movie, ParsedMovie)
    assert (movie.title, movie.release_date.year) == ("Slam", 1998)


def test_a_title_that_does_not_fit_is_a_problem():
    assert parsed(title="x" * 400).title == "x" * 400
    assert problem(title="x" * 401) == Problem("title", "The title has 401 characters, more than 400")


def test_a_director_that_does_not_fit_is_a_problem_for_it_is_part_of_the_key():
    assert problem(director="x" * 201) == Problem(
        "director", "The director has 201 characters, more than 200"
    )


@pytest.mark.parametrize("nothing", [None, "", "n/a", "Unknown", "null", "-"])
def test_a_director_may_be_unknown(nothing):
    assert parsed(director=nothing).director == ""


def test_several_directors_are_one_line():
    assert (
        parsed(director=None, directors=["Joel Coen", None, "Ethan Coen"]).director == "Joel Coen, Ethan Coen"
    )
    assert parsed(director=None, directors=[]).director == ""
    assert problem(director=None, directors=["Joel Coen", {"name": "Ethan Coen"}]) == Problem(
        "director", "The director is an object, not text"
    )


def test_the_key_is_title_year_and_director_whatever_their_capitals():
    assert parsed().key == ("following", 1999, "christopher nolan")
    assert parsed(title="FOLLOWING", release_date="Dec 31 1999").key == parsed().key
    assert parsed(title=1999).key == parsed(title="1999").key
    assert parsed(director=None).key != parsed().key


@pytest.mark.parametrize("nothing", [None, "", "  ", "n/a", float("nan")])
def test_a_row_without_a_date_is_a_problem(nothing):
    assert problem(release_date=nothing) == Problem("release_date", "The release date is missing")


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("tomorrow", "The release date tomorrow isn’t a date. Write it like 1998-06-12"),
        ("06/12/1998", "The release date 06/12/1998 can be read two ways. Write it like 1998-06-12"),
        ("Jun 12 1798", "The release date Jun 12 1798 lies before the first movie"),
        ("Jun 12 2150", "The release date Jun 12 2150 lies too far ahead"),
        (897609600000, "The release date 897609600000 isn’t a date. Write it like 1998-06-12"),
    ],
)
def test_a_date_that_cannot_be_read_is_a_problem(written, reason):
    assert problem(release_date=written) == Problem("release_date", reason)


def test_a_date_in_another_form_is_read_and_what_was_supplied_reported():
    assert parsed(release_date=date(1999, 4, 4)).release_date == date(1999, 4, 4)
    assert parsed(release_date="1999-04-04").fixed == ()
    movie = parsed(release_date=1999)
    assert movie.release_date == date(1999, 1, 1)
    assert movie.fixed == ("The release date has only the year 1999, so 1 January was entered",)


def test_a_film_that_was_seen_before_its_date_is_a_century_late():
    movie = parsed(release_date="Aug 12 2027", imdb_votes=3035)

    assert movie.release_date == date(1927, 8, 12)
    assert movie.fixed == ("The release date was a century late: 2027 is now 1927",)
    assert movie.century_late is True


@pytest.mark.parametrize(
    "proof", [{"us_gross": 1}, {"worldwide_gross": "2,000,000"}, {"imdb_rating": 7.7}, {"us_dvd_sales": "$5"}]
)
def test_money_earned_and_marks_given_prove_that_a_film_was_seen(proof):
    assert parsed(release_date="Jan 01 2027", **proof).release_date == date(1927, 1, 1)


@pytest.mark.parametrize(
    "nothing", [{}, {"us_gross": 0}, {"imdb_votes": None}, {"imdb_rating": "n/a"}, {"us_gross": "NaN"}]
)
def test_a_film_still_to_come_keeps_its_date(nothing):
    movie = parsed(release_date="Aug 12 2027", **nothing)

    assert (movie.release_date, movie.fixed) == (date(2027, 8, 12), ())


def test_no_film_is_announced_more_than_five_years_ahead():
    assert parsed(release_date="Dec 31 2031").release_date == date(2031, 12, 31)
    assert parsed(release_date="Jan 01 2032").release_date == date(1932, 1, 1)


def test_a_film_seen_today_keeps_its_date():
    assert parsed(release_date="Nov 22 2026", us_gross=5).release_date == date(2026, 11, 22)


def test_a_file_whose_newest_date_is_known_gives_away_every_late_century():
    horizon = date(2012, 12, 31)

    assert parsed(release_date="Feb 08 2015", latest=horizon).release_date == date(1915, 2, 8)
    assert parsed(release_date="Dec 23 2011", latest=horizon).release_date == date(2011, 12, 23)
    assert problem(release_date="Feb 29 2000", latest=date(1999, 12, 31)).reason.endswith("too far ahead")


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        (112, 112),
        ("112", 112),
        (112.0, 112),
        ("112.0", 112),
        ("112 min", 112),
        ("112 minutes.", 112),
        ("112'", 112),
        ("1h 52m", 112),
        ("1 hour 52 minutes", 112),
        ("2 h", 120),
        ("1:52", 112),
        (1, 1),
        (900, 900),
    ],
)
def test_the_running_time_is_read_in_minutes(written, minutes):
    movie = parsed(running_time_min=written)

    assert (movie.minutes, movie.is_draft, movie.fixed) == (minutes, False, ())


@pytest.mark.parametrize("nothing", [None, "", "n/a", True])
def test_missing_minutes_make_a_draft_and_no_error(nothing):
    movie = parsed(running_time_min=nothing)

    assert (movie.minutes, movie.is_draft, movie.fixed) == (None, True, ())


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (0, "0"),
        (-5, "-5"),
        (901, "901"),
        ("long", "long"),
        (112.5, "112.5"),
        (10**30, str(10**30)),
        ("99:99", "99:99"),
    ],
)
def test_minutes_that_cannot_be_right_are_left_out_and_reported(written, shown):
    movie = parsed(running_time_min=written)

    assert movie.minutes is None
    assert movie.fixed == (f"The running time {shown} isn’t between 1 and 900 minutes, so it was left out",)


@pytest.mark.parametrize(
    ("rating", "certificate"),
    [
        ("G", "G"),
        ("PG", "PG"),
        ("PG-13", "PG-13"),
        ("pg13", "PG-13"),
        ("R", "R"),
        ("NC-17", "NC-17"),
        ("Not Rated", "NR"),
        ("Open", ""),
        (None, ""),
        ("FSK 16", "FSK 16"),
        (12, "12"),
    ],
)
def test_a_rating_becomes_a_certificate(rating, certificate):
    assert parsed(**{"mpaa rating": rating}).certificate == certificate


def test_a_certificate_that_does_not_fit_is_left_out_and_reported():
    movie = parsed(certificate="Suitable for all")

    assert movie.certificate == ""
    assert movie.fixed == ("The certificate Suitable for all has more than 12 characters and was left out",)


@pytest.mark.parametrize(
    ("written", "genres"),
    [
        ("Thriller/Suspense", ("Thriller/Suspense",)),
        ("Drama, Comedy; drama|Horror", ("drama", "Comedy", "Horror")),
        (["Action", "Adventure"], ("Action", "Adventure")),
        (" , ", ()),
        (None, ()),
        ("x" * 80, ("x" * 60,)),
    ],
)
def test_genres_are_told_apart(written, genres):
    assert parsed(major_genre=written).genres == genres


@pytest.mark.parametrize("nonsense", [None, "Following", 7, ["Following"], True])
def test_a_row_that_is_no_record_is_a_problem(nonsense):
    assert parse_movie_row(nonsense, today=TODAY) == Problem("row", "The row isn’t a list of named fields")


def test_strange_keys_are_passed_over():
    movie = parse_movie_row(
        {None: 1, 3: "x", ("a",): "b", " TITLE ": "Slam", "Release_Date": "Oct 09 1998"}, today=TODAY
    )

    assert isinstance(movie, ParsedMovie)
    assert movie.title == "Slam"


CELLS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=30)
    | st.lists(st.text(max_size=5), max_size=3)
)
NAMES = st.sampled_from(
    [
        "Title",
        "Release Date",
        "Running Time min",
        "MPAA Rating",
        "Major Genre",
        "Director",
        "IMDB Votes",
        "Source",
    ]
)


@given(st.dictionaries(NAMES | st.text(max_size=8), CELLS))
def test_any_row_is_a_movie_or_a_problem(cells):
    found = parse_movie_row(cells, today=TODAY)

    assert isinstance(found, ParsedMovie | Problem)


@given(CELLS, CELLS, CELLS, CELLS, st.dates())
def test_every_movie_fits_its_table(title, director, minutes, genre, released):
    found = parse_movie_row(
        row(
            title=title, director=director, running_time_min=minutes, major_genre=genre, release_date=released
        ),
        today=TODAY,
    )

    if isinstance(found, ParsedMovie):
        assert 1 <= len(found.title) <= 400
        assert len(found.director) <= 200
        assert found.minutes is None or 1 <= found.minutes <= 900
        assert date(1888, 1, 1) <= found.release_date <= date(2031, 12, 31)
        assert all(0 < len(name) <= 60 for name in found.genres)
        assert found.title.encode()
        assert "\x00" not in found.title + found.director + "".join(found.genres)
