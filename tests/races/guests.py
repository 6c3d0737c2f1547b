"""People with tokens to the API."""

from dataclasses import dataclass

from tests import people
from theatre.access import Actor
from theatre.actions.people.tokens import create_token
from theatre.models import User


@dataclass(frozen=True)
class Caller:
    """A person, the actor they are, and their token."""

    who: User
    by: Actor
    token: str


def caller(who: User) -> Caller:
    by = people.actor_for(who)
    return Caller(who, by, create_token(by=by, name="race").secret)


def customers(number: int) -> list[Caller]:
    return [caller(people.customer()) for _ in range(number)]
