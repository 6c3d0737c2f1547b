"""The look in a real browser: no violations for axe, no sideways scroll, and the seat map's keys."""

import re

import pytest
from django.urls import reverse

from tests import factories, people
from tests.look import stage
from tests.web.browsers import browser_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
SIZES = [(1280, "light"), (640, "dark"), (390, "dark"), (320, "light")]
HALL = ["sss.sss", "sss.sss", ".......", "wcs.scw", "ppp.ppp", "ppp.ppp", ".v.v.v."]


@pytest.fixture
def programme():
    """An evening: a movie with reviews and times, one to come, a half-sold hall."""
    of = factories.movie(
        "A Very Long Title That Has To Tighten Before It Wraps", synopsis="Two sisters inherit a cinema."
    )
    factories.movie("Glass Harbour", state="coming_soon")
    show = factories.show(of=of, on=factories.screen(HALL), in_hours=1, formats=["subtitled"])
    factories.show(of=of, in_hours=4)
    factories.held(of=show, seats=2)
    return show


def pages(show, client) -> dict:
    paths = [
        "/",
        "/coming-soon/",
        f"/movies/{show.movie.slug}/",
        reverse("seats", args=[show.pk]) + "#map",  # the narrowest windows would open the list
        reverse("seat_list", args=[show.pk]) + "?kind=premium&row=D",
    ]
    return {path: client.get(path) for path in paths}


@pytest.mark.parametrize("who", ["stranger", "member"])
def test_pages_have_no_violations_and_stay_in_their_width(programme, client, who):
    if who == "member":
        client = browser_of(people.customer(tier="Silver"))
    answers = pages(programme, client)
    if who == "member":
        answers = {path: answers[path] for path in ("/", reverse("seats", args=[programme.pk]) + "#map")}
    wrong = []

    with stage.chromium() as browser:
        for width, light in SIZES:
            context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=light)
            for path in answers:
                page = context.new_page()
                troubles = stage.show(page, path, {re.split("[?#]", path)[0]: answers[path]})
                wide = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
                found = [*troubles, *stage.axe(page), *([f"{wide} px too wide"] if wide > 0 else [])]
                wrong += [f"{path} {width} {light}: {each}" for each in found]
                page.close()
            context.close()

    assert wrong == []


def test_seat_map_answers_to_every_key(programme, client):
    path = reverse("seats", args=[programme.pk])
    best = reverse("seat_advice", args=[programme.pk])
    answers = {path: client.get(path), "/": client.get("/"), best: client.get(best, {"n": "2"})}

    with stage.chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        troubles = stage.show(page, path, answers)
        page.wait_for_selector("[role=grid]")

        def seat() -> str:
            return page.evaluate("() => document.activeElement.getAttribute('aria-label')")

        def press(*keys: str) -> str:
            for key in keys:
                page.keyboard.press(key)
            return seat().split(",")[0]

        def said() -> str:
            page.wait_for_timeout(100)
            return page.locator("#say").inner_text()

        assert page.locator("[data-map] input[tabindex='0']").count() == 1
        page.locator("[data-map] input[tabindex='0']").focus()
        assert ", suggested" in seat()
        assert press("Control+Home") == "Row A seat 1"
        assert press("ArrowRight", "ArrowRight", "ArrowRight") == "Row A seat 4"
        assert press("ArrowDown") == "Row B seat 4"
        assert press("ArrowDown") == "Row C seat 4"
        assert press("Home") == "Row C seat 1"
        assert press("End") == "Row C seat 6"
        assert press("Control+End") == "Row F seat 3"
        assert press("PageUp") == "Row C seat 5"
        assert press("Control+Home", "n") == "Row A seat 3"  # 1 and 2 are held by somebody
        assert press("Shift+N") == "Row A seat 3"

        assert press("Space") == "Row A seat 3"
        assert ", selected" in seat()
        assert "A 3 added" in said() and "€11.00" in said()
        assert page.locator("[data-total]").first.text_content() == "€11.00"
        assert page.locator("[data-go]").first.text_content() == "Review and pay"
        assert press("Enter") == "Row A seat 3"
        assert ", available" in seat()

        assert press("Home", "Space") == "Row A seat 1"
        assert "held by another customer" in said()
        assert page.locator("[data-map] input:checked").count() == 0

        press("b")
        page.wait_for_selector("[data-map] :checked", state="attached")
        assert page.locator("[data-map] input:checked").count() == 2
        page.keyboard.press("Escape")
        assert page.evaluate("() => document.activeElement.hasAttribute('data-go')")
        assert page.locator("[data-map] input[tabindex='0']").count() == 1
        assert troubles == []


def test_hall_outlives_the_turning_of_the_window(programme, client):
    path = reverse("seats", args=[programme.pk])
    answers = {path: client.get(path)}

    with stage.chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        stage.show(page, path, answers)
        heights = []
        for width in (1280, 390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_timeout(100)
            heights.append(page.evaluate("() => document.querySelector('[data-map]').offsetHeight"))

    assert min(heights) > 100


def test_seats_best_for_the_page_are_the_best_of_the_rules(programme, client):
    path = reverse("seats", args=[programme.pk])

    best = reverse("seat_advice", args=[programme.pk])
    answers = [(client.get(path, {"n": number}), client.get(best, {"n": number})) for number in (1, 2, 3)]

    with stage.chromium() as browser:
        for answer, advice in answers:
            tips = re.findall(
                r'is-tip"[^>]*><input type="checkbox" name="seat" value="(\d+)"', answer.content.decode()
            )
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            stage.show(page, path, {path: answer, best: advice})
            page.wait_for_selector("[role=grid]")
            page.click("[data-best]")
            page.wait_for_selector("[data-map] :checked", state="attached")
            chosen = page.evaluate(
                "() => [...document.querySelectorAll('[data-map] :checked')].map(box => box.value)"
            )
            page.close()

            assert chosen == tips
