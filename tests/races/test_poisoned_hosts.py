"""A reset asked for with a host that is not ours, as bytes on the wire: also where no HTTP library would write it."""

import pytest
from django.urls import reverse

from tests import people
from tests.races.browser import Guesser
from theatre.models import Letter

pytestmark = pytest.mark.slow

EVIL = "evil.example"
# The first line's address, and the header lines that say where the request goes.
WAYS = {
    "absolute address": (f"http://{EVIL}", ["Host: localhost"]),
    "absolute address with a port": (f"http://{EVIL}:8000", ["Host: localhost"]),
    "absolute address with a user": (f"http://localhost@{EVIL}", ["Host: localhost"]),
    "absolute address and its host": (f"http://{EVIL}", [f"Host: {EVIL}"]),
    "two hosts": ("", ["Host: localhost", f"Host: {EVIL}"]),
    "two hosts, the other first": ("", [f"Host: {EVIL}", "Host: localhost"]),
    "host after a space": ("", [f"Host: localhost {EVIL}"]),
    "host with a comma": ("", [f"Host: localhost, {EVIL}"]),
    "host with a slash": ("", [f"Host: {EVIL}/localhost"]),
    "host with a user": ("", [f"Host: localhost@{EVIL}"]),
    "host of a subdomain": ("", [f"Host: localhost.{EVIL}"]),
    "host with a port that is none": ("", [f"Host: localhost:{EVIL}"]),
    "host in capitals": ("", [f"Host: {EVIL.upper()}"]),
    "host with a dot": ("", [f"Host: {EVIL}."]),
    "forwarded": ("", ["Host: localhost", f"Forwarded: host={EVIL}"]),
    "forwarded host": ("", ["Host: localhost", f"X-Forwarded-Host: {EVIL}"]),
    "forwarded hosts": ("", ["Host: localhost", f"X-Forwarded-Host: localhost, {EVIL}"]),
    "forwarded server": ("", ["Host: localhost", f"X-Forwarded-Server: {EVIL}"]),
    "underscores": ("", ["Host: localhost", f"X_Forwarded_Host: {EVIL}"]),
    "original address": ("", ["Host: localhost", f"X-Original-URL: http://{EVIL}/", f"X-Rewrite-URL: http://{EVIL}/"]),
    "folded line": ("", ["Host: localhost", f" {EVIL}"]),
}  # fmt: skip


def test_no_way_to_name_another_host_reaches_the_letter(port):
    page, links = reverse("account_reset_password"), {}
    for way, (before, lines) in WAYS.items():
        maya, guesser = people.customer(), Guesser(port)
        token = guesser.form(page)
        reply = guesser.ask(before + page, {"email": maya.email, "csrfmiddlewaretoken": token}, lines)
        assert reply is None or reply.status < 500, way
        links[way] = [
            letter.data["link"] for letter in Letter.objects.filter(to=maya.email, kind="password_reset")
        ]

    assert len(WAYS) > 20
    assert any(links.values()), "some are asked of our own host, with a header that counts for nothing"
    ours = "http://localhost:8000/account/password/new/"
    assert {
        way: found for way, found in links.items() if not all(link.startswith(ours) for link in found)
    } == {}
