"""A plausible programme: families in the afternoon, long films in the evening, cleaning in between."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from random import Random

from theatre.rules import shows

FAMILY = frozenset({"G", "PG"})
MATINEE_UNTIL = 15  # o'clock
EVENING_FROM = 17
WEEKEND = frozenset({5, 6})
FIVE_MINUTES = timedelta(minutes=5)
BIG = 1.3  # the appeal of films that come in 3D
# Of a hundred shows so many are something besides ordinary.
FORMATS = (("subtitled", 12), ("audio-described", 9), ("relaxed", 3), ("3d", 5))


@dataclass(frozen=True, slots=True)
class Film:
    """A movie that can be shown; `appeal` says how full it makes a hall, 1 is usual."""

    id: int
    title: str
    minutes: int
    certificate: str
    appeal: float = 1.0


@dataclass(frozen=True, slots=True)
class PlannedShow:
    """A show before it has an id. `screen` counts from 0; `card` is matinee, weekday or weekend; times are UTC."""

    screen: int
    film: Film
    starts_at: datetime
    ends_at: datetime
    clean_at: datetime
    card: str
    formats: tuple[str, ...]
    demand: float  # how many of its seats are wanted in the end, 0–1


def day_of_shows(
    rng: Random,
    day: date,
    films: Sequence[Film],
    *,
    screens: Sequence[int],
    zone: tzinfo,
    trailers: int,
    evening_only: bool = False,
) -> Iterator[PlannedShow]:
    """One day's shows, screen by screen. `screens` holds each one's cleaning minutes.

    Weekends begin in the morning, other days after lunch; with `evening_only` a screen has one show, at night.
    """
    late = day.weekday() in (4, 5)
    for screen, cleaning in enumerate(screens):
        first = 19 * 60 + 30 if evening_only else (10 * 60 + 15 if day.weekday() in WEEKEND else 14 * 60)
        start = _at(day, first + rng.choice((0, 15, 30, 45)) + 10 * screen, zone)
        last = _at(day, 22 * 60 + 30 if late else 21 * 60 + 30, zone)
        last_film = None
        while start <= last:
            hour = start.astimezone(zone).hour
            film = _film_for(rng, films, hour, last_film)
            ends = shows.ends_at(start, trailers, film.minutes)
            clean = ends + timedelta(minutes=cleaning)
            yield PlannedShow(
                screen,
                film,
                start,
                ends,
                clean,
                _card(day, hour),
                _formats(rng, film, hour),
                _demand(rng, film, day, hour),
            )
            if evening_only:
                break
            last_film = film
            start = _next_five(clean) + FIVE_MINUTES * rng.randrange(4)


def _at(day: date, minutes: int, zone: tzinfo) -> datetime:
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - local on purpose
    return shows.to_utc(midnight + timedelta(minutes=minutes), zone, second=False)


def _next_five(moment: datetime) -> datetime:
    return moment + (-(moment - moment.replace(minute=0, second=0)) % FIVE_MINUTES)


def _film_for(rng: Random, films: Sequence[Film], hour: int, not_again: Film | None) -> Film:
    """Families by day, the others by night, and never the same film twice in a row on a screen."""
    suited = [film for film in films if (film.certificate in FAMILY) == (hour < EVENING_FROM)]
    choice = [film for film in suited or films if film != not_again] or list(films)
    return rng.choices(choice, weights=[film.appeal for film in choice])[0]


def _card(day: date, hour: int) -> str:
    weekend = day.weekday() in WEEKEND or (day.weekday() == 4 and hour >= EVENING_FROM)
    return "weekend" if weekend else "matinee" if hour < MATINEE_UNTIL else "weekday"


def _formats(rng: Random, film: Film, hour: int) -> tuple[str, ...]:
    roll = rng.randrange(100)
    for name, share in FORMATS:
        roll -= share
        if roll < 0:
            fits = hour < EVENING_FROM if name == "relaxed" else film.appeal >= BIG if name == "3d" else True
            return (name,) if fits else ()
    return ()


def _demand(rng: Random, film: Film, day: date, hour: int) -> float:
    by_hour = 1.5 if 19 <= hour <= 20 else 1.1 if hour >= EVENING_FROM else 0.7
    by_day = 1.4 if day.weekday() in (4, 5) else 1.1 if day.weekday() == 6 else 0.8
    return min(0.97, 0.3 * film.appeal * by_hour * by_day * rng.uniform(0.6, 1.5))
