"""Who works here and as what: records, roles, suspending, removing and bringing back."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from theatre import events
from theatre.access import Actor, Permission, require, visible_staff
from theatre.actions._doors import action, action_on_person, record, refusing
from theatre.actions.people._ending import end_sessions_and_tokens
from theatre.models import Employee
from theatre.models.sql import change, fetch_one
from theatre.rules.refusals import Refused
from theatre.rules.roles import MANAGEMENT, STAFF, Role

LONGEST_REASON = 500


class PersonUnknown(Refused):
    """Nobody with this number works here, or not for this person to see."""

    code = "person_unknown"


class OwnStanding(Refused):
    """Nobody changes their own role or status."""

    code = "own_standing"


class LastAdmin(Refused):
    """Without this person nobody could manage the theatre."""

    code = "last_admin"


class RoleIsTheirs(Refused):
    """They have this role already."""

    code = "role_is_theirs"


class RoleUnknown(Refused):
    """Not a role of staff."""

    code = "role_unknown"


class StatusIsTheirs(Refused):
    """They are suspended, removed or at work already."""

    code = "status_is_theirs"


class ReasonLeftOut(Refused):
    """Suspending and removing are explained."""

    code = "reason_left_out"


class NotTheirLead(Refused):
    """Staff report to an active moderator or admin, and not to themselves."""

    code = "not_their_lead"


@action
def edit_record(
    *,
    by: Actor,
    user_id: int,
    full_name: str,
    phone: str,
    start_date: date,
    responsibilities: str,
    reports_to: int | None,
) -> None:
    """Store an employee's name, telephone, first day, responsibilities and the user they report to.

    Moderators: of salesmen alone. Refused: PersonUnknown, NotTheirLead. Source: domain.md, "People and roles".
    """
    require(by, Permission.EDIT_SALESMEN)
    employee = (
        Employee.objects.filter(visible_staff(by), user_id=user_id)
        .select_related("user", "reports_to")
        .select_for_update(of=("self", "user"))
        .first()
    )
    if employee is None:
        raise _unknown()
    lead = _lead(reports_to, of=user_id)
    user = employee.user
    before = (user.full_name, user.phone, employee.start_date, employee.responsibilities, employee.reports_to)
    user.full_name, user.phone = full_name, phone
    employee.start_date, employee.responsibilities, employee.reports_to = start_date, responsibilities, lead
    after = (user.full_name, user.phone, employee.start_date, employee.responsibilities, employee.reports_to)
    names = ("full_name", "phone", "start_date", "responsibilities", "reports_to")
    changed = [name for name, was, now in zip(names, before, after, strict=True) if was != now]
    if not changed:
        return
    user.save(update_fields=["full_name", "phone"])
    employee.save(update_fields=["start_date", "responsibilities", "reports_to"])
    record(by, "edit_record", ("user", user_id), changed=changed)


def _lead(user_id: int | None, *, of: int) -> Employee | None:
    if user_id is None:
        return None
    roles = [role.value for role in MANAGEMENT]
    lead = Employee.objects.filter(user_id=user_id, status="active", user__role__in=roles).first()
    if lead is None or user_id == of:
        raise NotTheirLead("Choose a moderator or an admin who works here now", "reports_to")
    return lead


@action_on_person
def change_role(*, by: Actor, user_id: int, role: str) -> None:
    """Make somebody who works here salesman, moderator or admin. Their sessions and tokens end with it.

    Refused: RoleUnknown, PersonUnknown, OwnStanding, RoleIsTheirs, LastAdmin.
    """
    require(by, Permission.MANAGE_STAFF)
    if role not in STAFF:
        raise RoleUnknown("Choose salesman, moderator or admin", "role")
    person = _other(by, user_id, "role")
    if person.role == role:
        raise RoleIsTheirs(f"{person.name} is {_a(role)} already", "role")
    with _an_admin_stays("role"):
        change("UPDATE theatre_user SET role = %s WHERE id = %s", [role, user_id])
    _end(by, person, "change_role", "role", before=person.role, after=role)


@action_on_person
def suspend(*, by: Actor, user_id: int, reason: str) -> None:
    """Shut somebody out until they are brought back: on their next request, and for what is under way.

    Refused: PersonUnknown, OwnStanding, ReasonLeftOut, StatusIsTheirs, LastAdmin.
    """
    _set_status(by, user_id, "suspended", reason)


@action_on_person
def remove(*, by: Actor, user_id: int, reason: str) -> None:
    """End somebody's work here. Their past sales keep their name. Refused: as `suspend`."""
    _set_status(by, user_id, "removed", reason)


@action_on_person
def bring_back(*, by: Actor, user_id: int) -> None:
    """Let somebody who was suspended or removed sign in again. Refused: PersonUnknown, OwnStanding, StatusIsTheirs."""
    _set_status(by, user_id, "active", "")


@dataclass(frozen=True, slots=True)
class _Person:
    id: int
    name: str
    email: str
    role: str
    status: str


def _other(by: Actor, user_id: int, field: str) -> _Person:
    """Somebody else who works or worked here; their rows are locked by their name (`action_on_person`)."""
    row = fetch_one(
        "SELECT u.id, coalesce(nullif(u.full_name, ''), u.email), u.email, u.role, e.status"
        " FROM theatre_user u JOIN theatre_employee e ON e.user_id = u.id WHERE u.id = %s",
        [user_id],
    )
    if row is None:
        raise _unknown()
    if user_id == by.user_id:
        raise OwnStanding("Nobody decides this for themselves. Ask another admin", field)
    return _Person(*row)


_WORDS = {"suspended": "suspended", "removed": "removed", "active": "at work"}


def _set_status(by: Actor, user_id: int, status: str, reason: str) -> None:
    require(by, Permission.MANAGE_STAFF)
    reason = reason.strip()[:LONGEST_REASON]
    person = _other(by, user_id, "reason")
    if status != "active" and not reason:
        raise ReasonLeftOut(f"Say why. {person.name} reads it in their letter", "reason")
    if person.status == status:
        raise StatusIsTheirs(f"{person.name} is {_WORDS[status]} already", "reason")
    with _an_admin_stays("reason"):
        change(
            "UPDATE theatre_employee SET status = %s, status_reason = %s, status_by_id = %s WHERE user_id = %s",
            [status, reason, by.user_id, user_id],
        )
    verb = {"suspended": "suspend", "removed": "remove", "active": "bring_back"}[status]
    _end(by, person, verb, status, reason=reason, before=person.status, after=status)


def _end(by: Actor, person: _Person, verb: str, what: str, *, reason: str = "", **values: Any) -> None:
    """What every change of standing ends with: nothing of theirs stays open, it is recorded, and they are told."""
    end_sessions_and_tokens(person.id)
    record(by, verb, ("user", person.id), reason=reason, **values)
    events.standing_changed.send(
        sender=None, user_id=person.id, email=person.email, change=what, role=values["after"] if what == "role" else "",
        reason=reason,
    )  # fmt: skip


def _an_admin_stays(field: str) -> Any:
    return refusing(
        an_admin_stays=lambda: LastAdmin("They are the last admin. Make somebody else one first", field)
    )


def _unknown() -> PersonUnknown:
    return PersonUnknown("Nobody with that number works here")


def _a(role: str) -> str:
    return f"an {role}" if role == Role.ADMIN else f"a {role}"
