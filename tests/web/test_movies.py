"""The office's movies, and their posters wherever guests see them."""

import json
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests import factories, people
from tests.documents import pictures
from tests.web.browsers import browser_of, words_of
from theatre.actions.movies import posters, releasing
from theatre.actions.movies.follow import follow_movie
from theatre.models import AuditEntry, Genre, Movie, MovieFile, Poster

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return people.admin()


@pytest.fixture
def office(admin):
    return browser_of(admin)


def with_poster(movie: Movie, colour: str = "#a43d9c") -> str:
    posters.set_poster(
        by=people.actor_for(people.admin()), movie_id=movie.pk, content=pictures.png(400, 600, colour)
    )
    movie.refresh_from_db()
    return movie.poster


def titles(page) -> list[str]:
    return re.findall(r'href="/office/movies/\d+/">([^<]+)</a>', page.content.decode())


def found(office, **asked) -> list[str]:
    return titles(office.get(reverse("movies"), asked))


# The list ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_asks_the_database_as_often_for_many_movies(office, django_assert_num_queries, many):
    for _ in range(many):
        factories.show(of=factories.movie(genres=("Drama", "Mystery")))
    factories.show()

    with django_assert_num_queries(5):  # session, person, genres, how many, the page
        page = office.get(reverse("movies"))

    assert len(titles(page)) == many + 1


@pytest.mark.parametrize("many", [1, 3])
def test_a_movies_page_asks_the_database_as_often_for_many_shows(office, django_assert_num_queries, many):
    movie = factories.movie()
    for day in range(many):
        factories.booked(of=factories.show(of=movie, in_hours=24 * day + 5))

    with django_assert_num_queries(3):  # session, person, the movie
        page = office.get(reverse("movie_file", args=[movie.pk]))

    assert f"Bookings {many}" in words_of(page)


def test_search_finds_by_title_people_and_words_and_forgives_slips(office):
    factories.movie("The Long Exposure", director="Ada Lumen", synopsis="A photographer waits for rain.")
    factories.movie("Kilo Tango", director="Bo Ferrant", actors="Noor Haddad")

    assert found(office, find="long expo") == ["The Long Exposure"]
    assert found(office, find="Exposrue") == ["The Long Exposure"]
    assert found(office, find="ferrant") == ["Kilo Tango"]
    assert found(office, find="haddad") == ["Kilo Tango"]
    assert found(office, find="photographer") == ["The Long Exposure"]
    assert found(office, find="nothing like it") == []


@pytest.mark.parametrize("typed", ["'", "&|!()", ":*", "%", "\\", "a & b", "🎬", "x" * 500, "<->", "--"])
def test_search_takes_whatever_is_typed(office, typed):
    factories.movie("100% Wolf")

    assert office.get(reverse("movies"), {"find": typed}).status_code == 200


def test_a_sign_alone_is_found_where_it_stands(office):
    factories.movie("100% Wolf")
    factories.movie("Wolf")

    assert found(office, find="%") == ["100% Wolf"]


def test_filters_and_order_live_in_the_address(office):
    factories.movie(
        "B", genres=("Drama",), state="draft", formats=["subtitled"], release_date=date(2020, 1, 1)
    )
    factories.movie("A", genres=("Comedy",), formats=["audio_described"], release_date=date(2024, 1, 1))
    factories.movie("C", genres=("Comedy", "Drama"), state="retired")

    assert found(office) == ["A", "B", "C"]
    assert found(office, state="draft") == ["B"]
    assert found(office, genre="Drama") == ["B", "C"]
    assert found(office, format="audio-described") == ["A"]
    assert found(office, sort="newest") == ["A", "B", "C"]
    assert found(office, sort="oldest") == ["B", "A", "C"]
    assert found(office, genre="Comedy", state="retired") == ["C"]
    assert found(office, state="no such state", genre="no such genre", sort="?") == ["A", "B", "C"]
    assert "No movie fits that" in words_of(office.get(reverse("movies"), {"state": "coming_soon"}))


def test_pages_of_twenty_five_keep_the_question(office):
    for number in range(27):
        factories.movie(f"Kilo {number:02d}")

    first = office.get(reverse("movies"), {"find": "kilo", "sort": "title"})
    assert len(titles(first)) == 25
    assert "?find=kilo&amp;sort=title&amp;page=2" in first.content.decode()
    assert found(office, find="kilo", sort="title", page="2") == ["Kilo 25", "Kilo 26"]
    assert found(office, sort="title", page="99") == ["Kilo 25", "Kilo 26"]


