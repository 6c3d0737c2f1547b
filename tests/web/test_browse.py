"""What everybody can look at: the programme, a movie, the seats of a show."""

import datetime as dt
import re
import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests import factories, people
from tests.web.browsers import browser_of, words_of
from theatre.access import Actor
from theatre.models import Review, Show
from theatre.queries import kept, programme, seatmap
from theatre.web.browse import strangers
from theatre.web.seat_picks import groups
from theatre.web.seatmap_html import render_map

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept():
    kept.forget()
    strangers.forget()


def html_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def seats_page(show: Show, query: str = "") -> str:
    return reverse("seats", args=[show.pk]) + query


def day_in(*, days: int) -> date:
    """A day of the theatre that no test run can slip out of."""
    return datetime.now(programme.ZONE).date() + timedelta(days=days)


def hours_to_noon(*, days: int) -> float:
    noon = datetime.combine(day_in(days=days), dt.time(12), programme.ZONE)
    return (noon - datetime.now(UTC)).total_seconds() / 3600


def boxes(html: str) -> dict[str, str]:
    """Label to attributes of every seat's checkbox."""
    found = re.findall(r'<input type="checkbox" name="seat" value="\d+" aria-label="([^"]*)"([^>]*)>', html)
    return {label: attributes.strip() for label, attributes in found}


# The programme --------------------------------------------------------------------------------------------


def test_home_shows_times_as_links_to_their_seats(client):
    show = factories.show(of=factories.movie("Kilo Tango"), in_hours=1)

    html = html_of(client.get("/"))

    assert "Kilo Tango" in html
    assert f'href="{seats_page(show)}"' in html
    assert "100 left" in html


def test_home_says_the_same_seats_left_as_the_map(client):
    show = factories.show(in_hours=1)
    factories.held(of=show, seats=3)

    html = html_of(client.get("/"))

    left = seatmap.for_show(Actor(), show.pk).free
    assert left == 97
    assert f"{left} left" in html


@pytest.mark.parametrize("many", [1, 30])
def test_home_asks_the_database_three_times_however_many_shows(client, django_assert_num_queries, many):
    for _ in range(many):
        factories.show(in_hours=hours_to_noon(days=2))

    with django_assert_num_queries(3):  # the clock, the day, what comes soon
        html = html_of(client.get("/", {"day": day_in(days=2).isoformat()}))

    assert html.count('class="movie"') == many


def test_home_opens_on_the_next_day_that_has_a_show(client):
    factories.show(of=factories.movie("In Three Days"), in_hours=75)

    html = html_of(client.get("/"))

    assert "In Three Days" in html


def test_empty_theatre_has_a_home(client):
    assert "isn’t out yet" in html_of(client.get("/"))


def test_filter_shows_only_what_has_the_format(client):
    day, hours = day_in(days=2), hours_to_noon(days=2)
    factories.show(of=factories.movie("With Captions"), in_hours=hours, formats=["subtitled"])
    factories.show(of=factories.movie("Without"), in_hours=hours)

    html = html_of(client.get("/", {"day": day.isoformat(), "format": "subtitled"}))
    none = html_of(client.get("/", {"day": day.isoformat(), "format": "relaxed"}))

    programme_of = html.split('id="now"')[1].split("</section>")[0]
    assert "With Captions" in programme_of and "Without" not in programme_of
    assert "No relaxed movies on" in none and "Other movies are showing on" in none


@pytest.mark.parametrize(
    "query", ["?day=yesterday", "?day=9999-99-99", "?format=<x>", "?after=99", "?day=1900-01-01"]
)
def test_odd_questions_get_the_ordinary_page(client, query):
    assert client.get("/" + query).status_code == 200


def test_day_of_the_clock_change_has_all_its_shows():
    # 25 October 2026 has 25 hours in the theatre's zone.
    zone = ZoneInfo(settings.THEATRE_ZONE)
    day = datetime(2026, 10, 25, tzinfo=zone).date()

    begins, ends = programme.bounds(day, 1)

    assert (ends.astimezone(UTC) - begins.astimezone(UTC)) == timedelta(hours=25)


def test_page_drawn_for_strangers_is_for_nobody_else(client):
    factories.show(in_hours=1)
    html_of(client.get("/"))

    client.force_login(people.customer())

    assert "Sign out" in html_of(client.get("/"))


def test_address_with_other_questions_is_answered_but_not_kept(client):
    html_of(client.get("/?utm=x"))

    assert "utm" not in html_of(client.get("/"))


def test_member_sees_the_way_to_the_next_tier(client):
    client.force_login(people.customer(tier="Silver"))

    html = html_of(client.get("/"))

    assert "tickets from Gold" in html
    assert "Silver member" in html or "As a Silver member" in html


def test_on_the_day_the_home_leads_to_ones_tickets(client):
    who, show = people.customer(), factories.show(of=factories.movie("Small Hours"), in_hours=3)
    booking = factories.booked(by=who, of=show)
    client.force_login(who)

    html = html_of(client.get("/"))

    assert f'href="/bookings/{booking.ref}/"' in html
    assert "A 1" in html and "A 2" in html


