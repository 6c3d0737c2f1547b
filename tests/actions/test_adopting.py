"""What a stranger held is theirs after they have signed in."""

from decimal import Decimal

import pytest

from tests import factories, people
from theatre.actions.people.from_allauth import adopt_hold
from theatre.models import AuditEntry, SeatClaim

pytestmark = pytest.mark.django_db


def test_strangers_hold_passes_to_the_customer_who_signed_in():
    booking = factories.held(by=people.stranger(session="s1"))
    who = people.customer(tier="Silver")

    assert adopt_hold(who, "s1") == 1

    booking.refresh_from_db()
    assert (booking.customer, booking.booked_by, booking.session, booking.network) == (
        who.customer,
        who,
        "",
        "",
    )
    assert SeatClaim.objects.filter(booking=booking).count() == 2
    assert factories.checkout_total(people.actor_for(who), booking.ref) == Decimal("20.90")
    entry = AuditEntry.objects.get(verb="adopt")
    assert (entry.actor, entry.on_id) == (who, booking.ref)


def test_salesman_who_signed_in_sells_the_seats_they_had_chosen():
    booking = factories.held(by=people.stranger(session="s1"))
    who = people.salesman()

    adopt_hold(who, "s1")

    booking.refresh_from_db()
    assert (booking.customer, booking.seller, booking.assigned_to) == (None, who, who)


def test_other_sessions_and_no_session_pass_nothing():
    booking = factories.held(by=people.stranger(session="s1"))
    who = people.customer()

    assert (adopt_hold(who, "s2"), adopt_hold(who, "")) == (0, 0)
    booking.refresh_from_db()
    assert booking.customer is None
