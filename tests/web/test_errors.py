"""When something is not there, not allowed, too much, or broken: a page of the house that says what to do."""

import json
import logging
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from django.urls import reverse

from config.logs import JsonLine
from tests import factories, people
from tests.actions.test_waiting import sold_out
from tests.web.browsers import browser_of, words_of
from theatre.queries.quotes import ZONE
from theatre.web import errors
from theatre.web.browse import views


def test_what_is_not_there_leads_to_a_search_and_the_next_three_times(client, django_assert_num_queries, db):
    now = datetime.now(UTC)
    for minutes in (60, 20, 200, 40):
        factories.show(
            of=factories.movie(f"In {minutes}"), in_hours=minutes / 60, card=factories.price_card()
        )
    sold_out(in_hours=0.1)
    client.get("/nope/")

    with django_assert_num_queries(1):  # whether the times still stand
        page = client.get("/nope/")

    assert page.status_code == 404
    assert "This reel isn’t here The address may be old. Look for the movie" in words_of(page)
    assert f'action="{reverse("search")}"' in page.content.decode()
    titles = re.findall(r'<p class="small"><b>([^<]+)</b></p>\s*<a class="stub', page.content.decode())
    assert titles == expected_tonight(now)


def expected_tonight(now: datetime) -> list[str]:
    """The first three of those four that are on the same day as the first."""
    days = {
        minutes: (now + timedelta(minutes=minutes)).astimezone(ZONE).date() for minutes in (20, 40, 60, 200)
    }
    return [f"In {minutes}" for minutes, day in days.items() if day == days[20]][:3]


@pytest.mark.parametrize("who", ["stranger", "guest"])
def test_what_is_not_there_is_said_while_the_database_is_away(db, monkeypatch, who):
    def gone(*_args, **_kwargs):
        raise OperationalError("server closed the connection unexpectedly")

    client = browser_of(people.customer() if who == "guest" else None, raise_request_exception=False)
    with monkeypatch.context() as cut:
        cut.setattr(connection, "cursor", gone)
        page = client.get("/nope/")

    assert page.status_code == 404
    assert "This reel isn’t here The address may be old. Look for the movie, or see what’s on." in words_of(
        page
    )


def test_a_page_for_others_names_them(db):
    page = browser_of(people.customer()).get(reverse("counter"))

    assert page.status_code == 403
    assert "That page is for admins, moderators and salesmen" in words_of(page)


def test_a_button_address_that_is_typed_says_so(client, db):
    page = client.get(reverse("hold"))

    assert (page.status_code, page["Allow"]) == (405, "POST")
    assert "That page can’t be opened this way" in words_of(page)


def test_ten_megabytes_are_too_much(client, db):
    page = client.post(reverse("hold"), b"x" * 10_000_000, content_type="application/octet-stream")

    assert page.status_code == 413
    assert "That is too much at once Nothing was saved." in words_of(page)


def test_too_many_fields_are_unreadable(client, db):
    page = client.post(reverse("hold"), {"seat": list(range(600))})

    assert page.status_code == 400
    assert "Go back and try again from the page before." in words_of(page)


@pytest.mark.parametrize("address", ["/checkout/%00/", "/?day=%00", "/movies/%00/"])
def test_characters_nobody_can_type_are_unreadable(client, db, address):
    assert client.get(address).status_code in (400, 404)


def test_a_form_that_grew_old_says_what_to_do(db):
    page = Client(enforce_csrf_checks=True).post(reverse("hold"), {"show": 1})

    assert page.status_code == 403
    assert "This form has grown old" in words_of(page)


def test_what_breaks_is_a_page_with_a_reference(db, monkeypatch):
    client = Client(raise_request_exception=False)
    monkeypatch.setattr(views.what, "read", lambda *_: 1 / 0)

    page = client.get("/?day=2026-01-01")

    assert page.status_code == 500
    assert "Something broke on our side Nothing was charged" in words_of(page)
    assert f"name {page['X-Request-ID']}." in words_of(page)


