"""The second factor: set up, asked for, replaced, lost; and the ways around it that are shut."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from tests import people
from tests.web.browsers import browser_of, wait_out, words_of
from tests.web.factors import ORIGIN, Passkey, add_passkey, options, set_up_app, totp
from theatre.access import NotAllowed
from theatre.actions.people.second_factor import (
    LastWay,
    NothingToReset,
    OwnFactor,
    PersonUnknown,
    ReasonMissing,
    WayUnknown,
    remove_way,
    rename_passkey,
    reset_second_factor,
    rotate_secrets,
)
from theatre.actions.people.tokens import create_token
from theatre.models import ApiToken, AuditEntry, Letter, User

pytestmark = pytest.mark.django_db

CODE = "mfa_authenticate"


def sign_in(client: Client, who: User, *, after: str = ""):
    address = reverse("account_login") + (f"?{urlencode({'next': after})}" if after else "")
    return client.post(address, {"login": who.email, "password": people.PASSWORD})


def signed_in(who: User) -> Client:
    client = Client()
    sign_in(client, who)
    return client


def recovery_codes(client: Client) -> list[str]:
    return re.findall(r"\b\d{8}\b", words_of(client.get(reverse("mfa_view_recovery_codes"))))


def opens(client: Client) -> bool:
    return client.get(reverse("counter")).status_code == 200


def letters(who: User) -> list[tuple[str, str]]:
    found = Letter.objects.filter(to=who.email).order_by("pk")
    return [(letter.kind, letter.data.get("change", "")) for letter in found]


# Set up ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [people.moderator, people.admin])
def test_management_is_led_to_the_set_up_and_not_around_it(client, make):
    sign_in(client, make())

    for page in ("counter", "account", "counter_sales"):
        assert client.get(reverse(page))["Location"].startswith(reverse("second_factor"))
    assert client.get(reverse("second_factor"))["Location"] == reverse("mfa_index")
    choice = client.get(reverse("mfa_index")).content.decode()
    assert reverse("mfa_activate_totp") in choice
    assert reverse("mfa_add_webauthn") in choice
    assert client.post(reverse("hold"), {"show": 1, "seat": 1})["Location"].startswith(
        reverse("second_factor")
    )


def test_setting_the_app_up_opens_the_house(django_capture_on_commit_callbacks):
    who = people.moderator()
    client = signed_in(who)

    with django_capture_on_commit_callbacks(execute=True):
        set_up_app(client)

    assert opens(client)
    assert len(recovery_codes(client)) == 10
    assert letters(who) == [("security_changed", "app_added")]


@pytest.mark.parametrize("make", [people.moderator, people.admin])
def test_a_passkey_alone_opens_the_house_too(make):
    who = make()
    client = signed_in(who)

    add_passkey(client)

    assert opens(client)
    assert len(recovery_codes(client)) == 10
    assert letters(who) == [("security_changed", "passkey_added")]
    assert AuditEntry.objects.filter(verb="passkey_added", actor=who, on_id=str(who.pk)).exists()


@pytest.mark.parametrize("make", [people.customer, people.salesman])
def test_everybody_may_have_one_and_nobody_else_needs_one(make):
    who = make()
    client = signed_in(who)
    before = client.get(reverse("account")).status_code

    add_passkey(client)
    set_up_app(client)

    assert before == 200
    assert sign_in(Client(), who)["Location"] == reverse(CODE)


def test_secrets_of_the_second_factor_are_encrypted_in_the_database():
    secret = set_up_app(signed_in(people.admin()))

    kept = Authenticator.objects.get(type="totp").data["secret"]
    seed = Authenticator.objects.get(type="recovery_codes").data["seed"]

    assert secret not in kept
    assert (kept[:5], seed[:5]) == ("gAAAA", "gAAAA")


# Signing in -----------------------------------------------------------------------------------------------


def test_with_the_app_set_up_the_password_alone_opens_nothing():
    who = people.moderator()
    secret = set_up_app(signed_in(who))
    fresh = Client()

    asked = sign_in(fresh, who)
    wrong = fresh.post(reverse(CODE), {"code": "000000"})
    shut = fresh.get(reverse("counter"))
    right = fresh.post(reverse(CODE), {"code": totp(secret, later=1)})

    assert asked["Location"] == reverse(CODE)
    assert "That code has expired. Enter the newest one from your app." in words_of(wrong)
    assert shut["Location"].startswith(reverse("account_login"))
    assert right["Location"] == reverse("home_for_me")
    assert opens(fresh)


@pytest.mark.parametrize(
    "way_in", ["counter", "account", "mfa_index", "mfa_view_recovery_codes", "mfa_add_webauthn"]
)
def test_the_step_is_not_skipped_by_an_address(way_in):
    who = people.admin()
    set_up_app(signed_in(who))
    fresh = Client()
    sign_in(fresh, who)

    response = fresh.get(reverse(way_in))

    assert response["Location"].startswith(reverse("account_login"))
    assert "_auth_user_id" not in fresh.session


def test_a_passkey_signs_in():
    who = people.admin()
    passkey = add_passkey(signed_in(who))
    fresh = Client()
    sign_in(fresh, who, after=reverse("counter_sales"))

    page = fresh.get(reverse(CODE))
    response = fresh.post(reverse(CODE), {"credential": passkey.shown(options(page))})

    assert "Use my passkey" in words_of(page)
    assert response["Location"] == reverse("counter_sales")
    assert opens(fresh)


def _stale(client, passkey, answer):
    """The answer to the question of the page before."""
    client.get(reverse(CODE))
    return answer


def _other_site(client, passkey, answer):
    passkey.origin = "https://movie-counter.evil.example"
    return passkey.shown(options(client.get(reverse(CODE))))


def _not_theirs(client, passkey, answer):
    return Passkey().shown(options(client.get(reverse(CODE))))


def _forged(client, passkey, answer):
    made = json.loads(answer)
    made["response"]["signature"] = made["response"]["signature"][::-1]
    return json.dumps(made)


@pytest.mark.parametrize("spoil", [_stale, _other_site, _not_theirs, _forged])
def test_a_passkeys_answer_to_anything_else_opens_nothing(spoil):
    who = people.admin()
    passkey = add_passkey(signed_in(who))
    fresh = Client()
    sign_in(fresh, who)
    answer = passkey.shown(options(fresh.get(reverse(CODE))))

    response = fresh.post(reverse(CODE), {"credential": spoil(fresh, passkey, answer)})

    assert "That passkey wasn’t taken. Try again, or use another way" in words_of(response)
    assert not opens(fresh)


def test_a_passkeys_answer_is_taken_once():
    who = people.admin()
    passkey = add_passkey(signed_in(who))
    first = Client()
    sign_in(first, who)
    answer = passkey.shown(options(first.get(reverse(CODE))))
    first.post(reverse(CODE), {"credential": answer})

    second = Client()
    sign_in(second, who)
    second.get(reverse(CODE))
    response = second.post(reverse(CODE), {"credential": answer})

    assert "That passkey wasn’t taken." in words_of(response)


NONSENSE = [
    "", "x", "[]", "1", "null", "{}", '{"response": 1}', '{"response": {}}', "[" * 5000, "x" * 30_000,
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "e30"}}',
    '{"id": "é", "rawId": 7, "type": "public-key", "response": {"clientDataJSON": "%", "attestationObject": "%%"}}',
    '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"e30","attestationObject":"oA"}}',
    '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"e30","authenticatorData":"AA",'
    '"signature":"AA"}}',
    '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"AA","attestationObject":"_____w"}}',
]  # fmt: skip


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_what_is_no_passkey_is_answered_with_a_sentence(nonsense):
    who = people.admin()
    client = signed_in(who)
    client.get(reverse("mfa_add_webauthn"))
    adding = client.post(reverse("mfa_add_webauthn"), {"name": "x", "credential": nonsense})
    add_passkey(client)
    fresh = Client()
    sign_in(fresh, who)
    fresh.get(reverse(CODE))
    showing = fresh.post(reverse(CODE), {"credential": nonsense})

    assert re.search(r"wasn’t (added|taken)\.|sent no passkey", words_of(adding))
    assert re.search(r"wasn’t taken\.|sent no passkey", words_of(showing))


def test_what_a_browser_adds_to_a_passkey_is_not_kept():
    client = signed_in(people.admin())
    made = json.loads(Passkey().made(options(client.get(reverse("mfa_add_webauthn")))))
    made["padding"] = made["response"]["padding"] = "x" * 1000

    client.post(reverse("mfa_add_webauthn"), {"name": "x", "credential": json.dumps(made)})

    assert "padding" not in json.dumps(Authenticator.objects.get(type="webauthn").data)


def test_passkeys_are_the_theatres_whatever_host_is_asked():
    client = signed_in(people.admin())

    asked = options(client.get(reverse("mfa_add_webauthn"), headers={"host": "127.0.0.1"}))

    assert ORIGIN.endswith(asked["rp"]["id"] + ":8000")
    assert asked["rp"]["id"] == "localhost"


# A code is taken once -------------------------------------------------------------------------------------


def enter(who: User, code: str):
    client = Client()
    sign_in(client, who)
    return client.post(reverse(CODE), {"code": code})


def test_the_code_of_the_set_up_is_used_up():
    who = people.admin()
    secret = set_up_app(signed_in(who))

    assert "That code has been used. Wait for the next one" in words_of(enter(who, totp(secret)))


@pytest.mark.parametrize("seconds", [0, 15, 31, 45, 59])
def test_a_code_is_not_taken_again_while_its_window_lasts(seconds):
    who = people.admin()
    start = datetime(2030, 1, 1, 12, 0, 0, tzinfo=UTC)
    with time_machine.travel(start - timedelta(minutes=5)):
        secret = set_up_app(signed_in(who))
    with time_machine.travel(start):
        code = totp(secret)
        first = enter(who, code)
    with time_machine.travel(start + timedelta(seconds=seconds)):
        again = enter(who, code)

    assert first.status_code == 302
    assert "That code has been used. Wait for the next one" in words_of(again)


def test_a_code_older_than_the_last_one_is_not_taken():
    who = people.admin()
    start = datetime(2030, 1, 1, 12, 0, 0, tzinfo=UTC)
    with time_machine.travel(start - timedelta(minutes=5)):
        secret = set_up_app(signed_in(who))
    with time_machine.travel(start):
        later, now = enter(who, totp(secret, later=1)), enter(who, totp(secret))

    assert (later.status_code, now.status_code) == (302, 200)


@pytest.mark.parametrize(
    ("steps", "taken"), [(-3, False), (-2, False), (-1, True), (1, True), (2, False), (3, False)]
)
def test_a_clock_may_be_half_a_minute_off_and_no_more(steps, taken):
    who = people.admin()
    start = datetime(2030, 1, 1, 12, 0, 0, tzinfo=UTC)
    with time_machine.travel(start - timedelta(minutes=5)):
        secret = set_up_app(signed_in(who))
    with time_machine.travel(start):
        response = enter(who, totp(secret, later=steps))

    assert (response.status_code == 302) == taken
    assert taken or "your phone’s clock is wrong: have it set itself" in words_of(response)


def test_a_code_may_have_spaces():
    who = people.admin()
    secret = set_up_app(signed_in(who))
    code = totp(secret, later=1)

    assert enter(who, f" {code[:3]} {code[3:]} ").status_code == 302


@pytest.mark.parametrize("code", ["", "\x00", "१२३४५६", "x" * 5000, "12345", "0000000"])
def test_what_is_no_code_is_answered_with_a_sentence(code):
    who = people.admin()
    set_up_app(signed_in(who))

    said = words_of(enter(who, code))

    assert re.search(r"Enter the 6-digit code|That code has expired|40 characters or fewer", said)


def test_five_wrong_codes_are_enough_for_a_while_and_not_for_good():
    who = people.admin()
    secret = set_up_app(signed_in(who))
    client = Client()
    sign_in(client, who)
    for _ in range(5):
        client.post(reverse(CODE), {"code": "000000"})

    shut = client.post(reverse(CODE), {"code": totp(secret, later=1)})
    wait_out(seconds=300)
    later = enter(who, totp(secret, later=1))

    assert "That was a lot of tries." in words_of(shut)
    assert later.status_code == 302


def test_a_recovery_code_opens_the_account_once():
    who = people.admin()
    client = signed_in(who)
    set_up_app(client)
    code = recovery_codes(client)[0]

    answers = [enter(who, code).status_code for _ in range(2)]

    assert answers == [302, 200]
    assert code not in recovery_codes(client)
    assert letters(who)[-1] == ("security_changed", "recovery_code_used")


def test_recovery_codes_open_an_account_with_a_passkey_only():
    who = people.moderator()
    client = signed_in(who)
    add_passkey(client)

    assert enter(who, recovery_codes(client)[3]).status_code == 302


# Around it ------------------------------------------------------------------------------------------------


def test_a_session_from_before_the_set_up_is_asked_for_the_code():
    who = people.admin()
    first, second = signed_in(who), signed_in(who)
    set_up_app(first)

    asked = second.get(reverse("second_factor"), {"next": reverse("counter")})

    assert asked["Location"] == f"{reverse('mfa_reauthenticate')}?{urlencode({'next': reverse('counter')})}"
    assert second.get(reverse("counter"))["Location"].startswith(reverse("second_factor"))


@pytest.mark.parametrize(
    "page",
    [
        "mfa_view_recovery_codes", "mfa_download_recovery_codes", "mfa_generate_recovery_codes",
        "mfa_add_webauthn", "mfa_activate_totp", "mfa_deactivate_totp",
    ],
)  # fmt: skip
@pytest.mark.parametrize("make", [people.admin, people.customer])
def test_a_password_alone_neither_reads_nor_changes_what_is_set_up(page, make):
    who = make()
    first, second = signed_in(who), signed_in(who)
    set_up_app(first)

    for response in (
        second.get(reverse(page)),
        second.post(reverse(page), {"code": "1", "credential": "{}"}),
    ):
        assert response["Location"].startswith(reverse("second_factor"))


def test_the_passkey_is_asked_again_of_a_session_from_before():
    who = people.admin()
    first, second = signed_in(who), signed_in(who)
    passkey = add_passkey(first)
    again = second.get(reverse("second_factor"), {"next": reverse("counter")})["Location"]

    page = second.get(again)
    wrong = second.post(again, {"credential": Passkey().shown(options(page))})
    right = second.post(again, {"credential": passkey.shown(options(wrong)), "next": reverse("counter")})

    assert "That passkey wasn’t taken." in words_of(wrong)
    assert right["Location"] == reverse("counter")
    assert opens(second)


def test_a_token_made_without_the_second_factor_opens_nothing_for_management(client):
    who = people.admin()
    token = create_token(by=people.actor_for(who), name="theirs")
    ApiToken.objects.update(second_factor=False)

    answers = [
        client.get("/api/v1/bookings", headers={"Authorization": f"Bearer {token.secret}"}).status_code,
        client.post(
            "/api/v1/holds",
            {"show_id": 1, "seat_ids": [1]},
            "application/json",
            headers={"Authorization": f"Bearer {token.secret}", "Idempotency-Key": "k" * 20},
        ).status_code,
    ]

    assert answers == [403, 403]


def test_management_makes_no_token_before_the_second_factor():
    client = signed_in(people.admin())

    response = client.post(reverse("make_token"), {"name": "around"})

    assert response["Location"].startswith(reverse("second_factor"))
    assert not ApiToken.objects.exists()


# Trusted devices ------------------------------------------------------------------------------------------


def test_a_customers_device_is_trusted_for_thirty_days():
    who = people.customer()
    secret = set_up_app(signed_in(who))
    device = Client()
    sign_in(device, who)
    device.post(reverse(CODE), {"code": totp(secret, later=1), "trust": "on"})
    device.post(reverse("account_logout"))

    soon = sign_in(device, who)
    device.post(reverse("account_logout"))
    with time_machine.travel(datetime.now(UTC) + timedelta(days=30, seconds=1)):
        late = sign_in(device, who)

    assert (soon["Location"], late["Location"]) == (reverse("home_for_me"), reverse(CODE))
    assert sign_in(Client(), who)["Location"] == reverse(CODE)


@pytest.mark.parametrize("make", [people.admin, people.moderator])
def test_management_has_no_trusted_devices(make):
    who = make()
    secret = set_up_app(signed_in(who))
    device = Client()
    sign_in(device, who)
    page = device.get(reverse(CODE))
    device.post(reverse(CODE), {"code": totp(secret, later=1), "trust": "on"})
    device.post(reverse("account_logout"))

    assert "Don’t ask on this device" not in words_of(page)
    assert sign_in(device, who)["Location"] == reverse(CODE)


def test_a_device_trusted_as_a_customer_is_asked_again_as_management():
    who = people.customer()
    secret = set_up_app(signed_in(who))
    device = Client()
    sign_in(device, who)
    device.post(reverse(CODE), {"code": totp(secret, later=1), "trust": "on"})
    device.post(reverse("account_logout"))
    User.objects.filter(pk=who.pk).update(role="admin")

    assert sign_in(device, who)["Location"] == reverse(CODE)


# Renamed, replaced, removed -------------------------------------------------------------------------------


def test_passkeys_are_listed_renamed_and_removed():
    who = people.admin()
    client = signed_in(who)
    add_passkey(client, name="Old laptop")
    add_passkey(client, name="Key in the safe")
    first = Authenticator.objects.filter(type="webauthn").order_by("pk")[0]

    client.post(reverse("mfa_edit_webauthn", args=[first.pk]), {"name": "New laptop"})
    renamed = words_of(client.get(reverse("mfa_index")))
    client.post(reverse("mfa_remove_webauthn", args=[first.pk]))
    removed = words_of(client.get(reverse("mfa_index")))

    assert "New laptop" in renamed
    assert "Old laptop" not in renamed
    assert "New laptop" not in removed
    assert "Key in the safe" in removed
    assert letters(who)[-1] == ("security_changed", "passkey_removed")


def test_a_passkey_needs_a_name_to_be_renamed():
    client = signed_in(people.admin())
    add_passkey(client)
    way = Authenticator.objects.get(type="webauthn")

    response = client.post(reverse("mfa_edit_webauthn", args=[way.pk]), {"name": " \x00"})

    assert response.status_code == 422
    assert "Name the device, so that you know it again" in words_of(response)


@pytest.mark.parametrize("page", ["mfa_edit_webauthn", "mfa_remove_webauthn"])
def test_somebody_elses_passkey_is_not_found(page):
    add_passkey(signed_in(people.admin()))
    theirs = Authenticator.objects.get(type="webauthn")
    client = browser_of(people.admin())

    answers = [
        client.get(reverse(page, args=[theirs.pk])).status_code,
        client.post(reverse(page, args=[theirs.pk]), {"name": "mine"}).status_code,
    ]

    assert set(answers) <= {404, 302}
    assert Authenticator.objects.filter(pk=theirs.pk, data__name="My laptop").exists()


@pytest.mark.parametrize("add", [set_up_app, add_passkey])
@pytest.mark.parametrize("make", [people.admin, people.moderator])
def test_management_removes_everything_but_the_last(make, add):
    who = make()
    client = signed_in(who)
    add(client)
    way = Authenticator.objects.exclude(type="recovery_codes").get()
    page = (
        reverse("mfa_deactivate_totp")
        if way.type == "totp"
        else reverse("mfa_remove_webauthn", args=[way.pk])
    )

    response = client.post(page)

    assert "Your role needs a second factor, so it can be replaced but not switched off" in words_of(response)
    assert Authenticator.objects.filter(pk=way.pk).exists()
    assert "Remove" not in words_of(client.get(reverse("mfa_index")))


def test_a_customer_may_remove_the_last_and_recovery_codes_go_too():
    who = people.customer()
    client = signed_in(who)
    set_up_app(client)

    client.post(reverse("mfa_deactivate_totp"))

    assert not Authenticator.objects.exists()
    assert sign_in(Client(), who)["Location"] == reverse("home_for_me")
    assert Letter.objects.latest("pk").data == {"change": "app_removed", "last": True}


def test_a_new_phone_takes_the_place_of_the_old_one():
    who = people.admin()
    client = signed_in(who)
    old = set_up_app(client)

    new = set_up_app(client)

    assert Authenticator.objects.filter(type="totp").count() == 1
    assert enter(who, totp(old, later=1)).status_code == 200
    assert enter(who, totp(new, later=1)).status_code == 302


def test_ways_that_are_not_there_are_refused():
    by = people.actor_for(people.admin())

    for deed in (lambda: remove_way(by=by, way_id=0), lambda: rename_passkey(by=by, way_id=0, name="x")):
        with pytest.raises(WayUnknown):
            deed()


def test_nobody_renames_or_removes_somebody_elses_passkey():
    who, thief = people.customer(), people.actor_for(people.customer())
    add_passkey(signed_in(who))
    way = Authenticator.objects.get(user=who, type="webauthn")

    for deed in (
        lambda: remove_way(by=thief, way_id=way.pk),
        lambda: rename_passkey(by=thief, way_id=way.pk, name="Mine"),
    ):
        with pytest.raises(WayUnknown):
            deed()

    assert Authenticator.objects.get(pk=way.pk).data["name"] != "Mine"


def test_a_second_factor_of_somebody_else_in_the_same_session_counts_for_nothing():
    who, before = people.admin(), people.admin()
    client = browser_of(who)
    session = client.session
    session["account_authentication_methods_user"] = str(before.pk)
    session.save()

    assert not opens(client)


def test_recovery_codes_are_no_way_of_their_own():
    who = people.customer()
    set_up_app(signed_in(who))

    with pytest.raises(WayUnknown):
        remove_way(by=people.actor_for(who), way_id=Authenticator.objects.get(type="recovery_codes").pk)


def test_the_last_way_is_kept_for_a_role_that_needs_one():
    who = people.moderator()
    set_up_app(signed_in(who))

    with pytest.raises(LastWay):
        remove_way(by=people.actor_for(who), way_id=Authenticator.objects.get(type="totp").pk)


# Lost -----------------------------------------------------------------------------------------------------


def test_an_admin_resets_a_lost_second_factor_with_a_reason():
    who, boss = people.moderator(), people.admin()
    theirs = signed_in(who)
    secret = set_up_app(theirs)
    add_passkey(theirs)
    token = create_token(by=people.actor_for(who), name="theirs").secret
    page = reverse("second_factor_reset", args=[who.pk])
    office = browser_of(boss)

    empty = office.post(page, {"reason": "  "})
    done = office.post(page, {"reason": "Phone lost on the train"}, follow=True)

    assert empty.status_code == 422
    assert "Say why it is reset. They read it in their letter" in words_of(empty)
    assert "second factor is reset. They are signed out and told by mail" in words_of(done)
    assert not Authenticator.objects.filter(user=who).exists()
    assert theirs.get(reverse("counter"))["Location"].startswith(reverse("account_login"))
    assert Client().get("/api/v1/bookings", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    entry = AuditEntry.objects.get(verb="reset_second_factor")
    assert (entry.actor, entry.on_id, entry.reason) == (boss, str(who.pk), "Phone lost on the train")
    letter = Letter.objects.get(kind="second_factor_reset")
    assert (letter.to, letter.data) == (who.email, {"reason": "Phone lost on the train"})
    fresh = Client()
    assert sign_in(fresh, who)["Location"] == reverse("home_for_me")
    assert fresh.get(reverse("second_factor"))["Location"] == reverse("mfa_index")
    assert fresh.post(reverse(CODE), {"code": totp(secret, later=1)})["Location"] != reverse("counter")
    assert not opens(fresh)


def test_a_sign_in_that_waits_for_the_code_begins_anew_after_the_reset():
    who = people.moderator()
    secret = set_up_app(signed_in(who))
    waiting = Client()
    sign_in(waiting, who)
    reset_second_factor(by=people.actor_for(people.admin()), user_id=who.pk, reason="lost")

    response = waiting.post(reverse(CODE), {"code": totp(secret, later=1)})

    assert response["Location"] == reverse("account_login")
    assert waiting.get(reverse("account_login")).status_code == 200
    assert sign_in(waiting, who)["Location"] == reverse("home_for_me")


@pytest.mark.parametrize("make", [people.moderator, people.salesman, people.customer])
def test_nobody_but_an_admin_resets(make):
    lost = people.moderator()
    set_up_app(signed_in(lost))
    client = browser_of(make())

    response = client.post(reverse("second_factor_reset", args=[lost.pk]), {"reason": "give it to me"})

    assert response.status_code == 403
    assert Authenticator.objects.filter(user=lost, type="totp").exists()


def test_an_admin_without_the_second_factor_resets_nothing():
    lost = people.moderator()
    set_up_app(signed_in(lost))
    boss = people.admin()

    response = signed_in(boss).post(reverse("second_factor_reset", args=[lost.pk]), {"reason": "x"})

    assert response["Location"].startswith(reverse("second_factor"))
    with pytest.raises(NotAllowed):
        reset_second_factor(by=people.actor_for(boss, second_factor=False), user_id=lost.pk, reason="x")


def test_nobody_resets_their_own():
    boss = people.admin()
    client = signed_in(boss)
    set_up_app(client)
    page = reverse("second_factor_reset", args=[boss.pk])

    response = client.post(page, {"reason": "quicker this way"})

    assert response.status_code == 422
    assert "Another admin has to reset yours." in words_of(response)
    with pytest.raises(OwnFactor):
        reset_second_factor(by=people.actor_for(boss), user_id=boss.pk, reason="x")


def test_what_cannot_be_reset_is_said():
    by, maya = people.actor_for(people.admin()), people.customer()

    with pytest.raises(NothingToReset):
        reset_second_factor(by=by, user_id=maya.pk, reason="x")
    with pytest.raises(PersonUnknown):
        reset_second_factor(by=by, user_id=maya.pk + 1000, reason="x")
    with pytest.raises(ReasonMissing):
        reset_second_factor(by=by, user_id=maya.pk, reason=" ")
    assert browser_of(people.admin()).get(reverse("second_factor_reset", args=[10**9])).status_code == 404


# Keys -----------------------------------------------------------------------------------------------------


def test_secrets_move_to_a_new_key_and_the_old_one_can_go(settings, capsys):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    who = people.admin()
    settings.FIELD_ENCRYPTION_KEYS = [old]
    client = signed_in(who)
    secret = set_up_app(client)
    code = recovery_codes(client)[0]

    settings.FIELD_ENCRYPTION_KEYS = [new, old]
    still_opens = enter(who, totp(secret, later=1)).status_code
    call_command("rotate_secrets")
    first = capsys.readouterr().out
    call_command("rotate_secrets")
    second = capsys.readouterr().out
    settings.FIELD_ENCRYPTION_KEYS = [new]
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2)):
        app = enter(who, totp(secret)).status_code
    recovery = enter(who, code).status_code

    assert (still_opens, app, recovery) == (302, 302, 302)
    assert first == "2 secrets encrypted with the newest key\n"
    assert second == "0 secrets encrypted with the newest key\n"
    assert AuditEntry.objects.get(verb="rotate_secrets").details == {"resealed": 2}


def test_a_secret_that_no_key_opens_is_named_and_left_alone(settings):
    set_up_app(signed_in(people.admin()))
    set_up_app(signed_in(people.admin()))
    lost = Authenticator.objects.filter(type="totp").earliest("pk")
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_ENCRYPTION_KEYS]
    Authenticator.objects.filter(pk=lost.pk).update(data={"secret": "gAAAAx"})

    with pytest.raises(CommandError, match=rf"mfa_authenticator: {lost.pk}\. Keep the old keys"):
        call_command("rotate_secrets")

    assert Authenticator.objects.get(pk=lost.pk).data == {"secret": "gAAAAx"}
    assert rotate_secrets().resealed == 0
