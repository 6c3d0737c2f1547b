"""The vendored fonts are the ones the manifest names, each with its licence."""

import hashlib
import json
from pathlib import Path

FONTS = Path(__file__).parents[2] / "theatre" / "documents" / "fonts"


def test_fonts_are_those_of_the_manifest() -> None:
    manifest = json.loads((FONTS / "manifest.json").read_text())

    assert {font["file"] for font in manifest} == {file.name for file in FONTS.glob("*.ttf")}
    for font in manifest:
        assert hashlib.sha256((FONTS / font["file"]).read_bytes()).hexdigest() == font["sha256"]
        assert "SIL OPEN FONT LICENSE" in (FONTS / font["licence_file"]).read_text().upper()
