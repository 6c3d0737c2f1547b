"""Load the demo cinema if the database is empty: `manage.py load_demo`."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from theatre.demo.load import load_demo
from theatre.management.command import TheatreCommand


class Command(TheatreCommand):
    help = "Load the demo cinema, with its people and a year of sales, if the database is empty."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo cinema is not for production.")
        begun = time.monotonic()
        if load_demo(say=lambda line: self.stdout.write(f"  {line}")):
            self.stdout.write(f"The demo cinema is open. Loading took {time.monotonic() - begun:.1f} s.")
        else:
            self.stdout.write("The database is not empty, so nothing was loaded.")
