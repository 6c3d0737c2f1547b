"""Who wants to be told when a movie opens."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('theatre', '0011_closings_and_vip'),
    ]

    operations = [
        migrations.CreateModel(
            name='MovieFollow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('told_at', models.DateTimeField(blank=True, null=True)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follows', to='theatre.customer')),
                ('movie', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='follows', to='theatre.movie')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('movie', 'customer'), name='one_follow_per_movie_and_customer')],
            },
        ),
    ]
