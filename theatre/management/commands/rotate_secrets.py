"""Encrypt the second factors' secrets with the first of FIELD_ENCRYPTION_KEYS; run it before an old key is dropped."""

from typing import Any

from django.core.management.base import CommandError

from theatre.actions.people.second_factor import rotate_secrets
from theatre.management.command import TheatreCommand


class Command(TheatreCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        done = rotate_secrets()
        self.stdout.write(f"{done.resealed} secrets encrypted with the newest key")
        if done.unreadable:
            rows = ", ".join(map(str, done.unreadable))
            raise CommandError(
                f"None of the keys opens these rows of mfa_authenticator: {rows}. Keep the old keys."
            )
