"""A database of a test's own, copied from the migrated test database: there commits are real, and other
processes see them."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import psycopg
from django.db import connection, connections

from theatre.queries import seatmap


@contextmanager
def own() -> Iterator[None]:
    """Django's default connection, in every thread, is to a fresh copy until the block ends."""
    template = connection.settings_dict["NAME"]
    copy = f"own_{secrets.token_hex(6)}"
    connections.close_all()
    _administer(f"CREATE DATABASE {copy} TEMPLATE {template}")
    _turn_to(copy)
    try:
        yield
    finally:
        _turn_to(template)
        _administer(f"DROP DATABASE {copy} WITH (FORCE)")


def url() -> str:
    """The address of the database that Django talks to, for another process's DATABASE_URL."""
    place = connection.settings_dict
    user = place["USER"] + (f":{quote(place['PASSWORD'])}" if place["PASSWORD"] else "")
    if place["HOST"].startswith("/"):
        return f"postgres://{user}@/{place['NAME']}?host={quote(place['HOST'], safe='')}"
    return f"postgres://{user}@{place['HOST']}:{place['PORT'] or 5432}/{place['NAME']}"


def client(*, autocommit: bool = False) -> psycopg.Connection:
    """Another client of the same database, with none of Django's habits."""
    place = connection.settings_dict
    return psycopg.connect(
        dbname=place["NAME"], user=place["USER"], password=place["PASSWORD"] or None, host=place["HOST"] or None,
        port=place["PORT"] or None, autocommit=autocommit,
    )  # fmt: skip


def _turn_to(name: str) -> None:
    connections.close_all()
    connection.settings_dict["NAME"] = name
    seatmap.plan_of.cache_clear()  # the copies number their plans alike


def _administer(sql: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(sql)
