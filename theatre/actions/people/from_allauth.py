"""What allauth's own transactions may call: helpers that join the open one instead of beginning theirs.

The single exception to `durable` (architecture.md); known to `web/account` alone.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from theatre import events
from theatre.access import Actor
from theatre.actions._doors import hold_person, record, refusing
from theatre.actions.booking import _holds
from theatre.actions.people._ending import end_sessions_and_tokens
from theatre.models import Customer, User
from theatre.models.sql import change, fetch, fetch_one
from theatre.rules.refusals import Refused
from theatre.rules.roles import Role

_MEMBER_LETTERS = "2346789ABCDEFGHJKMNPQRTUVWXYZ"


class AddressTaken(Refused):
    """Somebody has an account with this address already."""

    code = "address_taken"


@transaction.atomic
def sign_up(user: User) -> None:
    """Store a new customer with their profile. Refused with AddressTaken."""
    with refusing(
        one_user_per_address=lambda: AddressTaken("That address has an account. Sign in with it", "email")
    ):
        user.save(force_insert=True)
    make_customer(user)


def make_customer(user: User) -> Customer:
    """The customer profile of somebody who has just signed up, with a member number of their own."""
    customer, _ = Customer.objects.get_or_create(user=user, defaults={"member_number": new_member_number()})
    return customer


def new_member_number() -> str:
    """`M` and eight characters that cannot be misread."""
    return "M" + "".join(secrets.choice(_MEMBER_LETTERS) for _ in range(8))


@transaction.atomic
def keep_password(user: User) -> None:
    """Store the password that was set on the user. Their sessions and tokens end with it (whoever changes it while
    signed in is given a new session by allauth), and they are told."""
    hold_person(user.pk)
    user.save(update_fields=["password"])
    end_sessions_and_tokens(user.pk)
    record(Actor(user_id=user.pk, role=Role(user.role)), "change_password", ("user", user.pk))
    events.password_changed.send(sender=None, user_id=user.pk, email=user.email)


def confirm_address(user: User) -> None:
    """The address has been confirmed: the person may act from now on."""
    change(
        "UPDATE theatre_user SET confirmed_at = clock_timestamp() WHERE id = %s AND confirmed_at IS NULL",
        [user.pk],
    )


@transaction.atomic
def ask_for_code(user: User, email: str, code: str) -> None:
    """Have the code sent that confirms this address."""
    events.address_code_asked.send(sender=None, user_id=user.pk, email=email, code=code)


@transaction.atomic
def ask_for_password_reset(user: User, link: str) -> None:
    """Have the link sent that sets a new password."""
    events.password_reset_asked.send(sender=None, user_id=user.pk, email=user.email, link=link)


@transaction.atomic
def tell_of_account(email: str) -> None:
    """Tell an address that somebody tried to sign up with it that it has an account."""
    user = fetch_one("SELECT id, email FROM theatre_user WHERE lower(email) = lower(%s)", [email])
    if user:
        events.account_exists.send(sender=None, user_id=user[0], email=user[1])


@contextmanager
def adding_a_way(user: User, *, in_place_of_the_app: bool = False) -> Iterator[None]:
    """A second factor is being added: one at a time for this person, and all of it or nothing.

    ``in_place_of_the_app`` takes the authenticator app of before away.
    """
    with transaction.atomic():
        fetch_one("SELECT id FROM theatre_user WHERE id = %s FOR NO KEY UPDATE", [user.pk])
        if in_place_of_the_app:
            change("DELETE FROM mfa_authenticator WHERE user_id = %s AND type = 'totp'", [user.pk])
        yield


def spend_app_step(user: User, step: int) -> bool:
    """Note the 30 seconds that a code of the authenticator app is of; False when they, or later ones, were used before.

    Source: RFC 6238, 5.2: a code is taken once.
    """
    return bool(
        change(
            "UPDATE mfa_authenticator SET data = jsonb_set(data, '{last_step}', to_jsonb(%s::bigint))"
            " WHERE user_id = %s AND type = 'totp' AND coalesce((data ->> 'last_step')::bigint, -1) < %s",
            [step, user.pk, step],
        )
    )


@transaction.atomic
def tell_of_security(user: User, what: str) -> None:
    """Note, and tell the person, what changed in how they sign in: `what` is a word of the letter security_changed."""
    record(Actor(user_id=user.pk, role=Role(user.role)), what, ("user", user.pk))
    events.security_changed.send(sender=None, user_id=user.pk, email=user.email, change=what, last=False)


@transaction.atomic
def adopt_hold(user: User, session: str) -> int:
    """Pass the seats a stranger held in this browser session to the account; how many bookings."""
    if not session:
        return 0
    held = fetch(
        "SELECT c.booking_id FROM theatre_seatclaim c JOIN theatre_booking b ON b.id = c.booking_id"
        " WHERE b.session = %s AND b.state = 'held' ORDER BY c.show_id, c.seat_id FOR UPDATE OF c",
        [session],
    )
    customer = fetch_one("SELECT id FROM theatre_customer WHERE user_id = %s", [user.pk])
    by = Actor(
        user_id=user.pk,
        role=Role(user.role),
        customer_id=customer[0] if customer else None,
        channel="online" if customer else "counter",
    )
    return _holds.adopt(by, [row[0] for row in held])
