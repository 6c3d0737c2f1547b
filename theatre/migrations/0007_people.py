"""Invitations, and the admin that always stays."""

import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


# The last word on what `actions/people/staff.py` refuses: whoever takes the last active admin away is refused, also when
# two do it at once, for they meet at the lock.
LAST_ADMIN = """
CREATE FUNCTION theatre_an_admin_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_TABLE_NAME = 'theatre_employee' THEN
    IF NOT EXISTS (SELECT 1 FROM theatre_user WHERE id = OLD.user_id AND role = 'admin' AND is_active) THEN
      RETURN NULL;
    END IF;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('admins', 1));
  IF NOT EXISTS (
    SELECT 1 FROM theatre_user u LEFT JOIN theatre_employee e ON e.user_id = u.id
    WHERE u.role = 'admin' AND u.is_active AND coalesce(e.status, 'active') = 'active'
  ) THEN
    RAISE EXCEPTION 'there has to be an admin'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'an_admin_stays';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER an_admin_stays AFTER UPDATE OF role, is_active ON theatre_user FOR EACH ROW
  WHEN (OLD.role = 'admin' AND OLD.is_active AND (NEW.role <> 'admin' OR NOT NEW.is_active))
  EXECUTE FUNCTION theatre_an_admin_stays();
CREATE TRIGGER an_admin_stays_here AFTER DELETE ON theatre_user FOR EACH ROW
  WHEN (OLD.role = 'admin' AND OLD.is_active) EXECUTE FUNCTION theatre_an_admin_stays();
CREATE TRIGGER an_admin_stays_employed AFTER UPDATE OF status ON theatre_employee FOR EACH ROW
  WHEN (OLD.status = 'active' AND NEW.status <> 'active') EXECUTE FUNCTION theatre_an_admin_stays();
"""
NO_LAST_ADMIN = "DROP FUNCTION theatre_an_admin_stays() CASCADE"


class Migration(migrations.Migration):

    dependencies = [
        ('theatre', '0006_limits_and_feedback'),
    ]

    operations = [
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254)),
                ('role', models.CharField(max_length=16)),
                ('full_name', models.CharField(blank=True, max_length=200)),
                ('digest', models.BinaryField(max_length=32, unique=True)),
                ('invited_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('sent_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('invited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitation', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), condition=models.Q(('revoked_at__isnull', True), ('used_at__isnull', True)), name='one_open_invitation_per_address'), models.CheckConstraint(condition=models.Q(('role__in', ['admin', 'moderator', 'salesman'])), name='invitation_is_for_staff'), models.CheckConstraint(condition=models.Q(('used_at__isnull', True), ('revoked_at__isnull', True), _connector='OR'), name='invitation_is_used_or_revoked'), models.CheckConstraint(condition=models.Q(models.Q(('used_at__isnull', True), ('user__isnull', True)), models.Q(('used_at__isnull', False), ('user__isnull', False)), _connector='OR'), name='used_invitation_names_who_came'), models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('sent_at'))), name='invitation_lasts')],
            },
        ),
        migrations.RunSQL(LAST_ADMIN, NO_LAST_ADMIN),
    ]
