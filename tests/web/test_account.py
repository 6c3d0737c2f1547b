"""Signing up, signing in, and one's own account."""

import hashlib
import html
import re

import pytest
from django.contrib.auth.hashers import check_password, make_password
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from tests import factories, people
from tests.web.browsers import browser_of, wait_out, words_of
from theatre.models import ApiToken, Booking, Customer, Employee, Letter, User
from theatre.rules.roles import Role

pytestmark = pytest.mark.django_db

GOOD = "velvet curtain at eight"
UP, IN, CODE = "account_signup", "account_login", "account_email_verification_sent"


def sign_up(client: Client, email: str = "zoe@example.org", *, after: str = "", **more):
    address = reverse(UP) + (f"?{urlencode({'next': after})}" if after else "")
    return client.post(address, {"email": email, "password1": GOOD, "full_name": "Zoë", **more})


def sign_in(client: Client, who: User, *, password: str = people.PASSWORD, after: str = ""):
    address = reverse(IN) + (f"?{urlencode({'next': after})}" if after else "")
    return client.post(address, {"login": who.email, "password": password})


def sent_code(email: str = "zoe@example.org") -> str:
    return Letter.objects.filter(kind="confirm_address", to=email).latest("pk").data["code"]


def is_in(client: Client) -> bool:
    return client.get(reverse("account")).status_code == 200


# Sign up --------------------------------------------------------------------------------------------------


def test_signing_up_makes_a_customer_who_is_not_in_before_the_code(client):
    response = sign_up(client)

    user = User.objects.get()
    assert response["Location"] == reverse(CODE)
    assert (user.role, user.full_name, user.confirmed_at) == ("customer", "Zoë", None)
    assert Customer.objects.get(user=user).member_number.startswith("M")
    assert not is_in(client)
    assert "We’ve sent a 6-digit code to zoe@example.org." in words_of(client.get(reverse(CODE)))


def test_the_code_from_the_letter_opens_the_account(client):
    sign_up(client)

    response = client.post(reverse(CODE), {"code": f" {sent_code()[:3]} {sent_code()[3:]} "})

    assert response["Location"] == reverse("home_for_me")
    assert User.objects.get().confirmed_at
    assert is_in(client)


def test_the_code_is_six_digits():
    sign_up(Client())

    assert re.fullmatch(r"\d{6}", sent_code())


def test_a_wrong_code_says_so_and_the_third_ends_it(client):
    sign_up(client)
    wrong = "000000" if sent_code() != "000000" else "111111"

    first = client.post(reverse(CODE), {"code": wrong})
    client.post(reverse(CODE), {"code": wrong})
    third = client.post(reverse(CODE), {"code": wrong}, follow=True)

    assert "That isn’t the code we sent. Check the newest email" in words_of(first)
    assert f'value="{wrong}"' in first.content.decode()
    assert "That was a lot of tries." in words_of(third)
    assert client.post(reverse(CODE), {"code": sent_code()})["Location"] == reverse(IN)
    assert not is_in(client)


@pytest.mark.parametrize("code", ["", "\x00", "१२३४५६", "x" * 5000])
def test_what_is_no_code_is_answered_with_a_sentence(client, code):
    sign_up(client)

    response = client.post(reverse(CODE), {"code": code})

    assert response.status_code == 200
    assert re.search(r"Enter the 6-digit code|isn’t the code|40 characters or fewer", words_of(response))


def test_no_form_can_say_a_role(client):
    sign_up(client, role="admin", is_active="1", confirmed_at="2020-01-01", is_staff="1", is_superuser="1")

    user = User.objects.get()
    assert user.role == Role.CUSTOMER
    assert user.confirmed_at is None
    assert not Employee.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("email", "", "Enter your email address"),
        ("email", "zoe", "Enter an email address like name@example.com"),
        ("email", "zoe@example.org\x00", None),
        ("email", "z" * 300 + "@example.org", "Enter an email address like name@example.com"),
        ("password1", "", "Enter a password of 12 characters or more"),
        ("password1", "short", "Password must be 12 characters or more"),
        ("password1", "q1w2e3r4t5y6", "Many people use that password."),
        ("password1", "zoe@example.org", "That is too much like your name or address."),
        ("full_name", "Z" * 201, "Use 200 characters or fewer"),
    ],
)
def test_sign_up_says_what_to_do_and_keeps_what_was_typed(client, field, value, sentence):
    typed = {"email": "zoe@example.org", "full_name": "Zoë"} | {field: value}
    response = sign_up(client, **typed)

    if sentence is None:
        assert User.objects.get().email == "zoe@example.org"
        return
    page = html.unescape(response.content.decode())
    assert response.status_code == 200
    assert sentence in words_of(response)
    assert GOOD not in page
    for name in ("email", "full_name"):
        assert typed[name] == "" or f'value="{typed[name]}"' in page
    assert not User.objects.exists()


