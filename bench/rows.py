"""Made rows for measuring: customers with tokens, fifty shows to spread over, hot shows, coupons."""

import hashlib
import secrets
from datetime import timedelta
from decimal import Decimal

import django

django.setup()

from django.db import connection  # noqa: E402 - after setup
from django.utils import timezone  # noqa: E402

from bench.house import House  # noqa: E402
from theatre.models import (  # noqa: E402
    ApiToken,
    Coupon,
    Customer,
    Movie,
    PriceCard,
    PriceCardAmount,
    Screen,
    Seat,
    SeatPlan,
    Show,
    User,
)

CUSTOMERS, SPREAD, HOT, MOVIES = 1000, 50, 12, 40
ROWS, COLUMNS = 20, 15  # 300 seats
HOT_ROWS, HOT_COLUMNS = 20, 50


def fill(house: House) -> None:
    """Write the rows and tell the house their ids."""
    now = timezone.now()
    movies = [
        Movie.objects.create(
            title=f"Reel {number}",
            slug=f"reel-{number}",
            duration_minutes=100,
            state="showing",
            certificate="PG",
        )
        for number in range(MOVIES)
    ]
    house.slug = movies[0].slug
    card = PriceCard.objects.create(name="Bench")
    PriceCardAmount.objects.create(card=card, kind="standard", amount=Decimal("11.00"))
    house.spread = [
        _show(number + 1, movies[number % MOVIES], card, ROWS, COLUMNS) for number in range(SPREAD)
    ]
    house.hot = [_show(100 + number, movies[0], card, HOT_ROWS, HOT_COLUMNS) for number in range(HOT)]
    house.wide = (_show(200, movies[0], card, ROWS, COLUMNS)[0], ROWS * COLUMNS)
    users = User.objects.bulk_create(
        [
            User(email=f"c{n}@example.org", role="customer", full_name=f"C {n}", confirmed_at=now)
            for n in range(CUSTOMERS)
        ]
    )
    Customer.objects.bulk_create([Customer(user=user, member_number=f"MB{user.pk}") for user in users])
    house.tokens = [f"mc_{secrets.token_urlsafe(32)}" for _ in users]
    ApiToken.objects.bulk_create(
        [
            ApiToken(user=user, name="bench", digest=hashlib.sha256(token.encode()).digest())
            for user, token in zip(users, house.tokens, strict=True)
        ]
    )
    house.coupons = [f"BENCH{number}" for number in range(40)]
    Coupon.objects.bulk_create(
        [
            Coupon(
                code=code, percent=10, valid_from=now - timedelta(days=1), valid_until=now + timedelta(days=9)
            )
            for code in house.coupons
        ]
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    connection.close()


def _show(number: int, movie: Movie, card: PriceCard, rows: int, columns: int) -> tuple[int, list[int]]:
    screen = Screen.objects.create(name=f"Screen {number}", number=1000 + number)
    plan = SeatPlan.objects.create(screen=screen, version=1, seat_count=rows * columns)
    Seat.objects.bulk_create(
        [
            Seat(plan=plan, row=chr(65 + y), number=x + 1, kind="standard", x=x, y=y)
            for y in range(rows)
            for x in range(columns)
        ]
    )
    starts_at = timezone.now() + timedelta(hours=4, minutes=number)
    show = Show.objects.create(
        movie=movie, screen=screen, plan=plan, card=card, starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=115), clean_at=starts_at + timedelta(minutes=135), state="on_sale",
    )  # fmt: skip
    return show.pk, list(plan.seats.order_by("y", "x").values_list("id", flat=True))
