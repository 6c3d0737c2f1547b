"""The office's people: who sees whom, what is decided about them, and how they come."""

import re

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from tests import factories, people
from tests.web.browsers import browser_of, words_of
from theatre.actions.people import staff
from theatre.actions.people.tokens import create_token
from theatre.models import ApiToken, AuditEntry, Customer, Employee, Invitation, Letter, User
from theatre.notices import letters
from theatre.notices.kinds.written import QueuedLetter

pytestmark = pytest.mark.django_db

PASSWORD = "three words of velvet"


def link_to(email: str) -> str:
    return reverse(
        "accept_invitation",
        args=[Letter.objects.filter(kind="invitation", to=email).latest("pk").data["code"]],
    )


def invite(office: Client, email: str = "noor@example.org", role: str = "salesman", **more):
    return office.post(
        reverse("invitations"), {"email": email, "role": role, "full_name": "Noor", **more}, follow=True
    )


# Doors ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["office", "people", "invitations"])
def test_the_office_is_not_for_guests_and_salesmen(client, name):
    assert client.get(reverse(name))["Location"].startswith(reverse("account_login"))
    for make in (people.customer, people.salesman):
        refused = browser_of(make()).get(reverse(name))
        assert refused.status_code == 403
        assert "admins" in words_of(refused)


def test_management_passes_no_door_of_the_office_without_the_second_factor():
    client = browser_of(people.admin(), second_factor=False)

    for name in ("office", "people", "invitations"):
        assert client.get(reverse(name))["Location"].startswith(reverse("second_factor"))


def test_a_moderators_office_has_no_invitations():
    client = browser_of(people.moderator())

    page = client.get(reverse("office"))

    assert reverse("people") in page.content.decode()
    assert reverse("invitations") not in page.content.decode()
    assert client.get(reverse("invitations")).status_code == 403
    assert "That page is for admins" in words_of(client.get(reverse("invitations")))


def test_the_way_to_the_office_is_shown_to_those_who_have_one():
    for make, shown in (
        (people.customer, False),
        (people.salesman, False),
        (people.moderator, True),
        (people.admin, True),
    ):
        page = browser_of(make()).get(reverse("account")).content.decode()
        assert (f'href="{reverse("office")}"' in page) == shown


@pytest.mark.parametrize("name", ["change_role", "suspend", "remove", "bring_back"])
def test_deciding_is_the_admins_and_needs_a_press(name):
    tomas = people.salesman()
    path = reverse(name, args=[tomas.pk])

    assert browser_of(people.moderator()).post(path, {"role": "admin", "reason": "x"}).status_code == 403
    assert browser_of(tomas).post(path, {"role": "admin"}).status_code == 403
    assert browser_of(people.admin()).get(path).status_code == 405
    assert Employee.objects.get(user=tomas).status == "active"
    assert User.objects.get(pk=tomas.pk).role == "salesman"


# The list -------------------------------------------------------------------------------------------------


def names_on(page) -> list[str]:
    return re.findall(r'<th scope="row"><a class="link" href="[^"]*">([^<]*)</a>', page.content.decode())


@pytest.fixture
def cast():
    mira = people.moderator(name="Mira Falk", email="mira@example.org")
    people.salesman(name="Tomás Vega", email="tomas@example.org", reports_to=mira)
    people.salesman(name="Lena Brandt", email="lena@example.org", status="suspended")
    people.salesman(name="Anna Gone", email="anna@example.org", status="removed")
    return mira


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, ["Ada Lumen", "Lena Brandt", "Mira Falk", "Tomás Vega", "Anna Gone"]),
        ({"find": "vega"}, ["Tomás Vega"]),
        ({"find": "example lena"}, ["Lena Brandt"]),
        ({"role": "moderator"}, ["Mira Falk"]),
        ({"status": "suspended"}, ["Lena Brandt"]),
        ({"role": "salesman", "status": "active"}, ["Tomás Vega"]),
        ({"find": "%"}, []),
        ({"role": "owner"}, ["Ada Lumen", "Lena Brandt", "Mira Falk", "Tomás Vega", "Anna Gone"]),
        ({"page": "99"}, ["Ada Lumen", "Lena Brandt", "Mira Falk", "Tomás Vega", "Anna Gone"]),
    ],
)
def test_an_admin_finds_people_by_name_address_role_and_status(cast, asked, names):
    office = browser_of(people.admin(name="Ada Lumen"))

    assert names_on(office.get(reverse("people"), asked)) == names


