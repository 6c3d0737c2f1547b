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


def tell_guest_their_show_is_cancelled(
    *, booking: SeenBooking, ticket_ids: list[int], refunded: Decimal, reason: str, **_: Any
) -> None:
    data = {"tickets": ticket_ids, "refunded": str(refunded), "reason": reason}
    outbox.queue_to_guest(booking, kind="show_cancelled", deed=booking.show_id, data=data)


def tell_followers_their_movie_opened(*, movie_id: int, **_: Any) -> None:
    outbox.queue_to_followers(kind="movie_opened", movie_ids=[movie_id])


def tell_followers_there_are_shows(*, movie_ids: list[int], **_: Any) -> None:
    outbox.queue_to_followers(kind="first_shows", movie_ids=movie_ids)


def tell_guest_and_staff_of_a_change(
    *, booking: SeenBooking, was: int, ticket_ids: list[int], refunded: Decimal, **_: Any
) -> None:
    outbox.queue_about_booking(
        booking,
        deed=booking.id,
        to_guest="booking_changed",
        to_staff="new_booking",
        own_sales_too=False,
        data={"was": was, "tickets": ticket_ids, "refunded": str(refunded)},
    )


def tell_guests_their_show_moved(*, move_id: int, **_: Any) -> None:
    outbox.queue_to_moved_guests(move_id)


def tell_customer_their_tier(*, customer_id: int, tier: str, percent: Decimal, **_: Any) -> None:
    outbox.queue_for_customer(
        customer_id=customer_id, kind="tier_reached", deed=tier, data={"tier": tier, "percent": str(percent)}
    )


def tell_party_its_offer(*, booking: SeenBooking, party_id: int, **_: Any) -> None:
    outbox.queue_to_guest(booking, kind="seats_offered", deed=party_id, data={})


def tell_party_it_waited_in_vain(*, party_id: int, customer_id: int, show_id: int, **_: Any) -> None:
    outbox.queue_for_customer(
        customer_id=customer_id, kind="waited_in_vain", deed=str(party_id), data={"show": show_id}
    )


def tell_user_their_code(*, user_id: int, email: str, code: str, **_: Any) -> None:
    key = f"confirm_address:{user_id}:{secrets.token_hex(8)}"  # every code that was asked for is sent
    outbox.queue(key=key, kind="confirm_address", to=email, user_id=user_id, data={"code": code})


def tell_user_their_reset_link(*, user_id: int, email: str, link: str, **_: Any) -> None:
    key = f"password_reset:{user_id}:{secrets.token_hex(8)}"  # every link that was asked for is sent
    outbox.queue(key=key, kind="password_reset", to=email, user_id=user_id, data={"link": link})


def tell_new_address_of_the_change(
    *, user_id: int, change_id: int, new: str, code: str, taken_by: int | None, **_: Any
) -> None:
    if taken_by:  # its owner, and nobody else, hears that it is in use
        outbox.queue(key=f"address_in_use:{change_id}", kind="address_in_use", to=new, user_id=taken_by)
        return
    key, data = f"confirm_new_address:{change_id}", {"change": change_id, "code": code}
    outbox.queue(key=key, kind="confirm_new_address", to=new, user_id=user_id, data=data)


def tell_old_address_of_the_wish(*, user_id: int, change_id: int, old: str, new: str, **_: Any) -> None:
    key, data = f"address_change_asked:{change_id}", {"change": change_id, "new": new}
    outbox.queue(key=key, kind="address_change_asked", to=old, user_id=user_id, data=data)


def tell_old_address_of_the_change(*, user_id: int, change_id: int, old: str, new: str, **_: Any) -> None:
    key, data = f"address_changed:{change_id}", {"change": change_id, "new": new}
    outbox.queue(key=key, kind="address_changed", to=old, user_id=user_id, data=data)


def tell_both_addresses_of_the_stop(
    *, user_id: int, change_id: int, kept: str, dropped: str, **_: Any
) -> None:
    data = {"kept": kept, "dropped": dropped}
    for to in filter(None, (kept, dropped)):
        key = f"address_change_stopped:{change_id}:{to == kept}"
        outbox.queue(key=key, kind="address_change_stopped", to=to, user_id=user_id, data=data)


def tell_invited_their_link(
    *, invitation_id: int, email: str, role: str, name: str, by: str, secret: str, **_: Any
) -> None:
    key = f"invitation:{invitation_id}:{secrets.token_hex(8)}"  # every link that was made is sent
    outbox.queue(
        key=key, kind="invitation", to=email, data={"code": secret, "role": role, "name": name, "by": by}
    )


def tell_employee_their_standing(
    *, user_id: int, email: str, change: str, role: str, reason: str, **_: Any
) -> None:
    key = f"standing:{user_id}:{secrets.token_hex(8)}"  # each change is told
    told = {"change": change, "role": role, "reason": reason}
    outbox.queue(key=key, kind="standing", to=email, user_id=user_id, data=told)


def tell_person_their_account_is_erased(*, user_id: int, email: str, **_: Any) -> None:
    outbox.queue(key=f"account_erased:{user_id}", kind="account_erased", to=email)


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
    events.cancelled_with_its_show.connect(tell_guest_their_show_is_cancelled)
    events.movie_opened.connect(tell_followers_their_movie_opened)
    events.shows_put_on_sale.connect(tell_followers_there_are_shows)
    events.seats_offered.connect(tell_party_its_offer)
    events.waited_in_vain.connect(tell_party_it_waited_in_vain)
    events.booking_changed.connect(tell_guest_and_staff_of_a_change)
    events.show_moved.connect(tell_guests_their_show_moved)
    events.tier_reached.connect(tell_customer_their_tier)
    events.address_code_asked.connect(tell_user_their_code)
    events.password_reset_asked.connect(tell_user_their_reset_link)
    events.password_changed.connect(tell_user_their_password_changed)
    events.address_change_asked.connect(tell_new_address_of_the_change)
    events.address_change_asked.connect(tell_old_address_of_the_wish)
    events.address_changed.connect(tell_old_address_of_the_change)
    events.address_change_stopped.connect(tell_both_addresses_of_the_stop)
    events.invited.connect(tell_invited_their_link)
    events.standing_changed.connect(tell_employee_their_standing)
    events.account_erased.connect(tell_person_their_account_is_erased)
    events.account_exists.connect(tell_user_they_have_an_account)
    events.security_changed.connect(tell_user_their_security_changed)
    events.second_factor_reset.connect(tell_user_their_second_factor_was_reset)
