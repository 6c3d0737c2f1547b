"""What ux.md 3 asks of every customer page, whoever looks: spread text, a zoomed window, fingers, less motion, colours
that the reader's machine forces, and paper."""

import io
import itertools
from dataclasses import dataclass

import pikepdf
import pytest
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Page

from tests import factories, people
from tests.actions.test_show_move import moved_to
from tests.journeys.test_browser_seats import SPACING, sign_in
from tests.web.browsers import run_out
from theatre.models import Booking, Movie, MovieFollow, Show, User
from theatre.queries import links

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

HALL = ["ssssss.ssssss"] * 3 + ["wcssss.sssscw"] + ["pppppp.pppppp"] * 2 + [".vvvvv.vvvvv."]

# Text whose end is cut off, and text that lies on other text: what a reader would lose. Not looked at is what is drawn
# (the seats, the posters), what floats over the page, and a sentence that is shortened on purpose.
LOST = """() => {
  const lost = [], texts = [];
  const walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode()); ) {
    const on = node.parentElement, words = node.textContent.trim();
    if (!words || !on.checkVisibility()) continue;
    if (on.closest('.vh, .table-cards thead, svg, .house, .paybar, option, .hero .lead, [hidden]')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) if (box.width > 1 && box.height > 1) texts.push([words, on, box]);
    for (let up = on; up && up !== document.body; up = up.parentElement) {
      if (getComputedStyle(up).overflowX === 'visible' || up.matches('.hall-scroll, .days, .filters, .table')) continue;
      if (range.getBoundingClientRect().right > up.getBoundingClientRect().right + 1) lost.push(`cut off: ${words}`);
    }
  }
  const lie = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 3
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.4 * Math.min(a.height, b.height);
  texts.forEach(([words, on, box], at) => {
    for (const [other, over, place] of texts.slice(at + 1)) {
      if (on !== over && lie(box, place)) lost.push(`${words} lies on ${other}`);
    }
  });
  return lost.slice(0, 6);
}"""

SPREAD = """css => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [sheet];
}"""

# What is pressed with a finger and is lower or narrower than 44 pixels. Links in sentences are measured by axe, with
# the 24 pixels that everything has; so are the seats, which keep them where a whole hall is shown.
SMALL = """() => [...document.querySelectorAll(
    ':is(body > :not(footer)) :is(button, summary, select, input, textarea, .btn, .stub, .pick, .chip, .ib, .seg > a, '
    + '.days a, .nav a, .tabbar a)')]
  .filter(one => one.checkVisibility({opacityProperty: true}) && !one.closest('.house, .vh, .choice, .skip, .btn-link')
    && !one.matches('.btn-link, [type=hidden], [type=radio], [type=checkbox]'))
  .map(one => [one, one.getBoundingClientRect()])
  .filter(([one, box]) => box.width > 0 && (box.height < 43.5 || box.width < 43.5))
  .map(([one, box]) => `${one.outerHTML.slice(0, 90)} ${box.width} x ${box.height}`)"""

UNFOLD = "document.querySelectorAll('details:not([open]) > summary').forEach(each => each.click())"

# Whatever begins to move from the first moment on is written down.
WATCH = """window.moved = [];
for (const kind of ['animationstart', 'transitionrun']) {
  addEventListener(kind, event => moved.push(`${kind} ${event.target.className} ${event.propertyName ?? ''}`), true);
}
addEventListener('pagereveal', event => event.viewTransition && moved.push('from one page to the next'));"""


