"""Who is behind a session, in one query with their profiles."""

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import QuerySet
from django.db.models.functions import Lower

from theatre.models import User


class OneQueryBackend(AuthenticationBackend):
    """allauth's sign-in by address and password; the person comes with their customer's and employee's side."""

    def get_user(self, user_id: int) -> User | None:
        """The active user, or None."""
        return _people().filter(pk=user_id, is_active=True).first()

    def _authenticate_by_email(self, email: str, password: str) -> User | None:
        # allauth would look for the address without the index on lower(email).
        user = _people().alias(address=Lower("email")).filter(address=email.lower()).first()
        return self._check_password(user, password)


def _people() -> QuerySet[User]:
    return User.objects.select_related("customer", "employee")
