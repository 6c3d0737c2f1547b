"""A changed booking names the one it replaces."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("theatre", "0017_moves")]
    operations = [
        migrations.AddField(
            model_name="booking",
            name="replaces",
            field=models.OneToOneField(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="replaced_by",
                to="theatre.booking",
            ),
        ),
    ]
