"""What the demo's guests have written: reviews of what is showing, and conversations with the office."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

from theatre.demo.sales import DAY, HOUR
from theatre.demo.voices import CONVERSATIONS, REMOVED, REVIEWS
from theatre.models import Booking, Message, Review, Thread, User
from theatre.models.sql import fetch

MOST_REVIEWS = 9  # of one film
STARS = ((5, 38), (4, 34), (3, 16), (2, 8), (1, 4))  # of a hundred

# Who held a ticket for a show that is over, by film.
_SEEN_BY = """
SELECT DISTINCT ON (s.movie_id, b.customer_id) s.movie_id, b.customer_id, extract(epoch FROM s.ends_at)::bigint
FROM theatre_booking b JOIN theatre_show s ON s.id = b.show_id
WHERE s.movie_id = ANY(%s) AND b.state = 'confirmed' AND b.customer_id IS NOT NULL
  AND s.ends_at < to_timestamp(%s)
ORDER BY s.movie_id, b.customer_id, s.starts_at
"""


def load_reviews(rng: Random, movies: Sequence[int], now: int) -> int:
    """Reviews by people who have seen these films, most of them approved; how many."""
    by_movie: dict[int, list[tuple[int, int]]] = {}
    for movie, customer, ended in fetch(_SEEN_BY, [list(movies), now - HOUR]):
        by_movie.setdefault(movie, []).append((customer, ended))
    made = []
    for movie, seen in by_movie.items():
        for customer, ended in rng.sample(seen, min(len(seen), rng.randrange(3, MOST_REVIEWS + 1))):
            [stars] = rng.choices([stars for stars, _ in STARS], weights=[share for _, share in STARS])
            written = min(now - 60, ended + rng.randrange(HOUR, 2 * DAY))
            roll = rng.randrange(100)
            state = Review.State.PENDING if written > now - DAY or roll < 12 else Review.State.APPROVED
            if roll >= 97:
                state = Review.State.REMOVED
            made.append(
                Review(
                    movie_id=movie, customer_id=customer, stars=stars, text=rng.choice(REVIEWS[stars]), state=state,
                    reason=REMOVED if state == Review.State.REMOVED else "", written_at=_at(written),
                )
            )  # fmt: skip
    return len(Review.objects.bulk_create(made))


def load_conversations(rng: Random, staff: User, now: int) -> int:
    """The conversations of `voices`, each with a guest who has booked; how many."""
    bookings = list(
        Booking.objects.filter(state="confirmed", customer__isnull=False)
        .select_related("customer__user")
        .order_by("-confirmed_at")[: 20 * len(CONVERSATIONS)]
    )
    for written, booking in zip(CONVERSATIONS, rng.sample(bookings, len(CONVERSATIONS)), strict=True):
        assert booking.customer is not None  # noqa: S101 - the filter above
        when = _at(now - rng.randrange(2 * HOUR, 6 * DAY))
        thread = Thread.objects.create(
            customer=booking.customer, topic=written.topic, subject=written.subject, state=written.state,
            opened_at=when, booking=booking if written.about_booking else None,
            assigned_to=None if len(written.said) == 1 else staff,
        )  # fmt: skip
        for turn, said in enumerate(written.said):
            by_guest = turn % 2 == 0
            sent = when + timedelta(minutes=17 * turn)
            answered = turn + 1 < len(written.said)
            Message.objects.create(
                thread=thread, author=booking.customer.user if by_guest else staff, text=said, sent_at=sent,
                read_at=sent + timedelta(minutes=5) if answered else None,
            )  # fmt: skip
    return len(CONVERSATIONS)


def _at(epoch: int) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)
