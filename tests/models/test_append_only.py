"""What was earned, said on paper and done stays as it was written."""

import pytest
from django.db import IntegrityError, connection, transaction

from tests.models import house

TABLES = ("theatre_ledgerentry", "theatre_auditentry", "theatre_invoice", "theatre_rowchange")


@pytest.fixture(scope="module", autouse=True)
def furnished(own_database) -> None:
    house.furnish()


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    ("deed", "sql"),
    [
        ("update", "UPDATE {} SET id = id"),
        ("update", "UPDATE {} SET id = -id WHERE id = (SELECT min(id) FROM {})"),
        ("delete", "DELETE FROM {}"),
        ("truncate", "TRUNCATE {} CASCADE"),
    ],
)
def test_row_is_neither_changed_nor_removed(table, deed, sql):
    with pytest.raises(IntegrityError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.replace("{}", table))

    assert str(caught.value.__cause__).startswith(f"{table} is append-only: {deed} refused")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) > 0 FROM {table}")
        assert cursor.fetchall() == [(True,)]


def test_guards_of_these_tables_and_no_others_are_on():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger"
            " WHERE NOT tgisinternal AND tgname LIKE 'append%%' ORDER BY 1, 2"
        )
        found = cursor.fetchall()

    expected = sorted((table, name, "O") for table in TABLES for name in ("append_only", "append_only_whole"))
    assert [(table, name, str(on)) for table, name, on in found] == expected
