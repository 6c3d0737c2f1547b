"""Ending what a person has open: sessions are rows and go, tokens are revoked, within the deed's own transaction.

Each waits for what the person is doing and lets nothing more begin before the commit (`_doors.hold_person`). An action
that calls one is an `action_on_person`.
"""

from theatre.actions._doors import hold_person
from theatre.models.sql import change

_SESSIONS = """
WITH theirs AS (
  DELETE FROM usersessions_usersession WHERE user_id = %s AND session_key <> %s RETURNING session_key
)
DELETE FROM django_session s USING theirs WHERE s.session_key = theirs.session_key
"""
_TOKENS = (
    "UPDATE theatre_apitoken SET revoked_at = clock_timestamp() WHERE user_id = %s AND revoked_at IS NULL"
)


def end_sessions_and_tokens(user_id: int, *, keep_session: str = "") -> None:
    """Nothing this person had open opens anything any more, but for the session with the key ``keep_session``."""
    end_sessions(user_id=user_id, keep=keep_session)
    end_tokens(user_id=user_id)


def end_sessions(*, user_id: int, keep: str = "") -> int:
    """End every session of this person but the one with the key ``keep``; how many ended."""
    hold_person(user_id)
    return change(_SESSIONS, [user_id, keep])


def end_tokens(*, user_id: int) -> int:
    """Revoke every live token of this person; how many."""
    hold_person(user_id)
    return change(_TOKENS, [user_id])
