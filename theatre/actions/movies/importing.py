"""Bring films in from a file: each good row becomes a movie, each bad one a line of the report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from theatre.access import Actor
from theatre.actions._doors import action, record
from theatre.actions.movies import _filing
from theatre.models.sql import fetch, fetch_one
from theatre.rules import film_files
from theatre.rules.movies import ParsedMovie, Problem
from theatre.rules.refusals import Refused

LONGEST_SENTENCE = 300
_ONE_IMPORT = 7_301_001  # the advisory lock of imports


class ImportRunning(Refused):
    """Another import has not finished."""

    code = "import_running"


@dataclass(frozen=True, slots=True)
class Note:
    """What happened to one row: its number in the file, the movie's title if it has one, and a sentence."""

    row: int
    title: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A good row: its number, the movie, and whether that is new, completed or unchanged. One without minutes is a
    draft."""

    row: int
    title: str
    year: int
    what: str
    is_draft: bool


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did. `rows` = imported + completed + unchanged + refused; `fixed` were put right."""

    rows: int
    taken: tuple[Taken, ...]
    drafts: int
    fixed: tuple[Note, ...]
    refused: tuple[Note, ...]

    @property
    def imported(self) -> int:
        return self.count("new")

    @property
    def completed(self) -> int:
        return self.count("completed")

    @property
    def unchanged(self) -> int:
        return self.count("unchanged")

    def count(self, what: str) -> int:
        return sum(row.what == what for row in self.taken)


def import_movies(*, data: bytes, name: str, newest: date | None = None) -> Imported:
    """Import a film file called `name`. `newest` is the newest date it can hold, judged from it if not given.

    A movie's key is title, year and director. One that is there already keeps what it has and is given what it
    lacks, so the same file again changes nothing; a row without minutes becomes a draft. From the command line
    alone: the audit names no person. Refused: FileUnreadable, ImportRunning. Source: domain.md, "The programme".
    """
    return _imported(Actor(), read(data, name, newest), name)


@dataclass(frozen=True, slots=True)
class Read:
    """A file that was read: how many rows, the films among them, and what is wrong with the others."""

    rows: int
    films: Sequence[tuple[int, ParsedMovie]]
    bad: Sequence[Note]


def read(data: bytes, name: str, newest: date | None) -> Read:
    """The films of a file. Slow, so it is done before a transaction. Refused: FileUnreadable."""
    rows = film_files.rows_of(data, name=name)
    parsed = film_files.parse_rows(rows, today=_today(), newest=newest)
    films = [(number, film) for number, film in parsed if isinstance(film, ParsedMovie)]
    bad = [
        Note(number, found.title, _short(found.reason))
        for number, found in parsed
        if isinstance(found, Problem)
    ]
    return Read(len(rows), films, bad)


@action
def _imported(by: Actor, found: Read, name: str) -> Imported:
    return bring_in(by, found, name)


def bring_in(by: Actor, found: Read, name: str) -> Imported:
    """Write the films, within the open transaction, and tell what became of each row."""
    taken, twice = _write(by, found.films, name)
    fixed = tuple(
        Note(number, film.title, _short(sentence)) for number, film in found.films for sentence in film.fixed
    )
    return Imported(
        rows=found.rows,
        taken=tuple(taken),
        drafts=sum(film.is_draft for _, film in found.films),
        fixed=fixed,
        refused=tuple(sorted([*found.bad, *twice], key=lambda note: note.row)),
    )


def _short(sentence: str) -> str:
    """A sentence that quotes a whole novel is cut."""
    return sentence if len(sentence) <= LONGEST_SENTENCE else f"{sentence[:LONGEST_SENTENCE]}…"


def _today() -> date:
    row = fetch_one("SELECT current_date")
    assert row is not None  # noqa: S101 - a SELECT without FROM has one row
    return row[0]


def _write(by: Actor, films: Sequence[tuple[int, ParsedMovie]], name: str) -> tuple[list[Taken], list[Note]]:
    """What became of each film, and the rows that repeat another."""
    locked = fetch_one("SELECT pg_try_advisory_xact_lock(%s)", [_ONE_IMPORT])
    if not locked or not locked[0]:
        raise ImportRunning("Another import is running. Wait until it ends, then start this one again")
    found = _found([film for _, film in films])
    twice = [
        Note(number, film.title, f"Row {films[first][0]} has the same title, year and director")
        for (number, film), (_, first), place in zip(films, found, range(len(films)), strict=True)
        if first != place
    ]
    once = [
        (number, film, movie)
        for place, ((number, film), (movie, first)) in enumerate(zip(films, found, strict=True))
        if first == place
    ]
    known = [(movie, film) for _, film, movie in once if movie is not None]
    genres = _filing.genres(name for _, film, _ in once for name in film.genres)
    _insert([film for _, film, movie in once if movie is None], genres)
    completed = _complete(known, genres)
    taken = [
        Taken(number, film.title, film.release_date.year, _became(movie, completed), film.is_draft)
        for number, film, movie in once
    ]
    made = sum(row.what == "new" for row in taken)
    if made or completed:
        record(by, "import_movies", ("file", name[:40]), imported=made, completed=len(completed))
    return taken, twice


