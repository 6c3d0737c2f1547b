"""What a sold ticket, its money, an invitation and a wish for another address were, before they were changed."""

from importlib import import_module

from django.db import migrations

# Wishes for another address go before the history is blanked, for their going is history too.
BEFORE = import_module("theatre.migrations.0013_forget_feedback").ERASE
GONE = "  DELETE FROM theatre_addresschange WHERE user_id = $1;\n"
BLANKING = "  PERFORM set_config('theatre.erasing', 'on', true);\n"
ERASE = BEFORE.replace(GONE, "").replace(BLANKING, GONE + BLANKING)

# As 0003_history.py watches its tables: what, id, person, secrets, and when a change is worth keeping. Addresses and
# names that may never become anybody's are not written down a second time.
WATCHED = {
    "theatre_ticket": ("ticket", "id", "", "nonce", "WHEN (OLD.state IN ('sold', 'returned')) "),
    "theatre_payment": ("payment", "id", "", "provider_ref", ""),
    "theatre_refund": ("refund", "id", "", "", ""),
    "theatre_invitation": ("invitation", "id", "user_id", "digest,email,full_name", ""),
    "theatre_addresschange": ("address_change", "id", "user_id", "code_digest,old,new", ""),
}
# A sale makes the first three, and its deed and the ledger say so.
NOT_WHEN_MADE = {"theatre_ticket", "theatre_payment", "theatre_refund"}


def watching() -> str:
    """The triggers of each."""
    made = []
    for table, (word, key, person, secrets, when) in WATCHED.items():
        call = f"EXECUTE FUNCTION theatre_keep_history('{word}', '{key}', '{person}', '{{{secrets}}}', '{{}}')"
        if table not in NOT_WHEN_MADE:
            made.append(f"CREATE TRIGGER history_made AFTER INSERT ON {table} FOR EACH ROW {call}")
        made.append(f"CREATE TRIGGER history_changed AFTER UPDATE ON {table} FOR EACH ROW {when}{call}")
        made.append(f"CREATE TRIGGER history_removed AFTER DELETE ON {table} FOR EACH ROW {call}")
    return ";\n".join(made)


class Migration(migrations.Migration):
    dependencies = [("theatre", "0020_links_that_run_nothing")]
    operations = [
        migrations.RunSQL(watching(), migrations.RunSQL.noop),
        migrations.RunSQL(ERASE, BEFORE),
    ]
