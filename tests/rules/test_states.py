import runpy
from pathlib import Path

import pytest

from theatre.rules import bookings, states

DOCS = Path(__file__).parents[2] / "docs"


def test_the_states_page_is_fresh():
    written = (DOCS / "states.md").read_text(encoding="utf-8")

    assert written == states.page(), "Run: python -m theatre.rules.states > docs/states.md"


def test_the_picture_shows_every_step_and_where_it_ends():
    assert states.picture(bookings.STEPS, bookings.State.HELD) == "\n".join(
        [
            "```mermaid",
            "stateDiagram-v2",
            "    [*] --> held",
            "    held --> confirmed: confirm",
            "    held --> lapsed: release, or the hold ends",
            "    confirmed --> cancelled: cancel, or the last ticket is returned",
            "    lapsed --> [*]",
            "    cancelled --> [*]",
            "```",
        ]
    )


def test_every_state_is_in_the_picture():
    page = states.page()

    for state in (*bookings.State, *bookings.TicketState):
        assert f"    {state} --> " in page


@pytest.mark.filterwarnings("ignore:.*found in sys.modules:RuntimeWarning")
def test_the_module_writes_the_page(capsys):
    runpy.run_module("theatre.rules.states", run_name="__main__")

    assert capsys.readouterr().out == states.page()
