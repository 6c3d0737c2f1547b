"""The counter: a show, its seats, cash or card, change; and finding a sale again."""

import re
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories, people
from tests.web.browsers import browser_of, hidden, run_out, words_of
from theatre.models import Booking, LedgerEntry, Letter, Payment, SeatClaim, Show
from theatre.queries.quotes import ZONE

pytestmark = pytest.mark.django_db


def hold(client: Client, show: Show, seats: list[int] | None = None, **who):
    form = {"seat": factories.free_seats(show) if seats is None else seats, **who}
    return client.post(reverse("counter_show", args=[show.pk]), form)


def take(client: Client, ref: str, **changed):
    """Take payment on the sale's page as it stands."""
    page = client.get(reverse("counter_sale", args=[ref]))
    form = {name: hidden(page, name) for name in ("shown_total", "coupon", "key")} | {"method": "cash"}
    return client.post(reverse("counter_sale", args=[ref]), form | changed)


@pytest.fixture
def tomas():
    return people.salesman(name="Tomás Vega")


@pytest.fixture
def till(tomas):
    return browser_of(tomas)


# The shows ------------------------------------------------------------------------------------------------


def day_of(show: Show) -> str:
    """The theatre's day, as the counter's address has it."""
    return show.starts_at.astimezone(ZONE).date().isoformat()


def test_the_shows_that_can_be_sold_stand_by_time_with_the_seats_left(till):
    later = factories.show(of=factories.movie("Later"), in_hours=3)
    sooner = factories.show(of=factories.movie("Sooner"), in_hours=2)
    started = factories.show(of=factories.movie("Just started"), in_hours=-0.1)
    over = factories.show(of=factories.movie("Long over"), in_hours=-4)
    factories.held(of=sooner, seats=3)

    # An evening may reach into the next day.
    days = sorted({day_of(show) for show in (later, sooner, started, over)})
    page = " ".join(words_of(till.get(reverse("counter"), {"day": day})) for day in days)

    assert re.findall(r"Just started|Sooner|Later|Long over", page) == ["Just started", "Sooner", "Later"]
    assert re.findall(r"\d+ left", page) == ["100 left", "97 left", "100 left"]


@pytest.mark.parametrize("number", [1, 3])
def test_counter_asks_the_same_number_of_questions_for_one_show_and_for_three(
    till, number, django_assert_num_queries
):
    for hours in range(number):
        factories.show(in_hours=24 + hours)
    day = day_of(Show.objects.first())

    with django_assert_num_queries(4):  # session, person, the moment, the day's shows
        till.get(reverse("counter"), {"day": day})


@pytest.mark.parametrize("day", ["", "x", "2026-13-45", "1999-01-01", "9999-12-31"])
def test_a_day_without_shows_is_no_error(till, day):
    page = till.get(reverse("counter"), {"day": day})

    assert page.status_code == 200
    assert "Nothing left to sell" in words_of(page)


# Selling --------------------------------------------------------------------------------------------------


def test_two_seats_are_sold_to_a_walk_in_for_cash(till, tomas):
    show = factories.show()

    held = hold(till, show)
    booking = Booking.objects.get()
    paid = take(till, booking.ref, given="50")
    page = till.get(paid["Location"])

    booking.refresh_from_db()
    assert held["Location"] == reverse("counter_sale", args=[booking.ref])
    assert "Sold A 1 and A 2" in words_of(page)
    assert "Cash given €50.00 Change €28.00" in words_of(page)
    assert (booking.state, booking.channel, booking.customer) == ("confirmed", "counter", None)
    assert (booking.seller, booking.assigned_to) == (tomas, tomas)
    assert Payment.objects.get().method == "cash"
    for paper in ("tickets_pdf", "invoice_pdf"):
        assert till.get(reverse(paper, args=[booking.ref]))["Content-Type"] == "application/pdf"


