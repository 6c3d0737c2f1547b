"""Give the roles of the database the rights that stand in theatre/models/rights.py."""

import re

from django.conf import settings

from theatre.actions._doors import action
from theatre.models import rights
from theatre.rules.refusals import Refused


class RightsUndecided(Refused):
    """A table has no line in theatre/models/rights.py, or a line has no table."""

    code = "rights_undecided"


class RoleHasNoName(Refused):
    """APPLICATION_ROLE or REPORTING_ROLE is not a name that needs no quotes."""

    code = "role_has_no_name"


@action
def grant_rights(*, login: bool = False) -> int:
    """Both roles have what stands in the table and nothing else; how many tables. With `login` they may connect, as the
    server allows. Safe to run again.

    For the owner's connection, after the migrations. Refused: RightsUndecided, RoleHasNoName.
    """
    roles = (settings.APPLICATION_ROLE, settings.REPORTING_ROLE)
    if len(set(roles)) < 2 or not all(re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", role) for role in roles):
        raise RoleHasNoName(
            "APPLICATION_ROLE and REPORTING_ROLE are two names of small letters, digits and _"
        )
    new, gone = rights.undecided()
    if new or gone:
        raise RightsUndecided(
            f"theatre/models/rights.py does not fit the tables: {', '.join(sorted(new | gone))}"
        )
    return rights.grant(*roles, login=login)
