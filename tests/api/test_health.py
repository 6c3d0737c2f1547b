"""Is the house open?"""

import pytest
from django.db import OperationalError
from django.test import Client


def test_process_is_healthy_without_a_database(client):
    answered = client.get("/healthz")

    assert (answered.status_code, answered.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_ready_reads_the_database_once(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        answered = client.get("/readyz")

    assert (answered.status_code, answered.json(), answered["Cache-Control"]) == (
        200,
        {"status": "ok"},
        "no-store",
    )


def test_house_without_its_books_is_not_ready(client, monkeypatch):
    def lost(*args: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr("theatre.api.health.fetch_one", lost)
    answered = client.get("/readyz")

    assert (answered.status_code, answered.json(), answered["Retry-After"]) == (
        503,
        {"status": "unavailable"},
        "2",
    )
    assert client.get("/healthz").status_code == 200


def test_whoever_asks_after_our_health_may_use_a_bare_address():
    assert Client().get("/healthz", headers={"host": "10.1.2.3:8000"}).status_code == 200
