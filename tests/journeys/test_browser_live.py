"""Seats that go while somebody looks: seen at once, said politely, and loudly only when it is theirs."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from tests import databases, factories, people
from tests.journeys.conftest import policed
from tests.live.conftest import uvicorn
from tests.races import serving
from theatre.actions.booking.keep import release_hold
from theatre.actions.shows.cancel import cancel_show
from theatre.models import Seat, Show

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

SOON = 4500  # before the page would ask by itself; how soon it truly is, `bin/bench live` measures


@pytest.fixture
def server(test_database: databases.Copy, transactional_db: None) -> Iterator[str]:
    """The demo's one process, with streams."""
    files = str(serving.ROOT / "theatre" / "static")
    with uvicorn(DATABASE_URL=test_database.url, STATIC_ROOT=files) as port:
        yield f"http://localhost:{port}"


@pytest.fixture
def browser(chromium, server: str) -> Iterator[Callable[..., Page]]:
    """A browser of its own for each person, at 390 or 1280 pixels."""
    contexts: list[BrowserContext] = []
    refused: list[list[str]] = []

    def opened(width: int = 1280) -> Page:
        context = chromium.new_context(
            base_url=server, viewport={"width": width, "height": 900}, reduced_motion="reduce"
        )
        contexts.append(context)
        refused.append(policed(context))
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()
    assert [text for each in refused for text in each] == []


def look_at(page: Page, show: Show) -> None:
    """The seat map, a moment later: its stream is open, or given up."""
    page.goto(f"/shows/{show.pk}/seats/")
    page.wait_for_timeout(500)


def box(page: Page, seat: int) -> Locator:
    return page.locator(f"[data-map] input[value='{seat}']")


def label(page: Page, seat: int) -> str:
    return box(page, seat).get_attribute("aria-label") or ""


def named(show: Show, row: str, number: int) -> int:
    return Seat.objects.get(plan=show.plan_id, row=row, number=number).pk


def hear(page: Page) -> None:
    """Note what is said to those who listen, and when (the page's clock)."""
    page.evaluate(
        "window.heard = []; new MutationObserver(() => { const said = document.getElementById('say').textContent;"
        "if (said) heard.push([Date.now(), said]) }).observe(document.getElementById('say'), {childList: true})"
    )


def heard(page: Page) -> list[tuple[int, str]]:
    return page.evaluate("heard")


def away(page: Page, hidden: bool) -> None:
    """Turn to another tab, or back to this one."""
    page.evaluate(
        "hidden => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});"
        "document.dispatchEvent(new Event('visibilitychange')) }",
        hidden,
    )


def test_one_person_books_and_the_other_sees_it_at_once(browser):
    show = factories.show(in_hours=26)
    maya = people.customer()
    mine, theirs = browser(), browser(390)
    look_at(mine, show)
    free = mine.locator("[data-free]").inner_text()
    theirs.goto(f"/account/sign-in/?next=/shows/{show.pk}/seats/")
    theirs.get_by_label("Email").fill(maya.email)
    theirs.get_by_label("Password").locator("visible=true").first.fill(people.PASSWORD)
    theirs.get_by_role("button", name="Sign in").click()
    take = theirs.get_by_role("button", name="Take ").locator("visible=true").first
    take.wait_for()
    hear(mine)

    take.click(no_wait_after=True)
    theirs.wait_for_url("**/checkout/**", wait_until="commit")
    expect(mine.locator("[data-map] .is-held")).to_have_count(2, timeout=SOON)
    theirs.get_by_role("button", name="Confirm and pay").locator("visible=true").first.click(
        no_wait_after=True
    )
    theirs.wait_for_url("**/bookings/**", wait_until="commit")
    expect(mine.locator("[data-map] .is-sold.is-just")).to_have_count(2, timeout=SOON)

    sold = int(mine.locator("[data-map] .is-sold input").first.get_attribute("value") or 0)
    assert ", just sold" in label(mine, sold)
    assert mine.locator("[data-free]").inner_text() != free
    mine.wait_for_function("() => heard.length > 0")
    # What we would take is gone: another suggestion, said together with why.
    [(_, said)] = heard(mine)
    assert "2 more seats taken in row" in said and "Suggested:" in said
    assert mine.locator("[data-map] .is-tip").count() == 2
    assert mine.locator("#lost").count() == 0, "nothing of theirs was lost"
    mine.wait_for_timeout(8000)
    assert mine.locator("[data-map] .is-just").count() == 0 and ", sold" in label(mine, sold)


