"""Mark shows whose end has passed, as the worker does every five minutes."""

from typing import Any

from django.core.management.base import BaseCommand

from theatre.actions.shows import played


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{played.mark_played()} shows played")
