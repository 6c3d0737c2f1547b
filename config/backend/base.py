"""Django's PostgreSQL backend on the embedded server, which starts at the first connection and not before."""

from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from config import database
from config.postgres import base


@cache
def cluster(data_dir: Path) -> database.Cluster:
    """The process's one handle on the server of this folder; it counts as a user until the process ends."""
    return database.Cluster(data_dir, durable=settings.MODE != "test")


class DatabaseWrapper(base.DatabaseWrapper):
    def __init__(self, settings_dict: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        # The dictionary is every thread's: where its server is does not change while the process lives.
        data_dir = settings_dict.setdefault("DATA_DIR", settings.DATA_DIR)
        place = {"HOST": str(cluster(data_dir).socket_dir)}
        named = {key: settings_dict[key] or database.NAME for key in ("NAME", "USER")}
        settings_dict.update(place, **named)
        super().__init__(settings_dict, *args, **kwargs)

    def get_connection_params(self) -> dict[str, Any]:
        cluster(self.settings_dict["DATA_DIR"]).start()
        return super().get_connection_params()
