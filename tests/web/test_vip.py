"""Seats for guests of the house in the office: kept, found again, kept for longer, released, booked."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories, people
from tests.web.browsers import browser_of, hidden, words_of
from theatre.actions.shows.cancel import cancel_show
from theatre.models import Booking, Letter, Payment, SeatClaim, Show, VipReservation
from theatre.queries.quotes import ZONE

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return people.admin(name="Ada Lumen")


@pytest.fixture
def office(boss):
    return browser_of(boss)


def day_of(show: Show) -> str:
    return show.starts_at.astimezone(ZONE).date().isoformat()


def key_of(page) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page.content.decode())
    assert found
    return found[1]


def reserve(office, show: Show, **typed):
    """What an admin types on the page of a show's seats, and presses."""
    address = reverse("vip_reserve", args=[show.pk])
    form = {
        "seat": factories.free_seats(show), "guest_name": "Hana Mori", "price": "complimentary",
        "release_minutes": "60", "key": key_of(office.get(address)),
    }  # fmt: skip
    return office.post(address, form | typed)


def page_of(kept: VipReservation) -> str:
    return reverse("vip_reservation", args=[kept.pk])


# The list -------------------------------------------------------------------------------------------------


def test_list_says_who_comes_when_and_what_they_pay(office):
    show = factories.show(of=factories.movie("Owl"), on=factories.screen(name="Screen 2"))
    factories.vip(of=show, guest_email="hana@example.org", note="Anniversary", release_minutes=60)
    factories.vip(of=show, guest="Noor Rahman", complimentary=False, release_minutes=None)

    said = words_of(office.get(reverse("vip"), {"span": "coming"}))

    assert re.search(
        r"2 reservations .* Hana Mori hana@example.org Anniversary Owl .* A 1, A 2 nothing .* reserved", said
    )
    assert re.search(r"Noor Rahman Owl .* A 3, A 4 the price when released reserved", said)


def test_list_begins_with_today_and_knows_days_and_what_is_over(office):
    shows = {"tonight": 0.2, "in three days": 72, "last week": -170}
    kept = {}
    for guest, hours in shows.items():
        kept[guest] = factories.vip(of=factories.show(in_hours=24), guest=guest, release_minutes=None)
        moved = kept[guest].show
        length = moved.ends_at - moved.starts_at
        moved.starts_at += timedelta(hours=hours - 24)
        moved.ends_at = moved.starts_at + length
        moved.clean_at = moved.ends_at + timedelta(minutes=20)
        moved.save(update_fields=["starts_at", "ends_at", "clean_at"])

    def named(**asked) -> list[str]:
        page = words_of(office.get(reverse("vip"), asked))
        return [guest for guest in shows if guest in page.split("Find", 1)[1]]

    assert named(day=day_of(kept["in three days"].show)) == ["in three days"]
    assert named(span="coming") == ["tonight", "in three days"]
    assert named(span="over") == ["last week"]
    assert named(day=day_of(kept["tonight"].show)) == ["tonight"]
    assert "in three days" not in named()


def test_reservation_whose_time_has_come_is_lapsed_before_anybody_tidies_it(office):
    kept = factories.release_time_came(factories.vip(release_minutes=60))
    factories.vip(guest="Noor Rahman")

    page = words_of(office.get(reverse("vip"), {"span": "coming", "state": "lapsed"}))

    assert "1 reservation" in page
    assert "Hana Mori" in page
    assert "Noor Rahman" not in page
    said = words_of(office.get(page_of(kept)))
    assert "The release time came" in said
    assert "Release them" not in said


@pytest.mark.parametrize("typed", ["hana", "HANA@EX", "anniv"])
def test_a_guest_is_found_by_name_address_and_note(office, typed):
    factories.vip(guest_email="hana@example.org", note="Anniversary")
    factories.vip(guest="Noor Rahman")

    page = words_of(office.get(reverse("vip"), {"span": "coming", "text": typed}))

    assert ("Hana Mori" in page, "Noor Rahman" in page) == (True, False)


@pytest.mark.parametrize("typed", ["%", "_", "\\", "nobody"])
def test_nobody_fits_signs_that_mean_everybody_elsewhere(office, typed):
    factories.vip()

    assert "Nobody fits that" in words_of(office.get(reverse("vip"), {"span": "coming", "text": typed}))


def test_empty_list_says_why_and_leads_on(office):
    assert "Nobody is expected today" in words_of(office.get(reverse("vip")))
    assert "No seats are kept" in words_of(office.get(reverse("vip"), {"span": "coming"}))


@pytest.mark.parametrize(
    "asked", [{"day": "tomorrow"}, {"span": "never"}, {"state": "gone"}, {"day": "2026-13-45"}], ids=str
)
def test_nonsense_is_refused_in_words(office, asked):
    page = office.get(reverse("vip"), asked)

    assert page.status_code == 422
    assert "There is a problem" in words_of(page)


