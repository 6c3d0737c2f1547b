"""The theatre's settings in test mode. pytest-django reads them before any conftest could set the mode."""

import os
from pathlib import Path

os.environ.setdefault("THEATRE_MODE", "test")
os.environ.setdefault("DATA_DIR", str(Path(__file__).resolve().parent.parent / "var" / "test"))

from config.settings import *  # noqa: F403
