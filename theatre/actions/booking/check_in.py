"""Let somebody in: a ticket opens the door once."""

from dataclasses import dataclass
from datetime import datetime

from theatre.access import Actor, Permission, require
from theatre.actions._doors import action, record
from theatre.actions.booking import _once
from theatre.actions.booking._once import Once
from theatre.documents import codes
from theatre.models.sql import fetch_one
from theatre.queries import quotes
from theatre.rules.moments import clock
from theatre.rules.refusals import Refused
from theatre.rules.seating import label


class CodeForged(Refused):
    """What was scanned is not a ticket of this theatre."""

    code = "forged"


class AlreadyUsed(Refused):
    """The ticket was checked in before; `data` says when (`at`) and where (`door`)."""

    code = "already_used"


class WrongShow(Refused):
    """The ticket is for another show than the one at this door."""

    code = "wrong_show"


class TicketDead(Refused):
    """The ticket was returned, or its seat was changed and a new one sent."""

    code = "ticket_returned"


@dataclass(frozen=True, slots=True)
class CheckIn:
    """Who may go in where: the seat, and when the ticket was checked in (aware UTC)."""

    ref: str
    seat: str
    movie: str
    screen: str
    starts_at: datetime
    at: datetime
    door: str


_ADMIT = """
UPDATE theatre_ticket SET checked_in_at = clock_timestamp(), door = %s
WHERE id = %s AND nonce = %s AND state = 'sold' AND checked_in_at IS NULL
RETURNING checked_in_at
"""
_FACTS = """
SELECT b.ref, seat.row, seat.number, m.title, sc.name, s.starts_at, t.state, t.nonce, t.checked_in_at, t.door, s.id
FROM theatre_ticket t
JOIN theatre_booking b ON b.id = t.booking_id
JOIN theatre_show s ON s.id = t.show_id
JOIN theatre_movie m ON m.id = s.movie_id
JOIN theatre_screen sc ON sc.id = s.screen_id
JOIN theatre_seat seat ON seat.id = t.seat_id
WHERE t.id = %s
"""


@action
def check_in(
    *, by: Actor, code: str, show_id: int | None = None, door: str = "", once: Once | None = None
) -> CheckIn:
    """Check a ticket in by its QR's text. Refused: CodeForged, WrongShow, TicketDead, AlreadyUsed."""
    require(by, Permission.CHECK_IN)
    if (before := _once.begin(once)) is not None:
        return CheckIn(
            **{**before, "starts_at": datetime.fromisoformat(before["starts_at"]),
               "at": datetime.fromisoformat(before["at"])}
        )  # fmt: skip
    try:
        ticket = codes.read("".join(code.split()).upper(), codes.public_keys())
    except codes.ForgedCode as forged:
        raise CodeForged(
            "This is not a ticket of this theatre. Ask for the booking’s reference", "code"
        ) from forged
    if show_id is not None and ticket.show_id != show_id:
        raise WrongShow("This ticket is for another show. Look at its time and screen", "code")
    admitted = fetch_one(_ADMIT, [door[:40], ticket.ticket_id, ticket.nonce])
    facts = fetch_one(_FACTS, [ticket.ticket_id])
    if facts is None:
        raise CodeForged("This is not a ticket of this theatre. Ask for the booking’s reference", "code")
    ref, row, number, movie, screen, starts_at, state, nonce, used_at, used_door, show = facts
    if admitted is None and (state != "sold" or nonce != ticket.nonce):
        raise TicketDead("This ticket was returned or replaced. Ask for the newest one", "code")
    if admitted is None:
        at = clock(used_at, quotes.ZONE)
        by_door = f" by {used_door}" if used_door else ""
        raise AlreadyUsed(f"Already used at {at}{by_door}", "code", at=used_at.isoformat(), door=used_door)
    record(by, "check_in", ("ticket", ticket.ticket_id), door=door, show=show)
    done = CheckIn(ref, label(row, number), movie, screen, starts_at, admitted[0], door[:40])
    _once.keep(
        once,
        {
            "ref": ref, "seat": done.seat, "movie": movie, "screen": screen, "starts_at": starts_at.isoformat(),
            "at": done.at.isoformat(), "door": done.door,
        },
    )  # fmt: skip
    return done
