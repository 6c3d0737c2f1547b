"""What somebody who means harm would try, and what must come of it. Sessions, second factors, changed addresses and
reset links have their own in tests/web."""

import json
import logging
import re
import statistics
import time
from io import StringIO

import pytest
from django.contrib.auth.hashers import BasePasswordHasher, MD5PasswordHasher
from django.db import IntegrityError, connection, models, transaction
from django.test import Client
from django.urls import reverse

from config.logs import JsonLine
from tests import factories, people
from tests.access.cast import Cast, house, undone
from tests.access.doors import doors
from tests.api.calls import token_for
from tests.notices.conftest import mail_server
from tests.web.browsers import browser_of
from theatre.actions.people import tokens
from theatre.models import AuditEntry, Customer, Employee, Letter, RowChange, User
from theatre.notices.outbox import deliver_due
from theatre.web.browse import views as browse

__all__ = ["mail_server"]

pytestmark = pytest.mark.django_db

# Roles ----------------------------------------------------------------------------------------------------

PROMOTIONS = {
    "role": "admin", "is_staff": "1", "is_superuser": "1", "is_active": "1", "confirmed_at": "2020-01-01",
    "employee": "1", "employee-role": "admin", "user.role": "admin", "customer__tier": "Platinum",
}  # fmt: skip


def test_nobody_signs_up_as_more_than_a_customer(client):
    form = {"email": "zoe@example.org", "password1": people.PASSWORD, "full_name": "Zoë", **PROMOTIONS}

    client.post(f"{reverse('account_signup')}?role=admin", form)

    zoe = User.objects.get(email="zoe@example.org")
    assert (zoe.role, zoe.confirmed_at) == ("customer", None)
    assert not Employee.objects.filter(user=zoe).exists()
    assert Customer.objects.get(user=zoe).tier is None


def test_a_sign_up_in_json_says_no_role_either(client):
    form = {"email": "zoe@example.org", "password1": people.PASSWORD, "role": "admin"}

    client.post(reverse("account_signup"), json.dumps(form), content_type="application/json")

    assert not User.objects.filter(email="zoe@example.org").exclude(role="customer").exists()


def test_nobody_promotes_themselves_on_their_own_page():
    maya = people.customer()

    browser_of(maya).post(reverse("account"), {"full_name": "Maya", "phone": "", **PROMOTIONS})

    maya.refresh_from_db()
    assert (maya.role, maya.full_name) == ("customer", "Maya")


@pytest.mark.parametrize("status", ["suspended", "removed"])
def test_a_token_dies_with_the_suspension_of_its_person(client, status):
    sam = people.salesman()
    bearer = {"authorization": f"Bearer {token_for(sam)}"}
    assert client.get("/api/v1/bookings", headers=bearer).status_code == 200

    Employee.objects.filter(user=sam).update(status=status)

    for path in ("/api/v1/bookings", "/api/v1/shows/1/seats"):
        assert client.get(path, headers=bearer).status_code == 401
    assert (
        client.post("/api/v1/holds", {}, content_type="application/json", headers=bearer).status_code == 401
    )


# Markup in every text -------------------------------------------------------------------------------------

POISON = "'\"><xss>"
# What is read by programs and written by nobody: addresses and keys of rows, and words with rules of their own.
NOT_TYPED = {
    "slug",
    "ref",
    "email",
    "guest_email",
    "reply_to",
    "key",
    "nonce",
    "session",
    "session_key",
    "digest",
}
NOT_OURS = {"AuditEntry", "RowChange", "IdempotencyKey", "Letter", "Tries", "InvoiceCounter", "Tier"}


def poison_everything() -> set[str]:
    """Markup in every text column that takes it; which took it."""
    took = set()
    for model in (each for each in User._meta.apps.get_app_config("theatre").get_models()):
        for field in model._meta.concrete_fields:
            text = isinstance(field, models.CharField | models.TextField) and not isinstance(
                field, models.EmailField
            )
            if (
                not text
                or field.choices
                or field.primary_key
                or field.name in NOT_TYPED | {"role", "mark", "password"}
            ):
                continue
            if model.__name__ in NOT_OURS:
                continue
            try:
                with transaction.atomic():
                    for row in model.objects.all()[:200]:
                        value = f"{POISON}{row.pk}"
                        model.objects.filter(pk=row.pk).update(**{field.name: value[: field.max_length]})
                took.add(f"{model.__name__}.{field.name}")
            except IntegrityError:
                continue  # a constraint refuses it, which is as good
    return took


@pytest.fixture
def poisoned(settings) -> Cast:
    with house() as cast:
        took = poison_everything()
        assert {
            "Movie.title", "Movie.synopsis", "Movie.director", "Movie.actors", "Screen.name", "Screen.access_notes",
            "User.full_name", "User.phone", "Employee.responsibilities", "ApiToken.name", "Genre.name",
            "Customer.access_needs",
        } <= took  # fmt: skip
        yield cast


@pytest.mark.slow
def test_markup_in_any_text_is_text_on_every_page(poisoned):
    """Also what was booked afterwards, when every name it is printed with was markup already."""
    shown = 0
    for person in ("customer", "salesman", "moderator", "admin"):
        for door in doors():
            if "undecided" in (door.access, door.thing) or door.api:
                continue
            arguments = poisoned.thing(door.kind, person) if door.thing else {}
            with undone():
                answer = poisoned.browser(person).get(door.address(arguments))
            assert answer.status_code < 500, door.route
            if answer.get("Content-Type", "").startswith(("text/html", "image/svg")):
                page = answer.content.decode()
                assert "<xss>" not in page, (door.route, person)
                shown += "&lt;xss&gt;" in page
    assert shown > 20


