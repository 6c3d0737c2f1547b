"""Movies as the office sees them: the list, one of them, and files looked through before an import.

A constant number of queries each, however many there are.
"""

import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from theatre.models.sql import fetch, fetch_one

LONGEST = 80  # characters somebody may ask for
SORTS = {
    "title": "m.title, m.id",
    "newest": "m.release_date DESC NULLS LAST, m.title, m.id",
    "oldest": "m.release_date NULLS LAST, m.title, m.id",
    "changed": "m.changed_at DESC, m.id DESC",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; empty is anything. Without a sort what fits best stands first, else the title decides."""

    find: str = ""
    state: str = ""
    genre: str = ""
    format: str = ""
    sort: str = ""


class Row(NamedTuple):
    """A movie on the list. `shows` are those to come, `followers` who wait to be told that it opens."""

    id: int
    slug: str
    title: str
    poster: str
    state: str
    certificate: str
    minutes: int | None
    release_date: date | None
    director: str
    genres: list[str]
    shows: int
    followers: int


# Words by their beginnings for everything that is written about it, letters in threes for slips in the title.
_FITS = "(m.search @@ to_tsquery('simple', %(words)s) OR %(find)s <%% m.title OR m.title ILIKE %(like)s)"
_BEST = (
    "word_similarity(%(find)s, m.title) DESC, ts_rank(m.search, to_tsquery('simple', %(words)s)) DESC,"
    " m.title, m.id"
)
_COUNT = "SELECT count(*) FROM theatre_movie m WHERE {fits}"
_ROWS = """
WITH page AS MATERIALIZED (
  SELECT m.id, row_number() OVER (ORDER BY {order}) AS place FROM theatre_movie m WHERE {fits}
  ORDER BY {order} LIMIT %(size)s OFFSET %(skip)s
)
SELECT m.id, m.slug, m.title, m.poster, m.state, m.certificate, m.duration_minutes, m.release_date, m.director,
       ARRAY(SELECT g.name FROM theatre_movie_genres mg JOIN theatre_genre g ON g.id = mg.genre_id
             WHERE mg.movie_id = m.id ORDER BY mg.id),
       (SELECT count(*) FROM theatre_show s
        WHERE s.movie_id = m.id AND s.state IN ('planned', 'on_sale') AND s.ends_at > clock_timestamp()),
       (SELECT count(*) FROM theatre_moviefollow f WHERE f.movie_id = m.id AND f.told_at IS NULL)
FROM page p JOIN theatre_movie m ON m.id = p.id
ORDER BY p.place
"""


def page(wanted: Wanted, number: int, size: int) -> tuple[list[Row], int, int]:
    """A page of the movies that fit, how many do, and which page it is: the last one when there are not so many. Two
    queries."""
    find = " ".join(wanted.find.split())[:LONGEST]
    words = re.findall(r"\w+", find)
    parts = ["true"]
    values: dict[str, Any] = {"find": find, "words": " & ".join(f"{word}:*" for word in words)}
    values["like"] = "%" + re.sub(r"([\\%_])", r"\\\1", find) + "%"
    if words:
        parts.append(_FITS)
    elif find:
        parts.append("m.title ILIKE %(like)s")
    if wanted.state:
        parts.append("m.state = %(state)s")
    if wanted.genre:
        parts.append(
            "EXISTS (SELECT 1 FROM theatre_movie_genres mg JOIN theatre_genre g ON g.id = mg.genre_id"
            " WHERE mg.movie_id = m.id AND g.name = %(genre)s)"
        )
    if wanted.format:
        parts.append(
            "EXISTS (SELECT 1 FROM unnest(m.formats) f"
            " WHERE replace(replace(lower(f), '_', '-'), ' ', '-') = %(format)s)"
        )
    values |= {"state": wanted.state, "genre": wanted.genre, "format": wanted.format}
    fits = " AND ".join(parts)
    [(count,)] = fetch(_COUNT.format(fits=fits), values)
    number = max(1, min(number, -(-count // size)))
    order = SORTS.get(wanted.sort) or (_BEST if words else SORTS["title"])
    rows = fetch(_ROWS.format(order=order, fits=fits), {**values, "size": size, "skip": (number - 1) * size})
    return [Row(*row) for row in rows], count, number


def genres() -> list[str]:
    """Every genre by its name. One query."""
    return [row[0] for row in fetch("SELECT name FROM theatre_genre ORDER BY lower(name)")]


@dataclass(frozen=True, slots=True)
class Filed:
    """All that the house knows of a movie. `told` is when everybody was written to about it, `announced` that they are
    to be."""

    id: int
    slug: str
    title: str
    state: str
    certificate: str
    minutes: int | None
    synopsis: str
    director: str
    actors: str
    languages: list[str]
    release_date: date | None
    poster: str
    trailer: str
    formats: list[str]
    genres: list[str]
    announced: bool
    told: datetime | None
    changed_at: datetime
    shows: int
    shows_to_come: int
    next_show: datetime | None
    bookings: int
    followers: int
    reviews: int


_FILED = """
SELECT m.id, m.slug, m.title, m.state, m.certificate, m.duration_minutes, m.synopsis, m.director, m.actors, m.languages,
       m.release_date, m.poster, m.trailer_url, m.formats,
       ARRAY(SELECT g.name FROM theatre_movie_genres mg JOIN theatre_genre g ON g.id = mg.genre_id
             WHERE mg.movie_id = m.id ORDER BY mg.id),
       m.announced_at IS NOT NULL AND m.digest_id IS NULL,
       (SELECT made_at FROM theatre_moviedigest d WHERE d.id = m.digest_id), m.changed_at,
       shows.every, shows.coming, shows.next,
       (SELECT count(*) FROM theatre_booking b JOIN theatre_show s ON s.id = b.show_id
        WHERE s.movie_id = m.id AND b.state = 'confirmed'),
       (SELECT count(*) FROM theatre_moviefollow f WHERE f.movie_id = m.id AND f.told_at IS NULL),
       (SELECT count(*) FROM theatre_review r WHERE r.movie_id = m.id AND r.state = 'approved')
FROM theatre_movie m
CROSS JOIN LATERAL (
  SELECT count(*) AS every, count(*) FILTER (WHERE live) AS coming, min(starts_at) FILTER (WHERE live) AS next
  FROM (SELECT starts_at, state IN ('planned', 'on_sale') AND ends_at > clock_timestamp() AS live
        FROM theatre_show WHERE movie_id = m.id) s
) shows
WHERE m.id = %s
"""


def movie(movie_id: int) -> Filed | None:
    """One of them, or None. One query."""
    row = fetch_one(_FILED, [movie_id])
    return Filed(*row) if row else None


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A file of movies: what its import would do, or did. Both as `actions.movies.importing.Imported` in JSON."""

    id: int
    name: str
    by: str
    made_at: datetime
    seen: dict[str, Any]
    done: dict[str, Any] | None


def file(file_id: int) -> SeenFile | None:
    """A file that was looked through, or None. One query."""
    row = fetch_one(
        "SELECT f.id, f.name, coalesce(nullif(u.full_name, ''), u.email), f.made_at, f.seen::text, f.done::text"
        " FROM theatre_moviefile f JOIN theatre_user u ON u.id = f.by_id WHERE f.id = %s",
        [file_id],
    )
    if row is None:
        return None
    id_, name, by, made_at, seen, done = row
    return SeenFile(id_, name, by, made_at, json.loads(seen), json.loads(done) if done else None)


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file that was looked through; `done` says that its movies were imported."""

    id: int
    name: str
    by: str
    made_at: datetime
    done: bool


def files(most: int) -> list[ListedFile]:
    """The files that were looked through last, the newest first. One query."""
    rows = fetch(
        "SELECT f.id, f.name, coalesce(nullif(u.full_name, ''), u.email), f.made_at, f.done IS NOT NULL"
        " FROM theatre_moviefile f JOIN theatre_user u ON u.id = f.by_id ORDER BY f.id DESC LIMIT %s",
        [most],
    )
    return [ListedFile(*row) for row in rows]
