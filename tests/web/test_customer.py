"""From seats to tickets and back: hold, review, confirm, show, cancel."""

import io
import re
import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from tests import factories, people
from tests.web.browsers import browser_of, hidden, run_out, words_of
from theatre.models import Booking, Customer, LedgerEntry, Letter, SeatClaim, Show, Ticket
from theatre.templatetags.look import see_you

pytestmark = pytest.mark.django_db

HOLD_QUERIES = 9
CONFIRM_QUERIES = 11


def press_hold(client: Client, show: Show, seats: list[object], **more):
    return client.post(reverse("hold"), {"show": show.pk, "seat": seats, **more})


def pay(client: Client, ref: str, **changed):
    """Press Confirm on the review page as it stands."""
    page = client.get(reverse("checkout", args=[ref]))
    form = {name: hidden(page, name) for name in ("shown_total", "coupon", "key")} | {"method": "demo"}
    return client.post(reverse("confirm_booking", args=[ref]), form | changed)


# Hold -----------------------------------------------------------------------------------------------------


def test_a_stranger_holds_seats_and_stands_at_the_review(client):
    show = factories.show()

    response = press_hold(client, show, factories.free_seats(show))

    booking = Booking.objects.get()
    assert response["Location"] == reverse("checkout", args=[booking.ref])
    page = client.get(response["Location"])
    assert "Sign in or create an account" in words_of(page)
    assert "Confirm and pay" not in words_of(page)


def test_a_strangers_hold_is_not_found_by_anybody_else(client):
    show = factories.show()
    press_hold(client, show, factories.free_seats(show))
    ref = Booking.objects.get().ref

    for other in (Client(), browser_of(people.customer())):
        assert other.get(reverse("checkout", args=[ref])).status_code == 404
        assert other.post(reverse("release_hold", args=[ref])).status_code == 404
    assert Booking.objects.get().state == "held"


def test_other_seats_of_the_same_show_take_the_place_of_the_first():
    client, show = browser_of(people.customer()), factories.show()
    first, second, third = factories.free_seats(show, 3)

    press_hold(client, show, [first, second])
    press_hold(client, show, [second, third])

    assert Booking.objects.filter(state="held").count() == 1
    assert set(SeatClaim.objects.values_list("seat_id", flat=True)) == {second, third}


@pytest.mark.parametrize(
    ("seats", "sentence"),
    [
        ([], "Choose at least one seat"),
        (["", "seat"], "That seat isn’t in this show’s screen. Choose your seats from its map"),
        (["٣", "-1", "9" * 40], "That seat isn’t in this show’s screen. Choose your seats from its map"),
        (["\x00", "<script>"], "That seat isn’t in this show’s screen. Choose your seats from its map"),
    ],
)
def test_what_is_no_seat_is_answered_with_a_sentence(client, seats, sentence):
    show = factories.show()

    response = press_hold(client, show, seats)

    assert response["Location"] == reverse("seats", args=[show.pk])
    assert sentence in words_of(client.get(response["Location"]))
    assert not Booking.objects.exists()


def test_eleven_seats_are_too_many_and_stay_chosen(client):
    show = factories.show()
    seats = factories.free_seats(show, 11)

    response = press_hold(client, show, seats)

    page = client.get(response["Location"])
    assert "One booking holds up to 10 seats. Take 1 off your choice" in words_of(page)
    assert page.content.decode().count(" checked>") == 11


def test_a_seat_named_twice_is_refused_and_all_stay_chosen(client):
    show = factories.show()
    first, second = factories.free_seats(show)

    response = press_hold(client, show, [first, first, second])

    assert response["Location"].endswith(f"?seat={first}&seat={second}")
    assert "One seat is in your choice twice" in words_of(client.get(response["Location"]))


def test_seats_of_another_show_are_not_in_this_one(client):
    here, there = factories.show(), factories.show()

    response = press_hold(client, here, factories.free_seats(there))

    assert "That seat isn’t in this show’s screen" in words_of(client.get(response["Location"]))


def test_a_seat_somebody_was_quicker_with_leaves_the_other_chosen(client):
    show = factories.show()
    taken, free = factories.free_seats(show)
    factories.held(of=show, seats=[taken])

    response = press_hold(client, show, [taken, free])

    assert response["Location"] == reverse("seats", args=[show.pk]) + f"?seat={free}"
    page = client.get(response["Location"])
    assert "was taken while you were choosing" in words_of(page)
    # At the map, which it is about, and not over it.
    html = page.content.decode()
    assert 'class="toasts"' not in html
    assert re.search(r'<div class="said" role="status">.*?</div></div></div>\s*<div class="hall"', html, re.S)


