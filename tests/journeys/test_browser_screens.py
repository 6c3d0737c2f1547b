"""Screens and price cards in a browser: made with and without scripts, seats painted by keys, mouse and finger."""

from datetime import date, timedelta

import pytest

from tests import factories, people
from tests.journeys.test_browser_people import enter
from theatre.models import PriceCard, Screen, SeatOutOfService, SeatPlan
from theatre.queries.seatmap import plan_of
from theatre.rules.plans import text_of

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(visit):
    """An admin at a wide window with scripts."""
    person = visit()
    enter(person, people.admin())
    yield person
    person.page.goto("about:blank")


@pytest.fixture
def empty() -> Screen:
    """A screen without seats."""
    return Screen.objects.create(name="Screen 9, the Attic", number=30_009, cleaning_minutes=15)


def saved(screen: Screen) -> list[str]:
    """The screen's plans as text, the newest first."""
    versions = SeatPlan.objects.filter(screen=screen).order_by("-version").values_list("pk", flat=True)
    return [text_of(plan_of(version).seats) for version in versions]


def previewed(person, words: str) -> None:
    person.page.locator("#preview", has_text=words).wait_for()


def text_in(person) -> str:
    return person.page.locator("[name=text]").input_value()


@pytest.mark.parametrize(("width", "js"), [(1280, True), (390, False)], ids=str)
def test_a_screen_is_made_its_seats_written_and_one_of_them_taken_out(visit, width, js):
    office = visit(width=width, js=js)
    enter(office, people.admin())
    office.open("/office/screens/")
    office.press(office.link("Add a screen"))
    office.fill("Name", "Screen 9, the Attic")
    office.fill("Number", "0")
    office.press(office.button("Add the screen"))
    assert "Enter a number from 1 to 999" in office.text()
    office.fill("Number", "9")
    office.press(office.button("Add the screen"))

    office.fill("The plan as text", "A: SSSS\nB: SS_SC\nB: S")
    office.press(office.button("Save the plan"))
    assert "Companion seat B 4 has no wheelchair space. Put a W beside it" in office.text()
    assert text_in(office) == "A: SSSS\nB: SS_SC\nB: S"
    office.fill("The plan as text", "A: SSSS\nB: SS_WC")
    office.press(office.button("Preview"))
    office.page.locator("#preview .seat").nth(7).wait_for(state="attached")
    office.press(office.button("Save the plan"))
    assert "Version 1 is saved" in office.page.locator(".toasts").inner_text()
    screen = Screen.objects.get(number=9)
    assert saved(screen) == ["A: SSSS\nB: SS_WC"]
    office.press(office.link("Version 1"))
    office.page.go_back()

    office.page.locator("[name=out-seat]").fill("B 9")
    office.fill("Last day", (date.today() + timedelta(days=9)).isoformat())  # noqa: DTZ011 - a day well ahead
    office.fill("Reason", "Spring is through")
    office.press(office.button("Take it out of service"))
    assert "Screen 9, the Attic has no seat B 9" in office.text()
    office.page.locator("[name=out-seat]").fill("b2")
    office.press(office.button("Take it out of service"))
    assert "1 seat is kept from sale" in office.text()
    office.press(office.button("Give back B 2"))
    assert SeatOutOfService.objects.filter(released_at=None).count() == 0

    office.press(office.link("Change"))
    office.fill("Minutes of cleaning after a show", "25")
    office.press(office.button("Save"))
    office.press(office.button("Retire the screen"))
    assert "retired" in office.text()
    office.press(office.button("Bring the screen back"))
    screen.refresh_from_db()
    assert (screen.active, screen.cleaning_minutes) == (True, 25)
    office.page.goto("about:blank")


# By keys alone --------------------------------------------------------------------------------------------------


def focused(office) -> str:
    return str(office.page.evaluate("document.activeElement.getAttribute('aria-label') ?? ''"))


def tab_to(office, where: str, key: str = "Tab") -> None:
    for _ in range(60):
        if office.page.evaluate(f"document.activeElement.matches({where!r})"):
            return
        office.page.keyboard.press(key)
    raise AssertionError(where)


