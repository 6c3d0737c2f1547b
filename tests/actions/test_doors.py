"""What every action goes through."""

import pytest
from django.db import IntegrityError, connection

from tests import factories
from tests.actions.said import refusal
from theatre.access import Actor
from theatre.actions._doors import RETRIES, Busy, action, origin, record, refusing
from theatre.models import AuditEntry, Genre
from theatre.models.sql import change, fetch
from theatre.rules.refusals import Refused

pytestmark = pytest.mark.django_db


class NameTaken(Refused):
    """A genre of that name exists."""

    code = "name_taken"


def raising(condition: str) -> None:
    """End the statement with this condition of PostgreSQL."""
    change(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{condition}'; END $$")


def test_refused_deed_leaves_nothing_behind():
    @action
    def deed() -> None:
        Genre.objects.create(name="Drama")
        raise NameTaken("There is one already")

    assert refusal(deed).code == "name_taken"
    assert not Genre.objects.exists()


@pytest.mark.parametrize("condition", ["deadlock_detected", "serialization_failure"])
def test_deadlock_is_tried_again_from_the_start(condition):
    tries = []

    @action
    def deed() -> str:
        tries.append(Genre.objects.create(name="Drama"))
        if len(tries) < RETRIES:
            raising(condition)
        return "done"

    assert deed() == "done"
    assert len(tries) == RETRIES
    assert Genre.objects.count() == 1


def test_deadlock_that_does_not_end_is_an_error():
    tries = []

    @action
    def deed() -> None:
        tries.append(1)
        raising("deadlock_detected")

    with pytest.raises(Exception, match="deadlock_detected"):
        deed()
    assert len(tries) == RETRIES


@pytest.mark.parametrize("condition", ["lock_not_available", "query_canceled"])
def test_lock_that_somebody_keeps_too_long_is_refused(condition):
    no = refusal(action(lambda: raising(condition)))

    assert isinstance(no, Busy)
    assert no.sentence == "Somebody else is booking the same seats right now. Try again in a moment"


def test_refusal_of_the_database_is_said_in_words():
    Genre.objects.create(name="Drama")

    @action
    def deed() -> None:
        with refusing(theatre_genre_name_key=lambda: NameTaken("There is one already", "name")):
            Genre.objects.create(name="Drama")

    assert refusal(deed).field == "name"


def test_refusal_of_the_database_that_nobody_foresaw_is_an_error():
    Genre.objects.create(name="Drama")

    @action
    def deed() -> None:
        with refusing(some_other_constraint=lambda: NameTaken("There is one already")):
            Genre.objects.create(name="Drama")

    with pytest.raises(IntegrityError):
        deed()


def test_note_says_who_what_and_from_where():
    by = Actor(user_id=factories.booked().booked_by_id)
    token = origin.set("192.0.2.9")
    try:
        record(by, "look", ("show", 7), reason="curious", seats=[1, 2])
    finally:
        origin.reset(token)

    entry = AuditEntry.objects.get(verb="look")
    assert (entry.actor_id, entry.on_type, entry.on_id, entry.address) == (
        by.user_id,
        "show",
        "7",
        "192.0.2.9",
    )
    assert (entry.reason, entry.details) == ("curious", {"seats": [1, 2]})


def test_actions_run_at_read_committed():
    assert fetch("SHOW transaction_isolation") == [("read committed",)]
    assert connection.isolation_level.name == "READ_COMMITTED"