@pytest.mark.parametrize("show", ["", "0", "999999", "x", "9" * 30])
def test_a_show_that_does_not_exist_is_not_found(client, show):
    response = client.post(reverse("hold"), {"show": show, "seat": [1]})

    assert response.status_code == 404
    assert "This reel isn’t here" in words_of(response)


def test_a_hold_is_extended_and_released_with_a_button():
    client, show = browser_of(people.customer()), factories.show()
    press_hold(client, show, factories.free_seats(show))
    booking = Booking.objects.get()

    client.post(reverse("extend_hold", args=[booking.ref]))
    longer = Booking.objects.get()
    released = client.post(reverse("release_hold", args=[booking.ref]))

    assert longer.held_until - booking.held_until == timedelta(minutes=8)
    assert released["Location"] == reverse("seats", args=[show.pk])
    assert Booking.objects.get().state == "lapsed"
    assert not SeatClaim.objects.exists()


def test_a_stranger_adds_time_too(client):
    show = factories.show()
    press_hold(client, show, factories.free_seats(show))
    booking = Booking.objects.get()

    response = client.post(reverse("extend_hold", args=[booking.ref]))

    assert "Held for you until" in words_of(client.get(response["Location"]))
    assert Booking.objects.get().held_until > booking.held_until


def test_time_cannot_be_added_up_to_the_show():
    client, show = browser_of(people.customer()), factories.show(in_hours=0.3)
    press_hold(client, show, factories.free_seats(show))

    response = client.post(reverse("extend_hold", args=[Booking.objects.get().ref]), follow=True)

    assert "Seats can be held until 15 minutes before the movie" in words_of(response)


def test_seats_for_a_fourth_show_are_refused_with_the_way_out():
    maya = people.customer()
    client = browser_of(maya)
    for _ in range(3):
        factories.held(by=maya)
    show = factories.show()

    response = press_hold(client, show, factories.free_seats(show))

    assert "You hold seats for 3 shows already. Confirm or release one of them first" in words_of(
        client.get(response["Location"])
    )


def test_strangers_of_one_network_hold_twenty_seats_together():
    show = factories.show()
    for _ in range(2):
        press_hold(Client(), show, factories.free_seats(show, 10))
    client = Client()

    response = press_hold(client, show, factories.free_seats(show, 1))

    assert "Too many seats are being held from your network. Sign in to hold yours" in words_of(
        client.get(response["Location"])
    )


def test_holding_and_confirming_ask_a_constant_number_of_questions(django_assert_num_queries):
    client = browser_of(people.customer())
    for seats in (1, 10):
        show = factories.show()
        client.get(reverse("seats", args=[show.pk]))
        chosen = factories.free_seats(show, seats)
        with django_assert_num_queries(HOLD_QUERIES):
            press_hold(client, show, chosen)
        ref = Booking.objects.get(state="held").ref
        form = {"shown_total": f"{11 * seats}.00", "coupon": "", "method": "demo", "key": str(uuid.uuid4())}
        with django_assert_num_queries(CONFIRM_QUERIES):
            client.post(reverse("confirm_booking", args=[ref]), form)


# Review ---------------------------------------------------------------------------------------------------


def test_the_price_is_shown_with_its_reasons():
    client = browser_of(people.customer(tier="Silver"))
    show = factories.show(card=factories.price_card({"standard": 14}))
    factories.coupon("TEN", percent=10, combinable=True)
    press_hold(client, show, factories.free_seats(show))
    ref = Booking.objects.get().ref

    page = words_of(client.get(reverse("checkout", args=[ref]), {"coupon": " ten "}))

    assert "2 seats €28.00 Silver member, 5% off −€1.40 Coupon TEN, 10% off −€2.66 To pay €23.94" in page
    assert "€1.56 of it is VAT (7%)" in page
    assert "Confirm and pay €23.94" in page
    assert "Coupon TEN is applied. Remove TEN" in page


def test_a_coupon_we_do_not_have_is_answered_at_its_field_and_kept():
    client, show = browser_of(people.customer()), factories.show()
    press_hold(client, show, factories.free_seats(show))
    ref = Booking.objects.get().ref

    page = client.get(reverse("checkout", args=[ref]), {"coupon": "SUMER15"})

    assert "We don’t have a coupon called SUMER15. Check the spelling" in words_of(page)
    assert 'value="SUMER15"' in page.content.decode()
    assert hidden(page, "coupon") == ""
    assert "Confirm and pay €22.00" in words_of(page)


