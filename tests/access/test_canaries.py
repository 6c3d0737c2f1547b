"""Secrets stay where they belong (reliability.md, G27): what is typed, made and shown on one long day, looked for in
everything the house writes afterwards, a dump of the whole database included."""

import json
import logging
import re
import subprocess
from collections import defaultdict
from io import StringIO

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse

from config.database import Cluster
from config.logs import JsonLine
from tests import factories, people
from tests.notices.conftest import mail_server
from tests.web.browsers import words_of
from tests.web.factors import set_up_app
from theatre.actions.people import invitations, tokens
from theatre.models import ApiToken, AuditEntry, Letter, RowChange, User
from theatre.notices.outbox import deliver_due
from theatre.web.browse import views as browse

__all__ = ["mail_server"]

CANARY = "canary-4f1d9a"


@pytest.fixture
def lines():
    """Everything that is logged, as it is written."""
    heard = StringIO()
    handler = logging.StreamHandler(heard)
    handler.setFormatter(JsonLine())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield heard
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.mark.django_db
def test_secrets_are_in_no_log_letter_error_or_address(lines, monkeypatch, mail_server):
    password = f"{CANARY} password"
    client = Client(raise_request_exception=False)
    answers = [
        client.post(
            reverse("account_signup"), {"email": "zoe@example.org", "password1": password, "full_name": "Z"}
        ),
        Client().post(reverse("account_login"), {"login": "zoe@example.org", "password": password}),
        Client().post(reverse("account_login"), {"login": "no address", "password": password}),
        Client().post(reverse("account_login"), {"login": f"{CANARY}@example.org", "password": password}),
        client.post(reverse("account_email_verification_sent"), {"code": CANARY}),
        client.get(f"/account/password/new/abc/{CANARY}/"),
        client.get("/api/v1/bookings", headers={"authorization": f"Bearer {CANARY}"}),
        client.get("/counter/", headers={"cookie": f"session={CANARY}"}),
        client.get(f"/nope/?token={CANARY}"),
    ]
    monkeypatch.setattr(browse.what, "read", lambda *_: 1 / 0)
    answers.append(client.post("/", {"password": password}))
    answers.append(client.get("/?day=2026-01-01", headers={"authorization": f"Bearer {CANARY}"}))
    assert answers[-1].status_code == 500
    deliver_due()

    assert "answered 500" in lines.getvalue()
    assert password not in lines.getvalue()
    assert CANARY not in lines.getvalue()
    for answer in answers:
        assert password not in answer.content.decode()
        assert CANARY not in answer.get("Location", "")
    for letter in mail_server.letters:
        assert CANARY not in letter.as_string()


@pytest.mark.django_db
def test_secrets_are_in_no_table_but_their_own(monkeypatch):
    maya = people.customer(password=f"{CANARY} password")
    made = tokens.create_token(by=people.actor_for(maya), name="mine")

    stored = json.dumps(
        [
            *RowChange.objects.values("before", "after"),
            *AuditEntry.objects.values("reason", "details"),
            *Letter.objects.values("data", "subject"),
        ],
        default=str,
    )
    maya.refresh_from_db()

    assert made.secret not in stored
    assert maya.password not in stored
    assert CANARY not in stored + maya.password
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM theatre_apitoken t WHERE t::text LIKE %s", [f"%{made.secret[:12]}%"]
        )
        assert cursor.fetchone() == (0,)


# One long day, and the dump of its evening ----------------------------------------------------------------

CARD = "4111111111111111"
# Where a secret itself is meant to be: sessions are rows, and their keys are these rows' names.
# The browser that opened a reset link keeps it with its session; once used it opens nothing.
MEANT = {"session key": {"django_session", "usersessions_usersession"}, "reset link": {"sessions"}}


def tables_with(dump: str, secret: str) -> set[str]:
    """The tables in whose rows of a dump it stands, as it is or as bytes are written there."""
    found = set()
    for table, rows in re.findall(r"^COPY public\.(\w+) .*? FROM stdin;\n(.*?)^\\\.$", dump, re.M | re.S):
        if secret in rows or secret.encode().hex() in rows:
            found.add(table)
    return found


def dumped(url: str) -> str:
    done = subprocess.run(
        [Cluster.binary("pg_dump"), "--no-owner", url], capture_output=True, text=True, check=True
    )
    return done.stdout


def test_a_dump_of_the_database_shows_what_is_in_it(own_database):
    """The control: what is stored as it was typed is found in it, so what is not found is not there."""
    people.customer(name="Canary Quist")
    assert tables_with(dumped(own_database.url), "Canary Quist") == {"theatre_user", "theatre_rowchange"}


