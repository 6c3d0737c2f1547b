"""The week board: what is shown on which screen when, and how full it is."""

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from theatre.models.sql import fetch
from theatre.queries.quotes import ZONE
from theatre.queries.shows import TOUCHED
from theatre.rules.copying import day_bounds

FIRST_HOUR, LAST_HOUR = 10, 24  # what the axis shows at least
MOST_HOURS = 30  # an evening's film ends before six


@dataclass(frozen=True, slots=True)
class Block:
    """A show on the board. `begins` is minutes after its day's midnight by the theatre's clocks, `length` minutes.

    `taken` of `seats` are sold, held or reserved; `movable` says that nobody ever booked and it has not begun.
    """

    id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    formats: tuple[str, ...]
    state: str
    seats: int
    taken: int
    begins: int
    length: int
    over: bool
    movable: bool

    @property
    def share(self) -> int:
        """How full it is in twenty steps; full only when it is, empty only when it is."""
        if self.seats <= 0 or self.taken <= 0:
            return 0
        return 20 if self.taken >= self.seats else min(19, max(1, round(20 * self.taken / self.seats)))


@dataclass(frozen=True, slots=True)
class Lane:
    """One screen on one day."""

    screen_id: int
    screen: str
    number: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """One day with a lane for every screen that is in use or has a show that week. `planned` are not on sale yet."""

    date: date
    lanes: tuple[Lane, ...]

    @property
    def shows(self) -> int:
        return sum(len(lane.blocks) for lane in self.lanes)


@dataclass(frozen=True, slots=True)
class Board:
    """Some days in a row. `first_hour` and `hours` are the axis; `now` is the database's."""

    days: tuple[Day, ...]
    first_hour: int
    hours: int
    now: datetime
    planned: tuple[int, ...]

    @property
    def shows(self) -> int:
        return sum(day.shows for day in self.days)


# Seats are counted as the seat map counts them, once a plan and once a show.
_SHOWS = f"""
WITH here AS MATERIALIZED (
  SELECT s.* FROM theatre_show s WHERE s.starts_at >= %s AND s.starts_at < %s
), hall AS (
  SELECT x.plan_id, count(*) AS seats FROM theatre_seat x
  WHERE x.plan_id IN (SELECT plan_id FROM here) AND NOT x.house_seat AND NOT x.broken GROUP BY x.plan_id
), taken AS (
  SELECT c.show_id, count(*) AS seats FROM theatre_seatclaim c JOIN theatre_seat x ON x.id = c.seat_id
  WHERE c.show_id IN (SELECT id FROM here) AND c.state <> 'blocked'
    AND (c.held_until IS NULL OR c.held_until > clock_timestamp()) AND NOT x.house_seat AND NOT x.broken
  GROUP BY c.show_id
)
SELECT sc.id, sc.name, sc.number, n.now, s.id, m.title, s.starts_at, s.ends_at, s.formats, s.state,
       coalesce(hall.seats, 0), coalesce(taken.seats, 0), {TOUCHED}
FROM (SELECT clock_timestamp() AS now) n
CROSS JOIN theatre_screen sc
LEFT JOIN here s ON s.screen_id = sc.id
LEFT JOIN theatre_movie m ON m.id = s.movie_id
LEFT JOIN hall ON hall.plan_id = s.plan_id
LEFT JOIN taken ON taken.show_id = s.id
WHERE sc.active OR s.id IS NOT NULL
ORDER BY sc.number, s.starts_at, s.id
"""  # noqa: S608  constants of ours


def board(first: date, days: int, now: datetime) -> Board:
    """The theatre's days from `first` on, with all their shows, cancelled ones too. One query."""
    begins, ends = day_bounds(first, days, ZONE)
    rows = fetch(_SHOWS, [begins, ends])
    dates = [first + timedelta(days=step) for step in range(days)]
    screens: dict[int, tuple[str, int]] = {}
    blocks: dict[tuple[date, int], list[Block]] = {}
    for screen_id, screen, number, at, *facts in rows:
        screens[screen_id], now = (screen, number), at
        if facts[0] is not None:
            starts_at: datetime = facts[2]
            blocks.setdefault((starts_at.astimezone(ZONE).date(), screen_id), []).append(_block(facts, at))
    everything = [block for found in blocks.values() for block in found]
    first_hour = min([FIRST_HOUR, *(block.begins // 60 for block in everything)])
    last_hour = max([LAST_HOUR, *(math.ceil((block.begins + block.length) / 60) for block in everything)])
    return Board(
        days=tuple(
            Day(day, tuple(Lane(id_, *screens[id_], tuple(blocks.get((day, id_), ()))) for id_ in screens))
            for day in dates
        ),
        first_hour=first_hour,
        hours=min(last_hour, MOST_HOURS) - first_hour,
        now=now,
        planned=tuple(block.id for block in everything if block.state == "planned" and not block.over),
    )


def _block(facts: list[Any], now: datetime) -> Block:
    id_, title, starts_at, ends_at, formats, state, seats, taken, touched = facts
    local = starts_at.astimezone(ZONE)
    begins = local.hour * 60 + local.minute
    return Block(
        id=id_, title=title, starts_at=starts_at, ends_at=ends_at, formats=tuple(formats), state=state, seats=seats,
        taken=taken, begins=begins,
        length=min(round((ends_at - starts_at).total_seconds() / 60), MOST_HOURS * 60 - begins),
        over=starts_at <= now, movable=not touched and starts_at > now and state in ("planned", "on_sale"),
    )  # fmt: skip
