"""Every receiver there is: an event in, letters out. See `theatre/events.py` for what each is given."""

import secrets
from decimal import Decimal
from typing import Any

from theatre import events
from theatre.notices import outbox
from theatre.queries.bookings import SeenBooking


def tell_guest_and_staff_of_a_booking(*, booking: SeenBooking, **_: Any) -> None:
    outbox.queue_about_booking(
        booking,
        deed=booking.id,
        to_guest="booking_confirmed",
        to_staff="new_booking",
        own_sales_too=False,
    )


def tell_guest_and_staff_of_returned_tickets(
    *, booking: SeenBooking, ticket_ids: list[int], refunded: Decimal, whole: bool, **_: Any
) -> None:
    outbox.queue_about_booking(
        booking,
        deed=min(ticket_ids),  # a ticket is returned once
        to_guest="booking_cancelled" if whole else "tickets_returned",
        to_staff="cancellation",
        own_sales_too=True,
        data={"tickets": ticket_ids, "refunded": str(refunded)},
    )


def tell_customer_their_tier(*, customer_id: int, tier: str, percent: Decimal, **_: Any) -> None:
    outbox.queue_for_customer(
        customer_id=customer_id, kind="tier_reached", deed=tier, data={"tier": tier, "percent": str(percent)}
    )


def tell_user_their_code(*, user_id: int, email: str, code: str, **_: Any) -> None:
    key = f"confirm_address:{user_id}:{secrets.token_hex(8)}"  # every code that was asked for is sent
    outbox.queue(key=key, kind="confirm_address", to=email, user_id=user_id, data={"code": code})


def tell_user_their_reset_link(*, user_id: int, email: str, link: str, **_: Any) -> None:
    key = f"password_reset:{user_id}:{secrets.token_hex(8)}"  # every link that was asked for is sent
    outbox.queue(key=key, kind="password_reset", to=email, user_id=user_id, data={"link": link})


def tell_user_they_have_an_account(*, user_id: int, email: str, **_: Any) -> None:
    key = f"account_exists:{user_id}:{secrets.token_hex(8)}"
    outbox.queue(key=key, kind="account_exists", to=email, user_id=user_id)


def tell_user_their_password_changed(*, user_id: int, email: str, **_: Any) -> None:
    key = f"password_changed:{user_id}:{secrets.token_hex(8)}"  # every change is told
    outbox.queue(key=key, kind="password_changed", to=email, user_id=user_id)


def tell_user_their_security_changed(*, user_id: int, email: str, change: str, last: bool, **_: Any) -> None:
    key = f"security_changed:{user_id}:{secrets.token_hex(8)}"  # every change is told
    outbox.queue(
        key=key, kind="security_changed", to=email, user_id=user_id, data={"change": change, "last": last}
    )


def tell_user_their_second_factor_was_reset(*, user_id: int, email: str, reason: str, **_: Any) -> None:
    key = f"second_factor_reset:{user_id}:{secrets.token_hex(8)}"  # every reset is told
    outbox.queue(key=key, kind="second_factor_reset", to=email, user_id=user_id, data={"reason": reason})


def connect() -> None:
    """Connect the receivers to their events."""
    events.booking_confirmed.connect(tell_guest_and_staff_of_a_booking)
    events.tickets_returned.connect(tell_guest_and_staff_of_returned_tickets)
    events.tier_reached.connect(tell_customer_their_tier)
    events.address_code_asked.connect(tell_user_their_code)
    events.password_reset_asked.connect(tell_user_their_reset_link)
    events.password_changed.connect(tell_user_their_password_changed)
    events.account_exists.connect(tell_user_they_have_an_account)
    events.security_changed.connect(tell_user_their_security_changed)
    events.second_factor_reset.connect(tell_user_their_second_factor_was_reset)