def test_after_a_long_day_no_secret_is_in_anything_the_house_has_written(lines, mail_server, own_database):
    secrets: dict[str, str] = {"card number": CARD}
    answers = []
    zoe = Client()

    # Signing up, with a wrong code first; signing in with a wrong password.
    secrets["password"] = f"{CANARY} password"
    form = {"email": "zoe@example.org", "password1": secrets["password"], "full_name": "Zoë"}
    answers.append(zoe.post(reverse("account_signup"), form))
    secrets["code of the address"] = Letter.objects.get(kind="confirm_address").data["code"]
    answers.append(
        zoe.post(reverse("account_email_verification_sent"), {"code": secrets["code of the address"]})
    )
    secrets["wrong password"] = f"{CANARY} wrong"
    wrong = {"login": "zoe@example.org", "password": secrets["wrong password"]}
    answers.append(Client().post(reverse("account_login"), wrong))

    # The second factor, a recovery code, a token.
    assert [each.status_code for each in answers] == [302, 302, 200]
    right, zoe = wrong | {"password": secrets["password"]}, Client()
    answers.append(zoe.post(reverse("account_login"), right))
    secrets["seed of the app"] = set_up_app(zoe)
    codes = re.findall(r"\b\d{8}\b", words_of(zoe.get(reverse("mfa_view_recovery_codes"))))
    secrets |= {"recovery code": codes[0], "used recovery code": codes[1]}
    again = Client()
    answers.append(again.post(reverse("account_login"), right))
    answers.append(again.post(reverse("mfa_authenticate"), {"code": codes[1]}))
    secrets["session key"] = again.cookies[settings.SESSION_COOKIE_NAME].value
    used = User.objects.get(email="zoe@example.org")
    secrets["token"] = tokens.create_token(by=people.actor_for(used), name="mine").secret
    bearer = {"authorization": f"Bearer {secrets['token']}"}
    answers.append(Client().get("/api/v1/bookings", headers=bearer))

    # Another address, an invitation, a booking paid with a card number in every field.
    change = {"address": "zoe.q@example.org", "password": secrets["password"]}
    answers.append(zoe.post(reverse("change_address"), change))
    secrets["code of a new address"] = Letter.objects.get(kind="confirm_new_address").data["code"]
    boss = people.actor_for(people.admin())
    invitations.invite(by=boss, email="new@example.org", role="salesman", full_name="New")
    secrets["invitation"] = Letter.objects.get(kind="invitation").data["code"]
    ref = factories.held(by=used).ref
    paying = dict.fromkeys(("method", "card_number", "number", "shown_total", "cvc", "key"), CARD)
    answers.append(again.post(reverse("confirm_booking", args=[ref]), paying))

    # A reset, used up; then a page that breaks.
    answers.append(Client().post(reverse("account_reset_password"), {"email": "zoe@example.org"}))
    link = Letter.objects.get(kind="password_reset").data["link"]
    secrets["reset link"] = link.rstrip("/").rpartition("/")[2]
    deliver_due()
    reset = Client()
    page = reset.get(link.removeprefix(settings.SITE_URL), follow=True)
    secrets["new password"] = f"{CANARY} and new"
    answers.append(reset.post(page.request["PATH_INFO"], {"password1": secrets["new password"]}))
    answers.append(Client().get(f"/account/password/new/{secrets['reset link']}/mangled/", headers=bearer))
    deliver_due()

    # The letters' own reader logs what it is sent, in this process of the tests.
    logged = "".join(line for line in lines.getvalue().splitlines() if '"logger": "mail.log"' not in line)
    dump = dumped(own_database.url)
    sessions = json.dumps([session.get_decoded() for session in Session.objects.all()], default=str)
    letters = "".join(letter.as_string() for letter in mail_server.letters)
    own = {
        "code of the address",
        "code of a new address",
        "invitation",
        "reset link",
    }  # letters that carry them
    found = defaultdict(set)
    for name, secret in secrets.items():
        found[name] |= tables_with(dump, secret)
        places = {"log": logged, "sessions": sessions, "letters": "" if name in own else letters}
        found[name] |= {place for place, text in places.items() if secret in text}
        found[name] |= {
            answer.wsgi_request.path
            for answer in answers
            if secret in answer.content.decode(errors="replace").replace(answer.wsgi_request.path, "")
            or secret in answer.get("Location", "")
        }

        found[name] -= MEANT.get(name, set())

    assert len(secrets) >= 13 and all(len(secret) >= 6 for secret in secrets.values())
    assert ApiToken.objects.count() == 1 and "zoe@example.org" in dump
    assert {name: sorted(where) for name, where in found.items() if where} == {}
