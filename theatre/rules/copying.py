"""Copy a day or a week of shows to other days: what each becomes, and what stands in its way.

Wall times are kept: a show at 20:15 is at 20:15 again, also when the clocks change in between. Moments are aware, spans
in minutes; `zone` is the theatre's.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from theatre.rules import curfew, shows
from theatre.rules.moments import clock
from theatre.rules.refusals import Refused
from theatre.rules.shows import Busy


@dataclass(frozen=True, slots=True)
class Source:
    """A show to be copied, with what its copy depends on as it is now: its movie and its screen."""

    id: int
    movie_id: int
    title: str
    certificate: str
    minutes: int | None
    movie_state: str
    screen_id: int
    screen: str
    cleaning: int
    screen_works: bool  # in use, with a seat plan
    starts_at: datetime
    on_sale_from: datetime | None
    on_sale_until: datetime | None


@dataclass(frozen=True, slots=True)
class Copy:
    """What a show becomes. `problem` says in a sentence why it cannot be made, `note` what is worth knowing; both may be
    empty. Without a problem it has its times."""

    source: Source
    wall: datetime  # its start on the theatre's clocks, without zone
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    clean_at: datetime | None = None
    on_sale_from: datetime | None = None
    on_sale_until: datetime | None = None
    problem: str = ""
    note: str = ""

    @property
    def fits(self) -> bool:
        return not self.problem


def days_later(moment: datetime, days: int, zone: tzinfo) -> datetime:
    """The moment at which the theatre's clocks show the same so many days later.

    A time the clocks skip that day is refused with SkippedTime; of one they repeat the first is meant, unless the
    moment was itself in a repeated hour's second pass.
    """
    local = shows.to_local(moment, zone)
    wall = local.replace(tzinfo=None, fold=0) + timedelta(days=days)
    return shows.to_utc(wall, zone, second=bool(local.fold))


def day_bounds(first: date, days: int, zone: tzinfo) -> tuple[datetime, datetime]:
    """So many of the theatre's days as moments; a day of a clock change is shorter or longer."""
    begins, ends = (datetime.combine(day, time.min, zone) for day in (first, first + timedelta(days=days)))
    return begins, ends


def copies(
    sources: Iterable[Source],
    *,
    days: int,
    busy: Mapping[int, Iterable[Busy]],
    there: Collection[tuple[int, int, datetime]],
    zone: tzinfo,
    now: datetime,
    trailers: int,
    children_until: time,
    on_sale: bool,
) -> tuple[Copy, ...]:
    """Each show so many days later, in the order of time, with what stands in its way.

    `busy` are the spans each screen is taken for already, `there` the shows that exist as (screen, movie, start).
    What fits takes its screen from those after it.
    """
    taken = {screen: list(spans) for screen, spans in busy.items()}
    made = []
    for source in sorted(sources, key=lambda each: (each.starts_at, each.screen_id)):
        copy = _copy(
            source, days, taken.setdefault(source.screen_id, []), there, zone, now, trailers, on_sale
        )
        if copy.starts_at and copy.ends_at and copy.clean_at and copy.fits:
            taken[source.screen_id].append(Busy(copy.starts_at, copy.clean_at, copy.ends_at))
        made.append(_noted(copy, zone, children_until))
    return tuple(made)


def _copy(
    source: Source,
    days: int,
    taken: list[Busy],
    there: Collection[tuple[int, int, datetime]],
    zone: tzinfo,
    now: datetime,
    trailers: int,
    on_sale: bool,
) -> Copy:
    wall = shows.to_local(source.starts_at, zone).replace(tzinfo=None, fold=0) + timedelta(days=days)
    try:
        starts_at = days_later(source.starts_at, days, zone)
        shows.check_start(starts_at, now=now)
        if (source.screen_id, source.movie_id, starts_at) in there:
            return Copy(source, wall, problem="It is there already")
        shows.check_movie(source.title, source.movie_state, on_sale=on_sale)
        ends_at = shows.ends_at(starts_at, trailers, source.minutes)
        if not source.screen_works:
            return Copy(source, wall, problem=f"{source.screen} is out of use")
        span = shows.occupied(starts_at, ends_at, source.cleaning)
        shows.check_screen_free(span, taken, screen=source.screen, zone=zone)
        opens, closes = (
            _window(moment, days, zone) for moment in (source.on_sale_from, source.on_sale_until)
        )
    except Refused as refusal:
        return Copy(source, wall, problem=refusal.sentence)
    return Copy(source, wall, starts_at, ends_at, span.until, opens, closes)


def _window(moment: datetime | None, days: int, zone: tzinfo) -> datetime | None:
    """An end of the on-sale window, moved along. Should the clocks skip it, an hour is not worth a refusal."""
    if moment is None:
        return None
    try:
        return days_later(moment, days, zone)
    except shows.SkippedTime:
        return days_later(moment + timedelta(hours=1), days, zone)


def _noted(copy: Copy, zone: tzinfo, until: time) -> Copy:
    if copy.starts_at is None or copy.ends_at is None:
        return copy
    source, notes = copy.source, []
    if _is_repeated(copy.wall, zone):
        which = "second" if shows.to_local(copy.starts_at, zone).fold else "first"
        notes.append(f"{clock(copy.starts_at, zone)} comes twice that night: the {which} is meant")
    late = curfew.warning(
        source.certificate, starts_at=copy.starts_at, ends_at=copy.ends_at, zone=zone, until=until
    )
    if late:
        notes.append(late)
    return Copy(
        source, copy.wall, copy.starts_at, copy.ends_at, copy.clean_at, copy.on_sale_from, copy.on_sale_until,
        note=". ".join(notes),
    )  # fmt: skip


def _is_repeated(wall: datetime, zone: tzinfo) -> bool:
    try:
        shows.to_utc(wall, zone)
    except shows.RepeatedTime:
        return True
    return False
