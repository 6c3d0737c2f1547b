"""Erasing a customer: what names them is gone everywhere, what the books need stays, nothing is cancelled silently."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests import factories, people
from tests.actions.said import refusal
from tests.web.browsers import browser_of, words_of
from theatre.actions.booking.cancel import cancel_booking
from theatre.actions.people import erase, profile
from theatre.models import (
    AddressChange,
    ApiToken,
    AuditEntry,
    Booking,
    Feedback,
    Invoice,
    LedgerEntry,
    Letter,
    Message,
    Photo,
    Review,
    Show,
    Thread,
    User,
)
from theatre.notices import letters
from theatre.notices.outbox import deliver_due, queue_for_customer, send_again

pytestmark = pytest.mark.django_db

NAME, PHONE, ADDRESS = "Wilhelmina Quux", "+49 30 5550199", "wilhelmina.quux@example.org"
TRACES = (
    "Wilhelmina",
    "Quux",
    "5550199",
    "wilhelmina",
    "quux.second",
    "reads lips",
    "203.0.113.77",
    "I live at",
)


def wilhelmina() -> User:
    """A customer who has left traces wherever a customer can."""
    who = people.customer(name=NAME, email=ADDRESS)
    User.objects.filter(pk=who.pk).update(phone=PHONE)
    return who


def over(booking: Booking) -> Booking:
    """Let the booking's show have been played yesterday."""
    then = datetime.now(UTC) - timedelta(days=1)
    Show.objects.filter(pk=booking.show_id).update(starts_at=then, ends_at=then + timedelta(hours=2))
    return booking


