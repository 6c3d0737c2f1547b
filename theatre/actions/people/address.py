"""Changing the address one signs in with: asked for, confirmed at the new one, stopped from the old one.

Nothing changes before the new address has confirmed. The old one is told at once, and for links.STOP_DAYS after it may
take the account back. Source: domain.md, "People and roles".
"""

import hashlib
import hmac
import secrets
from enum import Enum

from django.conf import settings
from django.contrib.auth.hashers import make_password

from theatre import events
from theatre.access import Actor, Permission, require
from theatre.actions._doors import action, action_on_person, hold_person, record, refusing
from theatre.actions.people._ending import end_sessions_and_tokens
from theatre.models.sql import Row, change, fetch_one
from theatre.queries.links import STOP_DAYS
from theatre.rules.refusals import Refused
from theatre.rules.roles import Role

CODE_MINUTES = 60  # code and link work so long
MOST_TRIES = 5  # wrong codes before a change is over
MOST_AN_HOUR = 5  # changes asked for


class SameAddress(Refused):
    """The address is theirs already."""

    code = "same_address"


class TooManyChanges(Refused):
    """So many changes of address in one hour look like somebody is trying addresses out."""

    code = "too_many_address_changes"


class WrongCode(Refused):
    """Not the code that was sent."""

    code = "wrong_address_code"


class ChangeOver(Refused):
    """The change was confirmed, stopped or replaced before, or nobody asked for it."""

    code = "address_change_over"


class ChangeExpired(Refused):
    """The code or link is too old."""

    code = "address_change_expired"


class AddressInUse(Refused):
    """Another account has confirmed this address."""

    code = "address_in_use"


def _over() -> ChangeOver:
    return ChangeOver("That change was used or stopped already. Ask for a new one from your account", "code")


def _in_use() -> AddressInUse:
    return AddressInUse(f"Another account has that address now. Call us on {settings.THEATRE_PHONE}", "code")


@action
def ask_address_change(*, by: Actor, address: str) -> None:
    """Send a code and a link to the new address (lower case), and a way to stop it to the old one.

    An address that has an account is answered alike; its owner is told. Refused: SameAddress, TooManyChanges.
    """
    require(by, Permission.OWN_ACCOUNT)
    (old,) = fetch_one("SELECT email FROM theatre_user WHERE id = %s FOR NO KEY UPDATE", [by.user_id]) or (
        "",
    )
    if address == old.lower():
        raise SameAddress("That is your address already", "address")
    (lately,) = fetch_one(
        "SELECT count(*) FROM theatre_addresschange"
        " WHERE user_id = %s AND asked_at > clock_timestamp() - interval '1 hour'",
        [by.user_id],
    ) or (0,)
    if lately >= MOST_AN_HOUR:
        raise TooManyChanges(
            f"You have asked for {MOST_AN_HOUR} changes within an hour. Wait an hour, then ask again",
            "address",
        )
    taken = fetch_one(
        "SELECT id, email FROM theatre_user WHERE lower(email) = lower(%s) AND confirmed_at IS NOT NULL",
        [address],
    )
    code = f"{secrets.randbelow(1_000_000):06d}"
    change(
        "UPDATE theatre_addresschange SET state = 'over' WHERE user_id = %s AND state = 'asked'", [by.user_id]
    )
    (change_id,) = fetch_one(
        "INSERT INTO theatre_addresschange (user_id, old, new, code_digest, tries, state, expires_at)"
        " VALUES (%s, %s, %s, %s, 0, 'asked', clock_timestamp() + %s * interval '1 minute') RETURNING id",
        [
            by.user_id,
            old,
            address,
            secrets.token_bytes(32) if taken else _digest(by.user_id, code),
            CODE_MINUTES,
        ],
    ) or (0,)
    record(by, "ask_address_change", ("user", by.user_id), old=old, new=address)
    events.address_change_asked.send(
        sender=None,
        user_id=by.user_id,
        change_id=change_id,
        old=old,
        new=address,
        code=code,
        taken_by=taken[0] if taken else None,
    )


