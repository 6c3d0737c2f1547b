"""One's own account in a real browser: another address and the way back, the profile, leaving. axe, both lights."""

import io
import re
from email.message import EmailMessage

import pytest
from PIL import Image

from tests import factories, people
from theatre.models import Photo, User
from theatre.notices import outbox

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

WAYS = [(1280, True), (390, True), (1280, False), (390, False)]
FRESH = "maya.new@example.org"
NEW = "a new one, and longer"


def text_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def code_in(letter: EmailMessage) -> str:
    found = re.search(r"^\s+(\d{6})\s*$", text_of(letter), re.M)
    assert found
    return found[1]


def path_in(letter: EmailMessage, part: str) -> str:
    """The way within the house of the letter's link that has this part."""
    found = re.search(rf"https?://[^/\s]+(/\S*{part}\S*)", text_of(letter))
    assert found
    return found[1]


def signed_in(visit, who: User, *, width: int = 1280, js: bool = True):
    browser = visit(width=width, js=js)
    browser.open("/account/sign-in/?next=/account/")
    browser.fill("Email", who.email)
    browser.fill("Password", people.PASSWORD)
    browser.press(browser.button("Sign in"))
    assert browser.page.url.endswith("/account/")
    return browser


def path_of(browser) -> str:
    return browser.page.url.removeprefix(browser.address)


@pytest.mark.parametrize(("width", "js"), WAYS, ids=lambda way: str(way))
def test_an_address_is_changed_by_code_and_taken_back_by_the_old_one(visit, mail_server, width, js):
    maya = people.customer(name="Maya Rahman")
    before = maya.email
    browser = signed_in(visit, maya, width=width, js=js)

    # Asked for: a wrong password keeps what was typed.
    browser.press(browser.link("Change email"))
    browser.fill("New email address", FRESH)
    browser.fill("Your password", "wrong")
    browser.press(browser.button("Send the code"))
    assert "That isn’t your password. Enter it again" in browser.text()
    assert browser.page.get_by_label("New email address").input_value() == FRESH
    browser.fill("Your password", people.PASSWORD)
    browser.press(browser.button("Send the code"))
    assert f"We’ve sent a code and a link to {FRESH}." in browser.text()

    # Confirmed with the code.
    outbox.deliver_due()
    browser.fill("6-digit code", "12 34")
    browser.press(browser.button("Confirm"))
    assert "That isn’t the code we sent." in browser.text()
    browser.fill("6-digit code", code_in(mail_server.to(FRESH)[0]))
    browser.press(browser.button("Confirm"))
    assert path_of(browser) == "/account/"
    assert FRESH in browser.text()

    # The old address takes it back, in a browser of its own.
    outbox.deliver_due()
    owner = visit(width=width, js=js)
    owner.open(path_in(mail_server.to(before)[1], "/address/stop/"))
    assert f"Your account keeps the address {before}." in owner.text()
    assert User.objects.get().email == FRESH
    owner.press(owner.button("Put your address back"))
    owner.fill("New password", NEW)
    owner.press(owner.button("Change my password"))
    owner.open("/account/sign-in/")
    owner.fill("Email", before)
    owner.fill("Password", NEW)
    owner.press(owner.button("Sign in"))
    owner.open("/account/")
    assert before in owner.text()
    browser.page.goto(browser.address + "/account/")
    assert path_of(browser).startswith("/account/sign-in/")


@pytest.mark.parametrize(("width", "js"), [(390, True), (1280, False)], ids=lambda way: str(way))
def test_a_link_confirms_in_another_browser_and_then_says_so(visit, mail_server, width, js):
    maya = people.customer()
    browser = signed_in(visit, maya, width=width, js=js)
    browser.open("/account/address/")
    browser.fill("New email address", FRESH)
    browser.fill("Your password", people.PASSWORD)
    browser.press(browser.button("Send the code"))
    outbox.deliver_due()
    path = path_in(mail_server.to(FRESH)[0], "/address/confirm/")

    phone = visit(width=width, js=js)
    phone.open(path)
    phone.press(phone.button("Yes, use this address"))
    assert f"{FRESH} is confirmed. Sign in with it from now on" in phone.page.inner_text("body")
    phone.open(path)
    assert "was confirmed before. Sign in with it." in phone.text()
    phone.open("/account/address/confirm/1.made-up/")
    assert "We didn’t send it" in phone.text()


