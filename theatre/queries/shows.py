"""Shows as the office plans them: one with all that is known of it, when screens are taken, movies by title."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from theatre.models.sql import Row, fetch, fetch_one
from theatre.rules.shows import Busy

FOUND_AT_MOST = 12
# No show takes its screen for longer: 900 minutes of movie, the trailers and four hours of cleaning.
LONGEST = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class PlannedShow:
    """A show as the office sees it. `seats` are those guests can book; `taken` is how many somebody has now.

    `touched`: somebody has booked or held seats of it, now or before, or a guest of the house has. Times aware UTC.
    """

    id: int
    movie_id: int
    title: str
    year: int | None
    slug: str
    certificate: str
    minutes: int
    movie_state: str
    screen_id: int
    screen: str
    screen_number: int
    card_id: int
    card: str
    starts_at: datetime
    ends_at: datetime
    clean_at: datetime
    formats: tuple[str, ...]
    on_sale_from: datetime | None
    on_sale_until: datetime | None
    counter_seats: int
    state: str
    seats: int
    taken: int
    touched: bool
    now: datetime

    @property
    def begun(self) -> bool:
        return self.starts_at <= self.now

    @property
    def open(self) -> bool:
        """Whether it can still be changed."""
        return self.state in ("planned", "on_sale") and not self.begun


# Seats are counted as the seat map counts them: without broken and house seats, and without live claims.
TAKEN = """(SELECT count(*) FROM theatre_seatclaim c JOIN theatre_seat x ON x.id = c.seat_id
   WHERE c.show_id = s.id AND c.state <> 'blocked' AND (c.held_until IS NULL OR c.held_until > clock_timestamp())
     AND NOT x.house_seat AND NOT x.broken)"""
SEATS = """(SELECT count(*) FROM theatre_seat x WHERE x.plan_id = s.plan_id AND NOT x.house_seat AND NOT x.broken)"""
TOUCHED = """(EXISTS (SELECT 1 FROM theatre_booking b WHERE b.show_id = s.id)
   OR EXISTS (SELECT 1 FROM theatre_vipreservation v WHERE v.show_id = s.id))"""
_ONE = f"""
SELECT s.id, s.movie_id, m.title, extract(year FROM m.release_date)::int, m.slug, m.certificate,
       coalesce(m.duration_minutes, 0), m.state, s.screen_id, sc.name, sc.number, s.card_id, p.name, s.starts_at,
       s.ends_at, s.clean_at, s.formats, s.on_sale_from, s.on_sale_until, s.counter_seats, s.state, {SEATS}, {TAKEN},
       {TOUCHED}, clock_timestamp()
FROM theatre_show s
JOIN theatre_movie m ON m.id = s.movie_id
JOIN theatre_screen sc ON sc.id = s.screen_id
JOIN theatre_pricecard p ON p.id = s.card_id
WHERE s.id = %s
"""  # noqa: S608  constants of ours


def show(show_id: int) -> PlannedShow | None:
    """One show, or None when there is none. One query."""
    row = fetch_one(_ONE, [show_id])
    if row is None:
        return None
    values = list(row)
    values[16] = tuple(values[16])
    return PlannedShow(*values)


_BUSY = """
SELECT screen_id, starts_at, clean_at, ends_at FROM theatre_show
WHERE screen_id = ANY(%s) AND state <> 'cancelled' AND id <> %s
  AND starts_at > %s AND starts_at < %s AND clean_at > %s
ORDER BY starts_at
"""


def busy(
    screen_ids: Iterable[int], since: datetime, until: datetime, *, but: int = 0
) -> dict[int, list[Busy]]:
    """When each of these screens is taken between two moments, cleaning included; `but` is a show that does not count.
    One query."""
    taken: dict[int, list[Busy]] = {screen: [] for screen in screen_ids}
    for screen, starts, clean, ends in fetch(_BUSY, [list(taken), but, since - LONGEST, until, since]):
        taken[screen].append(Busy(starts, clean, ends))
    return taken


@dataclass(frozen=True, slots=True)
class Film:
    """A movie that shows can be planned of, and how it is named where several are alike: `Owl (1998)`."""

    id: int
    title: str
    year: int | None
    director: str
    minutes: int | None

    @property
    def label(self) -> str:
        return f"{self.title} ({self.year})" if self.year else self.title


_FILMS = """
SELECT id, title, extract(year FROM release_date)::int, director, duration_minutes FROM theatre_movie
WHERE state <> 'retired' AND duration_minutes IS NOT NULL AND {chosen} ORDER BY {order} LIMIT %s
"""
_LABEL = "title || coalesce(' (' || extract(year FROM release_date)::int || ')', '')"


def films(typed: str) -> list[Film]:
    """Movies whose title has these words in it, or nearly, the likeliest first; without words those that are showing.
    One query."""
    words = " ".join(typed.split())
    if not words:
        return _found("state = 'showing'", [], "title, id", [])
    pattern = "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    return _found(
        "(title ILIKE %s OR title %% %s)", [pattern, words],
        "state <> 'showing', title NOT ILIKE %s, similarity(title, %s) DESC, title, id", [pattern, words],
    )  # fmt: skip


def films_called(typed: str) -> list[Film]:
    """Movies with exactly this label or title, whatever the case. One query."""
    words = " ".join(typed.split()).lower()
    return _found(
        f"(lower({_LABEL}) = %s OR lower(title) = %s)", [words, words], f"lower({_LABEL}) <> %s, id", [words]
    )


def _found(chosen: str, of: list[str], order: str, by: list[str]) -> list[Film]:
    rows: list[Row] = fetch(_FILMS.format(chosen=chosen, order=order), [*of, *by, FOUND_AT_MOST])
    return [Film(*row) for row in rows]


def screens() -> list[tuple[int, str]]:
    """The screens that can be programmed: in use, with a seat plan. One query."""
    return fetch(
        "SELECT id, name FROM theatre_screen c WHERE active"
        " AND EXISTS (SELECT 1 FROM theatre_seatplan p WHERE p.screen_id = c.id) ORDER BY number"
    )