@action
def confirm_first_address(*, user_id: int, email: str) -> None:
    """The link from the letter to a new account's address: the person may act from now on. Refused: ChangeOver."""
    hold_person(user_id)
    confirmed = change(
        "UPDATE theatre_user SET confirmed_at = clock_timestamp()"
        " WHERE id = %s AND email = %s AND is_active AND confirmed_at IS NULL",
        [user_id, email],
    )
    if not confirmed:
        raise ChangeOver("That address is confirmed already. Sign in with it")
    change("DELETE FROM account_emailaddress WHERE user_id = %s", [user_id])
    _keep_row(user_id, email)
    record(_owner(user_id), "confirm_address", ("user", user_id))


class _Tried(Enum):
    RIGHT = "right"
    WRONG = "wrong"
    LAST = "last"


def confirm_new_address(*, by: Actor, code: str) -> None:
    """The code from the new address: from now on it is the account's. Every other session ends, and every token.

    Refused: WrongCode (counted: the change is over after MOST_TRIES), ChangeOver, ChangeExpired, AddressInUse.
    """
    tried = _try_code(by=by, code=code)
    if tried is _Tried.WRONG:
        raise WrongCode("That isn’t the code we sent. Check the newest email", "code")
    if tried is _Tried.LAST:
        raise WrongCode(
            "That was a lot of wrong codes, so this one stopped working. Ask for a new one", "code"
        )


@action_on_person
def _try_code(*, by: Actor, code: str) -> _Tried:
    require(by, Permission.OWN_ACCOUNT)
    asked = fetch_one(_CHANGE.format(which="user_id = %s AND state = 'asked'"), [STOP_DAYS, by.user_id])
    if asked is None:
        raise _over()
    digits = "".join(sign for sign in code if sign.isdigit())
    if not hmac.compare_digest(bytes(asked[6]), _digest(by.user_id, digits)):
        (tries,) = fetch_one(
            "UPDATE theatre_addresschange SET tries = tries + 1,"
            " state = CASE WHEN tries + 1 >= %s THEN 'over' ELSE state END WHERE id = %s RETURNING tries",
            [MOST_TRIES, asked[0]],
        ) or (0,)
        return _Tried.LAST if tries >= MOST_TRIES else _Tried.WRONG
    _take(asked, by, keep=by.session_key)
    return _Tried.RIGHT


@action
def confirm_new_address_by_link(*, change_id: int, keep_session: str = "") -> int:
    """The link from the new address, in whatever browser; whose account it is. ``keep_session`` is the session that
    lives on: the owner's own, if the link was opened in it. Refused: ChangeOver, ChangeExpired, AddressInUse."""
    asked = _held_change(change_id)
    if asked[4] != "asked":
        raise _over()
    _take(asked, _owner(asked[1]), keep=keep_session)
    return int(asked[1])


@action
def stop_address_change(*, change_id: int) -> int:
    """Whoever reads the old address keeps the account: no change since this one counts, every session and token ends,
    and the password no longer opens anything. Whose account it is.

    Also after the change, for links.STOP_DAYS. Refused: ChangeOver, ChangeExpired, AddressInUse.
    """
    asked = _held_change(change_id)
    user_id, old, state, settled = asked[1], asked[2], asked[4], asked[7]
    if state == "stopped":
        raise ChangeOver("This was stopped before, so there is nothing left to stop")
    if settled:
        raise ChangeExpired(
            f"This link worked for {STOP_DAYS} days. If the change wasn’t yours, call us on {settings.THEATRE_PHONE}"
        )
    (now,) = fetch_one("SELECT email FROM theatre_user WHERE id = %s FOR NO KEY UPDATE", [user_id]) or ("",)
    change(
        "UPDATE theatre_addresschange SET state = 'stopped' WHERE user_id = %s AND id >= %s",
        [user_id, change_id],
    )
    if now.lower() != old.lower():
        _set_address(user_id, old)
    change("UPDATE theatre_user SET password = %s WHERE id = %s", [make_password(None), user_id])
    end_sessions_and_tokens(user_id)
    record(_owner(user_id), "stop_address_change", ("user", user_id), kept=old, instead_of=now)
    events.address_change_stopped.send(
        sender=None,
        user_id=user_id,
        change_id=change_id,
        kept=old,
        dropped=now if now.lower() != old.lower() else "",
    )
    return int(user_id)


