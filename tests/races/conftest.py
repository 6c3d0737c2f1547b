from collections.abc import Iterator

import pytest

from tests import databases
from tests.races import serving, stage


@pytest.fixture(scope="module")
def port(own_database: databases.Copy) -> Iterator[int]:
    """The production server over this module's database. Nobody may have waited in a circle when it ends."""
    with serving.granian(DATABASE_URL=own_database.url) as port:
        yield port
    with stage.client() as other:
        asked = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        assert other.execute(asked).fetchone() == (0,)
