"""Give back the bookings of cancelled shows, as the worker does every few seconds."""

from typing import Any

from django.core.management.base import BaseCommand

from theatre.actions.shows import cancel


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{cancel.give_back_cancelled_shows(seconds=3600)} bookings given back")