def test_a_chosen_seat_that_is_lost_is_told_loudly_with_the_one_beside_it(browser):
    show = factories.show(in_hours=26)
    page = browser()
    look_at(page, show)
    lost, beside = named(show, "F", 7), named(show, "F", 8)
    box(page, lost).check()
    page.locator("[data-list]").focus()

    factories.booked(of=show, seats=[lost])
    notice = page.get_by_role("alert").filter(has_text="was just taken")
    expect(notice).to_be_visible(timeout=SOON)

    assert "Seat F 7 was just taken. F" in notice.inner_text()
    assert page.evaluate("document.activeElement.dataset.list") == "", "nothing moves the focus"
    take = notice.get_by_role("button", name="Take F")
    offered = take.inner_text().removeprefix("Take ")
    assert offered in ("F 6", "F 8")
    take.click()
    chosen = beside if offered == "F 8" else named(show, "F", 6)
    expect(box(page, chosen)).to_be_checked()
    expect(box(page, chosen)).to_be_focused()
    assert page.get_by_role("alert").filter(has_text="was just taken").count() == 0


def test_seats_that_are_mine_stay_mine(browser):
    show = factories.show(in_hours=26)
    page = browser()
    page.goto(f"/shows/{show.pk}/seats/")
    page.get_by_role("button", name="Take ").locator("visible=true").first.click()
    page.wait_for_url("**/checkout/**")
    other = factories.free_seats(show, 1)
    look_at(page, show)
    assert page.locator("input[name=seat]:checked").count() == 2

    factories.held(of=show, seats=other)
    expect(page.locator("[data-map] .is-held")).to_have_count(1, timeout=SOON)
    away(page, hidden=True)
    away(page, hidden=False)
    page.wait_for_timeout(500)

    assert page.locator("input[name=seat]:checked").count() == 2
    assert page.locator("[data-map] .is-held").count() == 1
    assert page.locator("#lost").count() == 0


def test_a_seat_given_back_can_be_chosen_again(browser):
    show = factories.show(in_hours=26)
    by = people.actor_for(people.customer())
    [seat] = factories.free_seats(show, 1)
    page = browser()
    hold = factories.held(by=by, of=show, seats=[seat])
    look_at(page, show)
    assert ", held by another customer" in label(page, seat)
    row = box(page, seat).locator("xpath=ancestor::div[@data-row]").locator("[data-name] .vh")
    before = row.inner_text()

    release_hold(by=by, ref=hold.ref)
    expect(page.locator("[data-map] .is-held")).to_have_count(0, timeout=SOON)

    assert ", available" in label(page, seat)
    assert (before[-12:], row.inner_text()[-13:]) == (" 9 of 10 free"[-12:], "10 of 10 free")
    box(page, seat).check()
    assert page.locator("[data-chosen]").first.inner_text() != "No seats chosen"


def test_who_turns_back_to_the_page_sees_it_as_it_is(browser):
    show = factories.show(in_hours=26)
    page = browser()
    look_at(page, show)
    away(page, hidden=True)
    factories.booked(of=show, seats=2)
    page.wait_for_timeout(700)
    assert page.locator("[data-map] .is-sold").count() == 0, "nobody looks, so nothing is sent"

    away(page, hidden=False)
    expect(page.locator("[data-map] .is-sold")).to_have_count(2, timeout=SOON)
    factories.booked(of=show, seats=1)  # and the stream is open again
    expect(page.locator("[data-map] .is-sold")).to_have_count(3, timeout=SOON)


