"""A movie in a browser: filed, given a poster, announced and opened, found with a slip of the finger, imported, and
what its followers do with their letter; with and without scripts."""

import json
import re

import pytest

from tests import factories, people
from tests.documents import pictures
from tests.journeys.test_browser_people import enter
from theatre.actions.movies.digest import tell_of_new_movies
from theatre.models import Customer, Genre, Letter, Movie
from theatre.notices.outbox import deliver_due

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def leave(person) -> None:
    """Let go of the page before the database is taken away."""
    person.page.goto("about:blank")


def picture(name: str, content: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": "image/png", "buffer": content}


@pytest.mark.parametrize(("width", "js"), [(1280, True), (390, False)], ids=str)
def test_a_movie_is_filed_given_a_poster_and_opened_and_guests_see_it(
    visit, width, js, mail_server, settings
):
    settings.NEW_MOVIES_HOUR = 0
    Genre.objects.create(name="Drama")
    guest = people.customer()
    office, stranger = visit(width=width, js=js), visit(width=width, js=js)
    enter(office, people.admin())
    office.open("/office/movies/")
    assert "NO MOVIE YET" in office.text().upper()
    office.press(office.link("Add a movie"))
    office.fill("Title", "The Long Exposure")
    office.fill("Running time", "0")
    office.fill("New genres", "Slow burn")
    office.page.get_by_label("Drama").check()
    office.fill("Trailer", "https://example.org/a.mp4")
    office.fill("Synopsis", "A photographer waits.")
    office.press(office.button("Add the movie"))
    assert "Enter a running time of 1 to 900 minutes" in office.text()
    assert "Enter the link to the trailer at YouTube or Vimeo" in office.text()
    assert office.page.get_by_label("Synopsis").input_value() == "A photographer waits."
    office.fill("Running time", "112")
    office.fill("Trailer", "https://youtu.be/abcdefghijk")
    office.press(office.button("Add the movie"))
    movie = Movie.objects.get()
    assert (movie.state, movie.duration_minutes, movie.genres.count()) == ("draft", 112, 2)

    chooser = office.page.locator('input[type="file"]')
    chooser.set_input_files(picture("poster.png", pictures.SVG))
    office.press(office.button("Upload the poster"))
    assert "Choose a poster that is a JPEG, PNG or WebP picture" in office.text()
    chooser.set_input_files(picture("poster.png", pictures.png()))
    office.press(office.button("Upload the poster"))
    movie.refresh_from_db()
    shown = office.page.locator(f'img[src="/posters/{movie.poster}/400.webp"]')
    shown.wait_for()
    if js:
        assert shown.evaluate("image => image.complete && image.naturalWidth > 0")

    stranger.open("/coming-soon/")
    assert "LONG EXPOSURE" not in stranger.text().upper()
    office.press(office.link("Announce it"))
    assert "1 person gets it in the next daily letter" in office.text()
    office.press(office.button("Announce it"))
    stranger.open("/coming-soon/")
    stranger.press(stranger.link("The Long Exposure"))
    assert stranger.page.locator(f'img[src="/posters/{movie.poster}/400.webp"]').count()
    loaded = "performance.getEntriesByType('resource').map(each => each.name)"
    elsewhere = [each for each in stranger.page.evaluate(loaded) if "youtu" in each] if js else []
    assert elsewhere == []

    assert tell_of_new_movies() == 1
    deliver_due()
    [letter] = mail_server.to(guest.email)
    path = re.search(r"/letters/stop/[^>\s]+", letter["List-Unsubscribe"])[0]
    stranger.open(path)
    stranger.press(stranger.button("Stop these letters"))
    assert "THESE LETTERS HAVE STOPPED" in stranger.text().upper()
    assert Customer.objects.get(user=guest).mails["new_movies"] is False

    office.press(office.link("Open it"))
    assert "Nobody asked to be told when it opens." in office.text()
    assert "Everybody was written to about it before" in office.text()
    office.press(office.button("Open it"))
    office.open("/office/movies/")
    office.fill("Title, people or words", "exposrue")
    office.press(office.button("Find"))
    office.press(office.link("The Long Exposure"))
    office.press(office.button("Retire it"))
    office.press(office.link("Delete it"))
    office.press(office.button("Delete The Long Exposure"))
    assert not Movie.objects.exists() and Letter.objects.filter(kind="new_movies").count() == 1
    leave(office)
    leave(stranger)


@pytest.mark.parametrize(("width", "js"), [(1280, False), (390, True)], ids=str)
def test_a_file_is_looked_through_and_imported(visit, width, js):
    sold = factories.booked().show.movie
    rows = [
        {"Title": f"Movie number {number}", "Release Date": "2020-01-01", "Running Time min": 90 + number}
        for number in range(28)
    ]
    office = visit(width=width, js=js)
    enter(office, people.admin())
    office.open("/office/movies/")
    office.press(office.link("Import a file"))
    file = {"name": "films.json", "mimeType": "application/json"}
    chooser = office.page.get_by_label("File")
    chooser.set_input_files({**file, "buffer": b"{"})
    office.press(office.button("Show what it would do"))
    assert "can’t be read as JSON" in office.text()
    chooser.set_input_files({**file, "buffer": json.dumps([*rows, {"Title": ""}]).encode()})
    office.press(office.button("Show what it would do"))
    assert "The title is missing" in office.text()
    office.press(office.link("New 28"))
    office.press(office.link("Next"))
    assert "Movie number 27" in office.text()
    assert Movie.objects.count() == 1
    office.press(office.button("Import 28 movies"))
    assert Movie.objects.count() == 29

    office.open(f"/office/movies/{sold.pk}/")
    office.press(office.link("Delete it"))
    office.press(office.button("Delete"))
    assert "has 1 booking in the books, so it stays" in office.page.locator("body").inner_text()
    leave(office)
