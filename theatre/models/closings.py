"""What happens to a show that people have booked: it is cancelled, or it is moved."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from theatre.models.bookings import Booking
from theatre.models.people import User
from theatre.models.screens import Screen
from theatre.models.shows import Show


class ShowClosing(models.Model):
    """A cancelled show whose bookings are given back one by one. How many are done is counted from the bookings."""

    show = models.OneToOneField(Show, on_delete=models.PROTECT, related_name="closing")
    reason = models.CharField(max_length=500)  # guests read it in their letter
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    started_at = models.DateTimeField(db_default=Now())
    stopped_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True) | Q(finished_at__isnull=True),
                name="closing_is_stopped_or_finished",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="closing_has_a_reason"),
        ]
        indexes = [
            models.Index(fields=["show"], condition=Q(finished_at__isnull=True), name="closing_under_way")
        ]

    def __str__(self) -> str:
        return f"{self.show_id}"


class ShowMove(models.Model):
    """A show with bookings that was given another time or screen: from where, to where. Never changed."""

    show = models.ForeignKey(Show, on_delete=models.PROTECT, related_name="moves")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    moved_at = models.DateTimeField(db_default=Now())
    reason = models.CharField(max_length=500, blank=True)
    was_screen = models.ForeignKey(Screen, on_delete=models.PROTECT, related_name="+", db_index=False)
    was_starts_at = models.DateTimeField()
    screen = models.ForeignKey(Screen, on_delete=models.PROTECT, related_name="+", db_index=False)
    starts_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.show_id} {self.starts_at:%Y-%m-%d %H:%M}"


class MoveAnswer(models.Model):
    """A booking whose show was moved: the names of its seats before and after, and what its guest says to it.

    Guests answer the last move alone; until the show begins they may answer differently.
    """

    class Answer(models.TextChoices):
        KEPT = "kept"
        OTHER_SEATS = "other_seats"
        RETURNED = "returned"

    move = models.ForeignKey(ShowMove, on_delete=models.PROTECT, related_name="answers", db_index=False)
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="moves")
    was_seats = ArrayField(models.CharField(max_length=12))
    seats = ArrayField(models.CharField(max_length=12))
    answer = models.CharField(max_length=12, choices=Answer, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["move", "booking"], name="one_answer_per_move_and_booking"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | Q(answer__in=["kept", "other_seats", "returned"], answered_at__isnull=False),
                name="answer_to_a_move_says_when",
            ),
            models.CheckConstraint(
                condition=Q(was_seats__len__gt=0, was_seats__len=models.F("seats__len")),
                name="move_seats_everybody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booking_id}: {self.answer}"
