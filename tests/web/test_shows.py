"""The office's shows: the week board, one show, a new one, and copies."""

import json
import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories, people
from tests.web.browsers import browser_of, hidden, words_of
from theatre.models import AuditEntry, Movie, PriceCard, Show

pytestmark = pytest.mark.django_db

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def office() -> Client:
    return browser_of(people.moderator())


@pytest.fixture
def default_card() -> PriceCard:
    card = factories.price_card(name="Usual")
    PriceCard.objects.filter(pk=card.pk).update(is_default=True)
    return card


def day(days: int = 3) -> date:
    return datetime.now(BERLIN).date() + timedelta(days=days)


def moment(days: int = 3, hour: int = 20, minute: int = 15) -> datetime:
    return datetime.combine(day(days), time(hour, minute), BERLIN).astimezone(UTC)


def show_at(starts_at: datetime, **wanted) -> Show:
    """A show nobody has touched."""
    of = wanted.pop("of", None) or factories.movie(certificate="12")
    made = factories.show(of=of, **wanted)
    length, cleaning = made.ends_at - made.starts_at, made.clean_at - made.ends_at
    made.starts_at, made.ends_at, made.clean_at = starts_at, starts_at + length, starts_at + length + cleaning
    made.save(update_fields=["starts_at", "ends_at", "clean_at"])
    return made


def typed(movie: Movie | str, screen, **wanted) -> dict[str, object]:
    title = movie if isinstance(movie, str) else movie.title
    return {
        "movie": title, "screen": screen.pk, "day": day().isoformat(), "starts_at": "20:15", "key": "", **wanted,
    }  # fmt: skip


def row_of(show: Show) -> Any:
    return Show.objects.filter(pk=show.pk).values().get()


