"""The shape of the house that no linter holds: where is written, who may come in, who hears what, who is asked.

Import directions are in pyproject.toml ([tool.importlinter]), what a room may not use in the rooms' ruff.toml.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.dispatch import Signal
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from tests.access import model
from theatre import events
from theatre.access import MAY, Permission
from theatre.notices import receivers

REPOSITORY = Path(__file__).resolve().parent.parent
THEATRE = REPOSITORY / "theatre"

READING_ROOMS = ("web", "api", "live", "queries", "documents")
WRITES = re.compile(r"^a?(save|create|update|delete|get_or_create|update_or_create|bulk_\w+)$")
# What a manager, a queryset or a row is called or made by; a dict that is updated is not.
ROWS = re.compile(r"\b(objects|filter|exclude|all|visible|visible_to|using|select_related|get)\b|_set\b")
ALWAYS_A_WRITE = re.compile(r"^a?(get_or_create|update_or_create|bulk_\w+)$")
WRITING_SQL = re.compile(r"\b(INSERT\s+INTO|DELETE\s+FROM|UPDATE\s+\w+\s+SET|TRUNCATE|MERGE\s+INTO)\b")
NOT_ROWS = {"picture", "cache", "response"}  # Pillow saves to a buffer, and the like

OPEN = set(
    model.open_doors()
)  # to the world, by name: a page that is opened is written in docs/SECURITY-MODEL.md

HEARS = {
    "booking_confirmed": {"tell_guest_and_staff_of_a_booking"},
    "tickets_returned": {"tell_guest_and_staff_of_returned_tickets"},
    "cancelled_with_its_show": {"tell_guest_their_show_is_cancelled"},
    "movie_opened": {"tell_followers_their_movie_opened"},
    "shows_put_on_sale": {"tell_followers_there_are_shows"},
    "seats_offered": {"tell_party_its_offer"},
    "waited_in_vain": {"tell_party_it_waited_in_vain"},
    "booking_changed": {"tell_guest_and_staff_of_a_change"},
    "show_moved": {"tell_guests_their_show_moved"},
    "tier_reached": {"tell_customer_their_tier"},
    "address_code_asked": {"tell_user_their_code"},
    "password_reset_asked": {"tell_user_their_reset_link"},
    "password_changed": {"tell_user_their_password_changed"},
    "address_change_asked": {"tell_new_address_of_the_change", "tell_old_address_of_the_wish"},
    "address_changed": {"tell_old_address_of_the_change"},
    "address_change_stopped": {"tell_both_addresses_of_the_stop"},
    "invited": {"tell_invited_their_link"},
    "standing_changed": {"tell_employee_their_standing"},
    "account_erased": {"tell_person_their_account_is_erased"},
    "account_exists": {"tell_user_they_have_an_account"},
    "security_changed": {"tell_user_their_security_changed"},
    "second_factor_reset": {"tell_user_their_second_factor_was_reset"},
}


def trees(*rooms: str) -> Iterator[tuple[Path, ast.Module]]:
    for room in rooms:
        for path in sorted((THEATRE / room).rglob("*.py")):
            yield path.relative_to(REPOSITORY), ast.parse(path.read_text(), str(path))


def writes(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Lines that change rows: managers' and rows' own methods, and SQL."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and WRITING_SQL.search(node.value):
            yield node.lineno, node.value.strip().splitlines()[0]
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        verb, owner = node.func.attr, ast.unparse(node.func.value)
        if not WRITES.match(verb) or owner.split(".")[0] in NOT_ROWS:
            continue
        a_rows_own = verb.removeprefix("a") in ("save", "delete") and not _is_route(node)
        if ALWAYS_A_WRITE.match(verb) or a_rows_own or ROWS.search(owner):
            yield node.lineno, ast.unparse(node)


def _is_route(call: ast.Call) -> bool:
    """`@router.delete("/holds/{ref}")` speaks of HTTP."""
    first = call.args[0] if call.args else None
    return isinstance(first, ast.Constant) and isinstance(first.value, str) and first.value.startswith("/")


@pytest.mark.parametrize(
    "line",
    [
        "show.save(update_fields=['state'])",
        "form.save()",
        "Show.objects.create(screen=screen)",
        "Show.objects.filter(pk=1).update(state='off')",
        "booking.ticket_set.all().delete()",
        "booking.delete()",
        "await show.asave()",
        "Show.objects.bulk_create([])",
        "Customer.objects.visible(user).get_or_create(user=user)",
        "cursor.execute('UPDATE theatre_show SET state = 1')",
    ],
)
def test_a_write_is_recognised(line: str) -> None:
    assert len(list(writes(ast.parse(line)))) == 1


@pytest.mark.parametrize(
    "line",
    [
        "seen.update(a=1)",
        "digest.update(b'')",
        "@router.delete('/holds/{ref}')\ndef drop(): ...",
        "'Update your name'",
    ],
)
def test_what_only_looks_like_a_write_is_let_through(line: str) -> None:
    assert list(writes(ast.parse(line))) == []


def test_rooms_that_read_do_not_write() -> None:
    found = [f"{path}:{line}  {code}" for path, tree in trees(*READING_ROOMS) for line, code in writes(tree)]

    assert found == [], "theatre/actions is where the theatre is changed"


def pages(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, object]]:
    """Every page's name and what it says about its door."""
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from pages(each, f"{each.namespace}:" if each.namespace else space)
        elif isinstance(each, URLPattern):
            yield space + (each.name or str(each.pattern)), getattr(each.callback, "theatre_access", None)


