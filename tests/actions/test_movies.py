"""Movies: made, changed, published, withdrawn, deleted only when never sold; their posters."""

from datetime import date
from io import BytesIO

import pytest
from PIL import Image

from tests import factories, people
from tests.documents import pictures
from theatre.access import NotAllowed
from theatre.actions.booking._once import once
from theatre.actions.movies import movies, posters, releasing
from theatre.actions.movies._filing import MovieThereAlready, MovieUnknown
from theatre.actions.movies.follow import follow_movie
from theatre.actions.movies.releasing import MovieIsNeeded, MovieWasSold
from theatre.actions.shows import plan as planning
from theatre.documents.pictures import NoPicture
from theatre.documents.posters import SIZES
from theatre.models import AuditEntry, Genre, Letter, Movie, MovieFollow, Poster, RowChange, Show
from theatre.queries import programme
from theatre.rules.releases import (
    About,
    NoSuchStep,
    NotAsMoviesAre,
    NotReadyToShow,
    ShowsToCome,
    TrailerUnknown,
)

pytestmark = pytest.mark.django_db

WHOLE = About(
    title="The Long Exposure",
    certificate="15",
    genres=("Drama", "Mystery"),
    minutes=112,
    languages=("en", "de"),
    release_date=date(2026, 5, 1),
    synopsis="A photographer waits.",
    director="Ada Lumen",
    actors="Noor Haddad, Tomas Reyes",
    trailer="https://youtu.be/abcdefghijk",
    formats=("2d", "subtitled"),
)


@pytest.fixture
def admin():
    return people.actor_for(people.admin())


def verbs() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))


def make(admin, about: About = WHOLE, **more) -> Movie:
    return Movie.objects.get(pk=movies.make_movie(by=admin, about=about, **more))


def genres_of(movie: Movie) -> list[str]:
    links = Movie.genres.through.objects.filter(movie=movie).order_by("pk")
    return list(links.values_list("genre__name", flat=True))


# Made and changed -------------------------------------------------------------------------------------------------


def test_a_movie_begins_as_a_draft_with_all_that_was_said(admin):
    Genre.objects.create(name="drama")

    made = make(admin)

    assert (made.slug, made.state, made.announced_at) == ("the-long-exposure-2026", "draft", None)
    assert (made.certificate, made.duration_minutes, made.languages) == ("15", 112, ["en", "de"])
    assert made.trailer_url == "https://www.youtube.com/watch?v=abcdefghijk"
    assert genres_of(made) == ["drama", "Mystery"]
    assert verbs() == ["make_movie"]


def test_the_same_form_sent_twice_makes_one_movie(admin):
    key = once("user:1", "movie", "k", {})

    assert make(admin, once=key) == make(admin, once=key)
    assert Movie.objects.count() == 1


def test_title_year_and_director_are_one_movies(admin):
    make(admin)

    with pytest.raises(MovieThereAlready, match="Another movie has this title") as refused:
        make(admin, About(title="THE LONG EXPOSURE", release_date=date(2026, 1, 1), director="ada lumen"))
    assert refused.value.field == "title"
    assert make(admin, About(title="The Long Exposure", release_date=date(2026, 1, 1))).slug.endswith(
        "2026-2"
    )


def test_changing_keeps_the_address_and_tells_from_what_to_what(admin):
    made = make(admin)
    about = About(
        **{
            **{name: getattr(WHOLE, name) for name in About.__dataclass_fields__},
            "title": "Long Exposure",
            "genres": ("Mystery",),
        }
    )

    assert movies.edit_movie(by=admin, movie_id=made.pk, about=about)
    assert not movies.edit_movie(by=admin, movie_id=made.pk, about=about)

    made.refresh_from_db()
    assert (made.title, made.slug, genres_of(made)) == (
        "Long Exposure",
        "the-long-exposure-2026",
        ["Mystery"],
    )
    assert RowChange.objects.filter(on_type="movie", change="changed").latest("pk").after == {
        "title": "Long Exposure"
    }
    assert AuditEntry.objects.get(verb="edit_movie").details == {"changed": ["title", "genres"]}


def test_a_movie_with_shows_keeps_a_running_time(admin):
    show = factories.show(of=factories.movie(state="coming_soon"))

    with pytest.raises(NotReadyToShow) as refused:
        movies.edit_movie(by=admin, movie_id=show.movie_id, about=About(title="Without an end"))
    assert refused.value.field == "minutes"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("title", "", "Enter the title"),
        ("title", "t" * 401, "Use 400 characters or fewer. These are 401"),
        ("minutes", 0, "Enter a running time of 1 to 900 minutes"),
        ("minutes", 901, "Enter a running time of 1 to 900 minutes"),
        ("release_date", date(1887, 12, 31), "Enter a day between 1888 and"),
        ("certificate", "c" * 13, "Use 12 characters or fewer"),
        ("director", "d" * 201, "Use 200 characters or fewer"),
        ("synopsis", "s" * 5_001, "Use 5,000 characters or fewer. These are 5,001"),
        ("genres", ("g" * 61,), "Use 60 characters or fewer"),
        ("genres", tuple("abcdefghijk"), "Choose 10 genres or fewer"),
        ("formats", ("smell",), "Choose from these formats"),
    ],
)
def test_what_a_movie_cannot_be_is_said_at_its_field(admin, field, value, sentence):
    with pytest.raises(NotAsMoviesAre, match=sentence) as refused:
        make(admin, About(**{"title": "Arrival", field: value}))

    assert refused.value.field == field
    assert not Movie.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"), [("title", "t"), ("title", "t" * 400), ("minutes", 1), ("minutes", 900)]
)
def test_the_shortest_and_the_longest_are_taken(admin, field, value):
    assert make(admin, About(**{"title": "Arrival", field: value}))