def test_list_is_read_a_page_at_a_time(office):
    show = factories.show()
    for number in range(27):
        factories.vip(of=show, seats=1, guest=f"Guest {number:02d}")

    first = words_of(office.get(reverse("vip"), {"span": "coming"}))
    last = words_of(office.get(reverse("vip"), {"span": "coming", "page": "99"}))

    assert ("Guest 24" in first, "Guest 25" in first, "Page 1 of 2" in first) == (True, False, True)
    assert ("Guest 24" in last, "Guest 26" in last, "Page 2 of 2" in last) == (False, True, True)


@pytest.mark.parametrize("number", [1, 3])
def test_pages_ask_the_same_number_of_questions_for_one_and_for_three(office, number):
    show = factories.show()
    for _ in range(number):
        kept = factories.vip(of=show)
    addresses = {
        reverse("vip") + "?span=coming": 5,  # session, person, the moment, how many, which
        reverse("vip_new") + f"?day={day_of(show)}": 4,  # session, person, the moment, the day's shows
        reverse("vip_reserve", args=[show.pk]): 3,  # session, person, the seats
        page_of(kept): 4,  # session, person, the reservation, what was done
    }
    for address in addresses:
        office.get(address)

    asked = {}
    for address in addresses:
        with CaptureQueriesContext(connection) as captured:
            assert office.get(address).status_code == 200
        asked[address] = len(captured)

    assert asked == addresses


# Keeping seats --------------------------------------------------------------------------------------------


def test_shows_of_a_day_are_offered_by_time(office):
    planned = factories.show(of=factories.movie("Planned"), in_hours=24, state="planned")
    for title, state in (("Off", "cancelled"), ("On", "on_sale")):
        factories.show(of=factories.movie(title), in_hours=24, state=state)

    page = office.get(reverse("vip_new"), {"day": day_of(planned)})

    offered = re.findall(r'href="/office/vip/shows/(\d+)/"', page.content.decode())
    assert sorted(Show.objects.filter(pk__in=offered).values_list("movie__title", flat=True)) == [
        "On",
        "Planned",
    ]


@pytest.mark.parametrize("day", ["", "x", "1999-01-01", "9999-12-31"])
def test_day_without_shows_is_no_error(office, day):
    page = office.get(reverse("vip_new"), {"day": day})

    assert page.status_code == 200
    assert "No show to choose" in words_of(page)


def test_seats_are_kept_for_a_guest(office, boss):
    show = factories.show()

    answer = reserve(office, show, guest_email="Hana@Example.org", note="Anniversary", price="priced")

    kept = VipReservation.objects.get()
    assert answer["Location"] == page_of(kept)
    assert (kept.guest_name, kept.guest_email, kept.note, kept.complimentary, kept.release_minutes) == (
        "Hana Mori", "hana@example.org", "Anniversary", False, 60,
    )  # fmt: skip
    said = words_of(office.get(page_of(kept)))
    assert "A 1 and A 2: kept for Hana Mori" in said
    assert "60 minutes before the show" in said
    assert "Who did what Reserved Ada Lumen" in said


def test_pressing_twice_keeps_seats_once(office):
    show = factories.show()
    address = reverse("vip_reserve", args=[show.pk])
    form = {
        "seat": factories.free_seats(show), "guest_name": "Hana Mori", "price": "priced", "release_minutes": "",
        "key": key_of(office.get(address)),
    }  # fmt: skip

    answers = [office.post(address, form)["Location"] for _ in range(2)]

    assert answers == [page_of(VipReservation.objects.get())] * 2


def test_seat_taken_meanwhile_is_said_and_nothing_typed_is_lost(office):
    show = factories.show()
    one, other = factories.free_seats(show)
    factories.vip(of=show, seats=[one], guest="Noor Rahman")

    page = reserve(office, show, seat=[one, other], note="Flowers", release_minutes="")

    assert page.status_code == 409
    assert "Seat A 1 was taken while you were choosing. The free ones" in words_of(page)
    typed = page.content.decode()
    assert 'value="Hana Mori"' in typed
    assert 'value="Flowers"' in typed
    assert re.search(rf'value="{other}"[^>]* checked', typed)
    assert not re.search(rf'value="{one}"[^>]* checked', typed)
    assert VipReservation.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"guest_name": " "}, "Enter the guest’s name"),
        ({"guest_name": "x" * 201}, "Use 200 characters or fewer"),
        ({"guest_email": "hana"}, "Enter an email address like name@example.com"),
        ({"note": "x" * 501}, "Use 500 characters or fewer"),
        ({"price": ""}, "Choose what they pay"),
        ({"release_minutes": "-1"}, "Enter a number of minutes from 0 to 10080"),
        ({"release_minutes": "soon"}, "Enter a number of minutes from 0 to 10080"),
        ({"release_minutes": "99999999999"}, "Enter a number of minutes from 0 to 10080"),
        ({"release_minutes": "9000"}, "Choose fewer minutes, or keep the seats"),
        ({"seat": []}, "Choose at least one seat"),
        ({"seat": ["99999999999999999999"]}, "isn’t in this show’s screen"),
    ],
    ids=str,
)
def test_what_cannot_be_is_said_and_the_choice_stays(office, typed, sentence):
    show = factories.show()

    page = reserve(office, show, **typed)

    assert page.status_code in (409, 422)
    assert sentence in words_of(page)
    if "seat" not in typed:
        assert page.content.decode().count(" checked>") == 2 + ("price" not in typed)
    assert not VipReservation.objects.exists()


