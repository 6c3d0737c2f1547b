"""What the clock does can be done by hand, twice in a row."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models.functions import Now

from tests import factories, people
from tests.notices.conftest import MailServer
from theatre.actions.movies.releasing import announce_movie
from theatre.actions.shows.cancel import cancel_show
from theatre.models import Booking, Letter, SeatClaim, Tier

pytestmark = pytest.mark.django_db


def said(command: str) -> str:
    out = StringIO()
    call_command(command, stdout=out)
    return out.getvalue().strip()


def test_deliver_letters(mail_server: MailServer) -> None:
    factories.booked()

    assert said("deliver_letters") == "2 letters sent"
    assert said("deliver_letters") == "0 letters sent"


def test_lapse_holds() -> None:
    hold = factories.held()
    Booking.objects.filter(pk=hold.pk).update(held_until=Now() - timedelta(minutes=1))
    SeatClaim.objects.filter(booking=hold).update(held_until=Now() - timedelta(minutes=1))

    assert said("lapse_holds") == "1 holds lapsed"
    assert said("lapse_holds") == "0 holds lapsed"
    hold.refresh_from_db()
    assert hold.state == "lapsed"


def test_lapse_reservations() -> None:
    kept = factories.release_time_came(factories.vip(release_minutes=60))

    assert said("lapse_reservations") == "1 reservations lapsed"
    assert said("lapse_reservations") == "0 reservations lapsed"
    kept.refresh_from_db()
    assert kept.state == "lapsed"


def test_give_back_cancelled_shows() -> None:
    booking = factories.booked()
    cancel_show(by=people.actor_for(people.moderator()), show_id=booking.show_id, reason="Fire")

    assert said("give_back_cancelled_shows") == "1 bookings given back"
    assert said("give_back_cancelled_shows") == "0 bookings given back"


def test_tell_of_new_movies(settings) -> None:
    settings.NEW_MOVIES_HOUR = 0
    people.customer()
    movie = factories.movie(state="draft")
    announce_movie(by=people.actor_for(people.admin()), movie_id=movie.pk)

    assert said("tell_of_new_movies") == "1 letters queued"
    assert said("tell_of_new_movies") == "0 letters queued"


def test_recount_tiers() -> None:
    dropping, rising = people.customer(tier="Gold"), people.customer()
    factories.booked(by=rising, seats=2)
    Tier.objects.filter(name="Silver").update(threshold=2)
    Letter.objects.all().delete()

    assert said("recount_tiers") == "2 tiers changed"
    assert said("recount_tiers") == "0 tiers changed"

    dropping.customer.refresh_from_db()
    rising.customer.refresh_from_db()
    assert (dropping.customer.tier, dropping.customer.tier_tickets) == (None, 0)
    assert (rising.customer.tier_id, rising.customer.tier_tickets) == ("Silver", 2)
    assert list(Letter.objects.values_list("kind", "user_id")) == [("tier_reached", rising.pk)]


def test_recount_forgets_what_is_older_than_twelve_months() -> None:
    guest = people.customer()
    old = factories.booked(by=guest, seats=2)
    factories.booked(by=guest, seats=1)
    Booking.objects.filter(pk=old.pk).update(confirmed_at=Now() - timedelta(days=366))

    said("recount_tiers")

    guest.customer.refresh_from_db()
    assert guest.customer.tier_tickets == 1


def test_mark_played() -> None:
    factories.show(in_hours=-5)

    assert said("mark_played") == "1 shows played"
    assert said("mark_played") == "0 shows played"
