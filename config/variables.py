"""The environment's variables, each read as what it has to be; one error names all that can't be used."""

from base64 import b64decode
from collections.abc import Callable, Mapping
from datetime import time
from decimal import Decimal
from typing import TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

SEED_BYTES = 32
_Value = TypeVar("_Value")


class Variables(environ.Env):
    """Reads on past what can't be used and keeps it in `wrong` (name -> what is wanted), until `refuse` tells of it."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: dict[str, str] = {}

    def read(self, name: str, default: str, how: Callable[[str], _Value], wanted: str) -> _Value:
        """The variable as `how` makes it of its text; the default where it is empty, or wrong."""
        try:
            return how(self.str(name, "") or default)
        except (ValueError, LookupError, ArithmeticError, OSError, ImproperlyConfigured):
            self.wrong[name] = wanted
            return how(default)

    def whole(self, name: str, default: int) -> int:
        return self.read(name, str(default), whole_number, "a whole number, 0 or more")

    def refuse(self, missing: Mapping[str, str]) -> None:
        """ImproperlyConfigured if anything is missing or wrong. Values are not told, for some are secrets."""
        sentences = [
            f"{sentence}: {'; '.join(f'{name} ({wanted})' for name, wanted in named.items())}."
            for sentence, named in (
                ("Production needs these environment variables", missing),
                ("These environment variables are not what is wanted", self.wrong),
            )
            if named
        ]
        if sentences:
            raise ImproperlyConfigured(" ".join(sentences))


def whole_number(text: str) -> int:
    if (number := int(text)) < 0:
        raise ValueError(text)
    return number


def listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def host_names(text: str) -> list[str]:
    """Names by which the theatre is known. A star would believe any name that somebody sends."""
    names = listed(text)
    if not names or "*" in text:
        raise ValueError(text)
    return names


def https_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme != "https" or not parts.hostname:
        raise ValueError(text)
    return text


def signing_keys(text: str) -> list[str]:
    """As theatre/documents/codes.py reads them. Two keys of one id would leave the doors with the last."""
    entries = listed(text)
    ids = [entry.partition(":")[0] for entry in entries]
    seeds = [b64decode(entry.partition(":")[2]) for entry in entries]
    if not entries or len(set(ids)) < len(ids) or any(len(seed) != SEED_BYTES for seed in seeds):
        raise ValueError("signing keys")
    if not all(len(key_id) == 1 and key_id.isascii() and key_id.isalnum() for key_id in ids):
        raise ValueError("ids of signing keys")
    return entries


def encryption_keys(text: str) -> list[str]:
    """As theatre/models/sealed.py reads them."""
    keys = listed(text)
    if not [Fernet(key) for key in keys]:
        raise ValueError("no key")
    return keys


def zone(text: str) -> str:
    return ZoneInfo(text).key


def percent(text: str) -> str:
    if not 0 <= Decimal(text) < 100:
        raise ValueError(text)
    return text


def clock(text: str) -> str:
    time.fromisoformat(text)
    return text


def currency(text: str) -> str:
    if len(text) != 3 or not (text.isascii() and text.isalpha() and text.isupper()):
        raise ValueError(text)
    return text
