"""Letters about movies that nobody has to get: to those who asked about one, and the daily one about new ones."""

from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from theatre.documents import words
from theatre.notices.kinds.bookings import LONGEST_TITLE
from theatre.notices.kinds.written import Kinds, NothingLeftToSay, QueuedLetter, Written
from theatre.queries import news, wishes
from theatre.queries.news import Told
from theatre.queries.quotes import ZONE

MOST_TIMES = 5


def _movie_opened(letter: QueuedLetter, language: str) -> Written:
    [movie] = _wanted(letter, "follows", [letter.data["movie"]])
    subject = _("%(movie)s is showing now") % {"movie": _short(movie)}
    return _about(letter, movie, subject, "movie_opened", language)


def _first_shows(letter: QueuedLetter, language: str) -> Written:
    [movie] = _wanted(letter, "follows", [letter.data["movie"]])
    subject = _("Tickets for %(movie)s") % {"movie": _short(movie)}
    return _about(letter, movie, subject, "first_shows", language)


def _new_movies(letter: QueuedLetter, language: str) -> Written:
    movies = _wanted(letter, "new_movies", letter.data["movies"])
    others = len(movies) - 1
    subject = _("New: %(movie)s") % {"movie": _short(movies[0])}
    if others:
        subject = ngettext(
            "New: %(movie)s and one more movie", "New: %(movie)s and %(number)d more movies", others
        ) % {"movie": _short(movies[0]), "number": others}
    context = {
        "movies": [_facts(movie, language) for movie in movies],
        "link": settings.SITE_URL + reverse("coming_soon"),
    }
    return Written(subject, "new_movies", context, stop=_stop(letter, "new_movies"))


def _wanted(letter: QueuedLetter, kind: str, movie_ids: list[int]) -> list[Told]:
    """The movies that guests still know of, if the reader still wants to; else NothingLeftToSay."""
    wish = wishes.wish(letter.data["customer"], kind)
    if wish is None or not wish.wanted:
        raise NothingLeftToSay("its reader asked for no more letters of this kind")
    movies = news.movies(movie_ids)
    if not movies:
        raise NothingLeftToSay("what it tells of was taken back")
    return movies


def _about(letter: QueuedLetter, movie: Told, subject: str, template: str, language: str) -> Written:
    context = {
        "movie": _facts(movie, language),
        "times": [
            {
                "words": f"{_moment(at.starts_at, language)}, {at.screen}",
                "link": settings.SITE_URL + reverse("seats", args=[at.show_id]),
                "opens": _moment(at.opens, language) if at.opens else "",
            }
            for at in news.times(movie.id, MOST_TIMES)
        ],
    }
    return Written(subject, template, context, stop=_stop(letter, "follows"))


def _facts(movie: Told, language: str) -> dict[str, Any]:
    """What every letter about a movie names."""
    facts = [movie.certificate, movie.genre, _("%d min") % movie.minutes if movie.minutes else ""]
    return {
        "title": words.one_line(movie.title),
        "facts": " · ".join(each for each in facts if each),
        "showing": movie.state == "showing",
        "opens": _day(movie.opens, language) if movie.opens else "",
        "synopsis": movie.synopsis,
        "link": settings.SITE_URL + reverse("movie", args=[movie.slug]),
    }


def _stop(letter: QueuedLetter, kind: str) -> str:
    return wishes.to_stop(letter.data["customer"], kind)


def _short(movie: Told) -> str:
    return words.one_line(movie.title)[:LONGEST_TITLE]


def _day(day: date, language: str) -> str:
    return words.date(datetime.combine(day, time(12), ZONE), settings.THEATRE_ZONE, language)


def _moment(moment: datetime, language: str) -> str:
    zone = settings.THEATRE_ZONE
    return f"{words.short_day(moment, zone, language)}, {words.clock(moment, zone)}"


KINDS: Kinds = {"movie_opened": _movie_opened, "first_shows": _first_shows, "new_movies": _new_movies}
