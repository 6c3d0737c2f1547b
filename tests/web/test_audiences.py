"""Who the seats are for: at the review, at the counter, and on every paper."""

import re
from decimal import Decimal

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests import factories, people
from tests.documents import pdfs
from tests.web.browsers import browser_of, hidden, words_of
from theatre.models import Booking, LedgerEntry
from theatre.notices import outbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def show():
    return factories.show(card=factories.price_card(child={"standard": 7}, senior={"standard": "9.5"}))


@pytest.fixture
def maya():
    return people.customer(name="Maya Rao")


def held(client: Client, show, number=2, kind="standard") -> Booking:
    client.post(reverse("hold"), {"show": show.pk, "seat": factories.free_seats(show, number, kind=kind)})
    return Booking.objects.latest("pk")


def field(booking: Booking, place: int = 0) -> str:
    return f"audience-{booking.tickets.order_by('pk')[place].pk}"


def pay_form(page, **changed) -> dict[str, str]:
    return (
        {name: hidden(page, name) for name in ("shown_total", "coupon", "key")} | {"method": "demo"} | changed
    )


def test_the_review_asks_who_each_seat_is_for_with_the_prices(show, maya):
    client = browser_of(maya)
    booking = held(client, show)

    page = client.get(reverse("checkout", args=[booking.ref]))

    assert "Who the seats are for" in words_of(page)
    assert words_of(page).count("Adult €11.00 Child €7.00 Senior €9.50") == 2
    assert 'form="pay"' in page.content.decode()


def test_where_the_card_knows_adults_alone_nothing_is_asked(show, maya):
    client = browser_of(maya)

    for booking in (held(client, factories.show()), held(client, show, kind="premium")):
        assert "Who the seats are for" not in words_of(client.get(reverse("checkout", args=[booking.ref])))


def test_a_child_is_chosen_and_the_price_follows_with_the_coupon_kept(show, maya):
    client = browser_of(maya)
    factories.coupon("TEN", percent=10)
    booking = held(client, show)

    response = client.post(
        reverse("change_audiences", args=[booking.ref]), {field(booking): "child", "coupon": "TEN"}
    )

    assert response["Location"] == reverse("checkout", args=[booking.ref]) + "?coupon=TEN"
    said = words_of(client.get(response["Location"]))
    assert "A 1 Standard, child €7.00 A 2 Standard €11.00" in said
    assert "Confirm and pay €16.20" in said


def test_a_stranger_chooses_too(show):
    client = Client()
    booking = held(client, show)

    client.post(reverse("change_audiences", args=[booking.ref]), {field(booking): "senior"})

    page = client.get(reverse("checkout", args=[booking.ref]))
    assert "To pay €20.50" in words_of(page)
    assert 'form="whose"' in page.content.decode()


def test_paying_with_another_choice_than_the_price_was_for_shows_the_price_first(show, maya):
    client = browser_of(maya)
    booking = held(client, show)
    page = client.get(reverse("checkout", args=[booking.ref]))

    refused = client.post(
        reverse("confirm_booking", args=[booking.ref]), pay_form(page, **{field(booking): "child"})
    )

    assert refused.status_code == 409
    assert "The price is another one now, so nothing was booked" in words_of(refused)
    assert "Confirm and pay €18.00" in words_of(refused)
    assert not LedgerEntry.objects.exists()

    paid = client.post(
        reverse("confirm_booking", args=[booking.ref]), pay_form(refused, **{field(booking): "child"})
    )
    assert paid["Location"] == reverse("booking", args=[booking.ref])
    assert Booking.objects.get().total == 18


@pytest.mark.parametrize("audience", ["cats", "student", "\x00", "x" * 5000])
def test_what_is_no_audience_of_the_card_is_answered_with_a_sentence(show, maya, audience):
    client = browser_of(maya)
    booking = held(client, show)

    said = words_of(
        client.post(reverse("change_audiences", args=[booking.ref]), {field(booking): audience}, follow=True)
    )

    assert "A 1 has no price of its own for that age group. Choose another, or book it for an adult" in said
    assert "To pay €22.00" in said


def test_a_ticket_of_somebody_else_is_left_alone(show, maya):
    client, other = browser_of(maya), factories.held(of=show)
    booking = held(client, show)

    client.post(reverse("change_audiences", args=[booking.ref]), {field(other): "child"})

    assert set(other.tickets.values_list("audience", flat=True)) == {"adult"}


def test_tickets_invoice_and_letter_name_the_child(show, maya):
    client = browser_of(maya)
    booking = held(client, show)
    client.post(reverse("change_audiences", args=[booking.ref]), {field(booking): "child"})
    page = client.get(reverse("checkout", args=[booking.ref]))

    client.post(reverse("confirm_booking", args=[booking.ref]), pay_form(page))
    outbox.deliver_due()

    (letter,) = [each for each in mail.outbox if each.to == [maya.email]]
    assert re.search(r"A 1, Standard, child: €7\.00\nA 2, Standard: €11\.00", letter.body)
    assert words_of(client.get(reverse("booking", args=[booking.ref]))).count("Standard, child") == 1
    for name, times in (("invoice_pdf", 1), ("tickets_pdf", 2)):  # a ticket has a stub
        paper = pdfs.words(client.get(reverse(name, args=[booking.ref])).content)
        assert paper.count("Standard, child") == times


def test_the_counter_sells_a_childs_ticket(show):
    tomas = people.salesman()
    client = browser_of(tomas)
    booking = factories.held(by=people.actor_for(tomas), of=show)
    sale = reverse("counter_sale", args=[booking.ref])
    assert "Who the seats are for" in words_of(client.get(sale))

    client.post(reverse("counter_audiences", args=[booking.ref]), {field(booking): "child"})
    page = client.get(sale)

    assert "Take €18.00" in words_of(page)
    again = client.post(sale, pay_form(page, method="cash", given="", **{field(booking, 1): "senior"}))
    assert again.status_code == 409
    assert "Take €16.50" in words_of(again)
    client.post(sale, pay_form(again, method="cash", given=""))
    assert Booking.objects.get().total == Decimal("16.5")
