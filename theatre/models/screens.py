"""Where it is shown: screens, and the versions of their seat plans."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from theatre.models.people import User


class SeatKind(models.TextChoices):
    STANDARD = "standard"
    PREMIUM = "premium"
    VIP = "vip"
    WHEELCHAIR = "wheelchair"
    COMPANION = "companion"


class Screen(models.Model):
    name = models.CharField(max_length=60, unique=True)
    number = models.PositiveSmallIntegerField(unique=True)
    cleaning_minutes = models.PositiveSmallIntegerField(default=20)
    access_notes = models.CharField(max_length=500, blank=True)  # "Enter at row E, both sides, level access"
    active = models.BooleanField(default=True)  # a retired screen is not programmed: screen_is_active
    # The plan that new shows take; without one, the newest.
    chosen_plan = models.ForeignKey(
        "SeatPlan", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(condition=Q(cleaning_minutes__lte=240), name="cleaning_up_to_four_hours")
        ]

    def __str__(self) -> str:
        return self.name


class SeatPlan(models.Model):
    """One version of a screen's seats. A plan that a show uses is never changed (plan_in_use_is_never_changed):
    a new one is made.
    """

    screen = models.ForeignKey(Screen, on_delete=models.PROTECT, related_name="plans")
    version = models.PositiveIntegerField()
    seat_count = models.PositiveIntegerField()  # seats that can be sold: without the broken ones
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["screen", "version"], name="one_plan_per_screen_and_version"),
            # What the composite foreign keys of shows point at.
            models.UniqueConstraint(fields=["id", "screen"], name="plan_with_its_screen"),
        ]

    def __str__(self) -> str:
        return f"{self.screen} v{self.version}"


class Seat(models.Model):
    """A seat of one plan. `x` is its column and `y` its line in the drawing; gaps are aisles."""

    plan = models.ForeignKey(SeatPlan, on_delete=models.CASCADE, related_name="seats")
    row = models.CharField(max_length=3)
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=SeatKind, default=SeatKind.STANDARD)
    x = models.PositiveSmallIntegerField()
    y = models.PositiveSmallIntegerField()
    # The wheelchair space a companion seat is sold with.
    beside = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="companions"
    )
    restricted_view = models.BooleanField(default=False)
    house_seat = models.BooleanField(default=False)
    broken = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "row", "number"], name="one_seat_per_row_and_number"),
            models.UniqueConstraint(fields=["plan", "x", "y"], name="one_seat_per_place"),
            models.UniqueConstraint(fields=["id", "plan"], name="seat_with_its_plan"),
            models.CheckConstraint(condition=Q(kind__in=SeatKind.values), name="seat_kind"),
            models.CheckConstraint(
                condition=Q(kind="companion", beside__isnull=False)
                | ~Q(kind="companion") & Q(beside__isnull=True),
                name="companion_seat_is_beside_a_wheelchair_space",
            ),
            models.CheckConstraint(
                condition=Q(beside__isnull=True) | ~Q(beside=F("id")), name="seat_is_not_beside_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.row} {self.number}"


class SeatOutOfService(models.Model):
    """A seat that nobody is to sit in, for one show or for every show that starts before a moment.

    It is kept from sale by a blocked claim in each of those shows, made by `actions/screens/_blocks.py`. It ends by
    itself: no show after `until` ever gets a claim. Released by hand, its claims go with it.
    """

    screen = models.ForeignKey(Screen, on_delete=models.PROTECT, related_name="out_of_service")
    row = models.CharField(max_length=3)
    number = models.PositiveSmallIntegerField()
    show = models.ForeignKey(
        "Show", on_delete=models.PROTECT, null=True, blank=True, related_name="out_of_service"
    )
    until = models.DateTimeField(null=True, blank=True)  # the end of the last day, by the theatre's calendar
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    since = models.DateTimeField(db_default=Now())
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(show__isnull=True, until__isnull=False)
                | Q(show__isnull=False, until__isnull=True),
                name="out_of_service_for_a_show_or_until_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="out_of_service_lasts"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="out_of_service_has_a_reason"),
        ]
        indexes = [
            models.Index(
                fields=["screen", "row", "number"],
                condition=Q(released_at__isnull=True),
                name="out_of_service_now",
            )
        ]

    def __str__(self) -> str:
        return f"{self.screen_id}: {self.row} {self.number}"
