"""The one way in which audit, history and letters forget a person."""

from django.db import migrations

# A text or document without any of the words; a booking without its walk-in; a document with everything blanked but
# the members named.
HELPERS = """
CREATE FUNCTION theatre_without(value text, words text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog AS $$
DECLARE word text;
BEGIN
  FOREACH word IN ARRAY words LOOP value := replace(value, word, 'erased'); END LOOP;
  RETURN value;
END $$;

CREATE FUNCTION theatre_without_in(document jsonb, words text[]) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, public AS $$
BEGIN
  CASE jsonb_typeof(document)
    WHEN 'string' THEN RETURN to_jsonb(theatre_without(document #>> '{}', words));
    WHEN 'object' THEN
      RETURN coalesce(
        (SELECT jsonb_object_agg(key, theatre_without_in(value, words)) FROM jsonb_each(document)), '{}');
    WHEN 'array' THEN
      RETURN coalesce(
        (SELECT jsonb_agg(theatre_without_in(value, words) ORDER BY place)
         FROM jsonb_array_elements(document) WITH ORDINALITY AS each (value, place)), '[]');
    ELSE RETURN document;
  END CASE;
END $$;

CREATE FUNCTION theatre_without_guest(booking jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
  SELECT booking || coalesce(
    (SELECT jsonb_object_agg(key, 'erased') FROM jsonb_each(booking)
     WHERE key IN ('guest_name', 'guest_email', 'network') AND value <> '""'), '{}')
$$;

CREATE FUNCTION theatre_only(document jsonb, kept text[]) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
  SELECT jsonb_object_agg(
    key, CASE WHEN key = ANY(kept) OR value IN ('null', '""') THEN value ELSE '"erased"' END)
  FROM jsonb_each(document)
$$;
"""

ERASE = """
CREATE FUNCTION theatre_erase_person(
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
  ) AS had WHERE length(word) >= 3 AND word <> 'erased';
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

  UPDATE theatre_letter SET "to" = '', data = '{}', last_error = '', subject = theatre_without(subject, words)
  WHERE state <> 'queued' AND (user_id = $1 OR booking_id = ANY(bookings) AND "to" = ANY(words));
  GET DIAGNOSTICS changed = ROW_COUNT; blanked := blanked + changed;
  -- What staff were told of their bookings.
  UPDATE theatre_letter SET data = theatre_without_in(data, words), subject = theatre_without(subject, words)
  WHERE booking_id = ANY(bookings) AND (data <> '{}' OR subject <> '');

  INSERT INTO theatre_auditentry (actor_id, verb, on_type, on_id, request_id, address, reason, details)
  VALUES (coalesce($2, $1), 'erase_person', 'user', $1::text, left($4, 40), '', left($3, 500),
          jsonb_build_object('rows', blanked));
  RETURN blanked;
END $$;

COMMENT ON FUNCTION theatre_erase_person(bigint, bigint, text, text) IS
'Blanks the names, addresses, telephone numbers and network addresses of one person in the audit, the history and the
letters that were sent, and notes that it did (verb erase_person; by nobody else: by themselves). Who did what, and
when, stays. Returns how many rows were blanked; refuses an unknown user with no_data_found. To be called last in the
erasing transaction, after the rows of the person themselves were blanked: those updates are history too, and it takes
the old names from there. Letters still waiting keep their address until they were sent: call it again afterwards, it
may be called as often as one likes.';
REVOKE ALL ON FUNCTION theatre_erase_person(bigint, bigint, text, text) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("theatre", "0003_history")]
    operations = [
        migrations.RunSQL(
            HELPERS,
            "DROP FUNCTION theatre_only(jsonb, text[]), theatre_without_guest(jsonb), theatre_without_in(jsonb, text[]),"
            " theatre_without(text, text[])",
        ),
        migrations.RunSQL(ERASE, "DROP FUNCTION theatre_erase_person(bigint, bigint, text, text)"),
    ]