def test_a_page_whose_stream_is_refused_asks_every_five_seconds(browser):
    show = factories.show(in_hours=26)
    page = browser()
    asked: list[float] = []

    def count(route: Route) -> None:
        asked.append(time.monotonic())
        route.continue_()

    page.route("**/live/**", lambda route: route.fulfill(status=429, headers={"Retry-After": "30"}))
    page.route("**/api/v1/shows/*/seats", count)
    look_at(page, show)
    factories.booked(of=show, seats=2)
    expect(page.locator("[data-map] .is-sold")).to_have_count(2, timeout=6000)
    page.wait_for_timeout(5500)

    assert len(asked) in (2, 3)
    assert 4.5 < asked[1] - asked[0] < 6


def test_many_sales_are_said_at_most_every_fifteen_seconds(browser):
    show = factories.show(in_hours=26)
    page = browser()
    page.clock.install(time=datetime(2026, 3, 4, 12, tzinfo=UTC))
    page.goto(f"/shows/{show.pk}/seats/")
    page.wait_for_timeout(600)
    box(page, factories.free_seats(show, 100)[-1]).check()  # nothing is suggested
    page.clock.run_for(1000)
    hear(page)
    seats = factories.free_seats(show, 12)

    for number, seat in enumerate(seats):  # one every five seconds, for a minute
        factories.booked(of=show, seats=[seat])
        expect(page.locator("[data-map] .is-sold")).to_have_count(number + 1)
        page.clock.run_for(5000)
    page.clock.run_for(20_000)
    told = heard(page)

    pauses = [later - earlier for (earlier, _), (later, _) in zip(told, told[1:], strict=False)]
    assert all(pause >= 15_000 for pause in pauses), told
    counted = [int(said.split()[0]) for _, said in told]
    assert sum(counted) == 12, told
    assert len(told) in (4, 5, 6)
    assert told[-1][1].endswith(" left.")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_hall_of_a_change_tells_what_others_take_and_keeps_ones_own_seats(browser, width):
    show = factories.show(in_hours=26)
    maya = people.customer()
    booking = factories.booked(by=maya, of=show, seats=[named(show, "F", 5), named(show, "F", 6)])
    page = browser(width)
    page.goto(f"/account/sign-in/?next=/bookings/{booking.ref}/change/?show={show.pk}")
    page.get_by_label("Email").fill(maya.email)
    page.get_by_label("Password").locator("visible=true").first.fill(people.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**/bookings/{booking.ref}/change/**")
    page.wait_for_timeout(500)
    wanted = named(show, "F", 8)
    box(page, named(show, "F", 6)).uncheck()
    box(page, wanted).check()

    factories.booked(of=show, seats=[wanted, named(show, "C", 3)])
    expect(page.locator("[data-map] .is-sold.is-just")).to_have_count(2, timeout=SOON)
    notice = page.get_by_role("alert").filter(has_text="Seat F 8 was just taken")
    expect(notice).to_be_visible()

    assert page.locator("input[name=seat]:checked").evaluate_all(
        "all => all.map(each => Number(each.value))"
    ) == [named(show, "F", 5)]
    assert ", available" in label(page, named(show, "F", 6)), "their own, which they may take again"
    notice.get_by_role("button", name="Take F").click()
    assert page.locator("input[name=seat]:checked").count() == 2
    away(page, hidden=True)
    away(page, hidden=False)
    page.wait_for_timeout(500)
    assert page.locator("input[name=seat]:checked").count() == 2


def test_a_cancelled_show_is_told(browser):
    show = factories.show(in_hours=26)
    page = browser(390)
    look_at(page, show)

    cancel_show(by=people.actor_for(people.moderator()), show_id=show.pk, reason="The projector is broken")
    notice = page.get_by_role("alert").filter(has_text="This show has just been changed")
    expect(notice).to_be_visible(timeout=SOON)
    notice.get_by_role("link", name="Look again").click()

    page.wait_for_load_state("load")
    assert page.get_by_role("button", name="Take ").count() == 0