def test_a_database_out_of_reach_is_said_without_it(db, monkeypatch):
    def gone(*_args, **_kwargs):
        raise OperationalError("server closed the connection unexpectedly")

    client = browser_of(people.customer(), raise_request_exception=False)
    with monkeypatch.context() as cut:
        cut.setattr(connection, "cursor", gone)
        page = client.get(reverse("my_tickets"))

    assert (page.status_code, page["Retry-After"]) == (503, "2")
    assert "We are back in a moment" in words_of(page)


@pytest.mark.parametrize("path", ["/api/v1/nope", "/api/v1/bookings"])
def test_programs_are_answered_in_their_own_way(client, db, path):
    answer = client.get(path)

    assert answer["Content-Type"].startswith("application/json")
    assert answer.json()["code"] in ("not_found", "token_needed")


@pytest.mark.parametrize(
    "page", [errors.bad_request, errors.too_large, errors.too_many, errors.broken, errors.unavailable]
)
def test_every_error_page_stands_without_a_person(page):
    request = RequestFactory().get("/somewhere/")

    response = page(request)

    assert response.status_code in (400, 413, 429, 500, 503)
    assert "See what’s on" in words_of(response)


PAGES = {
    400: lambda client: client.get("/?day=%00"),
    403: lambda client: browser_of(people.customer()).get(reverse("counter")),
    404: lambda client: client.get("/nope/"),
    405: lambda client: client.get(reverse("hold")),
    413: lambda client: client.post(reverse("hold"), b"x" * 3_000_000, content_type="text/plain"),
}


@pytest.mark.parametrize("status", PAGES)
def test_a_reference_finds_the_line_in_the_log(client, db, caplog, status):
    page = PAGES[status](client)

    assert page.status_code == status
    assert f"name {page['X-Request-ID']}." in words_of(page)
    assert any(f"answered {status} to" in line.message for line in caplog.records)


@pytest.mark.parametrize(
    "link", ["password/new/abc", "confirm", "address/confirm", "address/stop", "invitation"]
)
def test_no_key_of_a_letter_is_in_the_log(client, db, caplog, link):
    client.delete(f"/account/{link}/a-secret-key/")
    logging.getLogger("django.request").error("Internal Server Error: /account/%s/a-secret-key/", link)

    lines = [JsonLine().format(record) for record in caplog.records]
    assert len(lines) >= 2
    assert "a-secret-key" not in "".join(lines)


@pytest.mark.parametrize("who", ["stranger", "guest"])
def test_nothing_is_asked_of_a_database_that_is_away(db, monkeypatch, who):
    asked = []

    def gone(*_args, **_kwargs):
        asked.append(1)
        raise OperationalError("server closed the connection unexpectedly")

    client = browser_of(people.customer() if who == "guest" else None, raise_request_exception=False)
    with monkeypatch.context() as cut:
        cut.setattr(connection, "cursor", gone)
        page = client.get("/?day=2026-01-02&after=1")
        before = len(asked)
        bare = errors.unavailable(page.wsgi_request)

    assert (page.status_code, page["Retry-After"]) == (503, "2")
    assert f"name {page['X-Request-ID']}." in words_of(page)
    assert len(asked) == before
    assert bare.status_code == 503


@pytest.mark.parametrize(
    "page",
    [
        errors.bad_request,
        errors.forbidden,
        errors.not_found,
        errors.not_allowed,
        errors.too_large,
        errors.too_many,
    ]
    + [errors.broken, errors.unavailable],
)
def test_programs_get_the_same_as_json(page):
    request = RequestFactory().get("/api/v1/bookings")

    said = json.loads(page(request).content)

    assert {"code", "message", "field", "reference"} <= said.keys()


def test_a_wrong_door_leads_home(db):
    page = browser_of(people.customer()).get(reverse("counter"))

    assert f'href="{reverse("home_for_me")}"' in page.content.decode()
