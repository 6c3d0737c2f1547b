"""Who was asked to work here, and what became of it."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now

from theatre.models.people import User
from theatre.rules.roles import STAFF


class Invitation(models.Model):
    """Open until it is used, revoked or over. Only the SHA-256 of the link's secret is kept."""

    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=16)
    full_name = models.CharField(max_length=200, blank=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    digest = models.BinaryField(max_length=32, unique=True)
    invited_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(db_default=Now())  # the newest letter
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    user = models.OneToOneField(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="invitation"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=Q(used_at__isnull=True, revoked_at__isnull=True),
                name="one_open_invitation_per_address",
            ),
            models.CheckConstraint(
                condition=Q(role__in=sorted(role.value for role in STAFF)), name="invitation_is_for_staff"
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(revoked_at__isnull=True),
                name="invitation_is_used_or_revoked",
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True, user__isnull=True)
                | Q(used_at__isnull=False, user__isnull=False),
                name="used_invitation_names_who_came",
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("sent_at")), name="invitation_lasts"),
        ]

    def __str__(self) -> str:
        return f"{self.email} {self.role}"