def test_a_trailer_elsewhere_is_refused(admin):
    with pytest.raises(TrailerUnknown):
        make(admin, About(title="Arrival", trailer="https://example.org/film.mp4"))


# Where it stands --------------------------------------------------------------------------------------------------


def test_announcing_makes_it_known_once(admin):
    movie = factories.movie(state="draft")

    releasing.announce_movie(by=admin, movie_id=movie.pk)
    movie.refresh_from_db()
    first = movie.announced_at
    releasing.take_back_movie(by=admin, movie_id=movie.pk)
    movie.refresh_from_db()

    assert first is not None
    assert (movie.state, movie.announced_at) == ("draft", None)
    releasing.open_movie(by=admin, movie_id=movie.pk)
    movie.refresh_from_db()
    assert movie.announced_at > first
    assert verbs() == ["announce_movie", "take_back_movie", "open_movie"]


def test_what_cannot_happen_is_refused(admin):
    movie = factories.movie(state="draft", minutes=None)

    with pytest.raises(NotReadyToShow):
        releasing.open_movie(by=admin, movie_id=movie.pk)
    with pytest.raises(NoSuchStep, match="is a draft"):
        releasing.retire_movie(by=admin, movie_id=movie.pk)
    with pytest.raises(MovieUnknown):
        releasing.announce_movie(by=admin, movie_id=999_999)


def test_a_movie_with_shows_to_come_is_not_withdrawn(admin):
    movie = factories.show().movie
    over = factories.show(in_hours=-30, state="played").movie

    with pytest.raises(ShowsToCome, match="1 show to come"):
        releasing.retire_movie(by=admin, movie_id=movie.pk)
    releasing.retire_movie(by=admin, movie_id=over.pk)


def test_who_asked_is_told_at_once_when_it_opens_and_once(admin):
    movie, guest = factories.movie(state="coming_soon"), people.customer()
    follow_movie(by=people.actor_for(guest), movie_id=movie.pk)

    releasing.open_movie(by=admin, movie_id=movie.pk)

    letter = Letter.objects.get(kind="movie_opened")
    assert (letter.to, letter.user_id, letter.data["movie"]) == (guest.email, guest.pk, movie.pk)
    assert MovieFollow.objects.get().told_at is not None
    releasing.retire_movie(by=admin, movie_id=movie.pk)
    releasing.open_movie(by=admin, movie_id=movie.pk)
    assert Letter.objects.filter(kind="movie_opened").count() == 1


def test_who_asks_again_after_it_was_retired_is_told_again(admin):
    movie, guest = factories.movie(state="coming_soon"), people.customer()
    for _ in range(2):
        follow_movie(by=people.actor_for(guest), movie_id=movie.pk)
        releasing.open_movie(by=admin, movie_id=movie.pk)
        releasing.retire_movie(by=admin, movie_id=movie.pk)
        releasing.announce_movie(by=admin, movie_id=movie.pk)

    assert Letter.objects.filter(kind="movie_opened").count() == 2


def test_followers_hear_once_that_there_are_shows():
    by, guest = people.actor_for(people.moderator()), people.customer()
    movie = factories.movie(state="coming_soon")
    follow_movie(by=people.actor_for(guest), movie_id=movie.pk)
    shows = [factories.show(of=movie, state="planned", in_hours=24 * day) for day in (1, 2, 3)]

    planning.put_on_sale(by=by, show_ids=[shows[0].pk])
    planning.put_on_sale(by=by, show_ids=[show.pk for show in shows])

    assert list(Letter.objects.values_list("kind", "to")) == [("first_shows", guest.email)]


# Deleted ----------------------------------------------------------------------------------------------------------


def test_a_movie_nobody_had_a_seat_of_goes_with_everything(admin):
    movie = factories.movie(state="coming_soon")
    follow_movie(by=people.actor_for(people.customer()), movie_id=movie.pk)
    posters.set_poster(by=admin, movie_id=movie.pk, content=pictures.jpeg())
    factories.show(of=movie, state="cancelled")
    over = factories.show(of=movie, in_hours=-50, state="played")

    releasing.delete_movie(by=admin, movie_id=movie.pk)

    assert not Movie.objects.exists() and not Show.objects.exists()
    assert not Poster.objects.exists() and not MovieFollow.objects.exists()
    assert AuditEntry.objects.get(verb="delete_movie").details == {"title": over.movie.title, "shows": 2}


