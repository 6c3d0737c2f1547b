"""From the seats to the ticket as ux.md 3 counts it: presses, keys, time, size, and a clock that runs out."""

import pytest
from playwright.sync_api import Locator, Page

from tests import factories, people
from tests.journeys.test_browser_booking import PASSWORD, code_in
from tests.web.browsers import run_out
from theatre.models import Booking, SeatClaim
from theatre.notices import outbox

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

HALL = ["ssssss.ssssss"] * 4 + ["wcssss.sssscw"] + ["pppppp.pppppp"] * 3
SPACING = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-bottom: 2em !important }"""

# What can be pressed and is lower than 44 pixels, but for seats, links in sentences and the dots of radios.
SMALL = """[...document.querySelectorAll('main :is(button, .btn, select, summary, .pick), .paybar button')]
  .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 44)
  .map(one => `${one.outerHTML.slice(0, 90)} ${one.getBoundingClientRect().height}`)"""


@pytest.fixture
def show():
    card = factories.price_card(child={"standard": 7, "premium": 8})
    return factories.show(
        of=factories.movie("The Long Exposure"), on=factories.screen(HALL), in_hours=26, card=card
    )


def sign_in(browser, who) -> None:
    browser.page.goto(f"{browser.address}/account/sign-in/")
    browser.fill("Email", who.email)
    browser.fill("Password", people.PASSWORD)
    browser.page.keyboard.press("Enter")
    browser.page.wait_for_url(lambda url: "sign-in" not in url)


class Presses:
    """What a person presses, counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def on(self, what: Locator) -> None:
        self.count += 1
        what.click()
        self.page.wait_for_load_state("load")

    def key(self, *keys: str) -> None:
        for key in keys:
            self.count += 1
            self.page.keyboard.press(key)
            self.page.wait_for_timeout(30)
            self.page.wait_for_load_state("load")


def test_two_seats_chosen_by_hand_take_five_presses(visit, show):
    browser = visit(width=390)
    sign_in(browser, people.customer())
    browser.page.goto(browser.address)
    presses = Presses(browser.page)

    presses.on(browser.page.locator("a.stub").locator("visible=true").first)
    for seat in ("Row C seat 5,", "Row C seat 6,"):
        presses.on(browser.page.get_by_label(seat))
    presses.on(browser.button("Review and pay"))
    browser.page.wait_for_url("**/checkout/**")
    presses.on(browser.button("Confirm and pay €22.00"))
    browser.page.wait_for_url("**/bookings/**")

    assert presses.count == 5
    assert sorted(Booking.objects.get().tickets.values_list("seat__number", flat=True)) == [5, 6]


def test_the_list_is_bought_from_with_25_keys_and_no_pointer(visit, show):
    browser = visit(width=1280)
    sign_in(browser, people.customer())
    page = browser.page
    page.goto(browser.address)
    keys = Presses(page)

    def tab_to(words: str, most: int) -> None:
        for _ in range(most):
            keys.key("Tab")
            if words in page.evaluate(
                "document.activeElement.textContent + (document.activeElement.value ?? '')"
            ):
                return
        raise AssertionError(f"{words} is more than {most} presses of Tab away")

    keys.key("Tab", "Enter")  # skip to the content
    tab_to(":", 2)
    keys.key("Enter")
    page.wait_for_url("**/seats/")
    keys.key("Tab", "Enter")
    tab_to("Choose from a list", 5)
    keys.key("Enter")
    page.wait_for_url("**/list/**")
    keys.key("Tab", "Enter")
    tab_to("Standard", 1)
    keys.key("Enter")
    page.wait_for_url("**kind=standard**")
    tab_to("Row A", 1)
    keys.key("Enter")
    page.wait_for_url("**row=A**")
    tab_to("Row A, seats 1 and 2", 1)
    keys.key("Enter")
    page.wait_for_url("**/checkout/**")
    keys.key("Tab", "Enter")
    tab_to("demo", 2)
    keys.key("Enter")
    page.wait_for_url("**/bookings/**")

    print(f"keys from home to ticket by the list: {keys.count}")
    assert keys.count <= 25


