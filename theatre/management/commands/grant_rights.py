"""Give the database's roles what theatre/models/rights.py says, after `migrate` and as the owner."""

from typing import Any

from theatre.actions import rights
from theatre.management.command import TheatreCommand


class Command(TheatreCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Rights to {rights.grant_rights()} tables granted.")
