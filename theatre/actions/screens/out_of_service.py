"""Seats taken out of service, for one show or until a day, and given back."""

from datetime import date, datetime, time, timedelta

from theatre.access import Actor, Permission, require
from theatre.actions._doors import action, record
from theatre.actions.booking import _once
from theatre.actions.booking._once import Once
from theatre.actions.screens import _locks
from theatre.actions.screens._blocks import block_in
from theatre.models import SeatOutOfService
from theatre.models.sql import fetch, fetch_one
from theatre.queries.quotes import ZONE
from theatre.rules.moments import day
from theatre.rules.refusals import Refused
from theatre.rules.seating import label

LONGEST_DAYS = 3 * 366
LONGEST_REASON = 200


class SeatNotThere(Refused):
    """The plan has no seat of this row and number."""

    code = "seat_not_there"


class ShowNotToCome(Refused):
    """The show is over, cancelled, or not on this screen."""

    code = "show_not_to_come"


class DayNotToCome(Refused):
    """A seat is taken out until today or a later day, within three years."""

    code = "day_not_to_come"


class OutAlready(Refused):
    """The seat is out of service for that show or on those days already."""

    code = "out_already"


class NotOut(Refused):
    """There is no such seat out of service."""

    code = "not_out"


@action
def take_out(
    *,
    by: Actor,
    screen_id: int,
    row: str,
    number: int,
    reason: str,
    show_id: int | None = None,
    last_day: date | None = None,
    once: Once | None = None,
) -> int:
    """Keep a seat from sale, for one show or until the end of a day by the theatre's calendar; the deed's id.

    It is blocked in every show to come that this covers, and in those that are added later. Refused: ScreenUnknown,
    SeatNotThere, ShowNotToCome, DayNotToCome, OutAlready, SeatInUse (then nothing is blocked).
    """
    require(by, Permission.MANAGE_SCREENS)
    if (before := _once.begin(once)) is not None:
        return int(before["out"])
    if (show_id is None) == (last_day is None):
        raise DayNotToCome("Choose a show, or the last day", "last_day")
    screen = _locks.screen(screen_id)
    until = None if last_day is None else _end_of(last_day)
    plans = _plans(screen_id, show_id)
    if not fetch_one(
        "SELECT 1 FROM theatre_seat WHERE plan_id = ANY(%s) AND row = %s AND number = %s LIMIT 1",
        [plans, row, number],
    ):
        raise SeatNotThere(f"{screen.name} has no seat {label(row, number)}", "seat")
    _check_not_out(screen_id, row, number, show_id, until)
    out = SeatOutOfService.objects.create(
        screen=screen, row=row, number=number, show_id=show_id, until=until, reason=reason[:LONGEST_REASON],
        by_id=by.user_id,
    )  # fmt: skip
    blocked = block_in(_covered(screen_id, show_id, until))
    record(
        by, "take_seat_out", ("screen", screen_id), reason=out.reason, seat=label(row, number), show=show_id,
        until=last_day, shows=blocked,
    )  # fmt: skip
    _once.keep(once, {"out": out.pk})
    return out.pk


@action
def give_back(*, by: Actor, out_id: int) -> None:
    """Put a seat on sale again in every show to come, unless it is out of service there for another reason too.

    Refused: NotOut.
    """
    require(by, Permission.MANAGE_SCREENS)
    found = fetch_one("SELECT screen_id FROM theatre_seatoutofservice WHERE id = %s", [out_id])
    if found is None:
        raise NotOut("That seat is not out of service")
    _locks.screen(found[0])
    out = SeatOutOfService.objects.get(pk=out_id)
    if out.released_at is not None:
        return
    [[out.released_at]] = fetch("SELECT clock_timestamp()")
    out.save(update_fields=["released_at"])
    block_in(_covered(out.screen_id, out.show_id, out.until))
    record(by, "give_seat_back", ("screen", out.screen_id), seat=label(out.row, out.number))


def _end_of(last_day: date) -> datetime:
    """The moment that the day ends. Refused: DayNotToCome."""
    [[now]] = fetch("SELECT clock_timestamp()")
    today = now.astimezone(ZONE).date()
    if not today <= last_day <= today + timedelta(days=LONGEST_DAYS):
        raise DayNotToCome("Choose today or a later day, within three years", "last_day")
    return datetime.combine(last_day + timedelta(days=1), time(), tzinfo=ZONE)


def _plans(screen_id: int, show_id: int | None) -> list[int]:
    """The plans the seat may be of: the show's, else all of the screen. Refused: ShowNotToCome."""
    if show_id is None:
        return [row[0] for row in fetch("SELECT id FROM theatre_seatplan WHERE screen_id = %s", [screen_id])]
    found = fetch_one(
        "SELECT plan_id FROM theatre_show WHERE id = %s AND screen_id = %s AND state IN ('planned', 'on_sale')"
        " AND ends_at > clock_timestamp() FOR KEY SHARE",
        [show_id, screen_id],
    )
    if found is None:
        raise ShowNotToCome("That show is not to come on this screen. Choose another", "show")
    return [found[0]]


def _check_not_out(
    screen_id: int, row: str, number: int, show_id: int | None, until: datetime | None
) -> None:
    found = fetch_one(
        "SELECT until, clock_timestamp() FROM theatre_seatoutofservice"
        " WHERE screen_id = %s AND row = %s AND number = %s AND released_at IS NULL"
        " AND (until > clock_timestamp() AND %s::bigint IS NULL OR show_id = %s::bigint)"
        " ORDER BY until DESC NULLS LAST LIMIT 1",
        [screen_id, row, number, show_id, show_id],
    )
    if found is None:
        return
    last, now = found
    when = "for that show" if last is None else f"until {day(last - timedelta(minutes=1), ZONE, now=now)}"
    raise OutAlready(
        f"{label(row, number)} is out of service {when} already. Give it back first to change that", "seat"
    )


def _covered(screen_id: int, show_id: int | None, until: datetime | None) -> list[int]:
    """The shows to come that this covers, by id, each held against what changes it whole."""
    return [
        row[0]
        for row in fetch(
            "SELECT id FROM theatre_show WHERE screen_id = %s AND state IN ('planned', 'on_sale')"
            " AND ends_at > clock_timestamp() AND (id = %s::bigint OR starts_at < %s::timestamptz)"
            " ORDER BY id FOR KEY SHARE",
            [screen_id, show_id, until],
        )
    ]
