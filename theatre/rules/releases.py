"""How a movie comes to the guests and goes, and what may be said about it. Source: domain.md, "The programme"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import parse_qs, urlsplit

from theatre.rules.moments import counted
from theatre.rules.movies import (
    FIRST_FILM,
    LONGEST_CERTIFICATE,
    LONGEST_GENRE,
    LONGEST_MINUTES,
    LONGEST_NAME,
    LONGEST_TITLE,
    YEARS_AHEAD,
)
from theatre.rules.refusals import Refused

LONGEST_SYNOPSIS = 5_000
LONGEST_CAST = 2_000
LONGEST_LANGUAGE = 35
MOST_LANGUAGES = 10
MOST_GENRES = 10
FORMATS = ("2d", "3d", "subtitled", "audio-described", "relaxed")
_VIDEO = re.compile(r"[\w-]{6,20}", re.ASCII)
_VIMEO = re.compile(r"/(?:video/)?([0-9]{6,12})(?:/[0-9a-f]{6,16})?/?", re.ASCII)


class State(StrEnum):
    """Where a movie stands, stored as this plain word."""

    DRAFT = "draft"
    COMING_SOON = "coming_soon"
    SHOWING = "showing"
    RETIRED = "retired"


# From, to, and the deed that does it. What is not here cannot happen; docs/states.md is drawn from it.
STEPS = (
    (State.DRAFT, State.COMING_SOON, "announce"),
    (State.DRAFT, State.SHOWING, "open"),
    (State.COMING_SOON, State.SHOWING, "open"),
    (State.RETIRED, State.COMING_SOON, "announce"),
    (State.RETIRED, State.SHOWING, "open"),
    (State.COMING_SOON, State.DRAFT, "take back"),
    (State.SHOWING, State.RETIRED, "retire"),
    (State.COMING_SOON, State.RETIRED, "retire"),
)
PUBLISHED = (State.COMING_SOON, State.SHOWING)
_SAID = {
    State.DRAFT: "a draft",
    State.COMING_SOON: "announced as coming soon",
    State.SHOWING: "showing",
    State.RETIRED: "retired",
}


class NoSuchStep(Refused):
    """A movie does not go from where it is to there."""

    code = "no_such_step"


class NotReadyToShow(Refused):
    """A movie that is showing has a running time."""

    code = "not_ready_to_show"


class ShowsToCome(Refused):
    """People can still see it: its shows are moved or cancelled first."""

    code = "shows_to_come"


class TrailerUnknown(Refused):
    """Trailers are links to a film at YouTube or Vimeo."""

    code = "trailer_unknown"


class NotAsMoviesAre(Refused):
    """Something that is said of a movie cannot be so."""

    code = "not_as_movies_are"


@dataclass(frozen=True, slots=True)
class About:
    """What is said about a movie. The first genre is the one it is drawn and listed by."""

    title: str
    certificate: str = ""
    genres: tuple[str, ...] = ()
    minutes: int | None = None
    languages: tuple[str, ...] = ()
    release_date: date | None = None
    synopsis: str = ""
    director: str = ""
    actors: str = ""
    trailer: str = ""
    formats: tuple[str, ...] = ()


def faults(about: About, *, today: date) -> Iterator[NotAsMoviesAre]:
    """Everything about it that cannot be stored, each as the refusal of its field."""
    if not about.title:
        yield NotAsMoviesAre("Enter the title", "title")
    for field, words, longest in (
        ("title", about.title, LONGEST_TITLE),
        ("certificate", about.certificate, LONGEST_CERTIFICATE),
        ("director", about.director, LONGEST_NAME),
        ("actors", about.actors, LONGEST_CAST),
        ("synopsis", about.synopsis, LONGEST_SYNOPSIS),
        *(("genres", each, LONGEST_GENRE) for each in about.genres),
        *(("languages", each, LONGEST_LANGUAGE) for each in about.languages),
    ):
        if len(words) > longest:
            yield NotAsMoviesAre(f"Use {longest:,} characters or fewer. These are {len(words):,}", field)
    for field, number, most in (
        ("genres", len(about.genres), MOST_GENRES),
        ("languages", len(about.languages), MOST_LANGUAGES),
    ):
        if number > most:
            yield NotAsMoviesAre(f"Choose {most} {field} or fewer. These are {number}", field)
    if about.minutes is not None and not 1 <= about.minutes <= LONGEST_MINUTES:
        yield NotAsMoviesAre(f"Enter a running time of 1 to {LONGEST_MINUTES} minutes", "minutes")
    last = today.year + YEARS_AHEAD
    if about.release_date is not None and not FIRST_FILM <= about.release_date.year <= last:
        yield NotAsMoviesAre(f"Enter a day between {FIRST_FILM} and {last}", "release_date")
    if not set(about.formats) <= set(FORMATS):
        yield NotAsMoviesAre("Choose from these formats", "formats")


def check_step(title: str, state: str, to: str, *, minutes: int | None, shows_to_come: int) -> None:
    """Whether a movie may go from one state to another: silence, or NoSuchStep, NotReadyToShow, ShowsToCome."""
    present, wanted = State(state), State(to)
    if not any((present, wanted) == (before, after) for before, after, _ in STEPS):
        raise NoSuchStep(f"{title} is {_SAID[present]}. Look at it again, then decide")
    if wanted is State.SHOWING and minutes is None:
        raise NotReadyToShow(
            f"{title} has no running time. Enter it first, so that its shows have an end", "minutes"
        )
    if wanted not in PUBLISHED and shows_to_come:
        raise ShowsToCome(
            f"{title} has {counted(shows_to_come, 'show')} to come. Cancel or delete them on the week board first"
        )


def trailer(link: str) -> str:
    """The link to a trailer as it is kept: https, YouTube's or Vimeo's own page of one film, and nothing that follows
    whoever presses it. Empty stays empty. Refused: TrailerUnknown."""
    if not link:
        return ""
    try:
        asked = urlsplit(link)
        host = (asked.hostname or "").removeprefix("www.").removeprefix("m.")
        plain = asked.scheme == "https" and asked.port in (None, 443) and not asked.username
    except ValueError:
        raise _unknown() from None
    video = ""
    if plain and host == "youtube.com":
        video = (parse_qs(asked.query).get("v") or [""])[0] if asked.path == "/watch" else ""
        video = video or asked.path.removeprefix("/embed/").removeprefix("/shorts/")
    elif plain and host == "youtu.be":
        video = asked.path.removeprefix("/")
    elif plain and host in ("vimeo.com", "player.vimeo.com") and (found := _VIMEO.fullmatch(asked.path)):
        return f"https://vimeo.com/{found[1]}"
    if not _VIDEO.fullmatch(video):
        raise _unknown()
    return f"https://www.youtube.com/watch?v={video}"


def _unknown() -> TrailerUnknown:
    return TrailerUnknown(
        "Enter the link to the trailer at YouTube or Vimeo, such as https://www.youtube.com/watch?v=…",
        "trailer",
    )