@dataclass
class House:
    """A customer with something on every page of theirs."""

    maya: User
    show: Show
    held: Booking
    ended: Booking
    booked: Booking
    sold_out: Show
    soon: Movie
    moved: Booking
    cancelled: Booking

    def paths(self) -> dict[str, str]:
        seats = f"/shows/{self.show.pk}/seats/"
        return {
            "home": "/",
            "coming soon": "/coming-soon/",
            "movie": f"/movies/{self.show.movie.slug}/",
            "movie to come": f"/movies/{self.soon.slug}/",
            "tell me": f"/movies/{self.soon.slug}/tell-me/",
            "search": "/search/?q=long",
            "seats": f"{seats}#map",
            "list": f"{seats}list/?kind=standard&row=A&n=2",
            "review": f"/checkout/{self.held.ref}/",
            "ended hold": f"/checkout/{self.ended.ref}/",
            "booking": f"/bookings/{self.booked.ref}/",
            "cancel": f"/bookings/{self.booked.ref}/cancel/",
            "change": f"/bookings/{self.booked.ref}/change/",
            "other seats": f"/bookings/{self.booked.ref}/change/?show={self.booked.show_id}#map",
            "other seats from a list": f"/bookings/{self.booked.ref}/change/?show={self.booked.show_id}&list=1",
            "tickets": "/tickets/",
            "tier": "/account/tier/",
            "watch list": "/account/watching/",
            "account": "/account/",
            "devices": "/account/sessions/",
            "another password": "/account/password/change/",
            "another address": "/account/address/",
            "deleting the account": "/account/delete/",
            "signing out": "/account/sign-out/",
            "cancelled booking": f"/bookings/{self.cancelled.ref}/",
            "cancelled tickets": "/tickets/?show=cancelled",
            "tickets without a network": "/tickets/offline/",
            "show moved": links.to_moved(self.moved.pk),
            "other seats of a moved show": f"{links.to_moved(self.moved.pk)}seats/",
            "feedback": "/feedback/",
            "nothing found": "/search/?q=qqqqqqq",
            "no such page": "/nope/",
            "waiting": f"/shows/{self.sold_out.pk}/waiting/",
            "sold out": f"/shows/{self.sold_out.pk}/seats/",
            "list of a sold out show": f"/shows/{self.sold_out.pk}/seats/list/",
        }


@pytest.fixture
def house() -> House:
    card = factories.price_card(child={"standard": 7, "premium": 8})
    of = factories.movie(
        "The Long Exposure", synopsis="A photographer goes looking for the people on a roll of film."
    )
    show = factories.show(of=of, on=factories.screen(HALL), in_hours=26, card=card, formats=["subtitled"])
    full = factories.show(of=of, on=factories.screen(["ssss"]), in_hours=30)
    factories.booked(of=full, seats=4)
    maya = people.customer(name="Maya Rahman", tier="Silver")
    soon = factories.movie("Salt and Signal", state="coming_soon")
    MovieFollow.objects.create(customer=maya.customer, movie=soon)
    ended = factories.held(by=maya, of=factories.show(of=of, in_hours=40))
    run_out(ended)
    moved = factories.booked(by=maya, of=factories.show(of=of, in_hours=60))
    moved_to(moved.show, people.actor_for(people.admin()), hours=1)
    return House(
        maya=maya,
        show=show,
        held=factories.held(by=maya, of=show),
        ended=ended,
        booked=factories.booked(by=maya, of=factories.show(of=of, in_hours=50), seats=3),
        sold_out=full,
        soon=soon,
        moved=moved,
        cancelled=factories.cancelled(by=maya, of=factories.show(of=of, in_hours=55)),
    )


@pytest.mark.parametrize("width", [1280, 640, 390, 320])
def test_every_page_of_a_customer_is_clean_at_every_width_in_both_lights(visit, house, width):
    browser = visit(width=width)
    sign_in(browser, house.maya)

    for path in house.paths().values():
        browser.open(path)


@pytest.mark.parametrize("width", [640, 320], ids=["twice as large", "four times as large"])
def test_a_zoomed_page_with_spread_text_loses_nothing_and_never_scrolls_sideways(visit, house, width):
    browser = visit(width=width)
    sign_in(browser, house.maya)
    page, wrong = browser.page, {}

    for name, path in house.paths().items():
        page.goto(browser.address + path)
        found = page.evaluate(LOST)
        page.evaluate(SPREAD, SPACING)
        found += [f"spread: {each}" for each in page.evaluate(LOST)]
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if found or wide > 0:
            wrong[name] = [*found, *([f"{wide} pixels too wide"] if wide > 0 else [])]

    assert wrong == {}


@pytest.mark.parametrize("width", [390, 320])
def test_everything_a_customer_presses_has_room_for_a_finger(visit, house, width):
    browser = visit(width=width)
    sign_in(browser, house.maya)
    page, small = browser.page, {}

    for name, path in house.paths().items():
        page.goto(browser.address + path)
        page.evaluate(UNFOLD)
        if found := page.evaluate(SMALL):
            small[name] = found

    assert small == {}


