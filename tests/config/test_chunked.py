"""A body that comes in pieces, without its length said first (RFC 9112, 7.1), is a body like any other."""

import http.client
import json
from collections.abc import Iterator

import pytest
from django.db import connections

from tests import databases, factories, people
from tests.api.calls import token_for
from tests.live.conftest import uvicorn
from tests.races.serving import granian

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["granian", "uvicorn"])
def port(request, test_database: databases.Copy, transactional_db: None) -> Iterator[int]:
    """Both doors: production's, and the demo's."""
    door = granian if request.param == "granian" else uvicorn
    with door(DATABASE_URL=test_database.url) as port:
        yield port
    connections.close_all()


def in_pieces(port: int, path: str, body: bytes, **headers: str) -> tuple[int, bytes]:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    pieces = (body[at : at + 65536] for at in range(0, len(body), 65536))
    client.request("POST", path, pieces, {"Host": "localhost", **headers}, encode_chunked=True)
    answer = client.getresponse()
    return answer.status, answer.read()


def test_it_is_read_up_to_what_a_body_may_have(port):
    maya = people.customer()
    show = factories.show()
    headers = {"Authorization": f"Bearer {token_for(maya)}", "Content-Type": "application/json"}
    body = json.dumps({"show": show.pk, "seats": factories.free_seats(show, 2)}).encode()

    held, said = in_pieces(port, "/api/v1/holds", body, **headers)
    too_large, refusal = in_pieces(port, "/api/v1/holds", b" " * 10_000_000 + body, **headers)
    page, form = in_pieces(port, "/account/sign-in/", b"login=" + b"x" * 3_000_000)

    assert (held, len(json.loads(said)["tickets"])) == (201, 2)
    assert (too_large, json.loads(refusal)["code"]) == (413, "too_large")
    assert page == 413 and b"That is too much at once" in form
