"""What customers thought of a movie."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from theatre.models.movies import Movie
from theatre.models.people import Customer


class Review(models.Model):
    """One per customer and movie; seen by others once approved."""

    class State(models.TextChoices):
        PENDING = "pending"
        APPROVED = "approved"
        REMOVED = "removed"

    movie = models.ForeignKey(Movie, on_delete=models.PROTECT, related_name="reviews")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="reviews")
    stars = models.PositiveSmallIntegerField()
    text = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    reason = models.CharField(max_length=500, blank=True)  # why it was removed
    written_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["movie", "customer"], name="one_review_per_customer_and_movie"),
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="stars_from_one_to_five"),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "approved", "removed"]), name="review_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.movie_id} {self.stars}"