@pytest.mark.parametrize("width", [1280, 640, 390, 320])
def test_seats_list_review_and_ended_hold_are_clean_at_every_width(visit, show, width):
    maya = people.customer(tier="Silver")
    browser = visit(width=width)
    sign_in(browser, maya)
    seats = f"/shows/{show.pk}/seats/"

    for path in (
        f"{seats}#map",
        f"{seats}?access=1",
        f"{seats}list/?kind=wheelchair&n=2",
        f"{seats}list/?kind=standard&row=C",
    ):
        browser.open(path)
    booking = factories.held(by=maya, of=show)
    for path in (f"{seats}#map", f"/checkout/{booking.ref}/"):
        browser.open(path)
    browser.page.get_by_text("Add a coupon").click()
    browser.page.get_by_text("Why this price?").click()
    browser.look()
    small = browser.page.evaluate(SMALL)
    assert small == []
    browser.page.evaluate(
        "css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css); document.adoptedStyleSheets = [sheet] }",
        SPACING,
    )
    wide = browser.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    run_out(booking)
    browser.open(f"/checkout/{booking.ref}/")
    assert browser.broken == []


def test_a_window_too_narrow_for_a_map_opens_on_the_list_and_leads_back(visit, show):
    browser = visit(width=320)
    browser.page.goto(f"{browser.address}/shows/{show.pk}/seats/")
    browser.page.wait_for_url("**/list/**")

    browser.page.get_by_text("Choose on the map").click()

    browser.page.wait_for_selector("[role=grid]")
    assert browser.page.url.endswith("#map")