def test_show_that_is_over_or_cancelled_keeps_no_seats(office):
    show = factories.show(in_hours=-6, state="played")

    page = reserve(office, show)

    assert "This show is cancelled or over" in words_of(office.get(reverse("vip_reserve", args=[show.pk])))
    assert "This show is cancelled or over" in words_of(page)


# What becomes of it ---------------------------------------------------------------------------------------


def test_a_reservation_nobody_told_of_has_no_empty_card(office, boss):
    kept = factories.vip(by=boss)
    assert "Who did what" in words_of(office.get(reverse("vip_reservation", args=[kept.pk])))

    kept.pk, kept.state, kept.ended_at, kept.ended_by = None, "released", datetime.now(UTC), boss
    kept.save(force_insert=True)  # as the demo's are made, which nobody pressed a button for

    assert "Who did what" not in words_of(office.get(reverse("vip_reservation", args=[kept.pk])))


def test_release_time_is_changed_and_taken_away(office, boss):
    kept = factories.vip(by=boss, release_minutes=60)
    address = reverse("vip_keep", args=[kept.pk])

    later = office.post(address, {"release_minutes": "30"}, follow=True)
    never = office.post(address, {"release_minutes": "", "never": "1"}, follow=True)

    kept.refresh_from_db()
    assert "The seats go back on sale" in words_of(later)
    assert "The seats are kept until you release them" in words_of(never)
    assert (kept.release_minutes, kept.release_at) == (None, None)
    done = "Reserved Ada Lumen, .* Kept until 30 minutes before the show Ada Lumen, .* Kept until somebody"
    assert re.search(done, words_of(never))


@pytest.mark.parametrize(
    ("minutes", "sentence"),
    [
        ("", "Enter a number of minutes from 0 to 10080"),
        ("x", "Enter a number of minutes from 0 to 10080"),
        ("2000", "Choose fewer minutes, or keep the seats"),
    ],
)
def test_release_time_that_cannot_be_is_refused_at_its_field(office, minutes, sentence):
    kept = factories.vip(release_minutes=60)

    page = office.post(reverse("vip_keep", args=[kept.pk]), {"release_minutes": minutes})

    assert page.status_code == 422
    assert sentence in words_of(page)
    assert f'value="{minutes}"' in page.content.decode() or not minutes
    kept.refresh_from_db()
    assert kept.release_minutes == 60


def test_seats_are_released_once_and_the_second_admin_is_told(office):
    kept = factories.vip()
    other = browser_of(people.admin(name="Ines Moreau"))
    address = reverse("vip_release", args=[kept.pk])

    first = office.post(address, follow=True)
    second = other.post(address, follow=True)

    assert "Released. The seats are on sale again" in words_of(first)
    assert "These seats have been released. Reserve them again" in words_of(second)
    assert "Released Ada Lumen" in words_of(second)
    assert not SeatClaim.objects.exists()


def test_complimentary_seats_become_a_booking_with_a_letter(office):
    kept = factories.vip(guest_email="hana@example.org")
    page = office.get(page_of(kept))

    answer = office.post(
        reverse("vip_book", args=[kept.pk]),
        {"key": hidden(page, "key"), "shown_total": hidden(page, "shown_total")},
        follow=True,
    )

    booking = Booking.objects.get()
    assert "Complimentary −€22.00 Total €0.00" in words_of(page)
    assert answer.redirect_chain == [(reverse("booking", args=[booking.ref]), 302)]
    assert (booking.guest_name, booking.complimentary, booking.total) == ("Hana Mori", True, 0)
    assert Letter.objects.get(kind="booking_confirmed").to == "hana@example.org"
    said = words_of(office.get(page_of(kept)))
    assert f"Booking {booking.ref[:4]} {booking.ref[4:]}" in said
    assert "Book them" not in said


