"""What the pages about the code say is there, is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NAMED = re.compile(r"`([\w/.-]+/[\w.-]+\.(?:py|html|js|sql|toml))`")
LINKED = re.compile(r"\]\((?!https?:)([^)#]+)")
FUNCTIONS = re.compile(r"^\| `(\w+)`", re.MULTILINE)


@pytest.mark.parametrize("page", ["flow", "locking"])
def test_every_file_that_a_page_names_exists(page):
    words = (ROOT / "docs" / f"{page}.md").read_text()

    named = NAMED.findall(words)
    assert named
    assert [
        name for name in named if not any((base / name).exists() for base in (ROOT, ROOT / "theatre"))
    ] == []
    assert [link for link in LINKED.findall(words) if not (ROOT / "docs" / link).exists()] == []


def test_every_action_that_takes_seats_has_its_line_in_the_law():
    told = set(FUNCTIONS.findall((ROOT / "docs" / "locking.md").read_text()))
    sources = [path.read_text() for path in sorted((ROOT / "theatre" / "actions").rglob("*.py"))]
    defined = {name for source in sources for name in re.findall(r"^def (\w+)", source, re.MULTILINE)}
    taking = {
        name
        for source in sources
        for name, body in re.findall(r"^def ([a-z]\w*)\((.*?)(?=^\S|\Z)", source, re.MULTILINE | re.DOTALL)
        if re.search(r"_claims\.|FOR UPDATE|theatre_seatclaim|_ADMIT", body)
    }

    assert told <= defined
    assert told >= {
        "hold_seats",
        "extend_hold",
        "release_hold",
        "confirm_booking",
        "cancel_booking",
        "check_in",
    }
    assert [name for name in taking if name not in told and name not in HELPERS] == []


# Of _claims.py, _holds.py and _seats.py: they expect the order to be kept by who calls them.
HELPERS = {
    "take", "take_instead", "take_for_guest", "lock", "lock_live", "lock_for_guest", "sell", "free", "end_holds",
    "check_live", "lock_tier", "take_in_exchange", "give_up", "lock_all", "seat",
    "keep_nothing", "keep_for_waiting",
}  # fmt: skip
