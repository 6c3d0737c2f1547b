"""How often something was tried lately."""

from django.db import models


class Tries(models.Model):
    """Tries counted against one limit by one person, address or network, told apart by a digest alone.

    The row counts until `until`, and begins anew with the next try after that. Written by one statement, so that
    processes share it exactly (theatre/actions/limits.py).
    """

    pk = models.CompositePrimaryKey("limit", "who")
    limit = models.CharField(max_length=80)
    who = models.BinaryField(max_length=32)
    tries = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.limit}: {self.tries}"
