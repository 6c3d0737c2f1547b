"""Who did what to what, when, from where and why, with the rows before and after: the page of the admins.

A line of it is a deed (docs/audit.md): the entries and the row changes that one transaction wrote. Pages go back in
time by the deed's number, so the last page of a million costs what the first does.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from theatre.models.sql import fetch
from theatre.queries.quotes import ZONE
from theatre.rules.bookings import normalise_reference

A_PAGE = 25
MOST_CHANGES = 12  # of one deed that are shown; an import makes thousands
MOST_PEOPLE = 10  # whom a name may mean
_LATEST = 2**62
_OF_EVERY_BOOKING = ("hold", "confirm")


@dataclass(frozen=True, slots=True)
class Note:
    """An entry of the audit: `on` is what it was done to, `name` whose that is, if it is a person."""

    verb: str
    actor_id: int | None
    actor: str
    role: str
    on_type: str
    on_id: str
    name: str
    address: str
    request_id: str
    reason: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Value:
    """A column that changed. None where there was no row."""

    column: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Change:
    """A row that was made, changed or removed."""

    change: str
    on_type: str
    on_id: str
    name: str
    login: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Deed:
    """One transaction: what was noted of it, and what it changed; `more` changes are not shown. Times aware UTC."""

    number: int
    at: datetime
    notes: tuple[Note, ...]
    changes: tuple[Change, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched for. `since` and `until` are days of the theatre's calendar, both counted in."""

    who: str = ""
    about: str = ""
    verb: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(slots=True)
class _About:
    """The things that a search means: (type, id) as the audit writes them, and whose rows."""

    types: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    persons: list[int] = field(default_factory=list)

    def add(self, kind: str, number: object) -> None:
        self.types.append(kind)
        self.ids.append(str(number))


_PEOPLE = """
SELECT u.id, c.id, e.id FROM (
  SELECT id FROM theatre_user
  WHERE CASE WHEN %(text)s::text LIKE '%%@%%' THEN lower(email) = lower(%(text)s::text)
             ELSE full_name ILIKE %(like)s::text END
  ORDER BY role = 'customer', id LIMIT %(most)s
) AS found
JOIN theatre_user u ON u.id = found.id
LEFT JOIN theatre_customer c ON c.user_id = u.id
LEFT JOIN theatre_employee e ON e.user_id = u.id
"""


def _people(text: str) -> Sequence[tuple[int, int | None, int | None]]:
    """Whom an address or a part of a name means, staff first: user, customer and employee number."""
    like = "%" + re.sub(r"([\\%_])", r"\\\1", text) + "%"
    return [
        (row[0], row[1], row[2]) for row in fetch(_PEOPLE, {"text": text, "like": like, "most": MOST_PEOPLE})
    ]


def _about(text: str) -> _About:
    """A booking's reference, a thing and its number (`price card 3`), or a person."""
    found = _About()
    if ref := normalise_reference(text):
        found.add("booking", ref)
    if thing := re.fullmatch(r"([a-z][a-z _]*?)[ #_]+(\S{1,40})", text.strip().lower()):
        found.add(thing[1].strip().replace(" ", "_"), text.strip().split()[-1].lstrip("#"))
    for user, customer, employee in _people(text):
        found.persons.append(user)
        for kind, number in (("user", user), ("customer", customer), ("employee", employee)):
            if number is not None:
                found.add(kind, number)
    return found


_WITHIN = "deed >= %(since)s::bigint AND deed < %(until)s::bigint"
_ENTRIES = "SELECT DISTINCT deed FROM theatre_auditentry WHERE {where} ORDER BY deed DESC LIMIT %(most)s::int"
_CHANGES = "SELECT DISTINCT deed FROM theatre_rowchange WHERE {where} ORDER BY deed DESC LIMIT %(most)s::int"
# Each person's own stretch of the index: together they would have to be sorted.
_OF_EACH = """
SELECT theirs.deed FROM unnest(%(who)s::bigint[]) AS asked (id) CROSS JOIN LATERAL ({theirs}) AS theirs"""
_THINGS = "(on_type, on_id) IN (SELECT * FROM unnest(%(types)s::text[], %(ids)s::text[]))"
_NOTED = "EXISTS (SELECT 1 FROM theatre_auditentry n WHERE n.deed = theatre_rowchange.deed AND {where})"

_PAGE = """
WITH page AS (
  SELECT deed FROM ({found}) AS found ORDER BY deed DESC LIMIT %(most)s::int
)
SELECT page.deed, entries.notes, changes.rows, changes.number
FROM page
LEFT JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_array(n.verb, n.actor_id, coalesce(nullif(a.full_name, ''), a.email, ''),
           coalesce(a.role, ''), n.on_type, n.on_id, coalesce(nullif(o.full_name, ''), o.email, ''), n.address,
           n.request_id, n.reason, n.details) ORDER BY n.id)
    AS notes
  FROM (SELECT * FROM theatre_auditentry WHERE deed = page.deed ORDER BY id LIMIT %(changes)s::int) AS n
  LEFT JOIN theatre_user a ON a.id = n.actor_id
  LEFT JOIN theatre_user o ON o.id = CASE WHEN n.on_type = 'user' AND n.on_id ~ '^[0-9]{{1,18}}$'
                                          THEN n.on_id::bigint END
) AS entries ON true
LEFT JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_array(c.change, c.on_type, c.on_id, coalesce(nullif(o.full_name, ''), o.email, ''),
           c.login, c.before, c.after, c.verb, c.actor, coalesce(nullif(a.full_name, ''), a.email, ''),
           coalesce(a.role, ''), c.address, c.request_id) ORDER BY c.id) AS rows,
    (SELECT count(*) FROM theatre_rowchange WHERE deed = page.deed) AS number
  FROM (SELECT * FROM theatre_rowchange WHERE deed = page.deed ORDER BY id LIMIT %(changes)s::int) AS c
  LEFT JOIN theatre_user o ON o.id = c.person
  LEFT JOIN theatre_user a ON a.id = c.actor
) AS changes ON true
ORDER BY page.deed DESC
"""


