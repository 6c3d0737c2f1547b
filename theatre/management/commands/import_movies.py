"""Import movies from a JSON or CSV file: `manage.py import_movies films.json`."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from theatre.actions.movies.importing import Note, import_movies
from theatre.management.command import TheatreCommand


class Command(TheatreCommand):
    help = "Import movies from a JSON or CSV file. The same file again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="JSON (a list of objects) or CSV, in UTF-8")
        parser.add_argument(
            "--newest", type=date.fromisoformat, metavar="YYYY-MM-DD",
            help="the newest date the file can hold; later ones are a century late (judged from the file if left out)",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            data = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path} can’t be read: {error.strerror or error}.") from error
        done = import_movies(data=data, name=path.name, newest=options["newest"])
        self._tell("Put right", done.fixed)
        self._tell("Refused", done.refused)
        self.stdout.write(
            f"{done.rows} rows: {done.imported} imported, {done.completed} completed, {done.unchanged} unchanged, "
            f"{len(done.refused)} refused. Put right: {len(done.fixed)}. Without a running time, so drafts: "
            f"{done.drafts}."
        )

    def _tell(self, heading: str, notes: tuple[Note, ...]) -> None:
        for note in notes:
            title = f" {note.title}:" if note.title else ""
            self.stdout.write(f"{heading}: row {note.row}:{title} {note.sentence}.")
