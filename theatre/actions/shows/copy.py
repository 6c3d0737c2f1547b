"""Copy a day or a week of shows to other days: what its preview listed, or nothing."""

from datetime import date

from theatre import events
from theatre.access import Actor, Permission, require
from theatre.actions._doors import action, record, refusing
from theatre.actions.booking import _once
from theatre.actions.booking._once import Once
from theatre.actions.screens._blocks import block_in
from theatre.actions.shows import _places
from theatre.models.sql import fetch
from theatre.queries import copying
from theatre.queries.copying import Preview
from theatre.queries.quotes import ZONE
from theatre.rules.copying import day_bounds
from theatre.rules.refusals import Refused


class ProgrammeHasChanged(Refused):
    """Since the preview something happened that makes it another one."""

    code = "programme_has_changed"


class NothingToCopy(Refused):
    """None of the shows fits."""

    code = "nothing_to_copy"


@action
def copy_shows(
    *, by: Actor, first: date, days: int, to: date, on_sale: bool, seen: str, once: Once | None = None
) -> int:
    """Make the shows of so many days from `first` on again from `to` on, all that fit; how many.

    `seen` is the mark of the preview that was looked at: if the programme would be another one by now, nothing is made
    and ProgrammeHasChanged. Refused with NothingToCopy when nothing fits. Posted again with the same key, or without
    one, nothing is made twice.
    """
    require(by, Permission.MANAGE_SHOWS)
    if (before := _once.begin(once)) is not None:
        return int(before["made"])
    preview = _preview(first, days, to, on_sale)
    if preview.mark != seen:
        raise _changed()
    if not preview.fitting:
        raise NothingToCopy("None of these shows fits there, so nothing was copied. Choose another day")
    ids = _make(preview, on_sale)
    block_in(ids)
    record(
        by,
        "copy_shows",
        ("day", to.isoformat()),
        first=first,
        days=days,
        made=len(ids),
        left=len(preview.left_out),
    )
    _once.keep(once, {"made": len(ids)})
    if on_sale:
        movie_ids = sorted({copy.source.movie_id for copy in preview.fitting})
        events.shows_put_on_sale.send(sender=None, movie_ids=movie_ids)
    return len(ids)


# They stay where they stand until the commit.
_MOVIES = """
SELECT id FROM theatre_movie
WHERE id IN (SELECT movie_id FROM theatre_show WHERE starts_at >= %s AND starts_at < %s) ORDER BY id FOR KEY SHARE
"""


def _preview(first: date, days: int, to: date, on_sale: bool) -> Preview:
    """With every screen and movie locked, so that it stays true."""
    screens = fetch("SELECT id FROM theatre_screen")
    locked = _places.lock_screens(row[0] for row in screens)
    now = locked[0][3] if locked else None
    if now is None:
        raise NothingToCopy("There is no screen yet. Make one first")
    fetch(_MOVIES, day_bounds(first, days, ZONE))
    return copying.preview(first, days, to, on_sale=on_sale, now=now)


# What a copy keeps of its show: formats and the counter's seats; the rest comes from the preview.
_MAKE = """
INSERT INTO theatre_show (movie_id, screen_id, plan_id, card_id, starts_at, ends_at, clean_at, formats, on_sale_from,
                          on_sale_until, counter_seats, state)
SELECT s.movie_id, s.screen_id, n.plan, n.card, n.starts, n.ends, n.clean, s.formats, n.opens, n.closes,
       s.counter_seats, %(state)s
FROM unnest(%(sources)s::bigint[], %(plans)s::bigint[], %(cards)s::bigint[], %(starts)s::timestamptz[],
            %(ends)s::timestamptz[], %(clean)s::timestamptz[], %(opens)s::timestamptz[], %(closes)s::timestamptz[])
     AS n (source, plan, card, starts, ends, clean, opens, closes)
JOIN theatre_show s ON s.id = n.source
RETURNING id
"""


def _make(preview: Preview, on_sale: bool) -> list[int]:
    copies = preview.fitting
    values = {
        "state": "on_sale" if on_sale else "planned",
        "sources": [copy.source.id for copy in copies],
        "plans": [preview.plans[copy.source.screen_id] for copy in copies],
        "cards": [copy.card.id if copy.card else None for copy in copies],
        "starts": [copy.starts_at for copy in copies],
        "ends": [copy.ends_at for copy in copies],
        "clean": [copy.clean_at for copy in copies],
        "opens": [copy.on_sale_from for copy in copies],
        "closes": [copy.on_sale_until for copy in copies],
    }
    with refusing(shows_on_a_screen_never_overlap=_changed):
        return [row[0] for row in fetch(_MAKE, values)]


def _changed() -> ProgrammeHasChanged:
    return ProgrammeHasChanged(
        "The programme has changed meanwhile, so nothing was copied. Look at the list again"
    )
