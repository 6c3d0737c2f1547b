"""What came from npm is what its manifests say, and asks nothing of anybody else."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from theatre.templatetags.office import RAIL

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = [ROOT / "theatre" / "static" / "vendor", ROOT / "tests" / "vendor"]
ADDRESS = re.compile(r"https?://(?!www\.w3\.org|getbootstrap\.com|github\.com/twbs)")


@pytest.mark.parametrize("folder", FOLDERS, ids=["pages", "tests"])
def test_manifest_names_every_file_with_its_hash_and_licence(folder):
    manifest = json.loads((folder / "manifest.json").read_text())

    named = {entry["file"]: entry["sha256"] for entry in manifest}
    there = {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file() and file.name != "manifest.json" and file.parent.name != "licences"
    }
    assert named == there
    assert all((folder / entry["licence_file"]).read_text().strip() for entry in manifest)
    assert {entry["licence"] for entry in manifest} <= {"MIT", "OFL-1.1", "MPL-2.0", "Apache-2.0"}


def test_versions_are_those_of_the_lock():
    lock = json.loads((ROOT / "package-lock.json").read_text())["packages"]

    for folder in FOLDERS:
        for entry in json.loads((folder / "manifest.json").read_text()):
            assert entry["version"] == lock[f"node_modules/{entry['package']}"]["version"]


def test_lock_names_no_registry():
    assert "resolved" not in (ROOT / "package-lock.json").read_text()


@pytest.mark.parametrize(
    "file",
    [f for f in FOLDERS[0].rglob("*") if f.suffix in (".css", ".js", ".svg")],
    ids=lambda file: file.name,
)
def test_files_for_pages_have_no_source_map_and_no_address(file):
    text = file.read_text()

    assert "sourceMappingURL" not in text
    assert ADDRESS.findall(text) == []


def test_sprite_has_the_icons_that_are_used_and_no_other():
    sprite = set(re.findall(r'id="([\w-]+)"', (FOLDERS[0] / "bootstrap-icons" / "icons.svg").read_text()))
    used = {
        name
        for template in (ROOT / "theatre" / "templates").rglob("*.html")
        for name in re.findall(r'{% icon "([\w-]+)"', template.read_text())
    }
    used |= {place.icon for _, places in RAIL for place in places}

    assert used == sprite  # bin/vendor makes it
