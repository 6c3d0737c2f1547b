"""The demo's mailbox shows each letter as it was sent, to this machine alone."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import include, path

from tests import factories, people
from theatre.notices import mailbox
from theatre.notices.outbox import deliver_due

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

urlpatterns = [path("", include("config.urls")), path("demo/mail/", include("theatre.web.mailbox.urls"))]


@pytest.fixture(autouse=True)
def in_the_demo(settings, tmp_path: Path) -> None:
    settings.DEMO = True
    settings.EMAIL_BACKEND = "theatre.notices.mailbox.Mailbox"
    settings.MAILBOX_DIR = tmp_path / "mail"


def test_empty_mailbox_says_what_arrives_here(client: Client) -> None:
    assert "the first one arrives here" in client.get("/demo/mail/").content.decode()


def test_letter_is_shown_as_text_html_and_attachments(client: Client) -> None:
    guest = people.customer()
    booking = factories.booked(by=guest)
    deliver_due()
    [name] = [letter.name for letter in mailbox.received() if letter.to == guest.email]

    listed = client.get("/demo/mail/").content.decode()
    page = client.get(f"/demo/mail/{name}/").content.decode()
    html = client.get(f"/demo/mail/{name}/html/").content.decode()

    assert "Your tickets: " in listed and guest.email in listed
    assert f"/bookings/{booking.ref}" in page and "tickets.pdf" in page and "show.ics" in page
    pictures = re.findall(r'<img src="([^"]+)"', html)
    assert len(pictures) == 2
    assert client.get(pictures[0])["Content-Type"] == "image/png"
    [pdf, *_] = re.findall(r'href="([^"]+)">tickets.pdf', page)
    assert client.get(pdf).content.startswith(b"%PDF-1.7")


def test_letter_may_do_nothing_but_show_itself(client: Client) -> None:
    factories.booked()
    deliver_due()
    name = mailbox.received()[0].name

    policy = client.get(f"/demo/mail/{name}/html/")["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'none'" in policy
    assert "sandbox" in policy
    assert "frame-src 'self'" in client.get(f"/demo/mail/{name}/")["Content-Security-Policy"]


def test_same_letter_sent_twice_is_there_once(client: Client) -> None:
    factories.booked()
    deliver_due()

    assert len(mailbox.received()) == 2
    assert mailbox.received(limit=1)[0].at >= mailbox.received()[1].at


@pytest.mark.parametrize(
    "asked",
    [{"REMOTE_ADDR": "192.0.2.7"}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, {"REMOTE_ADDR": ""}],
)
def test_other_machines_find_nothing(client: Client, asked: dict[str, Any]) -> None:
    assert client.get("/demo/mail/", **asked).status_code == 404


def test_nothing_is_there_outside_the_demo(client: Client, settings) -> None:
    settings.DEMO = False

    assert client.get("/demo/mail/").status_code == 404


@pytest.mark.parametrize("name", ["nothing", "..%2f..%2fetc", "0" * 16])
def test_unknown_letter_is_not_found(client: Client, name: str) -> None:
    assert client.get(f"/demo/mail/{name}/").status_code == 404
    assert client.get(f"/demo/mail/{name}/parts/0/").status_code == 404