def test_markup_in_any_text_is_text_in_letters_and_on_paper(mail_server):
    show = factories.show(
        of=factories.movie(f"Title {POISON}", director=POISON), on=factories.screen(name=POISON)
    )
    guest = people.customer(name=f"Maya {POISON}")
    booking = factories.cancelled(by=guest, of=show, reason=POISON)
    kept = factories.booked(by=guest, of=show)

    deliver_due()

    letters = mail_server.to(guest.email)
    assert len(letters) >= 3
    for letter in letters:
        html = letter.get_body(("html",)).get_content()
        assert "<xss>" not in html
        assert "&lt;xss&gt;" in html
        assert "\n" not in str(letter["Subject"]).strip()
    browser = browser_of(guest)
    for page in ("invoice_pdf", "show_ics"):
        assert browser.get(reverse(page, args=[booking.ref])).status_code == 200
    assert browser.get(reverse("tickets_pdf", args=[kept.ref])).content.startswith(b"%PDF")


def test_nothing_is_exported_that_a_spreadsheet_would_run():
    """No table leaves the house as CSV or XLSX yet. The one that first does has to escape = + - @ and tab."""
    routes = [door.route for door in doors()]

    assert [route for route in routes if re.search(r"csv|xlsx|spreadsheet", route)] == []


# Whether an address is known ------------------------------------------------------------------------------


class CountedHasher(MD5PasswordHasher):
    """The tests' hasher, that knows how often it worked."""

    algorithm = "md5"
    worked = 0

    def encode(self, password, salt):
        CountedHasher.worked += 1
        return super().encode(password, salt)


FORMS = {
    "account_login": lambda email: {"login": email, "password": "a wrong password"},
    "account_signup": lambda email: {"email": email, "password1": people.PASSWORD, "full_name": "Zoë"},
    "account_reset_password": lambda email: {"email": email},
}


@pytest.fixture
def hashing(settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.{CountedHasher.__name__}"]
    assert issubclass(CountedHasher, BasePasswordHasher)


def asked(name: str, email: str) -> tuple[str, int]:
    """What comes back to whoever sends this form, the page it leads to included, and how much hashing it took."""
    client = Client()
    CountedHasher.worked = 0
    answer = client.post(reverse(name), FORMS[name](email))
    worked = CountedHasher.worked
    said = f"{answer.status_code} {answer.get('Location')} {sorted(answer.headers)} {sorted(answer.cookies)} "
    said += answer.content.decode()
    if answer.status_code == 302:
        said += client.get(answer["Location"]).content.decode()
    said = re.sub(r'(csrfmiddlewaretoken" value=")\w+', r"\1", said)
    return said.replace(email, "somebody").replace(answer["X-Request-ID"], ""), worked


@pytest.mark.parametrize("name", FORMS)
def test_no_answer_tells_whether_an_address_is_known(name, settings, hashing):
    known = people.customer(email="known@example.org")
    suspended = people.salesman(email="suspe@example.org", status="suspended")

    answers = {
        who: asked(name, email)
        for who, email in (
            ("known", known.email), ("unknown", "nobod@example.org"), ("suspended", suspended.email),
        )
    }  # fmt: skip

    assert answers["known"][0] == answers["unknown"][0] == answers["suspended"][0]
    assert answers["known"][1] == answers["unknown"][1] == answers["suspended"][1]


@pytest.mark.parametrize("name", FORMS)
def test_the_answer_waits_for_its_time(name, settings, monkeypatch):
    settings.STEADY_ANSWER_MS = 40
    slept = []
    monkeypatch.setattr(time, "sleep", slept.append)

    Client().get(reverse(name))
    assert slept == []
    Client().post(reverse(name), FORMS[name]("nobody@example.org"))
    assert len(slept) == 1 and 0 <= slept[0] <= 0.04


@pytest.mark.long
@pytest.mark.parametrize("name", FORMS)
def test_no_waiting_tells_whether_an_address_is_known(name, settings):
    """Two hundred answers each, in turns; the ranks of the two are not separable (p > 0.01)."""
    settings.STEADY_ANSWER_MS = 250
    settings.ACCOUNT_RATE_LIMITS = False
    settings.PASSWORD_HASHERS = ["theatre.web.account.hasher.Argon2id"]
    known = [people.customer() for _ in range(200)]
    took: dict[str, list[float]] = {"known": [], "unknown": []}
    for number, who in enumerate(known):
        for kind, email in (("known", who.email), ("unknown", f"nobody{number}@example.org")):
            client = Client(REMOTE_ADDR=f"203.0.113.{number}")
            begun = time.perf_counter()
            client.post(reverse(name), FORMS[name](email))
            took[kind].append(time.perf_counter() - begun)

    p = rank_sum(took["known"], took["unknown"])
    print(
        name,
        {kind: round(statistics.median(times) * 1000, 1) for kind, times in took.items()},
        f"p = {p:.3f}",
    )
    assert p > 0.01


def rank_sum(one: list[float], other: list[float]) -> float:
    """Mann and Whitney's p, two-sided, by the normal approximation."""
    ranks = {value: rank for rank, value in enumerate(sorted(one + other), 1)}
    n, m = len(one), len(other)
    u = sum(ranks[value] for value in one) - n * (n + 1) / 2
    z = (u - n * m / 2) / (n * m * (n + m + 1) / 12) ** 0.5
    return 2 * (1 - statistics.NormalDist().cdf(abs(z)))


# Secrets stay where they belong (G27) ---------------------------------------------------------------------

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
