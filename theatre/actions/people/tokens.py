"""Keys to the API: named, shown once, revocable; only their hash is kept."""

import hashlib
import secrets
from dataclasses import dataclass

from theatre.access import Actor, Permission, require
from theatre.actions._doors import action, record
from theatre.models.sql import change, fetch_one
from theatre.rules.refusals import Refused

PREFIX = "mc_"
MOST = 20


class TooManyTokens(Refused):
    """One person has enough tokens already."""

    code = "too_many_tokens"


class TokenUnknown(Refused):
    """No such token of theirs, or it was revoked before."""

    code = "token_unknown"


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token that has just been made. `secret` is shown once and stored nowhere."""

    id: int
    name: str
    secret: str


@action
def create_token(*, by: Actor, name: str, reason: str = "") -> NewToken:
    """A new key to the API for this person, 256 bits behind `mc_`.

    It stands for a second factor if its maker has passed one. `reason` says who made it, where that was not the person
    themselves. Refused: TooManyTokens.
    """
    require(by, Permission.OWN_ACCOUNT)
    secret = PREFIX + secrets.token_urlsafe(32)
    row = fetch_one(
        "INSERT INTO theatre_apitoken (user_id, name, digest, second_factor)"
        " SELECT %s::bigint, %s, %s, %s"
        " WHERE (SELECT count(*) FROM theatre_apitoken WHERE user_id = %s AND revoked_at IS NULL) < %s RETURNING id",
        [by.user_id, name[:80], hashlib.sha256(secret.encode()).digest(), by.second_factor, by.user_id, MOST],
    )
    if row is None:
        raise TooManyTokens(
            f"You have {MOST} tokens. Revoke one you no longer use, then make this one", "name"
        )
    record(by, "create_token", ("token", row[0]), reason=reason, name=name)
    return NewToken(row[0], name, secret)


@action
def revoke_token(*, by: Actor, token_id: int) -> None:
    """End a token at once. Refused: TokenUnknown."""
    require(by, Permission.OWN_ACCOUNT)
    ended = change(
        "UPDATE theatre_apitoken SET revoked_at = clock_timestamp()"
        " WHERE id = %s AND user_id = %s AND revoked_at IS NULL",
        [token_id, by.user_id],
    )
    if not ended:
        raise TokenUnknown("That token isn’t there any more")
    record(by, "revoke_token", ("token", token_id))