def test_seats_of_a_show_that_just_started_are_sold(till):
    show = factories.show(in_hours=-0.1)

    hold(till, show)

    assert take(till, Booking.objects.get().ref, method="card").status_code == 302


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("20", "€20.00 is €2.00 less than the total"),
        ("zwanzig", "Enter the cash as a sum like 20 or 20.50"),
        ("-50", "Enter the cash as a sum like 20 or 20.50"),
        ("20.505", "Enter the cash as a sum like 20 or 20.50"),
        ("1e3", "Enter the cash as a sum like 20 or 20.50"),
        ("\x00", None),
    ],
)
def test_cash_that_does_not_do_is_answered_and_kept(till, given, sentence):
    hold(till, factories.show())
    ref = Booking.objects.get().ref

    response = take(till, ref, given=given)

    if sentence is None:
        assert response.status_code == 302
        return
    assert response.status_code == 409
    assert sentence in words_of(response)
    assert f'value="{given}"' in response.content.decode()
    assert not LedgerEntry.objects.exists()


def test_taking_twice_sells_once(till):
    hold(till, factories.show())
    ref = Booking.objects.get().ref
    page = till.get(reverse("counter_sale", args=[ref]))
    form = {name: hidden(page, name) for name in ("shown_total", "coupon", "key")} | {"method": "card"}

    first, second = (till.post(reverse("counter_sale", args=[ref]), form) for _ in range(2))

    assert first["Location"] == reverse("counter_sale", args=[ref])
    assert "Sold" in words_of(second)
    assert LedgerEntry.objects.count() == 2


def test_a_member_is_found_by_number_and_gets_their_tier(till):
    maya = people.customer(name="Maya Rao", tier="Gold")

    hold(till, factories.show(), customer=f" {maya.customer.member_number.lower()} ")

    page = words_of(till.get(reverse("counter_sale", args=[Booking.objects.get().ref])))
    assert f"Maya Rao {maya.email}" in page
    assert "Gold member, 10% off −€2.20 To pay €19.80" in page


def test_an_unknown_member_is_answered_at_the_field_and_everything_stays(till):
    show = factories.show()
    seats = factories.free_seats(show)

    response = hold(
        till, show, seats, customer="M99999999", guest_name="ليلى", guest_email="leila@example.org"
    )

    page = response.content.decode()
    assert response.status_code == 409
    assert "No member has that number or address. Check it, or sell to a walk-in" in words_of(response)
    assert page.count(" checked>") == 2
    assert all(f'value="{kept}"' in page for kept in ("M99999999", "ليلى", "leila@example.org"))


def test_a_walk_in_may_leave_a_name_and_an_address(till):
    hold(till, factories.show(), guest_name="অনন্যা", guest_email="Ananya@Example.org")
    booking = Booking.objects.get()

    take(till, booking.ref)

    assert (booking.guest_name, booking.guest_email) == ("অনন্যা", "ananya@example.org")
    assert Letter.objects.filter(kind="booking_confirmed", to="ananya@example.org").count() == 1
    assert "অনন্যা" in words_of(till.get(reverse("booking", args=[booking.ref])))


def test_an_address_that_is_none_is_answered_and_the_seats_stay(till):
    response = hold(till, factories.show(), guest_email="leila@")

    assert "Enter an email address like name@example.com" in words_of(response)
    assert response.content.decode().count(" checked>") == 2
    assert not Booking.objects.exists()


@pytest.mark.parametrize(
    ("seats", "sentence"),
    [([], "Choose at least one seat"), (["x", "0"], "That seat isn’t in this show’s screen")],
)
def test_what_is_no_choice_is_answered(till, seats, sentence):
    response = hold(till, factories.show(), seats)

    assert response.status_code == 409
    assert sentence in words_of(response)


def test_a_taken_seat_leaves_the_other_ticked(till):
    show = factories.show()
    taken, free = factories.free_seats(show)
    factories.held(of=show, seats=[taken])

    response = hold(till, show, [taken, free])

    assert "was taken while you were choosing" in words_of(response)
    assert re.findall(r'value="(\d+)"[^>]* checked>', response.content.decode()) == [str(free)]


