"""Queue the daily letter about new movies, as the worker does every minute once its hour has come."""

from typing import Any

from django.core.management.base import BaseCommand

from theatre.actions.movies import digest


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{digest.tell_of_new_movies()} letters queued")
