"""Letters waiting to be sent, and those that were."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from theatre.models.bookings import Booking
from theatre.models.people import User


class Letter(models.Model):
    """One letter for one deed: `key` makes it one. Delivered by the worker, outside the deed's transaction."""

    class State(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"
        DEAD = "dead"

    key = models.CharField(max_length=160, unique=True)
    kind = models.CharField(max_length=40)
    to = models.EmailField(max_length=254)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="letters")
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, null=True, related_name="letters")
    data = models.JSONField(default=dict)
    message_id = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_default=Now())
    leased_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    subject = models.CharField(max_length=400, blank=True)  # as sent, for the list of what was sent
    queued_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["queued", "sent", "dead"]), name="letter_state"),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | ~Q(state="sent") & Q(sent_at__isnull=True),
                name="sent_letter_says_when",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="queued"), name="letter_due")]

    def __str__(self) -> str:
        return self.key
