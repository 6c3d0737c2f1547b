"""Screens, the versions of their seat plans and what is out of service, as the office sees them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from theatre.models.sql import fetch, fetch_one

_PLAN = """
SELECT c.id, coalesce(c.chosen_plan_id, (SELECT p.id FROM theatre_seatplan p WHERE p.screen_id = c.id
                                         ORDER BY p.version DESC LIMIT 1))
FROM theatre_screen c WHERE c.active
"""


def plan_for_new_shows(screen_id: int) -> int | None:
    """The seat plan that a new show on this screen takes: the one the office chose, else the newest. None for a screen
    that is retired, has no plan yet or isn't there. One query.
    """
    row = fetch_one(_PLAN + " AND c.id = %s", [screen_id])
    return row[1] if row else None


def plans_for_new_shows() -> dict[int, int]:
    """The same for every screen that has one: screen -> plan. One query."""
    return {screen: plan for screen, plan in fetch(_PLAN) if plan is not None}


@dataclass(frozen=True, slots=True)
class SeenScreen:
    """A screen. `version`, `plan_id` and `seats` (for sale) are of the plan that new shows take; 0 without one.
    `next_show` is the first of those to come.
    """

    id: int
    name: str
    number: int
    cleaning_minutes: int
    access_notes: str
    active: bool
    chosen_plan_id: int | None
    plan_id: int
    version: int
    seats: int
    newest_id: int
    shows_to_come: int
    next_show: datetime | None
    out_of_service: int


_SCREENS = """
SELECT c.id, c.name, c.number, c.cleaning_minutes, c.access_notes, c.active, c.chosen_plan_id,
       coalesce(p.id, 0), coalesce(p.version, 0), coalesce(p.seat_count, 0), coalesce(newest.id, 0),
       coming.number, coming.first,
       (SELECT count(*) FROM theatre_seatoutofservice o LEFT JOIN theatre_show s ON s.id = o.show_id
        WHERE o.screen_id = c.id AND o.released_at IS NULL AND coalesce(o.until, s.ends_at) > clock_timestamp())
FROM theatre_screen c
LEFT JOIN LATERAL (SELECT id FROM theatre_seatplan WHERE screen_id = c.id ORDER BY version DESC LIMIT 1) newest ON true
LEFT JOIN theatre_seatplan p ON p.id = coalesce(c.chosen_plan_id, newest.id)
CROSS JOIN LATERAL (
  SELECT count(*) AS number, min(starts_at) AS first FROM theatre_show
  WHERE screen_id = c.id AND state IN ('planned', 'on_sale') AND starts_at > clock_timestamp()
) coming
"""


def screens() -> list[SeenScreen]:
    """Every screen, those in use first, by number. One query."""
    return [SeenScreen(*row) for row in fetch(f"{_SCREENS} ORDER BY c.active DESC, c.number")]


def screen(screen_id: int) -> SeenScreen | None:
    """One screen, or None when there is none of that number. One query."""
    row = fetch_one(f"{_SCREENS} WHERE c.id = %s", [screen_id])
    return SeenScreen(*row) if row else None


@dataclass(frozen=True, slots=True)
class ShowToCome:
    """A show of a screen that is still to come."""

    id: int
    starts_at: datetime
    title: str


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a screen's seats: for sale, how many shows use it in all and to come, and the next of those."""

    id: int
    version: int
    seats: int
    made_at: datetime
    shows: int
    shows_to_come: int
    next_shows: tuple[ShowToCome, ...]


SHOWN = 3  # next shows of a version
_VERSIONS = """
SELECT p.id, p.version, p.seat_count, p.created_at, used.number, used.coming, used.ids, used.starts, used.titles
FROM theatre_seatplan p
CROSS JOIN LATERAL (
  SELECT count(*) AS number, count(*) FILTER (WHERE s.comes) AS coming,
         (array_agg(s.id ORDER BY s.starts_at, s.id) FILTER (WHERE s.comes))[:%(shown)s] AS ids,
         (array_agg(s.starts_at ORDER BY s.starts_at, s.id) FILTER (WHERE s.comes))[:%(shown)s] AS starts,
         (array_agg(s.title ORDER BY s.starts_at, s.id) FILTER (WHERE s.comes))[:%(shown)s] AS titles
  FROM (
    SELECT w.id, w.starts_at, m.title, w.state IN ('planned', 'on_sale') AND w.ends_at > clock_timestamp() AS comes
    FROM theatre_show w JOIN theatre_movie m ON m.id = w.movie_id WHERE w.plan_id = p.id
  ) s
) used
WHERE p.screen_id = %(screen)s ORDER BY p.version DESC
"""


def versions(screen_id: int) -> list[Version]:
    """A screen's plans, the newest first, with the shows that use them. One query."""
    rows = fetch(_VERSIONS, {"screen": screen_id, "shown": SHOWN})
    return [
        Version(
            id=id_, version=version, seats=seats, made_at=made_at, shows=shows, shows_to_come=coming,
            next_shows=tuple(map(ShowToCome, ids or (), starts or (), titles or ())),
        )
        for id_, version, seats, made_at, shows, coming, ids, starts, titles in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class OutOfService:
    """A seat that is kept from sale: for the show, or until the moment; by whom, and in how many shows to come."""

    id: int
    row: str
    number: int
    reason: str
    since: datetime
    until: datetime | None
    show_starts_at: datetime | None
    show_title: str
    by: str
    shows: int

    @property
    def last_moment(self) -> datetime | None:
        """The last minute of the last day."""
        return self.until - timedelta(minutes=1) if self.until else None


_OUT = """
SELECT o.id, o.row, o.number, o.reason, o.since, o.until, s.starts_at, coalesce(m.title, ''),
       coalesce(nullif(u.full_name, ''), u.email, ''),
       (SELECT count(*) FROM theatre_show w
        JOIN theatre_seat x ON x.plan_id = w.plan_id AND x.row = o.row AND x.number = o.number
        JOIN theatre_seatclaim c ON c.show_id = w.id AND c.seat_id = x.id AND c.state = 'blocked'
        WHERE w.screen_id = o.screen_id AND w.ends_at > clock_timestamp()
          AND (w.id = o.show_id OR o.show_id IS NULL AND w.starts_at < o.until))
FROM theatre_seatoutofservice o
LEFT JOIN theatre_show s ON s.id = o.show_id
LEFT JOIN theatre_movie m ON m.id = s.movie_id
LEFT JOIN theatre_user u ON u.id = o.by_id
WHERE o.screen_id = %s AND o.released_at IS NULL AND coalesce(o.until, s.ends_at) > clock_timestamp()
ORDER BY length(o.row), o.row, o.number, o.id
"""


def out_of_service(screen_id: int) -> list[OutOfService]:
    """What is kept from sale on a screen now and later, by seat. One query."""
    return [OutOfService(*row) for row in fetch(_OUT, [screen_id])]


MOST_SHOWS = 200


def shows_to_come(screen_id: int) -> list[ShowToCome]:
    """The next shows of a screen that are not over, MOST_SHOWS of them at most. One query."""
    rows = fetch(
        "SELECT s.id, s.starts_at, m.title FROM theatre_show s JOIN theatre_movie m ON m.id = s.movie_id"
        " WHERE s.screen_id = %s AND s.state IN ('planned', 'on_sale') AND s.ends_at > clock_timestamp()"
        " ORDER BY s.starts_at LIMIT %s",
        [screen_id, MOST_SHOWS],
    )
    return [ShowToCome(*row) for row in rows]