def test_guessing_coupons_is_slowed_down():
    client, show = browser_of(people.customer()), factories.show()
    press_hold(client, show, factories.free_seats(show))
    ref = Booking.objects.get().ref

    for guess in range(11):
        page = client.get(reverse("checkout", args=[ref]), {"coupon": f"GUESS{guess}"})

    assert "Too many codes that we don’t have." in words_of(page)
    assert "Confirm and pay €22.00" in words_of(page)


def test_trying_a_coupon_writes_nothing():
    client, show, coupon = (
        browser_of(people.customer()),
        factories.show(),
        factories.coupon("ONCE", total_limit=1),
    )
    press_hold(client, show, factories.free_seats(show))
    ref = Booking.objects.get().ref

    for _ in range(3):
        client.get(reverse("checkout", args=[ref]), {"coupon": "ONCE"})

    coupon.refresh_from_db()
    assert coupon.used == 0


def test_review_asks_the_same_number_of_questions_for_one_seat_and_for_ten(django_assert_num_queries):
    client, show = browser_of(people.customer(tier="Silver")), factories.show()
    for seats in (1, 10):
        press_hold(client, show, factories.free_seats(show, seats))
        ref = Booking.objects.get(state="held").ref

        with django_assert_num_queries(5):  # session, person, booking with its tier, price card, seats
            client.get(reverse("checkout", args=[ref]))


def test_a_reference_is_found_however_it_is_typed():
    client, show = browser_of(people.customer()), factories.show()
    press_hold(client, show, factories.free_seats(show))
    ref = Booking.objects.get().ref

    response = client.get(f"/checkout/{ref[:4].lower()}-{ref[4:].lower()}/")

    assert response["Location"] == reverse("checkout", args=[ref])


@pytest.mark.parametrize("ref", ["AAAAAAAA", "short", "00000000", "৩৩৩৩৩৩৩৩", "a" * 300])
def test_a_reference_nobody_has_is_not_found(client, ref):
    assert client.get(f"/checkout/{ref}/").status_code == 404
    assert browser_of(people.customer()).get(f"/bookings/{ref}/").status_code == 404


# A hold that ended ----------------------------------------------------------------------------------------


def test_a_hold_that_ended_says_when_and_is_held_again_with_one_press():
    client, show = browser_of(people.customer()), factories.show()
    seats = factories.free_seats(show)
    press_hold(client, show, seats)
    booking = Booking.objects.get()
    run_out(booking)

    page = client.get(reverse("checkout", args=[booking.ref]))
    again = press_hold(client, show, seats)

    assert page.status_code == 410
    assert "Your hold ended at" in words_of(page)
    assert "A 1 and A 2 are still free." in words_of(page)
    assert "Hold them again" in words_of(page)
    assert client.get(again["Location"]).status_code == 200


def test_of_a_hold_that_ended_only_what_is_free_is_offered():
    client, show = browser_of(people.customer()), factories.show()
    seats = factories.free_seats(show)
    press_hold(client, show, seats)
    booking = Booking.objects.get()
    run_out(booking)
    factories.booked(of=show, seats=[seats[0]])

    page = client.get(reverse("checkout", args=[booking.ref]))

    assert "Of your seats A 2 is still free." in words_of(page)
    assert f'name="seat" value="{seats[1]}"' in page.content.decode()
    assert f'name="seat" value="{seats[0]}"' not in page.content.decode()


def test_confirming_a_hold_that_ended_books_nothing():
    client, show = browser_of(people.customer()), factories.show()
    press_hold(client, show, factories.free_seats(show))
    booking = Booking.objects.get()
    form = {"shown_total": "22.00", "coupon": "", "method": "demo", "key": str(uuid.uuid4())}
    run_out(booking)

    response = client.post(reverse("confirm_booking", args=[booking.ref]), form)

    assert response["Location"] == reverse("checkout", args=[booking.ref])
    assert "Your hold ended at" in words_of(client.get(response["Location"]))
    assert not LedgerEntry.objects.exists()


