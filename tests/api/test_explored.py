"""Schemathesis reads the document and tries what it promises: nothing breaks, and every answer is as described."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.wsgi import application
from tests import factories
from tests.api import calls
from theatre.api.reading import document

pytestmark = pytest.mark.django_db

AS_PROMISED = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
OPERATIONS = [(method, path) for path, each in document()["paths"].items() for method in each]


@pytest.fixture
def app():
    """The real application, which leaves the test's connection with its open transaction alone."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield application
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.parametrize("method, path", OPERATIONS)
def test_operation_keeps_its_promises(method, path, app, patient):
    moderator = calls.moderator()
    held, booked = factories.held(by=moderator.who), factories.booked(by=moderator.who)
    schema = schemathesis.openapi.from_dict(document())
    schema.app = app
    known = {
        "ref": held.ref if "/holds/" in path else booked.ref,
        "show_id": held.show_id,
        "slug": held.show.movie.slug,
    }

    @settings(
        max_examples=25,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(schema[path][method].as_strategy())
    def explore(case) -> None:
        # One request as the document makes it up, and one about something that is there.
        for there in (False, True):
            if there:
                case.path_parameters = {name: known[name] for name in case.path_parameters or {}}
            case.call_and_validate(
                headers={"Authorization": f"Bearer {moderator.token}"},
                checks=AS_PROMISED,
                base_url="http://localhost",
            )

    explore()
