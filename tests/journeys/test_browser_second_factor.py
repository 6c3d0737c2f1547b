"""The second factor in a real browser: an app, a passkey in Chromium's virtual authenticator, recovery codes, and when
all of it is lost."""

import time

import pytest

from tests import people
from tests.web.factors import totp
from theatre.models import Letter, User

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def device_of(person) -> tuple:
    """A built-in authenticator in this person's browser: its line to Chromium, and its id."""
    line = person.page.context.new_cdp_session(person.page)
    line.send("WebAuthn.enable")
    return line, line.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"]


def sign_in(person, who: User) -> None:
    person.open("/account/sign-in/")
    person.fill("Email", who.email)
    person.fill("Password", people.PASSWORD)
    person.press(person.button("Sign in"))


def on(person, path: str) -> bool:
    return person.page.url.removeprefix(person.address).split("?")[0] == path


def settled(secret: str, *, later: int = 0) -> str:
    """The app's code, with a few seconds left to type it."""
    if time.time() % 30 > 20:
        time.sleep(31 - time.time() % 30)
    return totp(secret, later=later)


def set_up_app(person) -> str:
    secret = person.page.locator(".set-up .ref").inner_text()
    person.fill("6-digit code", settled(secret))
    person.press(person.button("Switch it on"))
    return secret


@pytest.mark.parametrize("width", [390, 1280])
def test_a_moderator_sets_an_app_up_and_then_needs_it_with_or_without_javascript(visit, width):
    who = people.moderator()
    first = visit(width=width)
    sign_in(first, who)
    assert on(first, "/account/second-factor/ways/")
    first.press(first.link("Set up an app"))
    secret = set_up_app(first)
    assert first.page.locator(".codes li").count() == 10
    first.press(first.link("I’ve kept them"))
    assert on(first, "/office/")

    second = visit(width=width, js=False)
    sign_in(second, who)
    assert on(second, "/account/second-factor/code/")
    second.fill("Code from your app", "000000")
    second.press(second.button("Sign in"))
    assert "your phone’s clock is wrong" in second.text()
    second.fill("Code from your app", settled(secret, later=1))
    second.press(second.button("Sign in"))
    assert on(second, "/office/")


@pytest.mark.parametrize("width", [390, 1280])
def test_an_admin_has_a_passkey_alone(visit, width):
    who = people.admin()
    person = visit(width=width)
    device_of(person)
    sign_in(person, who)
    person.press(person.link("Add a passkey"))
    person.fill("What do you call this device?", "Till 1")
    add(person)
    assert on(person, "/account/second-factor/recovery/")
    person.press(person.link("I’ve kept them"))
    assert on(person, "/office/")

    person.open("/account/second-factor/ways/")
    assert "Till 1" in person.text()
    assert "can be replaced but not removed" in person.text()
    person.press(person.link("Rename"))
    person.fill("What do you call this device?", "Box office")
    person.press(person.button("Rename"))
    assert "Box office" in person.text()

    sign_out(person)
    sign_in(person, who)
    assert on(person, "/account/second-factor/code/")
    person.button("Use my passkey").click()
    person.page.wait_for_url("**/office/")


def test_the_same_device_is_not_added_twice_and_a_device_that_says_no_is_told(visit):
    who = people.admin()
    person = visit(width=390)
    line, authenticator = device_of(person)
    sign_in(person, who)
    person.press(person.link("Add a passkey"))
    add(person)

    person.open("/account/second-factor/passkeys/new/")
    person.button("Add this passkey").click()
    person.page.get_by_text("This device has a passkey here already.").wait_for()
    person.look()
    sign_out(person)
    sign_in(person, who)
    line.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    line.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": authenticator})
    other, _ = device_of(person)
    person.button("Use my passkey").click()
    person.page.get_by_text("Your device didn’t answer.").wait_for()
    person.look()

    assert on(person, "/account/second-factor/code/")


def test_a_passkey_is_shown_again_before_the_second_factor_changes(visit):
    """A session from before the set-up knows the password alone."""
    who = people.admin()
    before, person = visit(), visit()
    sign_in(before, who)
    line, authenticator = device_of(person)
    sign_in(person, who)
    person.press(person.link("Add a passkey"))
    add(person)
    [made] = line.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})["credentials"]

    before.open("/account/second-factor/recovery/")
    assert on(before, "/account/second-factor/passkeys/again/")
    own, same = device_of(before)
    own.send("WebAuthn.addCredential", {"authenticatorId": same, "credential": made})
    before.button("Use my passkey").click()
    before.page.wait_for_url("**/second-factor/recovery/")
    before.look()

    assert before.page.locator(".codes li").count() == 10


def test_a_lost_phone_a_recovery_code_and_then_everything_lost(visit):
    who, boss = people.moderator(name="Mona Ferreira"), people.admin()
    person, office = visit(width=390), visit()
    sign_in(person, who)
    person.press(person.link("Set up an app"))
    set_up_app(person)
    code = person.page.locator(".codes li").first.inner_text()
    sign_out(person)

    sign_in(person, who)
    person.fill("Code from your app", code)
    person.press(person.button("Sign in"))
    assert on(person, "/office/")
    person.open("/account/second-factor/ways/")
    assert "9 are left" in person.text()
    person.press(person.link("Move to another phone"))
    set_up_app(person)
    sign_out(person)
    sign_in(person, who)
    person.fill("Code from your app", code)
    person.press(person.button("Sign in"))
    assert on(person, "/account/second-factor/code/")
    assert "an admin can reset your second factor" in person.text()

    device_of(office)
    sign_in(office, boss)
    office.press(office.link("Add a passkey"))
    add(office)
    office.open(f"/office/people/{who.pk}/second-factor/reset/")
    office.press(office.button("Reset second factor"))
    assert "Say why it is reset." in office.text()
    office.fill("Why is it reset?", "Phone lost on the train")
    office.press(office.button("Reset second factor"))
    assert "there is nothing to reset" in office.text()

    sign_in(person, who)
    assert on(person, "/account/second-factor/ways/")
    assert Letter.objects.get(kind="second_factor_reset").to == who.email


def add(person) -> None:
    person.button("Add this passkey").click()
    person.page.wait_for_url(lambda address: "/passkeys/new/" not in address)
    person.look()


def sign_out(person) -> None:
    person.open("/account/sign-out/")
    person.press(person.page.locator("main").get_by_role("button", name="Sign out"))
