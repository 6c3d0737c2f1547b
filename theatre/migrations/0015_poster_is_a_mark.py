"""A poster's mark is a part of addresses, and nothing else can stand there."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('theatre', '0014_movies_office'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='movie',
            constraint=models.CheckConstraint(condition=models.Q(('poster__regex', '^([0-9a-f]{16})?$')), name='movie_poster_is_a_mark'),
        ),
    ]