def test_a_moderator_sees_salesmen_those_who_report_to_them_first(cast):
    office = browser_of(cast)

    assert names_on(office.get(reverse("people"))) == ["Tomás Vega"]
    assert names_on(office.get(reverse("people"), {"all": "1"})) == ["Lena Brandt", "Tomás Vega", "Anna Gone"]
    assert names_on(office.get(reverse("people"), {"all": "1", "role": "admin"})) == []


def test_an_empty_list_says_why_and_what_next(cast):
    assert "Nobody fits that" in words_of(browser_of(people.admin()).get(reverse("people"), {"find": "zzz"}))
    assert "Nobody reports to you yet" in words_of(browser_of(people.moderator()).get(reverse("people")))


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_as_much_however_long_it_is(number, django_assert_num_queries):
    mira = people.moderator()
    for _ in range(number):
        people.salesman(reports_to=mira)
    office = browser_of(mira)

    with django_assert_num_queries(4):  # session, person, count, page
        office.get(reverse("people"))


def test_a_long_list_has_pages_that_keep_the_filter():
    for _ in range(27):
        people.salesman()
    office = browser_of(people.admin())

    first = office.get(reverse("people"), {"role": "salesman"})
    second = office.get(reverse("people"), {"role": "salesman", "page": "2"})

    assert (len(names_on(first)), len(names_on(second))) == (25, 2)
    assert "?role=salesman&amp;page=2" in first.content.decode()


# One person -----------------------------------------------------------------------------------------------


def test_a_person_who_is_not_theirs_to_see_is_not_found(cast):
    office = browser_of(cast)
    admin, customer = people.admin(), people.customer()

    for name in ("person", "edit_person"):
        for who in (admin.pk, cast.pk, customer.pk, 2**70):
            assert office.get(reverse(name, args=[who])).status_code == 404
    assert browser_of(admin).get(reverse("person", args=[customer.pk])).status_code == 404


def test_a_moderator_changes_a_salesmans_record_and_no_more(cast):
    tomas = User.objects.get(email="tomas@example.org")
    office = browser_of(cast)
    page = office.get(reverse("person", args=[tomas.pk]))

    response = office.post(
        reverse("edit_person", args=[tomas.pk]),
        {
            "full_name": "Tomás V.", "phone": "01 555 0142", "start_date": "2025-02-01", "reports_to": cast.pk,
            "responsibilities": "Late shifts", "role": "admin", "status": "removed", "base_salary": "9000",
        },
        follow=True,
    )  # fmt: skip

    assert "Suspend" not in words_of(page)
    assert "Saved" in words_of(response)
    record = Employee.objects.select_related("user").get(user=tomas)
    assert (record.user.full_name, record.user.role, record.status) == ("Tomás V.", "salesman", "active")
    assert (str(record.start_date), record.base_salary) == ("2025-02-01", 2400)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("full_name", "", "Enter their name"),
        ("phone", "call me", "Enter a telephone number like 01 555 0142"),
        ("start_date", "soon", "Enter the first day like 2026-03-01"),
        ("start_date", "", "Enter their first day"),
        ("reports_to", "abc", "Choose a moderator or an admin who works here now"),
        ("responsibilities", "x" * 2001, "Use 2000 characters or fewer"),
        ("responsibilities", "a\x00b", "Leave out the characters nobody can type"),
    ],
)
def test_a_record_that_does_not_fit_is_answered_and_kept(field, value, sentence):
    tomas = people.salesman()
    known = {
        "full_name": "Tomás",
        "phone": "",
        "start_date": "2025-02-01",
        "reports_to": "",
        "responsibilities": "x",
    }

    response = browser_of(people.admin()).post(
        reverse("edit_person", args=[tomas.pk]), known | {field: value}
    )

    assert response.status_code == 422
    assert sentence in words_of(response)
    assert not AuditEntry.objects.filter(verb="edit_record").exists()


