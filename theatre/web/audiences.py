"""Who each seat of a hold is for, as the review and the counter ask it, where the show's card has amounts for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from theatre.documents import words
from theatre.queries.audiences import amounts_of
from theatre.queries.bookings import SeenBooking, SeenTicket
from theatre.rules.audiences import AUDIENCES, offered

MOST = 50  # seats of one booking


@dataclass(frozen=True, slots=True)
class Option:
    """An audience with its list price; `chosen` is the one the ticket is for."""

    audience: str
    name: str
    price: Decimal
    chosen: bool


@dataclass(frozen=True, slots=True)
class SeatFor:
    """A seat and who it may be for; `name` is its field's."""

    name: str
    seat: str
    kind: str
    options: tuple[Option, ...]


def seats_for(booking: SeenBooking) -> list[SeatFor]:
    """The seats that have a choice, with what it costs; none when the card knows adults alone."""
    amounts = amounts_of(booking.show_id)
    return [
        SeatFor(
            _name(ticket),
            ticket.seat,
            words.kind_of_seat(ticket.kind),
            tuple(
                Option(
                    audience,
                    words.audience(audience),
                    # What the ticket is for already stays at the price it was held at.
                    ticket.list_price if audience == ticket.audience else amounts[ticket.kind, audience],
                    audience == ticket.audience,
                )
                for audience in audiences
            ),
        )
        for ticket in booking.tickets
        if len(audiences := offered(amounts, ticket.kind)) > 1
    ]


def asked(booking: SeenBooking, form: Mapping[str, str]) -> dict[int, str]:
    """By ticket the audience that the form names, where it is another than the ticket's."""
    named = {ticket: form.get(_name(ticket), "")[:20] for ticket in booking.tickets}
    return {
        ticket.id: audience for ticket, audience in named.items() if audience not in ("", ticket.audience)
    }


def of_seats(typed: list[str]) -> dict[int, str]:
    """By seat who it was for when it was held before, as a form sends it again: `401:child`."""
    pairs = [each.partition(":") for each in typed[:MOST]]
    return {
        int(seat): audience
        for seat, _, audience in pairs
        if audience in AUDIENCES and seat.isascii() and seat.isdigit() and len(seat) < 19
    }


def _name(ticket: SeenTicket) -> str:
    return f"audience-{ticket.id}"
