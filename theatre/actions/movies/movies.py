"""Movies: made and changed. Where they stand is decided in releasing.py."""

from theatre.access import Actor, Permission, require
from theatre.actions._doors import action, record, refusing
from theatre.actions.booking import _once
from theatre.actions.booking._once import Once
from theatre.actions.movies import _filing
from theatre.models import Movie
from theatre.models.sql import change, fetch
from theatre.queries import programme
from theatre.rules import releases
from theatre.rules.refusals import Refused
from theatre.rules.releases import About, NotReadyToShow


class SlugJustTaken(Refused):
    """Somebody filed a movie with the same address in the same moment."""

    code = "slug_just_taken"


@action
def make_movie(*, by: Actor, about: About, once: Once | None = None) -> int:
    """A new movie, a draft that guests do not see; its id. Refused: NotAsMoviesAre, TrailerUnknown,
    MovieThereAlready."""
    require(by, Permission.MANAGE_MOVIES)
    if (before := _once.begin(once)) is not None:
        return int(before["movie"])
    stored = _stored(about)
    year = about.release_date.year if about.release_date else None
    with refusing(
        one_movie_per_title_year_and_director=_filing.there_already, theatre_movie_slug_key=_just_taken
    ):
        movie = Movie.objects.create(
            **stored, slug=_filing.slug(about.title, year, _filing.slugs()), state=releases.State.DRAFT
        )
    _give_genres(movie.pk, about.genres)
    record(by, "make_movie", ("movie", movie.pk), title=about.title)
    _once.keep(once, {"movie": movie.pk})
    return movie.pk


@action
def edit_movie(*, by: Actor, movie_id: int, about: About) -> bool:
    """Store what is said about a movie; whether anything changed. Its address stays, and so do the ends of shows that
    are planned.

    Refused: MovieUnknown, NotReadyToShow without minutes for one that is shown, and as `make_movie`.
    """
    require(by, Permission.MANAGE_MOVIES)
    stored = _stored(about)
    movie = _filing.lock(movie_id)
    changed = [name for name, value in stored.items() if getattr(movie, name) != value]
    had = _genres_of(movie_id)
    new_genres = [name.casefold() for name in had] != [name.casefold() for name in about.genres]
    if not changed and not new_genres:
        return False
    if about.minutes is None and "duration_minutes" in changed and _is_shown(movie):
        raise NotReadyToShow(f"{movie.title} has shows or is showing. Enter its running time", "minutes")
    for name in changed:
        setattr(movie, name, stored[name])
    if changed:
        with refusing(one_movie_per_title_year_and_director=_filing.there_already):
            movie.save(update_fields=changed)
    if new_genres:
        change("DELETE FROM theatre_movie_genres WHERE movie_id = %s", [movie_id])
        _give_genres(movie_id, about.genres)
    change("UPDATE theatre_movie SET changed_at = clock_timestamp() WHERE id = %s", [movie_id])
    record(by, "edit_movie", ("movie", movie_id), changed=[*changed, *(["genres"] if new_genres else [])])
    return True


def _stored(about: About) -> dict[str, object]:
    """The columns, or the first refusal."""
    today, _now = programme.today()
    for fault in releases.faults(about, today=today):
        raise fault
    return {
        "title": about.title,
        "certificate": about.certificate,
        "duration_minutes": about.minutes,
        "languages": list(about.languages),
        "release_date": about.release_date,
        "synopsis": about.synopsis,
        "director": about.director,
        "actors": about.actors,
        "trailer_url": releases.trailer(about.trailer),
        "formats": list(about.formats),
    }


def _is_shown(movie: Movie) -> bool:
    return movie.state == releases.State.SHOWING or bool(
        fetch("SELECT 1 FROM theatre_show WHERE movie_id = %s LIMIT 1", [movie.pk])
    )


def _genres_of(movie_id: int) -> list[str]:
    rows = fetch(
        "SELECT g.name FROM theatre_movie_genres mg JOIN theatre_genre g ON g.id = mg.genre_id"
        " WHERE mg.movie_id = %s ORDER BY mg.id",
        [movie_id],
    )
    return [row[0] for row in rows]


def _give_genres(movie_id: int, names: tuple[str, ...]) -> None:
    ids = _filing.genres(names)
    change(
        "INSERT INTO theatre_movie_genres (movie_id, genre_id)"
        " SELECT %s, id FROM unnest(%s::bigint[]) WITH ORDINALITY AS g (id, place) ORDER BY place",
        [movie_id, list(dict.fromkeys(ids[name.casefold()] for name in names))],
    )


def _just_taken() -> SlugJustTaken:
    return SlugJustTaken("Somebody has just added a movie of that title. Look at the list, then try again")