def test_a_strangers_hold_that_ended_is_still_theirs_to_see_after_signing_in(client):
    show, maya = factories.show(), people.customer()
    press_hold(client, show, factories.free_seats(show))
    booking = Booking.objects.get()
    run_out(booking)
    Booking.objects.update(state="lapsed", ended_at=datetime.now(UTC))
    Ticket.objects.update(state="lapsed")

    client.post(reverse("account_login"), {"login": maya.email, "password": people.PASSWORD})

    assert "Hold them again" in words_of(client.get(reverse("checkout", args=[booking.ref])))


# Confirm --------------------------------------------------------------------------------------------------


def test_confirming_books_and_shows_the_tickets():
    maya = people.customer(name="Maya Rao")
    client, show = browser_of(maya), factories.show()
    press_hold(client, show, factories.free_seats(show))
    ref = Booking.objects.get().ref

    response = pay(client, ref)

    assert response["Location"] == reverse("booking", args=[ref])
    page = client.get(response["Location"])
    assert "You’re in. See you " in words_of(page)
    assert page.content.decode().count('<svg class="qr"') == 2
    assert f"Your tickets and the invoice are on their way to {maya.email}." in words_of(page)
    assert Letter.objects.filter(kind="booking_confirmed", to=maya.email).count() == 1


@pytest.mark.parametrize(
    ("hours", "said"),
    [(2, "See you at 21:00"), (26, "See you tomorrow at 21:00"), (50, "See you on Sat 14 June at 21:00")],
)
def test_the_day_is_said_unless_it_is_this_one(hours, said):
    now = datetime(2025, 6, 12, 17, tzinfo=UTC)

    assert see_you(now + timedelta(hours=hours), now) == said


def test_pressing_confirm_twice_books_once():
    client, show = browser_of(people.customer()), factories.show()
    press_hold(client, show, factories.free_seats(show))
    ref = Booking.objects.get().ref
    form = {"shown_total": "22.00", "coupon": "", "method": "demo", "key": str(uuid.uuid4())}

    answers = [client.post(reverse("confirm_booking", args=[ref]), form)["Location"] for _ in range(2)]

    assert answers == [reverse("booking", args=[ref])] * 2
    assert LedgerEntry.objects.count() == 2


def test_a_price_that_changed_is_shown_and_nothing_is_booked():
    maya = people.customer()
    client, show = browser_of(maya), factories.show()
    press_hold(client, show, factories.free_seats(show))
    ref = Booking.objects.get().ref
    Customer.objects.filter(user=maya).update(tier="Gold", tier_tickets=300)

    response = pay(client, ref, shown_total="22.00")

    assert response.status_code == 409
    assert "The price has changed since you saw it, so nothing was booked" in words_of(response)
    assert "Confirm and pay €19.80" in words_of(response)
    assert Booking.objects.get().state == "held"
    assert pay(client, ref).status_code == 302


@pytest.mark.parametrize("total", ["", "free", "-22.00", "1e9", "NaN", "22,00 €\x00", "9" * 60])
def test_a_total_nobody_was_shown_books_nothing(total):
    client, show = browser_of(people.customer()), factories.show()
    press_hold(client, show, factories.free_seats(show))
    ref = Booking.objects.get().ref

    response = pay(client, ref, shown_total=total)

    assert response.status_code == 409
    assert "nothing was booked" in words_of(response)


@pytest.mark.parametrize(
    ("method", "sentence"),
    [
        ("", "Choose how to pay"),
        ("cash", "You can’t pay that way here. Choose one of the ways on offer"),
        ("\x00\u202e", "You can’t pay that way here. Choose one of the ways on offer"),
    ],
)
def test_a_way_of_paying_that_is_not_offered_is_refused(method, sentence):
    client, show = browser_of(people.customer()), factories.show()
    press_hold(client, show, factories.free_seats(show))
    ref = Booking.objects.get().ref

    response = pay(client, ref, method=method)

    assert response.status_code == 409
    assert sentence in words_of(response)


def test_a_coupon_that_ended_meanwhile_is_answered_at_its_field():
    client, show, coupon = browser_of(people.customer()), factories.show(), factories.coupon("LAST")
    press_hold(client, show, factories.free_seats(show))
    ref = Booking.objects.get().ref
    coupon.active = False
    coupon.save()

    response = pay(client, ref, coupon="LAST", shown_total="18.70")

    assert response.status_code == 409
    assert 'value="LAST"' in response.content.decode()
    assert Booking.objects.get().state == "held"


