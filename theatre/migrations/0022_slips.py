"""Slips of the finger that letters in threes do not forgive: PostgreSQL's distance between words."""

from django.contrib.postgres.operations import CreateExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("theatre", "0021_watched_tickets")]
    operations = [CreateExtension("fuzzystrmatch")]