def form_of(page, address: str) -> dict[str, object]:
    """What a browser would send back, untouched, from the form that posts to this address."""
    html = page.content.decode()
    found = re.search(rf'<form[^>]*action="{re.escape(address)}".*?</form>', html, re.S)
    assert found
    form = found[0]
    sent: dict[str, object] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'name="([^"]*)"', tag)
        kind = re.search(r'type="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name is None or (kind and kind[1] in ("checkbox", "radio") and " checked" not in tag):
            continue
        sent.setdefault(name[1], []).append(value[1] if value else "")
    for name, options in re.findall(r'<select name="([^"]*)".*?>(.*?)</select>', form, re.S):
        sent[name] = re.findall(r'<option value="([^"]*)" selected', options)
    return sent


# The board ------------------------------------------------------------------------------------------------


def test_the_board_shows_a_week_by_screen_with_what_is_taken(office):
    on = factories.screen(name="Screen 7")
    show = show_at(moment(0, 20, 15), on=on, of=factories.movie("The Long Exposure"), formats=["subtitled"])
    factories.booked(of=show, seats=2) if show.starts_at > datetime.now(UTC) else None
    Show.objects.filter(pk=show_at(moment(0, 14), on=on).pk).update(state="cancelled")

    page = office.get(reverse("shows"))

    words = words_of(page)
    assert "Screen 7" in words
    assert re.search(r"20:15 The Long Exposure \d+ of 100 seats taken · Subtitled", words)
    assert "Cancelled" in words
    assert page.content.decode().count('class="day"') == 7
    assert "style=" not in page.content.decode()


def test_a_block_stands_where_its_time_is_and_is_as_wide_as_it_lasts(office):
    show_at(moment(3, 20, 15), of=factories.movie(minutes=100, certificate="12"))

    html = office.get(reverse("shows"), {"day": day(3).isoformat()}).content.decode()

    # The axis begins at ten: ten hours and three steps of five minutes later; 115 minutes are 1 h and 11 steps.
    assert "h-10 s-3 lh-1 ls-11 f-00" in html
    assert 'data-first="10" data-hours="14"' in html


def test_the_axis_grows_with_early_and_late_shows(office):
    show_at(moment(3, 8, 30))
    show_at(moment(3, 23, 30), of=factories.movie(minutes=200, certificate="18"))

    html = office.get(reverse("shows"), {"day": day(3).isoformat()}).content.decode()

    assert 'data-first="8" data-hours="20"' in html
    assert "h-0 s-6" in html


@pytest.mark.parametrize(
    "asked", [{"week": "x"}, {"day": "2026-13-01"}, {"day": "0001-01-01"}, {"week": "9999-12-31"}]
)
def test_nonsense_in_the_address_is_this_week(office, asked):
    page = office.get(reverse("shows"), asked)

    assert page.status_code == 200
    monday = day(0) - timedelta(days=day(0).weekday())
    assert f'data-back="week={monday.isoformat()}"' in page.content.decode()


def test_only_what_nobody_touched_can_be_moved_on_the_board(office):
    free, touched, begun = (
        show_at(moment()),
        show_at(moment()),
        show_at(datetime.now(UTC) - timedelta(minutes=30)),
    )
    factories.held(of=touched)

    html = "".join(
        office.get(reverse("shows"), {"day": each}).content.decode() for each in (day(), day(0), day(-1))
    )

    assert reverse("show_place", args=[free.pk]) in html
    assert reverse("show_place", args=[touched.pk]) not in html
    assert reverse("show_place", args=[begun.pk]) not in html
    assert reverse("show", args=[touched.pk]) in html


@pytest.mark.parametrize("number", [1, 12])
def test_the_office_asks_as_often_for_many_shows(office, number):
    on, film = factories.screen(), factories.movie(minutes=5, certificate="12")
    card = factories.price_card()
    for at in range(number):
        show_at(moment(3, 8, 0) + timedelta(hours=at), on=on, of=film, card=card)
    one = Show.objects.latest("pk")
    asked = {}
    for name, address, query in (
        ("week", reverse("shows"), {"week": day(3).isoformat()}),
        ("day", reverse("shows"), {"day": day(3).isoformat()}),
        ("show", reverse("show", args=[one.pk]), {}),
        ("new", reverse("show_new"), {}),
        ("movies", reverse("show_movies"), {"find": "movie"}),
        ("copy", reverse("shows_copy"), {"first": day(3), "days": 1, "to": day(10)}),
    ):
        office.get(address, query)
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert office.get(address, query).status_code == 200
        asked[name] = len(queries)

    assert asked == {"week": 4, "day": 4, "show": 6, "new": 4, "movies": 3, "copy": 8}


# A new show -----------------------------------------------------------------------------------------------


def test_a_show_is_added_and_seen_on_the_board(office, default_card):
    film, on = factories.movie("The Long Exposure", certificate="12"), factories.screen(name="Screen 2")
    page = office.get(reverse("show_new"), {"day": day().isoformat()})

    done = office.post(
        reverse("show_new"),
        typed(
            film, on, key=hidden(page, "key"), formats=["3d", "subtitled"], counter_seats="6", on_sale="on"
        ),
        follow=True,
    )

    show = Show.objects.get()
    assert (show.movie, show.screen, show.starts_at, show.card) == (film, on, moment(), default_card)
    assert (show.formats, show.counter_seats, show.state) == (["3d", "subtitled"], 6, "on_sale")
    assert f"The Long Exposure, {moment().astimezone(BERLIN):%a} " in words_of(done)
    assert "20:15, Screen 2 is planned" in words_of(done)
    assert reverse("show", args=[show.pk]) in done.content.decode()


def test_the_form_sent_twice_makes_one_show_and_another_show_is_another(office, default_card):
    film, on = factories.movie(certificate="12"), factories.screen()
    key = hidden(office.get(reverse("show_new")), "key")

    for at in ("20:15", "20:15", "14:00"):
        assert office.post(reverse("show_new"), typed(film, on, key=key, starts_at=at)).status_code == 302

    assert sorted(show.starts_at for show in Show.objects.all()) == [moment(3, 14, 0), moment(3, 20, 15)]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("movie", "", "Enter a movie’s title"),
        ("movie", "Zzyzx", "We have no movie called Zzyzx that can be shown. Check the spelling"),
        ("movie", "x" * 500, "Use 420 characters or fewer"),
        ("movie", "a\x00b", "We have no movie called"),
        ("screen", "", "Choose a screen"),
        ("screen", "99999999999999999999", "Choose one of these screens"),
        ("day", "", "Choose a day"),
        ("day", "soon", "Enter the day like 2026-03-01"),
        ("day", "9999-12-31", "Shows are planned up to 24 months ahead"),
        ("day", "0001-01-01", "That time has passed"),
        ("day", "2020-01-01", "That time has passed"),
        ("starts_at", "", "Enter the time it starts"),
        ("starts_at", "25:00", "Enter the time like 20:15"),
        ("formats", "imax", "Choose from these formats"),
        ("card", "12345678", "Choose one of these cards"),
        ("on_sale_from", "20\x0026", "Enter the day and time like 2026-03-01 10:00"),
        ("on_sale_from", "yesterday", "Enter the day and time like 2026-03-01 10:00"),
        ("on_sale_from", "9999-12-31T23:59", "Sales have to open before the show begins"),
        ("counter_seats", "-1", "Enter a number of seats, or leave it empty"),
        ("counter_seats", "1e9", "Enter a number of seats, or leave it empty"),
        ("counter_seats", "500", "This hall sells 100 seats, so nothing would be left to book online"),
    ],
)
def test_what_does_not_fit_is_answered_at_its_field_and_kept(office, default_card, field, value, sentence):
    film, on = factories.movie("The Long Exposure", certificate="12"), factories.screen()

    page = office.post(reverse("show_new"), typed(film, on, counter_seats="3") | {field: value})

    assert page.status_code == 422
    assert sentence in words_of(page)
    assert field == "movie" or 'value="The Long Exposure"' in page.content.decode()
    assert not Show.objects.exists()


