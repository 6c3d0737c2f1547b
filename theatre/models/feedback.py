"""What people say about the house's pages, for the office to sort."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from theatre.models.people import User


class Feedback(models.Model):
    """A message about a page, from anybody. `request_id` finds what the page did in the log."""

    class State(models.TextChoices):
        NEW = "new"
        CLOSED = "closed"

    text = models.TextField()
    page = models.CharField(max_length=300, blank=True)  # the address within the house, from its first slash
    reply_to = models.EmailField(max_length=254, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="feedback")
    request_id = models.CharField(max_length=40, blank=True)
    sent_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=6, choices=State, default=State.NEW)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="feedback_says_something"),
            models.CheckConstraint(condition=Q(state__in=["new", "closed"]), name="feedback_state"),
            models.CheckConstraint(
                condition=Q(page="") | Q(page__regex=r"^/($|[^/\\])"), name="feedback_is_about_our_page"
            ),
        ]
        indexes = [
            models.Index(fields=["sent_at"], condition=Q(state="new"), name="feedback_to_sort"),
        ]

    def __str__(self) -> str:
        return self.text[:40]
