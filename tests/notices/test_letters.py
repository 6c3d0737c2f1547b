"""What a guest reads: facts in the subject, a text and its HTML twin, the right papers attached."""

import re
from decimal import Decimal
from email.message import EmailMessage

import pytest
from icalendar import Calendar

from tests import factories, people
from tests.documents import pdfs
from tests.documents.test_ticket import WEIRD_TITLES
from tests.notices.conftest import MailServer
from theatre import events
from theatre.actions.booking.cancel import cancel_booking
from theatre.documents import codes
from theatre.models import Booking, Letter, Ticket, User
from theatre.notices.outbox import deliver_due

pytestmark = pytest.mark.django_db

BANNED = re.compile(r"\b(invalid|please|sorry|oops|successfully|submit)\b|!", re.IGNORECASE)


def attached(letter: EmailMessage) -> dict[str, bytes]:
    """What is attached, by name, without the pictures that stand inside the letter."""
    parts = [part for part in letter.iter_attachments() if part.get_content_disposition() == "attachment"]
    return {str(part.get_filename()): bytes(part.get_payload(decode=True)) for part in parts}


def content(letter: EmailMessage, kind: str) -> str:
    part = letter.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def text_of(letter: EmailMessage) -> str:
    return content(letter, "plain")


def html_of(letter: EmailMessage) -> str:
    return content(letter, "html")


def lantern(title: str = "The Long Exposure"):
    """A show of a movie with this title on a screen with a name of its own."""
    return factories.show(of=factories.movie(title), on=factories.screen(name="The Lantern"), in_hours=30)


def booked_by(guest: User, title: str = "The Long Exposure", **wanted) -> Booking:
    return factories.booked(by=guest, of=lantern(title), **wanted)


def test_guest_gets_tickets_invoice_and_calendar_entry(mail_server: MailServer) -> None:
    guest = people.customer(name="Maya Rahman")
    booking = booked_by(guest)

    deliver_due()

    [letter] = mail_server.to(guest.email)
    assert re.fullmatch(
        r"Your tickets: The Long Exposure, \w{3} \d+ \w+ \d\d:\d\d, A 1 A 2", letter["Subject"]
    )
    papers = attached(letter)
    number = booking.invoices.get().label
    assert list(papers) == ["tickets.pdf", f"invoice-{number}.pdf", "show.ics"]
    read = [codes.read(code, codes.public_keys()) for code in pdfs.scanned(papers["tickets.pdf"])]
    tickets = Ticket.objects.filter(booking=booking).order_by("seat__x")
    assert [(code.ticket_id, code.nonce) for code in read] == [(each.pk, each.nonce) for each in tickets]
    assert f"Invoice {number}" in pdfs.words(papers[f"invoice-{number}.pdf"])
    assert "Maya Rahman" in pdfs.words(papers[f"invoice-{number}.pdf"])
    event = Calendar.from_ical(papers["show.ics"]).walk("VEVENT")[0]
    assert event.decoded("dtstart") == booking.show.starts_at


def test_text_and_html_are_twins(mail_server: MailServer) -> None:
    guest = people.customer(tier="Silver")
    booking = booked_by(guest)

    deliver_due()

    [letter] = mail_server.to(guest.email)
    facts = (
        "The Long Exposure",
        "The Lantern",
        f"{booking.ref[:4]} {booking.ref[4:]}",
        "A 1, Standard",
        "Silver member, 5%",
        "−€1.10",
        "€20.90",
        "Tickets can be cancelled until 2 hours before the movie.",
        f"/bookings/{booking.ref}",
        "Reply to this email and it reaches a person.",
    )
    for fact in facts:
        assert fact in text_of(letter)
        assert fact in html_of(letter)
    assert "\n\n\n" not in text_of(letter)


def test_html_shows_a_code_for_every_seat_and_loads_nothing(mail_server: MailServer) -> None:
    guest = people.customer()
    booked_by(guest)

    deliver_due()

    [letter] = mail_server.to(guest.email)
    shown = re.findall(r'src="cid:([^"]+)"', html_of(letter))
    pictures = {
        part["Content-ID"].strip("<>")
        for part in letter.iter_attachments()
        if part.get_content_type() == "image/png"
    }
    assert len(shown) == 2
    assert set(shown) == pictures
    assert re.findall(r'src="(?!cid:)', html_of(letter)) == []
    assert "<style" not in html_of(letter)
    assert "<script" not in html_of(letter)


def test_cancelled_guest_reads_what_comes_back(mail_server: MailServer) -> None:
    guest = people.customer()
    booking = booked_by(guest)
    cancel_booking(by=people.actor_for(guest), ref=booking.ref, reason="Ill")

    deliver_due()

    _, letter = mail_server.to(guest.email)
    assert letter["Subject"].startswith("Cancelled: The Long Exposure, ")
    assert "Cancelled. You get €22.00 back." in text_of(letter)
    note = booking.invoices.get(series="credit_note")
    papers = attached(letter)
    assert list(papers) == [f"credit-note-{note.label}.pdf", "show.ics"]
    printed = pdfs.words(papers[f"credit-note-{note.label}.pdf"])
    assert f"Invoice {booking.invoices.get(series='invoice').label}" in printed
    assert "€22.00" in printed
    entry = Calendar.from_ical(papers["show.ics"])
    assert (entry["method"], entry.walk("VEVENT")[0]["sequence"]) == ("CANCEL", 1)


