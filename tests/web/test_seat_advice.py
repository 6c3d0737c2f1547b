"""What the seat page advises: the best seats with their reason, a wheelchair space, and a seat left on its own."""

import json

import pytest
from django.urls import reverse

from tests import factories, people
from tests.web.browsers import browser_of, words_of
from theatre.models import Booking, Seat

pytestmark = pytest.mark.django_db


def advice(client, show, **asked):
    return json.loads(client.get(reverse("seat_advice", args=[show.pk]), asked).content)


def seats(show, *labels: str) -> list[int]:
    wanted = [label.split() for label in labels]
    return [Seat.objects.get(plan=show.plan_id, row=row, number=number).pk for row, number in wanted]


@pytest.fixture
def show():
    return factories.show(on=factories.screen(["ssssss", "wcsscw", "ssssss", "ssssss"]))


def test_best_seats_come_with_their_reason_and_hold_nothing(client, show):
    told = advice(client, show, n="2")

    assert told == {
        "seats": seats(show, "C 3", "C 4"),
        "words": "Together in row C, two thirds back, in the middle",
    }
    assert not Booking.objects.exists()


def test_the_page_says_why_it_suggests_these_seats(client, show):
    page = words_of(client.get(reverse("seats", args=[show.pk])))

    assert "Take C 3 and C 4" in page
    assert "Together in row C, two thirds back, in the middle" in page


def test_with_an_access_need_a_wheelchair_space_and_its_companion_seat_are_suggested(client, show):
    assert advice(client, show, n="2", access="1")["seats"] == seats(show, "B 1", "B 2")
    assert "Take B 1 and B 2" in words_of(client.get(reverse("seats", args=[show.pk]), {"access": "1"}))


def test_the_page_offers_a_wheelchair_space_while_one_is_left(client, show):
    page = reverse("seats", args=[show.pk])
    assert "With a wheelchair space" in words_of(client.get(page))

    factories.booked(of=show, seats=seats(show, "B 1", "B 2"))
    factories.booked(of=show, seats=seats(show, "B 5", "B 6"))

    assert "With a wheelchair space" not in words_of(client.get(page))


@pytest.mark.parametrize("number", ["", "0", "-3", "99999999999", "two", "２"])
def test_odd_numbers_are_put_right(client, show, number):
    assert len(advice(client, show, n=number)["seats"]) in (1, 2)


def test_when_so_many_are_not_left_nothing_is_suggested(client):
    show = factories.show(on=factories.screen(["s"]))

    assert advice(client, show, n="2") == {"seats": [], "words": ""}


def test_ones_own_seats_may_be_the_best(show):
    maya = people.customer()
    factories.held(by=maya, of=show, seats=seats(show, "C 3", "C 4"))

    assert advice(browser_of(maya), show, n="2")["seats"] == seats(show, "C 3", "C 4")
    assert advice(browser_of(), show, n="2")["seats"] != seats(show, "C 3", "C 4")


def test_a_seat_left_on_its_own_is_told_with_a_way_out(client, show):
    told = advice(client, show, seat=seats(show, "A 2", "A 3"))

    assert told == {
        "note": "That leaves seat 1 on its own. Move to 1 and 2?",
        "press": "Move to A 1 and A 2",
        "seats": seats(show, "A 1", "A 2"),
    }


def test_moving_takes_the_rest_of_the_choice_along(client, show):
    told = advice(client, show, seat=seats(show, "A 2", "A 3", "D 1"))

    assert sorted(told["seats"]) == sorted(seats(show, "A 1", "A 2", "D 1"))


@pytest.mark.parametrize("chosen", [[], ["A 1", "A 2"], ["A 1", "A 2", "A 3", "A 4", "A 5", "A 6"]])
def test_a_choice_that_strands_nobody_is_left_in_peace(client, show, chosen):
    assert advice(client, show, seat=seats(show, *chosen)) == {"note": "", "seats": []}


def test_seats_of_another_hall_and_nonsense_are_no_choice(client, show):
    other = factories.free_seats(factories.show(), 2)

    assert advice(client, show, seat=[*other, "x", "-1", "9" * 40]) == {"note": "", "seats": []}


def test_without_javascript_the_page_says_it_too(client, show):
    page = client.get(reverse("seats", args=[show.pk]), {"seat": seats(show, "A 2", "A 3")})

    first, second = seats(show, "A 1", "A 2")
    assert "That leaves seat 1 on its own. Move to 1 and 2? Move to A 1 and A 2" in words_of(page)
    assert f'href="?seat={first}&amp;seat={second}&amp;"' in page.content.decode()


def test_the_review_offers_the_move_and_one_press_holds_it(show):
    client = browser_of(people.customer())
    client.post(reverse("hold"), {"show": show.pk, "seat": seats(show, "A 2", "A 3")})
    page = client.get(reverse("checkout", args=[Booking.objects.get().ref]))
    assert "That leaves seat 1 on its own. Move to 1 and 2? Move to A 1 and A 2" in words_of(page)

    client.post(reverse("hold"), {"show": show.pk, "seat": seats(show, "A 1", "A 2")})

    booking = Booking.objects.get(state="held")
    assert sorted(booking.tickets.values_list("seat_id", flat=True)) == sorted(seats(show, "A 1", "A 2"))
    assert "on its own" not in words_of(client.get(reverse("checkout", args=[booking.ref])))


def test_unknown_shows_have_no_advice(client):
    for show in (0, 999_999, 2**63):
        assert client.get(f"/shows/{show}/seats/advice/").status_code == 404


def test_the_list_says_how_many_are_free_in_a_row_and_that_seats_are_together(client, show):
    page = words_of(
        client.get(reverse("seat_list", args=[show.pk]), {"kind": "standard", "row": "C", "n": "2"})
    )

    assert "Row C 6 free, in the middle" in page
    assert "Row C, seats 3 and 4 €22 together, in the middle" in page


def test_a_party_too_large_for_a_row_is_offered_the_best_that_is_left(client, show):
    page = words_of(client.get(reverse("seat_list", args=[show.pk]), {"kind": "standard", "n": "8"}))

    assert "Nowhere are 8 of them free together" in page
    assert "Or the best that is left: C 1, C 2, C 3, C 4, D 1, D 2, D 3, D 4 €88" in page
    assert "One behind the other in rows C and D" in page
