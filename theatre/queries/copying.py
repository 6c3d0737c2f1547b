"""What a day or a week of shows becomes when it is copied: shown before anything is saved, asked again in saving."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings

from theatre.models.sql import fetch
from theatre.queries import cards, shows
from theatre.queries.quotes import ZONE
from theatre.queries.screens import plans_for_new_shows
from theatre.rules import copying
from theatre.rules.copying import Copy, Into, Source, day_bounds

CHILDREN_UNTIL = time.fromisoformat(settings.CHILDREN_UNTIL)


@dataclass(frozen=True, slots=True)
class Preview:
    """Every show that would be made, in the order of time; `plans` are the seat plans they would take, by screen."""

    copies: tuple[Copy, ...]
    plans: dict[int, int]

    @property
    def fitting(self) -> tuple[Copy, ...]:
        return tuple(copy for copy in self.copies if copy.fits)

    @property
    def left_out(self) -> tuple[Copy, ...]:
        return tuple(copy for copy in self.copies if not copy.fits)

    @property
    def mark(self) -> str:
        """Stands for exactly this preview: another one, another mark."""
        told = [
            [
                copy.source.id,
                str(copy.starts_at),
                str(copy.ends_at),
                copy.card.id if copy.card else 0,
                copy.problem,
            ]
            for copy in self.copies
        ]
        return hashlib.blake2b(json.dumps(told).encode(), digest_size=12).hexdigest()


_SOURCES = """
SELECT s.id, s.movie_id, m.title, m.certificate, m.duration_minutes, m.state, s.screen_id, sc.name, sc.cleaning_minutes,
       s.starts_at, s.on_sale_from, s.on_sale_until, s.card_id
FROM theatre_show s
JOIN theatre_movie m ON m.id = s.movie_id
JOIN theatre_screen sc ON sc.id = s.screen_id
WHERE s.starts_at >= %s AND s.starts_at < %s AND s.state <> 'cancelled'
ORDER BY s.starts_at, s.id
"""
_THERE = """
SELECT screen_id, movie_id, starts_at FROM theatre_show
WHERE starts_at >= %s AND starts_at < %s AND state <> 'cancelled'
"""


def preview(first: date, days: int, to: date, *, on_sale: bool, now: datetime) -> Preview:
    """The shows of so many days from `first` on, made again from `to` on. Cancelled ones stay. Five queries."""
    plans = plans_for_new_shows()
    sources = [
        Source(
            id=id_, movie_id=movie_id, title=title, certificate=certificate, minutes=minutes, movie_state=state,
            screen_id=screen_id, screen=screen, cleaning=cleaning, screen_works=screen_id in plans,
            starts_at=starts_at, on_sale_from=opens, on_sale_until=closes, card_id=card_id,
        )
        for id_, movie_id, title, certificate, minutes, state, screen_id, screen, cleaning, starts_at, opens, closes,
        card_id in fetch(_SOURCES, day_bounds(first, days, ZONE))
    ]  # fmt: skip
    begins, ends = day_bounds(to, days, ZONE)
    into = Into(
        zone=ZONE, now=now, busy=shows.busy(plans, begins, ends + timedelta(days=1)),
        there=frozenset((screen, movie, at) for screen, movie, at in fetch(_THERE, [begins, ends])),
        cards=cards.live(), trailers=settings.TRAILER_MINUTES, children_until=CHILDREN_UNTIL,
    )  # fmt: skip
    return Preview(copying.copies(sources, into, days=(to - first).days, on_sale=on_sale), plans)
