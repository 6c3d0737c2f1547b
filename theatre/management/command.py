"""What the theatre's commands have in common: a refusal is a sentence on standard error, not a trace."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from theatre.rules.refusals import Refused


class TheatreCommand(BaseCommand):
    """A command whose refusals are told as `CommandError`."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except Refused as refused:
            raise CommandError(f"{refused.sentence}.") from refused
