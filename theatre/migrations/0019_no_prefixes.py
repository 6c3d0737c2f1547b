"""Nobody searches for the beginning of a reference or of a letter's key: three indexes that every booking wrote for
nothing, made by Django beside those that keep the values unique."""

from django.db import migrations

UNREAD = {
    "theatre_booking_ref_66b21043_like": "theatre_booking (ref varchar_pattern_ops)",
    "theatre_letter_key_93aa8648_like": "theatre_letter (key varchar_pattern_ops)",
    "theatre_letter_message_id_68ba510f_like": "theatre_letter (message_id varchar_pattern_ops)",
}


class Migration(migrations.Migration):
    dependencies = [("theatre", "0018_changed_bookings")]
    operations = [
        migrations.RunSQL(f"DROP INDEX IF EXISTS {name}", f"CREATE INDEX {name} ON {columns}")
        for name, columns in UNREAD.items()
    ]