@pytest.mark.parametrize(("width", "js"), [(1280, True), (390, False)], ids=lambda way: str(way))
def test_the_profile_is_filled_in_part_by_part(visit, tmp_path, width, js):
    maya = people.customer(name="Maya Rahman")
    made = io.BytesIO()
    Image.new("RGB", (900, 700), "teal").save(made, "JPEG")
    (tmp_path / "me.jpg").write_bytes(made.getvalue())
    (tmp_path / "drawing.jpg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    browser = signed_in(visit, maya, width=width, js=js)

    browser.page.locator("#id_photo").set_input_files(tmp_path / "drawing.jpg")
    browser.press(browser.button("Use this photo"))
    assert "Choose a photo that is a JPEG, PNG or WebP picture" in browser.text()
    browser.page.locator("#id_photo").set_input_files(tmp_path / "me.jpg")
    browser.press(browser.button("Use this photo"))
    shown = browser.page.locator(".me-photo img")
    assert shown.evaluate("async picture => { await picture.decode(); return picture.naturalWidth }") == 512
    browser.page.get_by_label("Offers").uncheck()
    browser.press(browser.button("Save letters"))
    browser.fill("What should we know?", "A seat near the aisle")
    browser.press(browser.button("Save access"))
    browser.fill("Telephone", "+49 30 901820")
    browser.press(browser.button("Save"))

    maya.refresh_from_db()
    customer = maya.customer
    assert maya.phone == "+49 30 901820"
    assert customer.access_needs == "A seat near the aisle"
    assert customer.mails == {"new_movies": True, "promotions": True, "offers": False}
    assert Photo.objects.filter(user=maya).exists()


@pytest.mark.parametrize(("width", "js"), [(390, True), (1280, False)], ids=lambda way: str(way))
def test_an_account_is_deleted_when_no_tickets_are_ahead(visit, mail_server, width, js):
    maya = people.customer(name="Maya Rahman")
    booking = factories.booked(by=maya, of=factories.show(in_hours=26))
    browser = signed_in(visit, maya, width=width, js=js)

    browser.press(browser.link("Delete your account"))
    browser.fill("Your password", people.PASSWORD)
    browser.press(browser.button("Delete my account"))
    assert f"You have tickets for a show that is still to come ({booking.ref})." in browser.text()
    browser.press(browser.link("See my tickets"))
    browser.press(browser.link("Cancel"))
    browser.press(browser.button("Cancel these 2 tickets"))
    browser.open("/account/delete/")
    browser.fill("Your password", people.PASSWORD)
    browser.press(browser.button("Delete my account"))

    assert "Your account is deleted" in browser.page.inner_text("body")
    outbox.deliver_due()
    assert mail_server.to(maya.email)[-1]["Subject"] == "Your account is deleted"
    assert not User.objects.filter(email=maya.email).exists()


@pytest.mark.parametrize(("width", "js"), [(390, True), (1280, False)], ids=lambda way: str(way))
def test_a_password_is_changed(visit, width, js):
    maya = people.customer()
    browser = signed_in(visit, maya, width=width, js=js)

    browser.press(browser.link("Change password"))
    browser.fill("Present password", "wrong")
    browser.fill("New password", "short")
    browser.press(browser.button("Change my password"))
    assert "That isn’t your present password. Enter it again" in browser.text()
    assert "Password must be 12 characters or more" in browser.text()
    browser.fill("Present password", people.PASSWORD)
    browser.fill("New password", NEW)
    browser.press(browser.button("Change my password"))

    assert path_of(browser) == "/account/"
    assert User.objects.get().check_password(NEW)
