"""The page docs/states.md, drawn from the tables that the rules keep to.

`python -m theatre.rules.states > docs/states.md` writes it; a test says when it is stale.
"""

import sys
from collections.abc import Sequence

from theatre.rules import bookings, shows

Steps = Sequence[tuple[str, str, str]]

PAGE = """# States

This page is drawn from the tables in `theatre/rules/bookings.py` and `theatre/rules/shows.py` by
`python -m theatre.rules.states > docs/states.md`. What has no arrow cannot happen: the rules refuse it, and
the database has the last word.

## A booking

{booking}

A hold lapses by the clock: its claims end at `held_until` and the seats are free at that moment. The word
`lapsed` in the booking's row is written later, when somebody takes the seats or the tidying job comes by.
So a booking is live when it is confirmed, or held with claims that have not lapsed.

## A ticket

{ticket}

A confirmed booking can lose some of its tickets and stay confirmed; when the last one is returned it is
cancelled. A change of seat returns the old ticket and sells a new one, with a new code.

## A show

{show}

Cancelling a show cancels every live booking of it, with a full refund and one letter each.
"""


def picture(steps: Steps, first: str) -> str:
    """A table of steps as a Mermaid state diagram; states without a way out lead to the end."""
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {first}"]
    lines += [f"    {before} --> {after}: {deed}" for before, after, deed in steps]
    starts = {before for before, _, _ in steps}
    ends = dict.fromkeys(after for _, after, _ in steps if after not in starts)
    lines += [f"    {end} --> [*]" for end in ends]
    return "\n".join([*lines, "```"])


def page() -> str:
    """The whole page, as it stands in docs/states.md."""
    return PAGE.format(
        booking=picture(bookings.STEPS, bookings.State.HELD),
        ticket=picture(bookings.TICKET_STEPS, bookings.TicketState.HELD),
        show=picture(shows.STEPS, shows.State.PLANNED),
    )


if __name__ == "__main__":
    sys.stdout.write(page())
