"""Codes that lower a price, and how often they did."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from theatre.models.movies import Movie
from theatre.models.people import Customer, User


class Coupon(models.Model):
    code = models.CharField(max_length=40, unique=True)  # as rules.coupons.normalise_code gives it
    percent = models.PositiveSmallIntegerField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    total_limit = models.PositiveIntegerField(null=True, blank=True)
    per_customer_limit = models.PositiveIntegerField(null=True, blank=True)
    min_tickets = models.PositiveSmallIntegerField(default=1)
    movies = models.ManyToManyField(Movie, blank=True, related_name="coupons")  # none: every movie
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(), default=list, blank=True
    )  # 0 Monday; none: every day
    combinable = models.BooleanField(default=False)
    public = models.BooleanField(default=False)  # told in the weekly promotions
    active = models.BooleanField(default=True)
    used = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__gte=1, percent__lte=100), name="coupon_percent_in_range"
            ),
            models.CheckConstraint(
                condition=Q(valid_from__lt=F("valid_until")), name="coupon_window_has_an_order"
            ),
            models.CheckConstraint(
                condition=Q(total_limit__isnull=True) | Q(used__lte=F("total_limit")),
                name="coupon_uses_within_limit",
            ),
            models.CheckConstraint(condition=Q(used__gte=0), name="coupon_uses_not_negative"),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[A-Z0-9][A-Z0-9-]{2,39}$"), name="coupon_code_is_normal"
            ),
            models.CheckConstraint(condition=Q(min_tickets__gte=1), name="coupon_min_tickets_positive"),
        ]

    def __str__(self) -> str:
        return self.code


class CouponUse(models.Model):
    """One booking's use of a coupon. A cancelled booking gives it back."""

    coupon = models.ForeignKey(Coupon, on_delete=models.PROTECT, related_name="uses")
    booking = models.OneToOneField("theatre.Booking", on_delete=models.PROTECT, related_name="coupon_use")
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="coupon_uses"
    )
    used_at = models.DateTimeField(db_default=Now())
    given_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["coupon", "customer"],
                condition=Q(given_back_at__isnull=True),
                name="coupon_use_of_customer",
            )
        ]

    def __str__(self) -> str:
        return f"{self.coupon_id} {self.booking_id}"
