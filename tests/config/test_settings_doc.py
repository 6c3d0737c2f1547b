"""docs/settings.md names every variable that the settings read, and no other."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_setting_is_documented_and_nothing_else():
    source = (ROOT / "config" / "settings.py").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', source)) | set(
        re.findall(r'^    "([A-Z_]+)": "', source, re.M)
    )
    told = set(re.findall(r"`([A-Z][A-Z_]{3,})`", (ROOT / "docs" / "settings.md").read_text()))

    assert read == told
