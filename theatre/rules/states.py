"""The page docs/states.md, drawn from the tables that the rules keep to.

`python -m theatre.rules.states > docs/states.md` writes it; a test says when it is stale.
"""

import sys
from collections.abc import Sequence

from theatre.rules import bookings, releases, shows, vip, waiting

Steps = Sequence[tuple[str, str, str]]

PAGE = """# States

This page is drawn from the tables in `theatre/rules/bookings.py`, `theatre/rules/shows.py`, `theatre/rules/vip.py`,
`theatre/rules/releases.py` and `theatre/rules/waiting.py` by `python -m theatre.rules.states > docs/states.md`.
What has no arrow cannot happen: the rules refuse it, and the database has the last word.

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

Cancelling a show ends its holds and VIP reservations in the same moment. Its bookings are then cancelled one by one,
with a full refund and one letter each: until that is finished a cancelled show has confirmed bookings, and no other
claim to a seat. It can be stopped and resumed; what is done stays done.

A show that is moved stays the same show. Its tickets stay sold; one that gets another seat gets a new code.

## A movie

{movie}

Guests know of a movie that is coming soon, showing or retired, and not of a draft. Who asked to be told hears when it
opens; everybody else hears of it once, in the daily letter after it was announced or opened.

## A VIP reservation

{vip}

Its claims end at the release time, as a hold's do: the seats are free at that moment, and the word `lapsed` is written
later. Without a release time they are kept until somebody releases them or the show is cancelled.

## A party on the waiting list

{waiting}

An offer is a hold like any other: whether they took it is in the booking. Who let it lapse may ask again, and stands
at the end.
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
        movie=picture(releases.STEPS, releases.State.DRAFT),
        vip=picture(vip.STEPS, vip.State.RESERVED),
        waiting=picture(waiting.STEPS, waiting.State.WAITING),
    )


if __name__ == "__main__":
    sys.stdout.write(page())
