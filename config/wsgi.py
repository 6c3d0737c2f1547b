"""The pages' and the API's door in production: `granian --interface wsgi config.wsgi:application`."""

import os
import sys

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Threads wait for PostgreSQL more than they count: one that holds a row's lock gets the interpreter back sooner.
sys.setswitchinterval(0.0005)
application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018  every page is read in before the first guest comes, not while they wait
