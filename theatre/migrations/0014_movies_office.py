"""Posters that are uploaded, words to search by, letters about new movies, and files looked through before an import."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

# As the tables of 0003_history: what, id's column, person's column, secrets, quiet. What is computed is no change.
WATCHED = """
DROP TRIGGER history_made ON theatre_movie;
DROP TRIGGER history_changed ON theatre_movie;
DROP TRIGGER history_removed ON theatre_movie;
CREATE TRIGGER history_made AFTER INSERT ON theatre_movie FOR EACH ROW
  EXECUTE FUNCTION theatre_keep_history('movie', 'id', '', '{}', '{changed_at,search}');
CREATE TRIGGER history_changed AFTER UPDATE ON theatre_movie FOR EACH ROW
  EXECUTE FUNCTION theatre_keep_history('movie', 'id', '', '{}', '{changed_at,search}');
CREATE TRIGGER history_removed AFTER DELETE ON theatre_movie FOR EACH ROW
  EXECUTE FUNCTION theatre_keep_history('movie', 'id', '', '{}', '{changed_at,search}');
CREATE TRIGGER history_made AFTER INSERT ON theatre_genre FOR EACH ROW
  EXECUTE FUNCTION theatre_keep_history('genre', 'id', '', '{}', '{}');
CREATE TRIGGER history_changed AFTER UPDATE ON theatre_genre FOR EACH ROW
  EXECUTE FUNCTION theatre_keep_history('genre', 'id', '', '{}', '{}');
CREATE TRIGGER history_removed AFTER DELETE ON theatre_genre FOR EACH ROW
  EXECUTE FUNCTION theatre_keep_history('genre', 'id', '', '{}', '{}');
"""
NOT_WATCHED = """
DROP TRIGGER history_made ON theatre_genre;
DROP TRIGGER history_changed ON theatre_genre;
DROP TRIGGER history_removed ON theatre_genre;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('theatre', '0013_forget_feedback'),
    ]

    operations = [
        migrations.CreateModel(
            name='MovieFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('data', models.BinaryField()),
                ('newest', models.DateField(blank=True, null=True)),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('seen', models.JSONField()),
                ('done', models.JSONField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Poster',
            fields=[
                ('movie', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='picture', serialize=False, to='theatre.movie')),
                ('small', models.BinaryField()),
                ('medium', models.BinaryField()),
                ('large', models.BinaryField()),
                ('set_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.AddField(
            model_name='movie',
            name='announced_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        # No page ever showed these files: nothing wrote them.
        migrations.RunSQL("UPDATE theatre_movie SET poster = '' WHERE poster <> ''", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='movie',
            name='poster',
            field=models.CharField(blank=True, max_length=16),
        ),
        migrations.CreateModel(
            name='MovieDigest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True)),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('reached', models.BigIntegerField(default=0)),
                ('letters', models.PositiveIntegerField(default=0)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('done_at__isnull', True)), fields=['day'], name='movie_digest_under_way')],
            },
        ),
        migrations.AddField(
            model_name='movie',
            name='digest',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='movies', to='theatre.moviedigest'),
        ),
        migrations.AddField(
            model_name='moviefile',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='movie',
            name='search',
            field=models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector('title', config='simple', weight='A'), '||', django.contrib.postgres.search.SearchVector('director', django.db.models.functions.text.Left('actors', 4000), config='simple', weight='B'), django.contrib.postgres.search.SearchConfig('simple')), '||', django.contrib.postgres.search.SearchVector(django.db.models.functions.text.Left('synopsis', 20000), config='simple', weight='C'), django.contrib.postgres.search.SearchConfig('simple')), output_field=django.contrib.postgres.search.SearchVectorField()),
        ),
        migrations.AddIndex(
            model_name='movie',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search'], name='movie_words'),
        ),
        migrations.AddIndex(
            model_name='movie',
            index=models.Index(condition=models.Q(('poster', ''), _negated=True), fields=['poster'], name='movie_by_poster'),
        ),
        migrations.RunSQL(WATCHED, NOT_WATCHED),
    ]
