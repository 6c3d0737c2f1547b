"""The ways in which a purchase goes wrong, each with a sentence that says what to do."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories, people
from tests.web.browsers import browser_of, hidden, run_out, words_of
from theatre.actions.shows.cancel import cancel_show
from theatre.models import Booking, LedgerEntry, SeatClaim, Show

pytestmark = pytest.mark.django_db


@pytest.fixture
def show():
    return factories.show()


@pytest.fixture
def maya():
    return people.customer()


def held(client: Client, show: Show, number: int = 2) -> Booking:
    client.post(reverse("hold"), {"show": show.pk, "seat": factories.free_seats(show, number)})
    return Booking.objects.filter(state="held").latest("pk")


def review(client: Client, booking: Booking, **asked):
    return client.get(reverse("checkout", args=[booking.ref]), asked)


def press(client: Client, page, booking: Booking):
    form = {name: hidden(page, name) for name in ("shown_total", "coupon", "key")} | {"method": "demo"}
    return client.post(reverse("confirm_booking", args=[booking.ref]), form)


def test_a_stale_form_token_is_refused_in_words_and_nothing_is_held(show):
    client = Client(enforce_csrf_checks=True)
    page = client.get(reverse("seats", args=[show.pk]))
    token = hidden(page, "csrfmiddlewaretoken")
    client.cookies.clear()

    refused = client.post(
        reverse("hold"),
        {"show": show.pk, "seat": factories.free_seats(show), "csrfmiddlewaretoken": token},
    )

    assert refused.status_code == 403
    assert "This form has grown old" in words_of(refused)
    assert not SeatClaim.objects.exists()


def test_seats_the_clock_gave_to_another_between_review_and_pay_are_not_paid(show, maya):
    client = browser_of(maya)
    booking = held(client, show)
    page = review(client, booking)
    run_out(booking)
    factories.booked(of=show, seats=list(booking.tickets.values_list("seat_id", flat=True)))

    answer = press(client, page, booking)

    said = client.get(answer["Location"])
    assert said.status_code == 410
    assert "Your hold ended at" in words_of(said)
    assert "Somebody else has taken your seats. There may be others. Nothing was charged." in words_of(said)
    assert not LedgerEntry.objects.filter(booking=booking).exists()


def test_a_coupon_spent_meanwhile_leaves_the_price_without_it(show, maya):
    client = browser_of(maya)
    coupon = factories.coupon("LAST", percent=50, total_limit=1)
    booking = held(client, show)
    page = review(client, booking, coupon="LAST")
    assert "Confirm and pay €11.00" in words_of(page)
    factories.booked(coupon_code="LAST")

    refused = press(client, page, booking)

    assert refused.status_code == 409
    assert "LAST has been used" in words_of(refused)
    assert "Confirm and pay €22.00" in words_of(refused)
    coupon.refresh_from_db()
    assert coupon.used == 1
    assert press(client, refused, booking)["Location"] == reverse("booking", args=[booking.ref])


def test_a_show_cancelled_meanwhile_says_so_and_leads_to_other_times(show, maya):
    client = browser_of(maya)
    booking = held(client, show)
    page = review(client, booking)
    cancel_show(by=people.actor_for(people.admin()), show_id=show.pk, reason="Projector")

    answer = press(client, page, booking)

    said = words_of(client.get(answer["Location"]))
    assert "This show has been cancelled. Nothing was charged." in said
    assert "See other times" in said
    assert "Hold them again" not in said


def test_thirty_tabs_hold_one_choice_and_the_old_ones_lead_to_it(show, maya):
    client = browser_of(maya)
    tabs = [held(client, show) for _ in range(30)]

    assert Booking.objects.filter(state="held").count() == 1
    assert SeatClaim.objects.count() == 2
    for old in tabs[:-1]:
        assert review(client, old)["Location"] == reverse("checkout", args=[tabs[-1].ref])
    said = words_of(client.get(reverse("checkout", args=[tabs[0].ref]), follow=True))
    assert "Those seats are no longer held. These are the ones you hold now" in said


def test_paying_in_an_old_tab_leads_to_what_is_held_and_books_nothing(show, maya):
    client = browser_of(maya)
    old = held(client, show)
    page = review(client, old)
    new = held(client, show)

    answer = press(client, page, old)

    assert client.get(answer["Location"])["Location"] == reverse("checkout", args=[new.ref])
    assert not LedgerEntry.objects.exists()


def test_another_device_sees_the_same_hold_and_after_paying_the_same_booking(show, maya):
    here, there = browser_of(maya), browser_of(maya)
    booking = held(here, show)
    page = review(there, booking)
    press(here, review(here, booking), booking)

    again = press(there, page, booking)

    assert again["Location"] == reverse("booking", args=[booking.ref])
    assert LedgerEntry.objects.count() == 2


def test_a_bookmark_of_a_lapsed_hold_still_says_what_became_of_it_after_the_show(show, maya):
    client = browser_of(maya)
    booking = held(client, show)
    run_out(booking)
    Show.objects.filter(pk=show.pk).update(
        starts_at=show.starts_at - (show.ends_at - show.starts_at) * 20,
        ends_at=show.ends_at - (show.ends_at - show.starts_at) * 20,
        clean_at=show.clean_at - (show.ends_at - show.starts_at) * 20,
    )

    said = review(client, booking)

    assert said.status_code == 410
    assert "This show is over" in words_of(said)
    assert "Hold them again" not in words_of(said)


def test_seats_that_were_released_are_not_said_to_have_lapsed(show, maya):
    client = browser_of(maya)
    booking = held(client, show)
    client.post(reverse("release_hold", args=[booking.ref]))

    said = words_of(review(client, booking))

    assert "Released at" in said
    assert "Your hold ended at" not in said


def test_after_signing_out_the_review_asks_to_sign_in_and_says_nothing_of_the_hold(show, maya):
    client = browser_of(maya)
    booking = held(client, show)
    client.post(reverse("account_logout"))

    page = review(client, booking)
    unknown = client.get("/checkout/AAAAAAAA/")

    assert page.status_code == unknown.status_code == 404
    assert "sign in again to see them" in words_of(page)
    assert f"?next=/checkout/{booking.ref}/" in page.content.decode()
    assert show.movie.title not in words_of(page)


def test_paying_after_signing_out_leads_through_the_sign_in_back_to_the_review(show, maya):
    client = browser_of(maya)
    booking = held(client, show)
    page = review(client, booking)
    client.post(reverse("account_logout"))

    answer = press(client, page, booking)

    assert answer["Location"].startswith(reverse("account_login"))
    client.force_login(maya, "theatre.web.account.backend.OneQueryBackend")
    back = client.get(reverse("confirm_booking", args=[booking.ref]))
    assert back["Location"] == reverse("checkout", args=[booking.ref])
    assert not LedgerEntry.objects.exists()


def test_held_again_a_childs_seat_is_still_a_childs(maya):
    show = factories.show(card=factories.price_card(child={"standard": 7}))
    client = browser_of(maya)
    booking = held(client, show)
    ticket = booking.tickets.order_by("pk").first()
    client.post(reverse("change_audiences", args=[booking.ref]), {f"audience-{ticket.pk}": "child"})
    run_out(booking)
    page = review(client, booking)
    assert f'name="for" value="{ticket.seat_id}:child"' in page.content.decode()

    seats = list(booking.tickets.values_list("seat_id", flat=True))
    client.post(reverse("hold"), {"show": show.pk, "seat": seats, "for": [f"{ticket.seat_id}:child"]})

    again = Booking.objects.get(state="held")
    assert sorted(again.tickets.values_list("audience", flat=True)) == ["adult", "child"]


@pytest.mark.parametrize("typed", ["x:child", "1:cats", ":", "٣:child", "9" * 40 + ":child", "\x00"])
def test_nonsense_about_whom_a_seat_is_for_is_an_adults(show, maya, typed):
    client = browser_of(maya)

    client.post(reverse("hold"), {"show": show.pk, "seat": factories.free_seats(show), "for": [typed]})

    assert set(Booking.objects.get().tickets.values_list("audience", flat=True)) == {"adult"}


def test_a_key_that_is_none_of_ours_books_once_all_the_same(show, maya):
    client = browser_of(maya)
    booking = held(client, show)
    form = {"shown_total": "22.00", "coupon": "", "method": "demo", "key": "not a key"}

    answers = {
        client.post(reverse("confirm_booking", args=[booking.ref]), form)["Location"] for _ in range(2)
    } | {
        client.post(reverse("confirm_booking", args=[booking.ref]), form | {"key": str(uuid.uuid4())})[
            "Location"
        ]
    }

    assert answers == {reverse("booking", args=[booking.ref])}
    assert LedgerEntry.objects.count() == 2
