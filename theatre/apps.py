"""The one app."""

from django.apps import AppConfig


class TheatreConfig(AppConfig):
    name = "theatre"
    verbose_name = "Movie Counter"

    def ready(self) -> None:
        """Connect every receiver there is."""
        from theatre.notices import receivers  # noqa: PLC0415 - models have to be loaded first

        receivers.connect()
