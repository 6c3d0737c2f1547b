"""What allauth's own transactions may call: helpers that join the open one instead of beginning theirs.

The single exception to `durable` (architecture.md); known to `web/account` alone.
"""

import secrets

from theatre import events
from theatre.models import Customer, User
from theatre.models.sql import change, fetch, fetch_one

_MEMBER_LETTERS = "2346789ABCDEFGHJKMNPQRTUVWXYZ"


def make_customer(user: User) -> Customer:
    """The customer profile of somebody who has just signed up, with a member number of their own."""
    customer, _ = Customer.objects.get_or_create(user=user, defaults={"member_number": new_member_number()})
    return customer


def new_member_number() -> str:
    """`M` and eight characters that cannot be misread."""
    return "M" + "".join(secrets.choice(_MEMBER_LETTERS) for _ in range(8))


def confirm_address(user: User) -> None:
    """The address has been confirmed: the person may act from now on."""
    change(
        "UPDATE theatre_user SET confirmed_at = clock_timestamp() WHERE id = %s AND confirmed_at IS NULL",
        [user.pk],
    )


def ask_for_code(user: User, email: str, code: str) -> None:
    """Have the code sent that confirms this address."""
    events.address_code_asked.send(sender=None, user_id=user.pk, email=email, code=code)


def adopt_hold(user: User, session: str) -> int:
    """Pass the seats a stranger held in this browser session to the account; how many bookings."""
    if not session:
        return 0
    fetch(
        "SELECT c.seat_id FROM theatre_seatclaim c JOIN theatre_booking b ON b.id = c.booking_id"
        " WHERE b.session = %s AND b.state = 'held' ORDER BY c.show_id, c.seat_id FOR UPDATE OF c",
        [session],
    )
    customer = fetch_one("SELECT id FROM theatre_customer WHERE user_id = %s", [user.pk])
    seller = None if customer else user.pk
    return change(
        "UPDATE theatre_booking SET customer_id = %s, booked_by_id = %s, seller_id = %s, assigned_to_id = %s,"
        " session = '', network = '' WHERE session = %s AND state = 'held'",
        [customer[0] if customer else None, user.pk, seller, seller, session],
    )