def test_a_stranger_cannot_confirm(client):
    show = factories.show()
    press_hold(client, show, factories.free_seats(show))
    ref = Booking.objects.get().ref

    response = client.post(reverse("confirm_booking", args=[ref]), {"shown_total": "22.00", "method": "demo"})

    assert response["Location"].startswith(reverse("account_login"))
    assert Booking.objects.get().state == "held"


def test_somebody_elses_hold_cannot_be_confirmed():
    held = factories.held()

    response = browser_of(people.customer()).post(
        reverse("confirm_booking", args=[held.ref]), {"shown_total": "22.00", "method": "demo"}
    )

    assert response.status_code == 404


# Tickets and papers ---------------------------------------------------------------------------------------


def test_the_confirmation_stays_at_its_address():
    maya = people.customer()
    booking = factories.booked(by=maya)

    page = browser_of(maya).get(reverse("booking", args=[booking.ref]))

    assert "You’re in." in words_of(page)
    assert browser_of(maya).get(reverse("checkout", args=[booking.ref]))["Location"] == reverse(
        "booking", args=[booking.ref]
    )


def test_confirmation_asks_the_same_number_of_questions_for_one_seat_and_for_ten(django_assert_num_queries):
    maya = people.customer()
    client = browser_of(maya)
    for seats in (1, 10):
        booking = factories.booked(by=maya, seats=seats)

        with django_assert_num_queries(6):  # session, person, booking, papers, what it replaces, its move
            client.get(reverse("booking", args=[booking.ref]))


@pytest.mark.parametrize(
    ("name", "kind", "file"),
    [
        ("tickets_pdf", "application/pdf", "tickets-{ref}.pdf"),
        ("invoice_pdf", "application/pdf", "invoice-{year}-00001.pdf"),
        ("show_ics", "text/calendar; charset=utf-8", "show-{ref}.ics"),
    ],
)
def test_papers_come_as_files_that_nobody_stores(name, kind, file):
    maya = people.customer()
    booking = factories.booked(by=maya)

    response = browser_of(maya).get(reverse(name, args=[booking.ref]))

    expected = file.format(ref=booking.ref, year=booking.confirmed_at.year)
    assert response["Content-Type"] == kind
    assert response["Content-Disposition"] == f'inline; filename="{expected}"'
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["booking", "tickets_pdf", "invoice_pdf", "show_ics", "cancel_booking"])
def test_another_guests_booking_is_not_found(name):
    booking = factories.booked()

    assert browser_of(people.customer()).get(reverse(name, args=[booking.ref])).status_code == 404
    assert browser_of(people.salesman()).get(reverse(name, args=[booking.ref])).status_code == 404
    assert Client().get(reverse(name, args=[booking.ref]))["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", ["অনন্যা সেন", "ليلى حداد", "Zoë 🎬 Żółć"])
def test_names_in_any_script_stand_on_page_and_paper(name):
    maya = people.customer(name=name)
    client, show = browser_of(maya), factories.show()
    press_hold(client, show, factories.free_seats(show))
    ref = Booking.objects.get().ref

    review = words_of(client.get(reverse("checkout", args=[ref])))
    pay(client, ref)
    invoice = client.get(reverse("invoice_pdf", args=[ref]))

    assert name in review
    assert invoice.content.startswith(b"%PDF-")
    assert ref[:4] in PdfReader(io.BytesIO(invoice.content)).pages[0].extract_text()


# Cancel ---------------------------------------------------------------------------------------------------


def press_cancel(client: Client, booking: Booking, **more):
    page = client.get(reverse("cancel_booking", args=[booking.ref]), more.pop("asked", {}))
    tickets = re.findall(r'<input type="hidden" name="ticket" value="(\d+)">', page.content.decode())
    form = {"ticket": tickets, "key": hidden(page, "key"), **more}
    return client.post(reverse("cancel_booking", args=[booking.ref]), form)


def test_cancelling_says_what_comes_back_and_frees_the_seats():
    maya = people.customer()
    booking, client = factories.booked(by=maya), browser_of(maya)

    page = words_of(client.get(reverse("cancel_booking", args=[booking.ref])))
    response = press_cancel(client, booking)

    assert "You get back Demo payment €22.00" in page
    assert "Cancel these 2 tickets" in page and "Keep them" in page
    after = words_of(client.get(response["Location"]))
    assert "2 tickets cancelled. €22.00 goes back to you" in after
    assert "Credit note C" in after
    assert not SeatClaim.objects.exists()


