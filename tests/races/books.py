"""What has to be true of the books after every race, however it went."""

from io import StringIO

from django.core.management import CommandError, call_command

from tests.races import stage

DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


def prove() -> None:
    """Every check of `manage.py prove_integrity` holds, and no two transactions ever waited for each other."""
    said = StringIO()
    try:
        call_command("prove_integrity", stdout=said)
    except CommandError as error:
        raise AssertionError(f"{error}\n{said.getvalue()}") from error
    with stage.client() as other:
        assert other.execute(DEADLOCKS).fetchone() == (0,)