@pytest.mark.parametrize("name", ["অনন্যা সেন", "ليلى حداد", "Zoë 🎬", "a\u202eb\x07c"])
def test_names_in_any_script_are_kept_without_control_characters(client, name):
    sign_up(client, full_name=name)

    assert User.objects.get().full_name == {"a\u202eb\x07c": "ab c"}.get(name, name)


def test_an_address_that_has_an_account_gets_a_letter_and_the_page_looks_the_same(client):
    maya = people.customer(email="zoe@example.org")

    response = sign_up(client, email="ZOE@example.org")

    assert response["Location"] == reverse(CODE)
    assert User.objects.count() == 1
    assert "We’ve sent a 6-digit code to zoe@example.org." in words_of(client.get(reverse(CODE)))
    assert list(Letter.objects.values_list("kind", "to")) == [("account_exists", maya.email)]
    assert "isn’t the code" in words_of(client.post(reverse(CODE), {"code": "123456"}))


def test_a_new_code_can_be_sent_after_a_moment(client):
    sign_up(client)
    first = sent_code()

    at_once = client.post(reverse(CODE), {"action": "resend"})
    wait_out(seconds=11)
    later = client.post(reverse(CODE), {"action": "resend"})
    old = client.post(reverse(CODE), {"code": first})
    new = client.post(reverse(CODE), {"code": sent_code()})

    assert at_once.status_code == 429
    assert "Wait 10 seconds, then try again." in words_of(at_once)
    assert later["Location"] == reverse(CODE)
    assert (old.status_code, new.status_code) == (200, 302)


def test_another_address_can_be_used_instead(client):
    sign_up(client, email="typo@example.org")

    client.post(reverse("account_logout"), {"next": reverse(UP)})
    response = sign_up(client)

    assert response["Location"] == reverse(CODE)
    assert "zoe@example.org" in words_of(client.get(reverse(CODE)))


def test_signing_up_twice_with_one_press_too_many_keeps_the_first_code(client):
    sign_up(client)

    again = sign_up(client)
    response = client.post(reverse(CODE), {"code": sent_code()})

    assert again["Location"] == reverse(CODE)
    assert response["Location"] == reverse("home_for_me")


def test_somebody_who_mistyped_their_address_signs_up_again_and_lands_where_they_were_going(client):
    sign_up(client, email="typo@example.org", after="/tickets/")
    page = client.get(reverse(CODE)).content.decode()
    another = html.unescape(re.search(r'name="next" value="([^"]*sign-up[^"]*)"', page)[1])

    client.post(another, {"email": "zoe@example.org", "password1": GOOD})
    response = client.post(reverse(CODE), {"code": sent_code()})

    assert response["Location"] == "/tickets/"


def test_somebody_who_has_an_account_after_all_signs_in_instead_of_entering_the_code(client):
    maya = people.customer()
    sign_up(client)

    sign_in(client, maya)

    assert is_in(client)


def test_seats_held_before_are_there_after_signing_up(client):
    show = factories.show()
    client.post(reverse("hold"), {"show": show.pk, "seat": factories.free_seats(show)})
    checkout = reverse("checkout", args=[Booking.objects.get().ref])

    sign_up(client, after=checkout)
    response = client.post(reverse(CODE), {"code": sent_code()})

    booking = Booking.objects.get()
    assert response["Location"] == checkout
    assert booking.customer.user.email == "zoe@example.org"
    assert (booking.session, booking.network) == ("", "")
    assert "Confirm and pay" in words_of(client.get(checkout))


# Sign in --------------------------------------------------------------------------------------------------