# One movie ------------------------------------------------------------------------------------------------


def test_movie_page_has_times_and_approved_reviews_alone(client):
    of = factories.movie("Saltwater Radio", slug="saltwater-radio", synopsis="A lighthouse hears a voice.")
    show = factories.show(of=of, in_hours=30)
    for stars, state in ((5, "approved"), (1, "pending"), (2, "removed")):
        who = people.customer()
        Review.objects.create(
            movie=of, customer=who.customer, stars=stars, text=f"{state} words", state=state
        )

    html = html_of(client.get("/movies/saltwater-radio/"))

    assert f'href="{seats_page(show)}"' in html
    assert "approved words" in html
    assert "pending words" not in html and "removed words" not in html
    assert "5.0" in html


@pytest.mark.parametrize("many", [1, 12])
def test_movie_page_asks_the_database_five_times(client, django_assert_num_queries, many):
    of = factories.movie()
    for n in range(many):
        factories.show(of=of, in_hours=2 + n)

    with django_assert_num_queries(
        5
    ):  # whether it still stands, the movie, its times, its reviews and their spread
        client.get(f"/movies/{of.slug}/")


def test_draft_and_unknown_movies_are_not_found(client):
    draft = factories.movie(minutes=None)

    assert client.get(f"/movies/{draft.slug}/").status_code == 404
    assert client.get("/movies/nothing-like-it/").status_code == 404


def test_coming_soon_lists_announced_movies(client):
    factories.movie("Glass Harbour", state="coming_soon")

    html = html_of(client.get("/coming-soon/"))

    assert "Glass Harbour" in html


def test_poster_is_a_picture_that_may_be_kept(client):
    of = factories.movie("Nine <Floors>")

    response = client.get(f"/posters/{of.slug}.svg")
    again = client.get(f"/posters/{of.slug}.svg", headers={"if-none-match": response["ETag"]})

    assert response["Content-Type"] == "image/svg+xml"
    assert "max-age=86400" in response["Cache-Control"]
    assert again.status_code == 304
    assert client.get("/posters/none.svg").status_code == 404


# Seats ----------------------------------------------------------------------------------------------------


def test_map_is_a_form_of_checkboxes_that_say_everything(client):
    show = factories.show()
    factories.held(of=show, seats=[factories.free_seats(show, 1)[0]])

    html = html_of(client.get(seats_page(show)))

    said = boxes(html)
    assert len(said) == 100
    assert said["Row A seat 1, Standard, €11, held by another customer. Aisle seat"] == "disabled"
    assert said["Row A seat 2, Standard, €11, available"] == ""
    assert said["Row E seat 2, Premium, €13, available"] == ""
    assert "Row D seat 2, Companion seat, €9, available. Sold with a wheelchair space. Aisle seat" not in said
    assert "Row D seat 2, Companion seat, €9, available. Sold with a wheelchair space" in said


def test_best_pair_is_suggested_and_nothing_is_held(client):
    show = factories.show()

    html = html_of(client.get(seats_page(show)))

    assert html.count("is-tip") == 3  # two seats and the legend
    assert re.search(r"Take \w \d+ and \w \d+", html)
    assert show.claims.count() == 0


def test_a_legend_names_what_its_map_can_show():
    show = factories.show()
    admin = browser_of(people.admin())

    assert "Suggested" in words_of(admin.get(seats_page(show)))
    for page in (reverse("counter_show", args=[show.pk]), reverse("vip_reserve", args=[show.pk])):
        assert "Suggested" not in words_of(admin.get(page))


@pytest.mark.parametrize(
    ("who", "asked"),
    [(None, True), (people.customer, False), (people.admin, False)],
    ids=["nobody", "guest", "staff"],
)
def test_only_who_is_no_member_is_asked_to_become_one(who, asked):
    client = browser_of(who() if who else None)

    for _ in range(2):
        assert ("Become a member" in words_of(client.get(reverse("coming_soon")))) == asked
    assert "Become a member" in words_of(Client().get("/nope/"))


def test_best_ticks_the_suggestion_without_javascript(client):
    show = factories.show()

    said = boxes(html_of(client.get(seats_page(show, "?best=3"))))

    assert [value for value in said.values() if value] == ["checked"] * 3


def test_choice_in_the_address_is_kept_if_it_is_free(client):
    show = factories.show()
    taken, free = factories.free_seats(show, 2)
    factories.held(of=show, seats=[taken])

    said = boxes(
        html_of(client.get(seats_page(show, f"?seat={taken}&seat={free}&seat=x&seat=99999999999999999999")))
    )

    assert said["Row A seat 2, Standard, €11, selected"] == "checked"
    assert "disabled" in said["Row A seat 1, Standard, €11, held by another customer. Aisle seat"]


