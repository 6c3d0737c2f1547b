import re

import pytest

from tests import factories, people
from tests.actions.said import refusal
from theatre.access import NotAllowed
from theatre.actions.booking.cancel import cancel_booking
from theatre.actions.booking.check_in import check_in
from theatre.documents import codes
from theatre.documents.record import ticket_code
from theatre.models import AuditEntry, Booking, Ticket
from theatre.queries.bookings import for_papers

pytestmark = pytest.mark.django_db


@pytest.fixture
def usher():
    return people.actor_for(people.salesman())


def code_of(booking: Booking) -> str:
    seen = for_papers(booking.pk)
    code = ticket_code(seen, seen.tickets[0])
    assert code is not None
    return code


def test_ticket_opens_the_door_once(usher):
    booking = factories.booked()
    code = code_of(booking)

    done = check_in(by=usher, code=f" {code}\n", door="north")
    no = refusal(lambda: check_in(by=usher, code=code, door="south"))

    ticket = booking.tickets.earliest("pk")
    assert (ticket.checked_in_at, ticket.door) == (done.at, "north")
    assert (done.ref, done.seat, done.movie, done.door) == (
        booking.ref,
        "A 1",
        booking.show.movie.title,
        "north",
    )
    assert (no.code, no.data) == ("already_used", {"at": done.at.isoformat(), "door": "north"})
    assert re.fullmatch(r"Already used at \d\d:\d\d by north", no.sentence)
    assert AuditEntry.objects.get(verb="check_in").details == {"door": "north", "show": booking.show_id}


def test_door_without_a_name_is_not_named(usher):
    code = code_of(factories.booked())

    check_in(by=usher, code=code)

    assert re.fullmatch(r"Already used at \d\d:\d\d", refusal(lambda: check_in(by=usher, code=code)).sentence)


def test_ticket_of_another_show_is_sent_there(usher):
    booking, another = factories.booked(), factories.show()

    no = refusal(lambda: check_in(by=usher, code=code_of(booking), show_id=another.pk))

    assert (no.code, no.sentence) == (
        "wrong_show",
        "This ticket is for another show. Look at its time and screen",
    )
    assert check_in(by=usher, code=code_of(booking), show_id=booking.show_id).ref == booking.ref


def test_returned_ticket_is_dead(usher):
    booking = factories.booked()
    code = code_of(booking)
    cancel_booking(by=people.actor_for(booking.booked_by), ref=booking.ref)

    no = refusal(lambda: check_in(by=usher, code=code))

    assert (no.code, no.sentence) == (
        "ticket_returned",
        "This ticket was returned or replaced. Ask for the newest one",
    )


def test_code_from_before_a_change_of_seat_is_dead(usher):
    booking = factories.booked(seats=1)
    code = code_of(booking)
    Ticket.objects.update(nonce="f" * 16)

    assert refusal(lambda: check_in(by=usher, code=code)).code == "ticket_returned"
    assert check_in(by=usher, code=code_of(booking)).ref == booking.ref


@pytest.mark.parametrize("damage", ["", "MC", "altered", "another key", "absent ticket"])
def test_what_we_did_not_sign_is_forged(usher, damage):
    code = code_of(factories.booked())
    forged = {
        "altered": code[:20] + ("A" if code[20] != "A" else "B") + code[21:],
        "another key": codes.sign(1, 1, "f" * 16, codes.SigningKey.from_seed("D", b"x" * 32)),
        "absent ticket": codes.sign(10**9, 1, "f" * 16, codes.current_key()),
    }.get(damage, damage)

    no = refusal(lambda: check_in(by=usher, code=forged))

    assert (no.code, no.field) == ("forged", "code")
    assert no.sentence == "This is not a ticket of this theatre. Ask for the booking’s reference"
    assert not Ticket.objects.filter(checked_in_at__isnull=False).exists()


def test_customers_do_not_open_doors():
    booking = factories.booked()

    with pytest.raises(NotAllowed):
        check_in(by=people.actor_for(booking.booked_by), code=code_of(booking))
