"""Moments come from the server as Django's own backend reads them, only quicker."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import DataError, connection
from hypothesis import given
from hypothesis import strategies as st

from config.postgres.base import Moments
from theatre.models.sql import fetch_one

pytestmark = pytest.mark.django_db


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_moment_comes_back_as_it_was_sent(moment):
    assert fetch_one("SELECT %s::timestamptz", [moment]) == (moment,)


def test_it_is_read_by_us_and_says_utc():
    connection.ensure_connection()
    adapters = connection.connection.adapters
    text = psycopg.adapters.types["timestamptz"].oid

    assert adapters.get_loader(text, psycopg.pq.Format.TEXT) is Moments
    [moment] = fetch_one("SELECT '2026-11-29 20:30:00.25+01'::timestamptz")
    assert moment == datetime(2026, 11, 29, 19, 30, 0, 250_000, tzinfo=UTC)
    assert moment.utcoffset() == timedelta(0)


@pytest.mark.parametrize("far", ["infinity", "0044-03-15 00:00:00+00 BC"])
def test_what_python_has_no_moment_for_is_refused_as_ever(far):
    with pytest.raises(DataError):
        fetch_one("SELECT %s::text::timestamptz", [far])