def test_one_of_two_tickets_is_cancelled():
    maya = people.customer()
    booking, client = factories.booked(by=maya), browser_of(maya)
    ticket = booking.tickets.first()

    response = press_cancel(client, booking, asked={"ticket": ticket.pk})

    page = client.get(response["Location"])
    assert "One more ticket was cancelled: A 1." in words_of(page)
    assert page.content.decode().count('<svg class="qr"') == 1
    assert SeatClaim.objects.count() == 1


def test_cancelling_too_late_is_answered_with_the_rule():
    maya = people.customer()
    booking = factories.booked(by=maya, of=factories.show(in_hours=1))
    client = browser_of(maya)

    page = client.get(reverse("cancel_booking", args=[booking.ref]))
    posted = client.post(reverse("cancel_booking", args=[booking.ref]))

    assert "Tickets can be cancelled until 2 hours before the movie" in words_of(page)
    assert "Cancel these 2 tickets" not in words_of(page)
    assert posted.status_code == 409
    assert Booking.objects.get().state == "confirmed"


def test_cancelling_twice_gives_the_money_back_once():
    maya = people.customer()
    booking, client = factories.booked(by=maya), browser_of(maya)
    page = client.get(reverse("cancel_booking", args=[booking.ref]))
    form = {"key": hidden(page, "key")}

    for _ in range(2):
        response = client.post(reverse("cancel_booking", args=[booking.ref]), form)

    assert response["Location"] == reverse("booking", args=[booking.ref])
    assert sum(LedgerEntry.objects.values_list("amount", flat=True)) == Decimal(0)


def test_tickets_of_another_booking_are_not_cancelled_with_this_one():
    maya = people.customer()
    mine, other = factories.booked(by=maya), factories.booked()

    browser_of(maya).post(reverse("cancel_booking", args=[mine.ref]), {"ticket": other.tickets.first().pk})

    assert other.tickets.filter(state="sold").count() == 2


def test_a_moderator_gives_a_reason():
    booking, client = factories.booked(), browser_of(people.moderator())

    without = press_cancel(client, booking, reason=" \x00 ")
    given = press_cancel(client, booking, reason="Projector broke")

    assert without.status_code == 409
    assert "Enter the reason for this cancellation" in words_of(without)
    assert given.status_code == 302
    assert Booking.objects.get().cancel_reason == "Projector broke"


# My tickets -----------------------------------------------------------------------------------------------


def test_no_tickets_yet_offers_the_next_shows():
    factories.show(of=factories.movie("Kilo Tango"), in_hours=30)

    page = words_of(browser_of(people.customer()).get(reverse("my_tickets")))

    assert "No tickets yet Tonight’s movies are a good start." in page
    assert "Kilo Tango" in page


@pytest.mark.parametrize("number", [1, 3])
def test_what_is_coming_stands_first_whatever_its_number(number, django_assert_num_queries):
    maya = people.customer()
    for hours in range(number):
        factories.booked(by=maya, of=factories.show(in_hours=30 + hours, of=factories.movie(f"Film {hours}")))
    client = browser_of(maya)

    with django_assert_num_queries(
        7
    ):  # session, person, how many were, those, what comes, is held, is waited for
        page = client.get(reverse("my_tickets"))

    assert list(dict.fromkeys(re.findall(r"Film \d", words_of(page)))) == [
        f"Film {hours}" for hours in range(number)
    ]


def test_cancelled_bookings_have_a_shelf_of_their_own():
    maya = people.customer()
    booking = factories.cancelled(by=maya)
    client = browser_of(maya)

    past = words_of(client.get(reverse("my_tickets")))
    cancelled = words_of(client.get(reverse("my_tickets"), {"show": "cancelled"}))

    assert f"{booking.ref[:4]} {booking.ref[4:]}" in cancelled
    assert booking.ref[:4] not in past


def test_held_seats_can_be_taken_up_again_from_my_tickets():
    maya = people.customer()
    booking = factories.held(by=maya)

    page = browser_of(maya).get(reverse("my_tickets"))

    assert "A 1, A 2 for" in words_of(page)
    assert reverse("checkout", args=[booking.ref]) in page.content.decode()


@pytest.mark.parametrize("page", ["0", "-3", "x", "99999999999999999999", "2"])
def test_a_page_that_does_not_exist_is_no_error(page):
    assert browser_of(people.customer()).get(reverse("my_tickets"), {"page": page}).status_code == 200
