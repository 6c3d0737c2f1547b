"""The programme in a browser: a show added with and without scripts, moved by keys and by hand, and a day copied."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests import factories, people
from tests.journeys.test_browser_people import enter
from theatre.models import PriceCard, Show

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

BERLIN = ZoneInfo("Europe/Berlin")


def day(days: int = 3) -> date:
    return datetime.now(BERLIN).date() + timedelta(days=days)


def moment(days: int, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day(days), time(hour, minute), BERLIN).astimezone(UTC)


def show_at(starts_at: datetime, on, **wanted) -> Show:
    made = factories.show(of=factories.movie(certificate="12", **wanted), on=on)
    length = made.ends_at - made.starts_at
    made.starts_at, made.ends_at = starts_at, starts_at + length
    made.clean_at = made.ends_at + timedelta(minutes=20)
    made.save(update_fields=["starts_at", "ends_at", "clean_at"])
    return made


@pytest.fixture
def house():
    """Two screens, a default card, and two shows three days from now."""
    card = factories.price_card(name="Usual")
    PriceCard.objects.filter(pk=card.pk).update(is_default=True)
    screens = [factories.screen(name=f"Screen {number}") for number in (1, 2)]
    shows = [
        show_at(moment(3, 14), screens[0], title="Kilo Tango"),
        show_at(moment(3, 20), screens[1], title="Small Hours"),
    ]
    return screens, shows


def leave(office) -> None:
    """Let go of the page before the database is taken away."""
    office.page.goto("about:blank")


@pytest.mark.parametrize(("width", "js"), [(1280, True), (390, False)], ids=str)
def test_a_show_is_added_changed_put_on_sale_and_its_day_copied(visit, house, width, js):
    film = factories.movie("The Long Exposure", certificate="12", release_date=date(2025, 5, 1))
    factories.movie("The Long Goodbye", certificate="12")
    office = visit(width=width, js=js)
    enter(office, people.moderator())
    office.open(f"/office/shows/?day={day().isoformat()}")
    office.press(office.link("Add a show"))
    office.page.locator("[data-movies]").fill("the long")
    office.page.get_by_label("Screen").select_option("Screen 1")
    office.fill("Starts at", "15:00")
    office.press(office.button("Add the show"))
    assert "Several movies fit that" in office.text()
    office.page.get_by_label("The Long Exposure (2025), Ada Lumen").check()
    office.press(office.button("Add the show"))
    assert "Screen 1 is busy until 15:55. The earliest start is 16:15" in office.text()
    office.fill("Starts at", "16:15")
    office.press(office.button("Add the show"))
    assert "16:15 The Long Exposure" in office.text()

    office.press(office.link("16:15 The Long Exposure"))
    office.fill("Last seats for the counter", "6")
    office.page.get_by_label("Subtitled").check()
    office.press(office.button("Save how it is sold"))
    assert "the last 6 seats" in office.text()
    office.fill("Starts at", "17:00")
    office.press(office.button("Save where and when"))
    office.press(office.button("Put on sale"))
    made = Show.objects.get(movie=film)
    assert (made.state, made.counter_seats, made.formats) == ("on_sale", 6, ["subtitled"])
    assert made.starts_at == moment(3, 17)

    office.open(f"/office/shows/?day={day().isoformat()}")
    office.press(office.link("Copy this day"))
    office.fill("To", day(10).isoformat())
    office.press(office.button("Show what that makes"))
    assert "3 shows fit" in office.text().lower() or "3 SHOWS FIT" in office.text()
    office.press(office.button("Copy 3 shows"))
    assert Show.objects.filter(starts_at__gte=moment(10, 0)).count() == 3
    assert office.button("Put 3 planned shows on sale").is_visible()
    leave(office)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_late_show_for_children_is_planned_anyway(visit, house, width):
    factories.movie("Owl", certificate="PG")
    office = visit(width=width)
    enter(office, people.moderator())
    office.open(f"/office/shows/new/?day={day(4).isoformat()}")
    office.page.locator("[data-movies]").fill("Owl")
    office.fill("Starts at", "20:45")
    office.press(office.button("Add the show"))
    assert "the certificate PG brings children" in office.text()
    office.press(office.button("Plan it anyway"))
    assert "20:45 Owl" in office.text()
    leave(office)


def focused(office) -> str:
    return " ".join(office.page.evaluate("document.activeElement.innerText").split())


def until_on_board(office) -> int:
    """Tab from the top of the page into the board; how many stops inside it there are."""
    office.page.locator("h1").click()
    for _ in range(60):
        office.page.keyboard.press("Tab")
        if office.page.evaluate("!!document.activeElement.closest('[data-lane]')"):
            break
    stops = office.page.evaluate("document.querySelectorAll('[data-board] a[tabindex=\"0\"]').length")
    return int(stops)


def test_the_board_is_used_by_keys_alone(visit, house):
    screens, (tango, hours) = house
    show_at(moment(4, 12), screens[0], title="Meridian")
    office = visit()
    enter(office, people.moderator())
    office.open(f"/office/shows/?week={(day() - timedelta(days=day().weekday())).isoformat()}")
    keys = office.page.keyboard

    assert until_on_board(office) == 1
    assert focused(office).startswith("14:00 Kilo Tango")
    keys.press("ArrowDown")
    assert focused(office).startswith("20:00 Small Hours")
    keys.press("ArrowUp")
    if day(4).weekday() > day().weekday():
        keys.press("PageDown")
        assert focused(office).startswith("12:00 Meridian")
        keys.press("Control+Home")
    # To another time and screen, put back, and there again.
    for _ in range(2):
        keys.press("Shift+ArrowRight")
    keys.press("Shift+ArrowDown")
    assert focused(office).startswith("14:10 Kilo Tango")
    office.page.wait_for_timeout(100)
    assert office.page.locator("#say").inner_text() == f"14:10, Screen 2, {day().isoformat()}"
    keys.press("Escape")
    assert focused(office).startswith("14:00 Kilo Tango")
    office.look()
    keys.press("Shift+ArrowDown")
    keys.press("Control+Shift+ArrowRight")
    with office.page.expect_navigation():
        keys.press("Enter")
    office.look()

    tango.refresh_from_db()
    assert (tango.screen, tango.starts_at) == (screens[1], moment(3, 15))
    assert "Moved: Kilo Tango" in office.page.locator(".toasts").inner_text()
    until_on_board(office)
    with office.page.expect_navigation():
        keys.press("Enter")
    assert re.search(r"/office/shows/\d+/$", office.page.url)
    leave(office)


def test_on_a_phone_a_show_is_found_and_moved_by_keys_alone(visit, house):
    screens, (tango, hours) = house
    office = visit(width=390)
    enter(office, people.moderator())
    office.open(f"/office/shows/?day={day().isoformat()}")
    keys = office.page.keyboard

    assert until_on_board(office) == 1
    keys.press("ArrowDown")
    assert focused(office).startswith("20:00 Small Hours")
    keys.press("Control+Home")
    # Where the blocks stand below each other there is no time to move them along.
    keys.press("Shift+ArrowRight")
    assert focused(office).startswith("14:00 Kilo Tango")
    with office.page.expect_navigation():
        keys.press("Enter")
    office.look()
    for _ in range(40):
        keys.press("Tab")
        if office.page.evaluate("document.activeElement.name") == "screen":
            break
    keys.press("ArrowDown")
    for _ in range(10):
        keys.press("Tab")
        if focused(office).startswith("Save"):
            break
    with office.page.expect_navigation():
        keys.press("Enter")
    office.look()

    tango.refresh_from_db()
    assert (tango.screen, tango.starts_at) == (screens[1], moment(3, 14))
    leave(office)


@pytest.mark.parametrize(("width", "js"), [(1280, False), (390, True)], ids=str)
def test_a_week_is_copied_and_what_does_not_fit_is_named_before(visit, house, width, js):
    screens, (tango, hours) = house
    show_at(moment(10, 13), screens[0], title="Meridian")
    monday = day() - timedelta(days=day().weekday())
    office = visit(width=width, js=js)
    enter(office, people.moderator())
    office.open(f"/office/shows/?week={monday.isoformat()}")
    office.press(office.link("Copy this week"))
    office.fill("To", (monday + timedelta(days=7)).isoformat())
    office.press(office.button("Show what that makes"))
    assert "1 show fits, 1 does not" in office.text().lower()
    assert "Screen 1 is busy until 14:55. The earliest start is 15:15" in office.text()
    assert Show.objects.count() == 3
    office.press(office.button("Copy 1 show"))

    [made] = Show.objects.exclude(pk__in=[tango.pk, hours.pk]).exclude(movie__title="Meridian")
    assert (made.movie, made.starts_at, made.state) == (hours.movie, moment(10, 20), "planned")
    leave(office)


@pytest.mark.parametrize("hour", [2, 10])
def test_every_hour_of_a_day_is_read_however_long_the_day_is(visit, house, hour):
    screens, _shows = house
    show_at(moment(3, hour, 30), screens[0], title="Nine Floors Down")
    office = visit()
    enter(office, people.moderator())
    office.open(f"/office/shows/?day={day().isoformat()}")

    wrong = office.page.evaluate("""[...document.querySelectorAll('.axis li')].filter(
        hour => hour.scrollWidth > hour.clientWidth || hour.clientHeight > 24).map(hour => hour.innerText)""")
    assert wrong == []
    leave(office)


def test_a_show_is_dragged_to_another_screen_and_what_cannot_be_is_said(visit, house):
    screens, (tango, hours) = house
    sold = show_at(moment(3, 11), screens[1], title="Saltwater Radio")
    factories.booked(of=sold)
    office = visit()
    enter(office, people.moderator())
    office.open(f"/office/shows/?day={day().isoformat()}")

    def drag(title: str, screen: int, minutes: int) -> None:
        block = office.page.locator("[data-lane] a", has_text=title)
        lane = office.page.locator(
            f'[data-lane][data-screen="{screens[screen].pk}"] [data-blocks]'
        ).bounding_box()
        per_minute = lane["width"] / (
            60 * int(office.page.locator("[data-board]").get_attribute("data-hours"))
        )
        box = block.bounding_box()
        office.page.mouse.move(box["x"] + 20, box["y"] + 20)
        office.page.mouse.down()
        office.page.mouse.move(box["x"] + 40, box["y"] + 20)
        office.page.mouse.move(box["x"] + 20 + minutes * per_minute, lane["y"] + 20, steps=4)
        office.page.mouse.up()
        office.page.wait_for_load_state("load")
        office.page.wait_for_timeout(100)

    with office.page.expect_navigation():
        drag("Kilo Tango", 1, 90)
    office.look()
    tango.refresh_from_db()
    assert (tango.screen, tango.starts_at) == (screens[1], moment(3, 15, 30))

    with office.page.expect_navigation():
        drag("Kilo Tango", 1, 240)
    office.look()
    assert "Screen 2 is busy until 21:55. The earliest start is 22:15" in office.text()
    office.open(f"/office/shows/?day={day().isoformat()}")
    drag("Saltwater Radio", 0, 60)
    sold.refresh_from_db()
    assert sold.starts_at == moment(3, 11)
    leave(office)
