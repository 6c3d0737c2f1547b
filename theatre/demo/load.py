"""The demo cinema, loaded once into an empty database: people, films, programme, a year of sales, and talk."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from django.conf import settings
from django.db.models import Q

from theatre.actions._doors import action
from theatre.actions.movies.importing import import_movies
from theatre.actions.screens._blocks import block_out_of_service
from theatre.demo import accounts, cinema, copying, halls, history, sales
from theatre.demo.accounts import ACCOUNTS, Account
from theatre.demo.parties import Guest, Offer, Seller, SoldShow
from theatre.demo.programme import Film, PlannedShow, day_of_shows
from theatre.demo.sales import DAY, Market, Sale
from theatre.demo.sitting import Hall, hall
from theatre.demo.talk import load_conversations, load_reviews
from theatre.models import (
    Coupon,
    Genre,
    Movie,
    PriceCard,
    PriceCardAmount,
    PriceCardDaypart,
    Screen,
    SeatClaim,
    SeatOutOfService,
    Show,
    User,
    VipReservation,
)
from theatre.models.sql import change
from theatre.queries import quotes, seatmap
from theatre.rules.roles import Role

DATA = Path(__file__).parent / "data" / "movies.json"
SEED = 20
TABLES = ("theatre_show", *history.LOADED)
RECENT_WEEKS = 4  # in which what is showing now was shown already
Say = Callable[[str], None]


def load_demo(say: Say) -> bool:
    """Load the demo cinema if there is none, and let its people in; whether it was loaded.

    All or nothing: what breaks off leaves the films alone, which the next call finds again.
    """
    kept = accounts.secrets_of_all(settings.DATA_DIR)
    if User.objects.exists() or Screen.objects.exists():
        if not accounts.knows(kept):
            _let_in(kept)
        return False
    done = import_movies(data=DATA.read_bytes(), name=DATA.name)
    say(f"{done.imported + done.unchanged} films imported, {len(done.refused)} refused")
    _load(say)
    _let_in(kept)
    copying.refresh_statistics((*TABLES, "theatre_movie", "theatre_seat", "theatre_review"))
    return True


@action
def _let_in(kept: dict[str, accounts.Secrets]) -> None:
    accounts.let_in(kept)


@action
def _load(say: Say) -> None:
    rng = Random(SEED)
    now = history.database_now()
    moment = datetime.fromtimestamp(now, UTC)
    with copying.loading(TABLES):
        staff = accounts.make_staff(moment - timedelta(days=700))
        cards = _price_cards()
        screens = _screens()
        showing, past = _films(moment)
        planned = _programme(rng, screens, showing, past, now)
        shows = _shows(planned, screens, cards, now)
        say(f"{len(shows)} shows on {len(screens)} screens")
        guests = _guests(rng)
        sellers = [Seller(user.pk, user.full_name) for user in staff.values() if user.role == Role.SALESMAN]
        market = Market(cinema.GUESTS, len(sellers), now, settings.CANCEL_UNTIL_MINUTES * 60)
        sold = _sales(rng, planned, shows, market)
        loaded = history.load_sales(
            rng=rng, shows=shows, sales=sold, guests=guests, sellers=sellers, offers=_offers(moment), now=now
        )
        change("UPDATE theatre_coupon SET total_limit = used WHERE code = 'FIRST25' AND used > 0")
        history.load_guests(rng, guests, now)
        say(f"{loaded.tickets} tickets in {loaded.bookings} bookings, {loaded.returned} returned")
    _keep_some_back(shows, now, by=staff[ACCOUNTS[0].email])
    reviews = load_reviews(rng, [film.id for film in showing], now)
    talks = load_conversations(rng, staff[ACCOUNTS[1].email], now)
    say(f"{reviews} reviews, {talks} conversations")


def _price_cards() -> dict[str, PriceCard]:
    cards: dict[str, PriceCard] = {}
    for name, amounts in cinema.PRICES.items():
        cards[name.lower()] = card = PriceCard.objects.create(name=name, is_default=name == "Weekday")
        PriceCardAmount.objects.bulk_create(
            [
                PriceCardAmount(card=card, kind=kind, audience=audience, amount=Decimal(amount))
                for audience, prices in {"adult": amounts, **cinema.REDUCED[name]}.items()
                for kind, amount in prices.items()
            ]
        )
        PriceCardDaypart.objects.bulk_create(
            [
                PriceCardDaypart(card=card, weekdays=days, begins=begins, ends=ends)
                for days, begins, ends in cinema.DAYPARTS.get(name, ())
            ]
        )
    return cards


def _screens() -> list[tuple[Screen, Hall]]:
    made = []
    for number, drawn in enumerate(cinema.SCREENS, 1):
        screen = Screen.objects.create(
            name=drawn.name, number=number, cleaning_minutes=drawn.cleaning, access_notes=drawn.access
        )
        plan = halls.build(screen, drawn.drawing)
        made.append((screen, hall(plan.pk, seatmap.plan_of(plan.pk).seats)))
    return made


def _films(moment: datetime) -> tuple[list[Film], list[Film]]:
    """What is showing, and what was in the past year: good films of known length. What is coming is announced."""
    showing = []
    for wanted in cinema.SHOWING:
        movie = Movie.objects.get(title=wanted.title, release_date__year=wanted.year)
        movie.synopsis, movie.state, movie.languages = wanted.synopsis, Movie.State.SHOWING, ["en"]
        movie.save(update_fields=["synopsis", "state", "languages"])
        showing.append(_film(movie, wanted.appeal))
    for coming in cinema.COMING:
        made = Movie.objects.create(
            title=coming.title, slug="-".join(coming.title.lower().replace("’", "").split()),
            duration_minutes=coming.minutes, certificate=coming.certificate, director=coming.director,
            synopsis=coming.synopsis, release_date=(moment + timedelta(days=coming.in_days)).date(),
            state=Movie.State.COMING_SOON, languages=["en"],
        )  # fmt: skip
        made.genres.add(Genre.objects.get_or_create(name=coming.genre)[0])
    good = [
        Q(title=str(row["Title"]), duration_minutes=row["Running Time min"], director=row["Director"] or "")
        for row in json.loads(DATA.read_text())
        if (row["IMDB Rating"] or 0) >= cinema.GOOD_RATING and (row["IMDB Votes"] or 0) >= cinema.GOOD_VOTES
        if row["Running Time min"] and str(row["Title"]).isascii()
    ]
    chosen = Q()
    for one in good:
        chosen |= one
    return showing, [_film(movie, 1.0) for movie in Movie.objects.filter(chosen).order_by("pk")]


def _film(movie: Movie, appeal: float) -> Film:
    return Film(movie.pk, movie.title, movie.duration_minutes or 0, movie.certificate, appeal)


def _programme(
    rng: Random,
    screens: Sequence[tuple[Screen, Hall]],
    showing: Sequence[Film],
    past: Sequence[Film],
    now: int,
) -> list[PlannedShow]:
    """A year of one show a night, then two weeks in full around today, by time."""
    today = datetime.fromtimestamp(now, quotes.ZONE).date()
    full_from = today - timedelta(days=cinema.FULL_DAYS_BEHIND)
    day, end = today - cinema.HISTORY, today + timedelta(days=cinema.FULL_DAYS_AHEAD + 1)
    shows: list[PlannedShow] = []
    films: Sequence[Film] = []
    while day < end:
        if not films or day.weekday() == 3:  # new films come on Thursdays
            films = showing if day >= today - timedelta(weeks=RECENT_WEEKS) else rng.sample(list(past), 7)
        shows += day_of_shows(
            rng, day, showing if day >= full_from else films,
            screens=[screen.cleaning_minutes for screen, _ in screens], zone=quotes.ZONE,
            trailers=settings.TRAILER_MINUTES, evening_only=day < full_from,
        )  # fmt: skip
        day += timedelta(days=1)
    return sorted(shows, key=lambda show: (show.starts_at, show.screen))


def _shows(
    planned: Sequence[PlannedShow],
    screens: Sequence[tuple[Screen, Hall]],
    cards: dict[str, PriceCard],
    now: int,
) -> list[SoldShow]:
    first = copying.take_ids("theatre_show", len(planned))
    made = Show.objects.bulk_create(
        [
            Show(
                pk=id_, movie_id=show.film.id, screen=screens[show.screen][0], plan_id=screens[show.screen][1].plan_id,
                card=cards[show.card], starts_at=show.starts_at, ends_at=show.ends_at, clean_at=show.clean_at,
                formats=list(show.formats),
                state=Show.State.PLAYED if show.ends_at.timestamp() < now else Show.State.ON_SALE,
            )
            for id_, show in enumerate(planned, first)
        ]
    )  # fmt: skip
    return [
        SoldShow(
            show.pk, show.plan_id, screens[plan.screen][1], int(plan.starts_at.timestamp()), plan.film.id,
            plan.film.title, screens[plan.screen][0].name,
            {kind: Decimal(amount) for kind, amount in cinema.PRICES[plan.card.title()].items()},
        )
        for show, plan in zip(made, planned, strict=True)
    ]  # fmt: skip


def _guests(rng: Random) -> list[Guest]:
    """Everybody who buys; the demo's own customers are the last ones."""
    named = _customers()
    guests = history.new_guests(rng, cinema.GUESTS + len(named))
    for guest, account in zip(guests[cinema.GUESTS :], named, strict=True):
        guest.email, guest.name = account.email, account.name
    return guests


