"""What every test stands on: a copy of the migrated database, an empty cache, its programs or a sentence."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import TransactionTestCase

from tests import databases
from tests.programs import need
from theatre.queries import kept
from theatre.web.browse import strangers

PROGRAMS = {"browser": "chromium", "node": "node"}  # marker -> the program it needs; others: needs("name")


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker) -> Iterator[databases.Copy]:
    """Django's own would migrate for every worker; this copies a database that is migrated already."""
    with django_db_blocker.unblock(), databases.copy() as made:
        # Not flushed after a test that commits, for the ledger refuses it: copied anew.
        TransactionTestCase._fixture_teardown = lambda self: made.renew()
        yield made


@pytest.fixture(scope="session")
def test_database(django_db_setup: databases.Copy) -> databases.Copy:
    """For tests that start other processes on the same rows: `test_database.url`."""
    return django_db_setup


@pytest.fixture(scope="module")
def own_database(test_database: databases.Copy, django_db_blocker) -> Iterator[databases.Copy]:
    """A fresh copy for a whole module, where commits are real and stay until its end."""
    with django_db_blocker.unblock():
        test_database.renew()
        yield test_database
        connections.close_all()
        test_database.renew()


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Pages kept for strangers are of the test before, and a renewed database counts its shows from 1 again."""
    kept.forget()
    strangers.forget()


@pytest.fixture(autouse=True)
def empty_cache(settings) -> None:
    """Sign-in limits must not leak between tests. A cache in the database is rolled back with the test."""
    if "DatabaseCache" not in settings.CACHES["default"]["BACKEND"]:
        cache.clear()


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker, program in PROGRAMS.items():
        if item.get_closest_marker(marker):
            need(program)
    for needs in item.iter_markers("needs"):
        need(*needs.args)
