"""What Google's CSP evaluator says to our policies, run here by node; nobody outside is asked (reliability.md, G18)."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests import people
from tests.config.test_headers import HOST, in_production, production
from tests.web.browsers import browser_of

__all__ = ["in_production", "production"]

pytestmark = [pytest.mark.node, pytest.mark.django_db]

HERE = Path(__file__).resolve().parent
MEDIUM_MAYBE = 50  # anything smaller is graver: high 10, syntax 20, medium 30, perhaps high 40
# 'self' as a source of scripts: a weakness where a host also serves what others wrote. Ours serves its own files alone:
# theatre/static is what was collected at the release, and uploads are drawn anew as pictures.
KNOWN = {("script-src", "'self'", "MEDIUM_MAYBE"), ("require-trusted-types-for", "", "INFO")}
PAGES = ["/", "/account/sign-in/", "/feedback/", "/nope/", "/office/", "/api/v1/docs", "/account/"]


def findings(*policies: str) -> Any:
    told = subprocess.run(
        ["node", str(HERE / "evaluate.cjs")], input="\n".join(policies), capture_output=True, text=True, check=True
    )  # fmt: skip
    return json.loads(told.stdout)


def test_it_finds_what_is_wrong_with_a_policy():
    graves = [
        "script-src 'unsafe-inline'",
        "script-src https:; object-src 'none'",
        "default-src *",
        "img-src 'self'",
    ]

    for policy, found in zip(graves, findings(*graves), strict=True):
        assert min(each["severity"] for each in found) < MEDIUM_MAYBE, policy


def test_it_finds_nothing_grave_in_ours(in_production):
    somebody = browser_of(people.admin(), raise_request_exception=False)
    policies = {
        client.get(page, secure=True, headers={"host": HOST})["Content-Security-Policy"]
        for client in (Client(raise_request_exception=False), somebody)
        for page in PAGES
    }

    for policy, found in zip(policies, findings(*policies), strict=True):
        said = {(each["directive"], each["value"], each["name"]) for each in found}
        assert min(each["severity"] for each in found) >= MEDIUM_MAYBE, (policy, found)
        assert said <= KNOWN, (policy, found)
