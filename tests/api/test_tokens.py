"""Tokens made at the shell."""

import hashlib
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests import people
from tests.api import calls
from theatre.models import ApiToken, AuditEntry, Employee

pytestmark = pytest.mark.django_db


def make(email: str, name: str = "till") -> str:
    said = StringIO()
    call_command("create_api_token", email, "--name", name, stdout=said)
    return said.getvalue().strip()


def test_token_from_the_shell_opens_the_api():
    salesman = people.salesman()

    token = make(salesman.email.upper())

    assert calls.Caller(token=token).get("/bookings").status_code == 200
    kept = ApiToken.objects.get(user=salesman)
    assert (kept.name, bytes(kept.digest)) == ("till", hashlib.sha256(token.encode()).digest())


def test_the_audit_says_that_it_was_made_at_the_shell():
    salesman = people.salesman()

    make(salesman.email)

    assert "create_api_token" in AuditEntry.objects.get(verb="create_token", actor=salesman).reason


@pytest.mark.parametrize("role", ["moderator", "admin"])
def test_token_from_the_shell_stands_for_the_second_factor(role):
    token = make(getattr(people, role)().email)

    assert calls.Caller(token=token).get("/bookings").status_code == 200


def test_nobody_gets_no_token():
    suspended = people.salesman()
    Employee.objects.filter(user=suspended).update(status="suspended")

    for email in ("nobody@example.org", suspended.email, people.customer(confirmed=False).email):
        with pytest.raises(CommandError, match="Nobody"):
            make(email)
    assert not ApiToken.objects.exists()


def test_token_without_a_name_is_refused():
    with pytest.raises(CommandError, match="needs a name"):
        make(people.customer().email, " ")
