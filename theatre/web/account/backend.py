"""Who is behind a session, in one query with their profiles."""

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from theatre.models import User
from theatre.queries import members


class OneQueryBackend(AuthenticationBackend):
    """allauth's sign-in by address and password; the person comes with their customer's and employee's side."""

    def get_user(self, user_id: int) -> User | None:
        """The person behind a session who may act at all, else None: an unconfirmed, suspended or removed one is nobody
        on every page, allauth's own included. What the chrome says of them is asked along with it: whether they hold a
        ticket for these hours, and what their next tier takes."""
        works = Q(employee__isnull=True) | Q(employee__status="active")
        people = _people().annotate(
            has_tickets_now=members.HAS_TICKETS_NOW, next_tier_at=members.NEXT_TIER_AT
        )
        return people.filter(works, pk=user_id, is_active=True, confirmed_at__isnull=False).first()

    def _authenticate_by_email(self, email: str, password: str) -> User | None:
        # allauth would look for the address without the index on lower(email).
        user = _people().alias(address=Lower("email")).filter(address=email.lower()).first()
        return self._check_password(user, password)


def _people() -> QuerySet[User]:
    return User.objects.select_related("customer", "employee")
