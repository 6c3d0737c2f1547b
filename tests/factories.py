"""Real rows for tests. Holds and bookings go through the real actions, so they are as true as the house's own."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

from django.db.models.functions import Now

from tests import people
from theatre.access import Actor
from theatre.actions.booking.cancel import cancel_booking
from theatre.actions.booking.confirm import confirm_booking
from theatre.actions.booking.hold import hold_seats
from theatre.actions.vip.reserve import reserve_seats
from theatre.demo import halls
from theatre.models import (
    Booking,
    Coupon,
    Genre,
    Movie,
    PriceCard,
    PriceCardAmount,
    Screen,
    Seat,
    SeatClaim,
    SeatPlan,
    Show,
    User,
    VipReservation,
)
from theatre.queries import bookings
from theatre.rules import shows

_numbers = count(1)

PRICES = {"standard": 11, "premium": 13, "vip": 18, "wheelchair": 9, "companion": 9}
# Ten rows of ten with an aisle; premium seats, a row with wheelchair spaces and companions, a VIP row.
HALL = (
    "sssss.sssss",
    "sssss.sssss",
    "sssss.sssss",
    "wcsss.ssscw",
    "ppppp.ppppp",
    "sssss.sssss",
    "sssss.sssss",
    "sssss.sssss",
    "sssss.sssss",
    "vvvvv.vvvvv",
)


def movie(
    title: str = "", *, minutes: int | None = 100, genres: Sequence[str] = ("Drama",), **fields
) -> Movie:
    number = next(_numbers)
    made = Movie.objects.create(
        **{
            "title": title or f"Movie {number}",
            "slug": f"movie-{number}",
            "duration_minutes": minutes,
            "state": "showing" if minutes else "draft",
            "certificate": "PG",
            "director": "Ada Lumen",
            **fields,
        }
    )
    made.genres.set([Genre.objects.get_or_create(name=name)[0] for name in genres])
    return made


def screen(drawing: Sequence[str] = HALL, *, name: str = "", cleaning: int = 20) -> Screen:
    """A screen with one seat plan, drawn as in `theatre/demo/halls.py`."""
    number = next(_numbers)
    made = Screen.objects.create(name=name or f"Screen {number}", number=number, cleaning_minutes=cleaning)
    halls.build(made, drawing)
    return made


def plan_of(of: Screen) -> SeatPlan:
    """The newest seat plan of a screen."""
    return of.plans.latest("version")


def price_card(
    prices: dict[str, object] | None = None, *, name: str = "", **others: dict[str, object]
) -> PriceCard:
    """A card with these amounts for adults, and for other audiences: `price_card(child={"standard": 7})`."""
    card = PriceCard.objects.create(name=name or f"Card {next(_numbers)}")
    PriceCardAmount.objects.bulk_create(
        [
            PriceCardAmount(card=card, kind=kind, audience=audience, amount=Decimal(str(amount)))
            for audience, amounts in {"adult": prices or PRICES, **others}.items()
            for kind, amount in amounts.items()
        ]
    )
    return card


def show(
    *,
    in_hours: float = 24,
    of: Movie | None = None,
    on: Screen | None = None,
    card: PriceCard | None = None,
    state: str = "on_sale",
    **fields,
) -> Show:
    """A show that starts in so many hours (negative: has started), on a screen of its own unless one is given."""
    of, on = of or movie(), on or screen()
    starts_at = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=in_hours)
    ends_at = shows.ends_at(starts_at, 15, of.duration_minutes)
    return Show.objects.create(
        **{
            "movie": of,
            "screen": on,
            "plan": plan_of(on),
            "card": card or price_card(),
            "starts_at": starts_at,
            "ends_at": ends_at,
            "clean_at": ends_at + timedelta(minutes=on.cleaning_minutes),
            "state": state,
            **fields,
        }
    )


def free_seats(of: Show, number: int = 2, *, kind: str = "standard") -> list[int]:
    """Ids of seats nobody has a claim to, from the front row's left."""
    taken = SeatClaim.objects.filter(show=of).values("seat_id")
    free = Seat.objects.filter(plan=of.plan_id, kind=kind, broken=False, house_seat=False).exclude(
        pk__in=taken
    )
    return list(free.order_by("y", "x").values_list("pk", flat=True)[:number])