def test_a_plan_is_painted_by_keys_alone_from_nothing_to_a_saved_version(office, empty):
    office.open(f"/office/screens/{empty.pk}/plan/")
    keys = office.page.keyboard
    tab_to(office, "[name=text]")
    keys.press("Control+a")
    keys.press("Delete")
    previewed(office, "no seats yet")
    keys.press("Shift+Tab")
    assert focused(office) == "Row A, place 1, No seat"
    assert office.page.locator("[data-grid] [tabindex='0']").count() == 1

    keys.press("s")
    assert focused(office) == "Row A, seat 1, Standard"
    for _ in range(3):
        keys.press("Shift+ArrowRight")
    keys.press("r")
    assert focused(office) == "Row A, seat 4, Standard, Restricted view"
    keys.press("Home")
    keys.press("ArrowRight")
    keys.press("a")  # an aisle after the first seat
    assert text_in(office) == "A: S_SSSr"
    keys.press("n")
    assert focused(office) == "Row B, place 2, No seat"
    keys.press("Home")
    keys.press("w")
    keys.press("ArrowRight")
    keys.press("c")
    assert text_in(office) == "A: S_SSSr\nB: WCSSS"
    keys.press("p")
    keys.press("Control+z")
    keys.press("n")
    keys.press("d")
    assert focused(office) == "Row C, seat 4, Standard"
    keys.press("ArrowUp")
    keys.press("x")
    keys.press("Control+Home")
    assert focused(office) == "Row A, seat 1, Standard"
    keys.press("Control+End")
    keys.press("v")
    office.look()
    assert text_in(office) == "A:  S_SSSr\nB:  WCSSS\n\nC<: SSSSS______V"
    keys.press("Control+z")
    tab_to(office, ".btn-go")
    with office.page.expect_navigation():
        keys.press("Enter")
    office.look()

    assert saved(empty) == ["A:  S_SSSr\nB:  WCSSS\n\nC<: SSSSS"]


def test_a_plan_that_shows_use_stays_and_the_painted_one_is_the_next_version(office):
    show = factories.show()
    before = saved(show.screen)
    office.open(f"/office/screens/{show.screen_id}/plan/")
    tab_to(office, "[data-grid] [tabindex='0']")
    office.page.keyboard.press("Shift+Tab")
    tab_to(office, "[data-do=removeRow]", "Shift+Tab")
    office.page.keyboard.press("Enter")
    tab_to(office, ".btn-go")
    with office.page.expect_navigation():
        office.page.keyboard.press("Enter")
    office.look()

    assert saved(show.screen)[1:] == before
    assert len(saved(show.screen)[0].splitlines()) == len(before[0].splitlines()) - 1
    assert saved(show.screen)[0].startswith("A: ")
    show.refresh_from_db()
    assert show.plan.version == 1


# By mouse and by finger -----------------------------------------------------------------------------------------


def middle_of(office, row: int, place: int) -> tuple[float, float]:
    cell = office.page.locator("[data-grid] tr").nth(row).locator("td").nth(place)
    cell.scroll_into_view_if_needed()
    box = cell.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_stroke_of_the_mouse_paints_what_it_crosses_and_is_undone_as_one(office, empty):
    office.open(f"/office/screens/{empty.pk}/plan/")
    before = text_in(office)
    office.page.get_by_label("VIP recliner").check()
    mouse = office.page.mouse
    mouse.move(*middle_of(office, 0, 0))
    mouse.down()
    mouse.move(*middle_of(office, 0, 8), steps=2)
    mouse.move(*middle_of(office, 1, 8))
    mouse.up()
    assert text_in(office) == "A: VVVVVVVVV\nB: SSSS_SSSV\nC: WCSS_SSCW"
    assert office.page.locator("[data-count]").inner_text() == "25"

    office.press(office.button("Undo"))
    assert text_in(office) == before
    assert not office.button("Undo").is_enabled()


def test_a_finger_paints_and_moves_the_plan(visit, empty):
    phone = visit(width=390, touch=True)
    enter(phone, people.admin())
    phone.open(f"/office/screens/{empty.pk}/plan/")
    phone.page.get_by_label("Premium").check()
    phone.page.touchscreen.tap(*middle_of(phone, 0, 4))
    assert text_in(phone).splitlines()[0] == "A: SSSSPSSSS"

    touch = phone.page.context.new_cdp_session(phone.page)

    def drag(row: int, first: int, last: int) -> None:
        places = [middle_of(phone, row, place) for place in range(first, last + 1)]
        for kind, points in [
            ("touchStart", places[:1]),
            *(("touchMove", [each]) for each in places),
            ("touchEnd", []),
        ]:
            touch.send(
                "Input.dispatchTouchEvent",
                {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]},
            )

    drag(1, 0, 3)
    assert text_in(phone).splitlines()[1] == "B: PPPP_SSSS"
    painted = text_in(phone)
    phone.page.get_by_label("Move the plan, paint nothing").check()
    drag(2, 0, 3)
    assert text_in(phone) == painted
    phone.look()
    phone.press(phone.button("Save the plan"))
    assert saved(empty) == ["A: SSSSPSSSS\nB: PPPP_SSSS\nC: WCSS_SSCW"]
    phone.page.goto("about:blank")


