"""The copies that tests work on, beside what runs in the tests' own thread."""

import asyncio
import secrets

import psycopg
import pytest

from tests import databases
from theatre.models import User


@pytest.mark.django_db(transaction=True)
def test_a_copy_renewed_beside_a_running_loop_leaves_no_dead_connection(test_database, monkeypatch):
    # Playwright keeps a loop running in this thread, and Django has other connections there than outside of it.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    User.objects.count()

    async def renewed_beside_a_browser():
        User.objects.count()
        test_database.renew()

    asyncio.run(renewed_beside_a_browser())

    assert User.objects.count() == 0


def test_a_template_that_a_run_copies_from_outlives_a_changed_migration(
    test_database, monkeypatch, django_db_blocker
):
    mine = test_database.template
    house = mine.partition("_template_")[0]
    monkeypatch.setattr(databases, "_fingerprint", lambda: f"changed_{secrets.token_hex(2)}")
    monkeypatch.setattr(databases, "call_command", lambda *_, **__: None)  # an empty database will do

    with (
        django_db_blocker.unblock(),
        psycopg.connect(**databases._maintenance(), autocommit=True) as another_run,
    ):
        other = databases._template(another_run, house)
        found = set(databases._databases(another_run, f"{house}_template_%"))
        databases.run(another_run, "DROP DATABASE {}", other)

    assert {mine, other} <= found
