"""Who MAY do what, in one table. When something may happen is a rule; whose things they see is `sees`/`visible`."""

from dataclasses import dataclass, field
from enum import StrEnum

from django.db.models import Q

from theatre.models import Booking
from theatre.models.sql import Row, fetch_one
from theatre.rules.roles import Role, needs_second_factor


class Permission(StrEnum):
    HOLD_SEATS = "hold_seats"
    BOOK = "book"
    SELL = "sell"  # for a registered customer or a walk-in
    GIVE_AWAY = "give_away"  # complimentary tickets
    SEE_BOOKINGS = "see_bookings"  # within `visible`
    CANCEL_BOOKINGS = "cancel_bookings"  # within `visible`
    CHECK_IN = "check_in"
    OWN_ACCOUNT = "own_account"
    OFFICE = "office"
    SEE_PEOPLE = "see_people"  # the staff, within `visible_staff`
    EDIT_SALESMEN = "edit_salesmen"  # their records, within `visible_staff`
    MANAGE_STAFF = "manage_staff"  # invite, change roles, suspend and remove
    RESET_SECOND_FACTOR = "reset_second_factor"  # of somebody else, who has lost it
    SEE_AUDIT = "see_audit"
    MANAGE_SHOWS = "manage_shows"  # the programme: plan, change, move and cancel shows
    MANAGE_MOVIES = "manage_movies"  # what can be shown: movies, their posters and where they stand
    MANAGE_SCREENS = "manage_screens"  # screens, seat plans, seats out of service
    MANAGE_CARDS = "manage_cards"  # what seats cost
    RESERVE_VIP = "reserve_vip"  # keep seats for guests of the house


_EVERYONE = frozenset({Permission.HOLD_SEATS})
_SIGNED_IN = _EVERYONE | {
    Permission.BOOK, Permission.SEE_BOOKINGS, Permission.CANCEL_BOOKINGS, Permission.OWN_ACCOUNT,
}  # fmt: skip
_STAFF = _SIGNED_IN | {Permission.SELL, Permission.CHECK_IN}
_MANAGEMENT = _STAFF | {
    Permission.OFFICE, Permission.SEE_PEOPLE, Permission.EDIT_SALESMEN, Permission.MANAGE_SHOWS,
}  # fmt: skip
_ADMIN = _MANAGEMENT | {
    Permission.GIVE_AWAY, Permission.MANAGE_STAFF, Permission.RESET_SECOND_FACTOR, Permission.SEE_AUDIT,
    Permission.MANAGE_MOVIES, Permission.MANAGE_SCREENS, Permission.MANAGE_CARDS, Permission.RESERVE_VIP,
}  # fmt: skip

MAY: dict[Role | None, frozenset[Permission]] = {
    None: _EVERYONE,
    Role.CUSTOMER: _SIGNED_IN,
    Role.SALESMAN: _STAFF,
    Role.MODERATOR: _MANAGEMENT,
    Role.ADMIN: _ADMIN,
}
SEES_EVERY_BOOKING = frozenset({Role.MODERATOR, Role.ADMIN})


