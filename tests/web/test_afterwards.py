"""After the booking: tickets at hand, with and without a network, the way to the next tier, the watch list."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse

from tests import factories, people
from tests.web.browsers import browser_of, words_of
from theatre.models import Booking, Customer, MovieFollow, Show
from theatre.queries import members, tieryear

pytestmark = pytest.mark.django_db


def let_be_bought(booking: Booking, *, days_ago: int) -> None:
    Booking.objects.filter(pk=booking.pk).update(confirmed_at=F("confirmed_at") - timedelta(days=days_ago))


# On the day -----------------------------------------------------------------------------------------------


def test_on_the_day_the_codes_are_one_press_from_any_page():
    maya = people.customer()
    booking = factories.booked(by=maya, of=factories.show(in_hours=3))
    client = browser_of(maya)
    there = f'<a class="show-day on-house no-print" href="{reverse("booking", args=[booking.ref])}">'

    for page in ("home", "coming_soon", "my_tickets", "account", "tier", "watch_list", "search"):
        assert there in client.get(reverse(page)).content.decode(), page
    pressed = client.get(reverse("booking", args=[booking.ref])).content.decode()
    assert pressed.count('<svg class="qr"') == 2


@pytest.mark.parametrize("hours", [19, 30, -3])
def test_tickets_of_another_day_are_not_in_the_header(hours):
    maya = people.customer()
    booking = factories.booked(by=maya)
    moved = timedelta(hours=hours - 24)
    Show.objects.filter(pk=booking.show_id).update(
        starts_at=F("starts_at") + moved, ends_at=F("ends_at") + moved, clean_at=F("clean_at") + moved
    )

    assert "show-day" not in browser_of(maya).get(reverse("coming_soon")).content.decode()


def test_the_header_asks_no_more_of_those_without_tickets(django_assert_num_queries):
    without, with_some = people.customer(), people.customer()
    factories.booked(by=with_some, of=factories.show(in_hours=3))
    pages = {who: browser_of(who) for who in (without, with_some)}
    for client in pages.values():
        client.get(reverse("watch_list"))

    with django_assert_num_queries(3):  # session, person, movies followed
        pages[without].get(reverse("watch_list"))
    with django_assert_num_queries(4):  # and tonight's tickets
        pages[with_some].get(reverse("watch_list"))


def test_strangers_are_asked_nothing_about_tickets(client, django_assert_num_queries):
    factories.booked(of=factories.show(in_hours=3))
    client.get(reverse("home"))

    with django_assert_num_queries(1):  # whether the page is still true
        assert "show-day" not in client.get(reverse("home")).content.decode()


def ring(page) -> str:
    """How much of the ring around the initials is filled, of 100; empty where there is no ring."""
    header = re.search(r'<button class="me".*?</button>', page.content.decode(), re.S)[0]
    found = re.search(r'stroke-dasharray="([\d.]+) 100"', header)
    return found[1] if found else ""


@pytest.mark.parametrize(
    ("tier", "tickets", "share"),
    [("", 0, "0"), ("", 25, "25"), ("Silver", 150, "50"), ("Gold", 250, "50"), ("Platinum", 500, "100")],
)
def test_the_ring_is_the_way_to_the_next_tier_on_every_page(tier, tickets, share):
    maya = people.customer(tier=tier)
    Customer.objects.filter(user=maya).update(tier_tickets=tickets)
    show = factories.show()
    client = browser_of(maya)

    pages = (
        reverse("home"),
        reverse("coming_soon"),
        reverse("movie", args=[show.movie.slug]),
        reverse("seats", args=[show.pk]),
        reverse("my_tickets"),
        reverse("account"),
        reverse("tier"),
    )
    assert {path: ring(client.get(path)) for path in pages} == dict.fromkeys(pages, share)
    assert (f"<small>{tier} member</small>" in client.get(reverse("account")).content.decode()) == bool(tier)


def test_staff_have_initials_and_no_ring():
    office = browser_of(people.admin(name="Ada Lumen"))

    for path in (reverse("office"), reverse("counter"), reverse("home")):
        page = office.get(path)
        assert ring(page) == ""
        assert '<b class="initials" aria-hidden="true">AL</b>' in page.content.decode()


def test_who_has_tickets_now_is_asked_as_the_header_asks_it():
    maya = people.customer()
    show = factories.show(in_hours=10)
    factories.booked(by=maya, of=show)

    for hours, here in ((3, True), (15, True), (17, False), (-1, True), (-3, False)):
        starts = datetime.now(UTC) + timedelta(hours=hours)
        ends = starts + timedelta(minutes=115)
        Show.objects.filter(pk=show.pk).update(starts_at=starts, ends_at=ends, clean_at=ends)
        client = browser_of(maya)
        assert (members.next_tickets(maya.customer.pk) is not None) == here
        assert ("show-day" in client.get(reverse("coming_soon")).content.decode()) == here


# My tickets -----------------------------------------------------------------------------------------------


def test_codes_stand_behind_a_press():
    maya = people.customer()
    factories.booked(by=maya, seats=2)

    page = browser_of(maya).get(reverse("my_tickets")).content.decode()

    fold = re.search(r'<details class="show-codes">.*?</details>', page, re.S)[0]
    assert fold.count('<svg class="qr"') == 2
    assert page.count('<svg class="qr"') == 2


@pytest.mark.parametrize(("hours", "may"), [(3, True), (1, False), (-1, False)])
def test_what_may_be_changed_or_cancelled_offers_both(hours, may):
    maya = people.customer()
    booking = factories.booked(by=maya, of=factories.show(in_hours=3))
    starts = datetime.now(UTC) + timedelta(hours=hours)
    ends = starts + timedelta(minutes=115)
    Show.objects.filter(pk=booking.show_id).update(starts_at=starts, ends_at=ends, clean_at=ends)

    page = browser_of(maya).get(reverse("my_tickets")).content.decode()

    for name in ("tickets_pdf", "invoice_pdf", "show_ics"):
        assert f'href="{reverse(name, args=[booking.ref])}"' in page
    for name in ("change_booking", "cancel_booking"):
        assert (f'href="{reverse(name, args=[booking.ref])}"' in page) == may


def test_the_copy_for_a_device_has_the_tickets_to_come_and_nothing_else():
    maya = people.customer(name="Maya Rahman")
    coming = factories.booked(by=maya, of=factories.show(of=factories.movie("Kilo Tango")))
    factories.booked(of=factories.show(of=factories.movie("Somebody Else’s")))
    seen = factories.booked(by=maya, of=factories.show(in_hours=1, of=factories.movie("Small Hours")))
    Show.objects.filter(pk=seen.show_id).update(
        starts_at=F("starts_at") - timedelta(days=1),
        ends_at=F("ends_at") - timedelta(days=1),
        clean_at=F("clean_at") - timedelta(days=1),
    )
    factories.cancelled(by=maya, of=factories.show(of=factories.movie("Nine Floors Down")))

    page = browser_of(maya).get(reverse("tickets_offline"))
    words = words_of(page)

    assert page["Cache-Control"] == "private, no-store"
    assert f"{coming.ref[:4]} {coming.ref[4:]}" in words and "Kilo Tango" in words
    assert page.content.decode().count('<svg class="qr"') == 2
    for other in ("Somebody Else", "Small Hours", "Nine Floors Down", maya.email, maya.full_name):
        assert other not in page.content.decode()


@pytest.mark.parametrize("who", ["customer", "salesman"])
def test_nothing_to_come_is_no_copy(who):
    assert browser_of(getattr(people, who)()).get(reverse("tickets_offline")).status_code == 204


def test_strangers_get_no_copy():
    assert Client().get(reverse("tickets_offline"))["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("number", [1, 3])
def test_the_copy_costs_the_same_for_one_show_and_for_three(number, django_assert_num_queries):
    maya = people.customer()
    for hours in range(number):
        factories.booked(by=maya, of=factories.show(in_hours=30 + hours))
    client = browser_of(maya)

    with django_assert_num_queries(3):  # session, person, tickets
        client.get(reverse("tickets_offline"))


def test_the_worker_answers_for_the_whole_house(client):
    response = client.get("/worker.js")

    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert response["Cache-Control"] == "no-cache"
    assert "Set-Cookie" not in response


def test_the_page_without_a_network_is_everybodys(client):
    page = client.get(reverse("offline"))

    assert "This page needs the network." in words_of(page)
    assert page.content.decode().count("<h1") == 1


# Paper ----------------------------------------------------------------------------------------------------


def test_tickets_come_on_the_roll_too():
    maya = people.customer()
    booking = factories.booked(by=maya)

    response = browser_of(maya).get(reverse("tickets_roll", args=[booking.ref]))

    assert response["Content-Disposition"] == f'inline; filename="roll-{booking.ref}.pdf"'
    assert response.content.startswith(b"%PDF-")


def test_a_cancelled_booking_has_no_roll():
    maya = people.customer()
    booking = factories.cancelled(by=maya)

    assert browser_of(maya).get(reverse("tickets_roll", args=[booking.ref])).status_code == 404


# Tier -----------------------------------------------------------------------------------------------------


def test_the_tier_page_counts_what_was_bought_and_says_when_it_falls_out():
    maya = people.customer()
    recent, old = (factories.booked(by=maya, seats=seats) for seats in (3, 2))
    let_be_bought(old, days_ago=200)
    gone = factories.booked(by=maya, seats=4)
    let_be_bought(gone, days_ago=370)
    Customer.objects.filter(user=maya).update(tier="Silver")  # reached once, and counted again tonight

    seen = tieryear.year_of(maya.customer.pk)
    page = words_of(browser_of(maya).get(reverse("tier")))

    assert seen.tickets == 5
    assert [month.tickets for month in seen.months if month.tickets] == [3, 2]
    assert len(seen.months) == tieryear.MONTHS
    assert [number for _day, number in seen.drops] == [2, 3]
    assert "295 tickets from Gold" in page
    assert "As a Silver member, 5% comes off every booking." in page
    assert "The next to fall out: 2 tickets on" in page
    assert recent.confirmed_at.strftime("%b %Y") in page


def test_returned_and_held_tickets_do_not_count():
    maya = people.customer()
    factories.cancelled(by=maya)
    factories.held(by=maya)

    assert tieryear.year_of(maya.customer.pk).tickets == 0
    assert "100 tickets from Silver" in words_of(browser_of(maya).get(reverse("tier")))


def test_the_highest_tier_has_nothing_ahead():
    assert "Platinum, the highest there is" in words_of(
        browser_of(people.customer(tier="Platinum")).get(reverse("tier"))
    )


@pytest.mark.parametrize("number", [1, 3])
def test_the_tier_page_costs_the_same_for_one_month_and_for_three(number, django_assert_num_queries):
    maya = people.customer()
    for months in range(number):
        let_be_bought(factories.booked(by=maya, of=factories.show(in_hours=30)), days_ago=31 * months)
    client = browser_of(maya)

    with django_assert_num_queries(4):  # session, person, tiers, tickets
        client.get(reverse("tier"))


@pytest.mark.parametrize("page", ["tier", "watch_list"])
def test_staff_have_neither_tier_nor_watch_list(page):
    assert browser_of(people.salesman()).get(reverse(page))["Location"] == reverse("account")


# Watch list -----------------------------------------------------------------------------------------------


def follow(who, *titles: str, **fields) -> None:
    for number, title in enumerate(titles):
        opens = date(2027, 1, 1) + timedelta(days=number)
        movie = factories.movie(title, **{"state": "coming_soon", "release_date": opens, **fields})
        MovieFollow.objects.create(customer=who.customer, movie=movie)


def test_movies_that_are_followed_stand_on_the_watch_list_until_that_ends():
    maya, other = people.customer(), people.customer()
    follow(maya, "Salt and Signal")
    follow(other, "Another Story")
    client = browser_of(maya)
    movie = MovieFollow.objects.get(customer=maya.customer).movie

    page = client.get(reverse("watch_list"))
    after = client.post(
        reverse("tell_me", args=[movie.slug]), {"tell": "no", "next": reverse("watch_list")}, follow=True
    )

    assert "Salt and Signal" in words_of(page) and "Another Story" not in words_of(page)
    assert "Don’t tell me" in words_of(page)
    assert after.redirect_chain == [(reverse("watch_list"), 302)]
    assert "Nothing on your list" in words_of(after)


def test_a_movie_that_has_opened_says_so():
    maya = people.customer()
    follow(maya, "Salt and Signal", state="showing")

    assert "It has opened." in words_of(browser_of(maya).get(reverse("watch_list")))


@pytest.mark.parametrize("number", [1, 3])
def test_the_watch_list_costs_the_same_for_one_movie_and_for_three(number, django_assert_num_queries):
    maya = people.customer()
    follow(maya, *(f"Movie {place}" for place in range(number)))
    client = browser_of(maya)

    with django_assert_num_queries(3):  # session, person, movies
        assert words_of(client.get(reverse("watch_list"))).count("Opens") == number
