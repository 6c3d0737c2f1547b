"""Real Chromium on a real server: pages are looked at as people see them, in both lights, and by axe."""

import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

# Playwright keeps an event loop in this thread; the rows that tests read are read between its turns.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Download,
    Locator,
    Page,
    Request,
    sync_playwright,
)

from tests.notices.conftest import mail_server  # noqa: F401 - a fixture

AXE = (Path(__file__).resolve().parent.parent / "vendor" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Runs before anything of a page does: what the page's policy refuses is said on the console.
POLICED = """addEventListener("securitypolicyviolation", refused => console.debug(
    "policy:", location.pathname, refused.effectiveDirective, refused.blockedURI, refused.sourceFile))"""
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for a module, not for all: while it is open, no other event loop can run in this thread."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        browser.close()


def policed(context: BrowserContext) -> list[str]:
    """What the policies of the pages in there refuse, added as it happens."""
    refused: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        # Where pages run no JavaScript, Chromium's own words are all there is.
        if message.text.startswith("policy: ") or "Content Security Policy" in message.text:
            refused.append(message.text)

    context.add_init_script(POLICED)
    context.on("console", heard)
    return refused


class Visit:
    """One person's browser: what they press, and what every page they see must hold to."""

    def __init__(self, page: Page, address: str, mirror: Page | None) -> None:
        self.page, self.address, self.mirror = page, address, mirror
        self.seen: list[str] = []
        self.broken: list[str] = []
        self.refused = policed(page.context)
        self.leaving = False
        page.on("request", self._asked)
        for arrived in ("load", "download", "requestfailed"):
            page.on(arrived, lambda what: self._arrived(what))
        page.on("pageerror", lambda error: self.broken.append(str(error)))
        page.on("console", lambda message: self._heard(message.type, message.text))

    def _asked(self, request: Request) -> None:
        if request.is_navigation_request():
            self.leaving = True

    def _arrived(self, what: Page | Download | Request) -> None:
        if not isinstance(what, Request) or what.is_navigation_request():
            self.leaving = False

    def _heard(self, kind: str, text: str) -> None:
        # A refused form is answered with its page and 409 or 422, which the console tells of.
        if kind == "error" and not re.search(r"status of 4(04|09|10|22)", text):
            self.broken.append(text)

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)
        self.look()

    def press(self, what: Locator) -> None:
        """Press, and look at the page that comes."""
        what.click()
        self.arrive()
        self.look()

    def tab_to(self, words: str) -> None:
        """Press Tab until what has the focus begins with these words, or is a field of that name."""
        for _ in range(60):
            self.page.keyboard.press("Tab")
            text, name = self.page.evaluate(
                "[document.activeElement.textContent.trim(), document.activeElement.name]"
            )
            if text.startswith(words) or name == words:
                return
        raise AssertionError(f"no key leads to {words}")

    def key_to(self, words: str) -> None:
        """Tab to what begins with these words, press Enter, and look at the page that comes."""
        self.tab_to(words)
        self.page.keyboard.press("Enter")
        self.arrive()
        self.look()

    def arrive(self) -> None:
        """Wait until the page that was asked for stands there, if one was."""
        until = time.monotonic() + 60
        self.page.wait_for_timeout(50)
        while self.leaving:
            assert time.monotonic() < until, f"nothing came after {self.page.url}"
            self.page.wait_for_timeout(20)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=re.compile(f"^{name}")).locator("visible=true").first

    def link(self, name: str) -> Locator:
        return self.page.get_by_role("link", name=re.compile(f"^{name}")).locator("visible=true").first

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(label).locator("visible=true").first.fill(text)

    def text(self) -> str:
        return " ".join(self.page.locator("main").inner_text().split())

    def look(self) -> None:
        """No sideways scroll, no error, nothing refused by the policy; axe finds nothing in either light."""
        name = re.sub(r"[0-9A-Z]{8}", "…", self.page.url.removeprefix(self.address).split("?")[0])
        self.seen.append(name)
        wide, shown = self.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert self.refused == [], name
        assert self.broken == [], name
        assert wide <= shown, f"{name} is {wide} pixels wide and the window {shown}"
        page = self._with_scripts()
        for lights in ("light", "dark"):
            page.emulate_media(color_scheme=lights)
            page.evaluate(AXE)
            found = page.evaluate(
                "rules => axe.run(document, {runOnly: rules}).then(result => result.violations.map("
                "found => `${found.id}: ${found.nodes.map(node => node.html).slice(0, 3).join(' | ')}`))",
                RULES,
            )
            assert found == [], f"{name}, house lights {lights}"

    def _with_scripts(self) -> Page:
        """The page as it stands where axe can run: without JavaScript, a copy whose own scripts never load."""
        if self.mirror is None:
            return self.page
        html = self.page.content()
        self.mirror.unroute_all()
        self.mirror.route("**/*.js", lambda route: route.abort())
        self.mirror.route(self.page.url, lambda route: route.fulfill(body=html, content_type="text/html"))
        self.mirror.goto(self.page.url)
        return self.mirror


@pytest.fixture
def visit(chromium: Browser, live_server) -> Iterator[Callable[..., Visit]]:
    """A browser for one person: `visit(width=390, js=False)`; `touch` is a finger's."""
    contexts: list[BrowserContext] = []
    visits: list[Visit] = []

    def context(width: int, js: bool, touch: bool = False) -> BrowserContext:
        made = chromium.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=js,
            has_touch=touch,
            reduced_motion="reduce",
        )
        made.set_default_timeout(60_000)
        contexts.append(made)
        return made

    def opened(*, width: int = 1280, js: bool = True, touch: bool = False) -> Visit:
        mirror = None if js else context(width, True).new_page()
        visits.append(Visit(context(width, js, touch).new_page(), live_server.url, mirror))
        return visits[-1]

    yield opened
    for each in contexts:
        each.close()
    assert [text for each in visits for text in each.refused] == []
