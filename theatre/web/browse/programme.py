"""The programme as the home page shows it: what the address asks for, which movies, what the sun says."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from theatre.queries.days import Day
from theatre.queries.programme import (
    LONGEST_COUNTDOWN,
    TIMES,
    ZONE,
    Listed,
    Showtime,
    Wanted,
)
from theatre.templatetags.look import EVENING, FORMATS, day_of_month, day_word

DAYS = 7
YEARS = range(2000, 9000)
AT_ONCE = 48  # movies on a page
QUESTIONS = ("day", "genre", "format", "time", "page")
LONGEST_GENRE = 60
# Parts of the day: how a list names them, and how a sentence does.
PARTS = {
    "afternoon": (gettext_noop("Afternoon, until 17:00"), gettext_noop("in the afternoon")),
    "evening": (gettext_noop("Evening, 17:00 to 21:00"), gettext_noop("in the evening")),
    "late": (gettext_noop("Late, from 21:00"), gettext_noop("late in the evening")),
}
ACCESS = {"subtitled", "audio-described", "relaxed"}
SPOKEN = {
    "3d": gettext_noop("3D"),
    "subtitled": gettext_noop("subtitled"),
    "audio-described": gettext_noop("audio described"),
    "relaxed": gettext_noop("relaxed"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. A day that cannot be read is none: today, or the next day that has shows."""

    day: date | None
    wanted: Wanted
    page: int

    def address(self, **changed: str) -> str:
        """This question with something of it changed; the page number is never kept."""
        question = {
            "day": self.day.isoformat() if self.day else "",
            "genre": self.wanted.genre,
            "format": self.wanted.format,
            "time": self.wanted.time,
        } | changed
        kept = {name: value for name, value in question.items() if value}
        return "?" + urlencode(kept) if kept else "./"

    def before_page(self) -> str:
        """What stands before the page number in the address of another page."""
        return query(day=self.day.isoformat() if self.day else "", **asdict(self.wanted))


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
class Pick:
    """One choice of a list in the form."""

    value: str
    name: str
    current: bool


@dataclass(frozen=True, slots=True)
class Hero:
    """The next show: its movie with its next three times, and what stands in the sun."""

    movie: Listed
    show: Showtime
    figure: str
    words: str
    minutes: int
    sky: str


def read(question: Mapping[str, str]) -> Asked:
    """The question of the home page's address."""
    try:
        day = date.fromisoformat(question.get("day", ""))
    except ValueError:
        day = None
    if day and day.year not in YEARS:
        day = None
    format_, time = question.get("format", ""), question.get("time", "")
    genre = question.get("genre", "")
    return Asked(
        day,
        Wanted(
            genre if len(genre) <= LONGEST_GENRE else "",
            format_ if format_ in FORMATS else "",
            time if time in TIMES else "",
        ),
        number(question.get("page", "")),
    )


def number(text: str) -> int:
    """A page's number, 1 for everything that is none."""
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 5 and int(text) else 1


def query(**question: str) -> str:
    """What of a question stands before the page number: `q=kilo&`."""
    kept = {name: value for name, value in question.items() if value}
    return urlencode(kept) + "&" if kept else ""


def shown(movies: Iterable[Listed], wanted: Wanted) -> tuple[Listed, ...]:
    """The movies that have what is wanted and a time still to come; of what has begun, only the last one stays."""
    found = []
    for movie in movies:
        times = tuple(time for time in movie.times if wanted.fits(movie, time))
        ahead = tuple(time for time in times if not time.over)
        if ahead:
            over = tuple(time for time in times if time.over)[-1:]
            found.append(replace(movie, times=over + ahead))
    return tuple(sorted(found, key=lambda movie: next(t.starts_at for t in movie.times if not t.over)))


def days(seen: Day, asked: Asked) -> tuple[DayLink, ...]:
    """Seven days from today, and the asked one where it lies beyond."""
    listed = [seen.today + timedelta(days=n) for n in range(DAYS)]
    if seen.day not in listed:
        listed[-1] = seen.day
    weekdays = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    return tuple(
        DayLink(
            day, _("Today") if day == seen.today else weekdays[day.weekday()], day == seen.day,
            asked.address(day="" if day == seen.today else day.isoformat()) + "#programme",
        )
        for day in listed
    )  # fmt: skip


