"""Turn seats kept for a guest of the house into a confirmed booking, complimentary or paid at the counter."""

from decimal import Decimal

from theatre.access import Actor, Permission, require
from theatre.actions._doors import action, record
from theatre.actions.booking import _claims, _holds, _making, _once
from theatre.actions.booking._once import Once
from theatre.actions.booking.confirm import Confirmed, MethodNotOffered, sell
from theatre.actions.booking.hold import SeatHasNoPrice
from theatre.actions.vip import _reservations
from theatre.actions.vip._reservations import Locked
from theatre.models import Booking, Channel, PriceCardAmount
from theatre.models.sql import change, fetch_one
from theatre.queries import seatmap
from theatre.rules import seating, shows, vip


@action
def book_reservation(
    *, by: Actor, reservation_id: int, shown_total: Decimal, method: str, once: Once | None = None
) -> Confirmed:
    """Sell the reserved seats to their guest at the total that was shown (theatre's currency; 0 if complimentary).

    A complimentary reservation is sold by the method `complimentary` and no other, a priced one by cash or card.
    Refused: ReservationUnknown, ReservationOver, ShowNotOnSale, SalesClosed, MethodNotOffered, PriceChanged.
    """
    require(by, Permission.RESERVE_VIP)
    if (before := _once.begin(once)) is not None:
        return Confirmed(before["ref"], before)
    shared = fetch_one(
        "SELECT state FROM theatre_show"
        " WHERE id = (SELECT show_id FROM theatre_vipreservation WHERE id = %s) FOR KEY SHARE",
        [reservation_id],
    )
    live = _claims.lock_for_guest(reservation_id)
    reservation = _reservations.lock(reservation_id)
    _reservations.check_live(reservation, live, to=vip.State.BOOKED)
    if shared is not None:
        shows.check_state_sells(shared[0])
    if reservation.complimentary:
        method, shown_total = "complimentary", Decimal(0)
    elif method == "complimentary":
        raise MethodNotOffered("These seats are to be paid for. Choose cash or card", "method")
    booking = _book(by, reservation)
    change(
        "UPDATE theatre_seatclaim SET state = 'sold', held_until = NULL, vip_id = NULL, booking_id = %s"
        " WHERE show_id = %s AND vip_id = %s",
        [booking.pk, reservation.show_id, reservation.id],
    )
    _reservations.end(reservation.id, vip.State.BOOKED, by.user_id, booking.pk)
    record(by, "book_vip", ("vip_reservation", reservation.id), booking=booking.ref)
    return sell(by, _holds.lock(by, booking.ref), shown_total=shown_total, method=method, once=once)


def _book(by: Actor, reservation: Locked) -> Booking:
    """The booking as it stands a moment before it is sold: held, with its tickets at the list prices of today."""
    plan = seatmap.plan_of(reservation.plan_id)
    seats = seating.in_order(plan.by_id[seat_id] for seat_id in reservation.seat_ids)
    prices = dict(
        PriceCardAmount.objects.filter(
            card__shows=reservation.show_id, audience="adult", kind__in={seat.kind for seat in seats}
        ).values_list("kind", "amount")
    )
    unpriced = [seat for seat in seats if seat.kind not in prices]
    if unpriced:
        raise SeatHasNoPrice(f"{unpriced[0].label} has no price yet. Give its kind one on the price card")
    return _making.make_held(
        by, reservation.show_id, plan, seats, prices, guest_name=reservation.guest_name,
        guest_email=reservation.guest_email, booked_by_id=by.user_id, seller_id=by.user_id,
        assigned_to_id=by.user_id, channel=Channel.COUNTER, held_until=reservation.now,
    )  # fmt: skip
