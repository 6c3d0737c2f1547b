"""Ending what a person has open: sessions are rows and go, tokens are revoked, within the deed's own transaction.

Whoever calls holds the person (`_doors.hold_person`), or what is under way could outlive it.
"""

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


def end_sessions(*, user_id: int, keep: str = "") -> int:
    """End every session of this person but the one with the key ``keep``; how many."""
    return change(_SESSIONS, [user_id, keep])


def end_sessions_and_tokens(user_id: int, *, keep: str = "") -> None:
    """As `end_sessions`, and no API token of theirs opens anything any more."""
    end_sessions(user_id=user_id, keep=keep)
    change(_TOKENS, [user_id])
