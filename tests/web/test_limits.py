"""Tries are counted for the address and for the network; the wait is said in words and in Retry-After."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from allauth.core.internal import ratelimit
from django.test import Client
from django.urls import reverse

from tests import factories, people
from tests.web.browsers import browser_of, wait_out, words_of
from theatre.actions import limits
from theatre.jobs import tasks
from theatre.models import Letter, Tries
from theatre.rules.limits import Limit
from theatre.web.account import counting

pytestmark = pytest.mark.django_db

FEW = Limit("few", 2, 60)


def sign_in(client: Client, who, password=people.PASSWORD, **headers):
    address = who if isinstance(who, str) else who.email
    return client.post(reverse("account_login"), {"login": address, "password": password}, headers=headers)


def use_up(who, client: Client | None = None) -> None:
    """Somebody guesses at this address until they are stopped."""
    for _ in range(5):
        sign_in(client or Client(), who, "wrong")


# Counting -------------------------------------------------------------------------------------------------


def test_as_many_as_the_limit_and_no_more():
    assert [limits.take(FEW, "me") is None for _ in range(4)] == [True, True, False, False]
    assert limits.take(FEW, "you") is None


def test_what_was_right_gives_its_place_back():
    for _ in range(5):
        assert limits.take(FEW, "me") is None
        limits.give_back(FEW, "me")

    assert Tries.objects.get().tries == 0


def test_a_stopped_try_does_not_make_the_wait_longer():
    limits.take(FEW, "me")
    until = Tries.objects.get().until
    for _ in range(5):
        limits.take(FEW, "me")

    assert Tries.objects.get().until == until
    wait_out(seconds=60)
    assert [limits.take(FEW, "me") is None for _ in range(3)] == [True, True, False]


def test_a_window_does_not_grow_with_the_tries_in_it():
    limit = Limit("window", 3, 60)
    limits.take(limit, "somebody")
    wait_out(seconds=50)
    for _ in range(2):
        limits.take(limit, "somebody")

    assert 5 < (limits.waits(limit, "somebody") or 0) <= 10


def test_case_does_not_matter_and_nothing_readable_is_kept():
    limits.take(FEW, "Maya@example.org")
    limits.take(FEW, "maya@EXAMPLE.org")

    assert limits.take(FEW, "maya@example.org") is not None
    assert b"maya" not in bytes(Tries.objects.get().who).lower()


def test_asking_counts_nothing():
    assert limits.waits(FEW, "me") is None
    assert not Tries.objects.exists()


def test_the_clock_tidies_what_is_over():
    limits.take(FEW, "old")
    wait_out(seconds=61)
    limits.take(FEW, "new")

    assert tasks.forget_old_tries(0) == 1
    assert limits.waits(FEW, "new") is None
    assert Tries.objects.count() == 1


def test_allauth_counts_with_the_house():
    """Its counter is replaced by name: a newer allauth that has renamed it must not go uncounted."""
    reverse("home")  # the addresses are known, as before any request

    assert ratelimit._consume_single_rate is counting._consume
    assert ratelimit.clear is counting._clear
    assert "_consume_single_rate" in ratelimit.consume.__code__.co_names


# Signing in -----------------------------------------------------------------------------------------------


def test_guessing_is_stopped_with_the_wait_in_words():
    maya = people.customer()
    use_up(maya)

    stopped = sign_in(Client(), maya)

    assert stopped.status_code == 429
    assert 295 <= int(stopped["Retry-After"]) <= 300
    assert "That was a lot of tries. Wait 5 minutes, then try again" in words_of(stopped)


def test_an_address_nobody_has_is_stopped_alike():
    maya = people.customer()
    use_up(maya)
    use_up("nobody@example.org")

    known, unknown = sign_in(Client(), maya, "wrong"), sign_in(Client(), "nobody@example.org", "wrong")

    assert (known.status_code, known["Retry-After"]) == (unknown.status_code, unknown["Retry-After"])
    assert words_of(known).replace(maya.email, "") == words_of(unknown).replace("nobody@example.org", "")


def test_the_owner_is_let_in_when_the_time_is_over():
    maya = people.customer()
    use_up(maya)
    wait_out(seconds=300)

    assert sign_in(Client(), maya).status_code == 302


def test_nobody_elsewhere_can_lock_an_owner_out_of_their_own_device():
    maya = people.customer()
    hers = Client()
    sign_in(hers, maya)
    hers.post(reverse("account_logout"))
    use_up(maya)

    assert sign_in(Client(), maya).status_code == 429
    assert sign_in(hers, maya).status_code == 302


def test_a_known_device_is_counted_too():
    maya = people.customer()
    hers = Client()
    sign_in(hers, maya)
    hers.post(reverse("account_logout"))
    use_up(maya, hers)

    assert sign_in(hers, maya).status_code == 429


def test_the_mark_of_another_owners_device_is_worth_nothing():
    maya, ravi = people.customer(), people.customer()
    his = Client()
    sign_in(his, ravi)
    his.post(reverse("account_logout"))
    use_up(maya)

    assert sign_in(his, maya).status_code == 429


def test_a_forged_mark_is_worth_nothing(settings):
    maya = people.customer()
    use_up(maya)
    forger = Client()
    forger.cookies[settings.DEVICE_COOKIE_NAME] = "WyJhIiwiYiJd:1x:forged"

    assert sign_in(forger, maya).status_code == 429


def test_a_reset_still_works_while_somebody_guesses():
    maya = people.customer()
    use_up(maya)
    hers = Client()

    hers.post(reverse("account_reset_password"), {"email": maya.email})
    link = re.search(r"/account/password/new/\S+?/\S+?/", Letter.objects.latest("pk").data["link"])[0]
    form = hers.get(link)["Location"]
    hers.post(form, {"password1": "a quite different curtain"})
    use_up(maya)

    assert sign_in(hers, maya, "a quite different curtain").status_code == 302


def test_a_network_is_stopped_whichever_address_it_guesses_at():
    for number in range(20):
        sign_in(Client(), f"nobody{number}@example.org", "wrong")

    stopped = sign_in(Client(), people.customer())

    assert stopped.status_code == 429
    assert int(stopped["Retry-After"]) <= 60
    assert sign_in(Client(REMOTE_ADDR="198.51.100.4"), people.customer()).status_code == 302


def test_one_right_password_does_not_free_a_network_that_guesses():
    for number in range(19):
        sign_in(Client(), f"nobody{number}@example.org", "wrong")
    sign_in(Client(), people.customer())
    sign_in(Client(), "nobody@example.org", "wrong")

    assert sign_in(Client(), people.customer()).status_code == 429


@pytest.mark.parametrize("proxies", [0, 1])
def test_made_up_forwarding_headers_do_not_help(settings, proxies):
    settings.TRUSTED_PROXY_COUNT = proxies
    for number in range(20):
        # What the client made up stands first; what our own proxy saw stands last.
        forwarded = f"203.0.113.{number}" + (", 192.0.2.9" if proxies else "")
        sign_in(Client(), f"nobody{number}@example.org", "wrong", x_forwarded_for=forwarded)

    last = "203.0.113.99" + (", 192.0.2.9" if proxies else "")
    assert sign_in(Client(), people.customer(), x_forwarded_for=last).status_code == 429


def test_one_household_is_one_network_over_ipv6():
    for number in range(20):
        sign_in(Client(REMOTE_ADDR=f"2001:db8:1:2::{number:x}"), f"nobody{number}@example.org", "wrong")

    assert sign_in(Client(REMOTE_ADDR="2001:db8:1:2:ffff::1"), people.customer()).status_code == 429
    assert sign_in(Client(REMOTE_ADDR="2001:db8:1:3::1"), people.customer()).status_code == 302


# Signing up, resetting, codes -----------------------------------------------------------------------------


def test_an_address_is_written_to_a_few_times_an_hour():
    def sign_up(email):
        form = {"email": email, "password1": people.PASSWORD, "full_name": "Zoë"}
        wait_out(seconds=11)  # two letters to one address at once are too many anyway
        return Client().post(reverse("account_signup"), form)

    member = people.customer()
    for email in (member.email, "zoe@example.org"):
        answers = [sign_up(email).status_code for _ in range(6)]
        assert answers == [302] * 5 + [429], email

    assert Letter.objects.filter(to=member.email).count() <= 5


def test_resets_are_counted_for_the_address_and_say_the_wait():
    maya = people.customer()
    for email in (maya.email, "nobody@example.org"):
        for _ in range(5):
            assert Client().post(reverse("account_reset_password"), {"email": email}).status_code == 302
        stopped = Client().post(reverse("account_reset_password"), {"email": email})
        assert stopped.status_code == 429
        assert "Wait 1 hour, then try again." in words_of(stopped)

    assert Letter.objects.filter(to=maya.email).count() == 5


def test_codes_are_counted_across_sessions():
    form = {"email": "zoe@example.org", "password1": people.PASSWORD, "full_name": "Zoë"}
    answers = []
    for _ in range(2):
        client = Client()
        client.post(reverse("account_signup"), form)
        answers += [
            client.post(reverse("account_email_verification_sent"), {"code": "000000"}).status_code
            for _ in range(2)
        ]
        wait_out(seconds=11)
    client = Client()
    client.post(reverse("account_signup"), form)

    first = client.post(reverse("account_email_verification_sent"), {"code": "000000"})
    second = client.post(reverse("account_email_verification_sent"), {"code": "000000"})

    assert answers == [200] * 4
    assert (first.status_code, second.status_code) == (200, 429)


# Coupons --------------------------------------------------------------------------------------------------


def test_wrong_coupons_are_counted_for_a_network_of_many_people():
    factories.coupon("SUMMER15")
    for _ in range(6):
        guest = people.customer()
        page = reverse("checkout", args=[factories.held(by=guest).ref])
        browser = browser_of(guest)
        for number in range(10):
            browser.get(page, {"coupon": f"GUESS{number}"})

    another = people.customer()
    page = browser_of(another).get(
        reverse("checkout", args=[factories.held(by=another).ref]), {"coupon": "SUMMER15"}
    )

    assert "Too many codes that we don’t have. Wait 10 minutes, or book without one" in words_of(page)
    assert page.status_code == 429
    assert 590 <= int(page["Retry-After"]) <= 600


@pytest.mark.parametrize(
    "closed",
    [{"active": False}, {"total_limit": 1, "used": 1}, {"valid_until": datetime.now(UTC) - timedelta(1)}],
)
def test_closed_coupons_are_counted_like_those_that_never_were(closed):
    factories.coupon("SUMMER15", **closed)
    guest = people.customer()
    page, browser = reverse("checkout", args=[factories.held(by=guest).ref]), browser_of(guest)

    answers = [browser.get(page, {"coupon": "SUMMER15"}).status_code for _ in range(11)]

    assert answers == [200] * 10 + [429]


def test_right_coupons_never_slow_anybody_down():
    factories.coupon("SUMMER15")
    guest = people.customer()
    page = reverse("checkout", args=[factories.held(by=guest).ref])
    browser = browser_of(guest)

    for _ in range(15):
        assert "Too many codes" not in words_of(browser.get(page, {"coupon": "SUMMER15"}))
