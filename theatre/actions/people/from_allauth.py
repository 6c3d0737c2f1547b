"""What allauth's own transactions may call: helpers that join the open one instead of beginning theirs.

The single exception to `durable` (architecture.md); known to `web/account` alone.
"""

import secrets

from django.db import transaction

from theatre import events
from theatre.access import Actor
from theatre.actions._doors import record, refusing
from theatre.actions.booking import _holds
from theatre.actions.people._sessions import end_sessions_and_tokens
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
