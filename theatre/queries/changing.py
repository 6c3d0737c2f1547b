"""A booking that is to be changed: what other seats would cost, and what is to pay or goes back."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from decimal import Decimal

from theatre.models.sql import fetch_one
from theatre.queries import quotes
from theatre.queries.audiences import amounts_of
from theatre.queries.bookings import SeenBooking
from theatre.queries.seatmap import ShowSeats
from theatre.rules.audiences import ADULT
from theatre.rules.coupons import CouponRefused
from theatre.rules.pricing import Line, Quote
from theatre.rules.seating import Seat


@dataclass(frozen=True, slots=True)
class Offer:
    """Seats in exchange for a booking's: their price, what comes back for the present ones, and the coupon's code when
    it cannot go along."""

    quote: Quote
    back: Decimal
    lost_coupon: str

    @property
    def difference(self) -> Decimal:
        """What is to pay; less than nothing goes back."""
        return self.quote.total - self.back


def whose(now: Sequence[str], chosen: Sequence[Seat], amounts: Container[tuple[str, str]]) -> list[str]:
    """Who the new seats are for: as the tickets are, in their order; for an adult where the card has no other price."""
    return [
        audience if (seat.kind, audience) in amounts else ADULT
        for seat, audience in zip(chosen, now, strict=True)
    ]


def offer(booking: SeenBooking, seen: ShowSeats, chosen: Sequence[Seat]) -> Offer:
    """What these seats of a show would cost instead of the booking's. One query, two with a coupon."""
    live = [ticket for ticket in booking.tickets if ticket.state == "sold"]
    amounts = amounts_of(seen.show_id)
    lines = [
        Line(seat.id, seat.label, seat.kind, amounts.get((seat.kind, audience), Decimal(0)), audience)
        for seat, audience in zip(
            chosen, whose([ticket.audience for ticket in live], chosen, amounts), strict=True
        )
    ]
    terms, lost = None, ""
    if booking.coupon and booking.method != "complimentary":
        try:
            _, terms = quotes.coupon_terms(
                booking.coupon, customer_id=booking.customer_id, tier=booking.customer_tier, tickets=len(chosen),
                movie_id=seen.movie_id, starts_at=seen.starts_at, now=seen.now, coming_back=1,
            )  # fmt: skip
        except CouponRefused:
            lost = booking.coupon
    quote = quotes.price(
        lines, tier=booking.customer_tier, coupon=terms, complimentary=booking.method == "complimentary"
    )
    return Offer(quote, sum((ticket.price or Decimal(0) for ticket in live), Decimal(0)), lost)


@dataclass(frozen=True, slots=True)
class Related:
    """What a booking replaces, and what replaces it; empty without."""

    before: str
    after: str


def related(booking_id: int) -> Related:
    """The references before and after a booking: both are for the same eyes. One query."""
    row = fetch_one(
        "SELECT coalesce(o.ref, ''), coalesce(n.ref, '') FROM theatre_booking b"
        " LEFT JOIN theatre_booking o ON o.id = b.replaces_id"
        " LEFT JOIN theatre_booking n ON n.replaces_id = b.id WHERE b.id = %s",
        [booking_id],
    )
    return Related(*row) if row else Related("", "")


def coupon_for(old_id: int, new: SeenBooking) -> str:
    """The coupon of the booking that is given back, if it may be used on the one that replaces it; else nothing. Its
    use has been given back already."""
    row = fetch_one(
        "SELECT c.code FROM theatre_booking b JOIN theatre_coupon c ON c.id = b.coupon_id WHERE b.id = %s",
        [old_id],
    )
    if row is None:
        return ""
    try:
        quotes.coupon_terms(
            row[0], customer_id=new.customer_id, tier=new.customer_tier, tickets=len(new.tickets),
            movie_id=new.movie_id, starts_at=new.starts_at, now=new.now,
        )  # fmt: skip
    except CouponRefused:
        return ""
    return str(row[0])
