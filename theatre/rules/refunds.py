"""What goes back when tickets are returned: their price, from the payments that paid for them.

Source: domain.md, "Money": a refund refers to its payment and can never exceed it. Money is Decimal in the
theatre's currency.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from theatre.rules.refusals import Refused


class NothingToReturn(Refused):
    """No ticket was chosen, or none is left."""

    code = "nothing_to_return"


class TicketNotInBooking(Refused):
    """A ticket that is not of this booking."""

    code = "ticket_not_in_booking"


class TicketReturned(Refused):
    """A ticket that has been returned before."""

    code = "ticket_returned"


class RefundExceedsPayments(Refused):
    """More would go back than was paid."""

    code = "refund_exceeds_payments"


@dataclass(frozen=True, slots=True)
class SoldTicket:
    """A ticket of the booking with the price it was sold at; `live` until it is returned."""

    ticket: int
    price: Decimal
    live: bool = True


@dataclass(frozen=True, slots=True)
class Payment:
    """A captured payment: `amount` came in, `refunded` of it has already gone back."""

    payment: int
    amount: Decimal
    refunded: Decimal = Decimal(0)

    @property
    def left(self) -> Decimal:
        """What can still go back."""
        return self.amount - self.refunded


@dataclass(frozen=True, slots=True)
class Part:
    """What goes back through one payment."""

    payment: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Refund:
    """The tickets that come back, the amount, the parts by payment (they add up to it), and whether the
    whole booking is cancelled by it or keeps tickets."""

    tickets: tuple[SoldTicket, ...]
    amount: Decimal
    parts: tuple[Part, ...]
    whole: bool


def refund(
    tickets: Sequence[SoldTicket], payments: Sequence[Payment], returning: Sequence[int] | None = None
) -> Refund:
    """The refund for returning these tickets (None: all that are live).

    Each ticket gives back the price it was sold at. The amount is taken from the payments in the given order,
    from none more than is left of it. Refused with NothingToReturn, TicketNotInBooking, TicketReturned (also
    for a ticket named twice) or RefundExceedsPayments.
    """
    known = {ticket.ticket: ticket for ticket in tickets}
    if returning is None:
        chosen = [ticket for ticket in tickets if ticket.live]
    else:
        chosen = [_returnable(known.get(number), number) for number in returning]
    if not chosen:
        raise NothingToReturn("Choose at least one ticket to return", "tickets")
    if len({ticket.ticket for ticket in chosen}) < len(chosen):
        raise TicketReturned("A ticket can be returned once only. One is named twice", "tickets")
    amount = sum((ticket.price for ticket in chosen), Decimal(0))
    live = sum(ticket.live for ticket in tickets)
    return Refund(tuple(chosen), amount, _parts(amount, payments), whole=len(chosen) == live)


def _returnable(ticket: SoldTicket | None, number: int) -> SoldTicket:
    if ticket is None:
        raise TicketNotInBooking("That ticket isn’t in this booking", "tickets", tickets=[number])
    if not ticket.live:
        raise TicketReturned("That ticket has already been returned", "tickets", tickets=[number])
    return ticket


def _parts(amount: Decimal, payments: Sequence[Payment]) -> tuple[Part, ...]:
    parts = []
    open_amount = amount
    for payment in payments:
        share = min(open_amount, payment.left)
        if share > 0:
            parts.append(Part(payment.payment, share))
            open_amount -= share
    if open_amount > 0:
        raise RefundExceedsPayments(
            "More would go back than was paid. Ask a moderator to look at this booking"
        )
    return tuple(parts)
