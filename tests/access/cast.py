"""One house for the whole matrix: everybody who asks, and a thing of each kind that is theirs."""

import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.test import Client

from tests import factories, people
from tests.access import model
from tests.api.calls import token_for
from tests.documents import pictures
from tests.web import factors
from tests.web.browsers import browser_of
from theatre.access import Actor
from theatre.actions.movies import files, posters
from theatre.actions.people import invitations
from theatre.actions.screens import out_of_service
from theatre.models import Booking, Photo, User
from theatre.queries.papers import papers_of

SECRET = "a stranger's browser"
OTHERS = {
    "customer": "other customer",
    "other customer": "customer",
    "salesman": "other salesman",
    "other salesman": "salesman",
}
Arguments = dict[str, object]


class Cast:
    """Who asks (`asks[person]`), and what is whose (`thing(kind, person)`)."""

    def __init__(self) -> None:
        self.users = {person: _made(person) for person in model.people() if person != "stranger"}
        self.sessions = {person: _session(person, self.users.get(person)) for person in model.people()}
        self.tokens = {
            person: token_for(
                who, second_factor="without" not in person, revoked=model.people()[person] == "nobody"
            )
            for person, who in self.users.items()
        }
        for person in ("unconfirmed", "suspended", "removed"):
            self.tokens[person] = token_for(self.users[person])
        self.show = factories.show()
        self._things: dict[tuple[str, str], Arguments] = {}

    def browser(self, person: str) -> Client:
        client = Client(raise_request_exception=False)
        client.cookies = SimpleCookie()
        if self.sessions[person]:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[person]
        return client

    def actor(self, person: str) -> Actor:
        if person == "stranger":
            return Actor(session=hashlib.sha256(SECRET.encode()).hexdigest(), network="192.0.2.7")
        return people.actor_for(self.users[person])

    def make(self, kind: str) -> None:
        """One of these for everybody who can have one, before anybody asks."""
        for person in owners():
            if (kind, person) not in self._things:
                self._things[kind, person] = MAKERS[kind](self, person)

    def make_anew(self) -> None:
        """Another of everything, for everybody."""
        self._things.clear()
        for kind in dict.fromkeys(kind for kind, _ in model.things().values()):
            self.make(kind)

    def thing(self, kind: str, person: str) -> Arguments:
        """The arguments of this person's; those of the customer's if they have none of their own."""
        return self._things.get((kind, person)) or self._things[kind, "customer"]


@contextmanager
def undone() -> Iterator[None]:
    """Nothing that happens inside stays; actions may begin their transactions in it, as in a TestCase."""
    atomic = transaction.atomic()
    atomic._from_testcase = True
    with atomic:
        yield
        transaction.set_rollback(True)


@contextmanager
def house() -> Iterator[Cast]:
    """The people, and one of everything for each of them; gone at the end."""
    with undone():
        cast = Cast()
        cast.make_anew()
        yield cast


def owners() -> list[str]:
    return [person for person, kind in model.people().items() if kind not in ("nobody", "halfway")]


def _made(person: str) -> User:
    if person == "unconfirmed":
        return people.customer(confirmed=False)
    if person in ("suspended", "removed"):
        return people.salesman(status=person)
    role = next((role for role in model.ROLES[1:] if role in person), "customer")
    made: User = getattr(people, role)(name=person)
    return made


def _session(person: str, who: User | None) -> str:
    if who is None:
        session = SessionStore()
        session["holder"] = SECRET
        session.save()
        return str(session.session_key)
    client = browser_of(who, second_factor="without" not in person)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    if person == "ended":
        SessionStore(key).delete()
    return key


def _booking_of(made: Booking) -> Arguments:
    return {"ref": made.ref}


def _hold(cast: Cast, person: str) -> Arguments:
    return _booking_of(factories.held(by=cast.actor(person), of=factories.show(), seats=1))


def _booking(cast: Cast, person: str) -> Arguments:
    if person == "stranger":
        return _booking(cast, "customer")
    return _booking_of(factories.booked(by=cast.actor(person), of=factories.show(), seats=1))


def _credit_note(cast: Cast, person: str) -> Arguments:
    if person == "stranger":
        return _credit_note(cast, "customer")
    booking = factories.cancelled(by=cast.actor(person), of=factories.show(), seats=1)
    return {"ref": booking.ref, "number": papers_of(booking.pk)[-1].number}


def _token(cast: Cast, person: str) -> Arguments:
    if person == "stranger":
        return _token(cast, "customer")
    token_for(cast.users[person])
    return {"token_id": cast.users[person].api_tokens.latest("pk").pk}


def _session_row(cast: Cast, person: str) -> Arguments:
    if person == "stranger":
        return _session_row(cast, "customer")
    row = UserSession.objects.create(
        user=cast.users[person], ip="192.0.2.7", user_agent="Another", session_key=key() + person[:4]
    )
    return {"session_id": row.pk}


