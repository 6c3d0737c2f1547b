"""Hold what has come free for those on the waiting lists, as the worker does every three seconds."""

from typing import Any

from django.core.management.base import BaseCommand

from theatre.actions.booking import waiting


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{waiting.serve_waiting()} parties left a waiting list")
