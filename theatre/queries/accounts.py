"""One's own account as it is seen."""

import json
from dataclasses import dataclass
from datetime import datetime

from theatre.access import Actor
from theatre.models.sql import fetch, fetch_one


@dataclass(frozen=True, slots=True)
class Account:
    """What the account page shows. `tickets` were bought in the twelve months before `counted_at`."""

    email: str
    full_name: str
    phone: str
    role: str
    joined_at: datetime
    member_number: str
    tier: str
    tickets: int
    long_holds: bool
    mails: dict[str, bool]  # which of the optional letters come
    access_needs: str
    photo: str  # its mark, or empty
    second_factor: bool  # an authenticator app or a passkey is set up


@dataclass(frozen=True, slots=True)
class Token:
    """A live key to the API."""

    id: int
    name: str
    created_at: datetime


_ACCOUNT = """
SELECT u.email, u.full_name, u.phone, u.role, u.joined_at, coalesce(c.member_number, ''), coalesce(c.tier_id, ''),
       coalesce(c.tier_tickets, 0), coalesce(c.long_holds, false),
       coalesce(c.mails, '{}')::text, coalesce(c.access_needs, ''),
       coalesce((SELECT p.mark FROM theatre_photo p WHERE p.user_id = u.id), ''),
       EXISTS (SELECT 1 FROM mfa_authenticator a WHERE a.user_id = u.id AND a.type IN ('totp', 'webauthn'))
FROM theatre_user u LEFT JOIN theatre_customer c ON c.user_id = u.id
WHERE u.id = %s
"""


def account_of(actor: Actor) -> Account:
    """This person's own account. One query."""
    row = fetch_one(_ACCOUNT, [actor.user_id])
    assert row is not None  # noqa: S101 - whoever asks is signed in
    return Account(*(*row[:9], json.loads(row[9]), *row[10:]))


def photo_of(actor: Actor, mark: str) -> bytes | None:
    """This person's own photo, if it is the one with this mark. One query."""
    row = fetch_one("SELECT webp FROM theatre_photo WHERE user_id = %s AND mark = %s", [actor.user_id, mark])
    return bytes(row[0]) if row else None


def tokens_of(actor: Actor) -> list[Token]:
    """Their live tokens, the newest first. One query."""
    rows = fetch(
        "SELECT id, name, created_at FROM theatre_apitoken WHERE user_id = %s AND revoked_at IS NULL"
        " ORDER BY created_at DESC, id DESC",
        [actor.user_id],
    )
    return [Token(*row) for row in rows]
