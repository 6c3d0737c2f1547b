import pytest
from django.db import connection


@pytest.fixture
def patient(db: None) -> None:
    """For tests that think for long between two requests: their transaction may stay open meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
