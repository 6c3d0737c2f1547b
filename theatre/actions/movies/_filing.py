"""What making, changing and importing movies share: the row's lock, genres by name, and a free slug."""

from collections.abc import Iterable

from django.utils.text import slugify

from theatre.models import Movie
from theatre.models.sql import fetch
from theatre.rules.refusals import Refused

LONGEST_SLUG = 160


class MovieUnknown(Refused):
    """There is no such movie any more."""

    code = "movie_unknown"


class MovieThereAlready(Refused):
    """Another movie has this title, year and director."""

    code = "movie_there_already"


def lock(movie_id: int) -> Movie:
    """The movie, alone: whoever plans, sells or follows it waits. Refused: MovieUnknown."""
    movie = Movie.objects.defer("search").select_for_update().filter(pk=movie_id).first()
    if movie is None:
        raise MovieUnknown("We have no such movie any more. Look at the list again")
    return movie


def there_already() -> MovieThereAlready:
    return MovieThereAlready(
        "Another movie has this title, year and director. Find it in the list, or change one of them", "title"
    )


def genres(names: Iterable[str]) -> dict[str, int]:
    """The ids of these genres by their names in lower case, made where missing; the first spelling stays."""
    wanted = {name.casefold(): name for name in reversed(list(names))}
    known = _genres()
    missing = [name for folded, name in wanted.items() if folded not in known]
    if missing:
        fetch(
            "INSERT INTO theatre_genre (name) SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING RETURNING id",
            [missing],
        )
        known = _genres()  # somebody else may have made one meanwhile
    return {folded: known[folded] for folded in wanted}


def _genres() -> dict[str, int]:
    return {
        name.casefold(): id_ for id_, name in fetch("SELECT id, name FROM theatre_genre ORDER BY id DESC")
    }


def slug(title: str, year: int | None, taken: set[str]) -> str:
    """Title and year, with a number where that is taken. A title of odd characters alone has the word movie
    instead."""
    stem = slugify(title)[: LONGEST_SLUG - 12].strip("-") or "movie"
    stem = f"{stem}-{year}" if year else stem
    found, counter = stem, 1
    while found in taken:
        counter += 1
        found = f"{stem}-{counter}"
    return found


def slugs() -> set[str]:
    """Those that are taken."""
    return {row[0] for row in fetch("SELECT slug FROM theatre_movie")}
