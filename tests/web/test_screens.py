"""The office's screens: the list, one of them, a new one, and seats out of service."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories, people
from tests.web.browsers import browser_of, hidden, words_of
from theatre.models import Screen, SeatClaim, SeatOutOfService, SeatPlan, Show

pytestmark = pytest.mark.django_db

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def office() -> Client:
    return browser_of(people.admin(name="Ada Lumen"))


def day(days: int = 3) -> str:
    return (datetime.now(BERLIN).date() + timedelta(days=days)).isoformat()


def typed(**wanted) -> dict[str, object]:
    return {
        "name": "Screen 9, the Attic", "number": "9", "cleaning_minutes": "15", "access_notes": "", "key": "", **wanted,
    }  # fmt: skip


def out(**wanted) -> dict[str, object]:
    fields = {
        "seat": "A 1",
        "scope": "day",
        "last_day": day(),
        "show": "",
        "reason": "Spring",
        "key": "",
        **wanted,
    }
    return {f"out-{name}": value for name, value in fields.items()}


# The list and one of them ---------------------------------------------------------------------------------------


def test_without_a_screen_the_list_says_what_to_do(office):
    page = office.get(reverse("screens"))

    assert "No screen yet Add the first, then draw its seats. Add a screen" in words_of(page)


def test_the_list_says_seats_shows_and_what_is_out(office):
    show = factories.show(on=factories.screen(name="Screen 7"))
    Screen.objects.create(name="Screen 8", number=30_080, cleaning_minutes=0)
    Screen.objects.filter(pk=factories.screen(name="Screen 9").pk).update(active=False)
    office.post(reverse("seat_out", args=[show.screen_id]), out())

    words = words_of(office.get(reverse("screens")))

    assert "3 screens" in words
    assert "Screen 7" in words
    assert "100 version 1 20 min 1 next" in words
    assert "none yet – 0 – no seats yet" in words
    assert words.index("Screen 9") > words.index("Screen 8")
    assert "retired" in words


@pytest.mark.parametrize("number", [1, 3])
def test_the_office_asks_as_often_for_many_screens(office, number):
    for _ in range(number):
        on = factories.screen()
        for hours in range(number):
            factories.show(on=on, in_hours=24 + 4 * hours)
    for place in range(number):
        office.post(reverse("seat_out", args=[on.pk]), out(seat=f"A {place + 1}"))
    plan = SeatPlan.objects.get(screen=on)
    asked = {}
    for name, address in (
        ("screens", reverse("screens")),
        ("screen", reverse("screen", args=[on.pk])),
        ("new", reverse("screen_new")),
        ("edit", reverse("screen_edit", args=[on.pk])),
        ("plan", reverse("screen_plan", args=[on.pk])),
        ("version", reverse("plan_version", args=[on.pk, plan.pk])),
    ):
        office.get(address)
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert office.get(address).status_code == 200
        asked[name] = len(queries)

    assert asked == {"screens": 3, "screen": 6, "new": 2, "edit": 3, "plan": 4, "version": 4}


@pytest.mark.parametrize(
    "address", ["/office/screens/999999/", f"/office/screens/{2**63}/", f"/office/screens/{'9' * 60}/"]
)
def test_a_screen_that_is_not_there_is_not_found(office, address):
    assert office.get(address).status_code == 404
    assert office.post(f"{address}retire/").status_code == 404
    assert office.post(f"{address}out-of-service/", out()).status_code == 404


# Made, changed, retired -----------------------------------------------------------------------------------------


def test_a_screen_is_made_once_and_its_seats_come_next(office):
    given = typed(key=hidden(office.get(reverse("screen_new")), "key"), access_notes="Ramp on the left")

    first, again = (office.post(reverse("screen_new"), given) for _ in range(2))

    made = Screen.objects.get()
    assert (made.name, made.number, made.cleaning_minutes, made.access_notes) == (
        "Screen 9, the Attic", 9, 15, "Ramp on the left",
    )  # fmt: skip
    assert first.url == again.url == reverse("screen_plan", args=[made.pk])
    assert "Screen 9, the Attic is made. Now draw its seats" in words_of(office.get(first.url))


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Enter the screen’s name"),
        ("name", "   ", "Enter the screen’s name"),
        ("name", "x" * 61, "Use 60 characters or fewer"),
        ("name", "Screen 7", "Another screen is called Screen 7"),
        ("number", "", "Enter a number from 1 to 999"),
        ("number", "0", "Enter a number from 1 to 999"),
        ("number", "9" * 30, "Enter a number from 1 to 999"),
        ("number", "two", "Enter a number from 1 to 999"),
        ("number", "777", "Another screen has number 777"),
        ("cleaning_minutes", "-5", "Enter a number from 0 to 240"),
        ("cleaning_minutes", "241", "Enter a number from 0 to 240"),
        ("access_notes", "x" * 501, "Use 500 characters or fewer"),
    ],
)
def test_what_does_not_fit_a_screen_is_said_and_kept(office, field, value, sentence):
    Screen.objects.create(name="Screen 7", number=777, cleaning_minutes=20)
    other = Screen.objects.create(name="Screen 8", number=8, cleaning_minutes=20)

    made = office.post(reverse("screen_new"), typed(**{field: value}))
    changed = office.post(reverse("screen_edit", args=[other.pk]), typed(**{field: value}))

    for page in (made, changed):
        assert page.status_code == 422
        assert sentence in words_of(page)
        assert ('value="15"' if field != "cleaning_minutes" else 'value="9"') in page.content.decode()
    assert Screen.objects.count() == 2
    other.refresh_from_db()
    assert other.name == "Screen 8"


def test_a_screen_is_changed_and_nothing_is_said_to_be_nothing(office):
    on = Screen.objects.create(name="Screen 7", number=7, cleaning_minutes=20)

    saved = office.post(reverse("screen_edit", args=[on.pk]), typed(), follow=True)
    again = office.post(reverse("screen_edit", args=[on.pk]), typed(), follow=True)

    assert "Saved" in words_of(saved)
    assert "Nothing was changed" in words_of(again)
    on.refresh_from_db()
    assert (on.name, on.cleaning_minutes) == ("Screen 9, the Attic", 15)


def test_a_screen_with_shows_to_come_is_not_retired(office):
    show = factories.show(on=factories.screen(name="Screen 7"))

    said = office.post(reverse("screen_retire", args=[show.screen_id]), follow=True)

    assert "1 show to come is planned on Screen 7" in words_of(said)
    assert Screen.objects.get().active


def test_a_screen_is_retired_and_brought_back(office):
    on = factories.screen(name="Screen 7")

    retired = office.post(reverse("screen_retire", args=[on.pk]), follow=True)
    assert "Screen 7 is retired" in words_of(retired)
    assert not Screen.objects.get().active
    back = office.post(reverse("screen_bring_back", args=[on.pk]), follow=True)

    assert "Screen 7 can be programmed again" in words_of(back)
    assert Screen.objects.get().active


# Out of service -------------------------------------------------------------------------------------------------


def test_a_seat_is_out_until_the_end_of_a_day_and_given_back(office):
    show = factories.show()
    address = reverse("seat_out", args=[show.screen_id])
    given = out(seat="a-01", key=hidden(office.get(reverse("screen", args=[show.screen_id])), "out-key"))

    page = office.post(address, given, follow=True)
    again = office.post(address, given, follow=True)

    assert "1 seat is kept from sale" in words_of(page)
    assert ", 1 show Spring Ada Lumen" in words_of(again)
    assert SeatClaim.objects.get(show=show).state == "blocked"
    gone = SeatOutOfService.objects.get()
    back = office.post(reverse("seat_back", args=[show.screen_id, gone.pk]), follow=True)
    assert "Every seat is in service." in words_of(back)
    assert not SeatClaim.objects.exists()


def test_a_seat_is_out_for_one_show_alone(office):
    show = factories.show(of=factories.movie("Kilo Tango"))
    factories.show(on=show.screen, in_hours=48)

    page = office.post(
        reverse("seat_out", args=[show.screen_id]), out(scope="show", show=show.pk), follow=True
    )

    assert ": Kilo Tango Spring" in words_of(page)
    assert list(SeatClaim.objects.values_list("show", flat=True)) == [show.pk]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("seat", "", "Enter the seat, like F 7"),
        ("seat", "third row", "Enter the seat as a row and a number, like F 7"),
        ("seat", "A9999", "Enter the seat as a row and a number, like F 7"),
        ("seat", "Ä 1", "Enter the seat as a row and a number, like F 7"),
        ("seat", "Z 1", "Screen 7 has no seat Z 1"),
        ("scope", "", "Choose a day or a show"),
        ("scope", "ever", "Choose a day or a show"),
        ("last_day", "", "Enter the last day, like 2026-03-01"),
        ("last_day", "soon", "Enter the day like 2026-03-01"),
        ("last_day", "2020-01-01", "Choose today or a later day, within three years"),
        ("last_day", "9999-12-31", "Choose today or a later day, within three years"),
        ("reason", "", "Say what is wrong with it"),
        ("reason", "x" * 201, "Use 200 characters or fewer"),
    ],
)
def test_what_does_not_fit_a_seat_out_of_service_is_said_and_kept(office, field, value, sentence):
    on = factories.screen(name="Screen 7")

    page = office.post(reverse("seat_out", args=[on.pk]), out(**{field: value}))

    assert page.status_code == 422
    assert sentence in words_of(page)
    assert ('value="Spring"' if field != "reason" else 'value="A 1"') in page.content.decode()
    assert not SeatOutOfService.objects.exists()


@pytest.mark.parametrize("show", ["", "12345678", "9" * 40, "x"])
def test_only_a_show_of_this_screen_can_be_chosen(office, show):
    on = factories.screen()
    elsewhere = factories.show()

    for chosen in (show, elsewhere.pk):
        page = office.post(reverse("seat_out", args=[on.pk]), out(scope="show", show=chosen))
        assert page.status_code == 422
        assert ("Choose a show" if chosen == "" else "Choose one of these shows") in words_of(page)
    assert not SeatOutOfService.objects.exists()


def test_a_seat_somebody_has_stays_theirs_and_is_said_with_its_booking(office):
    show = factories.show()
    booking = factories.booked(of=show, seats=1)
    seat = booking.tickets.get().seat

    page = office.post(reverse("seat_out", args=[show.screen_id]), out(seat=f"{seat.row} {seat.number}"))

    assert page.status_code == 422
    assert booking.ref in words_of(page).replace(" ", "")
    assert not SeatOutOfService.objects.exists()
    assert Show.objects.get().starts_at > datetime.now(UTC)


def test_another_screens_seat_is_not_given_back_from_here(office):
    one, other = factories.screen(), factories.screen()
    office.post(reverse("seat_out", args=[one.pk]), out())
    gone = SeatOutOfService.objects.get()

    assert office.post(reverse("seat_back", args=[other.pk, gone.pk])).status_code == 404
    assert office.post(reverse("seat_back", args=[one.pk, 2**62])).status_code == 404
    gone.refresh_from_db()
    assert gone.released_at is None