def test_a_pressed_seat_is_drawn_at_once_and_nothing_shifts(visit, show):
    browser = visit(width=390)
    page = browser.page
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach(one => {"
        " if (!one.hadRecentInput) shift += one.value })).observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(f"{browser.address}/shows/{show.pk}/seats/")
    page.wait_for_selector("[role=grid]")

    toggled = """() => new Promise(done => {
      const began = performance.now(), box = document.querySelector('[data-row=D] input');
      box.click();
      requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)));
    })"""
    took = min(page.evaluate(toggled) for _ in range(7))  # of a machine that has other things to do
    assert page.locator("[data-row=D] input").first.is_checked()
    page.wait_for_timeout(400)
    shift, nodes = page.evaluate("[window.shift, document.querySelectorAll('*').length]")

    print(f"seat drawn after {took:.0f} ms, layout shift {shift:.3f}, {nodes} nodes")
    assert took < 100
    assert shift <= 0.05


def test_a_seat_left_alone_is_told_and_moved_with_one_press(visit, show):
    browser = visit(width=390)
    browser.page.goto(f"{browser.address}/shows/{show.pk}/seats/")
    for seat in ("Row C seat 2,", "Row C seat 3,"):
        browser.page.get_by_label(seat).click()
    note = browser.page.locator("[data-advice]")
    note.get_by_text("That leaves seat 1 on its own. Move to 1 and 2?").wait_for()
    browser.look()

    browser.page.get_by_role("link", name="Move to C 1 and C 2").click()

    chosen = browser.page.locator("[data-map] :checked")
    assert [one.get_attribute("aria-label").split(",")[0] for one in chosen.all()] == [
        "Row C seat 1",
        "Row C seat 2",
    ]
    assert note.is_hidden()


def test_a_minute_before_the_end_the_seats_are_kept_with_one_press_and_nothing_typed_is_lost(visit, show):
    browser = visit(width=390)
    page = browser.page
    page.clock.install()
    page.goto(f"{browser.address}/shows/{show.pk}/seats/")
    browser.button("Take ").click()
    page.wait_for_url("**/checkout/**")
    booking = Booking.objects.get()
    browser.fill("Email", "zoe@example.org")

    said = []
    for minute in range(7):
        page.clock.fast_forward(60_000 if minute else 10_000)
        page.clock.run_for(1500)
        said.append(page.locator("#say").text_content())
    assert list(dict.fromkeys(words for words in said if "held for" in words)) == [
        f"Your seats are held for {left}." for left in ("5 more minutes", "2 more minutes")
    ]
    page.clock.fast_forward(60_000)
    page.clock.run_for(1500)
    dialog = page.locator("dialog")
    assert dialog.is_visible()
    assert page.evaluate("document.activeElement.textContent") == "Keep them, add 8 minutes"
    assert "Release them" in dialog.inner_text()

    page.keyboard.press("Enter")
    page.locator("dialog[open]").wait_for(state="detached")

    longer = Booking.objects.get()
    assert (longer.held_until - booking.held_until).total_seconds() == 480
    assert longer.extensions == 1
    assert page.get_by_label("Email").locator("visible=true").first.input_value() == "zoe@example.org"


def test_ten_times_more_time_and_then_the_limit_is_said(visit, show):
    browser = visit(width=1280)
    page = browser.page
    page.goto(f"{browser.address}/shows/{show.pk}/seats/")
    browser.button("Take ").click()
    page.wait_for_url("**/checkout/**")

    for time in range(1, 11):
        before = page.locator(".hold").get_attribute("data-hold")
        page.locator(".hold [data-extend] button").locator("visible=true").click()
        page.wait_for_function(
            "before => document.querySelector('.hold').dataset.hold !== before", arg=before
        )
        assert Booking.objects.get().extensions == time
    assert "You have added time 10 times, which is the limit" in page.locator(".hold").inner_text()
    assert page.locator(".hold button").locator("visible=true").count() == 0


def test_when_the_time_is_over_the_page_says_so_and_offers_the_seats_again(visit, show):
    browser = visit(width=390)
    page = browser.page
    page.clock.install()
    page.goto(f"{browser.address}/shows/{show.pk}/seats/")
    browser.button("Take ").click()
    page.wait_for_url("**/checkout/**")
    booking = Booking.objects.get()
    page.goto(f"{browser.address}/shows/{show.pk}/seats/#map")  # the panel stands beside the map too
    run_out(booking)

    page.clock.fast_forward(9 * 60_000)
    page.clock.run_for(2000)
    page.wait_for_url(f"**/checkout/{booking.ref}/")
    browser.button("Hold them again").click()
    page.wait_for_url("**/checkout/**")

    assert SeatClaim.objects.filter(booking__state="held").count() == 2


def test_coupon_and_age_group_are_answered_without_loading_the_page(visit, show):
    factories.coupon("SUMMER15", percent=15)
    browser = visit(width=390)
    sign_in(browser, people.customer())
    page = browser.page
    page.goto(f"{browser.address}/shows/{show.pk}/seats/")
    browser.button("Take ").click()
    page.wait_for_url("**/checkout/**")
    page.evaluate("window.same = true")
    assert page.get_by_role("button", name="Update the price").count() == 0

    page.get_by_label("Premium, ").first.select_option("child")
    browser.button("Confirm and pay €21.00").wait_for()
    page.get_by_text("Add a coupon").click()
    browser.fill("Coupon code", "SUMER15")
    page.keyboard.press("Enter")
    page.get_by_text("We don’t have a coupon called SUMER15").wait_for()
    assert page.evaluate("document.activeElement.name") == "coupon"
    browser.fill("Coupon code", "summer15")
    page.keyboard.press("Enter")
    browser.button("Confirm and pay €17.85").wait_for()
    page.locator("#say", has_text="€17.85").wait_for(state="attached")
    browser.look()
    page.get_by_role("link", name="Remove").click()
    browser.button("Confirm and pay €21.00").wait_for()

    assert page.evaluate("window.same") is True
    browser.button("Confirm and pay €21.00").click()
    page.wait_for_url("**/bookings/**")
    page.go_back()
    page.wait_for_url("**/bookings/**")  # paid is paid
    assert Booking.objects.get().total == 21


def test_a_new_customer_needs_no_more_than_twelve_fields_and_presses(visit, show, mail_server):
    browser = visit(width=390)
    page = browser.page
    page.goto(browser.address)
    steps = Presses(page)

    steps.on(page.locator("a.stub").locator("visible=true").first)
    steps.on(browser.button("Take "))
    page.wait_for_url("**/checkout/**")
    for label, text in (("Email", "zoe@example.org"), ("Password", PASSWORD)):
        browser.fill(label, text)
        steps.count += 1
    steps.on(browser.button("Create my account"))
    outbox.deliver_due()
    browser.fill("6-digit code", code_in(mail_server.to("zoe@example.org")[0]))
    steps.count += 1
    steps.on(browser.button("Confirm"))
    page.wait_for_url("**/checkout/**")
    steps.on(browser.button("Confirm and pay "))
    page.wait_for_url("**/bookings/**")

    print(f"fields and presses of a new customer: {steps.count}")
    assert steps.count <= 12
