"""Tidy away holds whose time has run out, as the worker does every minute."""

from typing import Any

from django.core.management.base import BaseCommand

from theatre.actions.booking import keep


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{keep.lapse_holds()} holds lapsed")
