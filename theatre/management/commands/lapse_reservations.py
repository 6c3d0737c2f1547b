"""Tidy away VIP reservations whose release time has come, as the worker does every minute."""

from typing import Any

from django.core.management.base import BaseCommand

from theatre.actions.vip import reserve


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{reserve.lapse_reservations()} reservations lapsed")
