"""The last seats of a show that the counter alone sells."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('theatre', '0007_people'),
    ]

    operations = [
        migrations.AddField(
            model_name='show',
            name='counter_seats',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
    ]
