"""What is kept of the programme is as new as its facts: a change is seen by the next request, in every process, and a
hot page asks one thing."""

import datetime as dt
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection, connections
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from tests import factories, people
from theatre.actions.booking.cancel import cancel_booking
from theatre.models import Genre, Movie, PriceCardAmount, Review, SeatClaim, Show, User
from theatre.models.sql import fetch_one
from theatre.queries import days, kept, programme
from theatre.queries.programme import Wanted
from theatre.web.browse import strangers

pytestmark = pytest.mark.django_db
ANYTHING = Wanted()


@pytest.fixture(autouse=True)
def nothing_kept():
    kept.forget()
    strangers.forget()


@pytest.fixture
def evening():
    """A show tomorrow at noon of the theatre's clock, of a movie with a review that waits, a hold and a sold seat."""
    of = factories.movie("Kilo Tango", slug="kilo-tango", synopsis="A plane leaves.")
    show = factories.show(of=of, **at("12:00"))
    critic = people.customer(name="Maya Reyes")
    Review.objects.create(movie=of, customer=critic.customer, stars=4, text="Held me to the last minute.")
    factories.held(of=show, seats=1)
    return show


def _tomorrow() -> dt.date:
    return datetime.now(programme.ZONE).date() + timedelta(days=1)


def at(time: str) -> dict[str, datetime]:
    """Tomorrow at this time of the theatre's clocks."""
    starts = datetime.combine(_tomorrow(), dt.time.fromisoformat(time), programme.ZONE)
    ends = starts + timedelta(hours=2)
    return {"starts_at": starts, "ends_at": ends, "clean_at": ends}


def pages() -> list[str]:
    return [f"/?day={_tomorrow().isoformat()}", "/movies/kilo-tango/"]


def seen(client) -> str:
    return "".join(client.get(page).content.decode() for page in pages())