def _photo(cast: Cast, person: str) -> Arguments:
    if person == "stranger":
        return _photo(cast, "customer")
    photo, _made = Photo.objects.get_or_create(
        user=cast.users[person], defaults={"webp": b"RIFF", "mark": key()}
    )
    return {"mark": photo.mark}


def _passkey(cast: Cast, person: str) -> Arguments:
    if person == "stranger":
        return _passkey(cast, "customer")
    who = cast.users[person]
    factors.add_passkey(cast.browser(person))
    return {"pk": Authenticator.objects.filter(user=who, type="webauthn").latest("pk").pk}


def _invitation(cast: Cast, person: str) -> Arguments:
    by = cast.actor("admin")
    return {"invitation_id": invitations.invite(by=by, email=f"{key()}@example.org", role="salesman")}


def _poster(cast: Cast, person: str) -> Arguments:
    movie = cast.show.movie
    posters.set_poster(by=cast.actor("admin"), movie_id=movie.pk, content=pictures.jpeg(400, 600))
    movie.refresh_from_db()
    return {"mark": movie.poster, "width": 400}


def _movie_file(cast: Cast, person: str) -> Arguments:
    rows = f'[{{"title": "{key()}", "release date": "2020-01-01"}}]'.encode()
    return {"file_id": files.look_through(by=cast.actor("admin"), data=rows, name="movies.json")}


def _plan(cast: Cast, person: str) -> Arguments:
    return {"screen_id": cast.show.screen_id, "plan_id": cast.show.plan_id}


def _seat_out(cast: Cast, person: str) -> Arguments:
    show = factories.show()
    out = out_of_service.take_out(
        by=cast.actor("admin"), screen_id=show.screen_id, row="A", number=1, reason="Broken", show_id=show.pk
    )
    return {"screen_id": show.screen_id, "out_id": out}


def _reset_link(cast: Cast, person: str) -> Arguments:
    who = people.customer()
    return {"uidb36": user_pk_to_url_str(who), "key": default_token_generator.make_token(who)}


# Kind, as the table of things names it -> how one of this person's is made, and how its page is addressed.
MAKERS: dict[str, Callable[[Cast, str], Arguments]] = {
    "movie": lambda cast, person: {"slug": cast.show.movie.slug},
    "poster": _poster,
    "filed movie": lambda cast, person: {"movie_id": factories.movie().pk},
    "file of movies": _movie_file,
    "show": lambda cast, person: {"show_id": cast.show.pk},
    "hold": _hold,
    "booking": _booking,
    "credit note": _credit_note,
    "token": _token,
    "reset link": _reset_link,
    "letter link": lambda cast, person: {"token": "no-letter-has-it", "secret": "no-letter-has-it"},
    "session": _session_row,
    "photo": _photo,
    "passkey": _passkey,
    "salesman": lambda cast, person: {"user_id": people.salesman().pk},
    "invitation": _invitation,
    "VIP reservation": lambda cast, person: {"reservation_id": factories.vip().pk},
    "screen": lambda cast, person: {"screen_id": cast.show.screen_id},
    "seat plan": _plan,
    "seat out of service": _seat_out,
    "price card": lambda cast, person: {"card_id": cast.show.card_id},
}
# What never was, argument by argument.
MISSING: Arguments = {
    "slug": "no-such-movie",
    "show_id": 999_999_999,
    "ref": "ABCDEFGH",
    "number": "1999-00001",
    "token_id": 999_999_999,
    "uidb36": "zzzzz",
    "key": "abc-" + "0" * 32,
    "token": "never-sent",
    "secret": "never-sent",
    "session_id": 999_999_999,
    "mark": "no-such-photo",
    "width": 400,
    "movie_id": 999_999_999,
    "file_id": 999_999_999,
    "pk": 999_999_999,
    "user_id": 999_999_999,
    "invitation_id": 999_999_999,
    "reservation_id": 999_999_999,
    "screen_id": 999_999_999,
    "plan_id": 999_999_999,
    "out_id": 999_999_999,
    "card_id": 999_999_999,
}


def missing(like: Arguments) -> Arguments:
    """The arguments of a thing like it that never was."""
    return {name: MISSING[name] for name in like}


def body_like(schema: dict[str, Any], shapes: dict[str, Any]) -> Any:
    """A body that fits a schema of the OpenAPI document: what it needs, and no more."""
    if "$ref" in schema:
        return body_like(shapes[schema["$ref"].rsplit("/", 1)[-1]], shapes)
    for one in schema.get("anyOf", schema.get("allOf", [])):
        return body_like(one, shapes)
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            needed = schema.get("required", [])
            return {name: body_like(schema["properties"][name], shapes) for name in needed}
        case "integer":
            return 1
        case "array":
            return [body_like(schema["items"], shapes)]
        case "boolean":
            return True
        case _:
            return "22.00"


def key() -> str:
    return secrets.token_hex(8)
