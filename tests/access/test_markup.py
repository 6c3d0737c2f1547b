"""Markup in every text that people write is text wherever it is read: on every page, in every letter, on paper."""

import io
from collections.abc import Iterator

import pikepdf
import pytest
from django.db import connections
from django.urls import reverse
from icalendar import Calendar

from tests.access import deeds, markup
from tests.access.cast import Cast, house, undone
from tests.access.doors import doors
from tests.access.markup import FOLLOWS, SHAPES, UNWRITTEN, WRITTEN, Reader, columns, marked, unread
from tests.documents import pdfs
from tests.look.stage import chromium
from tests.notices.conftest import mail_server
from theatre.models import Invoice, Letter
from theatre.notices.letters import KINDS
from theatre.notices.outbox import deliver_due
from theatre.queries import kept
from theatre.web.browse import strangers

__all__ = ["mail_server"]

SAID = SHAPES[0] + " said"


def test_every_column_that_could_hold_words_is_written_or_has_a_reason_why_not():
    unwritten = {column for of in UNWRITTEN.values() for column in columns(of)}
    decided = [*columns(WRITTEN), *columns(FOLLOWS), *unwritten]

    assert sorted(decided) == sorted(markup.text_columns())


@pytest.fixture
def poisoned(settings, monkeypatch) -> Iterator[Cast]:
    """The house with markup in it, and what was booked, changed and said afterwards."""
    settings.NEW_MOVIES_HOUR = 0
    with house() as cast:
        took = markup.poison()
        for who in cast.users.values():
            who.refresh_from_db()
        cast.make_anew()
        deeds.of_guests(cast, SAID)
        deeds.of_shows(cast, SAID)
        deeds.of_people(cast, SAID)
        again = markup.poison()
        assert {column for column in again if not took[column] and not again[column]} == set()
        kept.forget()
        strangers.forget()
        yield cast


# Pages ----------------------------------------------------------------------------------------------------

READERS = ("stranger", "customer", "salesman", "moderator", "admin")
OPENED = ("text/html", "image/svg")
# Where what is written is looked at only when something is asked for.
ASKED = {"search": ["?q=Movie.title"], "people": ["?q=User"]}
# Written, and on no page -> why; the page that first shows it has to leave this list.
NOT_SHOWN = {
    "account.EmailAddress.email": "pages show its twin in User",
    "usersessions.UserSession.user_agent": "pages name the browser that was recognised in it",
    "theatre.Movie.formats": "pages name the formats they know",
    "theatre.Show.formats": "pages name the formats they know",
    "theatre.SeatClaim.note": "for whoever reads the tables",
    "theatre.Booking.cancel_reason": "pages show the audit's copy",
    "theatre.Review.reason": "no page yet",
    "theatre.Thread.subject": "no page yet",
    "theatre.Message.text": "no page yet",
    "theatre.Feedback.text": "no page yet",
    "theatre.Feedback.page": "no page yet",
    "theatre.Feedback.reply_to": "no page yet",
}


