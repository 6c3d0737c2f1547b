"""Staff come by invitation: a link to an address of theirs, which opens an account in the role that was meant."""

import secrets

from django.conf import settings

from theatre import events
from theatre.access import Actor, Permission, require
from theatre.actions._doors import action, record, refusing
from theatre.models.sql import change, fetch_one
from theatre.queries import invitations
from theatre.rules import invitations as rules
from theatre.rules.refusals import Refused
from theatre.rules.roles import STAFF, Role


class RoleNotOffered(Refused):
    """Only staff are invited; customers sign up."""

    code = "role_not_offered"


class AddressIsCustomers(Refused):
    """The same person cannot be customer and staff with one address."""

    code = "address_is_a_customers"


class AddressIsStaffs(Refused):
    """Somebody with this address works here, or did."""

    code = "address_is_staffs"


class InvitationOpen(Refused):
    """This address has an invitation that still works."""

    code = "invitation_open"


# An invitation whose days are over makes room for a new one.
_CLEAR = """
UPDATE theatre_invitation SET revoked_at = clock_timestamp()
WHERE lower(email) = lower(%s) AND used_at IS NULL AND revoked_at IS NULL AND expires_at <= clock_timestamp()
"""
_INVITE = """
INSERT INTO theatre_invitation (email, role, full_name, invited_by_id, digest, expires_at)
VALUES (%s, %s, %s, %s, %s, clock_timestamp() + %s * interval '1 day') RETURNING id
"""


@action
def invite(*, by: Actor, email: str, role: str, full_name: str = "") -> int:
    """Ask somebody to work here: a letter with a link that opens for INVITATION_DAYS. The invitation's id.

    Refused: RoleNotOffered, AddressIsCustomers, AddressIsStaffs, InvitationOpen. Source: domain.md, "People and roles".
    """
    require(by, Permission.MANAGE_STAFF)
    if role not in STAFF:
        raise RoleNotOffered("Choose salesman, moderator or admin", "role")
    _check_address(email)
    change(_CLEAR, [email])
    secret, digest = _new_secret()
    with refusing(
        one_open_invitation_per_address=lambda: InvitationOpen(
            "That address has an invitation already. Send it again, or revoke it first", "email"
        )
    ):
        made = fetch_one(
            _INVITE, [email, role, full_name[:200], by.user_id, digest, settings.INVITATION_DAYS]
        )
    invitation_id = int(made[0]) if made else 0
    record(by, "invite", ("invitation", invitation_id), email=email, role=role)
    _tell(by, invitation_id, email, role, full_name, secret)
    return invitation_id


_LOCK = """
SELECT id, email, role, full_name, used_at IS NOT NULL, revoked_at IS NOT NULL, expires_at <= clock_timestamp()
FROM theatre_invitation WHERE {} FOR UPDATE
"""


@action
def resend(*, by: Actor, invitation_id: int) -> None:
    """A new link for as many days as the first; the old one opens nothing any more.

    Refused: InvitationUnknown, InvitationUsed, InvitationRevoked, AddressIsCustomers, AddressIsStaffs.
    """
    require(by, Permission.MANAGE_STAFF)
    email, role, full_name = _not_ended(invitation_id)
    _check_address(email)
    secret, digest = _new_secret()
    change(
        "UPDATE theatre_invitation SET digest = %s, sent_at = clock_timestamp(),"
        " expires_at = clock_timestamp() + %s * interval '1 day' WHERE id = %s",
        [digest, settings.INVITATION_DAYS, invitation_id],
    )
    record(by, "resend_invitation", ("invitation", invitation_id), email=email, role=role)
    _tell(by, invitation_id, email, role, full_name, secret)


@action
def revoke(*, by: Actor, invitation_id: int) -> None:
    """Take an invitation back. Refused: InvitationUnknown, InvitationUsed, InvitationRevoked."""
    require(by, Permission.MANAGE_STAFF)
    email, role, _ = _not_ended(invitation_id)
    change("UPDATE theatre_invitation SET revoked_at = clock_timestamp() WHERE id = %s", [invitation_id])
    record(by, "revoke_invitation", ("invitation", invitation_id), email=email, role=role)


# The letter reached the address, so it is confirmed. The day is the theatre's.
_COME = """
WITH came AS (
  INSERT INTO theatre_user (email, role, full_name, phone, password, is_active, confirmed_at)
  VALUES (%(email)s, %(role)s, %(name)s, '', %(password)s, true, clock_timestamp()) RETURNING id
), works AS (
  INSERT INTO theatre_employee (user_id, start_date, responsibilities, base_salary, status, status_reason)
  SELECT id, (clock_timestamp() AT TIME ZONE %(zone)s)::date, '', 0, 'active', '' FROM came
)
SELECT id FROM came
"""


@action
def accept(*, secret: str, full_name: str, hashed_password: str) -> int:
    """Open the account an invitation is for, in its role, with this name and password; the new user's id.

    Refused: InvitationUnknown, InvitationUsed, InvitationRevoked, InvitationOver, AddressIsCustomers, AddressIsStaffs.
    """
    row = fetch_one(_LOCK.format("digest = %s"), [invitations.digest_of(secret)])
    if row is None:
        raise rules.unknown()
    invitation_id, email, role, _, used, revoked, over = row
    rules.check_acceptable(used=used, revoked=revoked, over=over)
    taken = AddressIsCustomers(
        "That address has an account here already. Ask whoever invited you to use another one of yours"
    )
    with refusing(one_user_per_address=lambda: taken):
        came = fetch_one(
            _COME,
            {
                "email": email, "role": role, "name": full_name[:200], "password": hashed_password,
                "zone": settings.THEATRE_ZONE,
            },
        )  # fmt: skip
    user_id = int(came[0]) if came else 0
    change(
        "UPDATE theatre_invitation SET used_at = clock_timestamp(), user_id = %s WHERE id = %s",
        [user_id, invitation_id],
    )
    by = Actor(user_id=user_id, role=Role(role), email=email, name=full_name)
    record(by, "accept_invitation", ("user", user_id), role=role, invitation=invitation_id)
    return user_id


def _not_ended(invitation_id: int) -> tuple[str, str, str]:
    """Its address, role and name; the row is locked."""
    row = fetch_one(_LOCK.format("id = %s"), [invitation_id])
    if row is None:
        raise rules.unknown()
    _, email, role, full_name, used, revoked, _ = row
    rules.check_not_ended(used=used, revoked=revoked)
    return email, role, full_name


def _new_secret() -> tuple[str, bytes]:
    secret = secrets.token_urlsafe(32)
    return secret, invitations.digest_of(secret)


def _check_address(email: str) -> None:
    row = fetch_one("SELECT role FROM theatre_user WHERE lower(email) = lower(%s)", [email])
    if row is None:
        return
    if row[0] == Role.CUSTOMER:
        raise AddressIsCustomers(
            "That address is a customer’s, and nobody is both. Ask them for another address", "email"
        )
    raise AddressIsStaffs(
        "Somebody with that address works here, or did. Find them among the people", "email"
    )


def _tell(by: Actor, invitation_id: int, email: str, role: str, full_name: str, secret: str) -> None:
    events.invited.send(
        sender=None, invitation_id=invitation_id, email=email, role=role, name=full_name, by=by.name or by.email,
        secret=secret,
    )  # fmt: skip
