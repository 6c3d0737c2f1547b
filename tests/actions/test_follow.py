"""Asking to be told when a movie opens."""

import pytest

from tests import factories, people
from theatre.access import NotAllowed
from theatre.actions.movies.follow import NothingToFollow, NotYoursToFollow, follow_movie, unfollow_movie
from theatre.models import AuditEntry, MovieFollow

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_customer_follows_once_and_no_longer():
    maya, soon = people.actor_for(people.customer()), factories.movie(state="coming_soon")

    for _ in range(2):
        follow_movie(by=maya, movie_id=soon.pk)
    assert MovieFollow.objects.get().customer_id == maya.customer_id
    for _ in range(2):
        unfollow_movie(by=maya, movie_id=soon.pk)

    assert not MovieFollow.objects.exists()
    assert list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "follow_movie",
        "unfollow_movie",
    ]


def test_what_is_showing_needs_no_letter_and_is_no_mistake():
    follow_movie(by=people.actor_for(people.customer()), movie_id=factories.movie().pk)

    assert not MovieFollow.objects.exists()


@pytest.mark.parametrize("state", ["draft", "retired"])
def test_what_nobody_sees_is_not_followed(state):
    maya, hidden = people.actor_for(people.customer()), factories.movie(state=state)

    with pytest.raises(NothingToFollow):
        follow_movie(by=maya, movie_id=hidden.pk)
    with pytest.raises(NothingToFollow):
        follow_movie(by=maya, movie_id=hidden.pk + 1)


def test_only_customers_follow():
    soon = factories.movie(state="coming_soon")

    with pytest.raises(NotYoursToFollow):
        follow_movie(by=people.actor_for(people.salesman()), movie_id=soon.pk)
    with pytest.raises(NotAllowed):
        follow_movie(by=people.stranger(), movie_id=soon.pk)