@pytest.mark.parametrize("less", [True, False], ids=["less motion", "motion as it is"])
def test_who_asks_for_less_motion_sees_none(visit, house, less):
    browser = visit(width=390)
    sign_in(browser, house.maya)
    page, moving = browser.page, {}
    page.add_init_script(WATCH)
    page.emulate_media(reduced_motion="reduce" if less else "no-preference")

    for name, path in house.paths().items():
        page.goto(browser.address + path)
        page.evaluate(UNFOLD)
        if name == "seats":
            page.locator("[data-row=D] input").nth(3).click()
        page.wait_for_timeout(100)
        if found := page.evaluate(
            "[...moved, ...document.getAnimations().map(each => `${each.animationName}`)]"
        ):
            moving[name] = found

    page.get_by_role("link", name="Coming soon").locator("visible=true").first.click()
    page.wait_for_url("**/coming-soon/")
    between = page.evaluate("moved.filter(each => each.startsWith('from one page'))")

    # As it is, a fold turns its arrow, a pressed seat grows and pages fade: what is looked for is found.
    assert bool(moving) is not less, moving
    assert bool(between) is not less


STATES = {
    "available": "",
    "premium": "prem",
    "VIP": "vip",
    "wheelchair": "acc",
    "companion": "comp",
    "suggested": "is-tip",
    "held": "is-held",
    "sold": "is-sold",
    "not on sale": "is-off",
    "reserved for VIP": "is-kept",
    "yours": "",
}
TOLD_APART = 8  # a hatch, a cross, another line; an empty seat and a numbered one are 6 apart
GLYPHS = {"companion": "C", "reserved for VIP": "V"}
SEAT = 4
DRESS = """([name, text, checked]) => {
  for (const cell of document.querySelectorAll('[data-row=A] .seat')) {
    cell.className = `seat ${name}`;
    cell.querySelector('s').textContent = text;
    cell.querySelector('input').checked = checked;
  }
}"""


def drawn(page: Page) -> Image.Image:
    """One seat as it stands on the screen, without its hue."""
    cell = page.locator("[data-row=A] .seat").nth(SEAT)
    box = cell.bounding_box()
    assert box is not None
    clip = {"x": box["x"] - 5, "y": box["y"] - 5, "width": 46, "height": 48}
    return Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("L")


def apart(one: Image.Image, other: Image.Image) -> float:
    """How much of the picture differs, from 0 to 255."""
    return ImageStat.Stat(ImageChops.difference(one, other)).mean[0]


@pytest.mark.parametrize("light", ["light", "dark"])
def test_every_state_of_a_seat_can_be_told_where_colours_are_forced(visit, house, light):
    browser = visit(width=1280)
    page = browser.page
    page.emulate_media(forced_colors="active", color_scheme=light, reduced_motion="reduce")
    page.goto(f"{browser.address}/shows/{house.show.pk}/seats/")
    page.wait_for_selector("[role=grid]")
    # The same seat in every state: same place, same number.
    pictures = {}
    for state, name in STATES.items():
        page.evaluate(DRESS, [name, GLYPHS.get(state, "8"), state == "yours"])
        pictures[state] = drawn(page)

    alike = {
        (one, other): round(apart(pictures[one], pictures[other]), 1)
        for one, other in itertools.combinations(pictures, 2)
        if apart(pictures[one], pictures[other]) < TOLD_APART
    }
    assert alike == {}


def test_the_focus_is_seen_where_colours_are_forced(visit, house):
    browser = visit(width=1280)
    sign_in(browser, house.maya)
    page = browser.page
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    unseen = []

    for name in ("home", "seats", "list", "review", "booking", "tickets"):
        page.goto(browser.address + house.paths()[name])
        page.locator("body").click(position={"x": 2, "y": 2})
        for _ in range(25):
            page.keyboard.press("Tab")
            seen = page.evaluate(
                "() => { const on = document.activeElement;"
                " const shown = [on, on.nextElementSibling, on.parentElement].filter(Boolean).map(getComputedStyle);"
                " return on === document.body || shown.some(style => style.outlineStyle !== 'none'"
                " && parseFloat(style.outlineWidth) >= 2) }"
            )
            if not seen:
                unseen.append(f"{name}: {page.evaluate('document.activeElement.outerHTML').strip()[:90]}")

    assert unseen == []


MARGIN = dict.fromkeys(("top", "right", "bottom", "left"), "10mm")


def test_three_tickets_are_printed_on_one_page(visit, house):
    browser = visit(width=1280)
    sign_in(browser, house.maya)
    browser.page.goto(browser.address + house.paths()["booking"])
    assert browser.page.locator(".e-ticket").count() == 3

    browser.page.emulate_media(media="print")
    ink = browser.page.locator(".seat-no").first.evaluate("seat => getComputedStyle(seat).color")
    with pikepdf.open(io.BytesIO(browser.page.pdf(format="A4", margin=MARGIN))) as paper:
        pages = len(paper.pages)

    assert (pages, ink) == (1, "rgb(0, 0, 0)")
