"""The tables of docs/SECURITY-MODEL.md, as the tests read them."""

import re
from functools import cache
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "SECURITY-MODEL.md"
ROLES = ("stranger", "customer", "salesman", "moderator", "admin")


@cache
def table(heading: str) -> list[tuple[str, ...]]:
    """The rows of the first table under a heading, its own head left out; code marks are dropped."""
    section = PAGE.read_text().split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    rows = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]
    ends = next((n for n, row in enumerate(rows[2:], 2) if set(row[0]) == {"-"}), len(rows) + 1)
    return rows[2 : ends - 1]


def people() -> dict[str, str]:
    """Person -> what they count as."""
    return {name.strip(): kind for names, _, _, kind in table("Who asks") for name in names.split(",")}


def permissions() -> dict[str, set[str]]:
    """Permission -> the roles, or stranger, that have it."""
    return {
        row[0].strip("`"): {role for role, mark in zip(ROLES, row[1:], strict=True) if mark == "yes"}
        for row in table("What each role may")
    }


def open_doors() -> dict[str, str]:
    """Name of a page or operation -> who is behind its door."""
    return {name: door for door, names in table("Open doors") for name in re.findall(r"`([^`]+)`", names)}


def asked_again() -> dict[str, str]:
    """Name of a page -> when it asks whether it is still you."""
    return {
        name: when for when, names in table("Is it still you?") for name in re.findall(r"`([^`]+)`", names)
    }


def things() -> dict[str, tuple[str, dict[str, str]]]:
    """Address up to and with its last argument -> (thing, role -> own, assigned, all or none)."""
    return {
        row[0].strip("`"): (row[1], dict(zip(ROLES, row[2:], strict=True)))
        for row in table("Whose thing it is")
    }


def marks(name: str) -> set[str]:
    """Tables that looking at this page writes to."""
    return {
        named
        for pages, written, _ in table("Looking leaves a mark")
        if f"`{name}`" in pages
        for named in re.findall(r"`(\w+)`", written)
    }


def bookkeeping() -> set[str]:
    """Tables that may be written to by whoever only looks, or is refused."""
    return set(re.findall(r"`(\w+)`", PAGE.read_text().split("bookkeeping:", 1)[1].split(".", 1)[0]))
