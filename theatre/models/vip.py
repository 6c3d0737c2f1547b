"""Seats kept for a guest of the house."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from theatre.models.bookings import Booking
from theatre.models.people import User
from theatre.models.shows import Show


class VipReservation(models.Model):
    """Seats of a show for a named guest. As with a hold the claims decide whether they are still kept.

    `release_minutes` before the show they go back on sale (null: never by themselves); `release_at` says when, and
    the claims' `held_until` with it.
    """

    class State(models.TextChoices):
        RESERVED = "reserved"
        BOOKED = "booked"
        RELEASED = "released"
        LAPSED = "lapsed"

    show = models.ForeignKey(Show, on_delete=models.PROTECT, related_name="vip_reservations")
    guest_name = models.CharField(max_length=200)
    guest_email = models.EmailField(blank=True)
    note = models.CharField(max_length=500, blank=True)
    complimentary = models.BooleanField(default=True)
    seat_ids = ArrayField(models.BigIntegerField())
    release_minutes = models.PositiveIntegerField(null=True, blank=True)
    release_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.RESERVED)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    booking = models.OneToOneField(
        Booking, on_delete=models.PROTECT, null=True, blank=True, related_name="vip_reservation"
    )

    class Meta:
        constraints = [
            # What the composite foreign key of claims points at.
            models.UniqueConstraint(fields=["id", "show"], name="vip_reservation_with_its_show"),
            models.CheckConstraint(
                condition=Q(state__in=["reserved", "booked", "released", "lapsed"]), name="vip_state"
            ),
            models.CheckConstraint(condition=~Q(guest_name=""), name="vip_has_a_guest"),
            models.CheckConstraint(condition=Q(seat_ids__len__gt=0), name="vip_has_seats"),
            models.CheckConstraint(
                condition=Q(state="reserved", ended_at__isnull=True)
                | Q(state__in=["booked", "released", "lapsed"], ended_at__isnull=False),
                name="ended_vip_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state="booked", booking__isnull=False)
                | Q(state__in=["reserved", "released", "lapsed"], booking__isnull=True),
                name="booked_vip_has_its_booking",
            ),
            models.CheckConstraint(
                condition=Q(release_minutes__isnull=True, release_at__isnull=True)
                | Q(release_minutes__isnull=False, release_at__isnull=False),
                name="vip_release_has_its_moment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["release_at"],
                condition=Q(state="reserved") & Q(release_at__isnull=False),
                name="vip_to_release",
            )
        ]

    def __str__(self) -> str:
        return self.guest_name
