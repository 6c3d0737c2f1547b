"""The second factor: its ways (an authenticator app, passkeys) go, are renamed or reset, its secrets get a new key.

They are added by allauth's own flows, which join `from_allauth.adding_a_way`. Source: domain.md, "People and roles".
"""

import json
from dataclasses import dataclass
from typing import Any

from theatre import events
from theatre.access import Actor, Permission, require
from theatre.actions._doors import action, action_on_person, record
from theatre.actions.people._ending import end_sessions_and_tokens
from theatre.models.sealed import Unreadable, reseal
from theatre.models.sql import change, fetch, fetch_one
from theatre.rules.refusals import Refused
from theatre.rules.roles import needs_second_factor

LONGEST_NAME = 60
LONGEST_REASON = 500
BATCH = 200
_REMOVED = {"totp": "app_removed", "webauthn": "passkey_removed"}


class WayUnknown(Refused):
    """No such authenticator app or passkey of theirs."""

    code = "way_unknown"


class LastWay(Refused):
    """Their role needs a second factor, and this is the only one."""

    code = "last_way"


class ReasonMissing(Refused):
    """Resetting somebody's second factor says why."""

    code = "reason_missing"


class OwnFactor(Refused):
    """Nobody resets their own."""

    code = "own_factor"


class PersonUnknown(Refused):
    """Nobody has this number."""

    code = "person_unknown"


class NothingToReset(Refused):
    """This person has no second factor."""

    code = "nothing_to_reset"


@action
def remove_way(*, by: Actor, way_id: int) -> None:
    """Take an app or a passkey of their own away; recovery codes go with the last one. They are told by letter.

    Refused: WayUnknown, LastWay for a role that needs one.
    """
    require(by, Permission.OWN_ACCOUNT)
    _lock(by.user_id)
    ways: dict[int, str] = dict(
        fetch("SELECT id, type FROM mfa_authenticator WHERE user_id = %s", [by.user_id])
    )
    kind = ways.get(way_id, "")
    if kind not in _REMOVED:
        raise WayUnknown("That isn’t there any more")
    last = not any(other in _REMOVED for id, other in ways.items() if id != way_id)
    if last and by.role is not None and needs_second_factor(by.role):
        raise LastWay(
            "Your role needs a second factor, so it can be replaced but not switched off. Set another one up first"
        )
    change(
        "DELETE FROM mfa_authenticator WHERE user_id = %s AND (id = %s OR (%s AND type = 'recovery_codes'))",
        [by.user_id, way_id, last],
    )
    record(by, _REMOVED[kind], ("user", by.user_id))
    events.security_changed.send(
        sender=None, user_id=by.user_id, email=by.email, change=_REMOVED[kind], last=last
    )


@action
def rename_passkey(*, by: Actor, way_id: int, name: str) -> None:
    """Give one of their own passkeys a name of at most 60 characters. Refused: WayUnknown."""
    require(by, Permission.OWN_ACCOUNT)
    renamed = change(
        "UPDATE mfa_authenticator SET data = jsonb_set(data, '{name}', to_jsonb(%s::text))"
        " WHERE id = %s AND user_id = %s AND type = 'webauthn'",
        [name[:LONGEST_NAME], way_id, by.user_id],
    )
    if not renamed:
        raise WayUnknown("That passkey isn’t there any more")
    record(by, "rename_passkey", ("user", by.user_id), name=name[:LONGEST_NAME])


@action_on_person
def reset_second_factor(*, by: Actor, user_id: int, reason: str) -> None:
    """Take a lost second factor away from somebody else: app, passkeys and recovery codes, their sessions and tokens.

    They sign in with their password and, if their role needs it, set a new one up; a letter says so and why.
    Refused: OwnFactor, ReasonMissing, PersonUnknown, NothingToReset.
    """
    require(by, Permission.RESET_SECOND_FACTOR)
    if user_id == by.user_id:
        raise OwnFactor("Another admin has to reset yours. Ask one of them")
    reason = reason.strip()[:LONGEST_REASON]
    if not reason:
        raise ReasonMissing("Say why it is reset. They read it in their letter", "reason")
    email = _lock(user_id)
    if email is None:
        raise PersonUnknown("That person isn’t here any more")
    if not change("DELETE FROM mfa_authenticator WHERE user_id = %s", [user_id]):
        raise NothingToReset("They have no second factor, so there is nothing to reset")
    end_sessions_and_tokens(user_id)
    record(by, "reset_second_factor", ("user", user_id), reason=reason)
    events.second_factor_reset.send(sender=None, user_id=user_id, email=email, reason=reason)


@dataclass(frozen=True, slots=True)
class Rotated:
    """How many people's secrets got the newest key, and the numbers of the rows that none of the keys opens."""

    resealed: int
    unreadable: tuple[int, ...]


def rotate_secrets() -> Rotated:
    """Encrypt every secret of the second factor with the newest key. What has it already is left alone.

    Safe to run twice and beside people signing in. From the command line alone: the audit names no person.
    """
    resealed, unreadable, last = 0, [], 0
    while batch := _rotate_some(last):
        last, some, bad = batch
        resealed += some
        unreadable += bad
    return Rotated(resealed, tuple(unreadable))


@action
def _rotate_some(after: int) -> tuple[int, int, list[int]] | None:
    """The last row of the batch, how many changed, and which cannot be read; None when nothing is left."""
    rows = fetch(
        "SELECT id, data::text FROM mfa_authenticator WHERE id > %s AND type <> 'webauthn'"
        " ORDER BY id LIMIT %s FOR NO KEY UPDATE",
        [after, BATCH],
    )
    if not rows:
        return None
    resealed, unreadable = 0, []
    for way_id, data in rows:
        try:
            sealed = _resealed(json.loads(data))
        except Unreadable:
            unreadable.append(way_id)
            continue
        # Only the secrets: what else the row says may have changed since it was read by somebody without a lock.
        resealed += change(
            "UPDATE mfa_authenticator SET data = data || %s::jsonb WHERE id = %s AND NOT data @> %s::jsonb",
            [json.dumps(sealed), way_id, json.dumps(sealed)],
        )
    if resealed:
        record(
            Actor(), "rotate_secrets", ("second_factors", f"{rows[0][0]}–{rows[-1][0]}"), resealed=resealed
        )
    return rows[-1][0], resealed, unreadable


def _resealed(data: dict[str, Any]) -> dict[str, str]:
    """The encrypted parts of what allauth keeps, under the newest key: an app's secret, the recovery codes' seed."""
    return {name: reseal(data[name]) for name in ("secret", "seed") if name in data}


def _lock(user_id: int | None) -> str | None:
    """The person's address, their row locked; None when there is nobody."""
    row = fetch_one("SELECT email FROM theatre_user WHERE id = %s FOR NO KEY UPDATE", [user_id])
    return row[0] if row else None
