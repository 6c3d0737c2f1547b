"""The only table that allocates seats."""

from django.db import models
from django.db.models import Q

from theatre.models.bookings import Booking
from theatre.models.screens import Seat, SeatPlan
from theatre.models.shows import Show
from theatre.models.vip import VipReservation


class SeatClaim(models.Model):
    """A row for each seat of a show that is held, sold, kept for a VIP or for the first on the waiting list, or
    blocked; none for a free one.

    A seat is taken if and only if it has a claim that has not lapsed: `held_until` null or in the
    future by the database's clock. Everybody takes one by the one upsert of `actions/booking/_claims.py`.
    """

    class State(models.TextChoices):
        HELD = "held"
        SOLD = "sold"
        VIP = "vip"
        BLOCKED = "blocked"
        WAITING = "waiting"

    pk = models.CompositePrimaryKey("show_id", "seat_id")
    show = models.ForeignKey(Show, on_delete=models.PROTECT, related_name="claims", db_index=False)
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="claims", db_index=False)
    plan = models.ForeignKey(SeatPlan, on_delete=models.PROTECT, related_name="+", db_index=False)
    booking = models.ForeignKey(
        Booking, on_delete=models.PROTECT, null=True, blank=True, related_name="claims"
    )
    vip = models.ForeignKey(
        VipReservation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="claims",
        db_index=False,
        db_constraint=False,  # a composite key, with the show, stands in its place
    )
    state = models.CharField(max_length=8, choices=State)
    held_until = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="held", held_until__isnull=False, booking__isnull=False, vip__isnull=True)
                | Q(state="sold", held_until__isnull=True, booking__isnull=False, vip__isnull=True)
                | Q(state="vip", booking__isnull=True, vip__isnull=False)
                | Q(state="blocked", booking__isnull=True, vip__isnull=True)
                | Q(state="waiting", held_until__isnull=False, booking__isnull=True, vip__isnull=True),
                name="claim_has_the_owner_of_its_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.show_id}/{self.seat_id} {self.state}"