class NotAllowed(Exception):
    """This person may not: carries the permission asked and the roles that have it."""

    def __init__(self, permission: Permission, *, second_factor: bool = False) -> None:
        super().__init__(permission.value)
        self.permission = permission
        self.roles = [role for role, may in MAY.items() if role and permission in may]
        self.second_factor = second_factor  # the role has it, but the second factor is missing


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking. A stranger has no `role`; `session` and `network` are theirs to hold seats with."""

    user_id: int | None = None
    role: Role | None = None
    email: str = ""
    name: str = ""
    customer_id: int | None = None
    long_holds: bool = False
    second_factor: bool = False
    session: str = ""
    network: str = ""
    channel: str = "online"
    # The session or the token behind the request: an action commits only while it lives.
    session_key: str = field(default="", repr=False)
    token_id: int = 0

    @property
    def is_staff(self) -> bool:
        return self.role is not None and self.role is not Role.CUSTOMER

    @property
    def is_stranger(self) -> bool:
        return self.role is None


def allowed(actor: Actor, permission: Permission) -> bool:
    """Whether this person may, second factor included. For buttons and doors alike."""
    if permission not in MAY[actor.role]:
        return False
    return actor.role is None or actor.second_factor or not needs_second_factor(actor.role)


def require(actor: Actor, permission: Permission) -> None:
    """Silence, or NotAllowed."""
    if not allowed(actor, permission):
        raise NotAllowed(permission, second_factor=permission in MAY[actor.role])


def sees(actor: Actor, *, customer_id: int | None, assigned_to_id: int | None, session: str = "") -> bool:
    """Whether one booking is this person's to see; the same rule as `visible`, asked of a row in hand.

    What was held in this browser before signing in stays theirs to see, also when it lapsed meanwhile.
    """
    if session and session == actor.session:
        return True
    if actor.role in SEES_EVERY_BOOKING:
        return actor.second_factor
    if actor.role is Role.SALESMAN:
        return assigned_to_id == actor.user_id
    if actor.role is Role.CUSTOMER:
        return customer_id is not None and customer_id == actor.customer_id
    return False


# The same rule within a query, of the booking `b`: another's costs no more than none, so no clock tells of it.
SEES = "(b.session <> '' AND b.session = %s OR %s OR b.assigned_to_id = %s OR b.customer_id = %s)"


def sees_values(actor: Actor) -> list[object]:
    """The values of `SEES`."""
    return [
        actor.session,
        actor.role in SEES_EVERY_BOOKING and actor.second_factor,
        actor.user_id if actor.role is Role.SALESMAN else None,
        actor.customer_id if actor.role is Role.CUSTOMER else None,
    ]


def visible(actor: Actor) -> Q:
    """The bookings this person sees: `Booking.objects.filter(visible(actor))`. Others are *not found*."""
    if actor.role in SEES_EVERY_BOOKING:
        return Q() if actor.second_factor else Q(pk__in=[])
    if actor.role is Role.SALESMAN:
        return Q(assigned_to_id=actor.user_id)
    if actor.role is Role.CUSTOMER:
        return Q(customer_id=actor.customer_id, customer_id__isnull=False)
    return Q(session=actor.session, state=Booking.State.HELD) if actor.session else Q(pk__in=[])


def visible_staff(actor: Actor) -> Q:
    """The employees this person sees: `Employee.objects.filter(visible_staff(actor))`. Others are *not found*."""
    if actor.role is Role.ADMIN and actor.second_factor:
        return Q()
    if actor.role is Role.MODERATOR and actor.second_factor:
        return Q(user__role=Role.SALESMAN.value)
    return Q(pk__in=[])


# An unconfirmed, suspended or removed person is nobody here. Who it is about is found first, by itself: joined in one
# go, PostgreSQL was seen to read every user for each token.
_PERSON = """
WITH asked AS MATERIALIZED ({asked})
SELECT u.id, u.role, u.email, u.full_name, c.id, coalesce(c.long_holds, false), asked.second_factor, asked.token_id
FROM asked
JOIN theatre_user u ON u.id = asked.user_id
LEFT JOIN theatre_customer c ON c.user_id = u.id
WHERE u.is_active AND u.confirmed_at IS NOT NULL
  AND coalesce((SELECT e.status FROM theatre_employee e WHERE e.user_id = u.id), 'active') = 'active'
"""
_BY_TOKEN = _PERSON.format(
    asked="SELECT user_id, second_factor, id AS token_id FROM theatre_apitoken WHERE digest = %s AND revoked_at IS NULL"
)
_BY_ADDRESS = _PERSON.format(
    asked="SELECT id AS user_id, true AS second_factor, 0 AS token_id FROM theatre_user WHERE lower(email) = lower(%s)"
)


def actor_of_token(digest: bytes) -> Actor | None:
    """The person behind a bearer token's SHA-256; None when it opens nothing. One query."""
    return _actor(fetch_one(_BY_TOKEN, [digest]))


def actor_of_address(email: str) -> Actor | None:
    """The person with this address, for whoever keeps the house and acts on their behalf: the second factor counts as
    passed. None when there is nobody. One query."""
    return _actor(fetch_one(_BY_ADDRESS, [email.strip()]))


def _actor(row: Row | None) -> Actor | None:
    if row is None:
        return None
    user_id, role, email, name, customer_id, long_holds, second_factor, token_id = row
    return Actor(
        user_id=user_id,
        role=Role(role),
        email=email,
        name=name,
        customer_id=customer_id,
        long_holds=long_holds,
        second_factor=second_factor,
        channel="counter" if role != Role.CUSTOMER else "api",
        token_id=token_id,
    )
