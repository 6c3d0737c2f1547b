"""Write the demo's address and sign-ins for programs: `manage.py write_demo_json --url URL --path var/demo.json`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from theatre.demo.accounts import sign_ins, write_private
from theatre.management.command import TheatreCommand


class Command(TheatreCommand):
    help = "Write demo.json, readable by its owner only: the same sign-ins after every restart."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--url", required=True)
        parser.add_argument("--path", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo’s sign-ins are not for production.")
        try:
            write_private(options["path"], sign_ins(options["url"]))
        except OSError as error:
            raise CommandError(f"{options['path']} can’t be written: {error.strerror or error}.") from error
