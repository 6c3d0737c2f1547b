"""Every door, asked as everybody with every method for what is theirs, another's and nobody's.

What has to come of it is worked out from what each view and operation declares and the tables of
docs/SECURITY-MODEL.md: nothing is listed here.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from tests.access import model
from tests.access.cast import MAKERS, Cast, body_like, house, key, missing, undone
from tests.access.cast import OTHERS as OTHER
from tests.access.doors import METHODS, Door, doors
from tests.web.browsers import grow_old
from theatre.access import MAY, Permission
from theatre.api.reading import document

DOORS = list(doors())
UNDECIDED = "decide it in docs/SECURITY-MODEL.md"
SAFE = {"GET", "HEAD", "OPTIONS"}
_WRITE = re.compile(
    r'\b(?:INSERT INTO|DELETE FROM|UPDATE)\s+"?((?:theatre|django|account|mfa|usersessions|auth|procrastinate)_\w+)'
)


# The page and the house agree -----------------------------------------------------------------------------


def test_every_address_is_decided():
    open_to = {"undecided": "who may come in", **dict.fromkeys(model.open_doors().values(), "")}
    undecided = [f"{door.route}: {open_to[door.access]}" for door in DOORS if door.access == "undecided"]
    whose = [f"{door.route}: whose is it?" for door in DOORS if door.thing == "undecided"]

    assert undecided + whose == [], UNDECIDED
    assert {kind for kind, _ in model.things().values()} - set(MAKERS) == set(), "teach tests/access/cast.py"


def test_page_says_what_the_table_of_permissions_says():
    may = {
        permission.value: {role.value if role else "stranger" for role in MAY if permission in MAY[role]}
        for permission in Permission
    }
    written = "\n".join(
        "| " + " | ".join([f"`{name}`", *("yes" if role in who else "–" for role in model.ROLES)]) + " |"
        for name, who in may.items()
    )

    assert model.permissions() == may, f"docs/SECURITY-MODEL.md has to say:\n{written}"


def test_page_names_no_door_and_no_thing_that_is_gone():
    assert set(model.open_doors()) - {door.name for door in DOORS} - MAILBOX == set()
    assert set(model.things()) - {door.thing for door in DOORS} - {"demo/mail/<name>"} == set()


MAILBOX = {"mailbox", "mailbox_letter", "mailbox_html", "mailbox_part"}  # not there in test mode


# The matrix -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cast(django_db_setup, django_db_blocker) -> Iterator[Cast]:
    """The house and its people, made once for each process."""
    with django_db_blocker.unblock(), house() as made:
        yield made


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.route or "home")
def test_door(door: Door, cast: Cast) -> None:
    wrong = [fault for person in model.people() for fault in faults(door, person, cast)]

    assert not wrong, "\n".join(wrong[:20])


def test_what_is_only_the_persons_own_asks_whether_it_is_still_them(cast):
    """An admin who signed in a while ago, at every page: asked again where the page of the model says so."""
    again, asked = reverse("account_reauthenticate"), {}
    for door in (each for each in DOORS if not each.api and each.access != "midway"):
        arguments = cast.thing(door.kind, "admin") if door.thing else {}
        for when, method in (("at sight", "get"), ("on a press", "post")):
            with undone():
                browser = cast.browser("admin")
                grow_old(browser)
                answer = getattr(browser, method)(door.address(arguments))
            if answer.get("Location", "").startswith(again):
                asked.setdefault(door.name, when)

    assert asked == model.asked_again()


def faults(door: Door, person: str, cast: Cast) -> Iterator[str]:
    """Everything that is not as the model says when this person stands at this door."""
    for method in METHODS:
        answers = {}
        for whose, arguments in places(door, person, cast):
            answer, wrote = ask(door, person, method, arguments, cast)
            answers[whose] = same(answer, arguments)
            where = f"{method} {door.address(arguments)} by {person} ({whose}): {told(answer)}"
            expected = expect(door, person, method, whose)
            if not fits(expected, answer, door):
                yield f"{where}, not {expected}"
            if expected in ("in", "signed in"):
                wrote -= model.marks(door.name)
            if wrote and (method in SAFE or expected not in ("in", "missing", "midway", "link", "signed in")):
                yield f"{where} wrote {sorted(wrote)}"
        if (
            expect(door, person, method, "another's") == "missing"
            and answers["another's"] != answers["missing"]
        ):
            yield f"{method} {door.route} by {person}: another's differs from none: {answers}"


def places(door: Door, person: str, cast: Cast) -> Iterator[tuple[str, dict[str, object]]]:
    if not door.thing:
        yield "", {}
        return
    mine = cast.thing(door.kind, person)
    yield "mine", mine
    yield "another's", cast.thing(door.kind, OTHER.get(person, "customer"))
    yield "missing", missing(mine)


def expect(door: Door, person: str, method: str, whose: str) -> str:
    """What has to come of it, in a word; `fits` says what each word means."""
    counts_as = model.people()[person]
    if method not in door.methods:
        return "405"
    if door.api:
        return expect_program(door, person, counts_as, whose)
    if door.access == "midway":
        return "midway"
    role = "stranger" if counts_as == "nobody" else counts_as
    if door.access == "signed in" and role == "stranger":
        return "sign in"
    if door.asks:
        may = model.permissions()[door.asks]
        if role == "halfway":
            return "second factor" if person.split()[0] in may else "role"
        if role not in may:
            return "sign in" if role == "stranger" else "role"
    if door.access == "signed in":
        return "signed in"
    if counts_as == "nobody" and whose == "mine":
        whose = "another's"  # nothing is theirs
    return thing(door, person.split()[0] if role == "halfway" else role, whose)


def expect_program(door: Door, person: str, counts_as: str, whose: str) -> str:
    if not door.asks:
        dead = counts_as == "nobody" and door.name == "api:seats"
        return "401" if dead else thing(door, "customer", whose)
    if counts_as in ("nobody", "stranger"):
        return "401"
    may = model.permissions()[door.asks]
    if counts_as == "halfway":
        return "second factor" if person.split()[0] in may else "role"
    return thing(door, counts_as, whose) if counts_as in may else "role"


def thing(door: Door, role: str, whose: str) -> str:
    """For somebody who has come in: `in`, or `missing` for what is not theirs to see."""
    if not door.thing:
        return "in"
    sees = model.things()[door.thing][1][role]
    if sees == "link":
        return "link"
    hidden = whose == "missing" or sees == "none" or (whose == "another's" and sees != "all")
    return "missing" if hidden else "in"


def ask(
    door: Door, person: str, method: str, arguments: dict[str, object], cast: Cast
) -> tuple[Any, set[str]]:
    """The answer, and the tables that were written to on the way."""
    wrote: set[str] = set()

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        wrote.update(_WRITE.findall(sql))
        return execute(sql, params, many, context)

    headers = {"Idempotency-Key": key()} if door.api else {}
    browser = cast.browser("stranger" if door.api else person)
    if door.api:
        browser.cookies.clear()
        if person in cast.tokens:
            headers["Authorization"] = f"Bearer {cast.tokens[person]}"
    body = b"" if method in SAFE else json.dumps(a_body(door, method)).encode()
    with undone(), connection.execute_wrapper(watch):
        if door.api or method not in ("POST", *SAFE):
            answer = browser.generic(
                method, door.address(arguments), body, "application/json", headers=headers
            )
        else:
            answer = getattr(browser, method.lower())(door.address(arguments), headers=headers)
    return answer, wrote - model.bookkeeping()


def a_body(door: Door, method: str) -> Any:
    path = "/" + re.sub(r"<(\w+)>", r"{\1}", door.route)
    operation = document()["paths"].get(path, {}).get(method.lower(), {})
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    return body_like(schema, document()["components"]["schemas"]) if schema else {}


def fits(expected: str, answer: Any, door: Door) -> bool:
    """Whether an answer is what the word means."""
    status, to = answer.status_code, answer.get("Location", "")
    code = answer.json().get("code") if door.api and status >= 400 and answer.content else ""
    match expected:
        case "405":
            return status == 405 and bool(answer["Allow"])
        case "sign in":
            return status == 302 and to.startswith(reverse("account_login") + "?next=")
        case "second factor" if door.api:
            return status == 403 and code in ("second_factor_needed", "")
        case "second factor":
            return status == 302 and to.startswith(reverse("second_factor"))
        case "role":
            return status == 403 and (not door.api or code in ("forbidden", ""))
        case "401":
            return status == 401 and "WWW-Authenticate" in answer
        case "missing":
            return status in (404, 405) or (300 <= status < 400 and not door.api)
        case "midway" | "link":
            return status < 500 and status not in (401, 403)
        case "signed in":
            return status < 500 and not to.startswith(reverse("account_login"))
        case "in":
            if status == 404 and not door.thing and answer.wsgi_request.method == "POST":
                return True  # the door opened; an empty form names nothing
            shut = to.startswith((reverse("account_login") + "?next=", reverse("second_factor") + "?"))
            return status < 500 and status not in (401, 403, 404) and not shut
    raise AssertionError(expected)


def same(answer: Any, arguments: dict[str, object]) -> str:
    """What an answer says, without the request's number and the arguments it was asked with."""
    said = f"{answer.status_code} {answer.get('Location', '')} {answer.content.decode(errors='replace')}"
    address = answer.wsgi_request.path
    for it in (
        answer.get("X-Request-ID", "-"),
        address,
        *(each for each in map(str, arguments.values()) if len(each) > 7),
    ):
        said = said.replace(it, "…")
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", said)


def told(answer: Any) -> str:
    return f"{answer.status_code} {answer.get('Location', '')}".strip()
