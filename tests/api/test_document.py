"""What the API says of itself."""

import json
import re

import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from tests.api.test_access import CLOSED
from theatre.api import answers
from theatre.api.reading import document
from theatre.rules.refusals import Refused

CONTRACT = [
    ("GET", "/movies"),
    ("GET", "/movies/{slug}"),
    ("GET", "/shows"),
    ("GET", "/shows/{show_id}/seats"),
    *CLOSED,
]


def test_document_is_openapi_3_1(client):
    said = client.get("/api/v1/openapi.json").json()

    assert said["openapi"].startswith("3.1.")
    OPENAPI_31_VALIDATOR.validate(said)


def test_document_lists_the_whole_contract_and_nothing_else():
    said = [(method.upper(), path) for path, each in document()["paths"].items() for method in each]

    assert sorted(said) == sorted((method, f"/api/v1{path}") for method, path in CONTRACT)


def test_every_operation_says_whether_it_needs_a_token():
    closed = {(method, f"/api/v1{path}") for method, path in CLOSED}
    for path, operations in document()["paths"].items():
        for method, operation in operations.items():
            needs = operation.get("security", [{}])
            assert ({} not in needs) == ((method.upper(), path) in closed)


def test_every_reference_in_the_document_leads_somewhere():
    text = str(document())

    named = set(re.findall(r"#/components/schemas/(\w+)", text))
    assert named <= document()["components"]["schemas"].keys()


def test_unchanged_document_is_not_sent_again(client):
    tag = client.get("/api/v1/openapi.json")["ETag"]

    assert client.get("/api/v1/openapi.json", headers={"if-none-match": tag}).status_code == 304


@pytest.mark.django_db
def test_reading_page_needs_no_script_and_nobody_elses_server(client):
    page = client.get("/api/v1/docs")
    text = page.content.decode()

    assert page.status_code == 200
    assert "'unsafe-inline'" not in page["Content-Security-Policy"]
    assert not re.search(r"<style|style=|<script(?![^>]*src=)|\son\w+=", text)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', text)
    for _, path in CONTRACT:
        assert f"<code>/api/v1{path}</code>" in text
    links = set(re.findall(r'href="#([\w-]+)"', text))
    assert links <= set(re.findall(r'id="([\w-]+)"', text))


@pytest.mark.django_db
def test_bare_address_leads_to_the_reading_page(client):
    assert client.get("/api/v1/").headers["Location"] == "/api/v1/docs"


def test_statuses_are_given_to_codes_that_are_raised():
    codes = {refusal.code for refusal in _subclasses(Refused)}

    assert answers.STATUS.keys() - codes == set()


def test_refusals_facts_never_hide_its_words():
    response = answers.refused(None, Refused("No", "seats", seats=[1]))

    assert list(json.loads(response.content)) == ["code", "message", "field", "seats"]


def _subclasses(kind: type[Refused]) -> set[type[Refused]]:
    return {each for sub in kind.__subclasses__() for each in {sub, *_subclasses(sub)}}
