"""What several actions do to somebody's open doors; each expects that nothing else of the person's is under way."""

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
    """Every session and every API token of this person ends with the open transaction, but for the session whose key is
    ``keep_session``. A request that is under way is refused when it wants to save its session."""
    change(_SESSIONS, [user_id, keep_session])
    change(_TOKENS, [user_id])
