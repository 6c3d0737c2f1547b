"""Every table of the theatre."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.operations
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.functions.text
import theatre.models.people
import theatre.models.shows
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies: list[tuple[str, str]] = []

    operations = [
        django.contrib.postgres.operations.BtreeGistExtension(),
        django.contrib.postgres.operations.TrigramExtension(),
        migrations.CreateModel(
            name='Genre',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, unique=True)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='InvoiceCounter',
            fields=[
                ('pk', models.CompositePrimaryKey('series', 'year', blank=True, editable=False, primary_key=True, serialize=False)),
                ('series', models.CharField(max_length=12)),
                ('year', models.PositiveSmallIntegerField()),
                ('last', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('email', models.EmailField(max_length=254)),
                ('role', models.CharField(choices=[('admin', 'admin'), ('moderator', 'moderator'), ('salesman', 'salesman'), ('customer', 'customer')], default='customer', max_length=16)),
                ('full_name', models.CharField(blank=True, max_length=200)),
                ('phone', models.CharField(blank=True, max_length=40)),
                ('is_active', models.BooleanField(default=True)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('joined_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='one_user_per_address'), models.CheckConstraint(condition=models.Q(('email', ''), _negated=True), name='user_has_an_address'), models.CheckConstraint(condition=models.Q(('role__in', ['admin', 'moderator', 'salesman', 'customer'])), name='role_is_one_of_four')],
            },
        ),
        migrations.CreateModel(
            name='Coupon',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, unique=True)),
                ('percent', models.PositiveSmallIntegerField()),
                ('valid_from', models.DateTimeField()),
                ('valid_until', models.DateTimeField()),
                ('total_limit', models.PositiveIntegerField(blank=True, null=True)),
                ('per_customer_limit', models.PositiveIntegerField(blank=True, null=True)),
                ('min_tickets', models.PositiveSmallIntegerField(default=1)),
                ('weekdays', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None)),
                ('combinable', models.BooleanField(default=False)),
                ('public', models.BooleanField(default=False)),
                ('active', models.BooleanField(default=True)),
                ('used', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Customer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member_number', models.CharField(max_length=12, unique=True)),
                ('tier_tickets', models.PositiveIntegerField(default=0)),
                ('counted_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('mails', models.JSONField(default=theatre.models.people._optional_mails)),
                ('access_needs', models.CharField(blank=True, max_length=500)),
                ('long_holds', models.BooleanField(default=False)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='customer', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Booking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(max_length=8, unique=True)),
                ('state', models.CharField(choices=[('held', 'Held'), ('confirmed', 'Confirmed'), ('cancelled', 'Cancelled'), ('lapsed', 'Lapsed')], default='held', max_length=12)),
                ('guest_name', models.CharField(blank=True, max_length=200)),
                ('guest_email', models.EmailField(blank=True, max_length=254)),
                ('session', models.CharField(blank=True, max_length=64)),
                ('network', models.CharField(blank=True, max_length=45)),
                ('channel', models.CharField(choices=[('online', 'Online'), ('counter', 'Counter'), ('api', 'Api')], default='online', max_length=8)),
                ('held_until', models.DateTimeField()),
                ('extensions', models.PositiveSmallIntegerField(default=0)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('cancel_reason', models.CharField(blank=True, max_length=500)),
                ('tier_name', models.CharField(blank=True, max_length=40)),
                ('tier_percent', models.DecimalField(decimal_places=2, default=0, max_digits=5)),
                ('total', models.DecimalField(blank=True, decimal_places=3, max_digits=14, null=True)),
                ('complimentary', models.BooleanField(default=False)),
                ('assigned_to', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assigned', to=settings.AUTH_USER_MODEL)),
                ('booked_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('seller', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sales', to=settings.AUTH_USER_MODEL)),
                ('coupon', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='theatre.coupon')),
                ('customer', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='theatre.customer')),
            ],
        ),
        migrations.CreateModel(
            name='IdempotencyKey',
            fields=[
                ('pk', models.CompositePrimaryKey('principal', 'route', 'key', blank=True, editable=False, primary_key=True, serialize=False)),
                ('principal', models.CharField(max_length=80)),
                ('route', models.CharField(max_length=120)),
                ('key', models.CharField(max_length=255)),
                ('body_hash', models.BinaryField(max_length=32)),
                ('status', models.PositiveSmallIntegerField(null=True)),
                ('answer', models.JSONField(null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'indexes': [models.Index(fields=['created_at'], name='idempotency_key_by_age')],
            },
        ),
        migrations.CreateModel(
            name='Movie',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=400)),
                ('slug', models.SlugField(max_length=160, unique=True)),
                ('duration_minutes', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('certificate', models.CharField(blank=True, max_length=12)),
                ('synopsis', models.TextField(blank=True)),
                ('director', models.CharField(blank=True, max_length=200)),
                ('actors', models.TextField(blank=True)),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=35), blank=True, default=list, size=None)),
                ('release_date', models.DateField(blank=True, null=True)),
                ('poster', models.ImageField(blank=True, upload_to='posters')),
                ('trailer_url', models.URLField(blank=True)),
                ('formats', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('coming_soon', 'Coming Soon'), ('showing', 'Showing'), ('retired', 'Retired')], default='draft', max_length=16)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('changed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('genres', models.ManyToManyField(blank=True, related_name='movies', to='theatre.genre')),
            ],
        ),
        migrations.AddField(
            model_name='coupon',
            name='movies',
            field=models.ManyToManyField(blank=True, related_name='coupons', to='theatre.movie'),
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('method', models.CharField(choices=[('demo', 'Demo'), ('cash', 'Cash'), ('card', 'Card'), ('online', 'Online'), ('complimentary', 'Complimentary')], max_length=16)),
                ('amount', models.DecimalField(decimal_places=3, max_digits=14)),
                ('refunded', models.DecimalField(decimal_places=3, default=0, max_digits=14)),
                ('state', models.CharField(choices=[('started', 'Started'), ('captured', 'Captured'), ('failed', 'Failed')], max_length=8)),
                ('provider_ref', models.CharField(blank=True, max_length=200)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('booking', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='theatre.booking')),
            ],
        ),
        migrations.CreateModel(
            name='PriceCard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, unique=True)),
                ('is_default', models.BooleanField(default=False)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('is_default',), name='one_default_price_card')],
            },
        ),
        migrations.CreateModel(
            name='PriceCardAmount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('standard', 'Standard'), ('premium', 'Premium'), ('vip', 'Vip'), ('wheelchair', 'Wheelchair'), ('companion', 'Companion')], max_length=12)),
                ('audience', models.CharField(choices=[('adult', 'Adult'), ('child', 'Child'), ('senior', 'Senior'), ('student', 'Student')], default='adult', max_length=8)),
                ('amount', models.DecimalField(decimal_places=3, max_digits=14)),
                ('card', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='amounts', to='theatre.pricecard')),
            ],
        ),
        migrations.CreateModel(
            name='Refund',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.DecimalField(decimal_places=3, max_digits=14)),
                ('state', models.CharField(choices=[('due', 'Due'), ('done', 'Done'), ('failed', 'Failed')], max_length=8)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('booking', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='theatre.booking')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='theatre.payment')),
            ],
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stars', models.PositiveSmallIntegerField()),
                ('text', models.TextField(blank=True)),
                ('state', models.CharField(choices=[('pending', 'Pending'), ('approved', 'Approved'), ('removed', 'Removed')], default='pending', max_length=8)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('written_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='theatre.customer')),
                ('movie', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='theatre.movie')),
            ],
        ),
        migrations.CreateModel(
            name='Screen',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, unique=True)),
                ('number', models.PositiveSmallIntegerField(unique=True)),
                ('cleaning_minutes', models.PositiveSmallIntegerField(default=20)),
                ('access_notes', models.CharField(blank=True, max_length=500)),
                ('active', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.CheckConstraint(condition=models.Q(('cleaning_minutes__lte', 240)), name='cleaning_up_to_four_hours')],
            },
        ),
        migrations.CreateModel(
            name='SeatPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('seat_count', models.PositiveIntegerField()),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('screen', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='theatre.screen')),
            ],
        ),
        migrations.CreateModel(
            name='Seat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row', models.CharField(max_length=3)),
                ('number', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(choices=[('standard', 'Standard'), ('premium', 'Premium'), ('vip', 'Vip'), ('wheelchair', 'Wheelchair'), ('companion', 'Companion')], default='standard', max_length=12)),
                ('x', models.PositiveSmallIntegerField()),
                ('y', models.PositiveSmallIntegerField()),
                ('restricted_view', models.BooleanField(default=False)),
                ('house_seat', models.BooleanField(default=False)),
                ('broken', models.BooleanField(default=False)),
                ('beside', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='companions', to='theatre.seat')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seats', to='theatre.seatplan')),
            ],
        ),
        migrations.CreateModel(
            name='Show',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('clean_at', models.DateTimeField()),
                ('formats', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None)),
                ('on_sale_from', models.DateTimeField(blank=True, null=True)),
                ('on_sale_until', models.DateTimeField(blank=True, null=True)),
                ('state', models.CharField(choices=[('planned', 'Planned'), ('on_sale', 'On Sale'), ('cancelled', 'Cancelled'), ('played', 'Played')], default='planned', max_length=12)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('card', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shows', to='theatre.pricecard')),
                ('movie', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shows', to='theatre.movie')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shows', to='theatre.seatplan')),
                ('screen', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shows', to='theatre.screen')),
            ],
            options={
                'ordering': ['starts_at', 'screen_id'],
            },
        ),
        migrations.CreateModel(
            name='SeatClaim',
            fields=[
                ('pk', models.CompositePrimaryKey('show_id', 'seat_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('held', 'Held'), ('sold', 'Sold'), ('vip', 'Vip'), ('blocked', 'Blocked')], max_length=8)),
                ('held_until', models.DateTimeField(blank=True, null=True)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('booking', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='theatre.booking')),
                ('seat', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='theatre.seat')),
                ('plan', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='theatre.seatplan')),
                ('show', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='theatre.show')),
            ],
        ),
        migrations.AddField(
            model_name='booking',
            name='show',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='theatre.show'),
        ),
        migrations.CreateModel(
            name='Thread',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.CharField(choices=[('booking', 'Booking'), ('refund', 'Refund'), ('access', 'Access'), ('question', 'Question'), ('complaint', 'Complaint'), ('feedback', 'Feedback'), ('other', 'Other')], max_length=12)),
                ('subject', models.CharField(max_length=200)),
                ('state', models.CharField(choices=[('open', 'Open'), ('answered', 'Answered'), ('closed', 'Closed')], default='open', max_length=8)),
                ('opened_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('assigned_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('booking', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='threads', to='theatre.booking')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='threads', to='theatre.customer')),
            ],
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('sent_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('thread', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='theatre.thread')),
            ],
            options={
                'ordering': ['sent_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Ticket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('standard', 'Standard'), ('premium', 'Premium'), ('vip', 'Vip'), ('wheelchair', 'Wheelchair'), ('companion', 'Companion')], max_length=12)),
                ('audience', models.CharField(choices=[('adult', 'Adult'), ('child', 'Child'), ('senior', 'Senior'), ('student', 'Student')], default='adult', max_length=8)),
                ('state', models.CharField(choices=[('held', 'Held'), ('sold', 'Sold'), ('returned', 'Returned'), ('lapsed', 'Lapsed')], default='held', max_length=8)),
                ('list_price', models.DecimalField(decimal_places=3, max_digits=14)),
                ('tier_off', models.DecimalField(decimal_places=3, default=0, max_digits=14)),
                ('coupon_off', models.DecimalField(decimal_places=3, default=0, max_digits=14)),
                ('complimentary_off', models.DecimalField(decimal_places=3, default=0, max_digits=14)),
                ('price', models.DecimalField(blank=True, decimal_places=3, max_digits=14, null=True)),
                ('vat', models.DecimalField(blank=True, decimal_places=3, max_digits=14, null=True)),
                ('nonce', models.CharField(blank=True, max_length=16)),
                ('checked_in_at', models.DateTimeField(blank=True, null=True)),
                ('door', models.CharField(blank=True, max_length=40)),
                ('booking', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='theatre.booking')),
                ('plan', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='theatre.seatplan')),
                ('seat', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='theatre.seat')),
                ('show', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='theatre.show')),
            ],
        ),
        migrations.CreateModel(
            name='LedgerEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('sale', 'Sale'), ('return', 'Return')], max_length=8)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('amount', models.DecimalField(decimal_places=3, max_digits=14)),
                ('list_price', models.DecimalField(decimal_places=3, max_digits=14)),
                ('tier_off', models.DecimalField(decimal_places=3, max_digits=14)),
                ('coupon_off', models.DecimalField(decimal_places=3, max_digits=14)),
                ('complimentary_off', models.DecimalField(decimal_places=3, max_digits=14)),
                ('vat', models.DecimalField(decimal_places=3, max_digits=14)),
                ('channel', models.CharField(choices=[('online', 'Online'), ('counter', 'Counter'), ('api', 'Api')], max_length=8)),
                ('method', models.CharField(choices=[('demo', 'Demo'), ('cash', 'Cash'), ('card', 'Card'), ('online', 'Online'), ('complimentary', 'Complimentary')], max_length=16)),
                ('booking', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ledger', to='theatre.booking')),
                ('seller', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ticket', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='ledger', to='theatre.ticket')),
            ],
        ),
        migrations.CreateModel(
            name='Tier',
            fields=[
                ('name', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('threshold', models.PositiveIntegerField(unique=True)),
                ('percent', models.DecimalField(decimal_places=2, max_digits=5)),
            ],
            options={
                'ordering': ['threshold'],
                'constraints': [models.CheckConstraint(condition=models.Q(('percent__gte', 0), ('percent__lte', 100)), name='tier_percent_in_range'), models.CheckConstraint(condition=models.Q(('threshold__gt', 0)), name='tier_threshold_positive')],
            },
        ),
        migrations.AddField(
            model_name='customer',
            name='tier',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='theatre.tier'),
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('digest', models.BinaryField(max_length=32, unique=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('second_factor', models.BooleanField(default=False)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_tokens', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='token_has_a_name')],
            },
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('verb', models.CharField(max_length=40)),
                ('on_type', models.CharField(max_length=40)),
                ('on_id', models.CharField(max_length=40)),
                ('request_id', models.CharField(blank=True, max_length=40)),
                ('address', models.CharField(blank=True, max_length=45)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('details', models.JSONField(default=dict)),
                ('actor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['on_type', 'on_id'], name='audit_by_object'), models.Index(fields=['actor', 'at'], name='audit_by_actor'), models.Index(fields=['at'], name='audit_by_time')],
                'constraints': [models.CheckConstraint(condition=models.Q(('verb', ''), _negated=True), name='audit_entry_has_a_verb')],
            },
        ),
        migrations.CreateModel(
            name='CouponUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('used_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('given_back_at', models.DateTimeField(blank=True, null=True)),
                ('booking', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='coupon_use', to='theatre.booking')),
                ('coupon', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='theatre.coupon')),
                ('customer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='coupon_uses', to='theatre.customer')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('given_back_at__isnull', True)), fields=['coupon', 'customer'], name='coupon_use_of_customer')],
            },
        ),
        migrations.CreateModel(
            name='Employee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start_date', models.DateField()),
                ('responsibilities', models.TextField(blank=True)),
                ('base_salary', models.DecimalField(decimal_places=3, default=0, max_digits=14)),
                ('status', models.CharField(choices=[('active', 'Active'), ('suspended', 'Suspended'), ('removed', 'Removed')], default='active', max_length=16)),
                ('status_reason', models.CharField(blank=True, max_length=500)),
                ('reports_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='theatre.employee')),
                ('status_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='employee', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('base_salary__gte', 0)), name='base_salary_not_negative'), models.CheckConstraint(condition=models.Q(('status__in', ['active', 'suspended', 'removed'])), name='employee_status'), models.CheckConstraint(condition=models.Q(('reports_to__isnull', True), models.Q(('reports_to', models.F('id')), _negated=True), _connector='OR'), name='nobody_reports_to_themselves')],
            },
        ),
        migrations.CreateModel(
            name='Invoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('series', models.CharField(choices=[('invoice', 'Invoice'), ('credit_note', 'Credit Note')], max_length=12)),
                ('year', models.PositiveSmallIntegerField()),
                ('number', models.PositiveIntegerField()),
                ('issued_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('total', models.DecimalField(decimal_places=3, max_digits=14)),
                ('vat', models.DecimalField(decimal_places=3, max_digits=14)),
                ('ticket_ids', models.JSONField()),
                ('facts', models.JSONField()),
                ('booking', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invoices', to='theatre.booking')),
                ('refers_to', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='credit_notes', to='theatre.invoice')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('series', 'year', 'number'), name='invoice_number_is_given_once'), models.CheckConstraint(condition=models.Q(models.Q(('refers_to__isnull', True), ('series', 'invoice'), ('total__gte', 0)), models.Q(('refers_to__isnull', False), ('series', 'credit_note'), ('total__lte', 0)), _connector='OR'), name='credit_note_refers_to_an_invoice'), models.UniqueConstraint(condition=models.Q(('series', 'invoice')), fields=('booking',), name='one_invoice_per_booking')],
            },
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=160, unique=True)),
                ('kind', models.CharField(max_length=40)),
                ('to', models.EmailField(max_length=254)),
                ('data', models.JSONField(default=dict)),
                ('message_id', models.CharField(max_length=200, unique=True)),
                ('state', models.CharField(choices=[('queued', 'Queued'), ('sent', 'Sent'), ('dead', 'Dead')], default='queued', max_length=8)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('due_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('leased_until', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('last_error', models.TextField(blank=True)),
                ('subject', models.CharField(blank=True, max_length=400)),
                ('queued_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('booking', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='theatre.booking')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='letters', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'queued')), fields=['due_at'], name='letter_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'sent', 'dead'])), name='letter_state'), models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('state', 'sent')), models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at__isnull', True)), _connector='OR'), name='sent_letter_says_when')],
            },
        ),
        migrations.AddIndex(
            model_name='movie',
            index=django.contrib.postgres.indexes.GinIndex(fields=['title'], name='movie_title_trigrams', opclasses=['gin_trgm_ops']),
        ),
        migrations.AddIndex(
            model_name='movie',
            index=models.Index(fields=['state', 'release_date'], name='movie_by_state'),
        ),
        migrations.AddConstraint(
            model_name='movie',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('title'), django.db.models.functions.comparison.Coalesce(django.db.models.functions.datetime.ExtractYear('release_date'), 0), django.db.models.functions.text.Lower('director'), name='one_movie_per_title_year_and_director'),
        ),
        migrations.AddConstraint(
            model_name='movie',
            constraint=models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='movie_has_a_title'),
        ),
        migrations.AddConstraint(
            model_name='movie',
            constraint=models.CheckConstraint(condition=models.Q(('duration_minutes__isnull', True), models.Q(('duration_minutes__gte', 1), ('duration_minutes__lte', 900)), _connector='OR'), name='movie_lasts_1_to_900_minutes'),
        ),
        migrations.AddConstraint(
            model_name='movie',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'showing'), _negated=True), ('duration_minutes__isnull', False), _connector='OR'), name='showing_movie_has_minutes'),
        ),
        migrations.AddConstraint(
            model_name='movie',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'coming_soon', 'showing', 'retired'])), name='movie_state'),
        ),
        migrations.AddConstraint(
            model_name='coupon',
            constraint=models.CheckConstraint(condition=models.Q(('percent__gte', 1), ('percent__lte', 100)), name='coupon_percent_in_range'),
        ),
        migrations.AddConstraint(
            model_name='coupon',
            constraint=models.CheckConstraint(condition=models.Q(('valid_from__lt', models.F('valid_until'))), name='coupon_window_has_an_order'),
        ),
        migrations.AddConstraint(
            model_name='coupon',
            constraint=models.CheckConstraint(condition=models.Q(('total_limit__isnull', True), ('used__lte', models.F('total_limit')), _connector='OR'), name='coupon_uses_within_limit'),
        ),
        migrations.AddConstraint(
            model_name='coupon',
            constraint=models.CheckConstraint(condition=models.Q(('used__gte', 0)), name='coupon_uses_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='coupon',
            constraint=models.CheckConstraint(condition=models.Q(('code__regex', '^[A-Z0-9][A-Z0-9-]{2,39}$')), name='coupon_code_is_normal'),
        ),
        migrations.AddConstraint(
            model_name='coupon',
            constraint=models.CheckConstraint(condition=models.Q(('min_tickets__gte', 1)), name='coupon_min_tickets_positive'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='payment_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('refunded__gte', 0), ('refunded__lte', models.F('amount'))), name='refund_never_exceeds_its_payment'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'captured'), ('refunded', 0), _connector='OR'), name='only_captured_is_refunded'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['started', 'captured', 'failed'])), name='payment_state'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('method__in', ['demo', 'cash', 'card', 'online', 'complimentary'])), name='payment_method'),
        ),
        migrations.AddConstraint(
            model_name='pricecardamount',
            constraint=models.UniqueConstraint(fields=('card', 'kind', 'audience'), name='one_amount_per_kind_and_audience'),
        ),
        migrations.AddConstraint(
            model_name='pricecardamount',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='amount_is_positive'),
        ),
        migrations.AddConstraint(
            model_name='pricecardamount',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['standard', 'premium', 'vip', 'wheelchair', 'companion'])), name='amount_is_for_a_seat_kind'),
        ),
        migrations.AddConstraint(
            model_name='pricecardamount',
            constraint=models.CheckConstraint(condition=models.Q(('audience__in', ['adult', 'child', 'senior', 'student'])), name='amount_is_for_an_audience'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='refund_is_positive'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['due', 'done', 'failed'])), name='refund_state'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.UniqueConstraint(fields=('movie', 'customer'), name='one_review_per_customer_and_movie'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(('stars__gte', 1), ('stars__lte', 5)), name='stars_from_one_to_five'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'approved', 'removed'])), name='review_state'),
        ),
        migrations.AddConstraint(
            model_name='seatplan',
            constraint=models.UniqueConstraint(fields=('screen', 'version'), name='one_plan_per_screen_and_version'),
        ),
        migrations.AddConstraint(
            model_name='seatplan',
            constraint=models.UniqueConstraint(fields=('id', 'screen'), name='plan_with_its_screen'),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.UniqueConstraint(fields=('plan', 'row', 'number'), name='one_seat_per_row_and_number'),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.UniqueConstraint(fields=('plan', 'x', 'y'), name='one_seat_per_place'),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.UniqueConstraint(fields=('id', 'plan'), name='seat_with_its_plan'),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['standard', 'premium', 'vip', 'wheelchair', 'companion'])), name='seat_kind'),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('beside__isnull', False), ('kind', 'companion')), models.Q(models.Q(('kind', 'companion'), _negated=True), ('beside__isnull', True)), _connector='OR'), name='companion_seat_is_beside_a_wheelchair_space'),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.CheckConstraint(condition=models.Q(('beside__isnull', True), models.Q(('beside', models.F('id')), _negated=True), _connector='OR'), name='seat_is_not_beside_itself'),
        ),
        migrations.AddIndex(
            model_name='show',
            index=models.Index(fields=['starts_at'], name='show_by_time'),
        ),
        migrations.AddIndex(
            model_name='show',
            index=models.Index(fields=['movie', 'starts_at'], name='show_by_movie_and_time'),
        ),
        migrations.AddConstraint(
            model_name='show',
            constraint=models.UniqueConstraint(fields=('id', 'plan'), name='show_with_its_plan'),
        ),
        migrations.AddConstraint(
            model_name='show',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__lte', models.F('clean_at')), ('starts_at__lt', models.F('ends_at'))), name='show_ends_after_it_starts'),
        ),
        migrations.AddConstraint(
            model_name='show',
            constraint=models.CheckConstraint(condition=models.Q(('on_sale_from__isnull', True), ('on_sale_until__isnull', True), ('on_sale_from__lt', models.F('on_sale_until')), _connector='OR'), name='on_sale_window_has_an_order'),
        ),
        migrations.AddConstraint(
            model_name='show',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'on_sale', 'cancelled', 'played'])), name='show_state'),
        ),
        migrations.AddConstraint(
            model_name='show',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('state', 'cancelled'), _negated=True), expressions=[('screen', '='), (theatre.models.shows.TstzRange('starts_at', 'clean_at'), '&&')], name='shows_on_a_screen_never_overlap'),
        ),
        migrations.AddConstraint(
            model_name='seatclaim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('booking__isnull', False), ('held_until__isnull', False), ('state', 'held')), models.Q(('booking__isnull', False), ('held_until__isnull', True), ('state', 'sold')), ('state', 'vip'), models.Q(('booking__isnull', True), ('state', 'blocked')), _connector='OR'), name='claim_has_the_owner_of_its_state'),
        ),
        migrations.AddIndex(
            model_name='booking',
            index=models.Index(fields=['customer', '-created_at'], name='booking_by_customer'),
        ),
        migrations.AddIndex(
            model_name='booking',
            index=models.Index(fields=['assigned_to', '-created_at'], name='booking_by_salesman'),
        ),
        migrations.AddIndex(
            model_name='booking',
            index=models.Index(fields=['show', 'state'], name='booking_by_show'),
        ),
        migrations.AddIndex(
            model_name='booking',
            index=models.Index(condition=models.Q(('state', 'held')), fields=['held_until'], name='booking_held'),
        ),
        migrations.AddIndex(
            model_name='booking',
            index=models.Index(condition=models.Q(('state', 'held'), models.Q(('session', ''), _negated=True)), fields=['session'], name='booking_of_stranger'),
        ),
        migrations.AddIndex(
            model_name='booking',
            index=models.Index(condition=models.Q(('state', 'held'), models.Q(('network', ''), _negated=True)), fields=['network'], name='booking_of_network'),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['held', 'confirmed', 'cancelled', 'lapsed'])), name='booking_state'),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', True), ('state__in', ['held', 'lapsed']), ('total__isnull', True)), models.Q(('confirmed_at__isnull', False), ('state__in', ['confirmed', 'cancelled']), ('total__isnull', False)), _connector='OR'), name='confirmed_booking_has_a_total_and_a_time'),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state__in', ['held', 'confirmed'])), models.Q(('ended_at__isnull', False), ('state__in', ['cancelled', 'lapsed'])), _connector='OR'), name='ended_booking_says_when'),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.CheckConstraint(condition=models.Q(('total__isnull', True), ('total__gte', 0), _connector='OR'), name='total_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.CheckConstraint(condition=models.Q(('tier_percent__gte', 0), ('tier_percent__lte', 100)), name='booking_tier_percent_in_range'),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.CheckConstraint(condition=models.Q(('channel__in', ['online', 'counter', 'api'])), name='booking_channel'),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['held', 'lapsed']), models.Q(('network', ''), ('session', '')), _connector='OR'), name='stranger_may_hold_not_confirm'),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.UniqueConstraint(fields=('id', 'show'), name='booking_with_its_show'),
        ),
        migrations.AddConstraint(
            model_name='thread',
            constraint=models.CheckConstraint(condition=models.Q(('subject', ''), _negated=True), name='thread_has_a_subject'),
        ),
        migrations.AddConstraint(
            model_name='thread',
            constraint=models.CheckConstraint(condition=models.Q(('topic__in', ['booking', 'refund', 'access', 'question', 'complaint', 'feedback', 'other'])), name='thread_topic'),
        ),
        migrations.AddConstraint(
            model_name='thread',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'answered', 'closed'])), name='thread_state'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='message_says_something'),
        ),
        migrations.AddConstraint(
            model_name='ticket',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'sold')), fields=('show', 'seat'), name='one_live_ticket_per_seat_and_show'),
        ),
        migrations.AddConstraint(
            model_name='ticket',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['held', 'sold', 'returned', 'lapsed'])), name='ticket_state'),
        ),
        migrations.AddConstraint(
            model_name='ticket',
            constraint=models.CheckConstraint(condition=models.Q(('list_price__gt', 0)), name='list_price_is_positive'),
        ),
        migrations.AddConstraint(
            model_name='ticket',
            constraint=models.CheckConstraint(condition=models.Q(('complimentary_off__gte', 0), ('coupon_off__gte', 0), ('tier_off__gte', 0)), name='discounts_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='ticket',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('price__isnull', True), ('state__in', ['held', 'lapsed'])), models.Q(('price', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('list_price'), '-', models.F('tier_off')), '-', models.F('coupon_off')), '-', models.F('complimentary_off'))), ('price__gte', 0), ('state__in', ['sold', 'returned']), ('vat__gte', 0), ('vat__lte', models.F('price'))), _connector='OR'), name='ticket_parts_add_up'),
        ),
        migrations.AddConstraint(
            model_name='ticket',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['sold', 'returned']), models.Q(('nonce', ''), _negated=True)), models.Q(('nonce', ''), ('state__in', ['held', 'lapsed'])), _connector='OR'), name='sold_ticket_has_a_code'),
        ),
        migrations.AddConstraint(
            model_name='ticket',
            constraint=models.CheckConstraint(condition=models.Q(('checked_in_at__isnull', True), ('state__in', ['sold', 'returned']), _connector='OR'), name='only_a_sold_ticket_is_checked_in'),
        ),
        migrations.AddIndex(
            model_name='ledgerentry',
            index=models.Index(fields=['at'], name='ledger_by_time'),
        ),
        migrations.AddIndex(
            model_name='ledgerentry',
            index=models.Index(fields=['seller', 'at'], name='ledger_by_seller'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.UniqueConstraint(fields=('ticket', 'kind'), name='one_sale_and_one_return_per_ticket'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__gte', 0), ('kind', 'sale'), ('list_price__gt', 0)), models.Q(('amount__lte', 0), ('kind', 'return'), ('list_price__lt', 0)), _connector='OR'), name='ledger_sign_follows_its_kind'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.CheckConstraint(condition=models.Q(('amount', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('list_price'), '-', models.F('tier_off')), '-', models.F('coupon_off')), '-', models.F('complimentary_off')))), name='ledger_parts_add_up'),
        ),
    ]
