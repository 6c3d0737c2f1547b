"""What can be shown."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce, ExtractYear, Left, Lower, Now


class Genre(models.Model):
    name = models.CharField(max_length=60, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Movie(models.Model):
    """A film. Title, year and director are its key; one without minutes stays a draft."""

    class State(models.TextChoices):
        DRAFT = "draft"
        COMING_SOON = "coming_soon"
        SHOWING = "showing"
        RETIRED = "retired"

    title = models.CharField(max_length=400)
    slug = models.SlugField(max_length=160, unique=True)
    genres = models.ManyToManyField(Genre, related_name="movies", blank=True)
    duration_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    certificate = models.CharField(max_length=12, blank=True)
    synopsis = models.TextField(blank=True)
    director = models.CharField(max_length=200, blank=True)
    actors = models.TextField(blank=True)
    languages = ArrayField(models.CharField(max_length=35), default=list, blank=True)
    release_date = models.DateField(null=True, blank=True)
    poster = models.CharField(max_length=16, blank=True)  # the mark of its uploaded one; empty: it is drawn
    trailer_url = models.URLField(blank=True)
    formats = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    state = models.CharField(max_length=16, choices=State, default=State.DRAFT)
    created_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now())
    # When everybody was to hear of it, and the letter that tells them.
    announced_at = models.DateTimeField(null=True, blank=True)
    digest = models.ForeignKey(
        "theatre.MovieDigest", on_delete=models.PROTECT, null=True, blank=True, related_name="movies"
    )
    # No language's rules: titles come in many, and a name is not inflected. What is longer than a book is not read.
    search = models.GeneratedField(
        expression=SearchVector("title", weight="A", config="simple")
        + SearchVector("director", Left("actors", 4000), weight="B", config="simple")
        + SearchVector(Left("synopsis", 20_000), weight="C", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("title"),
                Coalesce(ExtractYear("release_date"), 0),
                Lower("director"),
                name="one_movie_per_title_year_and_director",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="movie_has_a_title"),
            models.CheckConstraint(
                condition=Q(duration_minutes__isnull=True)
                | Q(duration_minutes__gte=1, duration_minutes__lte=900),
                name="movie_lasts_1_to_900_minutes",
            ),
            models.CheckConstraint(
                condition=~Q(state="showing") | Q(duration_minutes__isnull=False),
                name="showing_movie_has_minutes",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "coming_soon", "showing", "retired"]), name="movie_state"
            ),
            # Whoever presses it is led there, and nothing is run.
            models.CheckConstraint(
                condition=Q(trailer_url="") | Q(trailer_url__startswith="https://"),
                name="movie_trailer_is_on_the_web",
            ),
            # It is a part of addresses.
            models.CheckConstraint(
                condition=Q(poster__regex="^([0-9a-f]{16})?$"), name="movie_poster_is_a_mark"
            ),
        ]
        indexes = [
            GinIndex(fields=["title"], name="movie_title_trigrams", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["search"], name="movie_words"),
            models.Index(fields=["poster"], condition=~Q(poster=""), name="movie_by_poster"),
            models.Index(fields=["state", "release_date"], name="movie_by_state"),
        ]

    def __str__(self) -> str:
        return self.title


class MovieFollow(models.Model):
    """A customer who asked to be told when a movie opens."""

    customer = models.ForeignKey("theatre.Customer", on_delete=models.CASCADE, related_name="follows")
    movie = models.ForeignKey(Movie, on_delete=models.CASCADE, related_name="follows", db_index=False)
    created_at = models.DateTimeField(db_default=Now())
    told_at = models.DateTimeField(null=True, blank=True)  # when the letter that it opens was queued

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["movie", "customer"], name="one_follow_per_movie_and_customer")
        ]

    def __str__(self) -> str:
        return f"{self.customer} follows {self.movie}"


class Poster(models.Model):
    """A movie's poster in three widths, each a WebP drawn anew from what was uploaded: nothing else of the file is
    kept. `Movie.poster` is its mark."""

    movie = models.OneToOneField(Movie, on_delete=models.CASCADE, primary_key=True, related_name="picture")
    small = models.BinaryField()
    medium = models.BinaryField()
    large = models.BinaryField()
    set_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"poster of {self.movie}"


class MovieDigest(models.Model):
    """One day's letter about new movies, to everybody who wants it: made once a day, sent batch by batch.

    `reached` is the last customer whose letter is queued, by id; `letters` how many are.
    """

    day = models.DateField(unique=True)  # the theatre's
    made_at = models.DateTimeField(db_default=Now())
    reached = models.BigIntegerField(default=0)
    letters = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["day"], condition=Q(done_at__isnull=True), name="movie_digest_under_way")
        ]

    def __str__(self) -> str:
        return f"new movies of {self.day}"


class MovieFile(models.Model):
    """A file of movies that somebody looks through before it is imported. `seen` is what an import would do, `done`
    what it did."""

    name = models.CharField(max_length=200)
    data = models.BinaryField()
    newest = models.DateField(null=True, blank=True)
    by = models.ForeignKey("theatre.User", on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    seen = models.JSONField()
    done = models.JSONField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
