"""Give the database's roles what theatre/models/rights.py says, after `migrate` and as the owner."""

from argparse import ArgumentParser
from typing import Any

from theatre.actions import rights
from theatre.management.command import TheatreCommand


class Command(TheatreCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--login",
            action="store_true",
            help="let both roles in without a password, for a server that only its owner’s socket leads to",
        )

    def handle(self, *args: Any, login: bool, **options: Any) -> None:
        self.stdout.write(f"Rights to {rights.grant_rights(login=login)} tables granted.")
