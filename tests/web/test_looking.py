"""Looking for something: filters that live in the address, finding a movie, times on nights when clocks change."""

import datetime as dt
import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest

from tests import factories, people
from theatre.models import Genre, Movie, Review, Show
from theatre.queries import days, kept, programme, search
from theatre.queries.programme import Wanted
from theatre.templatetags.look import day_of_month
from theatre.web.browse import programme as what
from theatre.web.browse import strangers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept():
    kept.forget()
    strangers.forget()


def day_in(number: int) -> date:
    return datetime.now(programme.ZONE).date() + timedelta(days=number)


def show(title: str, day: date, clock: str, *formats: str, genre: str = "Drama", **fields) -> Show:
    """A show of a movie of this title at this time of the theatre's clocks."""
    of = Movie.objects.filter(title=title).first() or factories.movie(title, genres=[genre])
    starts = datetime.combine(day, dt.time.fromisoformat(clock), programme.ZONE)
    ends = starts.astimezone(UTC) + timedelta(hours=2)
    return factories.show(
        of=of, formats=list(formats), **{"starts_at": starts, "ends_at": ends, "clean_at": ends, **fields}
    )


def titles(client, address: str) -> list[str]:
    """The movies of the list, in its order."""
    html = client.get(address).content.decode().split('id="now"')[1].split("</section>")[0]
    return [unescape(title) for title in re.findall(r'<h3 class="[^"]*"><a href="[^"]*">([^<]*)</a>', html)]


def empty_words(client, address: str) -> str:
    html = client.get(address).content.decode()
    return unescape(
        " ".join(re.sub(r"<[^>]*>", " ", html.split('class="empty"')[1].split("</section>")[0]).split())
    )


# Filters --------------------------------------------------------------------------------------------------


@pytest.fixture
def saturday():
    day = day_in(3)
    show("Kilo Tango", day, "14:00", genre="Action")
    show("Small Hours", day, "19:00", "subtitled", genre="Romance")
    show("Nine Floors Down", day, "22:30", "audio_described", genre="Thriller")
    show("Octopus", day, "17:00", "relaxed", "subtitled", genre="Animation")
    return day


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("", ["Kilo Tango", "Octopus", "Small Hours", "Nine Floors Down"]),
        ("&genre=Romance", ["Small Hours"]),
        ("&format=subtitled", ["Octopus", "Small Hours"]),
        ("&format=audio-described", ["Nine Floors Down"]),
        ("&format=relaxed", ["Octopus"]),
        ("&time=afternoon", ["Kilo Tango"]),
        ("&time=evening", ["Octopus", "Small Hours"]),
        ("&time=late", ["Nine Floors Down"]),
        ("&format=subtitled&time=evening&genre=Animation", ["Octopus"]),
        ("&format=braille&time=dawn", ["Kilo Tango", "Octopus", "Small Hours", "Nine Floors Down"]),
    ],
)
def test_filters_can_be_combined(client, saturday, question, expected):
    assert titles(client, f"/?day={saturday}{question}") == expected


def test_movie_counts_with_each_of_its_genres(client, saturday):
    Movie.objects.get(title="Kilo Tango").genres.add(Genre.objects.create(name="Comedy"))

    assert titles(client, f"/?day={saturday}&genre=Comedy") == ["Kilo Tango"]


def test_days_and_chips_keep_the_other_filters(client, saturday):
    html = unescape(client.get(f"/?day={saturday}&genre=Animation&time=evening").content.decode())

    assert f'href="?day={saturday - timedelta(days=1)}&genre=Animation&time=evening#programme"' in html
    assert f'href="?day={saturday}&genre=Animation&format=subtitled&time=evening#programme"' in html
    assert f'href="?day={saturday}#programme"' in html, "all movies"
    assert f'<input type="hidden" name="day" value="{saturday}">' in html
    assert '<option value="evening" selected>' in html and '<option value="Animation" selected>' in html


def test_nothing_of_that_names_the_day_that_has_it(client, saturday):
    friday, after = saturday - timedelta(days=1), what.named(saturday)
    show("Kilo Tango", friday, "20:00")

    said = empty_words(client, f"/?day={friday}&format=subtitled")
    html = unescape(client.get(f"/?day={friday}&format=subtitled").content.decode())

    assert f"No subtitled movies on {what.named(friday)} There are 2 on {after}. Show {after}" in said
    assert f'href="?day={saturday}&format=subtitled"' in html


