"""The four roles."""

from enum import StrEnum


class Role(StrEnum):
    """A person's one role, stored as this plain word."""

    ADMIN = "admin"
    MODERATOR = "moderator"
    SALESMAN = "salesman"
    CUSTOMER = "customer"


STAFF = frozenset({Role.ADMIN, Role.MODERATOR, Role.SALESMAN})
MANAGEMENT = frozenset({Role.ADMIN, Role.MODERATOR})


def is_staff(role: str) -> bool:
    """Whether the role is an employee's. Unknown words are a ValueError."""
    return Role(role) in STAFF


def needs_second_factor(role: str) -> bool:
    """Admins and moderators cannot pass without a second factor. Unknown words are a ValueError."""
    return Role(role) in MANAGEMENT
