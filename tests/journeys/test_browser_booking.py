"""The whole main job in a real browser: from what's on to a ticket the door accepts, and back."""

import re
from email.message import EmailMessage

import pytest

from tests import factories, people
from tests.documents import pdfs
from tests.web.browsers import run_out
from theatre.actions.booking.check_in import check_in
from theatre.models import Booking, SeatClaim, User
from theatre.notices import outbox

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

NAME = "Zoë অনন্যা ليلى 🎬"
PASSWORD = "velvet curtain at eight"
WAYS = [(1280, True), (390, True), (1280, False), (390, False)]


def code_in(letter: EmailMessage) -> str:
    """The six digits that stand on a line of their own."""
    body = letter.get_body(("plain",))
    assert body is not None
    found = re.search(r"^\s+(\d{6})\s*$", body.get_content(), re.M)
    assert found
    return found[1]


@pytest.mark.parametrize(("width", "js"), WAYS, ids=lambda way: str(way))
def test_a_stranger_books_as_a_new_customer_and_cancels(visit, mail_server, width, js):
    show = factories.show(of=factories.movie("The Long Exposure"), in_hours=26)
    factories.booked(of=show, seats=3)
    factories.coupon("SUMMER15", percent=15)
    zoe = visit(width=width, js=js)

    # Seats, as a stranger.
    zoe.open("/")
    zoe.press(zoe.page.locator("a.stub").locator("visible=true").first)
    assert zoe.page.locator("h1").inner_text().lower() == "choose your seats"
    zoe.press(zoe.button("Take "))
    booking = Booking.objects.get(state="held")
    assert zoe.page.url.endswith(f"/checkout/{booking.ref}/")
    assert "Held for you until" in zoe.page.inner_text("body")

    # An account, with the seats still held; the code comes by mail.
    zoe.fill("Email", "zoe@example.org")
    zoe.fill("Password", "short")
    zoe.press(zoe.button("Create my account"))
    assert "Password must be 12 characters or more" in zoe.text()
    assert zoe.page.get_by_label("Email").input_value() == "zoe@example.org"
    zoe.fill("Your name", NAME)
    zoe.fill("Password", PASSWORD)
    zoe.press(zoe.button("Create my account"))
    outbox.deliver_due()
    zoe.fill("6-digit code", code_in(mail_server.to("zoe@example.org")[0]))
    zoe.press(zoe.button("Confirm"))
    assert zoe.page.url.endswith(f"/checkout/{booking.ref}/")
    assert NAME in zoe.text()

    # The price with its reasons.
    zoe.page.get_by_text("Add a coupon").click()
    zoe.fill("Coupon code", "SUMER15")
    zoe.press(zoe.button("Use the coupon"))
    assert "We don’t have a coupon called SUMER15. Check the spelling" in zoe.text()
    zoe.fill("Coupon code", "summer15")
    zoe.press(zoe.button("Use the coupon"))
    assert "Coupon SUMMER15, 15% off" in zoe.text()

    # Booked: the confirmation, its papers, the letter, the door.
    zoe.press(zoe.button("Confirm and pay €18.70"))
    assert zoe.page.url.endswith(f"/bookings/{booking.ref}/")
    assert zoe.page.locator("h1").inner_text().lower().startswith("you’re in. see you ")
    assert zoe.page.locator("svg.qr").count() == 2
    fetched = [
        zoe.page.request.get(zoe.page.url + name) for name in ("tickets.pdf", "invoice.pdf", "show.ics")
    ]
    assert [answer.status for answer in fetched] == [200, 200, 200]
    outbox.deliver_due()
    letter = mail_server.to("zoe@example.org")[1]
    attached = {part.get_filename(): part.get_content() for part in letter.walk() if part.is_attachment()}
    assert [name.split("-")[0] for name in attached] == ["tickets.pdf", "invoice", "show.ics"]
    codes = pdfs.scanned(attached["tickets.pdf"])
    assert codes == pdfs.scanned(fetched[0].body())
    assert check_in(by=people.actor_for(people.salesman()), code=codes[0]).ref == booking.ref

    # Cancelled: the other ticket frees its seat.
    zoe.open("/tickets/")
    zoe.press(zoe.link("Cancel"))
    zoe.page.get_by_text("Cancel only some of them").click()
    used = booking.tickets.get(checked_in_at__isnull=False)
    zoe.page.locator(f"#t{used.pk}").uncheck()
    zoe.press(zoe.button("Only these"))
    zoe.press(zoe.button("Cancel this ticket"))
    assert "Ticket cancelled. €9.35 goes back to you" in zoe.page.inner_text("body")
    assert SeatClaim.objects.filter(booking=booking).count() == 1
    assert User.objects.get(email="zoe@example.org").full_name == NAME


def test_a_member_books_with_three_presses(visit):
    maya = people.customer(tier="Silver")
    factories.show(in_hours=26)
    browser = visit(width=390)
    browser.open("/account/sign-in/")
    browser.fill("Email", maya.email)
    browser.fill("Password", people.PASSWORD)
    browser.press(browser.button("Sign in"))

    browser.press(browser.page.locator("a.stub").locator("visible=true").first)
    browser.press(browser.button("Take "))
    browser.press(browser.button("Confirm and pay €20.90"))

    assert browser.page.locator("svg.qr").count() == 2


def test_a_hold_that_ran_out_is_taken_up_again(visit):
    maya = people.customer()
    booking = factories.held(by=maya, of=factories.show(in_hours=26))
    run_out(booking)
    browser = visit(width=390, js=False)
    browser.open(f"/account/sign-in/?next=/checkout/{booking.ref}/")
    browser.fill("Email", maya.email)
    browser.fill("Password", people.PASSWORD)

    browser.press(browser.button("Sign in"))
    assert browser.page.locator("h1").inner_text().lower().startswith("your hold ended at")
    browser.press(browser.button("Hold them again"))

    assert "Confirm and pay €22.00" in browser.page.inner_text("body")
