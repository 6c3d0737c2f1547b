from collections.abc import Iterator

import pytest

from tests.races import databases


@pytest.fixture(scope="module")
def own_database(django_db_setup, django_db_blocker) -> Iterator[None]:
    """A database for this module alone, where commits are real. Every test makes a show of its own."""
    with django_db_blocker.unblock(), databases.own():
        yield
