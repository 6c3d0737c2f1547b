"""What the programme is for others: calendars, search engines, links shown elsewhere, and letters about openings."""

import json
import re
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from icalendar import Calendar
from PIL import Image

from tests import factories, people
from tests.web.browsers import browser_of
from theatre.models import Movie, MovieFollow, Review
from theatre.queries import kept
from theatre.web.browse import strangers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept():
    kept.forget()
    strangers.forget()


@pytest.fixture
def kilo() -> Movie:
    return factories.movie(
        "Kilo <Tango>", slug="kilo-tango", synopsis='Two pilots & a "plan".', director="Ada Lumen",
        actors="Ines Valadas, Tomás Vega", languages=["en"],
    )  # fmt: skip


# Calendars ------------------------------------------------------------------------------------------------


def events(response) -> list:
    return Calendar.from_ical(response.content).walk("VEVENT")


def test_calendar_has_the_shows_that_come_with_a_lasting_identity(client, kilo):
    show = factories.show(of=kilo, in_hours=30, formats=["subtitled"])
    factories.show(of=kilo, in_hours=-3)
    factories.show(of=kilo, in_hours=30, state="cancelled")
    factories.show(of=factories.movie("Small Hours"), in_hours=40)

    house, one = client.get("/programme.ics"), client.get("/movies/kilo-tango/times.ics")

    assert house["Content-Type"] == "text/calendar; charset=utf-8"
    assert [str(event["summary"]) for event in events(house)] == ["Kilo <Tango>", "Small Hours"]
    [event] = events(one)
    assert str(event["uid"]) == f"show-{show.pk}@movie-counter"
    assert event.decoded("dtstart") == show.starts_at and event.decoded("dtend") == show.ends_at
    assert str(event["url"]).endswith(f"/shows/{show.pk}/seats/")
    assert b"\r\nCATEGORIES:Subtitled\r\n" in one.content
    assert max(len(line) for line in one.content.split(b"\r\n")) <= 75


def test_calendar_that_is_not_changed_is_not_sent_again_and_a_moved_show_is(client, kilo):
    show = factories.show(of=kilo, in_hours=30)
    first = client.get("/programme.ics")

    again = client.get("/programme.ics", headers={"if-none-match": first["ETag"]})
    type(show).objects.filter(pk=show.pk).update(starts_at=show.starts_at - timedelta(minutes=5))
    moved = client.get("/programme.ics", headers={"if-none-match": first["ETag"]})

    assert again.status_code == 304
    assert events(moved)[0].decoded("dtstart") == show.starts_at - timedelta(minutes=5)


@pytest.mark.parametrize("many", [1, 12])
def test_calendar_asks_the_database_three_times(client, django_assert_num_queries, kilo, many):
    for number in range(many):
        factories.show(of=kilo, in_hours=30 + number)

    with django_assert_num_queries(3):
        first = client.get("/programme.ics")
    with django_assert_num_queries(1):
        client.get("/programme.ics")

    assert len(events(first)) == many


def test_calendar_of_an_unknown_movie_is_not_found(client):
    assert client.get("/movies/nothing/times.ics").status_code == 404
    assert events(client.get("/programme.ics")) == []


# Links ----------------------------------------------------------------------------------------------------


def facts_of(html: str) -> dict:
    [block] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    return json.loads(block)


def meta(html: str, name: str) -> str:
    return re.findall(rf'<meta (?:property|name)="{name}" content="([^"]*)">', html)[0]


def test_movie_says_its_facts_and_times_in_schema_orgs_words(client, kilo, settings):
    show = factories.show(of=kilo, in_hours=30)
    Review.objects.create(movie=kilo, customer=people.customer().customer, stars=4, state="approved")

    facts = facts_of(client.get("/movies/kilo-tango/").content.decode())

    movie, screening = facts["@graph"]
    assert movie["@type"] == "Movie" and movie["name"] == "Kilo <Tango>"
    assert movie["duration"] == "PT100M"
    assert [each["name"] for each in movie["actor"]] == ["Ines Valadas", "Tomás Vega"]
    assert movie["aggregateRating"]["ratingValue"] == "4.0"
    assert screening["@type"] == "ScreeningEvent"
    assert datetime.fromisoformat(screening["startDate"]) == show.starts_at.replace(second=0)
    assert screening["offers"] == {
        "@type": "Offer", "url": f"{settings.SITE_URL}/shows/{show.pk}/seats/", "priceCurrency": "EUR",
        "price": "11.00", "availability": "https://schema.org/InStock",
    }  # fmt: skip


def test_nothing_in_the_facts_can_end_their_block(client):
    factories.movie("</script><script>alert(1)</script>", slug="bad", synopsis="<!-- --> & ]]>")

    html = client.get("/movies/bad/").content.decode()

    assert "<script>alert" not in html
    assert facts_of(html)["@graph"][0]["name"] == "</script><script>alert(1)</script>"


