"""When it is shown, and what a seat costs there."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now

from theatre.models.movies import Movie
from theatre.models.screens import Screen, SeatKind, SeatPlan


class Audience(models.TextChoices):
    ADULT = "adult"
    CHILD = "child"
    SENIOR = "senior"
    STUDENT = "student"


class PriceCard(models.Model):
    """What seats cost. A new show takes the card of its daypart, or the default (`rules/cards.py`)."""

    name = models.CharField(max_length=60, unique=True)
    is_default = models.BooleanField(default=False)
    active = models.BooleanField(default=True)  # a retired card stays with its shows and is given to no other

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(active=True) | Q(is_default=False), name="default_price_card_is_active"
            ),
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="one_default_price_card"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PriceCardAmount(models.Model):
    """What one kind of seat costs one audience, VAT contained."""

    card = models.ForeignKey(PriceCard, on_delete=models.CASCADE, related_name="amounts")
    kind = models.CharField(max_length=12, choices=SeatKind)
    audience = models.CharField(max_length=8, choices=Audience, default=Audience.ADULT)
    amount = models.DecimalField(max_digits=14, decimal_places=3)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["card", "kind", "audience"], name="one_amount_per_kind_and_audience"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="amount_is_positive"),
            models.CheckConstraint(condition=Q(kind__in=SeatKind.values), name="amount_is_for_a_seat_kind"),
            models.CheckConstraint(
                condition=Q(audience__in=Audience.values), name="amount_is_for_an_audience"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card} {self.kind} {self.audience}"


class PriceCardDaypart(models.Model):
    """When a card is meant: on these weekdays (0 is Monday), for shows that start at or after `begins` and before
    `ends` by the theatre's clock. Empty: from the day's beginning, to its end.
    """

    card = models.ForeignKey(PriceCard, on_delete=models.CASCADE, related_name="dayparts")
    weekdays = ArrayField(models.PositiveSmallIntegerField())
    begins = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(weekdays__contained_by=list(range(7)), weekdays__len__gte=1),
                name="daypart_is_of_weekdays",
            ),
            models.CheckConstraint(
                condition=Q(begins__isnull=True) | Q(ends__isnull=True) | Q(begins__lt=F("ends")),
                name="daypart_begins_before_it_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card} {self.weekdays} {self.begins}–{self.ends}"


class TstzRange(Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Show(models.Model):
    """A movie on a screen at a time. It keeps the seat plan and the price card it was made with."""

    class State(models.TextChoices):
        PLANNED = "planned"
        ON_SALE = "on_sale"
        CANCELLED = "cancelled"
        PLAYED = "played"

    movie = models.ForeignKey(Movie, on_delete=models.PROTECT, related_name="shows")
    screen = models.ForeignKey(Screen, on_delete=models.PROTECT, related_name="shows")
    plan = models.ForeignKey(SeatPlan, on_delete=models.PROTECT, related_name="shows")
    card = models.ForeignKey(PriceCard, on_delete=models.PROTECT, related_name="shows")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()  # start + trailers + duration
    clean_at = models.DateTimeField()  # when the screen is free again: the end + cleaning
    formats = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    on_sale_from = models.DateTimeField(null=True, blank=True)
    on_sale_until = models.DateTimeField(null=True, blank=True)
    # The last ones, sold there alone.
    counter_seats = models.PositiveSmallIntegerField(db_default=0, default=0)
    state = models.CharField(max_length=12, choices=State, default=State.PLANNED)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["starts_at", "screen_id"]
        constraints = [
            models.UniqueConstraint(fields=["id", "plan"], name="show_with_its_plan"),
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at"), ends_at__lte=F("clean_at")),
                name="show_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(on_sale_from__isnull=True)
                | Q(on_sale_until__isnull=True)
                | Q(on_sale_from__lt=F("on_sale_until")),
                name="on_sale_window_has_an_order",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "on_sale", "cancelled", "played"]), name="show_state"
            ),
            ExclusionConstraint(
                name="shows_on_a_screen_never_overlap",
                expressions=[
                    ("screen", RangeOperators.EQUAL),
                    (TstzRange("starts_at", "clean_at"), RangeOperators.OVERLAPS),
                ],
                condition=~Q(state="cancelled"),
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at"], name="show_by_time"),
            models.Index(fields=["movie", "starts_at"], name="show_by_movie_and_time"),
        ]

    def __str__(self) -> str:
        return f"{self.movie} {self.starts_at:%Y-%m-%d %H:%M}"
