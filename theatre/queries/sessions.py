"""Where somebody is signed in."""

from dataclasses import dataclass
from datetime import datetime

from theatre.access import Actor
from theatre.models.sql import fetch


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A live session. `here` is the one that asks; `user_agent` is what its browser said at sign-in."""

    id: int
    here: bool
    user_agent: str
    address: str
    since: datetime
    last_seen: datetime


_SESSIONS = """
SELECT u.id, u.session_key = %s, u.user_agent, host(u.ip), u.created_at, u.last_seen_at
FROM usersessions_usersession u
JOIN django_session s ON s.session_key = u.session_key AND s.expire_date > clock_timestamp()
WHERE u.user_id = %s
ORDER BY u.session_key = %s DESC, u.last_seen_at DESC, u.id
"""


def sessions_of(actor: Actor) -> list[SignedIn]:
    """This person's live sessions: the one that asks first, then the one used last. One query."""
    return [SignedIn(*row) for row in fetch(_SESSIONS, [actor.session_key, actor.user_id, actor.session_key])]
