"""Run what the clock asks for: letters, lapsed holds, tidying. Ends in order on SIGTERM and Ctrl-C."""

import asyncio
from typing import Any

from django.core.management.base import BaseCommand

from theatre.jobs import shift


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        asyncio.run(shift.work())
