"""Movies, shows and seats: open to everybody."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from tests import factories, people
from tests.api import calls
from theatre.models import Review, Seat, SeatClaim

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo(settings.THEATRE_ZONE)


def test_movies_are_listed_by_title_in_pages():
    for title in ("Vertigo", "Alien", "Metropolis"):
        factories.movie(title)

    said = calls.stranger().get("/movies?size=2").json()

    assert [movie["title"] for movie in said["items"]] == ["Alien", "Metropolis"]
    assert (said["page"], said["pages"], said["count"]) == (1, 2, 3)
    assert [movie["title"] for movie in calls.stranger().get("/movies?size=2&page=2").json()["items"]] == [
        "Vertigo"
    ]


def test_draft_is_nobodys_business():
    factories.movie("Unfinished", minutes=None, slug="unfinished")

    assert calls.stranger().get("/movies").json()["count"] == 0
    assert calls.stranger().get("/movies/unfinished").json()["code"] == "movie_unknown"


def test_empty_list_has_one_page():
    assert calls.stranger().get("/movies").json() == {"items": [], "page": 1, "pages": 1, "count": 0}


def test_page_past_the_last_is_empty():
    factories.movie()

    said = calls.stranger().get("/movies?page=999999").json()

    assert (said["items"], said["count"]) == ([], 1)


def test_page_never_has_more_than_a_hundred():
    for _ in range(101):
        factories.movie()

    said = calls.stranger().get("/movies?size=5000").json()

    assert (len(said["items"]), said["pages"]) == (100, 2)


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=x", "size=0", "page=1e3", f"page={10**30}", "size="]
)
def test_page_that_is_none_is_said_so(query):
    refused = calls.stranger().get(f"/movies?{query}")

    assert refused.status_code == 422
    assert refused.json()["code"] == "field_errors"
    assert refused.json()["errors"][0]["field"] == query.partition("=")[0]


def test_movie_tells_everything_a_page_would():
    movie = factories.movie("হীরক রাজার দেশে 👑", slug="hirak", genres=("Fantasy", "Musical"), languages=["bn"])
    Review.objects.create(
        movie=movie, customer=people.customer().customer, stars=4, text="Still true", state="approved"
    )

    said = calls.stranger().get("/movies/hirak").json()

    assert said["title"] == "হীরক রাজার দেশে 👑"
    assert (said["genres"], said["languages"]) == (["Fantasy", "Musical"], ["bn"])
    assert (said["duration_minutes"], said["rating"], said["reviews"]) == (100, "4.0", 1)
    assert said["poster"].endswith("/posters/hirak.svg")


def test_unknown_movie_is_not_found():
    refused = calls.stranger().get("/movies/nowhere")

    assert (refused.status_code, refused.json()["code"]) == (404, "movie_unknown")


def test_shows_to_come_are_listed_by_their_start():
    later, sooner = factories.show(in_hours=30), factories.show(in_hours=3)
    factories.show(in_hours=-5, state="played")
    factories.show(in_hours=5, state="planned")
    factories.show(in_hours=5, state="cancelled")

    said = calls.stranger().get("/shows").json()

    assert [show["id"] for show in said["items"]] == [sooner.pk, later.pk]
    assert said["items"][0]["movie"] == sooner.movie.title
    assert said["items"][0]["screen"] == sooner.screen.name
    assert datetime.fromisoformat(said["items"][0]["starts_at"]) == sooner.starts_at


def test_day_is_the_theatres_day():
    day = (datetime.now(ZONE) + timedelta(days=3)).date()
    midnight = datetime.combine(day, time.min, ZONE).astimezone(UTC)
    first = _show_at(midnight)
    last = _show_at(midnight + timedelta(hours=23, minutes=59))
    _show_at(midnight - timedelta(minutes=1))
    _show_at(midnight + timedelta(hours=24))

    said = calls.stranger().get(f"/shows?date={day}").json()

    assert [show["id"] for show in said["items"]] == [first.pk, last.pk]


def test_shows_of_one_movie_by_slug_or_by_id():
    show = factories.show()
    factories.show()

    by_slug = calls.stranger().get(f"/shows?movie={show.movie.slug}").json()
    by_id = calls.stranger().get(f"/shows?movie={show.movie.pk}").json()

    assert by_slug == by_id
    assert [item["id"] for item in by_slug["items"]] == [show.pk]


def test_slug_that_is_a_number_is_a_slug_first():
    other = factories.show()
    numbered = factories.show(of=factories.movie("1984", slug=str(other.movie.pk)))

    said = calls.stranger().get(f"/shows?movie={other.movie.pk}").json()

    assert [item["id"] for item in said["items"]] == [numbered.pk]


def test_empty_filters_are_none():
    show = factories.show()

    said = calls.stranger().get("/shows?date=&movie=").json()

    assert [item["id"] for item in said["items"]] == [show.pk]


@pytest.mark.parametrize("movie", ["nowhere", "99999999999999999999", "²", "-1", "🎬"])
def test_movie_there_is_none_of_has_no_shows(movie):
    factories.show()

    assert calls.stranger().get(f"/shows?movie={movie}").json()["items"] == []


@pytest.mark.parametrize(
    "day", ["yesterday", "2026-02-30", "20260101", "0001-01-01", "9999-12-31", "2026-1-1", "1700000000"]
)
def test_date_that_is_none_is_said_so(day):
    refused = calls.stranger().get(f"/shows?date={day}")

    assert (refused.status_code, refused.json()["field"]) == (422, "date")


def test_seats_left_are_those_a_customer_could_take():
    show = factories.show(on=factories.screen(("sssss.sssss", "sssss.sssss", "hssss.sssss")))
    plan_seats = Seat.objects.filter(plan=show.plan_id)
    whole = plan_seats.count()
    factories.held(of=show, seats=2)
    lapsed = factories.held(of=show, seats=3)
    calls.end_hold(lapsed.ref)
    factories.booked(of=show, seats=1)

    (said,) = calls.stranger().get("/shows").json()["items"]

    assert said["seats_left"] == whole - 2 - 1 - 1


def test_seat_list_has_each_seat_with_its_price_and_state():
    show = factories.show()
    held, sold, blocked = factories.free_seats(show, 3)
    factories.held(of=show, seats=[held])
    factories.booked(of=show, seats=[sold])
    SeatClaim.objects.create(show=show, plan_id=show.plan_id, seat_id=blocked, state="blocked")

    said = calls.stranger().get(f"/shows/{show.pk}/seats").json()

    states = {seat["id"]: seat["state"] for seat in said["seats"]}
    assert said["show"] == show.pk
    assert (states[held], states[sold], states[blocked]) == ("held", "sold", "blocked")
    assert sorted(set(states.values())) == ["blocked", "free", "held", "sold"]
    for seat in Seat.objects.filter(plan=show.plan_id):
        (told,) = [each for each in said["seats"] if each["id"] == seat.pk]
        assert (told["row"], told["number"], told["kind"]) == (seat.row, seat.number, seat.kind)
        assert Decimal(told["price"]) == factories.PRICES[seat.kind]
        assert told["price"].endswith(".00")


def test_seats_of_a_lapsed_hold_are_free():
    held = factories.held()
    calls.end_hold(held.ref)

    said = calls.stranger().get(f"/shows/{held.show_id}/seats").json()

    assert {seat["state"] for seat in said["seats"]} == {"free"}


def test_own_seats_are_yours_and_to_others_held():
    caller = calls.customer()
    booking = factories.held(by=caller.who)
    address = f"/shows/{booking.show_id}/seats"

    def states(who):
        return [seat["state"] for seat in who.get(address).json()["seats"]].count

    assert states(caller)("yours") == 2
    assert states(calls.customer())("held") == 2
    assert states(calls.stranger())("held") == 2


def test_house_seat_is_free_to_the_counter_alone():
    show = factories.show(on=factories.screen(("hsss",)))
    house = Seat.objects.get(plan=show.plan_id, house_seat=True).pk
    address = f"/shows/{show.pk}/seats"

    def state(who):
        return next(seat["state"] for seat in who.get(address).json()["seats"] if seat["id"] == house)

    assert (state(calls.stranger()), state(calls.salesman())) == ("blocked", "free")


def test_seat_without_a_price_says_so():
    show = factories.show(card=factories.price_card({"standard": "9.50"}))

    said = calls.stranger().get(f"/shows/{show.pk}/seats").json()

    assert {(seat["kind"], seat["price"]) for seat in said["seats"]} >= {
        ("standard", "9.50"),
        ("premium", None),
    }


def test_unchanged_seats_are_not_sent_again():
    show = factories.show()
    address = f"/shows/{show.pk}/seats"
    tag = calls.stranger().get(address)["ETag"]

    same = calls.stranger().get(address, if_none_match=tag)

    assert (same.status_code, same.content, same["ETag"]) == (304, b"", tag)
    assert calls.stranger().get(address, if_none_match=f'"else", W/{tag}').status_code == 304
    assert calls.stranger().get(address, if_none_match='"else"').status_code == 200


def test_tag_changes_with_every_seat_and_comes_back_with_it():
    show = factories.show()
    address = f"/shows/{show.pk}/seats"
    before = calls.stranger().get(address)["ETag"]
    booking = factories.held(of=show)
    while_held = calls.stranger().get(address)["ETag"]
    calls.end_hold(booking.ref)

    assert while_held != before
    assert calls.stranger().get(address)["ETag"] == before


def test_tag_is_another_for_who_holds_the_seats():
    caller = calls.customer()
    booking = factories.held(by=caller.who)
    address = f"/shows/{booking.show_id}/seats"

    mine, theirs = caller.get(address), calls.stranger().get(address)

    assert mine["ETag"] != theirs["ETag"]
    assert mine["Vary"] == "Authorization, Cookie"


@pytest.mark.parametrize("show", [0, 987654, 2**63, 10**40])
def test_unknown_show_has_no_seats(show):
    refused = calls.stranger().get(f"/shows/{show}/seats")

    assert (refused.status_code, refused.json()["code"]) == (404, "show_unknown")


def test_planned_show_is_seen_by_staff_alone():
    show = factories.show(state="planned")

    assert calls.stranger().get(f"/shows/{show.pk}/seats").status_code == 404
    assert calls.customer().get(f"/shows/{show.pk}/seats").status_code == 404
    assert calls.salesman().get(f"/shows/{show.pk}/seats").status_code == 200


def test_browser_sees_its_own_hold_without_a_token(client):
    show = factories.show()
    session = client.session
    session["holder"] = "a browser's secret"
    session.save()
    page = client.get(f"/api/v1/shows/{show.pk}/seats")
    actor = page.wsgi_request.actor
    factories.held(by=people.stranger(session=actor.session), of=show, seats=2)

    said = client.get(f"/api/v1/shows/{show.pk}/seats").json()

    assert [seat["state"] for seat in said["seats"]].count("yours") == 2


def _show_at(moment):
    show = factories.show(in_hours=72)
    for field, minutes in (("starts_at", 0), ("ends_at", 100), ("clean_at", 120)):
        setattr(show, field, moment + timedelta(minutes=minutes))
    show.save()
    return show
