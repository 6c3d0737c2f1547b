"""Make a named key to the API for somebody, as they could on their account page. It is shown once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from theatre.access import actor_of_address
from theatre.actions.people.tokens import create_token
from theatre.rules.refusals import Refused

REASON = "Made by whoever keeps the server, with manage.py create_api_token"


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True)

    def handle(self, *args: Any, email: str, name: str, **options: Any) -> None:
        who = actor_of_address(email)
        if who is None:
            raise CommandError(
                f"Nobody with the address {email} may act. Check it, and that it is confirmed."
            )
        if not name.strip():
            raise CommandError("A token needs a name, so that it can be told from others and revoked.")
        try:
            made = create_token(by=who, name=name.strip(), reason=REASON)
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(made.secret)