def deeds(wanted: Wanted, before: int | None = None) -> tuple[list[Deed], int | None]:
    """A page of deeds, the newest first, older than the one of number `before`; and the number that the next page is
    asked with, None at the end. One query, and one more for each of `who` and `about`.
    """
    values: dict[str, Any] = {
        "since": _number(wanted.since) if wanted.since else 0,
        "until": min(
            _number(wanted.until + timedelta(days=1)) if wanted.until else _LATEST, before or _LATEST
        ),
        "most": A_PAGE + 1,
        "changes": MOST_CHANGES,
    }
    entries, changes = [_WITHIN], [_WITHIN]
    if wanted.verb:
        values["verb"] = wanted.verb
        entries.append("verb = %(verb)s::text")
        if wanted.verb not in _OF_EVERY_BOOKING:  # which lets the index of the rare ones be used
            entries += [f"NOT (verb = '{verb}')" for verb in _OF_EVERY_BOOKING]
    if wanted.who:
        values["who"] = [row[0] for row in _people(wanted.who)]
    if wanted.about:
        about = _about(wanted.about)
        values |= {"types": about.types, "ids": about.ids, "persons": about.persons}
        found = _found_about(wanted, entries, changes)
    else:
        if wanted.verb:
            changes += ["verb = %(verb)s::text", "NOT (verb = '')"]
        found = _found_by(entries, changes) if wanted.who else _found(entries, changes)
    rows = fetch(_PAGE.format(found=found), values)
    page = [_deed(*row) for row in rows[:A_PAGE]]
    return page, page[-1].number if len(rows) > A_PAGE else None


def _where(clauses: Sequence[str]) -> str:
    return " AND ".join(clauses)


def _found(entries: Sequence[str], changes: Sequence[str]) -> str:
    return f"({_ENTRIES.format(where=_where(entries))}) UNION ({_CHANGES.format(where=_where(changes))})"


def _found_by(entries: Sequence[str], changes: Sequence[str]) -> str:
    theirs = _ENTRIES.format(where=_where(["actor_id = asked.id", *entries]))
    said = _CHANGES.format(where=_where(["actor = asked.id", *changes]))
    return f"{_OF_EACH.format(theirs=theirs)} UNION {_OF_EACH.format(theirs=said)}"


def _found_about(wanted: Wanted, entries: list[str], changes: list[str]) -> str:
    """What was done to these things, and what changed in their rows, whatever the deed was about."""
    if wanted.who:
        entries.append("actor_id = ANY(%(who)s::bigint[])")
        changes.append(
            f"(actor = ANY(%(who)s::bigint[]) OR {_NOTED.format(where='n.actor_id = ANY(%(who)s::bigint[])')})"
        )
    if wanted.verb:
        changes.append(f"(verb = %(verb)s::text OR {_NOTED.format(where='n.verb = %(verb)s::text')})")
    theirs = ["person = ANY(%(persons)s::bigint[])", *changes]
    return (
        f"({_ENTRIES.format(where=_where([_THINGS, *entries]))}) UNION "
        f"({_CHANGES.format(where=_where([_THINGS, *changes]))}) UNION ({_CHANGES.format(where=_where(theirs))})"
    )


def _number(day: date) -> int:
    """The first deed that the day could have."""
    return int(datetime.combine(day, time(), ZONE).timestamp()) * 1_000_000 * 1024


def _deed(number: int, notes: Any, rows: Any, count: int | None) -> Deed:
    noted, changed = _json(notes), _json(rows)
    at = datetime.fromtimestamp(number // 1024 / 1_000_000, ZONE)
    said = [Note(*note) for note in noted]
    if not said and changed and changed[0][7]:
        (_, on_type, on_id, person, _, _, _, verb, actor_id, actor, role, address, request) = changed[0]
        said = [Note(verb, actor_id, actor, role, on_type, on_id, person, address, request, "", {})]
    changes = tuple(
        Change(change, on_type, on_id, person, login, _values(before, after))
        for change, on_type, on_id, person, login, before, after, *_ in changed
    )
    return Deed(number, at, tuple(said), changes, (count or 0) - len(changes))


def _json(found: Any) -> list[Any]:
    return (json.loads(found, parse_float=str) if isinstance(found, str) else found) or []


def _values(before: dict[str, Any] | None, after: dict[str, Any] | None) -> tuple[Value, ...]:
    columns = sorted((before or {}).keys() | (after or {}).keys())
    return tuple(Value(column, (before or {}).get(column), (after or {}).get(column)) for column in columns)


# One step down the index for each verb there is, not one for each row.
_VERBS = """
WITH RECURSIVE verbs AS (
  (SELECT verb FROM theatre_auditentry WHERE NOT (verb = 'hold') AND NOT (verb = 'confirm') ORDER BY verb LIMIT 1)
  UNION ALL
  SELECT (SELECT verb FROM theatre_auditentry
          WHERE verb > verbs.verb AND NOT (verb = 'hold') AND NOT (verb = 'confirm') ORDER BY verb LIMIT 1)
  FROM verbs WHERE verbs.verb IS NOT NULL
)
SELECT verb FROM verbs WHERE verb IS NOT NULL
"""


def verbs() -> list[str]:
    """Every verb there has been, and those of every booking. One query."""
    return sorted({row[0] for row in fetch(_VERBS)} | set(_OF_EVERY_BOOKING))