def test_an_empty_list_says_what_to_do(office):
    assert "No movie yet" in words_of(office.get(reverse("movies")))


# Made and changed -------------------------------------------------------------------------------------------------

TYPED = {
    "title": "The Long Exposure",
    "certificate": "15",
    "minutes": "112",
    "release_date": "2026-05-01",
    "genres": ["Drama"],
    "new_genres": "Slow burn, drama",
    "formats": ["2d", "subtitled"],
    "languages": "English, Elvish",
    "director": "Ada Lumen",
    "actors": "Noor Haddad",
    "synopsis": "A photographer\r\nwaits.",
    "trailer": "https://youtu.be/abcdefghijk",
    "key": "0b3f6f3e-6f8e-4d4e-9d0a-0f7a5d1c2b3a",
}


def test_a_movie_is_made_with_new_genres_and_found_again_by_the_same_press(office):
    Genre.objects.create(name="Drama")

    for _ in range(2):
        made = office.post(reverse("movie_new"), TYPED, follow=True)

    movie = Movie.objects.get()
    assert "The Long Exposure is a draft. No guest sees it yet" in words_of(made)
    assert [genre.name for genre in movie.genres.order_by("pk")] == ["Drama", "Slow burn"]
    assert (movie.languages, movie.formats) == (["en", "Elvish"], ["2d", "subtitled"])
    assert movie.synopsis == "A photographer\nwaits."
    edited = office.get(reverse("movie_edit", args=[movie.pk])).content.decode()
    assert 'value="English, Elvish"' in edited and 'value="112"' in edited


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("title", "", "Enter the title"),
        ("title", "t" * 401, "Use 400 characters or fewer. These are 401"),
        ("minutes", "0", "Enter a running time of 1 to 900 minutes"),
        ("minutes", "901", "Enter a running time of 1 to 900 minutes"),
        ("minutes", "two hours", "Enter whole minutes, like 112"),
        ("release_date", "soon", "Enter the day like 2026-03-01"),
        ("trailer", "javascript:alert(1)", "Enter the link to the trailer at YouTube or Vimeo"),
        ("new_genres", "g" * 61, "Use 60 characters or fewer"),
        ("synopsis", "a\x00b", "Leave out the characters nobody can type"),
        ("genres", ["No such genre"], "Choose from these genres, or add a new one below"),
    ],
)
def test_what_is_refused_is_said_and_nothing_typed_is_lost(office, field, typed, sentence):
    Genre.objects.create(name="Drama")

    refused = office.post(reverse("movie_new"), {**TYPED, field: typed})

    assert refused.status_code == 422
    assert sentence in words_of(refused)
    page = refused.content.decode()
    for name, value in TYPED.items():
        if name != field and isinstance(value, str):
            assert value.replace("\r\n", "\n") in page.replace("\r\n", "\n").replace("&#x27;", "'"), name
    if isinstance(typed, str) and typed and "\x00" not in typed:
        assert typed in page
    assert not Movie.objects.exists()


@pytest.mark.parametrize(
    ("field", "typed"), [("title", "t"), ("title", "t" * 400), ("minutes", "1"), ("minutes", "900")]
)
def test_the_shortest_and_the_longest_are_taken_and_shown(office, field, typed):
    Genre.objects.create(name="Drama")

    made = office.post(reverse("movie_new"), {**TYPED, field: typed}, follow=True)

    assert made.status_code == 200
    assert Movie.objects.count() == 1
    assert office.get(reverse("movies")).status_code == 200


def test_two_faults_are_said_together(office):
    refused = words_of(
        office.post(reverse("movie_new"), {**TYPED, "genres": [], "minutes": "0", "trailer": "x"})
    )

    assert "Enter a running time" in refused and "Enter the link to the trailer" in refused


def test_a_movie_that_is_there_is_refused_at_its_title(office):
    factories.movie("Arrival", director="Ada Lumen", release_date=date(2026, 1, 1))

    refused = office.post(reverse("movie_new"), {**TYPED, "genres": [], "title": "arrival"})

    assert "Another movie has this title, year and director" in words_of(refused)


def test_saving_what_stands_there_changes_nothing(office):
    office.post(reverse("movie_new"), {**TYPED, "genres": []})
    movie = Movie.objects.get()
    typed = {**TYPED, "genres": ["Slow burn", "drama"], "new_genres": ""}

    assert "Nothing was changed" in words_of(
        office.post(reverse("movie_edit", args=[movie.pk]), typed, follow=True)
    )
    assert "Saved" in words_of(
        office.post(reverse("movie_edit", args=[movie.pk]), {**typed, "certificate": "18"}, follow=True)
    )