def test_a_clash_is_answered_with_the_next_free_time(office, default_card):
    film, on = factories.movie(certificate="12"), factories.screen(name="Screen 2")
    office.post(reverse("show_new"), typed(film, on))

    page = office.post(reverse("show_new"), typed(film, on, starts_at="21:00"))

    assert page.status_code == 422
    assert "Screen 2 is busy until 22:10. The earliest start is 22:30" in words_of(page)


def test_several_movies_of_a_name_are_offered(office, default_card):
    old = factories.movie("Owl", certificate="12", release_date=date(1968, 5, 1), director="Ada Lumen")
    new = factories.movie("Owl", certificate="12", release_date=date(2024, 5, 1), director="Noor Rahman")
    on = factories.screen()

    asked = office.post(reverse("show_new"), typed("owl", on))
    office.post(reverse("show_new"), typed("owl", on, movie_id=old.pk))
    office.post(reverse("show_new"), typed("Owl (2024)", on, starts_at="14:00"))

    assert asked.status_code == 422
    assert "Several movies fit that. Choose one of them" in words_of(asked)
    assert "Owl (1968), Ada Lumen" in words_of(asked)
    assert [show.movie for show in Show.objects.order_by("-starts_at")] == [old, new]


def test_a_choice_that_was_not_offered_is_not_taken(office, default_card):
    on, other = factories.screen(), factories.movie("Something else", certificate="12")
    factories.movie("Owl", certificate="12", director="Ada Lumen")

    page = office.post(reverse("show_new"), typed("Owl", on, movie_id=other.pk))

    assert page.status_code == 422
    assert not Show.objects.exists()


