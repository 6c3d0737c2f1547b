"""A thousand tries at one moment, through fifty made-up addresses: no more are looked at than the limit allows
(reliability.md, G17)."""

import re
from collections import Counter
from urllib.parse import urlencode

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.urls import reverse

from tests import factories, people
from tests.races.guests import caller
from tests.races.wire import Line, Reply, together
from theatre.models import Tries

pytestmark = pytest.mark.slow

LINES, VOLLEYS = 250, 4  # a thousand
SPOOFED = 50
FORM = re.compile(rb'name="csrfmiddlewaretoken" value="(\w+)"')


@pytest.fixture(autouse=True)
def nothing_counted(port):
    Tries.objects.all().delete()


class Guesser:
    """One browser, however many connections: its cookies, and forms sent by hand."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def form(self, page: str) -> str:
        """A form's token; the cookies that belong to it are kept."""
        found = FORM.search(self._ask(f"GET {page} HTTP/1.1", "").body)
        assert found, page
        return found[1].decode()

    def post(self, page: str, **fields: str) -> Reply:
        return self._ask(*self._lines(page, fields))

    def request(self, page: str, number: int, fields: dict[str, str]) -> bytes:
        """The whole request as bytes, from a made-up address."""
        first, body = self._lines(page, fields)
        return self._bytes(first, body, f"X-Forwarded-For: 203.0.113.{number % SPOOFED}")

    def _lines(self, page: str, fields: dict[str, str]) -> tuple[str, str]:
        return f"POST {page} HTTP/1.1", urlencode(fields)

    def _bytes(self, first: str, body: str, *more: str) -> bytes:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        lines = [
            first, "Host: localhost", "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}", f"Cookie: {cookies}", *more,
        ]  # fmt: skip
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body.encode()

    def _ask(self, first: str, body: str) -> Reply:
        line = Line(self.port)
        reply = line.ask(self._bytes(first, body))
        line.close()
        self.cookies.update(reply.cookies)
        return reply


def volleys(port: int, requests: list[bytes]) -> list[Reply]:
    """The answers to requests that arrive LINES at a time."""
    lines = [Line(port) for _ in range(LINES)]
    replies = []
    for begin in range(0, len(requests), LINES):
        replies += together(lines, requests[begin : begin + LINES])
    for line in lines:
        line.close()
    return replies


def test_passwords(port):
    maya = people.customer()
    page = reverse("account_login")
    guesser = Guesser(port)
    token = guesser.form(page)
    wrong = {"login": maya.email, "password": "wrong", "csrfmiddlewaretoken": token}

    replies = volleys(port, [guesser.request(page, number, wrong) for number in range(LINES * VOLLEYS)])

    assert Counter(reply.status for reply in replies) == {200: 5, 429: 995}
    assert all(b"t match" in reply.body for reply in replies if reply.status == 200)
    assert all(1 <= int(reply.headers["retry-after"]) <= 300 for reply in replies if reply.status == 429)


def test_codes_of_an_app(port):
    ada = people.admin()
    TOTP.activate(ada, generate_totp_secret())
    guesser = Guesser(port)
    page = reverse("account_login")
    token = guesser.form(page)
    guesser.post(page, login=ada.email, password=people.PASSWORD, csrfmiddlewaretoken=token)
    page = reverse("mfa_authenticate")
    wrong = {"code": "000000", "csrfmiddlewaretoken": guesser.form(page)}

    replies = volleys(port, [guesser.request(page, number, wrong) for number in range(LINES * VOLLEYS)])

    assert Counter(reply.status for reply in replies) == {200: 5, 429: 995}


def test_coupons(port):
    guest = caller(people.customer())
    ref = factories.held(by=guest.by).ref
    line = f"Host: localhost\r\nAuthorization: Bearer {guest.token}\r\n"
    requests = [
        f"GET /api/v1/holds/{ref}/quote?coupon=GUESS{number} HTTP/1.1\r\n{line}"
        f"X-Forwarded-For: 203.0.113.{number % SPOOFED}\r\n\r\n".encode()
        for number in range(LINES * VOLLEYS)
    ]

    replies = volleys(port, requests)

    assert Counter(reply.json["code"] for reply in replies) == {
        "coupon_unknown": 10,
        "too_many_tries": LINES * VOLLEYS - 10,
    }
