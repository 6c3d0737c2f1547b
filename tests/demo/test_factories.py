from decimal import Decimal

import pytest

from tests import factories, people
from theatre.models import SeatClaim


@pytest.mark.django_db
def test_booked_seats_are_sold_and_held_ones_are_held():
    show = factories.show()

    booked = factories.booked(of=show, seats=3)
    held = factories.held(of=show, by=people.stranger(), seats=1)

    states = list(SeatClaim.objects.filter(show=show).order_by("seat_id").values_list("booking_id", "state"))
    assert states == [(booked.pk, "sold")] * 3 + [(held.pk, "held")]


@pytest.mark.django_db
def test_salesman_books_for_a_customer_at_their_tier():
    customer, salesman = people.customer(tier="Gold"), people.salesman()

    booked = factories.booked(by=salesman, for_customer=customer.email)

    assert (booked.total, booked.tier_name, booked.seller) == (Decimal("19.80"), "Gold", salesman)


@pytest.mark.django_db
def test_cancelled_booking_frees_its_seats():
    cancelled = factories.cancelled()

    assert cancelled.state == "cancelled"
    assert not SeatClaim.objects.filter(booking=cancelled).exists()
