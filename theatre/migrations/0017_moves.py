"""What the guests of a moved show answer."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("theatre", "0016_waiting_list")]
    operations = [
        migrations.CreateModel(
            name="MoveAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "was_seats",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), size=None),
                ),
                (
                    "seats",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), size=None),
                ),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[("kept", "Kept"), ("other_seats", "Other Seats"), ("returned", "Returned")],
                        max_length=12,
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "booking",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="theatre.booking"
                    ),
                ),
                (
                    "move",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="answers",
                        to="theatre.showmove",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["move", "booking"], name="one_answer_per_move_and_booking"),
                    models.CheckConstraint(
                        condition=Q(answer="", answered_at__isnull=True)
                        | Q(answer__in=["kept", "other_seats", "returned"], answered_at__isnull=False),
                        name="answer_to_a_move_says_when",
                    ),
                    models.CheckConstraint(
                        condition=Q(was_seats__len__gt=0, was_seats__len=F("seats__len")), name="move_seats_everybody"
                    ),
                ],
            },
        ),
    ]
