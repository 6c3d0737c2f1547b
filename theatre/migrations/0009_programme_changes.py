"""A row for every statement that changes what guests read of the programme: what kept pages ask before they are shown
again (theatre/queries/kept.py). Written within the transaction of the deed, so both are seen in the same instant; only
added to, so nobody waits for anybody; no booking writes here."""

from django.db import migrations

TABLE = """
CREATE TABLE theatre_programmechange (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now()
);
"""
# As the owner: whoever changes a movie needs no right to this table. The oldest rows go as new ones come; those that
# another transaction is clearing away are left to it.
NOTE = """
CREATE FUNCTION theatre_note_programme_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  made bigint;
BEGIN
  INSERT INTO public.theatre_programmechange DEFAULT VALUES RETURNING id INTO made;
  IF made % 32 = 0 THEN
    DELETE FROM public.theatre_programmechange WHERE id IN (
      SELECT id FROM public.theatre_programmechange WHERE id <= made - 64 FOR UPDATE SKIP LOCKED
    );
  END IF;
  RETURN NULL;
END $$;
"""
ANYTHING = "INSERT OR UPDATE OR DELETE"
TABLES = {
    "theatre_genre": ANYTHING,
    "theatre_movie": ANYTHING,
    "theatre_movie_genres": ANYTHING,
    "theatre_screen": ANYTHING,
    "theatre_seatplan": ANYTHING,
    "theatre_seat": ANYTHING,
    "theatre_show": ANYTHING,
    "theatre_pricecard": ANYTHING,
    "theatre_pricecardamount": ANYTHING,
    "theatre_review": ANYTHING,
    "theatre_user": "UPDATE OF full_name",  # whose name stands beside a review
}
TRIGGERS = ";\n".join(
    f"CREATE TRIGGER programme_changed AFTER {when} ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION theatre_note_programme_change()"
    for table, when in TABLES.items()
)


class Migration(migrations.Migration):
    dependencies = [("theatre", "0008_last_seats")]
    operations = [
        migrations.RunSQL(TABLE, "DROP TABLE theatre_programmechange"),
        migrations.RunSQL(NOTE, "DROP FUNCTION theatre_note_programme_change() CASCADE"),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
    ]
