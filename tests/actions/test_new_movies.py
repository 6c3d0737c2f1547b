"""The daily letter about new movies, letters to followers, and the press that ends them."""

from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.db.models.functions import Now
from django.test import Client

from tests import factories, people
from tests.notices.conftest import MailServer
from theatre.actions.movies import digest, releasing
from theatre.actions.movies.digest import tell_of_new_movies
from theatre.actions.movies.follow import follow_movie
from theatre.actions.people import profile
from theatre.models import AuditEntry, Customer, Letter, Movie, MovieDigest, MovieFollow, User
from theatre.notices import letters
from theatre.notices.kinds.written import QueuedLetter
from theatre.notices.outbox import deliver_due

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_any_hour(settings):
    settings.NEW_MOVIES_HOUR = 0


@pytest.fixture
def admin():
    return people.actor_for(people.admin())


def announced(admin, title: str = "Kilo Tango", **fields) -> Movie:
    movie = factories.movie(title, state="draft", **fields)
    releasing.announce_movie(by=admin, movie_id=movie.pk)
    return movie


def readers() -> list[str]:
    return list(Letter.objects.filter(kind="new_movies").order_by("pk").values_list("to", flat=True))


def switched_off() -> User:
    guest = people.customer()
    profile.change_mails(by=people.actor_for(guest), new_movies=False, promotions=True, offers=True)
    return guest


def body(letter: EmailMessage, kind: str) -> str:
    part = letter.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_everybody_who_wants_it_gets_one_letter_a_day_about_all_that_is_new(admin):
    one, two = people.customer(), people.customer()
    switched_off()
    people.customer(confirmed=False)
    movies = [announced(admin, title) for title in ("Kilo Tango", "Small Hours")]

    assert tell_of_new_movies() == 2
    assert tell_of_new_movies() == 0

    assert readers() == [one.email, two.email]
    assert {tuple(sorted(letter.data["movies"])) for letter in Letter.objects.all()} == {
        tuple(movie.pk for movie in movies)
    }
    told = MovieDigest.objects.get()
    assert (told.letters, told.done_at is not None) == (2, True)
    assert set(Movie.objects.values_list("digest_id", flat=True)) == {told.pk}


def test_what_is_announced_after_the_days_letter_waits_for_the_next_day(admin):
    people.customer()
    announced(admin)
    tell_of_new_movies()
    late = announced(admin, "Small Hours")

    assert tell_of_new_movies() == 0
    MovieDigest.objects.update(day="2020-01-01")
    assert tell_of_new_movies() == 1

    assert Letter.objects.latest("pk").data["movies"] == [late.pk]


def test_before_its_hour_nothing_goes_out(admin, settings):
    people.customer()
    announced(admin)
    settings.NEW_MOVIES_HOUR = 24

    assert tell_of_new_movies() == 0
    assert not MovieDigest.objects.exists()


def test_no_movie_no_letter(admin):
    people.customer()
    taken_back = announced(admin)
    releasing.take_back_movie(by=admin, movie_id=taken_back.pk)

    assert tell_of_new_movies() == 0
    assert not MovieDigest.objects.exists()


def test_who_follows_a_movie_hears_of_it_by_its_own_letter_alone(admin):
    follower, other = people.customer(), people.customer()
    movie = announced(admin)
    follow_movie(by=people.actor_for(follower), movie_id=movie.pk)
    releasing.open_movie(by=admin, movie_id=movie.pk)

    tell_of_new_movies()

    assert readers() == [other.email]
    assert list(Letter.objects.filter(kind="movie_opened").values_list("to", flat=True)) == [follower.email]


def test_a_movie_is_told_of_once_however_often_it_comes_back(admin):
    people.customer()
    movie = announced(admin)
    tell_of_new_movies()
    releasing.open_movie(by=admin, movie_id=movie.pk)
    releasing.retire_movie(by=admin, movie_id=movie.pk)
    releasing.announce_movie(by=admin, movie_id=movie.pk)
    MovieDigest.objects.update(day="2020-01-01")

    assert tell_of_new_movies() == 0
    assert len(readers()) == 1


class Killed(Exception):
    pass


@pytest.mark.parametrize("at", range(4))
def test_a_digest_killed_anywhere_goes_on_and_nobody_gets_it_twice(admin, monkeypatch, at):
    guests = [people.customer() for _ in range(5)]
    announced(admin)
    monkeypatch.setattr(digest, "BATCH", 2)
    steps = iter(range(100))
    real = digest.outbox.queue_digest

    def dying(**wanted):
        done = real(**wanted)
        if next(steps) == at:
            raise Killed  # the letters of this batch are written and not committed
        return done

    monkeypatch.setattr(digest.outbox, "queue_digest", dying)
    with pytest.raises(Killed):
        tell_of_new_movies()
    before = len(readers())
    assert before == min(2 * at, 5)
    monkeypatch.setattr(digest.outbox, "queue_digest", real)

    assert tell_of_new_movies() == 5 - before

    assert sorted(readers()) == sorted(guest.email for guest in guests)
    assert MovieDigest.objects.get().letters == 5
    assert tell_of_new_movies() == 0


def test_a_batch_written_but_not_noted_is_not_written_again(admin):
    people.customer()
    announced(admin)
    tell_of_new_movies()
    MovieDigest.objects.update(reached=0, done_at=None)

    assert tell_of_new_movies() == 0
    assert len(readers()) == 1


