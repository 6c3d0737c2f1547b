"""Which price card a show takes, and when a card is meant, in words.

Source: domain.md, "The programme". Times are wall times of the theatre; weekdays count from 0, Monday.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from theatre.rules.moments import WEEKDAYS, listed
from theatre.rules.refusals import Refused

MINUTES_A_DAY = 24 * 60
A_MONDAY = date(2024, 1, 1)  # of a week in which no clock changes


class DaypartEndsBeforeItBegins(Refused):
    """A daypart's second time is not later than its first."""

    code = "daypart_ends_before_it_begins"


class DaypartWithoutDays(Refused):
    """A daypart is of one weekday at least."""

    code = "daypart_without_days"


@dataclass(frozen=True, slots=True)
class Daypart:
    """Shows that start on these weekdays, at or after `begins` and before `ends`. Without `begins` from the day's
    beginning, without `ends` to its end: a show after midnight belongs to the day that has begun.
    """

    weekdays: frozenset[int]
    begins: time | None = None
    ends: time | None = None

    def covers(self, local_start: datetime) -> bool:
        """Whether a show that starts at this wall time is within it."""
        clock = local_start.time()
        return (
            local_start.weekday() in self.weekdays
            and (self.begins is None or self.begins <= clock)
            and (self.ends is None or clock < self.ends)
        )

    @property
    def minutes(self) -> int:
        """How many minutes of a week it covers."""
        end = MINUTES_A_DAY if self.ends is None else _minute(self.ends)
        return len(self.weekdays) * (end - (0 if self.begins is None else _minute(self.begins)))


@dataclass(frozen=True, slots=True)
class Card:
    """A price card that new shows may take."""

    id: int
    name: str
    is_default: bool = False
    dayparts: tuple[Daypart, ...] = ()


def check_daypart(part: Daypart) -> Daypart:
    """The daypart itself, else DaypartWithoutDays or DaypartEndsBeforeItBegins."""
    if not part.weekdays:
        raise DaypartWithoutDays("Choose the days these times are for", "weekdays")
    if part.begins is not None and part.ends is not None and part.begins >= part.ends:
        raise DaypartEndsBeforeItBegins(
            f"{part.ends:%H:%M} is not after {part.begins:%H:%M}. Leave the second time empty for the day’s end",
            "ends",
        )
    return part


def card_for(local_start: datetime, cards: Iterable[Card]) -> Card | None:
    """The card of a show that starts at this wall time: the one whose daypart covers it and is the shortest in a week,
    of two equally short ones the first by name; when none covers it, the default. None without a default.
    """
    offers = list(cards)
    covering = [
        (part.minutes, card.name, card.id, card)
        for card in offers
        for part in card.dayparts
        if part.covers(local_start)
    ]
    if covering:
        return min(covering, key=lambda found: found[:3])[3]
    return next((card for card in offers if card.is_default), None)


def taken_within(part: Daypart, cards: Iterable[Card]) -> tuple[Card, ...]:
    """The cards that shows take which start within it, in the order in which the week comes to them."""
    offers = list(cards)
    parts = [part, *(each for card in offers for each in card.dayparts)]
    clocks = sorted({time(), *(edge for each in parts for edge in (each.begins, each.ends) if edge)})
    taken: dict[int, Card] = {}
    for day in sorted(part.weekdays):
        for clock in clocks:
            start = datetime.combine(A_MONDAY + timedelta(days=day), clock)
            chosen = card_for(start, offers) if part.covers(start) else None
            if chosen is not None:
                taken.setdefault(chosen.id, chosen)
    return tuple(taken.values())


def when(dayparts: Sequence[Daypart]) -> str:
    """When a card is meant: `Monday to Friday before 15:00; Saturday and Sunday`. Empty without dayparts."""
    return "; ".join(_part_in_words(part) for part in dayparts)


def _part_in_words(part: Daypart) -> str:
    days = _days_in_words(sorted(part.weekdays))
    if part.begins and part.ends:
        return f"{days} from {part.begins:%H:%M} to {part.ends:%H:%M}"
    if part.begins:
        return f"{days} from {part.begins:%H:%M}"
    return f"{days} before {part.ends:%H:%M}" if part.ends else days


def _days_in_words(days: Sequence[int]) -> str:
    if len(days) == len(WEEKDAYS):
        return "Every day"
    in_a_row = len(days) > 2 and days[-1] - days[0] == len(days) - 1
    return (
        f"{WEEKDAYS[days[0]]} to {WEEKDAYS[days[-1]]}"
        if in_a_row
        else listed([WEEKDAYS[day] for day in days])
    )


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute
