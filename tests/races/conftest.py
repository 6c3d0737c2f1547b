from collections.abc import Iterator

import pytest

from tests import databases
from tests.races import books, serving


@pytest.fixture(scope="module")
def port(own_database: databases.Copy) -> Iterator[int]:
    """The production server over this module's database. The books have to be right when it ends."""
    with serving.granian(DATABASE_URL=own_database.url) as port:
        yield port
    books.prove()
