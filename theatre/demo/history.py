"""Loading guests and sales: what the demo cinema and the big seed have in common."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

from theatre.demo import copying
from theatre.demo.books import TABLES, WITH_IDS, Books
from theatre.demo.copying import NULL, Ids, copy, moment, text
from theatre.demo.names import full_name
from theatre.demo.parties import Guest, Offer, Seller, SoldShow
from theatre.demo.sales import DAY, Sale
from theatre.models import Coupon
from theatre.models.sql import change, fetch, fetch_one
from theatre.rules.coupons import Coupon as CouponTerms
from theatre.rules.tiers import Tier

PEOPLE = ("theatre_user", "theatre_customer", "account_emailaddress")
LOADED = (*PEOPLE, *TABLES)
NO_PASSWORD = "!"  # noqa: S105 - nobody signs in with it


@dataclass(frozen=True, slots=True)
class Loaded:
    """Tickets sold, and those of them given back; bookings, those that lapsed included."""

    bookings: int
    tickets: int
    returned: int


def new_guests(rng: Random, number: int) -> list[Guest]:
    """So many customers, with ids taken and addresses nobody else has; not yet in the database."""
    first_user = copying.take_ids("theatre_user", number)
    first_customer = copying.take_ids("theatre_customer", number)
    return [
        Guest(
            first_user + place,
            first_customer + place,
            f"guest{first_user + place}@guests.example",
            full_name(rng),
        )
        for place in range(number)
    ]


def load_guests(rng: Random, guests: Sequence[Guest], now: int) -> None:
    """The guests as users and customers with confirmed addresses, their tiers as their bookings left them."""
    first_address = copying.take_ids("account_emailaddress", len(guests))
    joined = {guest.user_id: moment(now - rng.randrange(3 * DAY, 800 * DAY)) for guest in guests}
    copy(
        "theatre_user",
        "id, password, email, role, full_name, phone, is_active, confirmed_at, joined_at",
        (
            f"{guest.user_id}\t{NO_PASSWORD}\t{guest.email}\tcustomer\t{text(guest.name)}\t\tt\t"
            f"{joined[guest.user_id]}\t{joined[guest.user_id]}"
            for guest in guests
        ),
    )
    copy(
        "theatre_customer",
        "id, user_id, member_number, tier_id, tier_tickets, counted_at, mails, access_needs, long_holds",
        (
            f"{guest.customer_id}\t{guest.user_id}\tM{guest.customer_id:08d}\t"
            f"{guest.tier.name if guest.tier else NULL}\t{guest.tickets}\t{moment(guest.counted or now)}\t"
            f'{{"new_movies": true, "promotions": true, "offers": true}}\t\tf'
            for guest in guests
        ),
    )
    copy(
        "account_emailaddress",
        'id, email, verified, "primary", user_id',
        (
            f"{first_address + place}\t{guest.email}\tt\tt\t{guest.user_id}"
            for place, guest in enumerate(guests)
        ),
    )


def load_sales(
    *,
    rng: Random,
    shows: Sequence[SoldShow],
    sales: Iterable[Sale],
    guests: Sequence[Guest],
    sellers: Sequence[Seller],
    offers: Sequence[Offer],
    now: int,
) -> Loaded:
    """Every row of these sales, with the counters of invoices and coupons set. Needs `copying.loading`."""
    ids = Ids(WITH_IDS)
    first = ids.next["theatre_booking"]
    numbers = {
        (series, year): last
        for series, year, last in fetch("SELECT series, year, last FROM theatre_invoicecounter")
    }
    tiers = [Tier(*row) for row in fetch("SELECT name, threshold, percent FROM theatre_tier")]
    with copying.copying_beside() as write:
        books = Books(
            rng=rng, ids=ids, shows=shows, guests=guests, sellers=sellers, offers=offers, tiers=tiers, numbers=numbers,
            now=now, write=write,
        )  # fmt: skip
        books.keep(sales)
    ids.keep()
    change(
        "INSERT INTO theatre_invoicecounter (series, year, last) SELECT * FROM unnest(%s::text[], %s::int[], %s::int[])"
        " ON CONFLICT (series, year) DO UPDATE SET last = EXCLUDED.last",
        [[series for series, _ in numbers], [year for _, year in numbers], list(numbers.values())],
    )
    for offer in offers:
        change("UPDATE theatre_coupon SET used = used + %s WHERE id = %s", [offer.live, offer.id])
    return Loaded(ids.next["theatre_booking"] - first, books.sold, books.returned)


def database_now() -> int:
    """The database's clock in whole seconds of the epoch."""
    row = fetch_one("SELECT extract(epoch FROM clock_timestamp())::bigint")
    assert row is not None  # noqa: S101 - a SELECT without FROM has one row
    return int(row[0])


def offer(coupon: Coupon) -> Offer:
    """A stored coupon as the books spend it."""
    terms = CouponTerms(
        code=coupon.code,
        percent=coupon.percent,
        valid_from=coupon.valid_from,
        valid_until=coupon.valid_until,
        total_limit=coupon.total_limit,
        per_customer_limit=coupon.per_customer_limit,
        min_tickets=coupon.min_tickets,
        movie_ids=frozenset(coupon.movies.values_list("pk", flat=True)),
        weekdays=frozenset(coupon.weekdays),
        combinable=coupon.combinable,
    )
    return Offer(coupon.pk, terms)