# Published, withdrawn, deleted ------------------------------------------------------------------------------------


def test_publishing_asks_first_with_the_number_of_people_its_letter_reaches(office):
    movie = factories.movie("Kilo Tango", state="draft")
    guests = [people.customer() for _ in range(3)]
    people.customer(confirmed=False)
    guests[0].customer.mails["new_movies"] = False
    guests[0].customer.save(update_fields=["mails"])

    asked = office.get(reverse("movie_announce", args=[movie.pk]))
    assert "2 people get it in the next daily letter, which goes out from 10:00." in words_of(asked)
    movie.refresh_from_db()
    assert movie.state == "draft"
    announced = office.post(reverse("movie_announce", args=[movie.pk]), follow=True)

    assert "Kilo Tango is announced" in words_of(announced)
    assert "It is in the next daily letter." in words_of(announced)
    movie.refresh_from_db()
    assert movie.state == "coming_soon"


def test_opening_says_who_is_written_to_at_once(office):
    movie = factories.movie(state="coming_soon")
    people.customer()
    follow_movie(by=people.actor_for(people.customer()), movie_id=movie.pk)

    asked = words_of(office.get(reverse("movie_open", args=[movie.pk])))

    assert "1 person asked to be told when it opens, and is written to at once." in asked
    assert "1 person gets it in the next daily letter" in asked


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("draft", {"announce", "open"}),
        ("coming_soon", {"open", "take-back", "retire"}),
        ("showing", {"retire"}),
        ("retired", {"announce", "open"}),
    ],
)
def test_a_movies_page_offers_the_steps_it_can_take(office, state, shown):
    movie = factories.movie(state=state)

    page = office.get(reverse("movie_file", args=[movie.pk])).content.decode()

    offered = set(re.findall(rf'"/office/movies/{movie.pk}/(announce|open|take-back|retire)/"', page))
    assert offered == shown


def test_a_step_that_cannot_be_taken_is_said(office):
    movie = factories.show().movie

    refused = office.post(reverse("movie_retire", args=[movie.pk]), follow=True)

    assert "1 show to come. Cancel or delete them on the week board first" in words_of(refused)
    movie.refresh_from_db()
    assert movie.state == "showing"


def test_deleting_asks_first_and_says_why_not(office):
    sold, fresh = factories.booked().show.movie, factories.movie("Small Hours")

    asked = office.get(reverse("movie_delete", args=[fresh.pk]))
    assert "Only a movie nobody ever had a seat of can be deleted" in words_of(asked)
    assert "Small Hours is deleted" in words_of(
        office.post(reverse("movie_delete", args=[fresh.pk]), follow=True)
    )
    refused = office.post(reverse("movie_delete", args=[sold.pk]), follow=True)

    assert "has 1 booking in the books, so it stays. Retire it instead" in words_of(refused)
    assert list(Movie.objects.all()) == [sold]


# Posters ----------------------------------------------------------------------------------------------------------


def sent(content: bytes, name: str = "poster.jpg") -> dict[str, SimpleUploadedFile]:
    return {"poster": SimpleUploadedFile(name, content, "image/jpeg")}


def test_an_uploaded_poster_is_public_for_good_in_three_widths(office, client):
    movie = factories.movie()

    done = office.post(reverse("movie_poster", args=[movie.pk]), sent(pictures.jpeg()), follow=True)

    assert "The poster is on every page now" in words_of(done)
    movie.refresh_from_db()
    for width in (160, 400, 800):
        picture = client.get(reverse("poster_picture", args=[movie.poster, width]))
        assert (picture.status_code, picture["Content-Type"]) == (200, "image/webp")
        assert set(picture["Cache-Control"].split(", ")) == {"public", "immutable", "max-age=31536000"}
        assert "Cookie" not in picture.get("Vary", "")
        assert picture.content[:4] == b"RIFF"
    assert client.get(reverse("poster_picture", args=[movie.poster, 401])).status_code == 404
    assert client.get(reverse("poster_picture", args=["0" * 16, 400])).status_code == 404


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (pictures.sixty_megapixels(), "25 million points or fewer"),
        (pictures.SVG, "Choose a poster that is a JPEG, PNG or WebP picture"),
        (pictures.EXECUTABLE, "Choose a poster that is a JPEG, PNG or WebP picture"),
        (pictures.truncated(), "A part of that poster is missing"),
        (b"", "Choose a poster"),
        (pictures.jpeg() + b"\x00" * 5_000_000, "must be smaller than 5 MB. This one is 5.0 MB"),
    ],
    ids=["60 megapixels", "svg", "executable", "truncated", "empty", "heavy"],
)
def test_a_bad_poster_is_refused_in_a_sentence_at_its_field(office, content, sentence):
    movie = factories.movie()

    refused = office.post(reverse("movie_poster", args=[movie.pk]), sent(content))

    assert refused.status_code == 422
    assert sentence in words_of(refused)
    assert not Poster.objects.exists()


