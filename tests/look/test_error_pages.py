"""Error pages and the page for feedback in a real browser: no violations for axe, no sideways scroll."""

import os

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from tests import people
from tests.look import stage
from tests.web.browsers import browser_of
from theatre.web import errors

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
SIZES = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]


def answers() -> dict:
    request = RequestFactory().get("/somewhere/")
    request.resolver_match = None
    stranger, guest = Client(), browser_of(people.customer())
    return {
        "/400": errors.bad_request(request),
        "/403": guest.get(reverse("counter")),
        "/404": stranger.get("/nope/"),
        "/405": stranger.get(reverse("hold")),
        "/413": errors.too_large(request),
        "/429": errors.too_many(request),
        "/500": errors.broken(request),
        "/503": errors.unavailable(request),
        "/feedback/": guest.get("/feedback/", headers={"referer": "http://testserver/shows/4/seats/"}),
        "/feedback/wrong/": stranger.post("/feedback/", {"text": "", "reply_to": "nowhere"}),
        "/feedback/sent/": stranger.get("/feedback/sent/"),
    }


def test_error_pages_have_no_violations_and_stay_in_their_width():
    shown, wrong = answers(), []
    pictures = os.environ.get("PICTURES")  # a folder, for whoever wants to look at them

    with stage.chromium() as browser:
        for width, light in SIZES:
            context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=light)
            for path, answer in shown.items():
                answer.status_code = 200  # the browser logs every other one as an error
                page = context.new_page()
                troubles = stage.show(page, path, {path: answer})
                wide = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
                found = [*troubles, *stage.axe(page), *([f"{wide} px too wide"] if wide > 0 else [])]
                wrong += [f"{path} {width} {light}: {each}" for each in found]
                if pictures:
                    page.screenshot(
                        path=f"{pictures}/{path.strip('/').replace('/', '-')}-{light}-{width}.png"
                    )
                page.close()
            context.close()

    assert wrong == []
