"""The settings come from the environment alone, and production says what it lacks."""

import os
import subprocess
import sys
from pathlib import Path

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
