"""A show's seats: the plan's geometry, cached because a plan never changes, and the claims of this moment."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from theatre.access import Actor, Permission, allowed
from theatre.models.sql import fetch, fetch_one
from theatre.rules import seating
from theatre.rules.seating import BROKEN, HOUSE_SEAT, RESTRICTED_VIEW, Seat

FREE, HELD, SOLD, BLOCKED, YOURS, VIP = "free", "held", "sold", "blocked", "yours", "vip"
_SHOWN = {"held": HELD, "sold": SOLD, "vip": BLOCKED, "blocked": BLOCKED, "waiting": BLOCKED, "yours": YOURS}


@dataclass(frozen=True, slots=True)
class Plan:
    """One version of a screen's seats, by row and column."""

    id: int
    seats: tuple[Seat, ...]
    by_id: dict[int, Seat]


@dataclass(frozen=True, slots=True)
class ShowSeats:
    """A show with every seat's state as this person sees it. `states` has no entry for a free seat.

    `prices` are list prices for an adult by seat kind, in the theatre's currency. `now` is the database's. `guests`
    names, for those who sell, whom a seat is kept for; to everybody else it is only not on sale.
    """

    show_id: int
    state: str
    starts_at: datetime
    ends_at: datetime
    on_sale_from: datetime | None
    on_sale_until: datetime | None
    formats: tuple[str, ...]
    movie_id: int
    title: str
    slug: str
    poster: str
    certificate: str
    genre: str
    screen: str
    screen_number: int
    access_notes: str
    plan: Plan
    prices: dict[str, Decimal]
    states: dict[int, str]
    guests: dict[int, str]
    now: datetime
    counter_seats: int

    @property
    def only_at_the_counter(self) -> bool:
        """Whether no more seats are left than the counter keeps for itself."""
        return 0 < self.free <= self.counter_seats

    @property
    def free(self) -> int:
        """Seats a customer could still take."""
        return sum(
            1
            for seat in self.plan.seats
            if seat.id not in self.states and seating.is_sold_to(seat, by_staff=False)
        )

    def state_of(self, seat: Seat, by_staff: bool = False) -> str:
        """free, held, sold, blocked, yours, or vip for those who sell."""
        return self.states.get(seat.id) or (FREE if seating.is_sold_to(seat, by_staff) else BLOCKED)


@lru_cache(maxsize=256)
def plan_of(plan_id: int) -> Plan:
    """The plan's seats. Kept for the life of the process: a changed plan is a new version with a new id."""
    rows = fetch(
        "SELECT id, row, number, kind, x, y, beside_id, restricted_view, house_seat, broken"
        " FROM theatre_seat WHERE plan_id = %s ORDER BY y, x",
        [plan_id],
    )
    seats = tuple(
        Seat(
            id=id_, row=row, number=number, kind=kind, x=x, y=y, beside=beside,
            flags=frozenset(
                flag for flag, on in ((RESTRICTED_VIEW, restricted), (HOUSE_SEAT, house), (BROKEN, broken)) if on
            ),
        )
        for id_, row, number, kind, x, y, beside, restricted, house, broken in rows
    )  # fmt: skip
    return Plan(plan_id, seats, {seat.id: seat for seat in seats})


_FOR_SHOW = """
SELECT s.plan_id, s.state, s.starts_at, s.ends_at, s.on_sale_from, s.on_sale_until, s.formats,
       m.id, m.title, m.slug, m.poster, m.certificate,
       coalesce((SELECT g.name FROM theatre_movie_genres mg JOIN theatre_genre g ON g.id = mg.genre_id
                 WHERE mg.movie_id = m.id ORDER BY mg.id LIMIT 1), ''),
       sc.name, sc.number, sc.access_notes, clock_timestamp(),
       (SELECT array_agg(a.kind) FROM theatre_pricecardamount a
        WHERE a.card_id = s.card_id AND a.audience = 'adult'),
       (SELECT array_agg(a.amount) FROM theatre_pricecardamount a
        WHERE a.card_id = s.card_id AND a.audience = 'adult'),
       s.counter_seats, taken.seats, taken.states, taken.guests
FROM theatre_show s
JOIN theatre_movie m ON m.id = s.movie_id
JOIN theatre_screen sc ON sc.id = s.screen_id
CROSS JOIN LATERAL (
  SELECT array_agg(c.seat_id) AS seats,
         array_agg(CASE WHEN c.state = 'held' AND (b.booked_by_id = %s::bigint OR b.customer_id = %s::bigint
                                                   OR b.session = %s::text)
                        THEN 'yours' ELSE c.state END) AS states,
         array_agg(CASE WHEN c.state = 'vip' THEN
           (SELECT v.guest_name FROM theatre_vipreservation v WHERE v.id = c.vip_id) END) AS guests
  FROM theatre_seatclaim c
  LEFT JOIN theatre_booking b ON b.id = c.booking_id AND c.state = 'held'
  WHERE c.show_id = s.id AND (c.held_until IS NULL OR c.held_until > clock_timestamp())
) taken
WHERE s.id = %s
"""


def for_show(actor: Actor, show_id: int) -> ShowSeats | None:
    """The show's seats as this person sees them, or None when there is no such show for them. One query.

    A show that is only planned is seen by staff alone.
    """
    row = fetch_one(_FOR_SHOW, [actor.user_id, actor.customer_id, actor.session or None, show_id])
    if row is None or (row[1] == "planned" and not actor.is_staff):
        return None
    *facts, now, kinds, amounts, kept, seat_ids, states, names = row
    guests = {
        seat: name
        for seat, name in zip(seat_ids or (), names or (), strict=True)
        if name is not None and allowed(actor, Permission.SELL)
    }
    plan_id, state, starts_at, ends_at, sale_from, sale_until, formats = facts[:7]
    movie_id, title, slug, poster, certificate, genre, screen, screen_number, access_notes = facts[7:]
    return ShowSeats(
        show_id=show_id, state=state, starts_at=starts_at, ends_at=ends_at,
        on_sale_from=sale_from, on_sale_until=sale_until, formats=tuple(formats),
        movie_id=movie_id, title=title, slug=slug, poster=poster, certificate=certificate, genre=genre,
        screen=screen, screen_number=screen_number, access_notes=access_notes,
        plan=plan_of(plan_id),
        prices=dict(zip(kinds or (), amounts or (), strict=True)),
        states={
            seat: VIP if seat in guests else _SHOWN[how]
            for seat, how in zip(seat_ids or (), states or (), strict=True)
        },
        guests=guests, now=now, counter_seats=kept,
    )  # fmt: skip
