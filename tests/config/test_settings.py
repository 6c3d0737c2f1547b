"""The settings come from the environment alone, and production says what it lacks."""

import os
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WHOLE = {
    "THEATRE_MODE": "production",
    "SECRET_KEY": "x" * 60,
    "DATABASE_URL": "postgres://theatre@db/theatre",
    "ALLOWED_HOSTS": "tickets.example",
    "SITE_URL": "https://tickets.example",
    "TICKET_SIGNING_KEYS": "P:ZGVtby1hbmQtdGVzdC1vbmx5LXRpY2tldC1zZWVkISE=",
    "FIELD_ENCRYPTION_KEYS": "ZGVtby1hbmQtdGVzdC1vbmx5LWZpZWxkLWtleS0hISE=",
    "EMAIL_URL": "smtp+tls://u:p@mail.example:587",
    "DEFAULT_FROM_EMAIL": "tickets@tickets.example",
}

REFUSED = "django.core.exceptions.ImproperlyConfigured: These environment variables are not what is wanted"


def ask(expression, *arguments, **environment):
    """What a fresh process with only this environment prints for an expression of the settings."""
    told = subprocess.run(
        [sys.executable, "-c", f"from config import settings; print({expression})", *arguments],
        cwd=ROOT, env={"PATH": os.environ["PATH"], **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return told.stdout.strip() or told.stderr.strip().splitlines()[-1]


def test_production_names_every_variable_it_lacks():
    told = ask("1", THEATRE_MODE="production", SECRET_KEY="x")

    for name in set(WHOLE) - {"THEATRE_MODE", "SECRET_KEY"}:
        assert name in told
    assert "SECRET_KEY (" not in told


def seed(key_id, length=32):
    return f"{key_id}:{b64encode(b'k' * length).decode()}"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SITE_URL", "http://tickets.example"),
        ("SITE_URL", "tickets.example"),
        ("SITE_URL", "https://"),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "tickets.example, *"),
        ("ALLOWED_HOSTS", " , "),
        ("TICKET_SIGNING_KEYS", "no colon"),
        ("TICKET_SIGNING_KEYS", "P:not base64"),
        ("TICKET_SIGNING_KEYS", seed("P", 31)),
        ("TICKET_SIGNING_KEYS", seed("PP")),
        ("TICKET_SIGNING_KEYS", seed("é")),
        ("TICKET_SIGNING_KEYS", f"{seed('P')},{seed('P')}"),
        ("TICKET_SIGNING_KEYS", f"{seed('P')},Q:"),
        ("TICKET_SIGNING_KEYS", ","),
        ("FIELD_ENCRYPTION_KEYS", "no key"),
        ("FIELD_ENCRYPTION_KEYS", f"{WHOLE['FIELD_ENCRYPTION_KEYS']},{WHOLE['FIELD_ENCRYPTION_KEYS'][:40]}"),
        ("FIELD_ENCRYPTION_KEYS", ","),
        ("DATABASE_URL", "postgres://theatre@db:port/theatre"),
        ("EMAIL_URL", "mail.example"),
    ],
)
def test_production_refuses_what_it_could_not_use_later(name, value):
    told = ask("1", **WHOLE | {name: value})

    assert told.startswith(f"{REFUSED}: {name} (")
    assert told.endswith(").")


def test_broken_key_is_not_shown_to_whoever_reads_the_log():
    short = seed("P", 31)

    assert short not in ask("1", **WHOLE | {"TICKET_SIGNING_KEYS": short})


def test_production_names_everything_that_is_missing_or_wrong_in_one_error():
    given = WHOLE | {"SITE_URL": "http://tickets.example", "HOLD_MINUTES": "abc", "SECRET_KEY": ""}

    told = ask("1", **given)

    assert told == (
        "django.core.exceptions.ImproperlyConfigured: Production needs these environment variables: SECRET_KEY (a long"
        " random text; signs sessions). These environment variables are not what is wanted: SITE_URL (the address"
        " people type, https://…); HOLD_MINUTES (a whole number, 0 or more)."
    )


def test_keys_are_read_as_a_list_with_or_without_spaces():
    old, new = seed("A"), seed("B")

    told = ask("settings.TICKET_SIGNING_KEYS", **WHOLE | {"TICKET_SIGNING_KEYS": f"{new}, {old}"})

    assert told == str([new, old])


@pytest.mark.parametrize("mode", ["production", "demo", "test"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HOLD_MINUTES", "abc"),
        ("HOLD_MINUTES", "8.5"),
        ("SEATS_PER_BOOKING", "-1"),
        ("TRUSTED_PROXY_COUNT", "one"),
        ("STEADY_ANSWER_MS", "0,25"),
        ("THEATRE_ZONE", "Europe/Atlantis"),
        ("THEATRE_ZONE", "Europe"),
        ("THEATRE_ZONE", "/etc/localtime"),
        ("CURRENCY", "€"),
        ("VAT_RATE", "seven"),
        ("CHILDREN_UNTIL", "late"),
        ("CACHE_URL", "nowhere"),
    ],
)
def test_setting_that_cannot_be_read_is_named_in_every_mode(mode, name, value):
    told = ask("1", **WHOLE | {"THEATRE_MODE": mode, name: value})

    assert told.startswith(f"{REFUSED}: {name} (")


def test_production_is_the_mode_nobody_has_to_ask_for():
    assert "Production needs" in ask("settings.MODE")


def test_production_is_secure_with_nothing_else_said():
    told = ask(
        "(settings.DEBUG, settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_NAME,"
        " settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS, settings.DEMO_PAYMENT)",
        **WHOLE,
    )

    assert told == "(False, True, '__Host-session', True, 63072000, False)"


def test_plain_http_is_refused_in_production():
    assert "PLAIN_HTTP is for the demo" in ask("1", **WHOLE, PLAIN_HTTP="1")


def test_debug_is_refused_in_production():
    assert "DEBUG shows secrets" in ask("1", **WHOLE, DEBUG="1")


def test_a_mode_nobody_knows_is_refused():
    assert "It has to be production, demo or test" in ask("1", THEATRE_MODE="staging")


def test_the_demo_runs_on_http_without_a_variable():
    told = ask(
        "(settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_NAME, settings.DEBUG)", THEATRE_MODE="demo"
    )

    assert told == "(False, 'session', False)"


def test_owners_address_is_for_the_commands_that_change_tables_alone():
    owner = {"MIGRATION_DATABASE_URL": "postgres://owner@db/theatre"}
    who = "settings.DATABASES['default']['USER']"

    assert ask(who, "migrate", **WHOLE, **owner) == ask(who, "grant_rights", **WHOLE, **owner) == "owner"
    assert ask(who, "worker", **WHOLE, **owner) == ask(who, **WHOLE, **owner) == "theatre"
    assert ask(who, "migrate", **WHOLE) == "theatre"
