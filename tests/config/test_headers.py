"""What every answer says to the browser, with production's own settings (reliability.md, G18).

The scores are those of Mozilla's Observatory, written down as what has to hold; nobody outside is asked.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlencode, urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from tests import people
from tests.access.cast import Cast, house, undone
from tests.access.doors import Door, doors
from tests.config.test_settings import ROOT, WHOLE
from tests.web.browsers import browser_of

DOORS = [door for door in doors() if "undecided" not in (door.access, door.thing)]
PEOPLE = ("stranger", "customer", "admin")
ONE_YEAR = 31_536_000
# What decides headers and cookies.
SAID = re.compile(
    r"^(SECURE_\w+|SESSION_COOKIE_\w+|CSRF_COOKIE_\w+|LANGUAGE_COOKIE_\w+|\w+_COOKIE_NAME|PLAIN_HTTP|ALLOWED_HOSTS"
    r"|X_FRAME_OPTIONS|PERMISSIONS_POLICY|CONTENT_SECURITY_POLICY|MIDDLEWARE|SITE_URL|CSRF_TRUSTED_ORIGINS)$"
)
HOST = "tickets.example"
SECRET = "a long random text with enough different signs 0123456789 !$%&/()=?"


@pytest.fixture(scope="module")
def production() -> dict[str, object]:
    """Those settings, as a process in production mode reads them."""
    told = subprocess.run(
        [sys.executable, "-c", "import json\nfrom config import settings\n"
         "print(json.dumps({k: v for k, v in vars(settings).items() if k.isupper()}, default=str))"],
        cwd=ROOT, env={"PATH": os.environ["PATH"], **WHOLE}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return {name: value for name, value in json.loads(told.stdout).items() if SAID.match(name)}


@pytest.fixture
def in_production(settings, production) -> None:
    for name, value in production.items():
        setattr(settings, name, value)


@pytest.fixture(scope="module")
def cast(django_db_setup, django_db_blocker) -> Iterator[Cast]:
    with django_db_blocker.unblock(), house() as made:
        yield made


def ask(cast: Cast, door: Door, person: str, **more):
    address = door.address(cast.thing(door.kind, person) if door.thing else {})
    with undone():
        return cast.browser(person).get(address, secure=True, headers={"host": HOST}, **more)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.route or "home")
def test_every_answer(door, cast, in_production) -> None:
    for person in PEOPLE:
        answer = ask(cast, door, person)
        headers = answer.headers
        where = f"{door.route} for {person}: {answer.status_code}"

        assert headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains; preload", where
        assert headers["X-Content-Type-Options"] == "nosniff", where
        assert headers["X-Frame-Options"] == "DENY", where
        assert headers["Referrer-Policy"] == "same-origin", where
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", where
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin", where
        assert "geolocation=()" in headers["Permissions-Policy"], where
        assert re.fullmatch(r"[0-9a-f]{16}", headers["X-Request-ID"]), where
        assert not {"Server", "X-Powered-By"} & set(headers), where
        if headers.get("Content-Type", "").startswith("text/html"):
            assert_policy(headers["Content-Security-Policy"])
            assert_no_inline(answer.content.decode(), where)
        elif door.api:
            assert "default-src 'none'" in headers["Content-Security-Policy"], where
            assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], where
        if person != "stranger" and not door.api and answer.status_code == 200 and door.access != "everybody":
            assert re.search("no-store|private", headers["Cache-Control"]), where
        for name, cookie in answer.cookies.items():
            assert name.startswith("__Host-") or (name == "messages" and not cookie.value), where
            assert_cookie(cookie, where)


def assert_policy(policy: str) -> None:
    """What the CSP evaluator calls high or medium is absent."""
    said = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))

    assert said["default-src"] == "'none'"
    assert said["script-src"] == said["style-src"] == "'self'"
    assert (said["object-src"], said["base-uri"], said["frame-ancestors"]) == ("'none'",) * 3
    assert said["form-action"] == "'self'"
    assert not re.search(r"unsafe|\*|http:|https:|blob:", policy)
    assert [name for name, sources in said.items() if "data:" in sources] in ([], ["img-src"])


def assert_no_inline(page: str, where: str) -> None:
    """What the policy would not let run is not sent either."""
    assert not re.search(r"<[^>]+\sstyle=", page), where
    assert not re.search(r"<[^>]+\son[a-z]+=", page), where
    assert not re.search(r"<script(?![^>]*\s(src=|type=\"application/(ld\+)?json\"))", page), where
    assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//(?!tickets\.example)", page), where


def assert_cookie(cookie, where: str) -> None:
    assert cookie["path"] == "/" and not cookie["domain"], where
    assert cookie["secure"] and cookie["httponly"] and cookie["samesite"] in ("Lax", "Strict"), where


@pytest.fixture
def somebody(db, in_production):
    return people.customer()


def test_cookies_of_signing_in(somebody):
    client = Client()
    client.get(reverse("account_login"), secure=True, headers={"host": HOST})
    form = {"login": somebody.email, "password": people.PASSWORD}
    answer = client.post(reverse("account_login"), form, secure=True, headers={"host": HOST})

    assert set(answer.cookies) >= {"__Host-session", "__Host-device"}
    for cookie in [*answer.cookies.values(), client.cookies["__Host-csrf"]]:
        if cookie.key == "messages":
            continue
        assert_cookie(cookie, cookie.key)


def test_plain_http_leads_to_https_on_the_same_host(somebody):
    answer = Client().get("/coming-soon/", headers={"host": HOST})

    assert (answer.status_code, answer["Location"]) == (301, f"https://{HOST}/coming-soon/")


@pytest.mark.parametrize("host", ["evil.example", "tickets.example.evil.example", "", "a b"])
def test_a_host_that_is_not_ours_is_refused(somebody, host):
    client = Client(raise_request_exception=False)
    for path in ("/", "/account/sign-in/", "/api/v1/movies"):
        answer = client.get(path, secure=True, headers={"host": host})
        assert answer.status_code == 400, path


def test_error_pages_say_the_same(somebody):
    client = browser_of(somebody, raise_request_exception=False)
    for path in ("/nope/", "/counter/", "/hold/", "/checkout/%00/"):
        answer = client.get(path, secure=True, headers={"host": HOST})
        assert answer.status_code in (400, 403, 404, 405)
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert_policy(answer["Content-Security-Policy"])


def test_observatory_would_give_it_its_best_mark(somebody):
    """Its rules of 2024 (A+ from 100 on): every modifier that applies to a page of ours, summed."""
    answer = Client().get("/", secure=True, headers={"host": HOST})
    policy, hsts = answer["Content-Security-Policy"], answer["Strict-Transport-Security"]
    score = 100
    score += 10 if "default-src 'none'" in policy and "unsafe" not in policy else -25
    score += 5 if "preload" in hsts and int(re.search(r"max-age=(\d+)", hsts)[1]) >= ONE_YEAR else -20
    score += 5 if "frame-ancestors 'none'" in policy else -20
    score += 5 if answer["Referrer-Policy"] in ("same-origin", "no-referrer", "strict-origin") else -5
    score += 10 if answer["Cross-Origin-Resource-Policy"] == "same-origin" else 0
    score += 0 if answer["X-Content-Type-Options"] == "nosniff" else -5
    score += 5 if all(cookie["secure"] and cookie["httponly"] for cookie in answer.cookies.values()) else -20
    score += 0 if "Access-Control-Allow-Origin" not in answer else -50

    assert score >= 130


def test_nothing_is_left_to_say_about_deploying():
    checked = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT, env={"PATH": os.environ["PATH"], **WHOLE, "SECRET_KEY": SECRET}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip

    assert checked.returncode == 0, checked.stderr


# Where a link may lead ------------------------------------------------------------------------------------

ELSEWHERE = [
    "//evil.example", "https://evil.example/", "http:evil.example", "/\\evil.example", "\\\\evil.example",
    "javascript:alert(1)", "data:text/html,x", "https:///evil.example", "////evil.example", " //evil.example",
    "/\t/evil.example", "%2f%2fevil.example", "https://tickets.example@evil.example/", "https://testserver.evil.example",
]  # fmt: skip
# Two hundred more: every way to say elsewhere behind every way not to look like it.
SCHEMES = [
    "", "http:", "https:", "ftp:", "javascript:", "data:text/html,", "vbscript:", "file:", "blob:", "//", "HTTP:",
    "hTTps:",
]  # fmt: skip
SLASHES = [
    "//", "/\\", "\\\\", "\\/", "////", "/\t/", "/\n/", "/\r/", "/%09/", "/%5c", "/.//", "/..//", "\u2215/",
    "/\u200b/", "@", "//@",
]  # fmt: skip
PAYLOADS = [f"{scheme}{slashes}evil.example" for scheme in SCHEMES for slashes in SLASHES] + [
    f"{before}//evil.example" for before in ("\t", " ", "\n", "\x0b", "\x1f", "\u3000", "\ufeff", "\x7f", "%20")
]  # fmt: skip


@pytest.mark.django_db
def test_two_hundred_ways_to_say_elsewhere_lead_home():
    """As a browser reads an answer: without tabs and line ends, and a backslash is a slash (WHATWG URL)."""
    stranger, signed_in = Client(), browser_of(people.customer())
    away = []
    for payload in PAYLOADS:
        answers = [
            stranger.post(reverse("lights"), {"lights": "dark", "next": payload}),
            signed_in.get(reverse("account_login"), {"next": payload}),
            signed_in.get(reverse("second_factor"), {"next": payload}),
        ]
        for answer in answers:
            to = re.sub(r"[\t\r\n]", "", answer.get("Location", "/")).strip().replace("\\", "/")
            if urlsplit(urljoin("https://testserver/account/", to)).netloc != "testserver":
                away.append((payload, answer.wsgi_request.path, answer["Location"]))

    assert len(PAYLOADS) >= 200
    assert away == []


@pytest.mark.django_db
@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_no_next_leads_away(elsewhere):
    maya, zoe = people.customer(), "zoe@example.org"
    known = {"login": maya.email, "password": people.PASSWORD}
    new = {"email": zoe, "password1": people.PASSWORD}
    there = {"next": elsewhere}
    answers = [
        Client().post(reverse("account_login"), {**known, **there}),
        Client().post(f"{reverse('account_login')}?{urlencode(there)}", known),
        Client().post(reverse("account_signup"), {**new, **there}),
        Client().post(reverse("account_reset_password"), {"email": maya.email, **there}),
        Client().post(reverse("lights"), {"lights": "dark", **there}),
        browser_of(maya).post(reverse("account"), {"full_name": "Maya R", "phone": "", **there}),
        browser_of(maya).post(reverse("account_logout"), there),
        browser_of(maya).get(reverse("account_login"), there),
        browser_of(maya).get(reverse("second_factor"), there),
        browser_of(maya).post(reverse("account_reauthenticate"), {"password": people.PASSWORD, **there}),
    ]

    for answer in answers:
        to = urljoin("https://testserver/account/", answer.get("Location", "/").replace("\\", "/"))
        assert urlsplit(to).netloc == "testserver", (answer.wsgi_request.path, to)


@pytest.mark.django_db
def test_every_page_that_takes_a_next_is_asked():
    """A view that reads `next` is in the test above, or hands it on as text."""
    asked = {"account", "web"}
    reading = {
        path.parent.name
        for path in (ROOT / "theatre" / "web").rglob("*.py")
        if re.search(r"""(GET|POST)(\.get\(|\[)["']next["']""", path.read_text())
    }

    assert reading <= asked
