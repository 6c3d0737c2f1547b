"""The audit in a real browser, wide and narrow: found, read, and paged back in time."""

import pytest
from django.conf import settings

from tests import factories, people
from tests.web.browsers import browser_of
from theatre.models import AuditEntry

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "js"), [(1280, True), (390, False)], ids=str)
def test_an_admin_finds_who_cancelled_a_booking_and_why(visit, width, js):
    ida = people.admin(name="Ida Lamp")
    booking = factories.booked(by=people.salesman(name="Tomás Vega"))
    factories.cancel_booking(by=people.actor_for(ida), ref=booking.ref, reason="The projector broke")
    for number in range(30):
        AuditEntry.objects.create(actor=ida, verb="look", on_type="thing", on_id=str(number))
    desk = visit(width=width, js=js)
    for page in filter(None, (desk.page, desk.mirror)):
        session = browser_of(ida).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": desk.address}]
        )

    desk.open("/office/")
    desk.press(desk.page.locator("main").get_by_role("link", name="Audit log"))
    assert desk.page.locator(".deeds > li").count() == 25
    desk.press(desk.link("Older"))
    desk.fill("To what or whom", booking.ref.lower())
    desk.press(desk.button("Find"))

    assert desk.page.locator(".deeds > li").count() == 3
    assert "Ida Lamp admin cancel booking" in desk.text() and "Reason: The projector broke" in desk.text()
    sides = desk.page.get_by_role("row", name="state").get_by_role("cell").all_inner_texts()
    rows = sorted(zip(sides[::2], sides[1::2], strict=True))
    assert rows == [("confirmed", "cancelled"), ("sold", "returned"), ("sold", "returned")]
    assert desk.broken == []
