"""Prove that the rows are true: `manage.py prove_integrity`; one line a check, exit code 1 if any is broken."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from theatre.management.command import TheatreCommand
from theatre.queries.integrity import SHOWN_ROWS, prove


class Command(TheatreCommand):
    help = "Run every check of theatre/queries/integrity.sql over one snapshot of the database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--only", metavar="CHECK", help="this check alone")

    def handle(self, *args: Any, **options: Any) -> None:
        begun, ran, broken = time.monotonic(), 0, 0
        for found in prove(options["only"]):
            ran += 1
            self.stdout.write(f"{found.check.name}: {found.count} ({found.seconds:.2f} s)")
            if found.count:
                broken += 1
                self.stdout.write(f"  It has to hold that {found.check.promise}. These break it:")
                for row in found.rows:
                    self.stdout.write("    " + ", ".join(f"{name}={value}" for name, value in row.items()))
                if found.count > SHOWN_ROWS:
                    self.stdout.write(f"    and {found.count - SHOWN_ROWS} more")
        if not ran:
            raise CommandError(f"There is no check called {options['only']}.")
        if broken:
            raise CommandError(f"{broken} of {ran} checks are broken.")
        self.stdout.write(f"All {ran} checks hold. {time.monotonic() - begun:.1f} s.")
