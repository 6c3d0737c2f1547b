"""Finding a movie by what somebody remembers of it: letters in threes, the names of people, and where both find
nothing, words that are a slip or two away."""

from dataclasses import dataclass, replace

from theatre.models.sql import fetch
from theatre.queries import programme
from theatre.queries.programme import Listed

AT_ONCE = 24
TIMES_SHOWN = 4
LONGEST = 80  # characters somebody may ask for
FEWEST_LETTERS, MANY_LETTERS = 4, 5  # for one slip, and for two


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

# Letters alone, of the whole title and of each of its words: “wal-ee” is two slips from “WALL·E”, “chigaco” from
# “Chicago”. Letters in threes find neither.
_NEARLY = """SELECT id, -min(far) AS near, state = 'retired' AS gone FROM (
         SELECT m.id, m.state, levenshtein_less_equal(left(word, 80), %(letters)s, %(slips)s) AS far
         FROM theatre_movie m, unnest(regexp_replace(lower(m.title), '[^[:alnum:]]', '', 'g')
           || regexp_split_to_array(lower(m.title), '[^[:alnum:]]+')) AS word
         WHERE m.state <> 'draft' AND word <> ''
       ) each WHERE far <= %(slips)s GROUP BY id, state"""
_PAGE = (
    f"SELECT {programme.MOVIE}, found.many"  # noqa: S608 - parts of this file
    " FROM (SELECT *, count(*) OVER () AS many FROM ({found}) f"
    " ORDER BY gone, near DESC, id LIMIT %(limit)s OFFSET %(offset)s) found"
    f" JOIN theatre_movie m ON m.id = found.id {programme.RATED}"
    " ORDER BY found.gone, found.near DESC, m.title, m.id"
)


def movies(asked: str, page: int) -> Found:
    """Movies that guests may know of and that are like it. Two queries, at most three, none for nothing."""
    asked = " ".join(asked.split())[:LONGEST]
    if not asked:
        return Found((), 0)
    letters = "".join(char for char in asked.lower() if char.isalnum())
    wanted = {
        "asked": asked,
        "within": f"%{_plain(asked)}%",
        "letters": letters,
        "slips": 1 if len(letters) < MANY_LETTERS else 2,
        "limit": AT_ONCE,
        "offset": (page - 1) * AT_ONCE,
    }
    rows = fetch(_PAGE.format(found=_LIKE), wanted)
    if not rows and page == 1 and len(letters) >= FEWEST_LETTERS:
        rows = fetch(_PAGE.format(found=_NEARLY), wanted)
    if not rows:
        return Found((), 0)
    found = [programme.listed(row) for row in rows]
    times = programme.times_of([movie.id for movie in found], TIMES_SHOWN)
    return Found(
        tuple(replace(movie, times=times.get(movie.id, ())) for movie in found),
        rows[0][-1],
    )


def _plain(words: str) -> str:
    """For LIKE: what is typed, letter by letter."""
    return words.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
