"""Copy a day or a week of shows to other days: what each becomes, and what stands in its way.

Wall times are kept: a show at 20:15 is at 20:15 again, also when the clocks change in between. Moments are aware, spans
in minutes; `zone` is the theatre's.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from theatre.rules import curfew, shows
from theatre.rules.cards import Card, card_for
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
    card_id: int


class NoCardForThatTime(Refused):
    """No price card is meant for that time, and none is the default."""

    code = "no_card_for_that_time"


@dataclass(frozen=True, slots=True)
class Into:
    """What copies are made into: the theatre as it stands.

    `busy` are the spans each screen is taken for already, `there` the shows that exist as (screen, movie, start),
    `cards` those that new shows may take. Children should be out by `children_until`.
    """

    zone: tzinfo
    now: datetime
    busy: Mapping[int, Iterable[Busy]]
    there: Collection[tuple[int, int, datetime]]
    cards: Sequence[Card]
    trailers: int
    children_until: time


@dataclass(frozen=True, slots=True)
class Copy:
    """What a show becomes. `problem` says in a sentence why it cannot be made, `note` what is worth knowing; both may
    be empty. Without a problem it has its price card and its times."""

    source: Source
    wall: datetime  # its start on the theatre's clocks, without zone
    card: Card | None = None
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


def copies(sources: Iterable[Source], into: Into, *, days: int, on_sale: bool) -> tuple[Copy, ...]:
    """Each show so many days later, in the order of time, with what stands in its way.

    What fits takes its screen from those after it. A show that had the price card of its time gets that of its new
    time; one that was given another keeps it.
    """
    taken = {screen: list(spans) for screen, spans in into.busy.items()}
    made = []
    for source in sorted(sources, key=lambda each: (each.starts_at, each.screen_id)):
        spans = taken.setdefault(source.screen_id, [])
        copy = _copy(source, into, spans, days=days, on_sale=on_sale)
        if copy.starts_at and copy.ends_at and copy.clean_at:
            spans.append(Busy(copy.starts_at, copy.clean_at, copy.ends_at))
        made.append(copy)
    return tuple(made)


def _copy(source: Source, into: Into, taken: list[Busy], *, days: int, on_sale: bool) -> Copy:
    zone = into.zone
    wall = shows.to_local(source.starts_at, zone).replace(tzinfo=None, fold=0) + timedelta(days=days)
    try:
        starts_at = days_later(source.starts_at, days, zone)
        shows.check_start(starts_at, now=into.now)
        if (source.screen_id, source.movie_id, starts_at) in into.there:
            return Copy(source, wall, problem="It is there already")
        shows.check_movie(source.title, source.movie_state, on_sale=on_sale)
        ends_at = shows.ends_at(starts_at, into.trailers, source.minutes)
        if not source.screen_works:
            return Copy(source, wall, problem=f"{source.screen} is out of use")
        span = shows.occupied(starts_at, ends_at, source.cleaning)
        shows.check_screen_free(span, taken, screen=source.screen, zone=zone)
        card = _card(source, wall, into)
    except Refused as refusal:
        return Copy(source, wall, problem=refusal.sentence)
    opens, closes = (_window(moment, days, zone) for moment in (source.on_sale_from, source.on_sale_until))
    note = _note(source, wall, starts_at, ends_at, into)
    return Copy(source, wall, card, starts_at, ends_at, span.until, opens, closes, note=note)


def _card(source: Source, wall: datetime, into: Into) -> Card:
    usual = card_for(shows.to_local(source.starts_at, into.zone).replace(tzinfo=None), into.cards)
    chosen = next((card for card in into.cards if card.id == source.card_id and card != usual), None)
    card = chosen or card_for(wall, into.cards)
    if card is None:
        raise NoCardForThatTime("No price card is meant for that time. Make one the default first", "card")
    return card


def _window(moment: datetime | None, days: int, zone: tzinfo) -> datetime | None:
    """An end of the on-sale window, moved along. Should the clocks skip it, an hour is not worth a refusal."""
    if moment is None:
        return None
    try:
        return days_later(moment, days, zone)
    except shows.SkippedTime:
        return days_later(moment + timedelta(hours=1), days, zone)


def _note(source: Source, wall: datetime, starts_at: datetime, ends_at: datetime, into: Into) -> str:
    notes = []
    if _is_repeated(wall, into.zone):
        which = "second" if shows.to_local(starts_at, into.zone).fold else "first"
        notes.append(f"{clock(starts_at, into.zone)} comes twice that night: the {which} is meant")
    late = curfew.warning(
        source.certificate, starts_at=starts_at, ends_at=ends_at, zone=into.zone, until=into.children_until
    )
    return ". ".join([*notes, late] if late else notes)


def _is_repeated(wall: datetime, zone: tzinfo) -> bool:
    try:
        shows.to_utc(wall, zone)
    except shows.RepeatedTime:
        return True
    return False
