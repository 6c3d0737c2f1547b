"""Send the letters that are due, as the worker does every two seconds."""

from typing import Any

from django.core.management.base import BaseCommand

from theatre.notices import outbox


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{outbox.deliver_due()} letters sent")
