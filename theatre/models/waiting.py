"""Who waits for seats of a sold-out show."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from theatre.models.bookings import Booking
from theatre.models.people import Customer
from theatre.models.shows import Show


class WaitingParty(models.Model):
    """A party that asked for so many seats side by side. `offered` has the hold that was made for them; whether they
    took it is in the booking."""

    class State(models.TextChoices):
        WAITING = "waiting"
        OFFERED = "offered"
        LEFT = "left"
        OVER = "over"

    show = models.ForeignKey(Show, on_delete=models.PROTECT, related_name="waiting", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="waiting")
    seats = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField(db_default=Now())  # their place in the line, and then the id
    ended_at = models.DateTimeField(null=True, blank=True)  # offered, left or over
    booking = models.OneToOneField(
        Booking, on_delete=models.PROTECT, null=True, blank=True, related_name="waiting_party"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "offered", "left", "over"]), name="waiting_party_state"
            ),
            models.CheckConstraint(condition=Q(seats__gt=0), name="waiting_party_has_seats"),
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at__isnull=True)
                | Q(state__in=["offered", "left", "over"], ended_at__isnull=False),
                name="ended_waiting_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state="offered", booking__isnull=False)
                | Q(state__in=["waiting", "left", "over"], booking__isnull=True),
                name="offered_party_has_its_hold",
            ),
            models.UniqueConstraint(
                fields=["show", "customer"], condition=Q(state="waiting"), name="one_place_in_line_per_show"
            ),
        ]
        indexes = [
            models.Index(
                fields=["show", "asked_at", "id"], condition=Q(state="waiting"), name="waiting_in_line"
            ),
            models.Index(fields=["show", "-asked_at"], name="waiting_by_show"),
        ]

    def __str__(self) -> str:
        return f"{self.seats} for {self.show_id}"
