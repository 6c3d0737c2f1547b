"""Load a history of any size: `manage.py seed_demo --movies 300 --shows 10000 --tickets 1000000 --customers 50000`."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from theatre.demo.seed import Sizes, seed
from theatre.management.command import TheatreCommand


class Command(TheatreCommand):
    help = "Load made-up movies, shows, customers and sales with COPY, for measuring."

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name, usual in (
            ("movies", 300),
            ("shows", 2000),
            ("tickets", 100_000),
            ("customers", 5000),
            ("seed", 1),
        ):
            parser.add_argument(f"--{name}", type=int, default=usual)

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Made-up sales have no place in a production theatre’s books.")
        begun = time.monotonic()
        sizes = Sizes(**{name: options[name] for name in Sizes.__slots__})
        loaded = seed(sizes, say=lambda line: self.stdout.write(f"{time.monotonic() - begun:6.1f} s  {line}"))
        self.stdout.write(
            f"Loaded {sizes.movies} movies, {sizes.shows} shows, {sizes.customers} customers, {loaded.bookings} "
            f"bookings and {loaded.tickets} tickets ({loaded.returned} returned) in {time.monotonic() - begun:.1f} s."
        )
