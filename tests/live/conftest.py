import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connections

from tests import databases
from tests.races import serving


@contextmanager
def uvicorn(port: int = 0, **environment: str) -> Iterator[int]:
    """The one process of the demo: pages, API and streams; its port."""
    port = port or serving.free_port()
    command = [
        *(
            sys.executable,
            "-m",
            "uvicorn",
            "config.asgi:application",
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
        ),
        *("--no-access-log", "--log-level", "warning", "--timeout-graceful-shutdown", "2"),
    ]
    with serving.running(command, **environment):
        serving.wait_for(port)
        yield port


@pytest.fixture(scope="module")
def port(own_database: databases.Copy) -> Iterator[int]:
    """A real server over this module's database."""
    with uvicorn(DATABASE_URL=own_database.url, LIVE_STREAMS_PER_NETWORK="1000") as port:
        yield port
    connections.close_all()