def test_a_movie_that_was_sold_stays_and_the_refusal_says_why(admin):
    booking = factories.booked()
    movie = booking.show.movie
    factories.cancelled(of=booking.show)

    with pytest.raises(MovieWasSold, match="has 2 bookings in the books, so it stays. Retire it instead"):
        releasing.delete_movie(by=admin, movie_id=movie.pk)


def test_a_movie_that_was_only_held_stays_too(admin):
    hold = factories.held()

    with pytest.raises(MovieWasSold, match="has 1 booking"):
        releasing.delete_movie(by=admin, movie_id=hold.show.movie_id)


def test_a_movie_that_something_needs_stays(admin):
    planned, kept, meant = factories.show().movie, factories.show().movie, factories.movie()
    factories.vip(of=kept.shows.get())
    kept.shows.update(state="cancelled")
    factories.coupon().movies.add(meant)

    for movie in (planned, kept):
        with pytest.raises(MovieIsNeeded, match="has shows to come, or with a history that is kept"):
            releasing.delete_movie(by=admin, movie_id=movie.pk)
    with pytest.raises(MovieIsNeeded, match="1 coupon is for"):
        releasing.delete_movie(by=admin, movie_id=meant.pk)


# Posters ----------------------------------------------------------------------------------------------------------


def test_a_poster_is_kept_in_three_widths_without_what_else_the_file_had(admin):
    movie = factories.movie()
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (52.0, 31.0, 0.0)}  # where it was taken

    posters.set_poster(by=admin, movie_id=movie.pk, content=pictures.jpeg(900, 1400, exif=exif))

    movie.refresh_from_db()
    assert len(movie.poster) == 16
    for name, (width, heaviest) in SIZES.items():
        webp = programme.poster(movie.poster, name)
        assert len(webp) <= heaviest
        picture = Image.open(BytesIO(webp))
        assert (picture.format, picture.size) == ("WEBP", (width, width * 3 // 2))
        assert not picture.getexif() and "icc_profile" not in picture.info


def test_a_busy_poster_is_no_heavier_than_a_page_can_bear(admin):
    movie = factories.movie()

    posters.set_poster(by=admin, movie_id=movie.pk, content=pictures.busy())

    poster = Poster.objects.get()
    assert [len(bytes(getattr(poster, name))) <= heaviest for name, (_, heaviest) in SIZES.items()] == [
        True
    ] * 3


def test_another_poster_has_another_mark_and_none_is_the_drawn_one(admin):
    movie = factories.movie()
    marks = []
    for colour in ("#101010", "#f0f0f0"):
        posters.set_poster(by=admin, movie_id=movie.pk, content=pictures.png(400, 600, colour))
        movie.refresh_from_db()
        marks.append(movie.poster)

    assert marks[0] != marks[1]
    assert posters.remove_poster(by=admin, movie_id=movie.pk)
    assert not posters.remove_poster(by=admin, movie_id=movie.pk)
    movie.refresh_from_db()
    assert (movie.poster, Poster.objects.count()) == ("", 0)
    assert verbs() == ["set_poster", "set_poster", "remove_poster"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (pictures.sixty_megapixels(), "too large to draw. Choose one with 25 million points or fewer"),
        (pictures.SVG, "Choose a poster that is a JPEG, PNG or WebP picture"),
        (pictures.EXECUTABLE, "Choose a poster that is a JPEG, PNG or WebP picture"),
        (pictures.truncated(), "A part of that poster is missing"),
        (pictures.jpeg(199, 300), "200 pixels wide and 300 pixels high, or larger"),
        (b"", "Choose a poster that is a JPEG, PNG or WebP picture"),
        (pictures.jpeg() + bytes(5_000_000), "must be smaller than 5 MB"),
    ],
    ids=["60 megapixels", "svg", "executable", "truncated", "small", "empty", "heavy"],
)
def test_what_is_no_poster_is_refused_and_changes_nothing(admin, content, sentence):
    movie = factories.movie()

    with pytest.raises(NoPicture, match=sentence) as refused:
        posters.set_poster(by=admin, movie_id=movie.pk, content=content)

    assert refused.value.field == "poster"
    assert not Poster.objects.exists()


# Doors ------------------------------------------------------------------------------------------------------------


def test_movies_are_the_admins():
    moderator = people.actor_for(people.moderator())
    movie = factories.movie()

    for deed in (
        lambda: movies.make_movie(by=moderator, about=WHOLE),
        lambda: movies.edit_movie(by=moderator, movie_id=movie.pk, about=WHOLE),
        lambda: releasing.retire_movie(by=moderator, movie_id=movie.pk),
        lambda: releasing.delete_movie(by=moderator, movie_id=movie.pk),
        lambda: posters.set_poster(by=moderator, movie_id=movie.pk, content=b""),
        lambda: posters.remove_poster(by=moderator, movie_id=movie.pk),
    ):
        with pytest.raises(NotAllowed):
            deed()
