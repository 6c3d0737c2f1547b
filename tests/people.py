"""The cast: people as real rows, confirmed and able to sign in, and the actor each of them acts as."""

from datetime import UTC, date, datetime
from itertools import count

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from theatre.access import Actor
from theatre.models import Customer, Employee, Tier, User
from theatre.rules.roles import Role

PASSWORD = "velvet curtain at eight"
_numbers = count(1)


def user(
    role: Role, *, name: str = "", email: str = "", confirmed: bool = True, password: str = PASSWORD
) -> User:
    """A person without a profile. Not confirmed: they may not act before they are."""
    number = next(_numbers)
    email = email or f"{role.value}{number}@example.org"
    made = User.objects.create(
        email=email,
        role=role.value,
        full_name=name or f"{role.value.title()} {number}",
        password=make_password(password),
        confirmed_at=datetime.now(UTC) if confirmed else None,
    )
    EmailAddress.objects.create(user=made, email=email, verified=confirmed, primary=True)
    return made


def customer(*, tier: str = "", **wanted) -> User:
    """A customer; `tier` is a tier's name, with as many tickets counted as it needs."""
    made = user(Role.CUSTOMER, **wanted)
    reached = Tier.objects.get(name=tier) if tier else None
    Customer.objects.create(
        user=made,
        member_number=f"M{made.pk:08d}",
        tier=reached,
        tier_tickets=reached.threshold if reached else 0,
    )
    return made


def employee(role: Role, *, reports_to: User | None = None, status: str = "active", **wanted) -> User:
    """A member of staff."""
    made = user(role, **wanted)
    boss = Employee.objects.get(user=reports_to) if reports_to else None
    Employee.objects.create(
        user=made, start_date=date(2024, 3, 1), base_salary=2400, reports_to=boss, status=status
    )
    return made


def salesman(**wanted) -> User:
    return employee(Role.SALESMAN, **wanted)


def moderator(**wanted) -> User:
    return employee(Role.MODERATOR, **wanted)


def admin(**wanted) -> User:
    return employee(Role.ADMIN, **wanted)


def actor_for(who: User, *, second_factor: bool = True, channel: str = "online") -> Actor:
    """The person as actions know them. Staff sell at the counter."""
    profile = Customer.objects.filter(user=who).first()
    return Actor(
        user_id=who.pk,
        role=Role(who.role),
        email=who.email,
        name=who.full_name,
        customer_id=profile.pk if profile else None,
        long_holds=bool(profile and profile.long_holds),
        second_factor=second_factor,
        channel=channel if profile else "counter",
    )


def stranger(session: str = "a-browser", network: str = "192.0.2.7") -> Actor:
    """Somebody who has not signed in."""
    return Actor(session=session, network=network)
