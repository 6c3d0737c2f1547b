"""What a stranger held is theirs after they have signed in."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests import factories, people
from theatre.actions.booking.confirm import confirm_booking
from theatre.actions.people.from_allauth import adopt_hold
from theatre.models import AuditEntry, SeatClaim
from theatre.queries.bookings import detail

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


@pytest.mark.parametrize("person", [people.customer, people.salesman])
def test_hold_that_was_made_while_they_signed_in_passes_when_it_is_confirmed(person):
    booking = factories.held(by=people.stranger(session="s1"))
    who = person()
    by = replace(people.actor_for(who), session="s1")

    confirm_booking(by=by, ref=booking.ref, shown_total=Decimal(22), method="cash" if by.is_staff else "demo")

    booking.refresh_from_db()
    assert (booking.state, booking.customer_id, booking.booked_by) == ("confirmed", by.customer_id, who)
    assert booking.assigned_to_id == (who.pk if by.is_staff else None)
    assert detail(people.actor_for(who), booking.ref) is not None
    assert AuditEntry.objects.filter(verb="adopt", on_id=booking.ref, actor=who).count() == 1