# What is read -----------------------------------------------------------------------------------------------------


def test_the_daily_letter_names_every_movie_in_text_and_html(admin, mail_server: MailServer):
    guest = people.customer()
    announced(admin, "Kilo Tango", synopsis="Two <b>pilots</b> dance.")
    announced(admin, "Small Hours")
    tell_of_new_movies()

    deliver_due()

    [letter] = mail_server.to(guest.email)
    assert letter["Subject"] == "New: Kilo Tango and one more movie"
    for part in (body(letter, "plain"), body(letter, "html")):
        assert "Kilo Tango" in part and "Small Hours" in part
        assert "/letters/stop/" in part
    assert "Two <b>pilots</b> dance." in body(letter, "plain")
    assert "<b>pilots" not in body(letter, "html")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (
        letter["List-Unsubscribe"].strip().startswith("<http")
        and "/letters/stop/" in letter["List-Unsubscribe"]
    )


def test_a_follower_reads_the_next_times_and_from_when_they_are_sold(admin, mail_server: MailServer):
    guest, movie = people.customer(), factories.movie("Kilo Tango", state="coming_soon")
    follow_movie(by=people.actor_for(guest), movie_id=movie.pk)
    later = factories.show(of=movie, in_hours=60)
    type(later).objects.filter(pk=later.pk).update(on_sale_from=Now() + timedelta(hours=5))
    factories.show(of=movie, in_hours=30)

    releasing.open_movie(by=admin, movie_id=movie.pk)
    deliver_due()

    [letter] = mail_server.to(guest.email)
    text = body(letter, "plain")
    assert letter["Subject"] == "Kilo Tango is showing now"
    assert text.count("/seats/") == 2 and text.count("tickets from") == 1


def test_a_letter_about_bookings_carries_no_such_link(mail_server: MailServer):
    guest = people.customer()
    factories.booked(by=guest)

    deliver_due()

    [letter] = mail_server.to(guest.email)
    assert letter["List-Unsubscribe"] is None
    assert "/letters/stop/" not in body(letter, "plain")


def test_what_was_taken_back_before_it_was_sent_is_told_to_nobody(admin, mail_server: MailServer):
    guest = people.customer()
    movie = announced(admin)
    tell_of_new_movies()
    releasing.take_back_movie(by=admin, movie_id=movie.pk)

    deliver_due()

    assert mail_server.to(guest.email) == []
    assert "taken back" in Letter.objects.get(kind="new_movies").last_error


# One press ends them ----------------------------------------------------------------------------------------------


def stop_link(kind: str = "new_movies") -> str:
    row = Letter.objects.filter(kind=kind).latest("pk")
    queued = QueuedLetter(
        row.pk, row.key, row.kind, row.to, None, row.user_id, row.data, row.message_id, 1, row.queued_at
    )
    link = letters.compose(queued).extra_headers["List-Unsubscribe"].strip("<>")
    return link[link.index("/letters/") :]


def test_looking_at_the_link_changes_nothing_and_one_press_ends_the_letters(admin):
    guest = people.customer()
    announced(admin)
    tell_of_new_movies()
    client, path = Client(), stop_link()

    page = client.get(path)
    assert page.status_code == 200 and guest.email in page.content.decode()
    assert Customer.objects.get(user=guest).mails["new_movies"] is True
    pressed = client.post(path)

    assert pressed.status_code == 200 and "have stopped" in pressed.content.decode()
    assert Customer.objects.get(user=guest).mails == {"new_movies": False, "promotions": True, "offers": True}
    entry = AuditEntry.objects.get(verb="stop_letters")
    assert (entry.actor_id, entry.details) == (guest.pk, {"kind": "new_movies"})
    client.post(path)
    assert AuditEntry.objects.filter(verb="stop_letters").count() == 1


def test_the_mail_programs_press_needs_no_cookie(admin):
    guest = people.customer()
    announced(admin)
    tell_of_new_movies()

    pressed = Client(enforce_csrf_checks=True).post(
        stop_link(), "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
    )

    assert pressed.status_code == 200
    assert Customer.objects.get(user=guest).mails["new_movies"] is False


def test_what_was_queued_before_the_press_is_not_sent_after_it(admin, mail_server: MailServer):
    guest = people.customer()
    announced(admin)
    tell_of_new_movies()

    Client().post(stop_link())
    deliver_due()

    assert mail_server.to(guest.email) == []
    assert Letter.objects.get(kind="new_movies").state == "dead"


def test_a_followers_press_ends_what_they_asked_for_and_not_the_daily_letter(admin):
    guest, movie = people.customer(), factories.movie(state="coming_soon")
    follow_movie(by=people.actor_for(guest), movie_id=movie.pk)
    releasing.open_movie(by=admin, movie_id=movie.pk)

    Client().post(stop_link("movie_opened"))

    assert not MovieFollow.objects.exists()
    assert Customer.objects.get(user=guest).mails["new_movies"] is True


@pytest.mark.parametrize(
    "change", [lambda path: path[:-3] + "xx/", lambda path: path.replace("-new", "-off", 1)]
)
def test_a_link_that_is_not_ours_is_said_so(admin, change):
    guest = people.customer()
    announced(admin)
    tell_of_new_movies()

    assert Client().post(change(stop_link())).status_code == 404
    assert Customer.objects.get(user=guest).mails["new_movies"] is True
