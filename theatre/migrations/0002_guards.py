"""What the ORM cannot say: composite foreign keys, append-only tables, the cache table, the first tiers."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

COMPOSITE = """
ALTER TABLE theatre_show ADD CONSTRAINT show_has_a_plan_of_its_screen
  FOREIGN KEY (plan_id, screen_id) REFERENCES theatre_seatplan (id, screen_id);
ALTER TABLE theatre_seatclaim ADD CONSTRAINT claim_is_of_the_shows_plan
  FOREIGN KEY (show_id, plan_id) REFERENCES theatre_show (id, plan_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE theatre_seatclaim ADD CONSTRAINT claim_is_of_a_seat_of_the_plan
  FOREIGN KEY (seat_id, plan_id) REFERENCES theatre_seat (id, plan_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE theatre_ticket ADD CONSTRAINT ticket_is_of_a_seat_of_the_plan
  FOREIGN KEY (seat_id, plan_id) REFERENCES theatre_seat (id, plan_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE theatre_ticket ADD CONSTRAINT ticket_is_of_its_bookings_show
  FOREIGN KEY (booking_id, show_id) REFERENCES theatre_booking (id, show_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE theatre_seatclaim ADD CONSTRAINT claim_is_of_its_bookings_show
  FOREIGN KEY (booking_id, show_id) REFERENCES theatre_booking (id, show_id) DEFERRABLE INITIALLY DEFERRED;
"""

# A composite key says all that the single one would: one check a row instead of two.
SINGLE_KEYS = {
    "theatre_seatclaim": ["show_id", "seat_id", "plan_id", "booking_id"],
    "theatre_ticket": ["show_id", "seat_id", "plan_id", "booking_id"],
    "theatre_show": ["plan_id"],
}
DROP_SINGLE = """
DO $$
DECLARE found record;
BEGIN
  FOR found IN
    SELECT c.conname, c.conrelid::regclass AS tbl FROM pg_constraint c
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    WHERE c.contype = 'f' AND cardinality(c.conkey) = 1
      AND c.conrelid = '{table}'::regclass AND a.attname IN ({columns})
  LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', found.tbl, found.conname);
  END LOOP;
END $$;
"""

APPEND_ONLY = """
CREATE FUNCTION theatre_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, lower(TG_OP)
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'append_only';
END $$;
"""
GUARD = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION theatre_append_only();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION theatre_append_only();
"""
GUARDED = ["theatre_ledgerentry", "theatre_auditentry", "theatre_invoice"]

CACHE = """
CREATE UNLOGGED TABLE theatre_cache (
  cache_key varchar(255) PRIMARY KEY,
  value text NOT NULL,
  expires timestamptz NOT NULL
);
CREATE INDEX theatre_cache_expires ON theatre_cache (expires);
"""

# The defaults of domain.md, "Money".
TIERS = [("Silver", 100, 5), ("Gold", 300, 10), ("Platinum", 500, 20)]


def first_tiers(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    tier = apps.get_model("theatre", "Tier")
    tier.objects.bulk_create([tier(name=name, threshold=at, percent=percent) for name, at, percent in TIERS])


class Migration(migrations.Migration):
    dependencies = [("theatre", "0001_initial")]
    operations = [
        *[
            migrations.RunSQL(
                DROP_SINGLE.format(table=table, columns=", ".join(f"'{column}'" for column in columns)),
                migrations.RunSQL.noop,
            )
            for table, columns in SINGLE_KEYS.items()
        ],
        migrations.RunSQL(COMPOSITE, migrations.RunSQL.noop),
        migrations.RunSQL(APPEND_ONLY, "DROP FUNCTION theatre_append_only() CASCADE"),
        *[migrations.RunSQL(GUARD.format(table=table), migrations.RunSQL.noop) for table in GUARDED],
        migrations.RunSQL(CACHE, "DROP TABLE theatre_cache"),
        migrations.RunPython(first_tiers, migrations.RunPython.noop),
    ]