def filters(asked: Asked) -> tuple[FilterLink, ...]:
    """All movies, and the formats for those who need them. Pressing the current one again takes it away."""
    everything = asked.address(genre="", format="", time="") + "#programme"
    links = [FilterLink(_("All movies"), "", not asked.wanted, everything)]
    for word, (short, name) in FORMATS.items():
        on = word == asked.wanted.format
        if word not in ACCESS and not on:
            continue
        mark = "" if short == name else _(short)
        links.append(FilterLink(_(name), mark, on, asked.address(format="" if on else word) + "#programme"))
    return tuple(links)


def picks(seen: Day, asked: Asked) -> dict[str, tuple[Pick, ...]]:
    """The lists of the form: the day's genres and the asked one, the formats, the parts of the day."""
    genres = {genre for movie in seen.movies for genre in movie.genres} | {asked.wanted.genre} - {""}
    lists = {
        "genres": [("", _("Any genre")), *((genre, genre) for genre in sorted(genres))],
        "formats": [("", _("Any format")), *((word, _(name)) for word, (_short, name) in FORMATS.items())],
        "times": [("", _("Any time")), *((word, _(name)) for word, (name, _spoken) in PARTS.items())],
    }
    chosen = {"genres": asked.wanted.genre, "formats": asked.wanted.format, "times": asked.wanted.time}
    return {
        name: tuple(Pick(value, words, value == chosen[name]) for value, words in choices)
        for name, choices in lists.items()
    }


def further(asked: Asked) -> str:
    """What of the form is in use besides a format, in a word or two: `Drama, in the evening`."""
    time = PARTS[asked.wanted.time][1] if asked.wanted.time else ""
    return ", ".join(word for word in (asked.wanted.genre, _(time) if time else "") if word)


def nothing(seen: Day, asked: Asked) -> dict[str, str]:
    """Why the list is empty, and the next step: the day that has what is wanted, else any that has something."""
    day = named(seen.day)
    wanted = spoken(asked.wanted)
    title = (
        _("No %(wanted)s on %(day)s") % {"wanted": wanted, "day": day}
        if asked.wanted
        else _("Nothing on this day") if seen.elsewhere else _("The next programme isn’t out yet")
    )  # fmt: skip
    if seen.elsewhere is None:
        text = _("New times appear here as soon as they are on sale.")
        return {"title": title, "text": text, "href": "/coming-soon/", "action": _("See what is coming")}
    other, many = named(seen.elsewhere.day), seen.elsewhere.movies
    text = (
        ngettext("There is %(many)d on %(day)s.", "There are %(many)d on %(day)s.", many)
        if asked.wanted and seen.likewise
        else _("Other movies are showing on %(day)s.") if asked.wanted
        else _("The next movies are on %(day)s.")
    ) % {"many": many, "day": other}  # fmt: skip
    kept = asked if seen.likewise else replace(asked, wanted=Wanted())
    href = kept.address(day="" if seen.elsewhere.day == seen.today else seen.elsewhere.day.isoformat())
    return {"title": title, "text": text, "href": href, "action": _("Show %(day)s") % {"day": other}}


def spoken(wanted: Wanted) -> str:
    """`subtitled drama in the evening`, `relaxed movies`: what somebody looks for."""
    format_ = _(SPOKEN[wanted.format]) if wanted.format else ""
    time = _(PARTS[wanted.time][1]) if wanted.time else ""
    return " ".join(part for part in (format_, wanted.genre, _("movies"), time) if part)


def named(day: date) -> str:
    """`Friday 13 March`."""
    return f"{WEEKDAYS[day.weekday()]} {day_of_month(day)}"


def hero(movies: Iterable[Listed], now: datetime) -> Hero | None:
    """The next show that can still be booked."""
    ahead = [
        (time.starts_at, time.id, time, movie) for movie in movies for time in movie.times if time.bookable
    ]
    if not ahead:
        return None
    _starts, _id, show, movie = min(ahead, key=lambda each: each[:2])
    minutes = max(0, int((show.starts_at - now).total_seconds() // 60))
    local = show.starts_at.astimezone(ZONE)
    if minutes <= LONGEST_COUNTDOWN:
        figure, words = str(minutes), _("minutes to go") if minutes != 1 else _("minute to go")
    else:
        figure, words = f"{local:%H:%M}", day_word(show.starts_at, now)
    later = tuple(time for time in movie.times if time.bookable and time.starts_at >= show.starts_at)[:3]
    sky = "night" if local.hour >= 22 or local.hour < 6 else "dusk" if local.hour >= EVENING else "day"
    return Hero(replace(movie, times=later), show, figure, words, minutes, sky)