def _sales(
    rng: Random, planned: Sequence[PlannedShow], shows: Sequence[SoldShow], market: Market
) -> list[Sale]:
    sold: list[Sale] = []
    today = market.now - cinema.FULL_DAYS_BEHIND * DAY
    for place, (plan, show) in enumerate(zip(planned, shows, strict=True)):
        quiet = cinema.QUIET_YEAR if show.starts < today else 1.0
        wanted = int(plan.demand * quiet * show.hall.room)
        sold += sales.sales_of_show(rng, place, show.starts, show.hall, wanted, market)
    _give_to_regulars(rng, sold, shows, market.now)
    return sold


def _give_to_regulars(rng: Random, sold: Sequence[Sale], shows: Sequence[SoldShow], now: int) -> None:
    """Make some of the past year's bookings those of the demo's own customers, until they have their tickets; each
    has seats in the days to come as well.
    """
    free = [sale for sale in sold if sale.at and sale.channel == "online" and not sale.cancelled]
    rng.shuffle(free)
    ahead = [sale for sale in free if shows[sale.show].starts > now + DAY]
    behind = [sale for sale in free if shows[sale.show].starts < now]
    named = [(account.tickets, guest) for guest, account in enumerate(_customers(), cinema.GUESTS)]
    for tickets, guest in sorted(named, reverse=True):
        coming = _pick(ahead, shows, 1, tickets, at_most=2)
        seen = _pick(
            behind, shows, 4 if tickets > 300 else 2, tickets - sum(len(sale.seats) for sale in coming)
        )
        for sale in (*coming, *seen):
            sale.guest = guest


