"""Forgetting a person also forgets what they told the house, and lets no letter to them go out any more."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("theatre.migrations.0004_erasing").ERASE

ERASE = """
CREATE OR REPLACE FUNCTION theatre_erase_person(
  person bigint, actor bigint DEFAULT NULL, reason text DEFAULT '', request text DEFAULT ''
) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  -- What says nothing about who somebody is. A column that is not named here is blanked.
  kept CONSTANT text[] := '{id,user_id,role,is_active,confirmed_at,joined_at,password,tier_id,long_holds,mails}';
  customers CONSTANT bigint[] := ARRAY(SELECT id FROM theatre_customer WHERE user_id = $1);
  bookings CONSTANT bigint[] := ARRAY(SELECT id FROM theatre_booking WHERE customer_id = ANY(customers));
  refs CONSTANT text[] := ARRAY(SELECT ref FROM theatre_booking WHERE id = ANY(bookings));
  objects text[];
  words text[];
  addresses text[];
  changed integer;
  blanked integer := 0;
BEGIN
  PERFORM 1 FROM theatre_user WHERE id = $1;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no user %', $1 USING ERRCODE = 'no_data_found';
  END IF;
  -- Every name, address and number they ever had, the longest first.
  SELECT coalesce(array_agg(word ORDER BY length(word) DESC), '{}') INTO words FROM (
    SELECT email AS word FROM theatre_user WHERE id = $1
    UNION SELECT full_name FROM theatre_user WHERE id = $1
    UNION SELECT phone FROM theatre_user WHERE id = $1
    UNION SELECT side ->> key FROM theatre_rowchange,
      LATERAL (VALUES (before), (after)) AS sides (side), unnest('{email,full_name,phone}'::text[]) AS key
      WHERE theatre_rowchange.person = $1 AND on_type = 'user'
    UNION SELECT new FROM theatre_addresschange WHERE user_id = $1
    UNION SELECT old FROM theatre_addresschange WHERE user_id = $1
  ) AS had WHERE length(word) >= 3 AND word <> 'erased';
  -- Those they really had, and did not only ask for.
  addresses := ARRAY(
    SELECT email FROM theatre_user WHERE id = $1
    UNION SELECT side ->> 'email' FROM theatre_rowchange, LATERAL (VALUES (before), (after)) AS sides (side)
      WHERE theatre_rowchange.person = $1 AND on_type = 'user' AND side ? 'email');
  objects := ARRAY(
    SELECT 'user ' || $1
    UNION SELECT 'customer ' || id FROM theatre_customer WHERE user_id = $1
    UNION SELECT 'employee ' || id FROM theatre_employee WHERE user_id = $1
    UNION SELECT 'token ' || id FROM theatre_apitoken WHERE user_id = $1
    UNION SELECT 'booking ' || ref FROM unnest(refs) AS ref
  );
  PERFORM set_config('theatre.erasing', 'on', true);

  UPDATE theatre_auditentry SET address = '', details = theatre_without_in(details, words),
    reason = theatre_without(theatre_auditentry.reason, words)
  WHERE actor_id = $1 AND (address <> '' OR details <> '{}' OR theatre_auditentry.reason <> '');
  GET DIAGNOSTICS changed = ROW_COUNT; blanked := blanked + changed;
  UPDATE theatre_auditentry e SET details = theatre_without_in(details, words),
    reason = theatre_without(e.reason, words)
  FROM unnest(objects) AS object
  WHERE e.on_type = split_part(object, ' ', 1) AND e.on_id = split_part(object, ' ', 2)
    AND actor_id IS DISTINCT FROM $1;
  GET DIAGNOSTICS changed = ROW_COUNT; blanked := blanked + changed;

  UPDATE theatre_rowchange SET
    before = CASE WHEN on_type IN ('user', 'customer', 'token') THEN theatre_only(before, kept)
                  ELSE theatre_without_in(before, words) END,
    after = CASE WHEN on_type IN ('user', 'customer', 'token') THEN theatre_only(after, kept)
                 ELSE theatre_without_in(after, words) END
  WHERE theatre_rowchange.person = $1;
  GET DIAGNOSTICS changed = ROW_COUNT; blanked := blanked + changed;
  UPDATE theatre_rowchange SET before = theatre_without_guest(theatre_without_in(before, words)),
    after = theatre_without_guest(theatre_without_in(after, words))
  WHERE on_type = 'booking' AND on_id = ANY(refs);
  GET DIAGNOSTICS changed = ROW_COUNT; blanked := blanked + changed;
  UPDATE theatre_rowchange SET address = '' WHERE theatre_rowchange.actor = $1 AND address <> '';
  GET DIAGNOSTICS changed = ROW_COUNT; blanked := blanked + changed;
  PERFORM set_config('theatre.erasing', '', true);

  -- What still waits is not sent any more.
  UPDATE theatre_letter SET "to" = '', data = '{}', last_error = '', subject = theatre_without(subject, words),
    leased_until = NULL, state = CASE state WHEN 'queued' THEN 'dead' ELSE state END
  WHERE user_id = $1 OR booking_id = ANY(bookings) AND "to" = ANY(words);
  GET DIAGNOSTICS changed = ROW_COUNT; blanked := blanked + changed;
  -- What staff were told of their bookings.
  UPDATE theatre_letter SET data = theatre_without_in(data, words), subject = theatre_without(subject, words)
  WHERE booking_id = ANY(bookings) AND (data <> '{}' OR subject <> '');

  UPDATE theatre_feedback SET text = 'erased', page = '', reply_to = '', request_id = '', by_id = NULL, state = 'closed'
  WHERE by_id = $1 OR by_id IS NULL AND reply_to = ANY(addresses);
  GET DIAGNOSTICS changed = ROW_COUNT; blanked := blanked + changed;

  DELETE FROM theatre_addresschange WHERE user_id = $1;

  INSERT INTO theatre_auditentry (actor_id, verb, on_type, on_id, request_id, address, reason, details)
  VALUES (coalesce($2, $1), 'erase_person', 'user', $1::text, left($4, 40), '', left($3, 500),
          jsonb_build_object('rows', blanked));
  RETURN blanked;
END $$;


COMMENT ON FUNCTION theatre_erase_person(bigint, bigint, text, text) IS
'Blanks the names, addresses, telephone numbers and network addresses of one person in the audit, the history and
letters, what they told the house as feedback, and notes that it did (verb erase_person; by nobody else: by themselves).
Letters to them that still wait are dead. Who did what, and when, stays. Returns how many rows were blanked; refuses an
unknown user with no_data_found. To be called last in the erasing transaction, after the rows of the person themselves
were blanked: those updates are history too, and it takes the old names from there.';
"""


class Migration(migrations.Migration):
    dependencies = [("theatre", "0012_movie_follows")]
    operations = [
        migrations.RunSQL(ERASE, BEFORE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")),
    ]
