"""A thousand tries at one moment, through fifty made-up addresses: no more are looked at than the limit allows
(reliability.md, G17)."""

from collections import Counter

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.urls import reverse

from tests import factories, people
from tests.races.browser import SPOOFED, Guesser
from tests.races.guests import caller
from tests.races.wire import Line, Reply, together
from theatre.models import Tries

pytestmark = pytest.mark.slow

LINES, VOLLEYS = 250, 4  # a thousand


@pytest.fixture(autouse=True)
def nothing_counted(port):
    Tries.objects.all().delete()


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
