"""Who withdraws a movie and who plans it at once: one of them comes second, and is told."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from tests import factories, people
from theatre.actions.movies import releasing
from theatre.actions.shows import plan as planning
from theatre.models import Movie, PriceCard, Show
from theatre.rules.refusals import Refused

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ROUNDS = 12


def at_once(*deeds) -> list[object]:
    """What each of the deeds gave, or the refusal, all begun together."""
    start = Barrier(len(deeds))
    said: list[object] = [None] * len(deeds)

    def run(place: int) -> None:
        start.wait()
        try:
            said[place] = deeds[place]()
        except Refused as refusal:
            said[place] = refusal
        finally:
            connection.close()

    threads = [Thread(target=run, args=[place]) for place in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


@pytest.mark.parametrize("withdraw", [releasing.retire_movie, releasing.delete_movie])
def test_a_movie_that_is_withdrawn_has_no_show_to_come(withdraw):
    admin, moderator = people.actor_for(people.admin()), people.actor_for(people.moderator())
    card = factories.price_card()
    PriceCard.objects.filter(pk=card.pk).update(is_default=True)
    for _ in range(ROUNDS):
        movie, planned = factories.movie(), factories.show(state="planned")
        Show.objects.filter(pk=planned.pk).update(movie=movie, state="cancelled")
        hall = factories.screen()

        plan, withdrawn = at_once(
            lambda movie=movie, hall=hall, planned=planned: planning.plan_show(
                by=moderator,
                movie_id=movie.pk,
                screen_id=hall.pk,
                starts_at=planned.starts_at,
                knowing_late=True,
            ),
            lambda movie=movie: withdraw(by=admin, movie_id=movie.pk),
        )

        assert isinstance(plan, Refused) != isinstance(withdrawn, Refused), (plan, withdrawn)
        gone = not Movie.objects.filter(pk=movie.pk, state="showing").exists()
        assert gone == isinstance(plan, Refused)
        assert Show.objects.filter(movie_id=movie.pk, state="planned").exists() != gone


def test_two_admins_who_delete_one_movie_do_it_once():
    admin = people.actor_for(people.admin())
    for _ in range(ROUNDS):
        movie = factories.movie()

        said = at_once(*[lambda movie=movie: releasing.delete_movie(by=admin, movie_id=movie.pk)] * 2)

        assert sorted(isinstance(each, Refused) for each in said) == [False, True]
