"""Row history by trigger, tied to the audit's entries by the number of the deed (docs/audit.md)."""

from django.db import migrations, models
from django.db.models import Func, Q
from django.db.models.functions import Now

# The transaction's start in microseconds, made unique by the end of its number: it grows with time, fits a bigint
# until the year 2255, and a dump that is read into another server keeps it.
DEED = """
CREATE FUNCTION theatre_deed() RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT (extract(epoch FROM now()) * 1000000)::bigint * 1024 + (pg_current_xact_id()::text::bigint & 1023)
$$;
"""

# Entries of before had no deed: each becomes one of its own.
EARLIER = """
ALTER TABLE theatre_auditentry DISABLE TRIGGER append_only;
UPDATE theatre_auditentry SET deed = (extract(epoch FROM at) * 1000000)::bigint * 1024 + (id & 1023);
ALTER TABLE theatre_auditentry ENABLE TRIGGER append_only;
"""

# Arguments: what the row is called in the audit, its id's column, its person's column or none, columns whose values
# are never written down, columns that do not matter. As the owner: whoever changes a row needs no right to this table.
KEEP = """
CREATE FUNCTION theatre_keep_history() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  secrets CONSTANT text[] := TG_ARGV[3];
  quiet CONSTANT text[] := TG_ARGV[4];
  said CONSTANT jsonb := nullif(current_setting('theatre.said', true), '');
  was jsonb;
  is_now jsonb;
  before jsonb;
  after jsonb;
BEGIN
  IF TG_OP <> 'INSERT' THEN was := to_jsonb(OLD) - quiet; END IF;
  IF TG_OP <> 'DELETE' THEN is_now := to_jsonb(NEW) - quiet; END IF;
  IF TG_OP = 'UPDATE' THEN
    SELECT jsonb_object_agg(o.key, CASE WHEN o.key = ANY(secrets) THEN '"secret"' ELSE o.value END),
           jsonb_object_agg(o.key, CASE WHEN o.key = ANY(secrets) THEN '"secret"' ELSE n.value END)
      INTO before, after
    FROM jsonb_each(was) o JOIN jsonb_each(is_now) n ON n.key = o.key
    WHERE o.value <> n.value;
    IF before IS NULL THEN RETURN NULL; END IF;
  ELSE
    SELECT jsonb_object_agg(key, CASE WHEN key = ANY(secrets) THEN '"secret"' ELSE value END) INTO after
    FROM jsonb_each(jsonb_strip_nulls(coalesce(is_now, was)));
    IF TG_OP = 'DELETE' THEN before := after; after := NULL; END IF;
  END IF;
  INSERT INTO public.theatre_rowchange
    (change, on_type, on_id, person, before, after, actor, verb, request_id, address, login)
  VALUES (
    CASE TG_OP WHEN 'INSERT' THEN 'made' WHEN 'UPDATE' THEN 'changed' ELSE 'removed' END,
    TG_ARGV[0], left(coalesce(is_now, was) ->> TG_ARGV[1], 40), (coalesce(is_now, was) ->> TG_ARGV[2])::bigint,
    before, after, (said ->> 'actor')::bigint, left(coalesce(said ->> 'verb', ''), 40),
    left(coalesce(said ->> 'request', ''), 40), left(coalesce(said ->> 'address', ''), 45), session_user
  );
  RETURN NULL;
END $$;
"""

# table: what, id, person, secrets, quiet
WATCHED = {
    "theatre_user": ("user", "id", "id", "password", "last_login"),
    "theatre_customer": ("customer", "id", "user_id", "", "tier_tickets,counted_at"),
    "theatre_employee": ("employee", "id", "user_id", "", ""),
    "theatre_tier": ("tier", "name", "", "", ""),
    "theatre_movie": ("movie", "id", "", "", "changed_at"),
    "theatre_movie_genres": ("movie", "movie_id", "", "", "id"),
    "theatre_screen": ("screen", "id", "", "", ""),
    "theatre_seatplan": ("seat_plan", "id", "", "", ""),
    "theatre_seat": ("seat", "id", "", "", ""),
    "theatre_show": ("show", "id", "", "", ""),
    "theatre_pricecard": ("price_card", "id", "", "", ""),
    "theatre_pricecardamount": ("price_card", "card_id", "", "", ""),
    "theatre_coupon": ("coupon", "id", "", "", "used"),
    "theatre_coupon_movies": ("coupon", "coupon_id", "", "", "id"),
    "theatre_booking": ("booking", "ref", "", "session", ""),
    "theatre_apitoken": ("token", "id", "user_id", "digest", ""),
    "mfa_authenticator": ("authenticator", "id", "user_id", "data", "last_used_at"),
}
# What is made by the hundred at once is told by what it belongs to: a plan's seats, a sale's booking.
NOT_WHEN_MADE = {"theatre_seat", "theatre_booking"}
# Writes of the hot path that change nothing worth keeping are turned away before the function is called. A hold's own
# steps (confirm, lapse, extend) are in the deed and in the ledger.
ONLY_WHEN = {
    "theatre_customer": "OLD.counted_at = NEW.counted_at OR OLD.tier_id IS DISTINCT FROM NEW.tier_id",
    "theatre_coupon": "OLD.used = NEW.used",
    "theatre_booking": "OLD.state <> 'held'",
    # Which half minute a code was of is noted with every sign-in.
    "mfa_authenticator": "OLD.data = NEW.data OR OLD.data - 'last_step' <> NEW.data - 'last_step'",
}

