"""A file of movies that the office looks through before it is imported: read, tried, shown, and then done once."""

import json
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db import transaction

from theatre.access import Actor, Permission, require
from theatre.actions._doors import action, record
from theatre.actions.movies import importing
from theatre.actions.movies.importing import Imported, Read
from theatre.models.sql import change, fetch_one
from theatre.rules.refusals import Refused

LARGEST_BYTES = 20_000_000  # in the office; the command takes larger ones
LONGEST_NAME = 200
KEPT_DAYS = 30


class FileTooLarge(Refused):
    """A file that is larger than the office takes."""

    code = "file_too_large"


class FileUnknown(Refused):
    """There is no such file any more."""

    code = "file_unknown"


def look_through(*, by: Actor, data: bytes, name: str, newest: date | None = None) -> int:
    """Keep a file with what its import would do, and change nothing else; its id.

    Refused: FileTooLarge, FileUnreadable, ImportRunning.
    """
    require(by, Permission.MANAGE_MOVIES)
    if len(data) > LARGEST_BYTES:
        raise FileTooLarge(
            f"The file must be smaller than {LARGEST_BYTES // 1_000_000} MB. This one is {len(data) / 1e6:.1f} MB."
            " Split it and import the parts",
            "file",
        )
    found = importing.read(data, name, newest)
    return _keep(by=by, data=data, name=name, newest=newest, seen=_tried(by=by, found=found, name=name))


@action
def _tried(*, by: Actor, found: Read, name: str) -> Imported:
    """What the import would do: it is done, looked at, and undone."""
    with transaction.atomic():
        done = importing.bring_in(by, found, name)
        transaction.set_rollback(True)
    return done


@action
def _keep(*, by: Actor, data: bytes, name: str, newest: date | None, seen: Imported) -> int:
    change(
        "DELETE FROM theatre_moviefile WHERE made_at < clock_timestamp() - %s * interval '1 day'", [KEPT_DAYS]
    )
    row = fetch_one(
        "INSERT INTO theatre_moviefile (name, data, newest, by_id, seen) VALUES (%s, %s, %s, %s, %s::jsonb)"
        " RETURNING id",
        [name[-LONGEST_NAME:], data, newest, by.user_id, _told(seen)],
    )
    assert row is not None  # noqa: S101 - it returns its row
    record(by, "look_through_movies", ("movie_file", row[0]), name=name[-LONGEST_NAME:])
    return int(row[0])


def import_file(*, by: Actor, file_id: int) -> bool:
    """Do what was looked through; whether it was not done before.

    What happened to the movies meanwhile is minded: the file's page then tells what was done. Refused: FileUnknown,
    ImportRunning.
    """
    require(by, Permission.MANAGE_MOVIES)
    row = fetch_one(
        "SELECT data, name, newest, done IS NOT NULL FROM theatre_moviefile WHERE id = %s", [file_id]
    )
    if row is None:
        raise _unknown()
    if row[3]:
        return False
    return _done(by=by, file_id=file_id, found=importing.read(bytes(row[0]), row[1], row[2]), name=row[1])


@action
def _done(*, by: Actor, file_id: int, found: Read, name: str) -> bool:
    row = fetch_one("SELECT done IS NOT NULL FROM theatre_moviefile WHERE id = %s FOR UPDATE", [file_id])
    if row is None:
        raise _unknown()
    if row[0]:
        return False
    done = importing.bring_in(by, found, name)
    # Its rows are told in `done`, so the file itself has served.
    change(
        "UPDATE theatre_moviefile SET done = %s::jsonb, data = '' WHERE id = %s",
        [_told(done), file_id],
    )
    return True


def _told(done: Imported) -> str:
    told: dict[str, Any] = asdict(done)
    return json.dumps(told)


def _unknown() -> FileUnknown:
    return FileUnknown("That file is no longer here. Upload it again")