def coupon(code: str = "", *, percent: int = 15, **fields) -> Coupon:
    """A coupon that is good now, for everybody and everything, unless the fields say otherwise."""
    now = datetime.now(UTC)
    return Coupon.objects.create(
        **{
            "code": code or f"CODE{next(_numbers)}",
            "percent": percent,
            "valid_from": now - timedelta(days=30),
            "valid_until": now + timedelta(days=30),
            **fields,
        }
    )


def held(
    *,
    by: User | Actor | None = None,
    of: Show | None = None,
    seats: int | Sequence[int] = 2,
    for_customer: str | None = None,
) -> Booking:
    """A live hold by this person (a new customer unless given); `seats` is how many, or which."""
    of = of or show()
    chosen = free_seats(of, seats) if isinstance(seats, int) else list(seats)
    hold = hold_seats(by=_actor(by), show_id=of.pk, seat_ids=chosen, for_customer=for_customer)
    return Booking.objects.get(ref=hold.ref)


def booked(
    *,
    by: User | Actor | None = None,
    of: Show | None = None,
    seats: int | Sequence[int] = 2,
    for_customer: str | None = None,
    coupon_code: str = "",
    method: str = "",
) -> Booking:
    """A confirmed booking: held and confirmed at the price that was shown."""
    actor = _actor(by)
    of = of or show()
    booking = held(by=actor, of=of, seats=seats, for_customer=for_customer)
    total = Decimal(0) if method == "complimentary" else checkout_total(actor, booking.ref, coupon_code)
    confirm_booking(
        by=actor,
        ref=booking.ref,
        shown_total=total,
        method=method or ("cash" if actor.is_staff else "demo"),
        coupon_code=coupon_code,
    )
    booking.refresh_from_db()
    return booking


def vip(
    *,
    of: Show | None = None,
    seats: int | Sequence[int] = 2,
    by: User | Actor | None = None,
    guest: str = "Hana Mori",
    **wanted,
) -> VipReservation:
    """Seats kept for a guest of the house, by an admin."""
    of = of or show()
    chosen = free_seats(of, seats) if isinstance(seats, int) else list(seats)
    number = reserve_seats(
        by=_actor(by or people.admin()), show_id=of.pk, seat_ids=chosen, guest_name=guest, **wanted
    )
    return VipReservation.objects.get(pk=number)


def release_time_came(reservation: VipReservation) -> VipReservation:
    """Let the reservation's release time be over, as far as the database's clock is concerned."""
    ended = Now() - timedelta(minutes=1)  # to one transaction of a slow test it is still the beginning
    SeatClaim.objects.filter(show=reservation.show_id, vip=reservation).update(held_until=ended)
    VipReservation.objects.filter(pk=reservation.pk).update(release_at=ended, release_minutes=1)
    reservation.refresh_from_db()
    return reservation


def lapse(booking: Booking) -> Booking:
    """Let the hold's time be over, as far as the database's clock is concerned."""
    ended = Now() - timedelta(minutes=1)  # to one transaction of a slow test it is still the beginning
    SeatClaim.objects.filter(booking=booking, state="held").update(held_until=ended)
    Booking.objects.filter(pk=booking.pk).update(held_until=ended)
    booking.refresh_from_db()
    return booking


def cancelled(*, by: User | Actor | None = None, reason: str = "Plans changed", **wanted) -> Booking:
    """A confirmed booking that was cancelled again by the person who made it."""
    actor = _actor(by)
    booking = booked(by=actor, **wanted)
    cancel_booking(by=actor, ref=booking.ref, reason=reason)
    booking.refresh_from_db()
    return booking


def checkout_total(by: Actor, ref: str, coupon_code: str = "") -> Decimal:
    """The total that checkout shows for a hold of theirs."""
    checkout = bookings.checkout(by, ref, coupon_code)
    assert checkout is not None
    return checkout.quote.total


def _actor(by: User | Actor | None) -> Actor:
    if isinstance(by, Actor):
        return by
    return people.actor_for(by or people.customer())
