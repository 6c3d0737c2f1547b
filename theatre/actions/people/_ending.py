"""Ending what a person has open: sessions are rows and go, tokens are revoked, within the deed's own transaction."""

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
    """Nothing this person had open opens anything any more, but for the session with the key ``keep_session``.

    A request that is under way is refused when it wants to save its session. Two statements.
    """
    change(_SESSIONS, [user_id, keep_session])
    change(_TOKENS, [user_id])