def test_suspended_with_a_reason_shut_out_told_and_brought_back():
    boss, tomas = people.admin(name="Ada Lumen"), people.salesman(name="Tomás Vega")
    office, till = browser_of(boss), browser_of(tomas)
    assert till.get(reverse("counter")).status_code == 200

    without = office.post(reverse("suspend", args=[tomas.pk]), {"suspend-reason": " "})
    done = office.post(reverse("suspend", args=[tomas.pk]), {"suspend-reason": "Till was short"}, follow=True)
    shut = till.get(reverse("counter"))
    back = office.post(reverse("bring_back", args=[tomas.pk]), follow=True)

    assert without.status_code == 422
    assert "Say why. They read it in their letter" in words_of(without)
    assert "Tomás Vega is suspended, signed out everywhere and told by mail" in words_of(done)
    assert re.search(r"Reason Till was short decided by Ada Lumen", words_of(done))
    assert shut["Location"].startswith(reverse("account_login"))
    assert "Suspended by Ada Lumen: Till was short" in words_of(back)
    assert Employee.objects.get(user=tomas).status == "active"


@pytest.mark.parametrize("how", ["suspend", "remove", "role"])
def test_what_is_open_ends_with_the_standing(client, how):
    boss, tomas = people.actor_for(people.admin()), people.salesman()
    create_token(by=people.actor_for(tomas), name="till")
    client.post(reverse("account_login"), {"login": tomas.email, "password": people.PASSWORD})
    assert UserSession.objects.filter(user=tomas).count() == 1

    if how == "role":
        staff.change_role(by=boss, user_id=tomas.pk, role="moderator")
    else:
        getattr(staff, how)(by=boss, user_id=tomas.pk, reason="Under review")

    assert not UserSession.objects.filter(user=tomas).exists()
    assert not Session.objects.filter(session_key=client.session.session_key).exists()
    assert not ApiToken.objects.filter(user=tomas, revoked_at=None).exists()


def test_removing_shows_what_they_would_leave_behind():
    tomas = people.salesman()
    factories.booked(by=tomas, of=factories.show(in_hours=30))

    page = browser_of(people.admin()).get(reverse("person", args=[tomas.pk]))

    assert "1 booking of a show to come is assigned to them." in words_of(page)


def test_another_role_is_an_admins_to_give_and_nobody_gives_it_to_themselves():
    boss, tomas = people.admin(), people.salesman(name="Tomás Vega")
    office = browser_of(boss)

    done = office.post(reverse("change_role", args=[tomas.pk]), {"role": "moderator"}, follow=True)
    same = office.post(reverse("change_role", args=[tomas.pk]), {"role": "moderator"})
    none = office.post(reverse("change_role", args=[tomas.pk]), {"role": "owner"})
    own = office.post(reverse("change_role", args=[boss.pk]), {"role": "salesman"})

    assert "has a new role" in words_of(done)
    assert User.objects.get(pk=tomas.pk).role == "moderator"
    assert "Tomás Vega is a moderator already" in words_of(same)
    assert "Choose salesman, moderator or admin" in words_of(none)
    assert "Nobody decides this for themselves" in words_of(own)
    assert User.objects.get(pk=boss.pk).role == "admin"
    assert [same.status_code, none.status_code, own.status_code] == [422, 422, 422]