def everything_stored(*, but: tuple[str, ...] = ()) -> dict[str, str]:
    """Every row of every table of the database, as text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        )
        tables = [name for (name,) in cursor.fetchall() if name not in but]
        stored = {}
        for table in tables:
            cursor.execute(f"SELECT coalesce(string_agg(t::text, E'\n'), '') FROM {table} t")
            stored[table] = cursor.fetchone()[0]
    return stored


def with_traces(who: User) -> Client:
    """Whatever a customer can leave behind, left behind through the pages where there are some."""
    client = Client(REMOTE_ADDR="203.0.113.77")
    client.post(reverse("account_login"), {"login": ADDRESS, "password": people.PASSWORD})
    client.post(reverse("account"), {"full_name": NAME, "phone": PHONE})
    client.post(reverse("change_access_needs"), {"access_needs": "reads lips"})
    client.post(reverse("make_token"), {"name": f"{NAME}’s script"})
    client.post(
        reverse("change_address"), {"address": "quux.second@example.org", "password": people.PASSWORD}
    )
    Photo.objects.create(user=who, webp=b"Quux", mark="m")
    thread = Thread.objects.create(customer=who.customer, topic="question", subject=f"{NAME} asks")
    Message.objects.create(thread=thread, author=who, text=f"I am {NAME}")
    Message.objects.create(thread=thread, author=people.moderator(), text=f"Dear {NAME}")
    Feedback.objects.create(
        by=who, text="The page is slow. I live at 4 Plum Lane", reply_to=ADDRESS, page="/account/"
    )
    Feedback.objects.create(text="Not signed in: I live at 4 Plum Lane", reply_to=ADDRESS)
    return client


def test_nothing_that_names_them_is_left_but_their_invoices():
    who = wilhelmina()
    booking = over(factories.booked(by=who))
    client = with_traces(who)
    Review.objects.create(movie=booking.show.movie, customer=who.customer, stars=5, text="Fine")
    before = everything_stored()
    assert all(any(trace in rows for rows in before.values()) for trace in TRACES)

    erase.erase_person(by=people.actor_for(who))
    deliver_due()

    left = {
        table: trace
        for table, rows in everything_stored(but=("theatre_invoice",)).items()
        for trace in TRACES
        if trace in rows
    }
    assert left == {}
    assert NAME in json.dumps(Invoice.objects.get().facts)
    assert client.get(reverse("account")).status_code == 302


def test_the_books_stay_as_they_were():
    who = wilhelmina()
    booking = over(factories.booked(by=who))
    entries = list(LedgerEntry.objects.values_list("amount", "at"))
    paper = Invoice.objects.values().get()

    erase.erase_person(by=people.actor_for(who))

    booking.refresh_from_db()
    assert (booking.state, booking.customer.user_id) == ("confirmed", who.pk)
    assert list(LedgerEntry.objects.values_list("amount", "at")) == entries
    assert Invoice.objects.values().get() == paper


def test_sessions_tokens_factors_and_the_password_end():
    who = wilhelmina()
    client = with_traces(who)
    Authenticator.objects.create(user=who, type="totp", data={"secret": "x"})

    erase.erase_person(by=people.actor_for(who))

    who.refresh_from_db()
    assert client.get(reverse("account"))["Location"].startswith(reverse("account_login"))
    assert (who.is_active, who.confirmed_at, who.has_usable_password()) == (False, None, False)
    assert ApiToken.objects.get().revoked_at
    assert not Authenticator.objects.exists()
    assert not AddressChange.objects.exists()


def test_the_address_is_free_again(client):
    erase.erase_person(by=people.actor_for(wilhelmina()))

    client.post(reverse("account_signup"), {"email": ADDRESS, "password1": "another one, quite long"})

    again = User.objects.get(email=ADDRESS)
    assert list(EmailAddress.objects.values_list("user_id", "email")) == [(again.pk, ADDRESS)]


def test_they_are_told_once_and_then_the_address_is_forgotten(mail_server):
    who = wilhelmina()
    erase.erase_person(by=people.actor_for(who))

    deliver_due()

    [letter] = mail_server.to(ADDRESS)
    assert letter["Subject"] == "Your account is deleted"
    assert "invoices as they were issued" in letter.get_body(("plain",)).get_content()
    kept = Letter.objects.get(kind="account_erased")
    assert (kept.state, kept.to, kept.user) == ("sent", "", None)


def test_letters_that_still_wait_are_not_sent(mail_server):
    who = wilhelmina()
    over(factories.booked(by=who))

    erase.erase_person(by=people.actor_for(who))
    deliver_due()

    assert [letter["Subject"] for letter in mail_server.to(ADDRESS)] == ["Your account is deleted"]
    assert set(Letter.objects.filter(user=who).values_list("state", "to")) == {("dead", "")}


def test_a_letter_that_is_on_its_way_stays_forgotten(monkeypatch, mail_server):
    """Claimed by the sender when its reader goes: what the sender notes afterwards brings no address back."""
    who = wilhelmina()
    over(factories.booked(by=who))
    compose = letters.compose
    erased = []

    def compose_and_lose_the_reader(letter):
        mail = compose(letter)
        if not erased:
            erased.append(letter.id)
            erase.erase_person(by=people.actor_for(who))
        return mail

    monkeypatch.setattr(letters, "compose", compose_and_lose_the_reader)
    deliver_due()

    assert erased
    assert [send_again(letter_id) for letter_id in erased] == [0]
    assert not Letter.objects.filter(to=ADDRESS).exists()
    assert not Letter.objects.filter(user=who).exclude(state="dead").exists()


def test_nothing_is_written_to_somebody_who_is_gone():
    who = wilhelmina()
    erase.erase_person(by=people.actor_for(who))

    queued = queue_for_customer(customer_id=who.customer.pk, kind="tier_reached", deed="Silver")

    assert queued == 0


def test_what_they_told_the_house_is_closed_and_says_nothing():
    who = wilhelmina()
    with_traces(who)
    theirs = Feedback.objects.create(
        by=people.customer(), text="The foyer is cold", reply_to="maya@example.org"
    )

    erase.erase_person(by=people.actor_for(who))

    gone = Feedback.objects.exclude(pk=theirs.pk)
    assert set(gone.values_list("text", "page", "reply_to", "by", "state")) == {
        ("erased", "", "", None, "closed")
    }
    theirs.refresh_from_db()
    assert (theirs.text, theirs.state) == ("The foyer is cold", "new")


def test_the_deed_is_noted_without_the_name():
    who = wilhelmina()
    profile.change_profile(by=people.actor_for(who), full_name=NAME, phone=PHONE, long_holds=False)

    erase.erase_person(by=people.actor_for(who))

    entries = AuditEntry.objects.filter(actor=who).order_by("pk")
    assert [entry.verb for entry in entries] == ["change_profile", "erase_person"]


def test_tickets_for_a_show_to_come_refuse_it_and_nothing_is_cancelled():
    who = wilhelmina()
    booking = factories.booked(by=who)

    said = refusal(lambda: erase.erase_person(by=people.actor_for(who)))

    booking.refresh_from_db()
    who.refresh_from_db()
    assert said.code == "tickets_ahead"
    assert said.sentence == (
        f"You have tickets for a show that is still to come ({booking.ref}). See it, or cancel them first"
    )
    assert (booking.state, who.full_name, who.is_active) == ("confirmed", NAME, True)


def test_held_seats_refuse_it_too():
    who = wilhelmina()
    factories.held(by=who)

    said = refusal(lambda: erase.erase_person(by=people.actor_for(who)))

    assert said.sentence == "You are holding seats. Book them or let them go, then delete your account"


def test_once_the_tickets_are_cancelled_it_can_be_done():
    who = wilhelmina()
    booking = factories.booked(by=who)
    cancel_booking(by=people.actor_for(who), ref=booking.ref)

    erase.erase_person(by=people.actor_for(who))

    assert not User.objects.filter(email=ADDRESS).exists()


def test_an_address_that_changed_lately_refuses_it():
    who = wilhelmina()
    now = datetime.now(UTC)
    AddressChange.objects.create(
        user=who, old="old@example.org", new=ADDRESS, code_digest=b"", state="confirmed", expires_at=now,
        confirmed_at=now - timedelta(days=6),
    )  # fmt: skip

    said = refusal(lambda: erase.erase_person(by=people.actor_for(who)))
    AddressChange.objects.update(confirmed_at=now - timedelta(days=8))
    erase.erase_person(by=people.actor_for(who))

    assert said.code == "address_just_changed"
    assert not User.objects.filter(email=ADDRESS).exists()


@pytest.mark.parametrize("make", [people.salesman, people.moderator, people.admin])
def test_employees_are_sent_to_an_admin(make):
    said = refusal(lambda: erase.erase_person(by=people.actor_for(make())))

    assert said.code == "employees_stay"


def test_a_stranger_may_not():
    assert refusal(lambda: erase.erase_person(by=people.stranger())).code == "signed_out"


def test_another_customers_traces_stay():
    other = people.customer(name="Maya Rahman")
    theirs = over(factories.booked(by=other))
    Review.objects.create(movie=theirs.show.movie, customer=other.customer, stars=5, text="Fine")
    thread = Thread.objects.create(customer=other.customer, topic="question", subject="Parking")
    Message.objects.create(thread=thread, author=other, text="Is there any?")
    client = browser_of(other)

    erase.erase_person(by=people.actor_for(wilhelmina()))

    other.refresh_from_db()
    assert (other.full_name, other.is_active) == ("Maya Rahman", True)
    assert Message.objects.get().text == "Is there any?"
    assert Letter.objects.filter(user=other, to=other.email).exists()
    assert client.get(reverse("account")).status_code == 200


# The page -------------------------------------------------------------------------------------------------


def delete(client: Client, password: str = people.PASSWORD):
    return client.post(reverse("delete_account"), {"password": password})


def test_the_page_says_what_goes_and_asks_for_the_password():
    who = wilhelmina()
    client = browser_of(who)

    asked = words_of(client.get(reverse("delete_account")))
    wrong = delete(client, "wrong")
    empty = delete(client, "")

    who.refresh_from_db()
    assert "Invoices as they were issued" in asked
    assert (wrong.status_code, empty.status_code) == (422, 422)
    assert "That isn’t your password. Enter it again" in words_of(wrong)
    assert who.full_name == NAME


def test_the_password_deletes_it_and_the_browser_is_a_strangers():
    who = wilhelmina()
    client = browser_of(who)

    response = delete(client)

    assert response["Location"] == reverse("home")
    assert "Your account is deleted" in words_of(client.get(reverse("home")))
    assert client.get(reverse("account")).status_code == 302
    assert not User.objects.filter(email=ADDRESS).exists()


def test_tickets_ahead_are_named_with_the_way_to_them():
    who = wilhelmina()
    booking = factories.booked(by=who)

    response = delete(browser_of(who))

    assert response.status_code == 422
    assert re.search(rf"still to come \({booking.ref}\)", words_of(response))
    assert f'href="{reverse("my_tickets")}"' in response.content.decode()


def test_looking_at_the_page_deletes_nothing():
    who = wilhelmina()
    client = browser_of(who)

    client.get(reverse("delete_account"))
    client.head(reverse("delete_account"))

    assert User.objects.filter(email=ADDRESS).exists()
