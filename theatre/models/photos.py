"""What somebody looks like, if they want it seen."""

from django.db import models
from django.db.models.functions import Now

from theatre.models.people import User


class Photo(models.Model):
    """A square WebP picture of a person, drawn anew from what they sent: nothing else of their file is kept."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="photo")
    webp = models.BinaryField()
    mark = models.CharField(max_length=16)  # changes with the picture; part of its address
    set_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.mark
