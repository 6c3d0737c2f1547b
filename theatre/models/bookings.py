"""Who comes when: bookings and their tickets, and the keys that make a deed happen once."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from theatre.models.coupons import Coupon
from theatre.models.people import Customer, User
from theatre.models.screens import Seat, SeatKind, SeatPlan
from theatre.models.shows import Audience, Show


class Channel(models.TextChoices):
    ONLINE = "online"
    COUNTER = "counter"
    API = "api"


class Booking(models.Model):
    """held → confirmed → cancelled, or held → lapsed (docs/states.md).

    A held booking is live only while its claims are: `held_until` here is a copy for lists, the claims
    decide.
    """

    class State(models.TextChoices):
        HELD = "held"
        CONFIRMED = "confirmed"
        CANCELLED = "cancelled"
        LAPSED = "lapsed"

    ref = models.CharField(max_length=8, unique=True)
    show = models.ForeignKey(Show, on_delete=models.PROTECT, related_name="bookings", db_index=False)
    state = models.CharField(max_length=12, choices=State, default=State.HELD)
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="bookings", db_index=False
    )
    guest_name = models.CharField(max_length=200, blank=True)  # a walk-in's, optional
    guest_email = models.EmailField(blank=True)
    session = models.CharField(max_length=64, blank=True)  # a stranger's hold: the hash of their session key
    network = models.CharField(max_length=45, blank=True)  # a stranger's, for the limit by network
    booked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    seller = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="sales", db_index=False
    )
    assigned_to = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="assigned", db_index=False
    )
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.ONLINE)
    held_until = models.DateTimeField()
    extensions = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)  # cancelled, released or tidied away
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    cancel_reason = models.CharField(max_length=500, blank=True)
    coupon = models.ForeignKey(
        Coupon, on_delete=models.PROTECT, null=True, blank=True, related_name="bookings", db_index=False
    )
    tier_name = models.CharField(max_length=40, blank=True)
    tier_percent = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    total = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)  # as confirmed
    complimentary = models.BooleanField(default=False)
    # The booking whose seats were exchanged for these: a changed booking is a new one.
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["held", "confirmed", "cancelled", "lapsed"]), name="booking_state"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["held", "lapsed"], confirmed_at__isnull=True, total__isnull=True)
                | Q(state__in=["confirmed", "cancelled"], confirmed_at__isnull=False, total__isnull=False),
                name="confirmed_booking_has_a_total_and_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["held", "confirmed"], ended_at__isnull=True)
                | Q(state__in=["cancelled", "lapsed"], ended_at__isnull=False),
                name="ended_booking_says_when",
            ),
            models.CheckConstraint(
                condition=Q(total__isnull=True) | Q(total__gte=0), name="total_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(tier_percent__gte=0, tier_percent__lte=100), name="booking_tier_percent_in_range"
            ),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="booking_channel"),
            models.CheckConstraint(
                condition=Q(state__in=["held", "lapsed"]) | Q(session="", network=""),
                name="stranger_may_hold_not_confirm",
            ),
            models.UniqueConstraint(fields=["id", "show"], name="booking_with_its_show"),
        ]
        indexes = [
            models.Index(fields=["customer", "-created_at"], name="booking_by_customer"),
            models.Index(fields=["assigned_to", "-created_at"], name="booking_by_salesman"),
            models.Index(fields=["show", "state"], name="booking_by_show"),
            models.Index(fields=["held_until"], condition=Q(state="held"), name="booking_held"),
            models.Index(
                fields=["session"], condition=Q(state="held") & ~Q(session=""), name="booking_of_stranger"
            ),
            models.Index(
                fields=["network"], condition=Q(state="held") & ~Q(network=""), name="booking_of_network"
            ),
        ]

    def __str__(self) -> str:
        return self.ref


class Ticket(models.Model):
    """One seat of a booking, with the list price frozen at hold and the price paid."""

    class State(models.TextChoices):
        HELD = "held"
        SOLD = "sold"
        RETURNED = "returned"
        LAPSED = "lapsed"

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="tickets")
    show = models.ForeignKey(Show, on_delete=models.PROTECT, related_name="tickets", db_index=False)
    plan = models.ForeignKey(SeatPlan, on_delete=models.PROTECT, related_name="+", db_index=False)
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="tickets", db_index=False)
    kind = models.CharField(max_length=12, choices=SeatKind)
    audience = models.CharField(max_length=8, choices=Audience, default=Audience.ADULT)
    state = models.CharField(max_length=8, choices=State, default=State.HELD)
    list_price = models.DecimalField(max_digits=14, decimal_places=3)
    tier_off = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    coupon_off = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    complimentary_off = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    price = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)  # as confirmed
    vat = models.DecimalField(
        max_digits=14, decimal_places=3, null=True, blank=True
    )  # contained in the price
    nonce = models.CharField(max_length=16, blank=True)  # part of the signed code; a new seat gets a new one
    checked_in_at = models.DateTimeField(null=True, blank=True)
    door = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["show", "seat"], condition=Q(state="sold"), name="one_live_ticket_per_seat_and_show"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["held", "sold", "returned", "lapsed"]), name="ticket_state"
            ),
            models.CheckConstraint(condition=Q(list_price__gt=0), name="list_price_is_positive"),
            models.CheckConstraint(
                condition=Q(tier_off__gte=0, coupon_off__gte=0, complimentary_off__gte=0),
                name="discounts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(price__isnull=True, state__in=["held", "lapsed"])
                | Q(
                    price__gte=0,
                    price=F("list_price") - F("tier_off") - F("coupon_off") - F("complimentary_off"),
                    vat__gte=0,
                    vat__lte=F("price"),
                    state__in=["sold", "returned"],
                ),
                name="ticket_parts_add_up",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["sold", "returned"]) & ~Q(nonce="")
                | Q(state__in=["held", "lapsed"], nonce=""),
                name="sold_ticket_has_a_code",
            ),
            models.CheckConstraint(
                condition=Q(checked_in_at__isnull=True) | Q(state__in=["sold", "returned"]),
                name="only_a_sold_ticket_is_checked_in",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booking_id}/{self.pk}"


class IdempotencyKey(models.Model):
    """One key of one person on one route: the first answer, kept for 24 hours (reliability.md, 6.5)."""

    pk = models.CompositePrimaryKey("principal", "route", "key")
    principal = models.CharField(max_length=80)
    route = models.CharField(max_length=120)
    key = models.CharField(max_length=255)
    body_hash = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="idempotency_key_by_age")]

    def __str__(self) -> str:
        return self.key