def test_priced_seats_are_paid_at_the_total_that_was_shown(office):
    kept = factories.vip(complimentary=False)
    address, page = reverse("vip_book", args=[kept.pk]), office.get(page_of(kept))
    form = {"key": hidden(page, "key"), "shown_total": hidden(page, "shown_total"), "method": "card"}

    no_way = office.post(address, form | {"method": ""})
    free = office.post(address, form | {"method": "complimentary"})
    changed = office.post(address, form | {"shown_total": "20.00"})
    unsaid = office.post(address, form | {"shown_total": ""})
    twice = [office.post(address, form)["Location"] for _ in range(2)]

    assert [answer.status_code for answer in (no_way, free, changed, unsaid)] == [422, 422, 409, 409]
    assert "Choose how it is paid" in words_of(no_way)
    assert "The price has changed since you saw it" in words_of(changed)
    assert 'value="card" checked' in re.sub(
        r' (id|required|class)="[^"]*"', "", changed.content.decode()
    ).replace(" required", "")
    assert Payment.objects.get().amount == Decimal(22)
    assert twice == [reverse("booking", args=[Booking.objects.get().ref])] * 2


def test_booking_what_somebody_released_says_so(office):
    kept = factories.vip()
    page = office.get(page_of(kept))
    office.post(reverse("vip_release", args=[kept.pk]))

    answer = office.post(
        reverse("vip_book", args=[kept.pk]), {"key": hidden(page, "key"), "shown_total": "0.00"}
    )

    assert answer.status_code == 409
    assert "These seats have been released. Reserve them again" in words_of(answer)
    assert not Booking.objects.exists()


def test_seats_without_a_price_are_named(office):
    kept = factories.vip()
    kept.show.card.amounts.filter(kind="standard").delete()

    said = words_of(office.get(page_of(kept)))
    answer = office.post(reverse("vip_book", args=[kept.pk]), {"shown_total": "0.00"})

    assert "No price yet: A 1 and A 2" in said
    assert answer.status_code == 409
    assert "A 1 has no price yet" in words_of(answer)


@pytest.mark.parametrize(
    ("hours", "state", "said"), [(24, "planned", "not on sale yet"), (-6, "on_sale", "over")]
)
def test_page_says_why_seats_cannot_be_booked_now(office, hours, state, said):
    kept = factories.vip(of=factories.show(state=state))
    Show.objects.filter(pk=kept.show_id).update(
        **{
            name: getattr(kept.show, name) + timedelta(hours=hours - 24)
            for name in ("starts_at", "ends_at", "clean_at")
        }
    )

    assert f"This show is {said}" in words_of(office.get(page_of(kept)))


def test_cancelled_show_says_what_became_of_its_guests(office, boss):
    kept = factories.vip()
    cancel_show(by=people.actor_for(boss), show_id=kept.show_id, reason="Fire")

    assert "The show was cancelled" in words_of(office.get(page_of(kept)))


# Who sees it elsewhere ------------------------------------------------------------------------------------


def test_counter_shows_kept_seats_and_for_whom(office):
    kept = factories.vip(guest="Hana <Mori> & Co")
    till = browser_of(people.salesman())

    page = till.get(reverse("counter_show", args=[kept.show_id])).content.decode()

    cell = re.search(
        rf'<div class="([^"]*)"[^>]*title="([^"]*)"><input[^>]*value="{kept.seat_ids[0]}"[^>]*>', page
    )
    assert cell
    assert cell[1].startswith("seat is-kept") or " is-kept" in cell[1]
    assert cell[2] == "reserved for VIP, Hana &lt;Mori&gt; &amp; Co"
    assert "Row A seat 1, Standard, €11, reserved for VIP, Hana &lt;Mori&gt; &amp; Co. Aisle seat" in cell[0]
    assert " disabled" in cell[0]
    assert '<s aria-hidden="true">V</s>' in page
    assert "Reserved for VIP" in page


@pytest.mark.parametrize("who", ["stranger", "customer", "salesman", "admin"])
def test_public_map_says_only_that_kept_seats_are_not_on_sale(who):
    kept = factories.vip()
    browser = browser_of(None if who == "stranger" else getattr(people, who)())

    for address in (
        reverse("seats", args=[kept.show_id]),
        reverse("seat_list", args=[kept.show_id]),
        f"/api/v1/shows/{kept.show_id}/seats",
    ):
        page = browser.get(address)
        said = page.content.decode()
        assert page.status_code == 200
        assert "Hana" not in said
        assert "VIP, " not in said
        assert "is-kept" not in said
    assert re.search(
        rf'value="{kept.seat_ids[0]}" aria-label="[^"]*, not on sale',
        browser.get(reverse("seats", args=[kept.show_id])).content.decode(),
    )
    assert f'"id":{kept.seat_ids[0]},' in said.replace(" ", "")
    assert re.search(rf'"id": ?{kept.seat_ids[0]},[^}}]*"state": ?"blocked"', said)
