"""What somebody who means harm would try, and what must come of it. Sessions, second factors, changed addresses and
reset links have their own in tests/web, markup in test_markup.py."""

import json
import random
import re
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from types import SimpleNamespace

import pytest
from django.contrib.auth.hashers import BasePasswordHasher, MD5PasswordHasher
from django.core import mail
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from tests import factories, people
from tests.access.doors import doors
from tests.api.calls import token_for
from tests.web.browsers import browser_of
from theatre.models import Customer, Employee, Tries, User
from theatre.web.account import steady

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


@pytest.mark.parametrize("change", [{"is_active": False}, {"confirmed_at": None}])
def test_a_token_opens_nothing_for_somebody_unconfirmed_or_closed(client, change):
    maya = people.customer()
    bearer = {"authorization": f"Bearer {token_for(maya)}"}
    assert client.get("/api/v1/bookings", headers=bearer).status_code == 200

    User.objects.filter(pk=maya.pk).update(**change)

    assert client.get("/api/v1/bookings", headers=bearer).status_code == 401


# Exports --------------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize(("work", "whole"), [(0.01, 1), (0.06, 2), (0.09, 3)])
def test_an_answer_that_took_longer_waits_for_the_next_beat(settings, monkeypatch, work, whole):
    settings.STEADY_ANSWER_MS = 40
    clock, slept = iter([100.0, 100.0 + work]), []
    monkeypatch.setattr(steady.time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(steady.time, "sleep", slept.append)

    steady.steady(lambda request: HttpResponse())(RequestFactory().post("/"))

    assert work + slept[0] == pytest.approx(0.04 * whole)


@pytest.mark.parametrize("name", FORMS)
def test_all_that_differs_by_address_is_done_within_one_beat(name, settings, monkeypatch):
    """What the next test measures, counted: a clock sees what comes before and after a beat that holds all the rest."""
    settings.STEADY_ANSWER_MS = 250
    settings.ACCOUNT_RATE_LIMITS = False
    settings.PASSWORD_HASHERS = ["theatre.web.account.hasher.Argon2id"]
    addresses = {
        "known": people.customer().email,
        "suspended": people.salesman(status="suspended").email,
        "unknown": "nobody{}@example.org",
    }
    work: dict[str, list[float]] = {way: [] for way in addresses}
    outside: dict[str, list[str]] = {}
    marks: list[
        tuple[float, int]
    ] = []  # when the beat began and its work was done, and after how many statements

    def monotonic() -> float:
        marks.append((time.perf_counter(), len(asked)))
        return marks[-1][0]

    monkeypatch.setattr(steady, "time", SimpleNamespace(monotonic=monotonic, sleep=lambda seconds: None))
    for number in range(5):
        for way, email in addresses.items():
            marks.clear()
            with statements() as asked:
                Client().post(reverse(name), FORMS[name](email.format(number)))
            (begun, before), (done, after) = marks
            work[way].append(done - begun)
            outside[way] = asked[:before] + asked[after:]

    assert outside["known"] == outside["suspended"] == outside["unknown"]
    assert max(map(min, work.values())) < 0.25, work  # the shortest of five is the quiet machine's
    assert mail.outbox == []


@pytest.mark.long
@pytest.mark.parametrize("name", FORMS)
def test_no_waiting_tells_whether_an_address_is_known(name, settings):
    settings.STEADY_ANSWER_MS = 250
    settings.ACCOUNT_RATE_LIMITS = False
    settings.PASSWORD_HASHERS = ["theatre.web.account.hasher.Argon2id"]
    known = [people.customer() for _ in range(TRIES)]

    def send(number: int, email: str) -> None:
        Client(REMOTE_ADDR=f"203.0.{number // 200}.{number % 200}").post(reverse(name), FORMS[name](email))

    ways = {
        "known": lambda number: send(number, known[number].email),
        "unknown": lambda number: send(number, f"nobody{number}@example.org"),
    }
    assert separable(name, took(ways)) == []


# Whether a coupon or a booking is there -------------------------------------------------------------------

NEVER = "NEVERWAS"


@pytest.fixture
def tried(settings) -> dict[str, str]:
    """Codes that a guest of another movie tries: why each opens nothing -> code."""
    other = factories.movie("Another one")
    yesterday = datetime.now(UTC) - timedelta(days=1)
    closed = {
        "ended": {"valid_until": yesterday},
        "used up": {"total_limit": 3, "used": 3},
        "off": {"active": False},
        "not yet": {"valid_from": yesterday + timedelta(days=3)},
    }
    for number, (_, fields) in enumerate(closed.items()):
        factories.coupon(f"CLOSED0{number}", **fields).movies.add(other)
    return {"never was": NEVER} | {why: f"CLOSED0{number}" for number, why in enumerate(closed)}


def test_no_answer_tells_whether_there_is_a_coupon_that_is_for_others(tried):
    guest = people.customer(tier="Silver")
    ref = factories.held(by=guest).ref
    page, token = reverse("checkout", args=[ref]), token_for(guest)

    def answers(code: str) -> list[str]:
        seen = browser_of(guest).get(page, {"coupon": code})
        quoted = Client().get(
            f"/api/v1/holds/{ref}/quote", {"coupon": code}, headers={"authorization": f"Bearer {token}"}
        )
        said = [
            f"{answer.status_code} {sorted(answer.headers)} {answer.content.decode()}"
            for answer in (seen, quoted)
        ]
        said = [
            re.sub(r'((?:csrfmiddlewaretoken|key)" value="|stroke-dasharray=")[^"]+', r"\1", each)
            for each in said
        ]
        for each in (seen["X-Request-ID"], quoted["X-Request-ID"], code):
            said = [text.replace(each, "…") for text in said]
        return said

    told = {why: answers(code) for why, code in tried.items()}
    assert "We don’t have a coupon called …" in told["never was"][0]
    assert told == dict.fromkeys(tried, told["never was"])


def test_a_coupon_that_is_for_others_asks_the_database_the_same_as_none(tried):
    guest = people.customer()
    page, browser = reverse("checkout", args=[factories.held(by=guest).ref]), browser_of(guest)
    browser.get(page)

    took = {}
    for why, code in tried.items():
        with statements() as took[why]:
            browser.get(page, {"coupon": code})

    assert took["never was"] != []
    assert took == dict.fromkeys(tried, took["never was"])


@pytest.mark.long
def test_no_waiting_tells_whether_there_is_a_coupon_that_is_for_others(tried):
    guest = people.customer()
    page, browser = reverse("checkout", args=[factories.held(by=guest).ref]), browser_of(guest)

    def send(code: str) -> None:
        browser.get(page, {"coupon": code})

    tried.pop("not yet"), tried.pop("off")
    ways = {why: lambda number, code=code: send(code) for why, code in tried.items()}
    assert separable("coupon", took(ways, before=Tries.objects.all().delete)) == []


@pytest.fixture(params=["page", "API"])
def looked_up(request) -> dict[str, Callable[[], None]]:
    """A booking of somebody else and one that never was, looked up by a guest."""
    guest, other = people.customer(), people.customer()
    refs = {"another's": factories.booked(by=other, of=factories.show()).ref, "none": "ZZZZZZZZ"}
    browser, headers = browser_of(guest), {"authorization": f"Bearer {token_for(guest)}"}

    def send(ref: str) -> None:
        answer = (
            browser.get(reverse("booking", args=[ref]))
            if request.param == "page"
            else Client().get(f"/api/v1/bookings/{ref}", headers=headers)
        )
        assert answer.status_code == 404

    return {whose: partial(send, ref) for whose, ref in refs.items()}


def test_a_booking_of_somebody_else_asks_the_database_the_same_as_none(looked_up):
    took = {}
    for whose, send in looked_up.items():
        send()  # what is kept from the first time on is kept
        with statements() as took[whose]:
            send()

    assert took["none"] != []
    assert took["another's"] == took["none"]


@pytest.mark.long
def test_no_waiting_tells_whether_there_is_a_booking_of_somebody_else(looked_up):
    ways = {whose: lambda number, send=send: send() for whose, send in looked_up.items()}
    assert separable("booking", took(ways)) == []


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL that is asked for within, without its values."""
    asked: list[str] = []

    def note(execute, sql, *more):
        asked.append(re.sub(r'"s\d+_x\d+"', '"a savepoint"', sql))
        return execute(sql, *more)

    with connection.execute_wrapper(note):
        yield asked


TRIES = 500


def took(
    ways: dict[str, Callable[[int], object]], *, before: Callable[[], object] = lambda: None
) -> dict[str, list[float]]:
    """Seconds that each way took, five hundred times, in an order that chance draws anew each time."""
    seconds: dict[str, list[float]] = {way: [] for way in ways}
    for number in range(-5, TRIES):
        for way in random.sample(list(ways), len(ways)):
            before()
            begun = time.perf_counter()
            ways[way](max(number, 0))
            if number >= 0:  # the first few warm up
                seconds[way].append(time.perf_counter() - begun)
    return seconds


def separable(what: str, seconds: dict[str, list[float]]) -> list[str]:
    """The ways whose ranks tell them apart from the first one's (p <= 0.01); what was measured is printed."""
    first, *others = seconds
    told = []
    for other in others:
        p = rank_sum(seconds[first], seconds[other])
        medians = ", ".join(
            f"{way} {1000 * statistics.median(seconds[way]):.2f} ms" for way in (first, other)
        )
        print(f"{what}: {medians}, n = {TRIES}, p = {p:.3f}")
        told += [other] if p <= 0.01 else []
    return told


def rank_sum(one: list[float], other: list[float]) -> float:
    """Mann and Whitney's p, two-sided, by the normal approximation."""
    ranks = {value: rank for rank, value in enumerate(sorted(one + other), 1)}
    n, m = len(one), len(other)
    u = sum(ranks[value] for value in one) - n * (n + 1) / 2
    z = (u - n * m / 2) / (n * m * (n + m + 1) / 12) ** 0.5
    return 2 * (1 - statistics.NormalDist().cdf(abs(z)))
