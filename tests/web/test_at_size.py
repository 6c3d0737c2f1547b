"""Pages of the programme ask the database as often for 13,000 shows and 3,000 movies as for a handful.

`pytest -s` prints what each page takes.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from tests import factories, people, programme_at_size
from tests.programme_at_size import MOVIES, SHOWS
from tests.spent import spent
from tests.web.browsers import browser_of
from theatre.models import Movie, Show
from theatre.queries import kept
from theatre.queries.quotes import ZONE
from theatre.web.browse import strangers

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

ROUNDS = 5


@dataclass
class Took:
    """What one page took: questions, and milliseconds of a processor's time here and in PostgreSQL (the least of some
    rounds): what other programs do meanwhile does not count."""

    asked: int
    here_ms: float
    there_ms: float
    size: int


def look(client: Client, address: str) -> Took:
    """Open a page of which nothing is kept."""
    rounds = []
    for _ in range(ROUNDS):
        kept.forget()
        strangers.forget()
        cache.clear()
        here = time.thread_time()
        with spent() as there:
            answer = client.get(address)
        here = time.thread_time() - here
        assert answer.status_code == 200, address
        rounds.append(Took(there.statements, here * 1000, there.worked * 1000, len(answer.content)))
    least = min(rounds, key=lambda took: took.here_ms + took.there_ms)
    assert {took.asked for took in rounds} == {least.asked}
    return least


def pages(slug: str) -> dict[str, tuple[str, str]]:
    """Who opens which page: name, role, address."""
    today = datetime.now(ZONE).date()
    monday, tomorrow = today - timedelta(days=today.weekday()), today + timedelta(days=1)
    return {
        "home": ("", f"/?day={tomorrow}"),
        "home, one format": ("", f"/?day={tomorrow}&format=subtitled"),
        "movie page": ("", f"/movies/{slug}/"),
        "coming soon": ("", "/coming-soon/"),
        "search, a word": ("", "/search/?q=radio"),
        "search, with a slip": ("", "/search/?q=saltwatr"),
        "search, a director": ("", "/search/?q=director"),
        "week board": ("moderator", f"/office/shows/?week={monday}"),
        "day board": ("moderator", f"/office/shows/?day={tomorrow}"),
        "copy a week": ("moderator", f"/office/shows/copy/?first={monday}&days=7&to={monday + timedelta(days=7)}"),
        "add a show": ("moderator", "/office/shows/new/"),
        "titles while typing": ("moderator", "/office/shows/movies/?find=saltwater"),
        "VIP seats": ("admin", "/office/vip/?span=coming"),
        "shows for VIP seats": ("admin", f"/office/vip/new/?day={tomorrow}"),
        "counter": ("moderator", f"/counter/?day={tomorrow}"),
    }  # fmt: skip


def measured(browsers: dict[str, Client]) -> dict[str, Took]:
    """Every page, with the movie that has most shows to come."""
    now = datetime.now(UTC)
    busiest = (
        Show.objects.filter(starts_at__gt=now, state="on_sale")
        .values_list("movie__slug", flat=True)
        .order_by("id")
    )
    slugs = list(busiest)
    slug = max(set(slugs), key=slugs.count)
    return {name: look(browsers[role], address) for name, (role, address) in pages(slug).items()}


def test_pages_ask_as_often_for_thirteen_thousand_shows(capsys):
    browsers = {
        "": browser_of(),
        "moderator": browser_of(people.moderator()),
        "admin": browser_of(people.admin()),
    }
    radio = factories.movie("Saltwater Radio")
    tomorrow = datetime.now(ZONE).replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=1)
    hours = (tomorrow - datetime.now(ZONE)).total_seconds() / 3600
    show = factories.show(of=radio, in_hours=hours)
    factories.show(in_hours=hours, formats=["subtitled"])
    factories.movie(state="coming_soon", release_date=(tomorrow + timedelta(days=30)).date())
    factories.vip(of=show)
    few = measured(browsers)

    programme_at_size.fill()
    for later in Show.objects.filter(starts_at__gt=tomorrow).order_by("id")[:60]:
        factories.vip(of=later, seats=1)
    many = measured(browsers)

    assert (Movie.objects.count(), Show.objects.count()) >= (MOVIES, SHOWS)
    with capsys.disabled():
        print(
            "\n| page | questions, few | many | ms of CPU in Python | in PostgreSQL | KB |\n|---|---|---|---|---|---|"
        )
        for name, took in many.items():
            print(
                f"| {name} | {few[name].asked} | {took.asked} | {took.here_ms:.1f} | {took.there_ms:.1f}"
                f" | {took.size / 1000:.0f} |"
            )
    assert {name: took.asked for name, took in many.items()} == {
        name: took.asked for name, took in few.items()
    }
