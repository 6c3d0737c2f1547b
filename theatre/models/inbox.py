"""Conversations between customers and the office."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from theatre.models.bookings import Booking
from theatre.models.people import Customer, User


class Thread(models.Model):
    class Topic(models.TextChoices):
        BOOKING = "booking"
        REFUND = "refund"
        ACCESS = "access"
        QUESTION = "question"
        COMPLAINT = "complaint"
        FEEDBACK = "feedback"
        OTHER = "other"

    class State(models.TextChoices):
        OPEN = "open"
        ANSWERED = "answered"
        CLOSED = "closed"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="threads")
    topic = models.CharField(max_length=12, choices=Topic)
    subject = models.CharField(max_length=200)
    booking = models.ForeignKey(
        Booking, on_delete=models.PROTECT, null=True, blank=True, related_name="threads"
    )
    assigned_to = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(subject=""), name="thread_has_a_subject"),
            models.CheckConstraint(
                condition=Q(
                    topic__in=[
                        "booking",
                        "refund",
                        "access",
                        "question",
                        "complaint",
                        "feedback",
                        "other",
                    ]
                ),
                name="thread_topic",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "answered", "closed"]), name="thread_state"
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class Message(models.Model):
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    sent_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True, blank=True)  # by the other side

    class Meta:
        ordering = ["sent_at", "id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="message_says_something")]

    def __str__(self) -> str:
        return self.text[:40]
