from collections.abc import Iterator

import pytest
from django.db import connections

from tests import databases


@pytest.fixture(scope="module")
def own_database(test_database: databases.Copy, django_db_blocker) -> Iterator[databases.Copy]:
    """A fresh copy for this module alone, where commits are real. Every test makes a show of its own."""
    with django_db_blocker.unblock():
        test_database.renew()
        yield test_database
        connections.close_all()
        test_database.renew()