def test_titles_are_found_by_typing_also_with_a_slip(office):
    factories.movie("The Long Exposure", release_date=date(2025, 5, 1))
    factories.movie("Owl", state="retired")
    factories.movie("A Draft without minutes", minutes=None)

    def found(text: str) -> list[str]:
        return json.loads(office.get(reverse("show_movies"), {"find": text}).content)["movies"]

    assert found("long exp") == ["The Long Exposure (2025)"]
    assert found("The Lnog Exposure") == ["The Long Exposure (2025)"]
    assert found("owl") == found("draft") == found("100%_") == []
    assert found("") == ["The Long Exposure (2025)"]


def test_a_late_show_for_children_is_asked_about_and_planned_anyway(office, default_card):
    film, on = factories.movie(certificate="PG"), factories.screen()
    given = typed(film, on, starts_at="20:45")

    asked = office.post(reverse("show_new"), given)
    done = office.post(reverse("show_new"), {**given, "sure": "1"})

    assert asked.status_code == 422
    assert "This show ends at 22:40, and the certificate PG brings children." in words_of(asked)
    assert "Plan it anyway" in words_of(asked)
    assert done.status_code == 302
    assert AuditEntry.objects.get(verb="plan_show").details["late"] is True


def next_change(*, forward: bool) -> date:
    """The next day on which Berlin's clocks go forward or back."""
    now = datetime.now(BERLIN)
    for days in range(1, 400):
        at = datetime.combine(now.date() + timedelta(days=days), time(0), BERLIN)
        change = (at + timedelta(days=1)).utcoffset() - at.utcoffset()
        if change and (change > timedelta(0)) == forward:
            return at.date()
    raise AssertionError


def test_a_time_the_clocks_skip_is_refused(office, default_card):
    film, on = factories.movie(certificate="18"), factories.screen()

    page = office.post(
        reverse("show_new"), typed(film, on, day=next_change(forward=True).isoformat(), starts_at="02:30")
    )

    assert page.status_code == 422
    assert "The clocks go forward over 02:30" in words_of(page)


def test_a_time_the_clocks_repeat_asks_which_is_meant_and_is_kept(office, default_card):
    film, on, night = factories.movie(certificate="18"), factories.screen(), next_change(forward=False)
    given = typed(film, on, day=night.isoformat(), starts_at="02:30")

    asked = office.post(reverse("show_new"), given)
    done = office.post(reverse("show_new"), {**given, "second": "second"})
    show = Show.objects.get()
    page = office.get(reverse("show", args=[show.pk]))
    for _ in range(10):
        office.post(
            reverse("show_place", args=[show.pk]), form_of(page, reverse("show_place", args=[show.pk]))
        )

    assert "comes twice. Say whether you mean the first or the second" in words_of(asked)
    assert "The second, an hour later" in words_of(asked)
    assert done.status_code == 302
    assert show.starts_at == datetime.combine(night, time(2, 30), BERLIN).replace(fold=1).astimezone(UTC)
    assert Show.objects.get().starts_at == show.starts_at


# One show -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [0, 17])
def test_both_forms_saved_ten_times_unchanged_leave_the_row_as_it_is(office, seconds):
    show = show_at(
        moment() + timedelta(seconds=seconds), formats=["audio described", "3d"], counter_seats=5,
        on_sale_from=moment(1) + timedelta(seconds=seconds), on_sale_until=moment(2),
        of=factories.movie("Owl", release_date=date(2024, 5, 1), certificate="PG", state="retired"),
    )  # fmt: skip
    PriceCard.objects.filter(pk=show.card_id).update(active=False)
    before, notes = row_of(show), AuditEntry.objects.count()
    page = office.get(reverse("show", args=[show.pk]))

    for name in ("show_place", "show_sale"):
        address = reverse(name, args=[show.pk])
        for _ in range(10):
            assert office.post(address, form_of(page, address)).status_code == 302

    assert row_of(show) == before
    assert AuditEntry.objects.count() == notes


