"""One row for one deed, at least one delivery, and a visible state when it does not go out."""

import inspect
import re
import threading
from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now

from tests import factories, people
from tests.notices.conftest import MailServer
from theatre import events
from theatre.actions.booking.confirm import confirm_booking
from theatre.models import Letter
from theatre.notices import letters, outbox, receivers
from theatre.queries.bookings import for_papers

pytestmark = pytest.mark.django_db


def queued(number: int = 1, *, to: str = "") -> list[str]:
    """So many short letters, and who they are to."""
    addresses = [to or f"guest{place}@example.org" for place in range(number)]
    for place, address in enumerate(addresses):
        outbox.queue(key=f"code:{place}", kind="confirm_address", to=address, data={"code": "482913"})
    return addresses


def make_due() -> None:
    """As if the wait were over."""
    Letter.objects.update(due_at=Now() - timedelta(seconds=1))


def test_one_letter_for_one_deed() -> None:
    first = outbox.queue(key="tier:7", kind="tier_reached", to="a@example.org")
    second = outbox.queue(key="tier:7", kind="tier_reached", to="a@example.org")

    assert (first, second) == (1, 0)
    assert Letter.objects.count() == 1


def test_deed_told_twice_is_one_letter_a_reader() -> None:
    booking = factories.booked()
    before = set(Letter.objects.values_list("key", flat=True))

    events.booking_confirmed.send(sender=None, booking=for_papers(booking.pk))

    assert set(Letter.objects.values_list("key", flat=True)) == before
    assert before == {f"booking_confirmed:{booking.pk}", f"new_booking:{booking.pk}"}


def test_letters_of_a_booking_are_one_statement(django_assert_num_queries) -> None:
    booking = for_papers(factories.booked().pk)

    with django_assert_num_queries(1):
        events.booking_confirmed.send(sender=None, booking=booking)


def test_walk_in_without_address_gets_no_letter() -> None:
    factories.booked(by=people.salesman())

    assert Letter.objects.count() == 0


def test_tier_crossed_twice_on_a_day_is_told_once() -> None:
    guest = people.customer(tier="Gold")

    for _ in range(2):
        events.tier_reached.send(sender=None, customer_id=guest.customer.pk, tier="Gold", percent=10)

    assert Letter.objects.filter(kind="tier_reached").count() == 1


def test_sent_letter_says_when_and_what(mail_server: MailServer) -> None:
    queued()

    assert outbox.deliver_due() == 1

    letter = Letter.objects.get()
    assert (letter.state, letter.subject, letter.attempts) == ("sent", "Confirm your email address", 1)
    assert letter.sent_at is not None
    assert mail_server.letters[0]["Message-ID"] == letter.message_id
    assert outbox.deliver_due() == 0


def test_every_kind_that_is_queued_has_a_writer() -> None:
    queued_kinds = re.findall(
        r'(?:kind|to_guest|to_staff)="(\w+)"|else "(\w+)"', inspect.getsource(receivers)
    )
    named = {kind for pair in queued_kinds for kind in pair if kind}
    named |= set(re.findall(r"SELECT '(\w+):'", inspect.getsource(outbox)))  # to many, in one statement

    assert named == set(letters.KINDS)


def test_refusal_for_now_waits_longer_each_time_with_the_same_message_id(mail_server: MailServer) -> None:
    [address] = queued()
    mail_server.refusing[address] = "451 Try later"
    waits = []

    for _ in range(4):
        assert outbox.deliver_due() == 0
        letter = Letter.objects.annotate(wait=F("due_at") - Now()).get()
        waits.append(round(letter.wait.total_seconds(), -1))
        make_due()

    assert waits == [10, 20, 40, 80]
    assert (letter.state, letter.attempts) == ("queued", 4)
    assert letter.last_error == "SMTPDataError: (451, b'Try later')"
    mail_server.refusing.clear()
    assert outbox.deliver_due() == 1
    assert mail_server.letters[0]["Message-ID"] == letter.message_id


