"""Test databases: one template, migrated once, and copies of it.

The template's name carries a hash of the migrations, so a changed migration makes a new one and an unchanged
one is used for days. A copy takes a fraction of a second, and it is also how a test that commits is cleaned up
after: the ledger refuses to be emptied. A run holds advisory locks on its copy and its template, so several runs may
share a server, and what a killed run or an older migration left behind is dropped by the next one.
"""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import quote

import psycopg
from django.core.management import call_command
from django.db import connection, connections
from psycopg import sql

REPOSITORY = Path(__file__).resolve().parent.parent


class Copy:
    """One copy of the template, to which Django's default connection points."""

    def __init__(self, server: "psycopg.Connection[tuple[object, ...]]", template: str, name: str) -> None:
        self.server = server
        self.template = template
        self.name = name
        self.plan_numbers = count(1000, 1000)
        self.handles = {connections["default"]}

    @property
    def url(self) -> str:
        """For other processes that are to work on the same rows (DATABASE_URL)."""
        place = connection.settings_dict
        who = quote(place["USER"] or "") + (f":{quote(place['PASSWORD'])}" if place["PASSWORD"] else "")
        if place["HOST"].startswith("/"):
            return f"postgresql://{who}@{quote(place['HOST'], safe='')}/{self.name}"
        return f"postgresql://{who}@{place['HOST']}:{place['PORT'] or 5432}/{self.name}"

    def renew(self) -> None:
        """As the migrations left it. Whoever is still connected is cut off."""
        self._hang_up()
        run(self.server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)
        run(self.server, "CREATE DATABASE {} TEMPLATE {}", self.name, self.template)
        # Plans never change, so processes remember them by number: no number may come twice.
        with psycopg.connect(**{**_maintenance(), "dbname": self.name}, autocommit=True) as copied:
            copied.execute("SELECT setval('theatre_seatplan_id_seq', %s)", [next(self.plan_numbers)])

    def drop(self) -> None:
        self._hang_up()
        run(self.server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)

    def _hang_up(self) -> None:
        """Close Django's connections of this thread: it has one beside a running event loop, which Playwright keeps
        in this thread for a module's tests, and another without. What is cut off instead fails its next query."""
        self.handles.add(connections["default"])
        for handle in self.handles:
            handle.close()


@contextmanager
def copy() -> Iterator[Copy]:
    """A copy for this run, dropped at its end."""
    original = connection.settings_dict["NAME"]
    with psycopg.connect(**_maintenance(), autocommit=True) as server:
        template = _template(server, original)
        _drop_unused(server, f"{original}_test_%")
        made = Copy(server, template, f"{original}_test_{secrets.token_hex(4)}")
        server.execute("SELECT pg_advisory_lock(hashtext(%s))", [made.name])
        made.renew()
        connection.settings_dict["NAME"] = made.name
        try:
            yield made
        finally:
            made.drop()
            connection.settings_dict["NAME"] = original


def _maintenance() -> dict[str, object]:
    parameters = connection.get_connection_params()
    wanted = ("host", "port", "user", "password")
    return {"dbname": "postgres", **{name: parameters[name] for name in wanted if name in parameters}}


def _template(server: "psycopg.Connection[tuple[object, ...]]", original: str) -> str:
    name = f"{original}_template_{_fingerprint()}"
    lock, before = f"{original}_template", connection.settings_dict["NAME"]
    server.execute("SELECT pg_advisory_lock(hashtext(%s))", [lock])
    try:
        if name not in _databases(server, f"{original}_template_%"):
            _drop_unused(server, f"{original}_template_%")
            half_made = f"{original}_template_new"
            run(server, "CREATE DATABASE {}", half_made)
            connection.close()
            connection.settings_dict["NAME"] = half_made
            call_command("migrate", verbosity=0, interactive=False)
            connection.close()
            connection.settings_dict["NAME"] = before
            run(server, "ALTER DATABASE {} RENAME TO {}", half_made, name)
        server.execute("SELECT pg_advisory_lock_shared(hashtext(%s))", [name])  # until this run ends
    finally:
        server.execute("SELECT pg_advisory_unlock(hashtext(%s))", [lock])
    return name


def _drop_unused(server: "psycopg.Connection[tuple[object, ...]]", like: str) -> None:
    for name in _databases(server, like):
        free = server.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [name]).fetchone()
        if free and free[0]:
            run(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
            server.execute("SELECT pg_advisory_unlock(hashtext(%s))", [name])


def _databases(server: "psycopg.Connection[tuple[object, ...]]", like: str) -> list[str]:
    pattern = like.replace("_", r"\_")
    rows = server.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [pattern]).fetchall()
    return [str(row[0]) for row in rows]


def _fingerprint() -> str:
    digest = hashlib.sha256((REPOSITORY / "requirements.lock").read_bytes())
    for path in sorted((REPOSITORY / "theatre" / "migrations").glob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def run(server: "psycopg.Connection[tuple[object, ...]]", command: str, *names: str) -> None:
    server.execute(sql.SQL(command).format(*map(sql.Identifier, names)))
