"""Who did what to what, when, from where; and what the rows were before and after. Append-only, both of them.

`deed` is the same number in everything that one transaction wrote, and grows with time (docs/audit.md). So a change
knows who made it by the entry it shares its deed with, and nothing has to be said to the database beforehand.
"""

from django.db import models
from django.db.models import Func, Q
from django.db.models.functions import Now

from theatre.models.people import User

_DEED = Func(function="theatre_deed", output_field=models.BigIntegerField())


class AuditEntry(models.Model):
    """The deed, as `record` notes it."""

    at = models.DateTimeField(db_default=Now())
    deed = models.BigIntegerField(db_default=_DEED)
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
            models.Index(fields=["actor", "deed"], name="audit_by_actor"),
            models.Index(fields=["deed"], name="audit_by_deed"),
            # The two verbs of every booking are found at once by walking the deeds, and need not pay for an index.
            models.Index(
                fields=["verb", "deed"],
                condition=~Q(verb="hold") & ~Q(verb="confirm"),
                name="audit_by_rare_verb",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.on_type} {self.on_id}"


class RowChange(models.Model):
    """A row as it was and as it became: the changed columns alone, written by trigger whoever changes it.

    A secret (password, key, code) is never in it, only the word that it changed. `actor` to `address` are of writes
    that have no entry, said by `said_by`; `person` is whose row it is.
    """

    class Change(models.TextChoices):
        MADE = "made"
        CHANGED = "changed"
        REMOVED = "removed"

    at = models.DateTimeField(db_default=Now())
    deed = models.BigIntegerField(db_default=_DEED)
    change = models.CharField(max_length=8, choices=Change)
    on_type = models.CharField(max_length=40)
    on_id = models.CharField(max_length=40)
    person = models.BigIntegerField(null=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    actor = models.BigIntegerField(null=True)
    verb = models.CharField(max_length=40, blank=True)
    request_id = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=45, blank=True)
    login = models.CharField(max_length=63)  # the database's name for whoever was connected

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(change="made", before__isnull=True, after__isnull=False)
                | Q(change="changed", before__isnull=False, after__isnull=False)
                | Q(change="removed", before__isnull=False, after__isnull=True),
                name="row_change_has_its_sides",
            )
        ]
        indexes = [
            models.Index(fields=["deed"], name="row_change_by_deed"),
            models.Index(fields=["on_type", "on_id"], name="row_change_by_object"),
            models.Index(
                fields=["person", "deed"], condition=Q(person__isnull=False), name="row_change_by_person"
            ),
            models.Index(
                fields=["actor", "deed"], condition=Q(actor__isnull=False), name="row_change_by_actor"
            ),
            models.Index(fields=["verb", "deed"], condition=~Q(verb=""), name="row_change_by_verb"),
        ]

    def __str__(self) -> str:
        return f"{self.change} {self.on_type} {self.on_id}"