# As theatre_append_only, but for the one function that blanks a person (theatre_erase_person), and only the columns
# named as arguments: who did what, and when, stays.
GUARD = """
CREATE FUNCTION theatre_append_only_but_erasable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND current_setting('theatre.erasing', true) = 'on'
     AND to_jsonb(OLD) - TG_ARGV[0]::text[] = to_jsonb(NEW) - TG_ARGV[0]::text[] THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, lower(TG_OP)
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'append_only';
END $$;
DROP TRIGGER append_only ON theatre_auditentry;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON theatre_auditentry
  FOR EACH ROW EXECUTE FUNCTION theatre_append_only_but_erasable('{address,reason,details}');
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON theatre_rowchange
  FOR EACH ROW EXECUTE FUNCTION theatre_append_only_but_erasable('{address,before,after}');
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON theatre_rowchange
  FOR EACH STATEMENT EXECUTE FUNCTION theatre_append_only();
"""


def watching() -> str:
    """The triggers of every watched table."""
    made = []
    for table, (word, key, person, secrets, quiet) in WATCHED.items():
        call = f"theatre_keep_history('{word}', '{key}', '{person}', '{{{secrets}}}', '{{{quiet}}}')"
        when = f"WHEN ({ONLY_WHEN[table]}) " if table in ONLY_WHEN else ""
        if table not in NOT_WHEN_MADE:
            made.append(f"CREATE TRIGGER history_made AFTER INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {call}")
        made.append(
            f"CREATE TRIGGER history_changed AFTER UPDATE ON {table} FOR EACH ROW {when}EXECUTE FUNCTION {call}"
        )
        made.append(f"CREATE TRIGGER history_removed AFTER DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {call}")
    return ";\n".join(made)


def deed() -> Func:
    return Func(function="theatre_deed", output_field=models.BigIntegerField())


class Migration(migrations.Migration):
    dependencies = [("theatre", "0002_guards"), ("mfa", "0003_authenticator_type_uniq")]
    operations = [
        migrations.RunSQL(DEED, "DROP FUNCTION theatre_deed()"),
        migrations.AddField("auditentry", "deed", models.BigIntegerField(db_default=deed())),
        migrations.RunSQL(EARLIER, migrations.RunSQL.noop),
        migrations.RemoveIndex("auditentry", "audit_by_actor"),
        migrations.RemoveIndex("auditentry", "audit_by_time"),
        migrations.AddIndex("auditentry", models.Index(fields=["actor", "deed"], name="audit_by_actor")),
        migrations.AddIndex("auditentry", models.Index(fields=["deed"], name="audit_by_deed")),
        migrations.AddIndex(
            "auditentry",
            models.Index(
                fields=["verb", "deed"], condition=~Q(verb="hold") & ~Q(verb="confirm"), name="audit_by_rare_verb"
            ),
        ),
        migrations.CreateModel(
            name="RowChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_default=Now())),
                ("deed", models.BigIntegerField(db_default=deed())),
                (
                    "change",
                    models.CharField(
                        choices=[("made", "Made"), ("changed", "Changed"), ("removed", "Removed")], max_length=8
                    ),
                ),
                ("on_type", models.CharField(max_length=40)),
                ("on_id", models.CharField(max_length=40)),
                ("person", models.BigIntegerField(null=True)),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
                ("actor", models.BigIntegerField(null=True)),
                ("verb", models.CharField(blank=True, max_length=40)),
                ("request_id", models.CharField(blank=True, max_length=40)),
                ("address", models.CharField(blank=True, max_length=45)),
                ("login", models.CharField(max_length=63)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(change="made", before__isnull=True, after__isnull=False)
                        | Q(change="changed", before__isnull=False, after__isnull=False)
                        | Q(change="removed", before__isnull=False, after__isnull=True),
                        name="row_change_has_its_sides",
                    )
                ],
                "indexes": [
                    models.Index(fields=["deed"], name="row_change_by_deed"),
                    models.Index(fields=["on_type", "on_id"], name="row_change_by_object"),
                    models.Index(
                        fields=["person", "deed"], condition=Q(person__isnull=False), name="row_change_by_person"
                    ),
                    models.Index(
                        fields=["actor", "deed"], condition=Q(actor__isnull=False), name="row_change_by_actor"
                    ),
                    models.Index(fields=["verb", "deed"], condition=~Q(verb=""), name="row_change_by_verb"),
                ],
            },
        ),
        migrations.RunSQL(GUARD, migrations.RunSQL.noop),
        migrations.RunSQL(KEEP, "DROP FUNCTION theatre_keep_history() CASCADE"),
        migrations.RunSQL(watching(), migrations.RunSQL.noop),
    ]
