"""Count every customer's tier again, as the worker does every night."""

from typing import Any

from django.core.management.base import BaseCommand

from theatre.actions.people import tiers


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{tiers.recount_tiers()} tiers changed")