def test_the_grid_follows_the_text_and_leaves_alone_what_it_cannot_draw(office, empty):
    office.open(f"/office/screens/{empty.pk}/plan/")
    office.fill("The plan as text", "a 5<: sPh\n\nSome note\nB: S")
    grid = office.page.locator("[data-grid]")
    assert grid.locator("td").first.get_attribute("aria-label") == "Row A, seat 6, Standard"
    assert "Aisle across" in grid.inner_text()
    assert "This line can’t be drawn. Mend it in the text" in grid.inner_text()
    previewed(office, "begin with a row")
    office.look()
    grid.locator("tr").nth(3).locator("td").nth(1).click()
    assert text_in(office) == "A 5<: SPh\n\nSome note\nB:    SS"


def test_two_admins_save_one_plan_and_nobody_loses_theirs(visit, office, empty):
    other = visit(width=390)
    enter(other, people.admin(name="Mo Farr"))
    for person, body in ((office, "A: SSSS"), (other, "A: PP_PP")):
        person.open(f"/office/screens/{empty.pk}/plan/")
        person.fill("The plan as text", body)
    office.press(office.button("Save the plan"))
    other.press(other.button("Save the plan"))
    assert "Somebody saved another plan of this screen while you were at work" in other.text()
    assert text_in(other) == "A: PP_PP"
    other.press(other.button("Save the plan"))

    assert saved(empty) == ["A: PP_PP", "A: SSSS"]
    other.page.goto("about:blank")


# Price cards ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "js"), [(1280, True), (390, False)], ids=str)
def test_a_price_card_is_made_copied_made_the_default_retired_and_brought_back(visit, width, js):
    card = factories.price_card(name="Usual")
    PriceCard.objects.filter(pk=card.pk).update(is_default=True)
    office = visit(width=width, js=js)
    enter(office, people.admin())
    office.open("/office/price-cards/")
    office.press(office.link("Add a card"))
    office.fill("Name", "Weekend")
    adults = {"Standard": "13", "Premium": "fifteen", "VIP recliner": "20", "Wheelchair space": "9.50"}
    for kind, price in {**adults, "Companion seat": "1"}.items():
        office.page.get_by_role("group", name=kind).get_by_label("Adult").fill(price)
    office.page.get_by_role("group", name="Standard").get_by_label("Child").fill("9,50")
    days = office.page.get_by_role("group", name="Times 1")
    for day in ("Sat", "Sun"):
        days.get_by_label(day).check()
    office.press(office.button("Add the card"))
    assert "Enter a price like 12.50" in office.text()
    office.page.get_by_role("group", name="Premium").get_by_label("Adult").fill("15.50")
    if not js:
        office.press(office.button("Preview"))
    previewed(office, "Children pay €9.50 standard")
    assert "Saturday and Sunday" in office.page.locator("#preview").inner_text()
    assert "Adults pay €13.00 standard, €15.50 premium, €20.00 VIP recliner" in office.text()
    office.look()
    office.press(office.button("Add the card"))

    office.press(office.button("Copy Weekend"))
    office.fill("Name", "Holidays")
    office.press(office.button("Save"))
    holidays = office.page.get_by_role("listitem").filter(
        has=office.page.get_by_role("link", name="Holidays")
    )
    office.press(holidays.get_by_role("button", name="Make it the default"))
    office.press(office.button("Retire Weekend"))
    assert "retired" in office.text()
    office.press(office.button("Bring back Weekend"))
    assert [(card.name, card.active, card.is_default) for card in PriceCard.objects.order_by("pk")] == [
        ("Usual", True, False), ("Weekend", True, False), ("Holidays", True, True),
    ]  # fmt: skip
    office.page.goto("about:blank")