@pytest.mark.parametrize("stage", ["refusing", "refusing_recipient"])
def test_refusal_for_good_is_a_dead_letter_and_others_go_on(mail_server: MailServer, stage: str) -> None:
    dead, alive = queued(2)
    getattr(mail_server, stage)[dead] = "550 No such user"

    assert outbox.deliver_due() == 1

    letter = Letter.objects.get(to=dead)
    assert (letter.state, letter.attempts) == ("dead", 1)
    assert "550" in letter.last_error and "No such user" in letter.last_error
    assert mail_server.to(alive) != []
    make_due()
    assert outbox.deliver_due() == 0


def test_dead_letter_can_be_sent_again(mail_server: MailServer) -> None:
    [address] = queued()
    mail_server.refusing[address] = "550 No such user"
    outbox.deliver_due()
    mail_server.refusing.clear()
    letter = Letter.objects.get()

    assert outbox.send_again(letter.pk) == 1
    assert outbox.deliver_due() == 1

    assert outbox.send_again(letter.pk) == 0
    assert mail_server.letters[0]["Message-ID"] == letter.message_id


def test_letter_gives_up_after_two_days_of_trying(mail_server: MailServer) -> None:
    [address] = queued()
    mail_server.refusing[address] = "451 Try later"
    Letter.objects.update(attempts=outbox.MAX_ATTEMPTS - 1)

    outbox.deliver_due()

    assert Letter.objects.get().state == "dead"


def test_server_that_is_away_is_asked_once_and_the_rest_wait(settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    queued(3)

    assert outbox.deliver_due() == 0

    assert sorted(Letter.objects.values_list("attempts", flat=True)) == [0, 0, 1]
    assert Letter.objects.get(attempts=1).last_error.startswith("ConnectionRefusedError")


def test_letter_that_cannot_be_written_does_not_keep_others_back(mail_server: MailServer) -> None:
    outbox.queue(key="broken", kind="booking_confirmed", to="a@example.org")
    [address] = queued()

    assert outbox.deliver_due() == 1

    broken = Letter.objects.get(key="broken")
    assert (broken.state, broken.attempts) == ("queued", 1)
    assert "is about a booking" in broken.last_error
    assert mail_server.to(address) != []


def test_leased_letter_is_left_to_its_sender_until_the_lease_ends(mail_server: MailServer) -> None:
    queued()
    Letter.objects.update(leased_until=Now() + timedelta(seconds=60), attempts=1)

    assert outbox.deliver_due() == 0

    Letter.objects.update(leased_until=Now() - timedelta(seconds=1))
    assert outbox.deliver_due() == 1


def test_limit_leaves_the_rest(mail_server: MailServer) -> None:
    queued(5)

    assert outbox.deliver_due(limit=2) == 2
    assert Letter.objects.filter(state="queued").count() == 3


@pytest.mark.django_db(transaction=True)
def test_three_senders_at_once_send_nothing_twice(mail_server: MailServer) -> None:
    addresses = queued(40)
    sent = []

    def send() -> None:
        try:
            sent.append(outbox.deliver_due())
        finally:
            connection.close()

    senders = [threading.Thread(target=send) for _ in range(3)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join(60)

    assert sum(sent) == 40
    assert Counter(letter["To"] for letter in mail_server.letters) == Counter(addresses)
    assert {letter["Message-ID"] for letter in mail_server.letters} == set(
        Letter.objects.values_list("message_id", flat=True)
    )


@pytest.mark.django_db(transaction=True)
def test_rolled_back_booking_leaves_no_letter() -> None:
    before = Letter.objects.count()

    with pytest.raises(Exception, match="price has changed"):
        confirm_booking(
            by=(actor := people.actor_for(people.customer())),
            ref=factories.held(by=actor).ref,
            shown_total=Decimal(1),
            method="demo",
        )

    assert Letter.objects.count() == before
