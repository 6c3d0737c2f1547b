"""Change a booking: other seats, another time, another movie. The old tickets come back and new ones are sold, at once.

A changed booking is a new one that names the one it replaces: papers and tickets of a booking never change (decision
0033). What goes back and what is to pay are the sums of a return and of a sale; the difference is what is shown.
"""

import secrets
from collections.abc import Sequence
from decimal import Decimal

from theatre import events
from theatre.access import Actor, Permission, require
from theatre.actions._doors import booking_action, record
from theatre.actions.booking import _claims, _giving_back, _holds, _once, hold
from theatre.actions.booking._once import Once
from theatre.actions.booking.confirm import Confirmed, MethodNotOffered, sell
from theatre.models import Booking, Ticket
from theatre.models.sql import fetch_one
from theatre.queries import changing
from theatre.queries.bookings import SeenBooking
from theatre.rules import bookings, seating
from theatre.rules.refusals import Refused
from theatre.rules.seating import Seat


class OtherNumber(Refused):
    """A change is for as many seats as the booking has."""

    code = "other_number"


class NothingChanged(Refused):
    """These are the seats the booking has."""

    code = "nothing_changed"


@booking_action
def change_booking(
    *,
    by: Actor,
    ref: str,
    show_id: int,
    seat_ids: Sequence[int],
    shown_difference: Decimal,
    method: str,
    reason: str = "",
    once: Once | None = None,
) -> Confirmed:
    """Exchange all live tickets of a booking for as many seats of this show, at the difference that was shown: what is
    to pay, or less than nothing (theatre's currency). The new booking.

    Its coupon goes along where it may be used on the new show, the tier is the customer's of today. Refused: what
    `cancel_booking` and `hold_seats` refuse, OtherNumber, NothingChanged, MethodNotOffered, PriceChanged. Source:
    domain.md, "Booking".
    """
    require(by, Permission.CANCEL_BOOKINGS)
    if (before := _once.begin(once)) is not None:
        return Confirmed(before["ref"], before)
    named = fetch_one("SELECT id FROM theatre_booking WHERE ref = %s", [ref])
    if named is None:
        raise _holds.unknown()
    show = hold.show_on_sale(show_id, by, for_good=True)
    chosen = seating.check_choice(
        hold.named(show.plan, seat_ids), list(seat_ids), limit=hold.seat_limit(by), by_staff=by.is_staff
    )
    ids = sorted(seat.id for seat in chosen)
    _claims.take_in_exchange(_claims.Wanted(show_id, show.plan, ids, show.next_booking, None), named[0])
    old = _giving_back.lock_own(by, ref, reason=reason, deed=bookings.CHANGE)
    audiences = changing.whose(_audiences(old, show_id, chosen), chosen, show.prices)
    _claims.give_up(old.id)
    if show.counter_seats and not by.is_staff and old.show_id != show_id:
        hold.leave_the_counters(show, taking=len(ids))
    if show.others_wait:
        hold.leave_the_waiting(show, ids)
    given_away = fetch_one("SELECT complimentary FROM theatre_booking WHERE id = %s", [old.id]) == (True,)
    if given_away != (method == "complimentary"):
        raise MethodNotOffered("Seats that were given away are changed as such, by an admin", "method")
    back = _giving_back.take_back(by, old, reason=reason)
    new = _holds.lock(by, _book(by, old, show, chosen, audiences))

    def tell(sold: SeenBooking) -> None:
        events.booking_changed.send(
            sender=None, booking=sold, was=old.id, ticket_ids=back.tickets, refunded=back.refund.amount
        )

    done = sell(
        by, new, shown_total=shown_difference + back.refund.amount, method=method,
        coupon_code=changing.coupon_for(old.id, new), tell=tell,
    )  # fmt: skip
    record(by, "change", ("booking", old.ref), reason=reason, to=new.ref, show=show_id)
    _giving_back.credit(old, back, once, done.record)
    return done


def _audiences(old: _giving_back.Booking, show_id: int, chosen: Sequence[Seat]) -> list[str]:
    """Who the tickets are for, in the order of their seats, which are as many as are chosen, and others."""
    live = Ticket.objects.filter(booking_id=old.id, state=Ticket.State.SOLD).order_by("seat__y", "seat__x")
    rows = list(live.values_list("seat_id", "audience"))
    has = {seat for seat, _ in rows}
    if len(chosen) != len(has):
        raise OtherNumber(
            f"This booking has {len(has)} tickets. Choose as many seats, or cancel some first", "seats"
        )
    if old.show_id == show_id and {seat.id for seat in chosen} == has:
        raise NothingChanged("These are the seats you have. Choose others, or another time", "seats")
    return [audience for _, audience in rows]


def _book(
    by: Actor, old: _giving_back.Booking, show: hold.Show, chosen: Sequence[Seat], audiences: Sequence[str]
) -> str:
    """The new booking as it stands a moment before it is sold: held, at the list prices of today; its reference."""
    prices = hold.prices_of(show, chosen, audiences)
    was = Booking.objects.get(pk=old.id)
    seller = by.user_id if by.is_staff else None
    made = Booking.objects.create(
        id=show.next_booking, ref=bookings.new_reference(secrets.choice), show_id=show.id,
        customer_id=old.customer_id, guest_name=was.guest_name, guest_email=was.guest_email, booked_by_id=by.user_id,
        seller_id=seller, assigned_to_id=was.assigned_to_id or seller, channel=by.channel, held_until=show.now,
        replaces=was,
    )  # fmt: skip
    Ticket.objects.bulk_create(
        Ticket(
            booking=made, show_id=show.id, plan_id=show.plan.id, seat_id=seat.id, kind=seat.kind, list_price=price,
            audience=audience,
        )
        for seat, price, audience in zip(chosen, prices, audiences, strict=True)
    )  # fmt: skip
    record(
        by,
        "hold",
        ("booking", made.ref),
        seats=[seat.label for seat in chosen],
        show=show.id,
        instead_of=old.ref,
    )
    return made.ref