def test_what_is_held_for_one_guest_is_not_offered_to_the_next(till):
    show = factories.show()
    first = factories.free_seats(show)
    hold(till, show, first)

    page = till.get(reverse("counter_show", args=[show.pk]), {"best": "2"})
    hold(till, show)

    ticked = {int(seat) for seat in re.findall(r'value="(\d+)"[^>]* checked>', page.content.decode())}
    assert len(ticked) == 2 and not ticked & set(first)
    assert Booking.objects.filter(state="held").count() == 2


def test_a_sale_that_is_dropped_frees_its_seats(till):
    hold(till, factories.show())

    response = till.post(reverse("counter_drop", args=[Booking.objects.get().ref]))

    assert response["Location"] == reverse("counter")
    assert not SeatClaim.objects.exists()


def test_a_sale_whose_time_ran_out_leads_back_to_its_seats(till):
    show = factories.show()
    hold(till, show)
    booking = Booking.objects.get()
    run_out(booking)

    response = till.get(reverse("counter_sale", args=[booking.ref]))

    page = till.get(response["Location"])
    assert "This sale’s seats are no longer held. Nothing was charged." in words_of(page)
    assert page.content.decode().count(" checked>") == 2


def test_an_admin_gives_seats_away_and_a_salesman_cannot(till):
    ada = browser_of(people.admin())
    hold(ada, factories.show())
    given = take(ada, Booking.objects.get().ref, method="complimentary")
    hold(till, factories.show())

    refused = take(till, Booking.objects.get(state="held").ref, method="complimentary")

    assert given.status_code == 302
    assert Booking.objects.get(state="confirmed").total == Decimal(0)
    assert refused.status_code == 409
    assert "Choose how it is paid" in words_of(refused)


def test_a_coupon_is_taken_at_the_counter(till):
    factories.coupon("TEN", percent=10)
    hold(till, factories.show())
    ref = Booking.objects.get().ref

    page = till.get(reverse("counter_sale", args=[ref]), {"coupon": "ten"})
    form = {name: hidden(page, name) for name in ("shown_total", "coupon", "key")} | {"method": "cash"}
    till.post(reverse("counter_sale", args=[ref]), form)

    assert "Take €19.80" in words_of(page)
    assert Booking.objects.get().total == Decimal("19.80")


# Who sees what --------------------------------------------------------------------------------------------


def test_a_salesman_sees_and_finds_only_their_own(till, tomas):
    mine = factories.booked(by=tomas)
    other = factories.booked(by=people.salesman())

    listed = words_of(till.get(reverse("counter_sales")))
    found = till.get(reverse("counter_sales"), {"ref": f"{mine.ref[:4].lower()} {mine.ref[4:]}"})
    not_found = till.get(reverse("counter_sales"), {"ref": other.ref})

    assert mine.ref[:4] in listed and other.ref[:4] not in listed
    assert found["Location"] == reverse("booking", args=[mine.ref])
    assert "You have no sale with this reference. Check it, it has 8 characters" in words_of(not_found)
    assert till.get(reverse("counter_sale", args=[other.ref])).status_code == 404


def test_a_moderator_finds_every_booking():
    booking = factories.booked()

    found = browser_of(people.moderator()).get(reverse("counter_sales"), {"ref": booking.ref})

    assert found["Location"] == reverse("booking", args=[booking.ref])


def test_the_counter_is_for_staff():
    page = browser_of(people.customer(email="maya@example.org")).get(reverse("counter"))

    assert page.status_code == 403
    assert "That page is for admins, moderators and salesmen" in words_of(page)
    assert "You are signed in as maya@example.org." in words_of(page)
    assert Client().get(reverse("counter"))["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("number", [1, 3])
def test_own_sales_cost_the_same_for_one_and_for_three(till, tomas, number, django_assert_num_queries):
    for _ in range(number):
        factories.booked(by=tomas)

    with django_assert_num_queries(5):  # session, person, how many, which, those
        page = till.get(reverse("counter_sales"))

    assert page.content.decode().count('class="ref"') == number