def test_signing_in_takes_the_held_seats_along(client):
    maya, show = people.customer(), factories.show()
    client.post(reverse("hold"), {"show": show.pk, "seat": factories.free_seats(show)})
    checkout = reverse("checkout", args=[Booking.objects.get().ref])

    response = sign_in(client, maya, after=checkout)

    assert response["Location"] == checkout
    assert Booking.objects.get().customer.user == maya
    assert client.get(checkout).status_code == 200


def test_a_salesman_who_signs_in_over_held_seats_sells_them(client):
    tomas, show = people.salesman(), factories.show()
    client.post(reverse("hold"), {"show": show.pk, "seat": factories.free_seats(show)})
    checkout = reverse("checkout", args=[Booking.objects.get().ref])

    sign_in(client, tomas, after=checkout)

    booking = Booking.objects.get()
    assert (booking.seller, booking.assigned_to, booking.customer) == (tomas, tomas, None)
    assert client.get(checkout)["Location"] == reverse("counter_sale", args=[booking.ref])


@pytest.mark.parametrize("email", ["maya@example.org", "nobody@example.org"])
def test_a_wrong_password_and_an_unknown_address_are_answered_alike(client, email):
    people.customer(email="maya@example.org")

    response = client.post(reverse(IN), {"login": email, "password": "wrong"})

    assert response.status_code == 200
    assert "That email and password don’t match. Check both, or reset your password" in words_of(response)
    assert f'value="{email}"' in response.content.decode()


def test_an_address_is_known_in_any_case(client):
    maya = people.customer(email="maya@example.org")

    client.post(reverse(IN), {"login": "  MAYA@Example.org ", "password": people.PASSWORD})

    assert client.session["_auth_user_id"] == str(maya.pk)


@pytest.mark.parametrize("make", [people.customer, people.salesman, people.moderator, people.admin])
def test_nobody_of_any_role_gets_in_before_the_address_is_confirmed(client, make):
    who = make(confirmed=False)

    response = sign_in(client, who)

    assert response["Location"] == reverse(CODE)
    assert Letter.objects.filter(kind="confirm_address", to=who.email).exists()
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("status", ["suspended", "removed"])
def test_an_employee_who_left_does_not_get_in(client, status):
    who = people.salesman(status=status)

    response = sign_in(client, who)

    assert response["Location"] == reverse("account_inactive")
    assert "_auth_user_id" not in client.session


def test_a_suspension_ends_what_is_open():
    who = people.salesman()
    client = browser_of(who)
    assert client.get(reverse("counter")).status_code == 200

    Employee.objects.filter(user=who).update(status="suspended")

    assert client.get(reverse("counter"))["Location"].startswith(reverse(IN))


@pytest.mark.parametrize(
    "after", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil.example"]
)
def test_signing_in_never_leads_out_of_the_house(client, after):
    assert sign_in(client, people.customer(), after=after)["Location"] == reverse("home_for_me")


def test_each_role_begins_where_its_day_begins():
    assert browser_of(people.customer()).get(reverse("home_for_me"))["Location"] == reverse("home")
    assert browser_of(people.salesman()).get(reverse("home_for_me"))["Location"] == reverse("counter")
    for make in (people.moderator, people.admin):
        assert browser_of(make()).get(reverse("home_for_me"))["Location"] == reverse("office")


def test_signing_out_needs_a_press():
    client = browser_of(people.customer())

    asked = client.get(reverse("account_logout"))
    client.post(reverse("account_logout"))

    assert asked.status_code == 200
    assert not is_in(client)


def test_a_page_for_members_leads_through_signing_in_and_back(client):
    maya = people.customer()
    asked = client.get(reverse("my_tickets"))

    response = sign_in(client, maya, after=reverse("my_tickets"))

    assert asked["Location"] == f"{reverse(IN)}?next={reverse('my_tickets')}"
    assert response["Location"] == reverse("my_tickets")


def test_who_is_there_costs_one_question(django_assert_num_queries):
    client = browser_of(people.customer())

    with django_assert_num_queries(4):  # session, person with profiles, account, tokens
        client.get(reverse("account"))


def test_ten_wrong_passwords_in_a_minute_are_enough(client):
    maya = people.customer()
    for _ in range(10):
        sign_in(client, maya, password="wrong")

    response = sign_in(client, maya)

    assert "That was a lot of tries. Wait 5 minutes, then try again" in words_of(response)
    assert (response.status_code, response["Retry-After"] in ("299", "300")) == (429, True)