def test_a_show_is_moved_from_its_page_and_from_the_board(office):
    show, other = show_at(moment()), factories.screen(name="Screen 9")
    address = reverse("show_place", args=[show.pk])

    own = office.post(
        address,
        {"movie": show.movie.title, "screen": other.pk, "day": day(4), "starts_at": "19:05"},
        follow=True,
    )
    board = office.post(
        address,
        {"screen": other.pk, "day": day(4), "starts_at": "19:10", "back": f"day={day(4).isoformat()}"},
    )

    show.refresh_from_db()
    assert "19:05, Screen 9" in words_of(own)
    assert board["Location"] == f"{reverse('shows')}?day={day(4).isoformat()}"
    assert (show.screen, show.starts_at) == (other, moment(4, 19, 10))


def test_a_move_that_cannot_be_is_answered_on_the_shows_page_with_what_was_typed(office):
    on = factories.screen(name="Screen 2")
    show = show_at(moment(3, 14), on=on)
    show_at(moment(3, 20), on=on)

    page = office.post(
        reverse("show_place", args=[show.pk]),
        {"screen": on.pk, "day": day(3), "starts_at": "19:40", "back": "week=2026-01-05"},
    )

    assert page.status_code == 422
    assert "Screen 2 is busy until 22:10. The earliest start is 22:30" in words_of(page)
    assert 'value="19:40"' in page.content.decode()
    assert hidden(page, "back") == "week=2026-01-05"


def test_back_leads_nowhere_else(office):
    show = show_at(moment())

    answer = office.post(
        reverse("show_place", args=[show.pk]),
        {"screen": show.screen_id, "day": day(4), "starts_at": "19:05", "back": "//evil.example/?day=1"},
    )

    assert answer["Location"].startswith(f"{reverse('shows')}?week=")


def test_a_show_with_guests_offers_what_keeps_them(office):
    show = show_at(moment())
    factories.booked(of=show)

    page = office.get(reverse("show", args=[show.pk]))
    tried = office.post(
        reverse("show_place", args=[show.pk]), {"screen": show.screen_id, "day": day(4), "starts_at": "19:05"}
    )

    assert "so its movie, screen and time stay." in words_of(page)
    assert "2 of 100 are taken" in words_of(page)
    assert reverse("show_cancel", args=[show.pk]) in page.content.decode()
    assert reverse("show_delete", args=[show.pk]) not in page.content.decode()
    assert tried.status_code == 422
    assert "Move it together with its guests" in words_of(tried)


def test_planned_shows_are_put_on_sale_one_or_all(office):
    shows = [show_at(moment(3, hour), state="planned") for hour in (12, 15, 18)]
    page = office.get(reverse("shows"), {"day": day().isoformat()})

    one = office.post(reverse("shows_on_sale"), {"show": shows[0].pk}, follow=True)
    rest = office.post(
        reverse("shows_on_sale"), {"show": [show.pk for show in shows], "back": f"day={day().isoformat()}"}
    )
    nonsense = office.post(reverse("shows_on_sale"), {"show": ["x", "-3", str(2**70)]}, follow=True)

    assert "Put 3 planned shows on sale" in words_of(page)
    assert "1 show is on sale" in words_of(one)
    assert rest["Location"] == f"{reverse('shows')}?day={day().isoformat()}"
    assert set(Show.objects.values_list("state", flat=True)) == {"on_sale"}
    assert nonsense.status_code == 200


def test_a_show_nobody_touched_is_deleted_and_another_is_not(office):
    free, held = show_at(moment()), show_at(moment())
    factories.held(of=held)

    done = office.post(reverse("show_delete", args=[free.pk]), follow=True)
    refused = office.post(reverse("show_delete", args=[held.pk]), follow=True)

    assert "is deleted" in words_of(done)
    assert "so it stays in the books. Cancel it instead" in words_of(refused)
    assert list(Show.objects.all()) == [held]


def test_what_never_was_is_not_found(office):
    for number in (999_999_999, 2**64):
        for name in ("show", "show_place", "show_sale", "show_delete"):
            address = reverse("show", args=[1]).replace("/1/", f"/{number}/") if name == "show" else None
            path = address or f"{reverse('show', args=[number])}{name.removeprefix('show_')}/"
            ask = office.get if name == "show" else office.post
            assert ask(path).status_code == 404


