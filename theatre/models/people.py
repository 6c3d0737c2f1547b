"""Who there is: one user a person, with the profile of their role."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now

from theatre.rules.roles import Role


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person with an e-mail address as login and one role stored as a plain word."""

    email = models.EmailField(max_length=254)
    role = models.CharField(
        max_length=16, choices=[(r.value, r.value) for r in Role], default=Role.CUSTOMER.value
    )
    full_name = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    is_active = models.BooleanField(default=True)
    # Set when the address is confirmed, emptied when it changes: nobody acts before (domain.md, "People").
    confirmed_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField(db_default=Now())

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_user_per_address"),
            models.CheckConstraint(condition=~Q(email=""), name="user_has_an_address"),
            models.CheckConstraint(condition=Q(role__in=[r.value for r in Role]), name="role_is_one_of_four"),
        ]

    def __str__(self) -> str:
        return self.full_name or self.email

    def get_full_name(self) -> str:
        return self.full_name


class Tier(models.Model):
    """Tickets in twelve months and the percent they earn: data, with the defaults of domain.md."""

    name = models.CharField(max_length=40, primary_key=True)
    threshold = models.PositiveIntegerField(unique=True)
    percent = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        ordering = ["threshold"]
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__gte=0, percent__lte=100), name="tier_percent_in_range"
            ),
            models.CheckConstraint(condition=Q(threshold__gt=0), name="tier_threshold_positive"),
        ]

    def __str__(self) -> str:
        return self.name


def _optional_mails() -> dict[str, Any]:
    return {"new_movies": True, "promotions": True, "offers": True}


class Customer(models.Model):
    """The customer's side of a user: member number, tier, wishes."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="customer")
    member_number = models.CharField(max_length=12, unique=True)
    tier = models.ForeignKey(Tier, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    tier_tickets = models.PositiveIntegerField(default=0)  # counted at `counted_at`
    counted_at = models.DateTimeField(db_default=Now())
    mails = models.JSONField(default=_optional_mails)
    access_needs = models.CharField(max_length=500, blank=True)
    long_holds = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.member_number


class Employee(models.Model):
    """The employee's side of a user: salesman, moderator or admin."""

    class Status(models.TextChoices):
        ACTIVE = "active"
        SUSPENDED = "suspended"
        REMOVED = "removed"

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="employee")
    start_date = models.DateField()
    responsibilities = models.TextField(blank=True)
    reports_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reports"
    )
    base_salary = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    status = models.CharField(max_length=16, choices=Status, default=Status.ACTIVE)
    status_reason = models.CharField(max_length=500, blank=True)
    status_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(base_salary__gte=0), name="base_salary_not_negative"),
            models.CheckConstraint(
                condition=Q(status__in=["active", "suspended", "removed"]), name="employee_status"
            ),
            models.CheckConstraint(
                condition=Q(reports_to__isnull=True) | ~Q(reports_to=F("id")),
                name="nobody_reports_to_themselves",
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)


class ApiToken(models.Model):
    """A named, revocable key to the API. Only its SHA-256 is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    digest = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField(db_default=Now())
    revoked_at = models.DateTimeField(null=True, blank=True)
    # Made by somebody who had passed the second factor: stands for it (admin and moderator need that).
    second_factor = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="token_has_a_name")]

    def __str__(self) -> str:
        return self.name
