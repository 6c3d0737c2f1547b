"""A word to the house from any page: by anybody, without a script, kept for the office."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories, people
from tests.web.browsers import browser_of, wait_out, words_of
from theatre.models import AuditEntry, Feedback

pytestmark = pytest.mark.django_db

PAGE = "/feedback/"


def send(client: Client, text="The seat map is lovely.", page="", reply_to="", **more):
    return client.post(PAGE, {"text": text, "page": page, "reply_to": reply_to}, **more)


def test_every_page_leads_there(client):
    show = factories.show()
    for page in (reverse("home"), reverse("seats", args=[show.pk]), reverse("account_login"), "/nope/"):
        assert f'href="{PAGE}"' in client.get(page).content.decode()
    assert f'href="{PAGE}"' in browser_of(people.salesman()).get(reverse("counter")).content.decode()


def test_the_page_one_comes_from_is_filled_in(client):
    came = client.get(PAGE, headers={"referer": "http://testserver/shows/4/seats/?n=3"})

    assert 'value="/shows/4/seats/"' in came.content.decode()


@pytest.mark.parametrize(
    "before", ["http://evil.example/shows/4/", "javascript:alert(1)", "//evil.example/", "nonsense", ""]
)
def test_pages_of_others_are_not(client, before):
    came = client.get(PAGE, headers={"referer": before})

    assert 'name="page" value' not in came.content.decode()


def test_a_key_in_an_address_is_not_kept(client):
    came = client.get(PAGE, headers={"referer": "http://testserver/account/password/new/a/secret-key/"})

    assert 'value="/account/password/"' in came.content.decode()
    assert "secret-key" not in came.content.decode()


def test_a_stranger_says_something_and_is_thanked(client):
    sent = client.post(
        PAGE, {"text": "More subtitles\r\nplease?", "page": "/movies/x/", "reply_to": ""}, follow=True
    )

    kept = Feedback.objects.get()
    assert (kept.text, kept.page, kept.reply_to, kept.by, kept.state) == (
        "More subtitles\nplease?", "/movies/x/", "", None, "new",
    )  # fmt: skip
    assert "Sent. Thank you" in words_of(sent)
    noted = AuditEntry.objects.get(verb="send_feedback")
    assert (noted.on_type, noted.on_id, noted.request_id) == ("feedback", str(kept.pk), kept.request_id)


def test_somebody_signed_in_is_named_and_their_address_is_ready():
    maya = people.customer()
    browser = browser_of(maya)

    assert f'value="{maya.email}"' in browser.get(PAGE).content.decode()
    send(browser, reply_to=maya.email)
    assert (Feedback.objects.get().by, Feedback.objects.get().reply_to) == (maya, maya.email)


@pytest.mark.parametrize(
    "page", ["https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)"]
)
def test_only_pages_of_ours_are_kept(client, page):
    send(client, page=page)

    assert Feedback.objects.get().page == ""


@pytest.mark.parametrize(
    "fields, sentence",
    [
        ({"text": "  "}, "Write what you would like to tell us"),
        ({"text": "x" * 2001}, "Use 2000 characters or fewer"),
        ({"text": "nul\x00"}, "Leave out the characters nobody can type"),
        ({"text": "ok", "reply_to": "nowhere"}, "Enter an email address like name@example.com"),
        ({"text": "ok", "page": "/" + "x" * 300}, "Use 300 characters or fewer"),
    ],
)
def test_what_does_not_fit_says_what_to_do_and_keeps_what_was_typed(client, fields, sentence):
    answer = client.post(PAGE, fields)

    assert answer.status_code == 422
    assert sentence in words_of(answer)
    assert not Feedback.objects.exists()


def test_markup_is_text(client):
    answer = client.post(PAGE, {"text": "<script>alert(1)</script>" + "x" * 2000})

    assert "<script>alert(1)" not in answer.content.decode()


def test_one_network_says_so_much_in_an_hour():
    for number in range(10):
        assert send(Client(), f"word {number}").status_code == 302

    stopped = send(Client(), "one more")

    assert (stopped.status_code, stopped["Retry-After"] in ("3599", "3600")) == (429, True)
    assert "That was a lot of feedback at once. Wait 1 hour, then send this one" in words_of(stopped)
    assert "one more" in stopped.content.decode()
    assert send(Client(REMOTE_ADDR="198.51.100.4")).status_code == 302
    wait_out(seconds=3600)
    assert send(Client(), "one more").status_code == 302


def test_a_form_of_another_site_is_refused():
    assert send(Client(enforce_csrf_checks=True)).status_code == 403
