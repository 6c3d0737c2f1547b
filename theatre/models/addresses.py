"""Another address for an account: the wish, its confirmation, and the way back."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from theatre.models.people import User


class AddressChange(models.Model):
    """asked → confirmed; asked or confirmed → stopped by the old address; asked → over when another wish took its place
    or its codes were guessed at. Whoever reads the old address may put it back for a while after."""

    class State(models.TextChoices):
        ASKED = "asked"
        CONFIRMED = "confirmed"
        STOPPED = "stopped"
        OVER = "over"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="address_changes", db_index=False)
    old = models.EmailField(max_length=254)
    new = models.EmailField(max_length=254)
    code_digest = models.BinaryField(
        max_length=32
    )  # of the six digits; nothing fits when the address is taken
    tries = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=12, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()  # of code and link
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(state="asked"), name="one_wish_for_another_address_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "confirmed", "stopped", "over"]), name="address_change_state"
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(confirmed_at__isnull=False),
                name="confirmed_address_change_says_when",
            ),
        ]
        indexes = [models.Index(fields=["user", "-asked_at"], name="address_change_by_user")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.state}"
