"""Who answers where."""

from django.conf import settings
from django.urls import include, path

from theatre.api import health
from theatre.api.urls import urlpatterns as api_urls

handler400 = "theatre.web.errors.bad_request"
handler403 = "theatre.web.errors.forbidden"
handler404 = "theatre.web.errors.not_found"
handler429 = "theatre.web.errors.too_many"  # asked for by allauth
handler500 = "theatre.web.errors.broken"

# The API stands first: it is asked most often, and by the most impatient.
urlpatterns = [
    path("api/v1/", include((api_urls, "api"))),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("theatre.web.browse.urls")),
    path("", include("theatre.web.account.urls")),
    path("", include("theatre.web.customer.urls")),
    path("counter/", include("theatre.web.counter.urls")),
    path("office/", include("theatre.web.office.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("demo/mail/", include("theatre.web.mailbox.urls")))
