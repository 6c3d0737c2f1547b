"""Finding a movie by what somebody remembers of it: PostgreSQL's full text, and letters in threes for slips."""

from dataclasses import dataclass, replace

from theatre.models.sql import fetch
from theatre.queries import programme
from theatre.queries.programme import Listed

AT_ONCE = 24
TIMES_SHOWN = 4
LONGEST = 80  # characters somebody may ask for


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found, the best first, with the next times of each; and how many there are."""

    movies: tuple[Listed, ...]
    count: int


# By letters in threes for titles, which forgives slips; by the word as it is written for people.
_LIKE = """SELECT id, max(near) AS near, bool_or(gone) AS gone FROM (
         SELECT id, word_similarity(%(asked)s, title) AS near, state = 'retired' AS gone FROM theatre_movie
         WHERE state <> 'draft' AND %(asked)s <%% title
         UNION ALL
         SELECT id, 0.5, state = 'retired' FROM theatre_movie
         WHERE state <> 'draft' AND (director ILIKE %(within)s OR actors ILIKE %(within)s)
       ) each GROUP BY id"""


def movies(asked: str, page: int) -> Found:
    """Movies that guests may know of and that are like it. Two queries, none for nothing."""
    asked = " ".join(asked.split())[:LONGEST]
    if not asked:
        return Found((), 0)
    rows = fetch(
        f"SELECT {programme.MOVIE}, found.many"  # noqa: S608 - parts of this file
        f" FROM (SELECT *, count(*) OVER () AS many FROM ({_LIKE}) f"
        " ORDER BY gone, near DESC, id LIMIT %(limit)s OFFSET %(offset)s) found"
        f" JOIN theatre_movie m ON m.id = found.id {programme.RATED}"
        " ORDER BY found.gone, found.near DESC, m.title, m.id",
        {"asked": asked, "within": f"%{_plain(asked)}%", "limit": AT_ONCE, "offset": (page - 1) * AT_ONCE},
    )
    found = [programme.listed(row) for row in rows]
    times = programme.times_of([movie.id for movie in found], TIMES_SHOWN)
    return Found(
        tuple(replace(movie, times=times.get(movie.id, ())) for movie in found),
        rows[0][-1] if rows else 0,
    )


def _plain(words: str) -> str:
    """For LIKE: what is typed, letter by letter."""
    return words.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
