"""What a page's policy refuses is noticed by every visit, with JavaScript and without."""

import pytest
from playwright.sync_api import Route

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

SCRIPTED = {
    "a script in the page": "<script>window.ran = true</script>",
    "a script of another house": '<script src="https://elsewhere.example/a.js"></script>',
    "a handler": '<img src="/nowhere.png" alt="" onerror="window.ran = true">',
    "words that are run": '<script src="/ours.js"></script>',
}
DRAWN = {
    "a style in the page": "<style>main { color: red }</style>",
    "a style on one thing": '<p style="color: red">Red</p>',
    "a picture of another house": '<img src="https://elsewhere.example/a.png" alt="">',
    "a frame": '<iframe src="https://elsewhere.example/" title="Elsewhere"></iframe>',
}
REFUSED = [
    (why, html, js) for js in (True, False) for why, html in (DRAWN | (SCRIPTED if js else {})).items()
]


@pytest.mark.parametrize(
    ("html", "js"), [each[1:] for each in REFUSED], ids=[f"{why} {js}" for why, _, js in REFUSED]
)
def test_what_the_policy_refuses_does_not_pass(visit, html, js):
    browser = visit(js=js)

    def with_it(route: Route) -> None:
        page = route.fetch()
        route.fulfill(response=page, body=page.text().replace("</main>", html + "</main>"))

    browser.page.route(browser.address + "/", with_it)
    browser.page.route("**/ours.js", lambda route: route.fulfill(body="eval('window.ran = true')"))
    with pytest.raises(AssertionError):
        browser.open("/")

    assert browser.refused != []
    browser.refused.clear()
    assert not js or browser.page.evaluate("window.ran") is None


def test_a_page_of_the_house_has_nothing_refused(visit):
    browser = visit()

    browser.open("/")

    assert browser.refused == []