def _pick(
    pool: list[Sale], shows: Sequence[SoldShow], smallest: int, tickets: int, at_most: int = 10_000
) -> list[Sale]:
    """Take bookings of different days out of the pool, until they have so many tickets or one fewer."""
    picked: dict[int, Sale] = {}
    for sale in pool:
        size, day = len(sale.seats), shows[sale.show].starts // DAY
        fits = smallest <= size <= tickets or size == tickets
        if fits and day not in picked and len(picked) < at_most:
            picked[day] = sale
            tickets -= size
    taken = {id(sale) for sale in picked.values()}
    pool[:] = [sale for sale in pool if id(sale) not in taken]
    return list(picked.values())


def _customers() -> list[Account]:
    return [account for account in ACCOUNTS if account.role is Role.CUSTOMER]


def _offers(moment: datetime) -> list[Offer]:
    offers = []
    for wanted in cinema.COUPONS:
        begins, ends = (_midnight(moment, days) for days in wanted.days)
        coupon = Coupon.objects.create(
            code=wanted.code, percent=wanted.percent, valid_from=begins, valid_until=ends,
            combinable=wanted.combinable, public=wanted.public, per_customer_limit=wanted.per_customer,
            total_limit=wanted.total_limit, min_tickets=wanted.min_tickets, weekdays=list(wanted.weekdays),
        )  # fmt: skip
        offers.append(history.offer(coupon))
    return offers


def _midnight(moment: datetime, days: int) -> datetime:
    day: date = moment.astimezone(quotes.ZONE).date() + timedelta(days=days)
    return datetime(day.year, day.month, day.day, tzinfo=quotes.ZONE)


def _keep_some_back(shows: Sequence[SoldShow], now: int, *, by: User) -> None:
    """Two seats kept for a guest of the house and one out of service, in the next show of each hall."""
    seen: set[int] = set()
    for show in shows:
        if show.starts < now + DAY or show.plan_id in seen:
            continue
        seen.add(show.plan_id)
        taken = set(SeatClaim.objects.filter(show_id=show.id).values_list("seat_id", flat=True))
        free = [seat for seat in show.hall.seats if seat.id not in taken and "broken" not in seat.flags]
        kept = [seat.id for seat in free if seat.kind == "vip"][:2]
        if kept:
            guest = VipReservation.objects.create(
                show_id=show.id, guest_name="The mayor and a guest", seat_ids=kept, made_by=by
            )
            _claim(show, kept, state="vip", vip=guest)
        for seat in [seat for seat in free if seat.kind == "standard"][-1:]:
            made = Show.objects.get(pk=show.id)
            SeatOutOfService.objects.create(
                screen_id=made.screen_id, row=seat.row, number=seat.number, show=made, by=by,
                reason="Being repaired",
            )  # fmt: skip
            block_out_of_service(made)


def _claim(show: SoldShow, seats: Sequence[int], **kept: Any) -> None:
    SeatClaim.objects.bulk_create(
        [SeatClaim(show_id=show.id, seat_id=seat, plan_id=show.plan_id, **kept) for seat in seats]
    )