def test_every_page_is_public_by_name_or_asks_a_permission() -> None:
    # The demo's mail has no address in test mode.
    doors = [*pages(get_resolver()), *pages(URLResolver(RoutePattern(""), "theatre.web.mailbox.urls"))]

    undecided = [name for name, access in doors if access != "public" and not isinstance(access, Permission)]
    opened = {name for name, access in doors if access == "public"}
    closed = {name for name, access in doors if isinstance(access, Permission)}

    assert undecided == [], "wear @public or @needs(Permission.X) from theatre/web/doors.py"
    assert sorted(opened ^ OPEN) == [], "docs/SECURITY-MODEL.md names every open door"
    assert sorted(closed & OPEN) == []


def test_every_event_is_heard_by_exactly_those_listed() -> None:
    heard = {
        name: {receiver().__name__ for _, receiver, *_ in signal.receivers}
        for name, signal in vars(events).items()
        if isinstance(signal, Signal)
    }

    assert heard == HEARS


def test_receivers_stand_in_one_file_and_say_whom_they_tell() -> None:
    for signal in vars(events).values():
        for _, receiver, *_ in getattr(signal, "receivers", []):
            assert receiver().__module__ == receivers.__name__
            assert receiver().__name__.startswith("tell_")


def test_only_actions_send_events_and_only_with_send() -> None:
    rooms = sorted(path.name for path in THEATRE.iterdir() if path.is_dir() and path.name != "migrations")
    found = [
        f"{path}:{node.lineno}  {ast.unparse(node.func)}"
        for path, tree in trees(*rooms)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (
            ast.unparse(node.func.value).removeprefix("events.") in HEARS
            and node.func.attr in ("send", "asend", "send_robust", "asend_robust")
            and not (path.parts[1] == "actions" and node.func.attr == "send")
        )
    ]

    assert found == []


def test_signals_are_made_in_events_alone() -> None:
    rooms = sorted(path.name for path in THEATRE.iterdir() if path.is_dir())
    found = [
        f"{path}:{node.lineno}"
        for path, tree in trees(*rooms)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "Signal"
    ]

    assert found == []


def test_every_permission_is_asked_somewhere_and_somebody_has_it() -> None:
    doors = {"require", "needs", "allowed", "Bearer"}
    asked = {
        node.attr
        for _, tree in trees("actions", "web", "api", "live", "queries", "management")
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] in doors
        for argument in call.args
        for node in ast.walk(argument)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "Permission"
    }

    assert {permission.name for permission in Permission} - asked == set()
    assert set(Permission) - set().union(*MAY.values()) == set()


def test_every_audience_is_named_in_the_contract_that_keeps_them_apart() -> None:
    tools = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["tool"]
    contract = next(each for each in tools["importlinter"]["contracts"] if each["id"] == "audiences")
    audiences = {f"theatre.web.{path.parent.name}" for path in (THEATRE / "web").glob("*/__init__.py")}

    assert set(contract["modules"]) == audiences


def test_only_the_start_of_the_app_imports_inside_a_function() -> None:
    rooms = sorted(path.name for path in THEATRE.iterdir() if path.is_dir())
    found = [
        f"{path}:{inner.lineno}"
        for path, tree in trees(*rooms)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]

    assert found == []


def test_no_test_imports_the_server_without_locks() -> None:
    """It takes the lock out of whatever process imports it, and then no other test would prove anything."""
    found = [
        str(path.relative_to(REPOSITORY))
        for path in (REPOSITORY / "tests").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom)
        and ("naive" in (node.module or "").split(".") or "naive" in {each.name for each in node.names})
    ]

    assert found == []
