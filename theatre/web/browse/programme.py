"""The programme as the home page shows it: which day, which movies, what the sun says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from theatre.queries.programme import ZONE, Listed, Showtime
from theatre.templatetags.look import EVENING, FORMATS, day_word, format_word

DAYS = 7
LONGEST_COUNTDOWN = 180  # minutes the sun counts; before that it shows the time
LATE = 20  # the hour of "After 20:00"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. A day that cannot be read is today."""

    day: date
    format: str
    late: bool
    chosen_day: bool

    @property
    def filtered(self) -> bool:
        return bool(self.format or self.late)


@dataclass(frozen=True, slots=True)
class DayLink:
    day: date
    name: str
    current: bool
    href: str


@dataclass(frozen=True, slots=True)
class FilterLink:
    name: str
    short: str
    current: bool
    href: str


@dataclass(frozen=True, slots=True)
class Hero:
    """The next show: its movie with its next three times, and what stands in the sun."""

    movie: Listed
    show: Showtime
    figure: str
    words: str
    minutes: int
    sky: str


def read(question: Mapping[str, str], today: date) -> Asked:
    """The question of the home page's address."""
    try:
        day = date.fromisoformat(question.get("day", ""))
    except ValueError:
        day = today
    day = min(max(day, today), today + timedelta(days=366))
    wanted = question.get("format", "")
    return Asked(day, wanted if wanted in FORMATS else "", question.get("after") == str(LATE), day != today)


def shown(movies: Iterable[Listed], asked: Asked) -> tuple[Listed, ...]:
    """The movies that have what is asked and a time still to come; of what has begun, only the last one stays."""
    found = []
    for movie in movies:
        times = tuple(time for time in movie.times if _fits(time, asked))
        ahead = tuple(time for time in times if not time.over)
        if ahead:
            over = tuple(time for time in times if time.over)[-1:]
            found.append(replace(movie, times=over + ahead))
    return tuple(sorted(found, key=lambda movie: next(t.starts_at for t in movie.times if not t.over)))


def _fits(time: Showtime, asked: Asked) -> bool:
    if asked.format and asked.format not in {format_word(name) for name in time.formats}:
        return False
    return not asked.late or time.starts_at.astimezone(ZONE).hour >= LATE


def days(today: date, asked: Asked) -> tuple[DayLink, ...]:
    """Seven days from today, and the asked one where it lies beyond."""
    listed = [today + timedelta(days=n) for n in range(DAYS)]
    if asked.day not in listed:
        listed[-1] = asked.day
    weekdays = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    return tuple(
        DayLink(
            day, _("Today") if day == today else weekdays[day.weekday()], day == asked.day,
            _address(asked, day="" if day == today else day.isoformat()),
        )
        for day in listed
    )  # fmt: skip


def filters(asked: Asked) -> tuple[FilterLink, ...]:
    """All movies, each format, and after 20:00. Pressing the current one again takes it away."""
    links = [FilterLink(_("All movies"), "", not asked.filtered, _address(asked, format="", after=""))]
    for word, (short, name) in FORMATS.items():
        on = word == asked.format
        mark = "" if short == name else _(short)
        links.append(FilterLink(_(name), mark, on, _address(asked, format="" if on else word)))
    late = _("After %(time)s") % {"time": f"{LATE}:00"}
    links.append(FilterLink(late, "", asked.late, _address(asked, after="" if asked.late else str(LATE))))
    return tuple(links)


def _address(asked: Asked, **changed: str) -> str:
    question = {
        "day": asked.day.isoformat() if asked.chosen_day else "",
        "format": asked.format,
        "after": str(LATE) if asked.late else "",
    } | changed
    kept = {name: value for name, value in question.items() if value}
    return ("?" + urlencode(kept) if kept else "./") + ("" if "day" in changed else "#programme")


def hero(movies: Iterable[Listed], now: datetime) -> Hero | None:
    """The next show that can still be booked."""
    ahead = [
        (time.starts_at, time.id, time, movie) for movie in movies for time in movie.times if time.bookable
    ]
    if not ahead:
        return None
    _starts, _id, show, movie = min(ahead)
    minutes = max(0, int((show.starts_at - now).total_seconds() // 60))
    local = show.starts_at.astimezone(ZONE)
    if minutes <= LONGEST_COUNTDOWN:
        figure, words = str(minutes), _("minutes to go") if minutes != 1 else _("minute to go")
    else:
        figure, words = f"{local:%H:%M}", day_word(show.starts_at, now)
    later = tuple(time for time in movie.times if time.bookable and time.starts_at >= show.starts_at)[:3]
    sky = "night" if local.hour >= 22 or local.hour < 6 else "dusk" if local.hour >= EVENING else "day"
    return Hero(replace(movie, times=later), show, figure, words, minutes, sky)
