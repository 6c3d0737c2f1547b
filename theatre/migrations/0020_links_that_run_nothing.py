"""Links that people write lead to the web or to a page of ours: whoever presses one is led there, and nothing is run."""

from django.db import migrations, models

_PAGE, _TRAILER = "feedback_is_about_our_page", "movie_trailer_is_on_the_web"
# What was written before the rule: a plain address is as good by https, anything else is no link.
_MEND = (
    "UPDATE theatre_movie SET trailer_url = regexp_replace(trailer_url, '^http:', 'https:')"
    " WHERE trailer_url LIKE 'http://%'",
    "UPDATE theatre_movie SET trailer_url = '' WHERE trailer_url <> '' AND trailer_url NOT LIKE 'https://%'",
    r"UPDATE theatre_feedback SET page = '' WHERE page <> '' AND page !~ '^/($|[^/\\])'",
)


class Migration(migrations.Migration):
    dependencies = [("theatre", "0019_no_prefixes")]
    operations = [
        *(migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in _MEND),
        migrations.RemoveConstraint(model_name="feedback", name=_PAGE),
        migrations.AddConstraint(
            model_name="feedback",
            constraint=models.CheckConstraint(
                condition=models.Q(page="") | models.Q(page__regex=r"^/($|[^/\\])"), name=_PAGE
            ),
        ),
        migrations.AddConstraint(
            model_name="movie",
            constraint=models.CheckConstraint(
                condition=models.Q(trailer_url="") | models.Q(trailer_url__startswith="https://"), name=_TRAILER
            ),
        ),
    ]