# Each changes one kind of fact; the words are on a page afterwards, and were not before.
CHANGES: dict[str, tuple[Callable[[Show], object], str]] = {
    "title": (lambda s: Movie.objects.filter(pk=s.movie_id).update(title="Kilo Waltz"), "Kilo Waltz"),
    "synopsis": (lambda s: Movie.objects.filter(pk=s.movie_id).update(synopsis="A train waits."), "A train waits."),
    "genre": (lambda s: Genre.objects.filter(movies=s.movie_id).update(name="Western"), "Western"),
    "genres": (lambda s: s.movie.genres.set([Genre.objects.create(name="Musical")]), "Musical"),
    "another movie": (
        lambda s: factories.show(of=factories.movie("Small Hours"), **at("12:00")), "Small Hours"
    ),
    "show added": (lambda s: factories.show(of=s.movie, **at("13:45")), ">13:45<"),
    "show cancelled": (
        lambda s: Show.objects.filter(pk=s.pk).update(state="cancelled"), "No times are planned right now."
    ),
    "show moved": (
        lambda s: Show.objects.filter(pk=s.pk).update(starts_at=s.starts_at - timedelta(minutes=10)), ">11:50<"
    ),
    "formats": (lambda s: Show.objects.filter(pk=s.pk).update(formats=["subtitled"]), 'title="Subtitled"'),
    "screen": (lambda s: type(s.screen).objects.filter(pk=s.screen_id).update(number=77), "Screen 77"),
    "price": (
        lambda s: PriceCardAmount.objects.filter(card=s.card_id).update(amount=Decimal("7.25")), '"price": "7.25"'
    ),
    "review approved": (lambda s: Review.objects.update(state="approved"), "Held me to the last minute."),
    "seats held": (lambda s: factories.held(of=s, seats=3), "96 left"),
    "seats sold": (lambda s: factories.booked(of=s, seats=4), "95 left"),
    "hold lapsed": (lambda s: factories.lapse(s.claims.first().booking), "100 left"),
    "last seats for the counter": (lambda s: Show.objects.filter(pk=s.pk).update(counter_seats=99), "At the counter"),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_change_is_on_the_very_next_page(client, evening, what):
    change, words = CHANGES[what]
    before = seen(client)

    change(evening)

    assert words not in before
    assert words in seen(client)


def test_name_beside_a_review_follows_its_owner(client, evening):
    Review.objects.update(state="approved")
    before = seen(client)

    User.objects.filter(full_name="Maya Reyes").update(full_name="Maya Okafor")

    assert "Maya Reyes" in before
    assert "Maya Okafor" in seen(client) and "Maya Reyes" not in seen(client)


def test_seats_that_come_back_are_counted_at_once(client, evening):
    actor = people.actor_for(people.customer())
    booking = factories.booked(by=actor, of=evening, seats=2)
    assert "97 left" in seen(client)

    cancel_booking(by=actor, ref=booking.ref, reason="")

    assert "99 left" in seen(client)


@pytest.mark.parametrize("many", [1, 12])
def test_hot_page_asks_one_thing_and_nothing_for_what_it_says(client, evening, many):
    for n in range(many - 1):
        factories.show(of=evening.movie, **at(f"1{n % 10}:{n:02}"))
    seen(client)

    for page in pages():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(page)
        assert len(asked) == 1, page
        assert "theatre_movie" not in asked[0]["sql"]


def test_signed_in_guests_share_what_was_looked_up(client, evening):
    seen(client)
    client.force_login(people.customer())

    with CaptureQueriesContext(connection) as asked:
        client.get(pages()[1])

    assert not [each for each in asked if "theatre_movie" in each["sql"]]


def test_what_concerns_others_does_not_make_it_look_again(evening):
    first = days.day(_tomorrow(), ANYTHING)
    elsewhere = factories.show(in_hours=100)
    second = days.day(_tomorrow(), ANYTHING)
    factories.held(of=elsewhere, seats=2)
    people.customer()

    third = days.day(_tomorrow(), ANYTHING)

    assert first is not second, "a show is a change of the programme"
    assert second is third, "seats of a show that is not on the page are not"


def test_clock_alone_makes_it_look_again(evening):
    SeatClaim.objects.filter(show=evening).update(held_until=Now() + timedelta(milliseconds=300))
    before = days.day(_tomorrow(), ANYTHING)

    fetch_one("SELECT pg_sleep(0.4)")
    after = days.day(_tomorrow(), ANYTHING)

    assert [movie.times[0].left for movie in before.answer.movies] == [99]
    assert [movie.times[0].left for movie in after.answer.movies] == [100]


def test_answer_ends_with_the_minute_the_sale_and_the_day():
    soon = factories.show(in_hours=1)
    today = days.day(None, ANYTHING).answer
    opens = datetime.now(UTC) + timedelta(hours=2)
    later = factories.show(in_hours=24 * 9, on_sale_from=opens)
    far = days.day(later.starts_at.astimezone(programme.ZONE).date(), ANYTHING).answer

    left = (soon.starts_at - today.facts.until).total_seconds()
    midnight = datetime.combine(far.today + timedelta(days=1), dt.time.min, programme.ZONE)
    assert today.now < today.facts.until <= today.now + timedelta(minutes=1)
    assert left % 60 == pytest.approx(0, abs=0.001) or today.day != today.today
    assert far.facts.until == min(opens, midnight)


def test_only_so_many_answers_are_kept(evening):
    for n in range(kept.MOST + 20):
        days.day(_tomorrow() + timedelta(days=n), ANYTHING)

    assert max(len(answers) for answers in kept._kept) == kept.MOST


def test_a_change_is_one_row_and_old_ones_go(evening):
    for n in range(200):
        Movie.objects.filter(pk=evening.movie_id).update(director=f"Number {n}")

    (rows,) = fetch_one("SELECT count(*) FROM theatre_programmechange")
    assert 64 <= rows <= 130


def test_booking_writes_nothing_here(evening):
    last = "SELECT max(id) FROM theatre_programmechange"
    before = fetch_one(last)

    factories.booked(of=evening, seats=2)

    assert fetch_one(last) == before


# Commits, and another process ------------------------------------------------------------------------------

ASK = """
import os, sys, django
django.setup()
from datetime import date
from theatre.queries import days
from theatre.queries.programme import Wanted
for line in sys.stdin:
    seen = days.day(date.fromisoformat(line.strip()), Wanted())
    print(seen.edition, [(m.title, [t.left for t in m.times]) for m in seen.answer.movies], flush=True)
"""


class OtherProcess:
    """The same code in a process of its own, over the same database."""

    def __init__(self, url: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", ASK], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"},
        )  # fmt: skip

    def ask(self) -> tuple[str, str]:
        """The edition, and what it says."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(f"{_tomorrow().isoformat()}\n")
        self.process.stdin.flush()
        edition, _, words = self.process.stdout.readline().strip().partition(" ")
        return edition, words

    def end(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(20)


@pytest.mark.django_db(transaction=True)
def test_other_process_sees_every_change_at_once(test_database, evening):
    other = OtherProcess(test_database.url)
    try:
        edition, words = other.ask()
        assert words == "[('Kilo Tango', [99])]"
        assert other.ask() == (edition, words), "nothing was committed: the same edition"

        for number in range(20):
            Movie.objects.filter(pk=evening.movie_id).update(title=f"Kilo {number}")
            assert other.ask()[1] == f"[('Kilo {number}', [99])]"
            assert days.day(_tomorrow(), ANYTHING).answer.movies[0].title == f"Kilo {number}"
        factories.booked(of=evening, seats=2)
        assert other.ask()[1] == "[('Kilo 19', [97])]"
    finally:
        other.end()


@pytest.mark.django_db(transaction=True)
def test_quiet_house_asks_one_thing_and_a_busy_one_no_more_of_the_programme(evening):
    first = days.day(_tomorrow(), ANYTHING)
    with CaptureQueriesContext(connection) as asked:
        again = days.day(_tomorrow(), ANYTHING)
    people.customer()  # something else is committed
    with CaptureQueriesContext(connection) as asked_once_more:
        once_more = days.day(_tomorrow(), ANYTHING)

    assert first is again is once_more
    assert len(asked) == len(asked_once_more) == 1


@pytest.mark.django_db(transaction=True)
def test_no_answer_is_ever_older_than_a_commit_that_came_before_it(evening):
    """Readers and a writer at once: whoever asks after the writer has been told reads at least what it wrote."""
    told, wrong, over = [-1], [], threading.Event()

    def read() -> None:
        while not over.is_set():
            known = told[0]
            title = days.day(_tomorrow(), ANYTHING).answer.movies[0].title
            if title.startswith("Take ") and int(title.split()[1]) < known:
                wrong.append((known, title))
        connections.close_all()

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for number in range(150):
        Movie.objects.filter(pk=evening.movie_id).update(title=f"Take {number}")
        told[0] = number
    over.set()
    for reader in readers:
        reader.join(20)

    assert wrong == []
