"""Invitations as they are seen: by whoever was invited, and in the office."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from theatre.models.sql import fetch, fetch_one
from theatre.rules import invitations as rules


@dataclass(frozen=True, slots=True)
class Invited:
    """What the page of an invitation that can be accepted shows."""

    email: str
    role: str
    full_name: str


@dataclass(frozen=True, slots=True)
class Sent:
    """An invitation as the office lists it. `state` is open, over, used or revoked; `user_id` is who came."""

    id: int
    email: str
    role: str
    full_name: str
    invited_by: str
    sent_at: datetime
    expires_at: datetime
    state: str
    user_id: int | None


def digest_of(secret: str) -> bytes:
    """What is kept of a link's secret."""
    return hashlib.sha256(secret.encode()).digest()


_BY_LINK = """
SELECT email, role, full_name, used_at IS NOT NULL, revoked_at IS NOT NULL, expires_at <= clock_timestamp()
FROM theatre_invitation WHERE digest = %s
"""


def invited(secret: str) -> Invited:
    """Who the link was meant for. Refused as `rules.invitations` says. One query."""
    row = fetch_one(_BY_LINK, [digest_of(secret)])
    if row is None:
        raise rules.unknown()
    email, role, full_name, used, revoked, over = row
    rules.check_acceptable(used=used, revoked=revoked, over=over)
    return Invited(email, role, full_name)


_SENT = """
SELECT i.id, i.email, i.role, i.full_name, coalesce(nullif(u.full_name, ''), u.email), i.sent_at, i.expires_at,
       CASE WHEN i.used_at IS NOT NULL THEN 'used' WHEN i.revoked_at IS NOT NULL THEN 'revoked'
            WHEN i.expires_at <= clock_timestamp() THEN 'over' ELSE 'open' END,
       i.user_id
FROM theatre_invitation i JOIN theatre_user u ON u.id = i.invited_by_id
ORDER BY (i.used_at IS NULL AND i.revoked_at IS NULL) DESC, i.sent_at DESC, i.id DESC
LIMIT %s
"""
MOST = 200


def sent() -> list[Sent]:
    """The invitations, those that are not ended first, then the newest; at most MOST. One query."""
    return [Sent(*row) for row in fetch(_SENT, [MOST])]