def test_no_poster_chosen_is_said(office):
    refused = office.post(reverse("movie_poster", args=[factories.movie().pk]), {})

    assert (refused.status_code, "Choose a poster first" in words_of(refused)) == (422, True)


def test_guests_see_a_new_poster_on_their_next_request_everywhere_and_the_drawn_one_after_it(office, client):
    guest = people.customer()
    booking = factories.booked(by=guest)
    movie = booking.show.movie
    of_guest = browser_of(guest)
    pages = [
        (client, "/"),
        (client, reverse("movie", args=[movie.slug])),
        (client, reverse("search") + f"?q={movie.title}"),
        (client, reverse("seats", args=[booking.show_id])),
        (of_guest, reverse("my_tickets")),
        (office, reverse("movies")),
        (office, reverse("movie_file", args=[movie.pk])),
    ]
    for browser, path in pages:
        assert f"/posters/{movie.slug}.svg" in browser.get(path).content.decode(), path

    mark = with_poster(movie)
    for browser, path in pages:
        page = browser.get(path).content.decode()
        [image] = re.findall(rf'<img [^>]*src="/posters/{mark}/400.webp"[^>]*>', page)[:1] or [""]
        assert f"/posters/{mark}/160.webp 160w, /posters/{mark}/400.webp 400w" in image, path
        assert 'width="400" height="600" alt=""' in image and "sizes=" in image, path
    newer = with_poster(movie, "#123456")
    assert newer != mark
    for browser, path in pages:
        page = browser.get(path).content.decode()
        assert newer in page and mark not in page, path
    office.post(reverse("movie_poster_remove", args=[movie.pk]))

    for browser, path in pages:
        page = browser.get(path).content.decode()
        assert f"/posters/{movie.slug}.svg" in page and newer not in page, path


def test_the_card_of_a_link_and_the_api_show_the_uploaded_poster(client):
    movie = factories.movie()
    drawn = client.get(reverse("card", args=[movie.slug]))
    mark = with_poster(movie, "#00ff00")

    card = client.get(reverse("card", args=[movie.slug]))

    assert card["ETag"] != drawn["ETag"] and card.content != drawn.content
    assert client.get(f"/api/v1/movies/{movie.slug}").json()["poster"].endswith(f"/posters/{mark}/800.webp")


def test_a_change_of_facts_is_on_the_next_page_of_a_stranger(client):
    show = factories.show(of=factories.movie("Kilo Tango"))
    paths = ["/", reverse("movie", args=[show.movie.slug]), reverse("seats", args=[show.pk])]
    for path in paths:
        assert "Kilo Tango" in client.get(path).content.decode()

    Movie.objects.filter(pk=show.movie_id).update(title="Lima Foxtrot")

    for path in paths:
        page = client.get(path).content.decode()
        assert "Lima Foxtrot" in page and "Kilo Tango" not in page, path


def test_a_draft_is_on_no_page_of_guests_and_is_once_it_is_announced(client, admin):
    movie = factories.movie("Kilo Tango", state="draft")
    path = reverse("movie", args=[movie.slug])
    assert client.get(path).status_code == 404
    assert "Kilo Tango" not in client.get(reverse("coming_soon")).content.decode()

    releasing.announce_movie(by=people.actor_for(admin), movie_id=movie.pk)

    assert client.get(path).status_code == 200
    assert "Kilo Tango" in client.get(reverse("coming_soon")).content.decode()


def test_a_trailer_is_a_link_and_loads_nothing_from_elsewhere(client):
    movie = factories.movie(trailer_url="https://www.youtube.com/watch?v=abcdefghijk")

    page = client.get(reverse("movie", args=[movie.slug])).content.decode()

    assert re.findall(r"<[^>]*youtube[^>]*>", page) == [
        '<a class="trailer" href="https://www.youtube.com/watch?v=abcdefghijk" rel="noopener noreferrer">'
    ]


