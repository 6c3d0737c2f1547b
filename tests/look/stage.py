"""A page in Chromium without a server: its answer from the test client, its static files from the tree."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Route, sync_playwright

THEATRE = Path(__file__).resolve().parents[2] / "theatre"
AXE = Path(__file__).resolve().parents[1] / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
KINDS = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


def show(page: Page, path: str, answers: dict) -> list[str]:
    """Open `path`; `answers` are responses of the test client by path, with their headers (the CSP too).

    Returns the list that the page's errors and refused loads are added to as they happen.
    """
    troubles: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error":
            troubles.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: troubles.append(str(error)))

    def answer(route: Route, request: Request) -> None:
        asked = urlsplit(request.url).path
        if asked.startswith("/static/"):
            file = THEATRE / asked.lstrip("/")
            route.fulfill(body=file.read_bytes(), content_type=KINDS[file.suffix])
        elif asked in answers:
            response = answers[asked]
            route.fulfill(status=response.status_code, body=response.content, headers=dict(response.headers))
        elif asked.startswith("/posters/"):
            route.fulfill(body="<svg xmlns='http://www.w3.org/2000/svg'/>", content_type="image/svg+xml")
        else:
            route.fulfill(status=304)

    page.route("**/*", answer)
    page.goto(f"http://localhost{path}")
    return troubles


def axe(page: Page) -> list[str]:
    """What axe finds wrong with the page, as lines that can be read."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [f"{each['id']}: {node['html'][:160]}" for each in found["violations"] for node in each["nodes"]]