def test_ones_own_page_offers_nothing_to_decide():
    boss = people.admin()

    page = words_of(browser_of(boss).get(reverse("person", args=[boss.pk])))

    assert "Your own role and status are another admin’s to decide." in page
    assert "Remove for good" not in page


# Invitations ----------------------------------------------------------------------------------------------


def test_an_admin_invites_and_the_letter_leads_in(client):
    office = browser_of(people.admin(name="Ada Lumen"))

    sent = invite(office, role="moderator")
    looked = client.get(link_to("noor@example.org"))
    assert not User.objects.filter(email="noor@example.org").exists()
    done = client.post(link_to("noor@example.org"), {"full_name": "Noor Rahman", "password": PASSWORD})
    first = client.post(reverse("account_login"), {"login": "noor@example.org", "password": PASSWORD})

    assert "The invitation is on its way to noor@example.org" in words_of(sent)
    assert "noor@example.org Role Moderator" in words_of(looked)
    assert looked["Cache-Control"].count("no-store")
    assert done["Location"] == reverse("account_login")
    assert first["Location"] == reverse("home_for_me")
    led = client.get(reverse("home_for_me"), follow=True)
    assert [path for path, _ in led.redirect_chain][-1].startswith(reverse("mfa_index"))
    assert "accepted" in words_of(office.get(reverse("invitations")))


def test_the_letter_carries_the_link_by_an_address_of_the_house(settings):
    invite(browser_of(people.admin(name="Ada\r\nBcc: x@example.org")))
    row = Letter.objects.get(kind="invitation")

    mail = letters.compose(
        QueuedLetter(
            row.pk, row.key, row.kind, row.to, None, None, row.data, row.message_id, 1, row.queued_at
        )
    )

    assert settings.SITE_URL + link_to(row.to) in mail.body
    assert settings.SITE_URL + link_to(row.to) in mail.alternatives[0][0]
    assert "\n" not in mail.subject
    assert row.to == mail.to[0]


@pytest.mark.parametrize("change", ["suspended", "removed", "active", "role"])
def test_the_letter_about_ones_standing_says_what_and_why(change):
    data = {"change": change, "role": "moderator", "reason": "<b>Till</b> was short"}
    row = Letter.objects.create(
        key=f"s:{change}", kind="standing", to="t@example.org", data=data, message_id=f"<{change}@x>"
    )

    mail = letters.compose(
        QueuedLetter(
            row.pk, row.key, row.kind, row.to, None, None, row.data, row.message_id, 1, row.queued_at
        )
    )

    assert "The reason: <b>Till</b> was short" in mail.body
    assert "&lt;b&gt;Till" in mail.alternatives[0][0]


def test_looking_at_the_link_changes_nothing(client):
    invite(browser_of(people.admin()))
    before = list(Invitation.objects.values())

    for _ in range(3):
        assert client.get(link_to("noor@example.org")).status_code == 200
        assert client.head(link_to("noor@example.org")).status_code == 200

    assert list(Invitation.objects.values()) == before


