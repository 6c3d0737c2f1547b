"""Who may do what, and whose bookings they see: the table, and its two ways of asking about a booking."""

from dataclasses import replace

import pytest

from tests import factories, people
from theatre.access import MAY, Actor, NotAllowed, Permission, allowed, require, sees, visible
from theatre.models import Booking
from theatre.queries.bookings import detail
from theatre.rules.roles import Role

pytestmark = pytest.mark.django_db

EVERYBODY = {
    "stranger": lambda: people.stranger(session="mine"),
    "nobody": lambda: Actor(),
    "customer": lambda: people.actor_for(people.customer()),
    "salesman": lambda: people.actor_for(people.salesman()),
    "moderator": lambda: people.actor_for(people.moderator()),
    "admin": lambda: people.actor_for(people.admin()),
    "moderator without the second factor": lambda: people.actor_for(people.moderator(), second_factor=False),
    "admin without the second factor": lambda: people.actor_for(people.admin(), second_factor=False),
}


@pytest.mark.parametrize("name", EVERYBODY)
def test_list_and_row_agree_on_whose_booking_it_is(name):
    actor = EVERYBODY[name]()
    show = factories.show()
    factories.held(of=show)
    factories.booked(of=show)
    factories.cancelled(of=show)
    factories.held(by=people.stranger(session="another"), of=show)
    factories.booked(by=people.salesman(), of=show)
    if actor.session:
        factories.held(by=actor, of=show)
    if actor.role and allowed(actor, Permission.BOOK):
        factories.held(by=actor, of=show)
        factories.booked(by=actor, of=show)

    listed = set(Booking.objects.filter(visible(actor)))
    seen = {
        booking
        for booking in Booking.objects.all()
        if sees(
            actor,
            customer_id=booking.customer_id,
            assigned_to_id=booking.assigned_to_id,
            session=booking.session,
        )
    }

    assert listed == seen
    assert {booking for booking in Booking.objects.all() if detail(actor, booking.ref)} == seen
    expected = {"stranger": 1, "customer": 2, "salesman": 2, "moderator": 7, "admin": 7}
    assert len(seen) == expected.get(name, 0)


def test_what_was_held_in_this_browser_stays_theirs_to_see():
    actor = replace(people.actor_for(people.customer()), session="mine")

    assert sees(actor, customer_id=None, assigned_to_id=None, session="mine")
    assert not sees(actor, customer_id=None, assigned_to_id=None, session="another")
    assert not sees(actor, customer_id=None, assigned_to_id=None, session="")


@pytest.mark.parametrize("role", [None, *Role])
@pytest.mark.parametrize("permission", Permission)
def test_door_opens_as_the_table_says(role, permission):
    actor = Actor(user_id=1 if role else None, role=role, second_factor=True)

    assert allowed(actor, permission) == (permission in MAY[role])
    if permission in MAY[role]:
        require(actor, permission)
    else:
        with pytest.raises(NotAllowed) as no:
            require(actor, permission)
        assert (no.value.permission, no.value.second_factor) == (permission, False)
        assert set(no.value.roles) == {each for each in Role if permission in MAY[each]}


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MODERATOR])
@pytest.mark.parametrize("permission", Permission)
def test_admins_and_moderators_pass_no_door_without_the_second_factor(role, permission):
    actor = Actor(user_id=1, role=role)

    assert not allowed(actor, permission)
    with pytest.raises(NotAllowed) as no:
        require(actor, permission)
    assert no.value.second_factor == (permission in MAY[role])