def test_passwords_are_kept_with_argon2id(settings):
    settings.PASSWORD_HASHERS = ["theatre.web.account.hasher.Argon2id"]

    kept = make_password(GOOD)

    assert kept.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert check_password(GOOD, kept)


# A forgotten password -------------------------------------------------------------------------------------


def test_a_forgotten_password_is_replaced_by_a_link_and_ends_other_sessions(client):
    maya = people.customer()
    elsewhere = Client()
    sign_in(elsewhere, maya)

    client.post(reverse("account_reset_password"), {"email": maya.email})
    link = Letter.objects.get(kind="password_reset", to=maya.email).data["link"]
    page = client.get(link.removeprefix("http://localhost:8000"), follow=True)
    done = client.post(page.request["PATH_INFO"], {"password1": "a new one, longer"})

    assert done["Location"] == reverse("account_reset_password_from_key_done")
    assert not is_in(elsewhere)
    assert sign_in(Client(), maya).status_code == 200  # the old one is refused
    assert sign_in(Client(), maya, password="a new one, longer").status_code == 302
    again = client.get(link.removeprefix("http://localhost:8000"))
    assert "This link is used up" in words_of(again)


def test_an_unknown_address_is_told_nothing(client):
    response = client.post(reverse("account_reset_password"), {"email": "nobody@example.org"}, follow=True)

    assert "If that address has an account here, a link is on its way to it." in words_of(response)
    assert not Letter.objects.exists()


def test_a_weak_new_password_is_answered_with_the_rule(client):
    maya = people.customer()
    client.post(reverse("account_reset_password"), {"email": maya.email})
    link = Letter.objects.get(kind="password_reset").data["link"]
    page = client.get(link.removeprefix("http://localhost:8000"), follow=True)

    response = client.post(page.request["PATH_INFO"], {"password1": "short"})

    assert "Password must be 12 characters or more" in words_of(response)


# One's own account ----------------------------------------------------------------------------------------


def test_name_telephone_and_long_holds_are_kept():
    maya = people.customer()
    client = browser_of(maya)

    client.post(reverse("account"), {"full_name": "ليلى", "phone": "+49 30 901820", "long_holds": "on"})

    maya.refresh_from_db()
    assert (maya.full_name, maya.phone) == ("ليلى", "+49 30 901820")
    assert Customer.objects.get(user=maya).long_holds
    assert "Saved" in words_of(client.get(reverse("account")))


def test_a_telephone_number_that_is_none_is_answered_and_kept():
    client = browser_of(people.customer())

    response = client.post(reverse("account"), {"full_name": "Maya", "phone": "call me"})

    assert response.status_code == 422
    assert "Enter a telephone number like 01 555 0142" in words_of(response)
    assert 'value="call me"' in response.content.decode()
    assert 'value="Maya"' in response.content.decode()


def test_a_token_is_shown_once_and_opens_the_api_until_it_is_revoked():
    client = browser_of(people.customer())

    client.post(reverse("make_token"), {"name": "My script"})
    page, later = client.get(reverse("account")), client.get(reverse("account"))
    secret = re.search(r"mc_[\w-]{43}", page.content.decode())[0]
    api = Client(headers={"Authorization": f"Bearer {secret}"})
    before = api.get("/api/v1/bookings").status_code
    client.post(reverse("revoke_token", args=[ApiToken.objects.get().pk]))

    assert secret not in later.content.decode()
    assert "My script" in words_of(later)
    assert bytes(ApiToken.objects.get().digest) == hashlib.sha256(secret.encode()).digest()
    assert (before, api.get("/api/v1/bookings").status_code) == (200, 401)


def test_a_token_needs_a_name():
    client = browser_of(people.customer())

    response = client.post(reverse("make_token"), {"name": " \x00 "})

    assert "Name what the token is for, so you know it again" in words_of(response)
    assert not ApiToken.objects.exists()


def test_somebody_elses_token_is_not_revoked():
    client, other = browser_of(people.customer()), people.customer()
    token = ApiToken.objects.create(user=other, name="theirs", digest=b"x" * 32)

    response = client.post(reverse("revoke_token", args=[token.pk]), follow=True)

    token.refresh_from_db()
    assert token.revoked_at is None
    assert "That token isn’t there any more" in words_of(response)
