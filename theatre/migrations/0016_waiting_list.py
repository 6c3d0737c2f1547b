"""Who waits for seats of a sold-out show, and the seats that are kept for the first of them."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Now

# As 0003_history.py watches its tables.
WATCH = ";\n".join(
    f"CREATE TRIGGER history_{word} AFTER {deed} ON theatre_waitingparty FOR EACH ROW"
    " EXECUTE FUNCTION theatre_keep_history('waiting_party', 'id', '', '{}', '{}')"
    for word, deed in (("made", "INSERT"), ("changed", "UPDATE"), ("removed", "DELETE"))
)


class Migration(migrations.Migration):
    dependencies = [("theatre", "0015_poster_is_a_mark")]
    operations = [
        migrations.CreateModel(
            name="WaitingParty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seats", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("offered", "Offered"), ("left", "Left"), ("over", "Over")],
                        default="waiting", max_length=8,
                    ),
                ),
                ("asked_at", models.DateTimeField(db_default=Now())),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "booking",
                    models.OneToOneField(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT,
                        related_name="waiting_party", to="theatre.booking",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="waiting", to="theatre.customer"
                    ),
                ),
                (
                    "show",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="waiting",
                        to="theatre.show",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(state__in=["waiting", "offered", "left", "over"]), name="waiting_party_state"
                    ),
                    models.CheckConstraint(condition=Q(seats__gt=0), name="waiting_party_has_seats"),
                    models.CheckConstraint(
                        condition=Q(state="waiting", ended_at__isnull=True)
                        | Q(state__in=["offered", "left", "over"], ended_at__isnull=False),
                        name="ended_waiting_says_when",
                    ),
                    models.CheckConstraint(
                        condition=Q(state="offered", booking__isnull=False)
                        | Q(state__in=["waiting", "left", "over"], booking__isnull=True),
                        name="offered_party_has_its_hold",
                    ),
                    models.UniqueConstraint(
                        condition=Q(state="waiting"), fields=("show", "customer"), name="one_place_in_line_per_show"
                    ),
                ],
                "indexes": [
                    models.Index(condition=Q(state="waiting"), fields=["show", "asked_at", "id"], name="waiting_in_line"),
                    models.Index(fields=["show", "-asked_at"], name="waiting_by_show"),
                ],
            },
        ),
        migrations.RemoveConstraint(model_name="seatclaim", name="claim_has_the_owner_of_its_state"),
        migrations.AlterField(
            model_name="seatclaim",
            name="state",
            field=models.CharField(
                choices=[
                    ("held", "Held"), ("sold", "Sold"), ("vip", "Vip"), ("blocked", "Blocked"), ("waiting", "Waiting"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="seatclaim",
            constraint=models.CheckConstraint(
                condition=Q(state="held", held_until__isnull=False, booking__isnull=False, vip__isnull=True)
                | Q(state="sold", held_until__isnull=True, booking__isnull=False, vip__isnull=True)
                | Q(state="vip", booking__isnull=True, vip__isnull=False)
                | Q(state="blocked", booking__isnull=True, vip__isnull=True)
                | Q(state="waiting", held_until__isnull=False, booking__isnull=True, vip__isnull=True),
                name="claim_has_the_owner_of_its_state",
            ),
        ),
        migrations.RunSQL(WATCH, migrations.RunSQL.noop),
    ]
