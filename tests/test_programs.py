"""A test that lacks its program never passes for one that ran."""

import re
from pathlib import Path

import pytest

from tests.programs import need

TESTS = Path(__file__).resolve().parent
NOBODY_HAS = "a-program-that-nobody-has"
SKIPS = re.compile(r"skipif|skipIf|skipTest|pytest\.skip|importorskip")
# Skipped for what no package brings: another kernel, not being root.
OTHERWISE = {"config/test_commands_of_bin.py", "config/test_database.py"}


def test_missing_program_fails_in_ci(monkeypatch):
    monkeypatch.setenv("CI", "true")

    with pytest.raises(pytest.fail.Exception, match=f"{NOBODY_HAS} is not installed, so this was not tried"):
        need("sh", NOBODY_HAS)


def test_missing_program_is_told_elsewhere(monkeypatch):
    monkeypatch.delenv("CI", raising=False)

    with pytest.raises(pytest.skip.Exception, match=f"{NOBODY_HAS} is not installed, so this was not tried"):
        need("sh", NOBODY_HAS)


def test_no_test_is_skipped_in_another_way():
    skipping = {
        str(file.relative_to(TESTS)) for file in TESTS.rglob("*.py") if SKIPS.search(file.read_text())
    }

    assert skipping == OTHERWISE | {"programs.py", Path(__file__).name}


@pytest.mark.parametrize("program", "strace npm openssl unshare pdftotext pdftoppm".split())
def test_whoever_runs_a_program_says_that_it_is_needed(program):
    runs = {file for file in TESTS.rglob("*.py") if f'["{program}", ' in file.read_text()}
    says = {file for file in TESTS.rglob("*.py") if re.search(rf'needs?\([^)]*"{program}"', file.read_text())}

    assert runs
    assert runs <= says
