"""Where somebody is signed in: ending it, and noting that it is used."""

from theatre.access import Actor, Permission, require
from theatre.actions._doors import action, action_on_person, record
from theatre.actions.people import _ending
from theatre.models.sql import change
from theatre.rules.refusals import Refused


class SessionUnknown(Refused):
    """No such session of theirs, or it has ended."""

    code = "session_unknown"


_END_ONE = """
WITH theirs AS (DELETE FROM usersessions_usersession WHERE id = %s AND user_id = %s RETURNING session_key)
DELETE FROM django_session s USING theirs WHERE s.session_key = theirs.session_key
"""


@action_on_person
def end_session(*, by: Actor, session_id: int) -> None:
    """End one of their own sessions: its next request is a stranger's, and one under way changes nothing any more.

    Refused: SessionUnknown.
    """
    require(by, Permission.OWN_ACCOUNT)
    if not change(_END_ONE, [session_id, by.user_id]):
        raise SessionUnknown("That device isn’t signed in any more")
    record(by, "end_session", ("user", by.user_id))


@action_on_person
def end_other_sessions(*, by: Actor) -> int:
    """End all of their own sessions but the one they act in; how many."""
    require(by, Permission.OWN_ACCOUNT)
    ended = _ending.end_sessions(user_id=by.user_id or 0, keep=by.session_key)
    record(by, "end_other_sessions", ("user", by.user_id), ended=ended)
    return ended


@action
def note_seen(*, session_key: str, address: str) -> None:
    """The session is in use, from this IP address."""
    change(
        "UPDATE usersessions_usersession SET last_seen_at = clock_timestamp(), ip = %s::inet WHERE session_key = %s",
        [address, session_key],
    )