def test_own_held_seats_are_ticked(client):
    show, who = factories.show(), people.customer()
    factories.held(by=who, of=show, seats=2)
    client.force_login(who)

    html = html_of(client.get(seats_page(show)))

    said = boxes(html)
    assert "Held for you until" in html
    assert sum(", held for you" in label and value == "checked" for label, value in said.items()) == 2


@pytest.mark.parametrize("seats", [["sss"], ["s" * 14] * 20])
def test_seat_page_asks_the_database_once_for_a_stranger(client, django_assert_num_queries, seats):
    show = factories.show(on=factories.screen(seats))
    client.get(seats_page(show))  # the plan is learnt

    with django_assert_num_queries(1):
        client.get(seats_page(show))


def test_seat_page_is_drawn_anew_when_a_seat_goes(client):
    show = factories.show()
    before = html_of(client.get(seats_page(show)))
    factories.held(of=show, seats=1)

    after = html_of(client.get(seats_page(show)))

    assert "100 of 100 seats are free" in before
    assert "99 of 100 seats are free" in after


def test_kept_seat_page_gives_every_stranger_their_own_token(client, django_assert_num_queries):
    show = factories.show()
    tokens = set()
    for _ in range(3):
        client.cookies.clear()
        html = html_of(client.get(seats_page(show)))
        tokens |= set(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', html))

    assert len(tokens) == 3
    assert strangers.Drawn.TOKEN not in html


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"state": "cancelled"}, "has been cancelled"),
        ({"in_hours": -0.2}, "Ask at the counter"),
        ({"in_hours": -1}, "This show has begun, and is sold no more."),
        ({"in_hours": -9}, "This show is over."),
        ({"on_sale_from": datetime(2100, 1, 1, tzinfo=UTC)}, "go on sale on"),
        ({"state": "played"}, "no longer sold here"),
    ],
)
def test_show_that_cannot_be_booked_says_why(client, fields, words):
    show = factories.show(**fields)

    html = html_of(client.get(seats_page(show)))

    assert words in html
    assert 'id="take"' not in html


@pytest.mark.parametrize("number", ["0", "-3", "11", "x", "9" * 50, "²"])
def test_odd_numbers_of_seats_are_put_right(client, number):
    assert client.get(seats_page(factories.show(), f"?n={number}")).status_code == 200


def test_unknown_and_planned_shows_are_not_found(client):
    planned = factories.show(state="planned")

    assert client.get(seats_page(planned)).status_code == 404
    assert client.get(f"/shows/{2**63}/seats/").status_code == 404
    assert client.get("/shows/999999/seats/").status_code == 404


def test_list_leads_from_kind_to_row_to_seats(client):
    show = factories.show()
    address = reverse("seat_list", args=[show.pk])

    rows = html_of(client.get(address, {"kind": "premium", "n": 2}))
    groups = html_of(client.get(address, {"kind": "premium", "n": 2, "row": "E"}))

    assert "Row E" in rows
    assert "Row E, seats 1 and 2" in groups and "€26" in groups


def test_list_offers_a_wheelchair_space_with_its_companion():
    show = factories.show()

    places = groups(seatmap.for_show(Actor(), show.pk), "wheelchair", 2)

    assert [place.words for place in places] == ["Row D, seats 1 and 2", "Row D, seats 9 and 10"]


def test_map_of_300_seats_is_joined_in_a_millisecond_or_so():
    show = factories.show(on=factories.screen(["s" * 20] * 15))
    seen = seatmap.for_show(Actor(), show.pk)
    states = {seat.id: "sold" for seat in seen.plan.seats[::2]}
    render_map(seen.plan, seen.prices, states)

    begun = time.process_time()
    for _ in range(50):
        render_map(seen.plan, seen.prices, states)
    each = (time.process_time() - begun) / 50

    assert each < 0.004


def test_map_escapes_what_a_plan_says():
    hall = factories.screen(["ss"])
    factories.plan_of(hall).seats.update(row='"<b')
    show = factories.show(on=hall)

    seen = seatmap.for_show(Actor(), show.pk)
    rows = render_map(seen.plan, seen.prices, {})

    assert '"<b' not in rows
    assert "&quot;&lt;b" in rows


# House lights ---------------------------------------------------------------------------------------------


def test_lights_are_kept_in_a_cookie_and_drawn_by_the_server(client):
    response = client.post("/lights/", {"lights": "dark", "next": "/coming-soon/"})

    assert response["Location"] == "/coming-soon/"
    assert 'data-theme="dark"' in html_of(client.get("/coming-soon/"))

    client.post("/lights/", {"lights": "device"})
    assert "data-theme" not in html_of(client.get("/coming-soon/")).split("<head>")[0]


@pytest.mark.parametrize("where", ["https://elsewhere.example/", "//elsewhere.example", "javascript:x", ""])
def test_lights_lead_nowhere_else(client, where):
    assert client.post("/lights/", {"lights": "light", "next": where})["Location"] == "/"


def test_lights_only_listen_to_a_post(client):
    assert client.get("/lights/").status_code == 405