def test_part_returned_leaves_the_other_ticket(mail_server: MailServer) -> None:
    guest = people.customer()
    booking = booked_by(guest)
    first, second = Ticket.objects.filter(booking=booking).order_by("seat__x")
    cancel_booking(by=people.actor_for(guest), ref=booking.ref, tickets=[first.pk])

    deliver_due()

    _, letter = mail_server.to(guest.email)
    assert letter["Subject"].endswith(", A 1")
    assert "A 1 returned. You get €11.00 back." in text_of(letter)
    assert "You keep A 2." in text_of(letter)
    papers = attached(letter)
    [code] = pdfs.scanned(papers["tickets.pdf"])
    assert codes.read(code, codes.public_keys()).ticket_id == second.pk
    assert len(papers) == 3


def test_letter_of_a_booking_that_was_cancelled_meanwhile_has_no_tickets(mail_server: MailServer) -> None:
    guest = people.customer()
    booking = booked_by(guest)
    cancel_booking(by=people.actor_for(guest), ref=booking.ref)

    deliver_due()

    confirmed, _ = mail_server.to(guest.email)
    assert list(attached(confirmed)) == [f"invoice-{booking.invoices.get(series='invoice').label}.pdf"]


def test_code_is_sent_and_then_forgotten(mail_server: MailServer) -> None:
    guest = people.customer(confirmed=False)
    events.address_code_asked.send(sender=None, user_id=guest.pk, email=guest.email, code="482913")

    deliver_due()

    [letter] = mail_server.to(guest.email)
    assert letter["Subject"] == "Confirm your email address"
    assert "482913" in text_of(letter)
    assert "482913" in html_of(letter)
    assert Letter.objects.get().data == {}


def test_tier_letter_says_what_it_brings(mail_server: MailServer) -> None:
    guest = people.customer(tier="Gold")
    events.tier_reached.send(
        sender=None, customer_id=guest.customer.pk, tier="Gold", percent=Decimal("10.00")
    )

    deliver_due()

    [letter] = mail_server.to(guest.email)
    assert letter["Subject"] == "You’re Gold: 10% off from now"


def test_salesman_is_told_of_what_others_do_with_their_bookings(mail_server: MailServer) -> None:
    salesman, guest = people.salesman(), people.customer(name="Maya Rahman")
    booking = factories.booked(by=salesman, of=lantern(), for_customer=guest.email)
    cancel_booking(by=people.actor_for(people.moderator()), ref=booking.ref, reason="Asked by phone")

    deliver_due()

    [letter] = mail_server.to(salesman.email)  # not of the sale, which they made themselves
    assert letter["Subject"].startswith(f"Cancelled {booking.ref}: The Long Exposure, ")
    assert "For Maya Rahman" in text_of(letter)
    assert attached(letter) == {}


def test_box_office_is_told_of_a_booking_nobody_is_assigned_to(mail_server: MailServer, settings) -> None:
    settings.BOX_OFFICE_EMAIL = "box@example.org"
    booking = booked_by(people.customer())

    deliver_due()

    [letter] = mail_server.to("box@example.org")
    assert letter["Subject"].startswith(f"New booking {booking.ref}: ")
    assert "Sold online" in text_of(letter)


@pytest.mark.parametrize("title", WEIRD_TITLES.values(), ids=WEIRD_TITLES.keys())
def test_any_title_travels_as_text(title: str, mail_server: MailServer) -> None:
    title = title.replace("\x00", "").replace("\ud800", "")  # which no row can hold
    guest = people.customer(name=f"<b>{title[:100]}</b>")
    booked_by(guest, title)

    deliver_due()

    [letter] = mail_server.to(guest.email)
    assert letter["Subject"].strip().startswith("Your tickets: ")
    assert len(attached(letter)) == 3


def test_no_name_can_add_a_header_or_markup(mail_server: MailServer) -> None:
    guest = people.customer(name="Maya\r\nBcc: thief@example.org")
    booked_by(guest, "Heat\r\nBcc: thief@example.org\r\n\r\n<script>alert(1)</script>")

    deliver_due()

    assert mail_server.to("thief@example.org") == []
    [letter] = mail_server.to(guest.email)
    assert letter["Bcc"] is None
    assert letter["Subject"].strip().startswith("Your tickets: Heat Bcc: thief@example.org <script>")
    assert "<script>" not in html_of(letter)
    assert "<script>alert(1)</script>" in text_of(letter)


def test_letters_keep_the_voice_of_the_house(mail_server: MailServer) -> None:
    guest = people.customer()
    booking = booked_by(guest)
    first = Ticket.objects.filter(booking=booking).earliest("pk")
    cancel_booking(by=people.actor_for(guest), ref=booking.ref, tickets=[first.pk])
    cancel_booking(by=people.actor_for(guest), ref=booking.ref)
    events.tier_reached.send(
        sender=None, customer_id=guest.customer.pk, tier="Gold", percent=Decimal("10.00")
    )
    events.address_code_asked.send(sender=None, user_id=guest.pk, email=guest.email, code="482913")

    deliver_due()

    assert len(mail_server.letters) == 8
    for letter in mail_server.letters:
        assert BANNED.findall(letter["Subject"] + text_of(letter)) == []
