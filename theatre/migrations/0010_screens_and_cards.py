"""Plans that stand, screens that retire, seats out of service, and dayparts of price cards."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

# Once for a statement, however many seats it touches. Whoever is making a show of the plan in this very moment holds
# its row and is waited for, and then seen.
PLAN_STANDS = """
CREATE FUNCTION theatre_plan_in_use_stands() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  plans bigint[];
BEGIN
  IF TG_TABLE_NAME = 'theatre_seatplan' THEN
    plans := ARRAY(SELECT id FROM touched ORDER BY 1);
  ELSE
    plans := ARRAY(SELECT DISTINCT plan_id FROM touched ORDER BY 1);
  END IF;
  PERFORM 1 FROM theatre_seatplan WHERE id = ANY(plans) ORDER BY id FOR UPDATE;
  IF EXISTS (SELECT 1 FROM theatre_show WHERE plan_id = ANY(plans)) THEN
    RAISE EXCEPTION 'a seat plan that a show uses is never changed'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'plan_in_use_is_never_changed';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER plan_in_use_gains_no_seat AFTER INSERT ON theatre_seat
  REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION theatre_plan_in_use_stands();
CREATE TRIGGER plan_in_use_keeps_its_seats AFTER UPDATE ON theatre_seat
  REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION theatre_plan_in_use_stands();
CREATE TRIGGER plan_in_use_is_given_no_seat AFTER UPDATE ON theatre_seat
  REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION theatre_plan_in_use_stands();
CREATE TRIGGER plan_in_use_loses_no_seat AFTER DELETE ON theatre_seat
  REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION theatre_plan_in_use_stands();
CREATE TRIGGER plan_in_use_stands AFTER UPDATE ON theatre_seatplan
  REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION theatre_plan_in_use_stands();
"""
NO_PLAN_STANDS = "DROP FUNCTION theatre_plan_in_use_stands() CASCADE"

# FOR SHARE: who retires the screen in this very moment is waited for, or waits.
SCREEN_IS_ACTIVE = """
CREATE FUNCTION theatre_screen_is_active() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  may boolean;
BEGIN
  SELECT active INTO may FROM theatre_screen WHERE id = NEW.screen_id FOR SHARE;
  IF NOT may THEN
    RAISE EXCEPTION 'a retired screen is not programmed'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'screen_is_active';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER screen_is_active BEFORE INSERT OR UPDATE OF screen_id ON theatre_show
  FOR EACH ROW EXECUTE FUNCTION theatre_screen_is_active();
"""
NO_SCREEN_IS_ACTIVE = "DROP FUNCTION theatre_screen_is_active() CASCADE"

CHOSEN = """
ALTER TABLE theatre_screen ADD CONSTRAINT chosen_plan_is_of_the_screen
  FOREIGN KEY (chosen_plan_id, id) REFERENCES theatre_seatplan (id, screen_id) DEFERRABLE INITIALLY DEFERRED;
"""
NO_CHOSEN = "ALTER TABLE theatre_screen DROP CONSTRAINT chosen_plan_is_of_the_screen"

# As the tables of 0003_history: what, id's column, person's column, secrets, quiet.
WATCHED = {
    "theatre_seatoutofservice": ("seat_out_of_service", "id"),
    "theatre_pricecarddaypart": ("price_card", "card_id"),
}
HISTORY = ";\n".join(
    f"CREATE TRIGGER history_{name} AFTER {verb} ON {table} FOR EACH ROW"
    f" EXECUTE FUNCTION theatre_keep_history('{word}', '{key}', '', '{{}}', '{{}}')"
    for table, (word, key) in WATCHED.items()
    for name, verb in (("made", "INSERT"), ("changed", "UPDATE"), ("removed", "DELETE"))
)


class Migration(migrations.Migration):
    dependencies = [("theatre", "0009_programme_changes")]
    operations = [
        migrations.AddField("pricecard", "active", models.BooleanField(default=True)),
        migrations.AddConstraint(
            "pricecard",
            models.CheckConstraint(
                condition=Q(active=True) | Q(is_default=False), name="default_price_card_is_active"
            ),
        ),
        migrations.AddField(
            "screen",
            "chosen_plan",
            models.ForeignKey(
                blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL,
                related_name="+", to="theatre.seatplan",
            ),
        ),
        migrations.CreateModel(
            name="PriceCardDaypart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "weekdays",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(), size=None
                    ),
                ),
                ("begins", models.TimeField(blank=True, null=True)),
                ("ends", models.TimeField(blank=True, null=True)),
                (
                    "card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="dayparts", to="theatre.pricecard"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(weekdays__contained_by=list(range(7)), weekdays__len__gte=1),
                        name="daypart_is_of_weekdays",
                    ),
                    models.CheckConstraint(
                        condition=Q(begins__isnull=True) | Q(ends__isnull=True) | Q(begins__lt=F("ends")),
                        name="daypart_begins_before_it_ends",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="SeatOutOfService",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("row", models.CharField(max_length=3)),
                ("number", models.PositiveSmallIntegerField()),
                ("until", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(max_length=200)),
                ("since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("released_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "screen",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="out_of_service",
                        to="theatre.screen",
                    ),
                ),
                (
                    "show",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT,
                        related_name="out_of_service", to="theatre.show",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(show__isnull=True, until__isnull=False)
                        | Q(show__isnull=False, until__isnull=True),
                        name="out_of_service_for_a_show_or_until_a_moment",
                    ),
                    models.CheckConstraint(
                        condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="out_of_service_lasts"
                    ),
                    models.CheckConstraint(condition=~Q(reason=""), name="out_of_service_has_a_reason"),
                ],
                "indexes": [
                    models.Index(
                        fields=["screen", "row", "number"], condition=Q(released_at__isnull=True),
                        name="out_of_service_now",
                    )
                ],
            },
        ),
        migrations.RunSQL(CHOSEN, NO_CHOSEN),
        migrations.RunSQL(PLAN_STANDS, NO_PLAN_STANDS),
        migrations.RunSQL(SCREEN_IS_ACTIVE, NO_SCREEN_IS_ACTIVE),
        migrations.RunSQL(HISTORY, migrations.RunSQL.noop),
    ]
