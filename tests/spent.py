"""What the database spends on a test's own connection."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import connection


@dataclass
class Spent:
    """Statements; seconds waited for their answers, and seconds the answering process was on a processor: what other
    programs do meanwhile counts in the first alone."""

    statements: int = 0
    waited: float = 0.0
    worked: float = 0.0


@contextmanager
def spent() -> Iterator[Spent]:
    """Filled in when the block ends. The connection has to be open, and PostgreSQL on this machine."""
    told = Spent()

    def watch(execute, sql, params, many, context):
        before = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            told.statements += 1
            told.waited += time.perf_counter() - before

    before = _worked()
    with connection.execute_wrapper(watch):
        yield told
    told.worked = _worked() - before


def _worked() -> float:
    connection.ensure_connection()
    told = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text()
    return int(told.split()[0]) / 1e9
