"""Shows that are cancelled or moved with their bookings, and seats kept for guests of the house."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Now

# As 0003_history.py watches its tables. A move is a note by itself, and never changed.
WATCHED = {
    "theatre_showclosing": ("show_closing", "show_id"),
    "theatre_vipreservation": ("vip_reservation", "id"),
}
WATCH = ";\n".join(
    f"CREATE TRIGGER history_{word} AFTER {deed} ON {table} FOR EACH ROW"
    f" EXECUTE FUNCTION theatre_keep_history('{what}', '{key}', '', '{{}}', '{{}}')"
    for table, (what, key) in WATCHED.items()
    for word, deed in (("made", "INSERT"), ("changed", "UPDATE"), ("removed", "DELETE"))
)
COMPOSITE = """
ALTER TABLE theatre_seatclaim ADD CONSTRAINT claim_is_of_its_reservations_show
  FOREIGN KEY (vip_id, show_id) REFERENCES theatre_vipreservation (id, show_id) DEFERRABLE INITIALLY DEFERRED;
"""
NOT_COMPOSITE = "ALTER TABLE theatre_seatclaim DROP CONSTRAINT claim_is_of_its_reservations_show"


def person(**wanted: object) -> models.ForeignKey:
    return models.ForeignKey(
        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, **wanted
    )


def screen() -> models.ForeignKey:
    return models.ForeignKey(
        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="theatre.screen"
    )


class Migration(migrations.Migration):
    dependencies = [("theatre", "0010_screens_and_cards")]
    operations = [
        migrations.CreateModel(
            name="ShowClosing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=500)),
                ("started_at", models.DateTimeField(db_default=Now())),
                ("stopped_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("by", person()),
                (
                    "show",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="closing", to="theatre.show"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(stopped_at__isnull=True) | Q(finished_at__isnull=True),
                        name="closing_is_stopped_or_finished",
                    ),
                    models.CheckConstraint(condition=~Q(reason=""), name="closing_has_a_reason"),
                ],
                "indexes": [
                    models.Index(fields=["show"], condition=Q(finished_at__isnull=True), name="closing_under_way")
                ],
            },
        ),
        migrations.CreateModel(
            name="ShowMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("moved_at", models.DateTimeField(db_default=Now())),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("was_starts_at", models.DateTimeField()),
                ("starts_at", models.DateTimeField()),
                ("by", person()),
                ("screen", screen()),
                ("was_screen", screen()),
                (
                    "show",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="theatre.show"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="VipReservation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("guest_name", models.CharField(max_length=200)),
                ("guest_email", models.EmailField(blank=True, max_length=254)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("complimentary", models.BooleanField(default=True)),
                (
                    "seat_ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("release_minutes", models.PositiveIntegerField(blank=True, null=True)),
                ("release_at", models.DateTimeField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("reserved", "Reserved"),
                            ("booked", "Booked"),
                            ("released", "Released"),
                            ("lapsed", "Lapsed"),
                        ],
                        default="reserved",
                        max_length=8,
                    ),
                ),
                ("made_at", models.DateTimeField(db_default=Now())),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "booking",
                    models.OneToOneField(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT,
                        related_name="vip_reservation", to="theatre.booking",
                    ),
                ),
                ("ended_by", person(blank=True, null=True)),
                ("made_by", person()),
                (
                    "show",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="vip_reservations",
                        to="theatre.show",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["id", "show"], name="vip_reservation_with_its_show"),
                    models.CheckConstraint(
                        condition=Q(state__in=["reserved", "booked", "released", "lapsed"]), name="vip_state"
                    ),
                    models.CheckConstraint(condition=~Q(guest_name=""), name="vip_has_a_guest"),
                    models.CheckConstraint(condition=Q(seat_ids__len__gt=0), name="vip_has_seats"),
                    models.CheckConstraint(
                        condition=Q(state="reserved", ended_at__isnull=True)
                        | Q(state__in=["booked", "released", "lapsed"], ended_at__isnull=False),
                        name="ended_vip_says_when",
                    ),
                    models.CheckConstraint(
                        condition=Q(state="booked", booking__isnull=False)
                        | Q(state__in=["reserved", "released", "lapsed"], booking__isnull=True),
                        name="booked_vip_has_its_booking",
                    ),
                    models.CheckConstraint(
                        condition=Q(release_minutes__isnull=True, release_at__isnull=True)
                        | Q(release_minutes__isnull=False, release_at__isnull=False),
                        name="vip_release_has_its_moment",
                    ),
                ],
                "indexes": [
                    models.Index(
                        fields=["release_at"],
                        condition=Q(state="reserved") & Q(release_at__isnull=False),
                        name="vip_to_release",
                    )
                ],
            },
        ),
        migrations.RemoveConstraint(model_name="seatclaim", name="claim_has_the_owner_of_its_state"),
        migrations.AddField(
            model_name="seatclaim",
            name="vip",
            field=models.ForeignKey(
                blank=True, db_constraint=False, db_index=False, null=True,
                on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="theatre.vipreservation",
            ),
        ),
        migrations.RunSQL(COMPOSITE, NOT_COMPOSITE),
        # A seat that was kept for a VIP without a reservation, as was possible before, is only blocked.
        migrations.RunSQL(
            "UPDATE theatre_seatclaim SET state = 'blocked', booking_id = NULL WHERE state = 'vip'",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="seatclaim",
            constraint=models.CheckConstraint(
                condition=Q(state="held", held_until__isnull=False, booking__isnull=False, vip__isnull=True)
                | Q(state="sold", held_until__isnull=True, booking__isnull=False, vip__isnull=True)
                | Q(state="vip", booking__isnull=True, vip__isnull=False)
                | Q(state="blocked", booking__isnull=True, vip__isnull=True),
                name="claim_has_the_owner_of_its_state",
            ),
        ),
        migrations.RunSQL(WATCH, migrations.RunSQL.noop),
    ]
