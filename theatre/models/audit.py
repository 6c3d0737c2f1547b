"""Who did what to what, when, from where. Append-only: triggers refuse update and delete."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from theatre.models.people import User


class AuditEntry(models.Model):
    at = models.DateTimeField(db_default=Now())
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    verb = models.CharField(max_length=40)
    on_type = models.CharField(max_length=40)
    on_id = models.CharField(max_length=40)
    request_id = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=45, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(verb=""), name="audit_entry_has_a_verb")]
        indexes = [
            models.Index(fields=["on_type", "on_id"], name="audit_by_object"),
            models.Index(fields=["actor", "at"], name="audit_by_actor"),
            models.Index(fields=["at"], name="audit_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.on_type} {self.on_id}"