def test_day_before_is_named_when_no_later_one_has_it(client, saturday):
    sunday = saturday + timedelta(days=1)
    show("Kilo Tango", sunday, "20:00")

    said = empty_words(client, f"/?day={sunday}&time=late")

    assert (
        f"No movies late in the evening on {what.named(sunday)} There is 1 on {what.named(saturday)}" in said
    )


def test_what_nobody_has_leads_to_the_rest_of_the_day(client, saturday):
    said = empty_words(client, f"/?day={saturday}&format=3d&genre=Western")

    assert f"No 3D Western movies on {what.named(saturday)} Other movies are showing" in said


def test_a_list_longer_than_a_page_is_paged_with_its_filters(client):
    day = day_in(2)
    for number in range(what.AT_ONCE + 2):
        show(f"Movie {number:03}", day, "19:00", "subtitled")

    first, second = (f"/?day={day}&format=subtitled{page}" for page in ("", "&page=2"))

    assert len(titles(client, first)) == what.AT_ONCE
    assert len(titles(client, second)) == 2
    assert f'href="?day={day}&amp;format=subtitled&amp;page=2"' in client.get(first).content.decode()


def test_python_and_the_database_agree_on_what_is_wanted():
    day, other = day_in(2), day_in(4)
    for hour in range(24):
        show(f"At {hour}", other, f"{hour:02}:30", ["subtitled", "Audio Described", "3D", "relaxed"][hour % 4],
             genre=["Drama", "Comedy"][hour % 2])  # fmt: skip
    listed = programme.on_day(other)

    for genre in ("", "Drama", "Comedy"):
        for form in ("", "subtitled", "audio-described", "3d", "relaxed"):
            for time in ("", *programme.TIMES):
                wanted = Wanted(genre, form, time)
                fitting = {movie.id for movie in listed for each in movie.times if wanted.fits(movie, each)}
                found = days._elsewhere(datetime.now(UTC), day, wanted)
                assert (found.movies if found else 0) == len(fitting), wanted


@pytest.mark.parametrize(
    "question",
    ["genre=" + "x" * 500, "genre=%00", "time=late&time=evening", "page=0", "page=99999", "page=-1", "day=٣"],
)
def test_odd_questions_get_an_ordinary_page(client, saturday, question):
    assert client.get(f"/?day={saturday}&{question}").status_code in (200, 400)


# Nights when clocks change --------------------------------------------------------------------------------


def next_change(month: int) -> date:
    """The next night of a clock change in this month: its last Sunday."""
    for year in (day_in(2).year, day_in(2).year + 1):
        last = date(year, month, 31)
        sunday = last - timedelta(days=(last.weekday() + 1) % 7)
        if sunday > day_in(2):
            return sunday
    raise AssertionError


def moment(day: date, clock: str) -> datetime:
    """In UTC."""
    return datetime.combine(day, dt.time.fromisoformat(clock), UTC)


def test_hour_that_comes_twice_belongs_to_its_night_once(client):
    night = next_change(10)  # 03:00 becomes 02:00 in the theatre's zone
    first = moment(night, "00:30")  # 02:30, summer
    again = moment(night, "01:30")  # 02:30, winter
    before, after = moment(night, "00:30") - timedelta(hours=2, minutes=31), moment(night, "23:00")
    of = factories.movie("Small Hours", slug="small-hours")
    for starts in (first, again, before, after):
        factories.show(
            of=of, starts_at=starts, ends_at=starts + timedelta(hours=2), clean_at=starts + timedelta(hours=2)
        )

    [listed] = programme.on_day(night)

    assert [time.starts_at for time in listed.times] == [first, again]
    assert all(Wanted(time="late").fits(listed, time) for time in listed.times)
    html = client.get("/movies/small-hours/").content.decode()
    groups = re.findall(r"<h3>\w+<small>(\d+ \w+)</small></h3>(.*?)</ul></li>", html, re.S)
    assert [(day, group.count('class="stub"')) for day, group in groups] == [
        (day_of_month(night - timedelta(days=1)), 1),
        (day_of_month(night), 2),
        (day_of_month(night + timedelta(days=1)), 1),
    ]


def test_night_that_loses_an_hour_has_its_shows(client):
    night = next_change(3)  # 02:00 becomes 03:00
    starts = moment(night, "01:00")  # 03:00, the minute after 01:59
    factories.show(of=factories.movie("Short Night"), starts_at=starts, ends_at=starts + timedelta(hours=2),
                   clean_at=starts + timedelta(hours=2))  # fmt: skip

    assert [movie.title for movie in programme.on_day(night)] == ["Short Night"]
    assert titles(client, f"/?day={night}") == ["Short Night"]
    assert titles(client, f"/?day={night}&time=late") == ["Short Night"]


# One movie ------------------------------------------------------------------------------------------------


