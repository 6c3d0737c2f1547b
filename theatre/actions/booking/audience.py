"""Say who the tickets of a hold are for, before it is paid."""

from collections.abc import Mapping

from theatre.access import Actor, Permission, require
from theatre.actions._doors import booking_action, record
from theatre.actions.booking import _claims, _holds
from theatre.models.sql import change
from theatre.queries.audiences import amounts_of
from theatre.rules.audiences import price_for
from theatre.rules.refunds import TicketNotInBooking

_CHANGE = """
UPDATE theatre_ticket k SET audience = t.audience, list_price = t.price
FROM (SELECT * FROM unnest(%s::bigint[], %s::text[], %s::numeric[]) AS t (id, audience, price) ORDER BY id) AS t
WHERE k.id = t.id AND k.booking_id = %s AND k.state = 'held'
"""


@booking_action
def change_audiences(*, by: Actor, ref: str, audiences: Mapping[int, str]) -> int:
    """Each ticket named by its id is for this audience from now on, at the price card's amount of this moment; how many
    changed. The others keep the price that was frozen when they were held.

    Refused: BookingUnknown, HoldLapsed, AlreadyConfirmed, TicketNotInBooking, AudienceNotOffered.
    """
    require(by, Permission.HOLD_SEATS)
    live = _claims.lock_live(ref)
    booking = _holds.lock(by, ref)
    _holds.check_live(booking, len(live))
    unknown = sorted(set(audiences) - {ticket.id for ticket in booking.tickets})
    if unknown:
        raise TicketNotInBooking("That ticket isn’t in this booking", "tickets", tickets=unknown)
    others = [
        (ticket, audiences[ticket.id])
        for ticket in booking.tickets
        if audiences.get(ticket.id, ticket.audience) != ticket.audience
    ]
    if not others:
        return 0
    amounts = amounts_of(booking.show_id)
    prices = [
        price_for(amounts, seat=ticket.seat, kind=ticket.kind, audience=audience)
        for ticket, audience in others
    ]
    changed = change(
        _CHANGE,
        [[ticket.id for ticket, _ in others], [audience for _, audience in others], prices, booking.id],
    )
    record(
        by,
        "change_audiences",
        ("booking", ref),
        audiences={ticket.seat: audience for ticket, audience in others},
    )
    return changed
