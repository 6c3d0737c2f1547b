"""People in a browser: an invitation accepted, a colleague suspended, a device signed out; with scripts and without."""

import re

import pytest
from django.test import Client

from tests import people
from tests.journeys.test_browser_second_factor import on, set_up_app, sign_in
from tests.web.browsers import browser_of, grow_old
from theatre.models import Employee, Letter, User

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def enter(person, who: User) -> Client:
    """Be somebody who has signed in with their second factor, which other journeys walk through."""
    client = browser_of(who)
    name, cookie = next((name, cookie) for name, cookie in client.cookies.items() if "session" in name)
    person.page.context.add_cookies([{"name": name, "value": cookie.value, "url": person.address}])
    return client


@pytest.mark.parametrize(("width", "js"), [(1280, True), (390, False)], ids=str)
def test_an_invitation_is_sent_accepted_and_leads_to_the_second_factor(visit, width, js):
    office, newcomer = visit(width=width, js=js), visit(width=width, js=js)
    enter(office, people.admin(name="Ada Lumen"))
    office.open("/office/")
    office.press(office.page.locator("main").get_by_role("link", name="Invitations"))
    office.fill("Email", "not an address")
    office.press(office.button("Send the invitation"))
    assert "Enter an email address like name@example.com" in office.text()
    office.fill("Email", "noor@example.org")
    office.page.get_by_label("Moderator", exact=True).check()
    office.press(office.button("Send the invitation"))
    assert "noor@example.org" in office.page.locator("table").inner_text()

    link = "/account/invitation/" + Letter.objects.get(kind="invitation").data["code"] + "/"
    newcomer.open(link)
    newcomer.fill("Your name", "Noor Rahman")
    newcomer.fill("Password", "short")
    newcomer.press(newcomer.button("Open my account"))
    assert "Password must be 12 characters or more" in newcomer.text()
    newcomer.fill("Password", people.PASSWORD)
    newcomer.press(newcomer.button("Open my account"))
    assert on(newcomer, "/account/sign-in/")
    sign_in(newcomer, User.objects.get(email="noor@example.org"))
    assert on(newcomer, "/account/second-factor/ways/")
    newcomer.press(newcomer.link("Set up an app"))
    set_up_app(newcomer)
    newcomer.press(newcomer.link("I’ve kept them"))
    assert on(newcomer, "/office/")
    newcomer.press(newcomer.page.locator("main").get_by_role("link", name="Staff"))
    assert newcomer.link("Show all salesmen").is_visible()

    newcomer.page.context.clear_cookies()
    newcomer.open(link)
    assert "has been accepted" in newcomer.text()
    office.open("/office/invitations/")
    assert "accepted" in office.text()


@pytest.mark.parametrize(("width", "js"), [(1280, True), (390, False)], ids=str)
def test_a_salesman_is_found_edited_suspended_and_brought_back(visit, width, js):
    boss, tomas = people.admin(name="Ada Lumen"), people.salesman(name="Tomás Vega")
    people.salesman(name="Lena Brandt", status="removed", reports_to=boss)
    office = visit(width=width, js=js)
    session = enter(office, boss)
    office.open("/office/people/")
    office.fill("Name or email", "vega")
    office.press(office.button("Find"))
    assert "Lena" not in office.text()
    office.press(office.link("Tomás Vega"))
    office.press(office.link("Change the record"))
    office.fill("First day", "2025-02-01")
    office.page.get_by_label("Reports to").select_option("Ada Lumen")
    office.fill("Responsibilities", "Late shifts\nThe door of Screen 2")
    office.press(office.button("Save"))
    assert "1 February 2025" in office.text()

    office.press(office.button("Suspend"))
    assert "Say why. They read it in their letter" in office.text()
    office.fill("Reason", "The till was short")
    office.press(office.button("Suspend"))
    assert re.search("Suspended by Ada Lumen: The till was short", office.text())
    assert Employee.objects.get(user=tomas).status == "suspended"
    grow_old(session)
    office.press(office.button("Bring back"))
    assert on(office, "/account/again/")
    assert Employee.objects.get(user=tomas).status == "suspended"
    office.fill("Password", people.PASSWORD)
    office.press(office.button("Go on"))
    assert on(office, f"/office/people/{tomas.pk}/")
    assert Employee.objects.get(user=tomas).status == "active"
    office.open(f"/office/people/{boss.pk}/")


@pytest.mark.parametrize(("width", "js"), [(1280, True), (390, False)], ids=str)
def test_a_device_elsewhere_is_signed_out(visit, width, js):
    maya = people.customer()
    here, phone = visit(width=width, js=js), visit(width=390, js=False)
    for each in (here, phone):
        sign_in(each, maya)
    here.open("/account/sessions/")
    assert here.page.locator(".rows li").count() == 2

    here.press(here.button("Sign out everywhere else"))

    assert here.page.locator(".rows li").count() == 1
    phone.open("/account/")
    assert on(phone, "/account/sign-in/")
