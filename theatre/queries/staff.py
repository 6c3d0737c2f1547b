"""Who works here: the list, and one person's page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from theatre.access import Actor, visible_staff
from theatre.models import Employee
from theatre.models.sql import fetch, fetch_one
from theatre.rules.roles import MANAGEMENT

STANDING = ("accept_invitation", "change_role", "suspend", "remove", "bring_back", "reset_second_factor")
MOST_EVENTS = 20


def employees(
    actor: Actor, *, search: str = "", role: str = "", status: str = "", mine: bool = False
) -> QuerySet[Employee]:
    """The staff this person sees, by name, those who left last. `mine`: who reports to them. To be sliced."""
    left_last = Case(When(status="removed", then=Value(1)), default=Value(0), output_field=IntegerField())
    found = Employee.objects.filter(visible_staff(actor)).select_related("user", "reports_to__user")
    for word in search.split()[:5]:
        found = found.filter(Q(user__full_name__icontains=word) | Q(user__email__icontains=word))
    if role:
        found = found.filter(user__role=role)
    if status:
        found = found.filter(status=status)
    if mine:
        found = found.filter(reports_to__user=actor.user_id or 0)
    return found.order_by(left_last, "user__full_name", "user__email")


def employee(actor: Actor, user_id: int) -> Employee | None:
    """One of them, with the user and who they report to; None for nobody, or somebody not theirs to see."""
    return (
        Employee.objects.filter(visible_staff(actor), user_id=user_id)
        .select_related("user", "reports_to__user", "status_by")
        .first()
    )


def leads(but: int = 0) -> list[tuple[int, str]]:
    """Whom staff can report to, by name: the user's number and name."""
    rows = fetch(
        "SELECT u.id, coalesce(nullif(u.full_name, ''), u.email) FROM theatre_employee e"
        " JOIN theatre_user u ON u.id = e.user_id"
        " WHERE e.status = 'active' AND u.is_active AND u.role = ANY(%s) AND u.id <> %s ORDER BY 2, 1",
        [[role.value for role in MANAGEMENT], but],
    )
    return [(row[0], row[1]) for row in rows]


@dataclass(frozen=True, slots=True)
class Owns:
    """What somebody would leave behind: assigned bookings of shows to come, and who reports to them."""

    bookings: int
    reports: int


def owns(user_id: int) -> Owns:
    """One query."""
    row = fetch_one(
        "SELECT (SELECT count(*) FROM theatre_booking b JOIN theatre_show s ON s.id = b.show_id"
        "        WHERE b.assigned_to_id = %s AND b.state = 'confirmed' AND s.starts_at > clock_timestamp()),"
        "       (SELECT count(*) FROM theatre_employee e JOIN theatre_employee lead ON lead.id = e.reports_to_id"
        "        WHERE lead.user_id = %s AND e.status <> 'removed')",
        [user_id, user_id],
    )
    return Owns(*row) if row else Owns(0, 0)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to somebody's standing here: what, when, who decided and why."""

    verb: str
    at: datetime
    by: str
    reason: str
    role: str


def events_of(user_id: int) -> Sequence[Event]:
    """The changes of somebody's standing, the newest first, at most MOST_EVENTS. One query."""
    rows = fetch(
        "SELECT a.verb, a.at, coalesce(nullif(u.full_name, ''), u.email, ''), a.reason,"
        "       coalesce(a.details ->> 'after', a.details ->> 'role', '')"
        " FROM theatre_auditentry a LEFT JOIN theatre_user u ON u.id = a.actor_id"
        " WHERE a.on_type = 'user' AND a.on_id = %s AND a.verb = ANY(%s) ORDER BY a.at DESC, a.id DESC LIMIT %s",
        [str(user_id), list(STANDING), MOST_EVENTS],
    )
    return [Event(*row) for row in rows]