_CHANGE = """
SELECT id, user_id, old, new, state, expires_at <= clock_timestamp(), code_digest,
       coalesce(confirmed_at, asked_at) + make_interval(days => %s) <= clock_timestamp()
FROM theatre_addresschange WHERE {which} FOR NO KEY UPDATE
"""


def _held_change(change_id: int) -> Row:
    """The change as it is once nothing else of its person's is under way."""
    whose = fetch_one("SELECT user_id FROM theatre_addresschange WHERE id = %s", [change_id])
    if whose is None:
        raise _over()
    hold_person(whose[0])
    asked = fetch_one(_CHANGE.format(which="id = %s"), [STOP_DAYS, change_id])
    if asked is None:
        raise _over()
    return asked


def _take(asked: Row, by: Actor, *, keep: str) -> None:
    """The new address becomes the account's; expects the person to be held."""
    change_id, user_id, old, new, _state, expired, *_rest = asked
    if expired:
        raise ChangeExpired("That code and its link worked for one hour. Ask for a new one", "code")
    mine = fetch_one(
        "SELECT u.email FROM theatre_user u LEFT JOIN theatre_employee e ON e.user_id = u.id"
        " WHERE u.id = %s AND u.is_active AND coalesce(e.status, 'active') = 'active' FOR NO KEY UPDATE OF u",
        [user_id],
    )
    if mine is None or mine[0] != old:
        raise _over()
    _set_address(user_id, new)
    change(
        "UPDATE theatre_addresschange SET state = 'confirmed', confirmed_at = clock_timestamp() WHERE id = %s",
        [change_id],
    )
    end_sessions_and_tokens(user_id, keep=keep)
    record(by, "change_address", ("user", user_id), old=old, new=new)
    events.address_changed.send(sender=None, user_id=user_id, change_id=change_id, old=old, new=new)


def _set_address(user_id: int, email: str) -> None:
    """`User.email`, allauth's row and `confirmed_at` in one step. An account that was opened with this address and
    never confirmed gives it up. Refused: AddressInUse."""
    held = fetch_one(
        "SELECT id, confirmed_at IS NOT NULL OR role <> 'customer' FROM theatre_user"
        " WHERE lower(email) = lower(%s) AND id <> %s FOR NO KEY UPDATE",
        [email, user_id],
    )
    if held and held[1]:
        raise _in_use()
    if held:
        free_address(held[0])
    with refusing(one_user_per_address=_in_use, unique_verified_email=_in_use):
        change(
            "UPDATE theatre_user SET email = %s, confirmed_at = clock_timestamp() WHERE id = %s",
            [email, user_id],
        )
        change("DELETE FROM account_emailaddress WHERE user_id = %s", [user_id])
        _keep_row(user_id, email)


def _keep_row(user_id: int, email: str) -> None:
    """allauth's own row of the address."""
    change(
        'INSERT INTO account_emailaddress (user_id, email, verified, "primary") VALUES (%s, %s, true, true)',
        [user_id, email],
    )


def free_address(user_id: int) -> None:
    """Whose account this is can no longer be reached or signed in to, and their address can be used by others."""
    change(
        "UPDATE theatre_user SET email = 'nobody-' || id || '@erased.invalid', password = %s, confirmed_at = NULL,"
        " is_active = false WHERE id = %s",
        [make_password(None), user_id],
    )
    change("DELETE FROM account_emailaddress WHERE user_id = %s", [user_id])


def _owner(user_id: int) -> Actor:
    """Whoever holds the mailbox acts as the account's owner."""
    (role,) = fetch_one("SELECT role FROM theatre_user WHERE id = %s", [user_id]) or (Role.CUSTOMER,)
    return Actor(user_id=user_id, role=Role(role))


def _digest(user_id: int | None, code: str) -> bytes:
    # Six digits are soon tried out, so the digest is keyed: the database alone does not give a code away.
    return hmac.new(
        settings.SECRET_KEY.encode(), f"address:{user_id}:{code}".encode(), hashlib.sha256
    ).digest()
