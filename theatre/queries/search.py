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


_LIKE = """SELECT m.id, greatest(word_similarity(%(asked)s, m.title), 0) AS near, m.state = 'retired' AS gone
       FROM theatre_movie m WHERE m.state <> 'draft' AND %(asked)s <%% m.title"""


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
        {"asked": asked, "limit": AT_ONCE, "offset": (page - 1) * AT_ONCE},
    )
    found = [programme.listed(row) for row in rows]
    times = programme.times_of([movie.id for movie in found], TIMES_SHOWN)
    return Found(
        tuple(replace(movie, times=times.get(movie.id, ())) for movie in found),
        rows[0][-1] if rows else 0,
    )
