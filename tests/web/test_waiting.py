"""Waiting for seats, as pages: the way there, one's place, the office's view of the line."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import factories, people
from tests.web.browsers import browser_of, words_of
from theatre.actions.booking.cancel import cancel_booking
from theatre.actions.booking.waiting import ask_for_seats, serve_waiting
from theatre.models import Letter, WaitingParty
from theatre.notices import letters
from theatre.notices.kinds.written import QueuedLetter
from theatre.queries.programme import ZONE

pytestmark = pytest.mark.django_db


def full(title: str = "Kilo Tango"):
    show = factories.show(of=factories.movie(title), on=factories.screen(["ssss"]))
    return show, factories.booked(of=show, seats=2), factories.booked(of=show, seats=2)


def ask(show, seats: int, who=None) -> None:
    ask_for_seats(by=people.actor_for(who or people.customer()), show_id=show.pk, seats=seats)


@pytest.mark.parametrize("page", ["seats", "seat_list"])
def test_a_sold_out_show_offers_to_wait(page, client):
    show, *_ = full()
    free = factories.show()

    assert reverse("wait", args=[show.pk]) in client.get(reverse(page, args=[show.pk])).content.decode()
    assert reverse("wait", args=[free.pk]) not in client.get(reverse(page, args=[free.pk])).content.decode()


@pytest.mark.parametrize("page", ["home", "movie", "search"])
def test_a_sold_out_time_leads_to_its_hall_where_one_can_wait(page, client):
    show, *_ = full()
    paths = {
        "home": f"{reverse('home')}?day={timezone.localtime(show.starts_at, ZONE):%Y-%m-%d}",
        "movie": reverse("movie", args=[show.movie.slug]),
        "search": f"{reverse('search')}?q=Kilo",
    }

    html = client.get(paths[page]).content.decode()

    assert f'<a class="stub stub-over" href="{reverse("seats", args=[show.pk])}">' in html
    assert "Sold out · Wait" in html


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({}, "Seats are free: you can book them now. Choose seats"),
        ({"state": "cancelled"}, "This show has been cancelled. Other times"),
        ({"in_hours": -9}, "This show is over. Other times"),
    ],
    ids=["free", "cancelled", "over"],
)
def test_nobody_is_asked_to_wait_for_nothing(wanted, sentence):
    show = factories.show(**wanted)

    said = words_of(browser_of(people.customer()).get(reverse("wait", args=[show.pk])))

    assert sentence in said
    assert "Put us on the list" not in said


def test_a_stranger_signs_in_first():
    show, *_ = full()

    answer = Client().get(reverse("wait", args=[show.pk]))

    assert answer["Location"].startswith(reverse("account_login"))


def test_asking_says_where_one_stands_and_leaving_ends_it():
    show, *_ = full()
    ask(show, 2)
    client = browser_of(people.customer())

    page = client.post(reverse("wait", args=[show.pk]), {"seats": "3"}, follow=True)
    mine = words_of(client.get(reverse("my_tickets")))
    left = client.post(reverse("leave_waiting", args=[show.pk]), follow=True)

    assert "You wait for 3 seats side by side, as number 2 of 2." in words_of(page)
    assert "Waiting for Kilo Tango" in mine and "3 seats side by side, number 2 in the line" in mine
    assert "You don’t wait for this show any more." in words_of(left)
    assert WaitingParty.objects.filter(state="waiting").count() == 1


@pytest.mark.parametrize("typed", ["", "x", "0", "-1", "5", "99999999999999999999", "2.5", "\x00"])
def test_a_number_that_cannot_be_is_answered_at_its_field(typed):
    show, *_ = full()

    page = browser_of(people.customer()).post(reverse("wait", args=[show.pk]), {"seats": typed})

    assert page.status_code == 422
    assert "Error:" in words_of(page)
    assert not WaitingParty.objects.exists()


def test_an_offer_is_on_the_page_and_in_the_letter():
    maya = people.customer()
    show, one, _two = full()
    ask(show, 2, maya)
    cancel_booking(by=people.actor_for(one.customer.user), ref=one.ref)
    serve_waiting()
    ref = WaitingParty.objects.get().booking.ref

    page = browser_of(maya).get(reverse("wait", args=[show.pk]))
    mail = letters.compose(queued("seats_offered"))

    assert reverse("checkout", args=[ref]) in page.content.decode()
    assert "A 1 and A 2: held for you until" in words_of(page)
    assert "Put us on the list" not in words_of(page)
    assert mail.subject.startswith("Seats came free: Kilo Tango, yours until ")
    assert "A 1, A 2" in mail.body and reverse("checkout", args=[ref]) in mail.body


def queued(kind: str) -> QueuedLetter:
    row = Letter.objects.get(kind=kind)
    return QueuedLetter(
        **{field: getattr(row, field) for field in QueuedLetter.__dataclass_fields__ if hasattr(row, field)}
    )


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_for_one_party_and_for_three(number, django_assert_num_queries):
    maya = people.customer()
    show, *_ = full()
    for _ in range(number):
        ask(show, 2)
    client = browser_of(maya)
    client.get(reverse("wait", args=[show.pk]))

    with django_assert_num_queries(4):  # session, person, the show with its line, its seats
        client.get(reverse("wait", args=[show.pk]))


@pytest.mark.parametrize("number", [1, 3])
def test_my_tickets_costs_the_same_for_one_list_and_for_three(number, django_assert_num_queries):
    maya = people.customer()
    for place in range(number):
        ask(full(f"Film {place}")[0], 2, maya)
    client = browser_of(maya)

    with django_assert_num_queries(7):
        client.get(reverse("my_tickets"))


def test_the_office_sees_the_line():
    show, one, _two = full()
    ask(show, 2, people.customer(name="Ada First"))
    ask(show, 4, people.customer(name="Ben Second"))
    cancel_booking(by=people.actor_for(one.customer.user), ref=one.ref)
    serve_waiting()

    page = words_of(browser_of(people.moderator()).get(reverse("show", args=[show.pk])))

    assert page.index("Ben Second") < page.index("Ada First")
    assert "Offered, held for them" in page


def test_a_show_nobody_knows_is_not_found():
    client = browser_of(people.customer())

    assert client.get(reverse("wait", args=[999_999_999])).status_code == 404
    assert client.get(reverse("wait", args=[factories.show(state="planned").pk])).status_code == 404