def _became(movie: int | None, completed: set[int]) -> str:
    return "new" if movie is None else "completed" if movie in completed else "unchanged"


# The database's own idea of upper and lower case is the key's, so it is asked.
_FOUND = """
SELECT m.id, min(a.place) OVER (PARTITION BY lower(a.title), a.year, lower(a.director))
FROM unnest(%s::int[], %s::text[], %s::int[], %s::text[]) AS a (place, title, year, director)
LEFT JOIN theatre_movie m ON lower(m.title) = lower(a.title) AND lower(m.director) = lower(a.director)
  AND coalesce(extract(year FROM m.release_date), 0) = a.year
ORDER BY a.place
"""


def _found(films: Sequence[ParsedMovie]) -> list[tuple[int | None, int]]:
    """For each film the movie that has its key, if any, and the place of the first film in the list that has it."""
    rows = fetch(
        _FOUND,
        [
            list(range(len(films))),
            [film.title for film in films],
            [film.release_date.year for film in films],
            [film.director for film in films],
        ],
    )
    return [(row[0], row[1]) for row in rows]


def _state(film: ParsedMovie) -> str:
    """A film without minutes is a draft; one with them is on file until somebody programmes it."""
    return "draft" if film.is_draft else "retired"


_INSERT = """
INSERT INTO theatre_movie (title, slug, duration_minutes, certificate, synopsis, director, actors, languages,
  release_date, poster, trailer_url, formats, state)
SELECT title, slug, minutes, certificate, synopsis, director, '', '{}', released, '', '', '{}', state
FROM unnest(%s::text[], %s::text[], %s::int[], %s::text[], %s::text[], %s::text[], %s::date[], %s::text[])
  AS f (title, slug, minutes, certificate, synopsis, director, released, state)
RETURNING slug, id
"""


def _insert(films: Sequence[ParsedMovie], genres: dict[str, int]) -> None:
    if not films:
        return
    slugs, taken = [], _filing.slugs()
    for film in films:
        slugs.append(_filing.slug(film.title, film.release_date.year, taken))
        taken.add(slugs[-1])
    ids: dict[str, int] = dict(
        fetch(
            _INSERT,
            [
                [film.title for film in films],
                slugs,
                [film.minutes for film in films],
                [film.certificate for film in films],
                [film.synopsis for film in films],
                [film.director for film in films],
                [film.release_date for film in films],
                [_state(film) for film in films],
            ],
        )
    )
    _link([(ids[slug], film) for slug, film in zip(slugs, films, strict=True)], genres)


_COMPLETE = """
UPDATE theatre_movie m SET
  duration_minutes = coalesce(m.duration_minutes, f.minutes),
  certificate = coalesce(nullif(m.certificate, ''), f.certificate),
  synopsis = coalesce(nullif(m.synopsis, ''), f.synopsis),
  state = CASE WHEN m.state = 'draft' AND m.duration_minutes IS NULL THEN f.state ELSE m.state END,
  changed_at = clock_timestamp()
FROM unnest(%s::bigint[], %s::int[], %s::text[], %s::text[], %s::text[])
  AS f (id, minutes, certificate, synopsis, state)
WHERE m.id = f.id AND (m.duration_minutes IS NULL AND f.minutes IS NOT NULL
  OR m.certificate = '' AND f.certificate <> '' OR m.synopsis = '' AND f.synopsis <> '')
RETURNING m.id
"""


def _complete(known: Sequence[tuple[int, ParsedMovie]], genres: dict[str, int]) -> set[int]:
    """Give movies that are there what they lack; which ones got something."""
    filled = fetch(
        _COMPLETE,
        [
            [movie for movie, _ in known],
            [film.minutes for _, film in known],
            [film.certificate for _, film in known],
            [film.synopsis for _, film in known],
            [_state(film) for _, film in known],
        ],
    )
    return {row[0] for row in filled} | _link(known, genres)


_LINK = """
INSERT INTO theatre_movie_genres (movie_id, genre_id)
SELECT f.movie, f.genre FROM unnest(%s::bigint[], %s::bigint[]) WITH ORDINALITY AS f (movie, genre, place)
WHERE NOT EXISTS (SELECT 1 FROM theatre_movie_genres has WHERE has.movie_id = f.movie)
ORDER BY f.place
RETURNING movie_id
"""


def _link(movies: Sequence[tuple[int, ParsedMovie]], genres: dict[str, int]) -> set[int]:
    """Give movies that have no genre theirs; which ones."""
    links = [(movie, genres[name.casefold()]) for movie, film in movies for name in film.genres]
    return {row[0] for row in fetch(_LINK, [[movie for movie, _ in links], [genre for _, genre in links]])}
