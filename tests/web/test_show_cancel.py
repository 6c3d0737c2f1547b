"""The page about cancelling a show: figures and the letter first, a reason, then how far it has come."""

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories, people
from tests.web.browsers import browser_of, hidden, words_of
from theatre.actions.shows.cancel import cancel_show, give_back_cancelled_shows, stop_giving_back
from theatre.models import Letter, Show, ShowClosing

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return people.moderator(name="Ines Moreau")


@pytest.fixture
def office(boss):
    return browser_of(boss)


def page_of(show: Show) -> str:
    return reverse("show_cancel", args=[show.pk])


def test_page_shows_what_it_touches_and_what_guests_will_read(office):
    show = factories.show(of=factories.movie("The Long Exposure"))
    factories.booked(of=show, seats=2)
    factories.booked(by=people.salesman(), of=show, seats=1)

    said = words_of(office.get(page_of(show)))

    assert "Bookings 2 Tickets 3 Money that goes back €33.00 €11.00 of it at the counter" in said
    assert "People who get a letter 1 1 booking has no address" in said
    assert "You get €22.00 back" in said
    assert "(the reason you choose)" in said
    assert "There is no other time of this movie to offer" in said
    assert "Cancel the show and 2 bookings" in said


def test_show_that_nobody_booked_writes_to_nobody(office):
    said = words_of(office.get(page_of(factories.show())))

    assert "Nobody has booked this show, so nobody is written to" in said


def test_reason_is_required_and_what_was_typed_is_kept(office):
    show = factories.show()

    nothing = office.post(page_of(show), {})
    no_words = office.post(page_of(show), {"reason": "other", "words": ""})
    too_long = office.post(page_of(show), {"reason": "other", "words": "x" * 501})

    assert [answer.status_code for answer in (nothing, no_words, too_long)] == [422, 422, 422]
    assert "Choose a reason. Guests read it in their letter" in words_of(nothing)
    assert "Say why in your own words" in words_of(no_words)
    assert "Use 500 characters or fewer" in words_of(too_long)
    assert "x" * 501 in too_long.content.decode()
    assert not ShowClosing.objects.exists()


def test_pressing_cancels_and_shows_how_far_it_has_come(office):
    show = factories.show()
    for _ in range(3):
        factories.booked(of=show)
    form = {
        "reason": "other",
        "words": "Water in the cellar",
        "key": hidden(office.get(page_of(show)), "key"),
    }

    answer = office.post(page_of(show), form, follow=True)

    assert answer.redirect_chain == [(page_of(show), 302)]
    assert "0 of 3 bookings given back" in words_of(answer)
    assert "Water in the cellar" in words_of(answer)
    give_back_cancelled_shows()
    done = words_of(office.get(page_of(show)))
    assert "3 of 3 bookings given back" in done
    assert "Money given back €66.00" in done
    assert "0 of 3 sent" in done
    # The page looks on until the last letter is sent; one that cannot be sent is not waited for.
    assert 'data-progress="running"' in office.get(page_of(show)).content.decode()
    Letter.objects.filter(kind="show_cancelled").update(state="sent", sent_at=Now())
    Letter.objects.filter(pk=Letter.objects.filter(kind="show_cancelled").earliest("pk").pk).update(
        state="dead", sent_at=None
    )
    assert 'data-progress="finished"' in office.get(page_of(show)).content.decode()
    assert page_of(show) in office.get(reverse("show", args=[show.pk])).content.decode()


def test_pressing_twice_is_pressing_once(office):
    show = factories.show()
    form = {"reason": "copy", "key": hidden(office.get(page_of(show)), "key")}

    answers = [office.post(page_of(show), form) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 200]
    assert ShowClosing.objects.get(show=show).reason == "The movie has not arrived from its distributor."


def test_it_is_stopped_and_goes_on(office):
    show = factories.show()
    factories.booked(of=show)
    office.post(page_of(show), {"reason": "staff"})

    stopped = office.post(reverse("show_cancel_stop", args=[show.pk]), follow=True)
    assert "stopped" in words_of(stopped)
    assert give_back_cancelled_shows() == 0
    office.post(reverse("show_cancel_resume", args=[show.pk]))
    assert give_back_cancelled_shows() == 1
    too_late = office.post(reverse("show_cancel_stop", args=[show.pk]), follow=True)
    assert "Every booking of this show has been given back already" in words_of(too_late)


def test_show_that_is_over_is_not_cancelled(office):
    show = factories.show(in_hours=-5, state="played")

    page = office.get(page_of(show))
    pressed = office.post(page_of(show), {"reason": "staff"})

    assert "This show is over" in words_of(page)
    assert pressed.status_code == 422
    assert not ShowClosing.objects.exists()


def test_progress_of_many_costs_what_that_of_few_does(office, boss):
    by = people.actor_for(boss)
    few, many = factories.show(), factories.show()
    factories.booked(of=few)
    for _ in range(6):
        factories.booked(of=many)

    def queries(show: Show) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert office.get(page_of(show)).status_code == 200
        return len(captured)

    before = [queries(show) for show in (few, many)]
    for show in (few, many):
        cancel_show(by=by, show_id=show.pk, reason="Fire")
        stop_giving_back(by=by, show_id=show.pk)
    after = [queries(show) for show in (few, many)]

    assert before == [8, 8]
    assert after == [4, 4]


def test_unknown_show_is_not_found(office):
    for number in (999_999, 2**70):
        assert office.get(reverse("show_cancel", args=[number])).status_code == 404


def test_a_salesman_is_told_who_may(boss):
    answer = browser_of(people.salesman()).get(page_of(factories.show()))

    assert answer.status_code == 403