# Import -----------------------------------------------------------------------------------------------------------

ROWS = [
    {"Title": "Arrival", "Release Date": "Nov 11 2016", "Running Time min": 116, "Director": "D V"},
    {"Title": "Draft", "Release Date": "2020-01-01"},
    {"Title": "Late", "Release Date": "Nov 11 2046", "US Gross": 5, "Running Time min": 90},
    {"Release Date": "2020-01-01"},
    {"Title": "There", "Release Date": "2019-01-01", "Running Time min": 100},
    {"Title": "ARRIVAL", "Release Date": "Dec 1 2016", "Director": "d v"},
]


def looked_through(office, rows=ROWS, name="films.json"):
    return office.post(
        reverse("movies_import"), {"file": SimpleUploadedFile(name, json.dumps(rows).encode())}, follow=True
    )


def test_a_file_may_have_twenty_megabytes(office):
    rows = [{"Title": f"Reel {n}", "Release Date": "2020-01-01", "Synopsis": "x" * 5000} for n in range(3500)]

    page = looked_through(office, rows)

    assert "3,500 rows" in words_of(page) or "3500 rows" in words_of(page)
    content = b" " * 20_000_001
    refused = office.post(reverse("movies_import"), {"file": SimpleUploadedFile("films.json", content)})
    assert (refused.status_code, "must be smaller than 20 MB" in words_of(refused)) == (422, True)


def test_a_file_is_looked_through_row_by_row_before_anything_is_imported(office):
    factories.movie("There", minutes=100, director="", release_date=date(2019, 1, 1))

    page = looked_through(office)

    assert Movie.objects.count() == 1 and not AuditEntry.objects.filter(verb="import_movies").exists()
    text = words_of(page)
    assert "6 rows" in text and "Import 3 movies" in text
    assert "The title is missing" in text
    assert "Row 1 has the same title, year and director" in text
    path = page.redirect_chain[-1][0]
    assert "The release date was a century late" in words_of(office.get(path + "?rows=fixed"))
    assert "Draft" in words_of(office.get(path + "?rows=drafts"))
    assert "There" in words_of(office.get(path + "?rows=completed")) or "There" in words_of(
        office.get(path + "?rows=unchanged")
    )
    new = words_of(office.get(path + "?rows=new"))
    assert "Arrival" in new and "2016" in new


def test_what_was_looked_through_is_imported_once_in_the_name_of_who_pressed(office, admin):
    path = looked_through(office).redirect_chain[-1][0]

    done = office.post(path + "confirm/", follow=True)
    again = office.post(path + "confirm/", follow=True)

    assert "4 movies are new" in words_of(done)
    assert "This file was imported before" in words_of(again)
    assert Movie.objects.count() == 4
    entry = AuditEntry.objects.get(verb="import_movies")
    assert (entry.actor_id, entry.details) == (admin.pk, {"imported": 4, "completed": 0})
    kept = MovieFile.objects.get()
    assert (bytes(kept.data), kept.done["rows"]) == (b"", 6)
    assert "What was imported" in words_of(done)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("films.json", b"", "films.json is empty"),
        ("films.json", b"{", "can’t be read as JSON"),
        ("films.csv", b"a,b\n1,2", "has no column called title"),
        ("films.csv", b",,,\n,,,\n", "films.csv has nothing between its separators"),
        ("films.json", b"\xff\x00\xff", "isn’t UTF-8"),
        ("films.exe", pictures.EXECUTABLE, "films.exe"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_at_its_field(office, name, content, sentence):
    refused = office.post(reverse("movies_import"), {"file": SimpleUploadedFile(name, content)})

    assert refused.status_code == 422
    assert sentence in words_of(refused)
    assert not MovieFile.objects.exists()


def test_a_file_that_changes_nothing_says_so(office):
    office.post(looked_through(office, ROWS[:2]).redirect_chain[-1][0] + "confirm/")

    assert "There is nothing to import" in words_of(looked_through(office, ROWS[:2]))


@pytest.mark.parametrize("many", [1, 3])
def test_a_files_page_asks_the_database_as_often_for_many_rows(office, django_assert_num_queries, many):
    path = looked_through(office, ROWS[:many]).redirect_chain[-1][0]

    with django_assert_num_queries(3):  # session, person, the file
        office.get(path)