def test_page_has_one_address_a_description_and_a_picture(client, kilo, settings):
    html = client.get("/movies/kilo-tango/?page=2").content.decode()
    home = client.get("/?format=relaxed").content.decode()

    assert f'<link rel="canonical" href="{settings.SITE_URL}/movies/kilo-tango/">' in html
    assert meta(html, "og:title") == "Kilo &lt;Tango&gt;"
    assert meta(html, "description") == "Two pilots &amp; a &quot;plan&quot;."
    assert meta(html, "og:image") == f"{settings.SITE_URL}/cards/kilo-tango.jpg"
    assert f'<link rel="canonical" href="{settings.SITE_URL}/">' in home
    assert meta(home, "robots") == "noindex, follow"


def test_card_is_a_picture_that_may_be_kept(client, kilo):
    response = client.get("/cards/kilo-tango.jpg")
    again = client.get("/cards/kilo-tango.jpg", headers={"if-none-match": response["ETag"]})

    assert Image.open(BytesIO(response.content)).size == (1200, 630)
    assert response["Content-Type"] == "image/jpeg"
    assert len(response.content) < 150_000
    assert again.status_code == 304
    assert client.get("/cards/nothing.jpg").status_code == 404


def test_search_engines_are_told_of_movies_and_not_of_accounts(client, kilo, settings):
    factories.movie("A Draft", slug="a-draft", state="draft")

    site, robots = client.get("/sitemap.xml").content.decode(), client.get("/robots.txt").content.decode()

    assert f"<loc>{settings.SITE_URL}/movies/kilo-tango/</loc>" in site
    assert "a-draft" not in site
    assert "Disallow: /account/\n" in robots
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in robots


# Tell me when it opens ------------------------------------------------------------------------------------


@pytest.fixture
def glass() -> Movie:
    return factories.movie("Glass Harbour", slug="glass-harbour", state="coming_soon")


def test_press_is_kept_and_taken_back(glass):
    maya = people.customer()
    browser = browser_of(maya)
    assert "Tell me when it opens" in browser.get("/coming-soon/").content.decode()

    told = browser.post(
        "/movies/glass-harbour/tell-me/", {"tell": "yes", "next": "/coming-soon/"}, follow=True
    )
    assert told.redirect_chain == [("/coming-soon/", 302)]
    assert "We’ll tell you when Glass Harbour opens." in told.content.decode()
    assert MovieFollow.objects.filter(customer__user=maya, movie=glass).count() == 1
    assert "Don’t tell me" in browser.get("/").content.decode()
    assert "Don’t tell me" in browser.get("/movies/glass-harbour/").content.decode()

    browser.post("/movies/glass-harbour/tell-me/", {"tell": "no", "next": "//elsewhere.example"})
    assert not MovieFollow.objects.exists()


def test_stranger_is_led_to_sign_in_and_finds_the_press_again(client, glass):
    html = client.get("/coming-soon/").content.decode()
    assert '<a class="btn btn-s" href="/movies/glass-harbour/tell-me/">' in html

    away = client.get("/movies/glass-harbour/tell-me/")
    assert away["Location"] == "/account/sign-in/?next=/movies/glass-harbour/tell-me/"
    page = browser_of(people.customer()).get("/movies/glass-harbour/tell-me/").content.decode()

    assert 'name="tell" value="yes"' in page
    assert not MovieFollow.objects.exists(), "looking changes nothing"


@pytest.mark.parametrize("many", [1, 20])
def test_coming_soon_asks_the_database_as_often_however_many(client, django_assert_num_queries, many):
    for number in range(many):
        factories.movie(f"Movie {number}", state="coming_soon", release_date=datetime(2030, 1, 1, tzinfo=UTC))

    with django_assert_num_queries(3):
        html = client.get("/coming-soon/").content.decode()

    assert html.count("Tell me when it opens") == many


def test_long_list_of_what_comes_is_paged(client):
    for number in range(50):
        factories.movie(f"Movie {number:02}", state="coming_soon")

    first = client.get("/coming-soon/").content.decode()
    second = client.get("/coming-soon/?page=2").content.decode()

    assert "50 movies on their way" in first
    assert "Movie 49" not in first and "Movie 49" in second


def test_staff_and_retired_movies_have_nothing_to_press(glass):
    over = factories.movie("Over", slug="over", state="retired")

    assert "Tell me when" not in browser_of(people.salesman()).get("/coming-soon/").content.decode()
    page = browser_of(people.customer()).post("/movies/over/tell-me/", {"tell": "yes"}, follow=True)
    assert "We don’t show that movie, so there is nothing to tell" in page.content.decode()
    assert not MovieFollow.objects.filter(movie=over).exists()
