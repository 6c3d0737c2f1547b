"""A guard whose absence no test notices may as well not be there: each is taken out of a copy of the house, and the
test that is named for it has to fail (reliability.md, G12)."""

import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mutants.guards import GUARDS, Mutant

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("theatre", "config", "tests", "docs", "bin", "manage.py", "pyproject.toml", "requirements.lock")
SAMPLE = random.sample(GUARDS, 5)  # another one in every run


@pytest.fixture(scope="module")
def copy(tmp_path_factory, test_database) -> Path:
    """The house, to be taken apart. Its tests run on the same server, each run on a database of its own."""
    house = tmp_path_factory.mktemp("house")
    leave = shutil.ignore_patterns("__pycache__", "vendor", "mutants")
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, house / name, ignore=leave)
        else:
            shutil.copy(ROOT / name, house / name)
    shutil.copytree(ROOT / "theatre" / "static" / "vendor", house / "theatre" / "static" / "vendor")
    return house


def run(house: Path, test: str) -> "subprocess.CompletedProcess[str]":
    known = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "DJANGO_"))}
    data_dir = os.environ.get("DATA_DIR", str(ROOT / "var" / "test"))
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-n", "0", test],
        cwd=house,
        env=known | {"DATA_DIR": data_dir, "THEATRE_MODE": "test", "PYTHONPATH": str(house)},
        capture_output=True,
        text=True,
        check=False,
    )


def killed(house: Path, mutant: Mutant) -> str:
    """Why the house without this guard stands all the same; empty when the test has noticed."""
    before = {path: (house / path).read_text() for path, _, _ in mutant.edits}
    try:
        for path, text, instead in mutant.edits:
            (house / path).write_text((house / path).read_text().replace(text, instead))
        done = run(house, mutant.killer)
    finally:
        for path, text in before.items():
            (house / path).write_text(text)
    if done.returncode == 1 and re.search(r"^(FAILED|ERROR) ", done.stdout, re.M):
        return ""
    return f"{mutant.lost}: {mutant.killer} ended with {done.returncode}: {done.stdout[-600:]}"


def test_every_guard_is_where_the_list_says_and_every_test_exists():
    lost = [
        f"{mutant.lost}: {path} has {found} of {text!r}"
        for mutant in GUARDS
        for path, text, _ in mutant.edits
        if (found := (ROOT / path).read_text().count(text)) != 1
    ]
    missing = [
        mutant.killer
        for mutant in GUARDS
        if (named := mutant.killer.partition("::"))
        and f"def {named[2]}(" not in (ROOT / named[0]).read_text()
    ]

    assert lost + missing == []
    assert len({mutant.lost for mutant in GUARDS}) == len(GUARDS) >= 60


def survivors(house: Path, mutants: list[Mutant]) -> Iterator[str]:
    for mutant in mutants:
        why = killed(house, mutant)
        print(f"{'SURVIVES' if why else 'noticed'}: without {mutant.lost} ({mutant.killer})", flush=True)
        if why:
            yield why


@pytest.mark.slow
def test_a_few_guards_are_missed_when_they_are_gone(copy):
    whole = [run(copy, mutant.killer) for mutant in SAMPLE[:1]]

    assert [done.returncode for done in whole] == [0], whole[0].stdout[-600:]
    assert list(survivors(copy, SAMPLE)) == []


@pytest.mark.long
def test_every_guard_is_missed_when_it_is_gone(copy):
    named = " ".join(sorted({mutant.killer for mutant in GUARDS}))
    whole = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *named.split()],
        cwd=copy,
        env={name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "DJANGO_"))}
        | {"DATA_DIR": os.environ.get("DATA_DIR", str(ROOT / "var" / "test")), "THEATRE_MODE": "test"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert whole.returncode == 0, whole.stdout[-2000:]
    assert list(survivors(copy, GUARDS)) == []
