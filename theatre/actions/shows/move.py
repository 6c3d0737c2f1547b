"""Move a show together with everybody who has seats of it, to another time or another screen.

The show stays the same show: its bookings, papers and links go on. Who loses the row and number they chose is given
another seat and a new code; everybody is told, and may give their tickets back until it begins
(`actions/booking/moved.py`).
"""

from datetime import datetime

from theatre import events
from theatre.access import Actor, Permission, require
from theatre.actions._doors import action, record
from theatre.actions.booking import _once
from theatre.actions.booking._once import Once
from theatre.actions.screens._blocks import block_in
from theatre.actions.shows import _places, _seats
from theatre.models.sql import change, fetch_one
from theatre.queries import moving
from theatre.queries.moving import Place, Proposal
from theatre.rules import shows
from theatre.rules.moments import counted
from theatre.rules.moving import SeatsMissing, SeenOtherwise
from theatre.rules.refusals import Refused

LONGEST_REASON = 500


class SamePlace(Refused):
    """The show is there already."""

    code = "same_place"


class ReasonLeftOut(Refused):
    """Guests read in their letter why."""

    code = "reason_left_out"


@action
def move_show(
    *,
    by: Actor,
    show_id: int,
    screen_id: int,
    starts_at: datetime,
    reason: str,
    seen: str,
    knowing_late: bool = False,
    once: Once | None = None,
) -> int:
    """Give a show another time or screen with its guests in the seats that were looked at; the move's id.

    `seen` is the mark of that proposal (`queries.moving`). Holds end. On another screen the show takes the plan that
    new shows take there. Refused: NoSuchShow, ShowCannot, SamePlace, ReasonLeftOut, SeatsMissing, SeenOtherwise,
    TooManyForTheCounter, and as `plan_show`. Source: domain.md, "The programme".
    """
    require(by, Permission.MANAGE_SHOWS)
    if (before := _once.begin(once)) is not None:
        return int(before["move"])
    if not reason.strip():
        raise ReasonLeftOut("Say why. Guests read it in their letter", "reason")
    hall = _places.lock_screen(screen_id)
    show = _places.lock_show(show_id)
    shows.check_open(show.state, starts_at=show.starts_at, now=show.now)
    if (show.screen_id, show.starts_at) == (hall.id, starts_at):
        raise SamePlace("The show is there already. Choose another time or screen", "starts_at")
    wanted = _places.fitting(hall, show, starts_at, knowing_late=knowing_late)
    place = Place(hall.id, _places.plan_in(hall, show), starts_at)
    _seats.lock_all(show.id)
    ended = _seats.end_holds(show.id, by.user_id)
    proposal = moving.proposal(show.id, place)
    _check(proposal, seen)
    with _places.last_word(hall, wanted, but=show.id):
        change(
            "UPDATE theatre_show SET screen_id = %s, plan_id = %s, starts_at = %s, ends_at = %s, clean_at = %s"
            " WHERE id = %s",
            [hall.id, place.plan_id, wanted.start, wanted.movie_ends, wanted.until, show.id],
        )
    _seats.seat(show.id, place, proposal.parties, later=starts_at - show.starts_at)
    block_in([show.id])
    move_id = _note(by, show, place, reason.strip()[:LONGEST_REASON], proposal)
    record(
        by, "move_show", ("show", show.id), reason=reason.strip(), starts_at=starts_at, before=show.starts_at,
        screen=hall.id, reseated=len(proposal.reseated), holds_ended=ended, late=knowing_late,
    )  # fmt: skip
    events.show_moved.send(sender=None, move_id=move_id)
    _once.keep(once, {"move": move_id})
    return move_id


def _check(proposal: Proposal, seen: str) -> None:
    """Everybody has a seat, and the one that was shown: else SeatsMissing or SeenOtherwise."""
    if proposal.seatless:
        number = counted(len(proposal.seatless), "party", "parties")
        raise SeatsMissing(f"{number} would find no seat there. Choose a larger screen", "screen")
    if proposal.mark != seen:
        raise SeenOtherwise("Somebody booked or cancelled meanwhile, so seats changed. Look again")


_MOVE = """
INSERT INTO theatre_showmove (show_id, by_id, moved_at, reason, was_screen_id, was_starts_at, screen_id, starts_at)
VALUES (%s, %s, clock_timestamp(), %s, %s, %s, %s, %s) RETURNING id
"""
_ASK = """
INSERT INTO theatre_moveanswer (move_id, booking_id, was_seats, seats, answer)
SELECT %s, booking, string_to_array(was, '|'), string_to_array(seats, '|'), ''
FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS b (booking, was, seats)
"""


def _note(by: Actor, show: _places.Held, place: Place, reason: str, proposal: Proposal) -> int:
    """The move, and a question to each of its bookings."""
    made = fetch_one(
        _MOVE,
        [show.id, by.user_id, reason, show.screen_id, show.starts_at, place.screen_id, place.starts_at],
    )
    assert made is not None  # noqa: S101 - it returns its row
    asked = proposal.bookings
    change(
        _ASK,
        [
            made[0], [each.id for each in asked], ["|".join(each.was) for each in asked],
            ["|".join(each.will_be) for each in asked],
        ],
    )  # fmt: skip
    return int(made[0])