# Copies ---------------------------------------------------------------------------------------------------


def test_a_week_is_looked_at_first_and_then_copied_once(office):
    on = factories.screen(name="Screen 1")
    show = show_at(moment(3, 14), on=on)
    show_at(moment(3, 20), on=on)
    show_at(moment(10, 19), on=on)
    asked = {"first": day(3), "days": 1, "to": day(10)}

    page = office.get(reverse("shows_copy"), asked)
    assert Show.objects.count() == 3
    sent = form_of_post(page)
    done = [office.post(reverse("shows_copy"), sent, follow=True) for _ in range(3)]

    words = words_of(page)
    assert "1 show fits, 1 does not" in words
    assert "Screen 1 is busy until 21:10. The earliest start is 21:30" in words
    assert "Copy 1 show" in words
    assert all("1 show is copied" in words_of(each) for each in done)
    assert Show.objects.count() == 4
    assert Show.objects.filter(movie=show.movie, starts_at=moment(10, 14)).exists()


def form_of_post(page) -> dict[str, object]:
    html = page.content.decode()
    form = html[html.rindex('<form method="post"') :]
    return dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form))


def test_a_programme_that_changed_meanwhile_is_shown_anew(office):
    on = factories.screen()
    show_at(moment(3, 14), on=on)
    asked = {"first": day(3), "days": 1, "to": day(10)}
    sent = form_of_post(office.get(reverse("shows_copy"), asked))
    show_at(moment(10, 14), on=on)

    page = office.post(reverse("shows_copy"), sent)

    assert page.status_code == 422
    assert "The programme has changed meanwhile, so nothing was copied." in words_of(page)
    assert "0 shows fit, 1 does not" in words_of(page)
    assert Show.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("first", "", "Choose a day"), ("first", "x", "Enter the day like 2026-03-01"),
        ("to", "9999-12-31", "Enter a day of this century"), ("to", "", "Choose a day"),
        ("days", "30", "Choose a week or a day"), ("to", None, "Choose another day to copy to"),
    ],
)  # fmt: skip
def test_what_cannot_be_copied_is_said(office, field, value, sentence):
    asked = {"first": day(3).isoformat(), "days": "7", "to": day(10).isoformat()}

    page = office.get(reverse("shows_copy"), {**asked, field: asked["first"] if value is None else value})

    assert page.status_code == 422
    assert sentence in words_of(page)


def test_an_empty_week_says_so(office):
    page = office.get(reverse("shows_copy"), {"first": day(3), "days": 7, "to": day(10)})

    assert "There is no show on those days." in words_of(page)


# Who sees it, and the counter's last seats ----------------------------------------------------------------


def test_a_planned_show_is_seen_by_staff_alone(office):
    film = factories.movie("Owl", certificate="12")
    show = show_at(moment(0, 23, 50), state="planned", of=film)
    guest = browser_of(people.customer())

    assert guest.get(reverse("seats", args=[show.pk])).status_code == 404
    assert "Owl" not in words_of(guest.get(reverse("home")))
    assert guest.get(f"/api/v1/shows/{show.pk}/seats").status_code == 404
    assert office.get(reverse("seats", args=[show.pk])).status_code == 200
    assert "Owl" in words_of(office.get(reverse("shows")))


def test_the_seat_page_says_that_the_last_seats_are_sold_at_the_counter():
    show = factories.show(on=factories.screen(("sssss.sssss",)), counter_seats=6)
    guest = browser_of(people.customer())
    before = words_of(guest.get(reverse("seats", args=[show.pk])))
    factories.held(of=show, seats=4)

    after = words_of(browser_of(people.customer()).get(reverse("seats", args=[show.pk])))

    assert "sold at the counter" not in before
    assert "The last 6 seats are sold at the counter." in after
