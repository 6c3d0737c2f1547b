"""A history of any size, for measuring: two years behind and three weeks ahead, on screens of its own.

The same numbers, seed and moment make the same history. It goes into an empty database or beside what is there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

from django.conf import settings

from theatre.actions._doors import action
from theatre.demo import copying, halls, history
from theatre.demo.cinema import HALLS
from theatre.demo.copying import NULL, copy, moment, text
from theatre.demo.history import Loaded
from theatre.demo.names import film_title, full_name
from theatre.demo.parties import Offer, Seller, SoldShow
from theatre.demo.sales import Market, Sale, sales_of_show, shares
from theatre.demo.sitting import Hall, hall
from theatre.models import Coupon, Employee, Genre, PriceCard, PriceCardAmount, Screen, User
from theatre.models.sql import fetch
from theatre.queries import quotes, seatmap
from theatre.rules import shows as times
from theatre.rules.refusals import Refused

DAYS_BEHIND, DAYS_AHEAD = 730, 21
# Local starts, far enough apart for the longest film with its trailers and the cleaning.
SLOTS = ((10, 30), (14, 0), (17, 30), (21, 0))
SHORTEST, LONGEST = 80, 150
PRICES = {"standard": "11.00", "premium": "13.50", "vip": "18.00", "wheelchair": "9.00", "companion": "9.00"}
GENRES = ("Drama", "Comedy", "Adventure", "Thriller/Suspense", "Documentary", "Musical")
FULLEST = 0.92  # of a hall, on average over a show's sales
TABLES = ("theatre_movie", "theatre_movie_genres", "theatre_show", *history.LOADED)


class SizesDoNotFit(Refused):
    """More tickets than these shows have seats, or another number nothing can be made of."""

    code = "sizes_do_not_fit"


@dataclass(frozen=True, slots=True)
class Sizes:
    """What is asked for. `tickets` are sold, those given back later included."""

    movies: int
    shows: int
    tickets: int
    customers: int
    seed: int


@dataclass(frozen=True, slots=True)
class _Film:
    id: int
    title: str
    minutes: int


def seed(sizes: Sizes, say: Callable[[str], None] = lambda line: None) -> Loaded:
    """Load a history of these sizes, in one transaction, then refresh the statistics. Refused: SizesDoNotFit."""
    _check(sizes)
    loaded = _load(sizes, say)
    copying.refresh_statistics(TABLES)
    return loaded


def _check(sizes: Sizes) -> None:
    for name, least in (("movies", 1), ("shows", 1), ("tickets", 0), ("customers", 0)):
        if getattr(sizes, name) < least:
            raise SizesDoNotFit(f"Ask for {least} {name} or more")


@action
def _load(sizes: Sizes, say: Callable[[str], None]) -> Loaded:
    rng = Random(sizes.seed)
    now = history.database_now()
    with copying.loading(TABLES):
        films = _films(rng, sizes.movies)
        screens = _screens(sizes.shows)
        say(f"{len(films)} movies, {len(screens)} screens")
        shows = _shows(rng, sizes.shows, films, screens, now)
        say(f"{len(shows)} shows")
        guests = history.new_guests(rng, sizes.customers)
        sellers = _sellers(rng)
        sales = _sales(rng, shows, sizes.tickets, Market(len(guests), len(sellers), now))
        say(f"{len(sales)} bookings made up")
        loaded = history.load_sales(
            rng=rng, shows=shows, sales=sales, guests=guests, sellers=sellers, offers=_offers(now), now=now
        )
        history.load_guests(rng, guests, now)
        say(f"{loaded.tickets} tickets written; proving every row")
    return loaded


def _films(rng: Random, number: int) -> list[_Film]:
    genres = [Genre.objects.get_or_create(name=name)[0].pk for name in GENRES]
    first = copying.take_ids("theatre_movie", number)
    films = [
        _Film(first + place, film_title(rng, first + place), rng.randrange(SHORTEST, LONGEST + 1))
        for place in range(number)
    ]
    copy(
        "theatre_movie",
        "id, title, slug, duration_minutes, certificate, synopsis, director, actors, languages, release_date, poster,"
        " trailer_url, formats, state",
        (
            f"{film.id}\t{text(film.title)}\tseed-{film.id}\t{film.minutes}\tPG\t\t{text(full_name(rng))}\t\t{{en}}\t"
            f"{rng.randrange(1960, 2025)}-06-01\t\t\t{{}}\tshowing"
            for film in films
        ),
    )
    copy("theatre_movie_genres", "movie_id, genre_id", (f"{film.id}\t{rng.choice(genres)}" for film in films))
    return films


def _screens(shows: int) -> list[tuple[Screen, Hall]]:
    """As many screens as the shows need."""
    number = max(len(HALLS), -(-shows // ((DAYS_BEHIND + DAYS_AHEAD) * len(SLOTS))))
    [(last,)] = fetch("SELECT coalesce(max(number), 0) FROM theatre_screen")
    made = []
    for place in range(1, number + 1):
        screen = Screen.objects.create(
            name=f"Screen {last + place}, seeded",
            number=last + place,
            cleaning_minutes=settings.CLEANING_MINUTES,
        )
        plan = halls.build(screen, HALLS[place % len(HALLS)])
        made.append((screen, hall(plan.pk, seatmap.plan_of(plan.pk).seats)))
    return made


def _shows(
    rng: Random, number: int, films: Sequence[_Film], screens: Sequence[tuple[Screen, Hall]], now: int
) -> list[SoldShow]:
    """Shows spread over all the slots there are, by time."""
    today = datetime.fromtimestamp(now, quotes.ZONE).date()
    begins = today - timedelta(days=DAYS_BEHIND)
    slots = (DAYS_BEHIND + DAYS_AHEAD) * len(SLOTS) * len(screens)
    card, _ = PriceCard.objects.get_or_create(name="Seed prices")
    for kind, amount in PRICES.items():
        PriceCardAmount.objects.get_or_create(card=card, kind=kind, defaults={"amount": Decimal(amount)})
    first = copying.take_ids("theatre_show", number)
    shows, lines = [], []
    for id_, slot in enumerate(sorted(rng.sample(range(slots), number)), first):
        rest, place = divmod(slot, len(screens))
        days, slot_of_day = divmod(rest, len(SLOTS))
        screen, seats = screens[place]
        film = rng.choice(films)
        starts = _starts(begins + timedelta(days=days), *SLOTS[slot_of_day])
        ends = int(
            times.ends_at(
                datetime.fromtimestamp(starts, UTC), settings.TRAILER_MINUTES, film.minutes
            ).timestamp()
        )
        state = "played" if ends < now else "on_sale"
        lines.append(
            f"{id_}\t{film.id}\t{screen.pk}\t{seats.plan_id}\t{card.pk}\t{moment(starts)}\t{moment(ends)}\t"
            f"{moment(ends + screen.cleaning_minutes * 60)}\t{{}}\t{NULL}\t{NULL}\t{state}"
        )
        prices = {kind: Decimal(amount) for kind, amount in PRICES.items()}
        shows.append(SoldShow(id_, seats.plan_id, seats, starts, film.id, film.title, screen.name, prices))
    copy(
        "theatre_show",
        "id, movie_id, screen_id, plan_id, card_id, starts_at, ends_at, clean_at, formats, on_sale_from,"
        " on_sale_until, state",
        lines,
    )
    return shows


def _starts(day: date, hour: int, minute: int) -> int:
    local = datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001 - local on purpose
    return int(times.to_utc(local, quotes.ZONE, second=False).timestamp())


def _sellers(rng: Random) -> list[Seller]:
    """The salesmen there are, or three new ones."""
    there = [
        Seller(user, name)
        for user, name in fetch(
            "SELECT id, full_name FROM theatre_user WHERE role = 'salesman' AND is_active ORDER BY id"
        )
    ]
    if there:
        return there
    made = []
    for number in range(1, 4):
        user = User.objects.create(
            email=f"seed.salesman{number}@guests.example", role="salesman", full_name=full_name(rng),
            password=history.NO_PASSWORD, confirmed_at=datetime.now(UTC),
        )  # fmt: skip
        Employee.objects.create(user=user, start_date=date(2020, 1, 1))
        made.append(Seller(user.pk, user.full_name))
    return made


def _offers(now: int) -> list[Offer]:
    """Two coupons that were good all the time."""
    [(last,)] = fetch("SELECT coalesce(max(id), 0) FROM theatre_coupon")
    window = {
        "valid_from": datetime.fromtimestamp(now, UTC) - timedelta(days=DAYS_BEHIND + 60),
        "valid_until": datetime.fromtimestamp(now, UTC) + timedelta(days=60),
    }
    made = [
        Coupon.objects.create(code=f"SEED{last + 1}", percent=10, combinable=True, **window),
        Coupon.objects.create(code=f"SEED{last + 2}", percent=20, min_tickets=3, **window),
    ]
    return [history.offer(coupon) for coupon in made]


def _sales(rng: Random, shows: Sequence[SoldShow], tickets: int, market: Market) -> list[Sale]:
    """Sales that make exactly so many tickets: coming shows as they would have sold by now, past ones the rest."""
    rooms = [int(show.hall.room * FULLEST) for show in shows]
    past = [place for place, show in enumerate(shows) if show.starts < market.now]
    if tickets > sum(rooms[place] for place in past):
        room = sum(rooms[place] for place in past)
        raise SizesDoNotFit(
            f"These shows have room for {room} tickets. Ask for fewer tickets or for more shows"
        )
    average = tickets / max(1, len(shows))
    sales: list[Sale] = []
    for place in range(len(past), len(shows)):
        wanted = min(rooms[place], int(average * rng.uniform(0.5, 1.5)))
        sales += sales_of_show(rng, place, shows[place].starts, shows[place].hall, wanted, market)
    left = tickets - sum(len(sale.seats) for sale in sales if sale.at)
    if left < 0:
        raise SizesDoNotFit("So few tickets can’t be spread over these shows. Ask for fewer shows")
    parts = shares(
        [rng.uniform(0.3, 1.7) * rooms[place] for place in past], [rooms[place] for place in past], left
    )
    for place, part in zip(past, parts, strict=True):
        show = shows[place]
        sales += sales_of_show(rng, place, show.starts, show.hall, part, market, exactly=True)
    return sales