def test_movie_shows_seven_days_and_leads_to_the_others(client):
    of = factories.movie("Kilo Tango", slug="kilo-tango")
    for number in range(1, 10):
        show("Kilo Tango", day_in(number), "20:00")
        show("Kilo Tango", day_in(number), "22:00")

    first = client.get("/movies/kilo-tango/").content.decode()
    later = client.get(f"/movies/kilo-tango/?from={day_in(8)}").content.decode()

    assert of.shows.count() == 18
    assert first.count('class="stub"') == 14
    assert f'href="?from={day_in(8)}#times"' in first and "Next times" not in first
    assert later.count('class="stub"') == 4
    assert "Next times" in later and "Later times" not in later


def test_reviews_are_paged_and_counted_by_their_stars(client):
    of = factories.movie("Kilo Tango", slug="kilo-tango")
    for number in range(23):
        Review.objects.create(
            movie=of, customer=people.customer().customer, stars=5 if number else 2, text=f"Thought {number}.",
            state="approved", written_at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number),
        )  # fmt: skip

    first = client.get("/movies/kilo-tango/").content.decode()
    second = client.get("/movies/kilo-tango/?page=2").content.decode()

    assert re.findall(r"Thought (\d+)\.", first) == [str(number) for number in range(22, 2, -1)]
    assert re.findall(r"Thought (\d+)\.", second) == ["2", "1", "0"]
    rows = re.findall(r'<th scope="row">(\d) stars?</th><td>.*?</td><td>(\d+)</td>', first)
    assert rows == [("5", "22"), ("4", "0"), ("3", "0"), ("2", "1"), ("1", "0")]


def test_trailer_is_a_link_that_asks_nobody(client):
    factories.movie("Kilo Tango", slug="kilo-tango", trailer_url="https://films.example/watch?v=1")

    html = client.get("/movies/kilo-tango/").content.decode()

    assert '<a class="trailer" href="https://films.example/watch?v=1" rel="noopener noreferrer">' in html
    assert "Opens films.example" in html
    assert not re.findall(r"<(?:iframe|video|embed|object|img|script|link)[^>]*films\.example", html)


# Finding --------------------------------------------------------------------------------------------------


@pytest.fixture
def shelf():
    factories.movie("Meridian", director="Noor Rahman")
    factories.movie("Saltwater Radio", actors="Ines Valadas, Tomás Vega")
    factories.movie("The Long Exposure", director="Inês Valadas")
    factories.movie("Radio Days", state="retired")
    factories.movie("Chicago")
    factories.movie("WALL·E")
    factories.movie("A Draft of Radio", state="draft")


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("meridian", "Meridian"),
        ("meridain", "Meridian"),
        ("saltwatr", "Saltwater Radio"),
        ("long exposre", "The Long Exposure"),
        ("  EXPOSURE ", "The Long Exposure"),
        ("rahman", "Meridian"),
        ("tomás vega", "Saltwater Radio"),
        ("radio", "Saltwater Radio"),
        ("chigaco", "Chicago"),
        ("wal-ee", "WALL·E"),
        ("wall e", "WALL·E"),
        ("slatwaterradio", "Saltwater Radio"),
    ],
)
def test_movie_is_found_by_what_somebody_remembers(shelf, asked, first):
    assert search.movies(asked, 1).movies[0].title == first


def test_drafts_are_not_found_and_what_is_over_comes_last(shelf):
    found = search.movies("radio", 1)

    assert [movie.title for movie in found.movies] == ["Saltwater Radio", "Radio Days"]
    assert found.count == 2


@pytest.mark.parametrize("asked", ["", "   ", "xqzzk", "%", "_", "\\", "'; DROP", "ab' <% \"", "é" * 200])
def test_odd_words_find_nothing_and_break_nothing(client, shelf, asked):
    response = client.get("/search/", {"q": asked})

    assert response.status_code == 200
    assert 'class="found-list"' not in response.content.decode()


@pytest.mark.parametrize("many", [1, 30])
def test_finding_asks_the_database_twice_however_many(client, django_assert_num_queries, many):
    for number in range(many):
        show(f"Radio {number}", day_in(2), "20:00")

    with django_assert_num_queries(2):
        html = client.get("/search/?q=radio").content.decode()

    assert html.count('class="stub"') == min(many, search.AT_ONCE)


def test_found_movies_show_their_next_times(client):
    for number in range(1, 7):
        show("Saltwater Radio", day_in(number), "20:00")

    html = client.get("/search/?q=saltwater").content.decode()

    assert html.count('class="stub"') == search.TIMES_SHOWN
