"""The house's own patterns (semgrep/*.yml): each finds what it is for and lets its neighbour through."""

import json
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "semgrep" / "examples"
SOURCES = [
    path
    for folder in ("theatre", "config", "bin")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in (".py", ".html", ".js") and "vendor" not in path.parts
]
_SAID = re.compile(r"\b(ruleid|ok): ([a-z-]+)")
_NAMED = re.compile(r"^  - id: ([a-z-]+)$", re.M)
_WAIVED = re.compile(r"nosem\w*(.*)")


def rules() -> set[str]:
    return {name for path in (ROOT / "semgrep").glob("*.yml") for name in _NAMED.findall(path.read_text())}


def examples(kind: str) -> set[tuple[str, str, int]]:
    """Rule, file and line of what stands under `ruleid` (bad) or `ok` (good); several comments may stand together."""
    said, waiting = set(), []
    for path in sorted(EXAMPLES.iterdir()):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if found := _SAID.search(line):
                waiting.append(found)
            else:
                said |= {(each[2], path.name, number) for each in waiting if each[1] == kind}
                waiting = []
    return said


@pytest.fixture(scope="module")
def found() -> set[tuple[str, str, int]]:
    done = subprocess.run(
        [sys.executable, "bin/_semgrep.py", "--json", "semgrep/examples"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    answer = json.loads(done.stdout.splitlines()[-1])  # before it may stand that Semgrep was installed
    assert answer["errors"] == []
    return {
        (each["check_id"].rpartition(".")[2], Path(each["path"]).name, each["start"]["line"])
        for each in answer["results"]
    }


def test_every_pattern_finds_what_it_is_for(found):
    assert examples("ruleid") - found == set()


def test_no_pattern_finds_what_is_in_order(found):
    assert examples("ok") & found == set()


def test_every_pattern_has_a_bad_and_a_good_example():
    known = defaultdict(set)
    for kind in ("ruleid", "ok"):
        for rule, _, _ in examples(kind):
            known[rule].add(kind)

    assert len(rules()) >= 30
    assert dict(known) == dict.fromkeys(rules(), {"ruleid", "ok"})


def test_every_waiver_names_its_pattern_and_its_reason():
    waivers = [
        (path.relative_to(ROOT), said[1])
        for path in SOURCES
        for line in path.read_text().splitlines()
        if (said := _WAIVED.search(line))
    ]

    wrong = [
        each
        for each in waivers
        if not (named := re.fullmatch(r": ([a-z-]+) - \S.{9,}", each[1])) or named[1] not in rules()
    ]
    assert len(waivers) > 5
    assert wrong == []