def addresses(cast: Cast, person: str) -> Iterator[str]:
    for door in doors():
        if not door.api and "undecided" not in (door.access, door.thing):
            address = door.address(cast.thing(door.kind, person) if door.thing else {})
            yield from (address + asked for asked in ["", *ASKED.get(door.name, [])])
    yield from deeds.addresses(cast).get(person, [])


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db
def test_markup_in_any_text_is_text_on_every_page(poisoned, monkeypatch):
    """Each is opened by everybody who may; the page's own JavaScript asks on, and is answered."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright keeps an event loop in this thread
    here = connections["default"]
    read: list[str] = []
    wrong: list[str] = []

    with chromium() as browser:
        connections["default"] = here
        for person in READERS:
            client, reader = poisoned.browser(person), Reader(browser.new_context(), here)
            errors: set[int] = set()
            for address in addresses(poisoned, person):
                with undone():
                    answer = client.get(address)
                assert answer.status_code < 500, (address, person)
                page = answer.content.decode() if answer.get("Content-Type", "").startswith(OPENED) else ""
                assert "<x>" not in page, (address, person)
                if "x&gt;" in page and (answer.status_code == 200 or answer.status_code not in errors):
                    errors.add(answer.status_code)  # whose pages are all the same
                    found, words = reader.open(client, address, answer)
                    wrong += [f"{address}, {person}: {each}" for each in found]
                    read.append(words)

    assert wrong == []
    assert len(read) > 100
    assert unread("".join(read), columns(WRITTEN)) == set(NOT_SHOWN)
    assert "".join(SAID.split()) in "".join("".join(read).split())


BAD = {
    "text": "<x>",
    "a script": "<script>ran=1</script>",
    "a handler": "<img src=x onerror=ran=1>",
    "a drawing": "<svg/onload=ran=1>",
    "a link": '<a href="javascript:ran=1">Here</a>',
    "a form": '<form action="javascript:ran=1"></form>',
    "a frame": '<iframe srcdoc="x"></iframe>',
    "a picture that is none": '<img src="data:text/html,x">',
}


@pytest.mark.browser
@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_markup_that_is_not_escaped_is_seen(bad):
    with chromium() as browser:
        wrong, _read = Reader(browser.new_context(), None).open_mail(f"<p>Hello {bad}</p>")

    assert wrong


# Letters and papers ---------------------------------------------------------------------------------------

IN_LETTERS = {
    "theatre.Movie.title", "theatre.Screen.name", "theatre.User.full_name", "theatre.Movie.certificate",
}  # fmt: skip


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db
def test_markup_in_any_text_is_text_in_every_letter(poisoned, mail_server):
    """Opened as by a mail program that would let them run everything."""
    kinds = set(Letter.objects.values_list("kind", flat=True))
    while deliver_due():
        pass

    assert kinds == set(KINDS)
    assert not Letter.objects.exclude(state="sent").exists()
    wrong, read = [], []
    with chromium() as browser:
        reader = Reader(browser.new_context(), None)
        for letter in mail_server.letters:
            found, words = reader.open_mail(letter.get_body(("html",)).get_content())
            wrong += [f"{letter['Subject']}: {each}" for each in found]
            read.append(words)
            assert "\n" not in str(letter["Subject"]).strip()
    assert wrong == []
    assert unread("".join(read), IN_LETTERS) == set()
    assert "".join(SAID.split()) in "".join("".join(read).split())


PAPERS = {
    "tickets_pdf": {"theatre.Movie.title", "theatre.Screen.name"},
    "tickets_roll": {"theatre.Movie.title", "theatre.Screen.name"},
    "invoice_pdf": {"theatre.Movie.title", "theatre.Screen.name", "theatre.User.full_name"},
    "credit_note_pdf": {"theatre.Movie.title", "theatre.Screen.name", "theatre.User.full_name"},
}


@pytest.mark.slow
@pytest.mark.django_db
def test_markup_in_any_text_is_text_on_paper(poisoned):
    """Read back letter by letter, in a file that runs nothing and leads nowhere."""
    browser = poisoned.browser("customer")
    papers = Invoice.objects.filter(
        booking__customer__user=poisoned.users["customer"], booking__show__movie=poisoned.show.movie
    )
    note, booking = (
        papers.filter(series="credit_note")[0],
        papers.filter(booking__state="confirmed")[0].booking,
    )

    for paper, columns_on_it in PAPERS.items():
        of = [note.booking.ref, note.label] if paper == "credit_note_pdf" else [booking.ref]
        pdf = browser.get(reverse(paper, args=of)).content
        assert pdfs.active(pdf) == set(), paper
        assert unread(pdfs.words(pdf), columns_on_it) == set(), paper
    [event] = Calendar.from_ical(browser.get(reverse("show_ics", args=[booking.ref])).content).walk("VEVENT")
    assert marked("theatre.Movie.title") in str(event["summary"])


def test_what_runs_in_a_file_is_seen():
    file = pikepdf.new()
    file.add_blank_page()
    file.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    file.save(written := io.BytesIO())

    assert pdfs.active(written.getvalue()) == {"/OpenAction", "/JS", "/JavaScript"}