def test_links_that_open_nothing_say_why(client):
    office = browser_of(people.admin())
    invite(office)
    old = link_to("noor@example.org")
    number = Invitation.objects.get().pk
    office.post(reverse("resend_invitation", args=[number]))
    newest = link_to("noor@example.org")
    used = client.post(newest, {"full_name": "Noor", "password": PASSWORD})
    invite(office, email="lena@example.org")
    office.post(reverse("revoke_invitation", args=[Invitation.objects.latest("pk").pk]))

    said = {
        path: (page.status_code, words_of(page))
        for path in (old, newest, link_to("lena@example.org"), reverse("accept_invitation", args=["made-up"]))
        for page in [client.get(path)]
    }

    assert used.status_code == 302
    assert {status for status, _ in said.values()} == {410}
    words = [text for _, text in said.values()]
    assert "use the link in the newest email" in words[0]
    assert "has been accepted. Sign in with the password chosen then" in words[1]
    assert "was taken back" in words[2]
    assert "This link opens nothing" in words[3]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"password": "short"}, "Password must be 12 characters or more"),
        ({"password": "q1w2e3r4t5y6"}, "Many people use that password."),
        ({"password": ""}, "Enter a password of 12 characters or more"),
        ({"password": "noor@example.org"}, "That is too much like your name or address."),
        ({"full_name": " "}, "Enter your name"),
    ],
)
def test_a_weak_password_or_no_name_is_answered(client, typed, sentence):
    invite(browser_of(people.admin()))

    response = client.post(link_to("noor@example.org"), {"full_name": "Noor", "password": PASSWORD} | typed)

    assert response.status_code == 422
    assert sentence in words_of(response)
    assert not User.objects.filter(email="noor@example.org").exists()


def test_a_form_cannot_say_another_role_or_address_than_the_invitation(client):
    invite(browser_of(people.admin()))

    client.post(
        link_to("noor@example.org"),
        {
            "full_name": "Noor",
            "password": PASSWORD,
            "role": "admin",
            "email": "x@example.org",
            "base_salary": "9999",
        },
    )

    noor = User.objects.get(email="noor@example.org")
    assert (noor.role, noor.employee.base_salary, Customer.objects.filter(user=noor).exists()) == (
        "salesman",
        0,
        False,
    )


def test_somebody_who_is_signed_in_is_asked_to_sign_out_first():
    invite(browser_of(people.admin()))
    link = link_to("noor@example.org")
    maya = browser_of(people.customer(email="maya@example.org"))

    looked = maya.get(link)
    tried = maya.post(link, {"full_name": "Maya", "password": PASSWORD})

    for page in (looked, tried):
        assert page.status_code == 409
        assert "You are signed in as maya@example.org." in words_of(page)
    assert Invitation.objects.get().used_at is None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"email": "guest@example.org"}, "That address is a customer’s, and nobody is both."),
        ({"email": "nope"}, "Enter an email address like name@example.com"),
        ({"role": "customer"}, "Choose salesman, moderator or admin"),
        ({"role": ""}, "Choose salesman, moderator or admin"),
    ],
)
def test_an_invitation_that_cannot_be_says_why_to_the_admin(typed, sentence):
    people.customer(email="guest@example.org")

    response = invite(browser_of(people.admin()), **typed)

    assert response.status_code == 422
    assert sentence in words_of(response)
    assert not Invitation.objects.exists()


# Never by sign-up -----------------------------------------------------------------------------------------

CLAIMS = {
    "role": "admin", "user.role": "admin", "is_staff": "1", "is_superuser": "on", "groups": "1", "status": "active",
    "confirmed_at": "2020-01-01", "employee": "1", "id": "1",
}  # fmt: skip


def test_no_sign_up_makes_staff_whatever_it_carries(client):
    typed = {"email": "zoe@example.org", "password1": PASSWORD, "full_name": "Zoë"}

    client.post(reverse("account_signup"), {**typed, **CLAIMS})
    client.post(reverse("account_signup") + "?role=admin", {**typed, "email": "y@example.org"})
    client.post(
        reverse("account_signup"),
        {**typed, **CLAIMS, "email": "j@example.org"},
        content_type="application/json",
    )

    assert set(User.objects.values_list("role", flat=True)) <= {"customer"}
    assert User.objects.filter(email="zoe@example.org").exists()
    assert not Employee.objects.exists()


def test_ones_own_account_carries_no_role_either():
    maya, tomas = people.customer(), people.salesman()
    for who in (maya, tomas):
        browser_of(who).post(reverse("account"), {"full_name": "M", "phone": "", **CLAIMS})

    assert [User.objects.get(pk=who.pk).role for who in (maya, tomas)] == ["customer", "salesman"]
