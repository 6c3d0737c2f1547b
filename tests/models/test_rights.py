"""What the application and reporting may not do is refused by PostgreSQL itself, and an evening needs no more."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from psycopg import errors as pg

from tests import factories, people
from tests.models import house
from theatre.actions.booking import cancel, keep
from theatre.actions.people import profile, tiers, tokens
from theatre.jobs import tasks
from theatre.models import AuditEntry, Letter, RowChange
from theatre.models.rights import ADD, ALL, CHANGE, FOR_THE_APPLICATION, READ, REMOVE, TABLES, undecided
from theatre.notices import outbox

THEATRE = Path(__file__).resolve().parents[2] / "theatre"
APP, REPORT = "theatre_app", "theatre_report"
NEVER = ("TRUNCATE", "REFERENCES", "TRIGGER")


@pytest.fixture(scope="module", autouse=True)
def furnished(own_database) -> None:
    house.furnish()
    call_command("grant_rights", verbosity=0)


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    """Every connection that is opened within has this role's rights alone."""
    options, before = connection.settings_dict["OPTIONS"], connection.settings_dict["OPTIONS"]["options"]
    connection.close()
    options["options"] = f"{before} -c role={role}"
    try:
        yield
    finally:
        connection.close()
        options["options"] = before


def sql(statement: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


def refused(statement: str) -> bool:
    """Whether PostgreSQL says that this role may not. Anything else that goes wrong is an error here."""
    try:
        with transaction.atomic():
            sql(statement)
            transaction.set_rollback(True)
    except ProgrammingError as error:
        assert isinstance(error.__cause__, pg.InsufficientPrivilege), error
        return True
    return False


def test_every_table_has_been_decided_about():
    assert undecided() == (set(), set()), "give the new table its line in theatre/models/rights.py"


def test_undecided_table_stops_the_grant():
    sql("CREATE TABLE theatre_new (id bigint)")
    try:
        with pytest.raises(CommandError, match="theatre_new"):
            call_command("grant_rights")
    finally:
        sql("DROP TABLE theatre_new")


@pytest.mark.parametrize("table", TABLES)
def test_catalogue_gives_what_the_table_of_rights_says(table):
    for right in (*ALL, *NEVER):
        [(app_may, report_may)] = sql(
            "SELECT has_table_privilege(%s, %s, %s), has_table_privilege(%s, %s, %s)",
            APP, table, right, REPORT, table, right,
        )  # fmt: skip
        assert app_may == (right in TABLES[table].application), right
        assert not report_may or (right == READ and not TABLES[table].hidden), right
    columns = [row[0] for row in sql("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass"
                                     " AND attnum > 0 AND NOT attisdropped", table)]  # fmt: skip
    for column in columns:
        [(sees,)] = sql("SELECT has_column_privilege(%s, %s, %s, 'SELECT')", REPORT, table, column)
        assert sees == (TABLES[table].reporting and column not in TABLES[table].hidden), column
        [(writes,)] = sql("SELECT has_column_privilege(%s, %s, %s, 'UPDATE')", REPORT, table, column)
        assert not writes
    assert set(TABLES[table].hidden) <= set(columns)


KEPT = ("theatre_ledgerentry", "theatre_invoice", "theatre_auditentry", "theatre_rowchange")
NOT_FOR_THE_APPLICATION = [
    *(f"UPDATE {table} SET id = id" for table in KEPT),
    *(f"DELETE FROM {table}" for table in KEPT),
    *(f"TRUNCATE {table} CASCADE" for table in (*KEPT, "theatre_booking", "theatre_cache", "django_session")),
    "INSERT INTO theatre_rowchange (change, on_type, on_id, after, login) VALUES ('made', 'user', '1', '{}', 'x')",
    "DELETE FROM theatre_user", "DELETE FROM theatre_booking", "DELETE FROM theatre_ticket",
    "ALTER TABLE theatre_auditentry DISABLE TRIGGER append_only",
    "ALTER TABLE theatre_user DISABLE TRIGGER ALL", "ALTER TABLE theatre_user ADD COLUMN x int",
    "DROP TABLE theatre_auditentry", "DROP TRIGGER history_changed ON theatre_employee",
    "CREATE TABLE theatre_mine (id int)", "CREATE TEMPORARY TABLE mine (id int)", "CREATE SCHEMA mine",
    "CREATE OR REPLACE FUNCTION theatre_append_only() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "CREATE INDEX mine ON theatre_user (id)", "CREATE ROLE mine", f"ALTER ROLE {APP} CREATEROLE",
    "SET session_replication_role = replica", "COPY theatre_user TO PROGRAM 'cat'",
    "SELECT pg_read_file('/etc/hostname')", "DELETE FROM django_migrations",
]  # fmt: skip


def test_application_is_refused_what_is_not_its_own():
    with acting_as(APP):
        assert sql("SELECT current_user") == [(APP,)]
        allowed = [statement for statement in NOT_FOR_THE_APPLICATION if not refused(statement)]

    assert allowed == []


NOT_FOR_REPORTING = [
    "SELECT password FROM theatre_user", "SELECT * FROM theatre_user", "SELECT digest FROM theatre_apitoken",
    "SELECT * FROM django_session", "SELECT * FROM usersessions_usersession", "SELECT * FROM mfa_authenticator",
    "SELECT * FROM account_emailconfirmation", "SELECT data FROM theatre_letter", "SELECT nonce FROM theatre_ticket",
    "SELECT session FROM theatre_booking", "SELECT * FROM theatre_auditentry", "SELECT * FROM theatre_rowchange",
    "SELECT * FROM theatre_idempotencykey", "SELECT * FROM theatre_cache", "SELECT args FROM procrastinate_jobs",
    "INSERT INTO theatre_genre (name) VALUES ('x')", "UPDATE theatre_booking SET guest_name = 'x'",
    "DELETE FROM theatre_seatclaim", "TRUNCATE theatre_cache", "CREATE TABLE mine (id int)",
    "CREATE TEMPORARY TABLE mine (id int)", "SELECT nextval('theatre_booking_id_seq')",
    "SELECT theatre_erase_person(1)", "SELECT id FROM theatre_booking FOR UPDATE",
]  # fmt: skip


EMPLOYEES = ["boss@example.org", "owner@example.org", "sam@example.org"]


def test_reporting_reads_figures_and_no_secret_and_writes_nothing():
    with acting_as(REPORT):
        allowed = [statement for statement in NOT_FOR_REPORTING if not refused(statement)]
        [(revenue,)] = sql("SELECT sum(amount) FROM theatre_ledgerentry")
        people_known = sql("SELECT email, role, base_salary FROM theatre_user u JOIN theatre_employee e"
                           " ON e.user_id = u.id ORDER BY 1")  # fmt: skip

    assert allowed == []
    assert revenue > 0 and [row[0] for row in people_known] == EMPLOYEES


def test_every_hidden_thing_that_could_leak_is_there():
    """Else the test before would prove nothing."""
    for table, rights in TABLES.items():
        if table.startswith("theatre_") and rights.hidden and table != "theatre_invitation":
            assert sql(f"SELECT count(*) > 0 FROM {table}") == [(True,)], table


@pytest.mark.parametrize("function", FOR_THE_APPLICATION)
def test_functions_that_act_as_the_owner_are_not_everybodys(function):
    assert sql(
        "SELECT has_function_privilege(%s, %s, 'EXECUTE'), has_function_privilege(%s, %s, 'EXECUTE'),"
        " has_function_privilege('public', %s, 'EXECUTE')", APP, function, REPORT, function, function,
    ) == [(True, False, False)]  # fmt: skip


def test_every_function_that_acts_as_the_owner_is_a_trigger_or_listed():
    found = sql("SELECT oid::regprocedure::text FROM pg_proc WHERE prosecdef AND prorettype <> 'trigger'::regtype"
                " AND pronamespace = 'public'::regnamespace")  # fmt: skip

    assert [row[0].replace(",", ", ") for row in found] == list(FOR_THE_APPLICATION)


WRITES = {
    ADD: re.compile(r"INSERT\s+INTO\s+(\w+)"),
    CHANGE: re.compile(r"UPDATE\s+(\w+)(?:\s+(?:AS\s+)?\w+)?\s+SET\b|ON CONFLICT[^;]*DO UPDATE"),
    REMOVE: re.compile(r"DELETE\s+FROM\s+(\w+)"),
}


def test_what_the_code_writes_in_sql_the_application_may():
    missing = [
        f"{path.name}: {right} {table}"
        for path in sorted(THEATRE.rglob("*.py"))
        if path.relative_to(THEATRE).parts[0] not in ("migrations", "demo")
        for right, pattern in WRITES.items()
        for table in pattern.findall(path.read_text())
        if table in TABLES and right not in TABLES[table].application
    ]

    assert missing == []


def test_granting_again_takes_away_what_was_given_beside():
    sql(f"GRANT UPDATE, DELETE ON theatre_ledgerentry TO {APP}")
    sql(f"GRANT SELECT (password) ON theatre_user TO {REPORT}")
    sql(f"GRANT SELECT ON django_session TO {REPORT}")

    call_command("grant_rights", verbosity=0)

    assert sql(
        "SELECT has_table_privilege(%s, 'theatre_ledgerentry', 'UPDATE'),"
        " has_column_privilege(%s, 'theatre_user', 'password', 'SELECT'),"
        " has_table_privilege(%s, 'django_session', 'SELECT')", APP, REPORT, REPORT,
    ) == [(False, False, False)]  # fmt: skip


def test_an_evening_works_with_the_applications_rights(client, mailoutbox):
    show = factories.show(in_hours=30)
    who = people.customer(name="Evening Guest")
    by = people.actor_for(who)
    salesman = people.actor_for(people.salesman())

    with acting_as(APP):
        stranger = people.stranger(session="evening")
        keep.extend_hold(by=stranger, ref=factories.held(by=stranger, of=show, seats=1).ref)
        lapsed = factories.lapse(factories.held(by=by, of=show))
        coupon = factories.coupon(total_limit=5)
        booking = factories.booked(by=by, of=show, coupon_code=coupon.code)
        sold = factories.booked(by=salesman, of=show, method="cash")
        released = factories.held(by=by, of=show)
        keep.release_hold(by=by, ref=released.ref)
        cancel.cancel_booking(by=by, ref=booking.ref)
        cancel.cancel_booking(by=salesman, ref=sold.ref)
        profile.change_profile(by=by, full_name="Evening After", phone="", long_holds=True)
        tokens.revoke_token(by=by, token_id=tokens.create_token(by=by, name="till").id)
        tiers.recount_tiers()
        assert client.get("/").status_code == 200
        assert (
            client.post("/account/sign-in/", {"login": who.email, "password": people.PASSWORD}).status_code
            == 302
        )
        assert client.get(reverse("my_tickets")).status_code == 200
        assert client.post("/account/sign-out/").status_code == 302
        assert keep.lapse_holds() >= 1
        assert outbox.deliver_due() >= 3
        assert asyncio.run(a_job_is_done())
        sql("SELECT theatre_erase_person(%s)", who.pk)

    lapsed.refresh_from_db()
    assert lapsed.state == "lapsed"
    assert {mail.to[0] for mail in mailoutbox} >= {who.email}
    assert not Letter.objects.filter(state="queued").exists()
    assert AuditEntry.objects.filter(verb="cancel", on_id=booking.ref).count() == 1
    assert RowChange.objects.filter(on_type="booking", on_id=booking.ref).count() == 1
    assert not RowChange.objects.filter(after__full_name="Evening After").exists()


async def a_job_is_done() -> bool:
    """A job deferred, worked on and forgotten, as the worker does it."""
    assert isinstance(app.connector, DjangoConnector)
    with app.replace_connector(app.connector.get_worker_connector()):
        async with app.open_async():
            await tasks.lapse_holds.defer_async(timestamp=0)  # type: ignore[call-arg]
            await app.run_worker_async(
                wait=False, install_signal_handlers=False, listen_notify=False, delete_jobs="successful"
            )
            return not await app.job_manager.list_jobs_async(task=tasks.lapse_holds.name, status="todo")
