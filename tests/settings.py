"""The theatre's settings in test mode. pytest-django reads them before any conftest could set the mode."""

import os
from pathlib import Path

os.environ.setdefault("THEATRE_MODE", "test")
os.environ.setdefault("DATA_DIR", str(Path(__file__).resolve().parent.parent / "var" / "test"))

from config.settings import *  # noqa: F403

# A test is one long transaction, and between its statements it may think for longer than a request may.
DATABASES["default"]["OPTIONS"]["options"] += " -c idle_in_transaction_session_timeout=120s"  # noqa: F405
