"""Seats for guests of the house: kept, for longer, put back, lapsed by themselves, or turned into a booking."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories, people
from theatre.access import NotAllowed
from theatre.actions.booking._once import once
from theatre.actions.booking.cancel import cancel_booking
from theatre.actions.booking.confirm import MethodNotOffered, PriceChanged
from theatre.actions.booking.hold import hold_seats
from theatre.actions.shows.cancel import cancel_show
from theatre.actions.vip._reservations import ReservationUnknown
from theatre.actions.vip.book import book_reservation
from theatre.actions.vip.reserve import (
    ShowNotReservable,
    ShowUnknown,
    keep_reservation,
    lapse_reservations,
    release_reservation,
    reserve_seats,
)
from theatre.models import AuditEntry, Booking, Letter, Payment, SeatClaim, VipReservation
from theatre.queries import seatmap
from theatre.queries.integrity import prove
from theatre.queries.seatmap import BLOCKED
from theatre.rules.bookings import SalesClosed, TooManySeats
from theatre.rules.refusals import Refused
from theatre.rules.seating import CompanionAlone, SeatTaken
from theatre.rules.shows import ShowNotOnSale
from theatre.rules.vip import ReleaseHasPassed, ReservationOver

pytestmark = pytest.mark.django_db

ZERO = Decimal(0)


@pytest.fixture
def boss():
    return people.actor_for(people.admin())


def holds() -> list[str]:
    return [found.check.name for found in prove() if found.count]


def test_reserved_seats_are_nobodys_to_hold(boss):
    show = factories.show()
    kept = factories.vip(of=show, by=boss, note="Anniversary", release_minutes=60)

    assert set(SeatClaim.objects.filter(vip=kept).values_list("state", "held_until")) == {
        ("vip", show.starts_at - timedelta(minutes=60))
    }
    with pytest.raises(SeatTaken):
        factories.held(of=show, seats=kept.seat_ids)
    with pytest.raises(SeatTaken):
        factories.vip(of=show, seats=kept.seat_ids[:1])
    entry = AuditEntry.objects.get(verb="reserve_vip")
    assert (entry.actor_id, entry.details["seats"]) == (boss.user_id, ["A 1", "A 2"])
    assert holds() == []


def test_public_sees_them_as_not_on_sale_and_staff_as_kept_for_whom():
    show = factories.show()
    kept = factories.vip(of=show, guest="Hana Mori")
    seat = kept.seat_ids[0]

    guest = seatmap.for_show(people.actor_for(people.customer()), show.pk)
    salesman = seatmap.for_show(people.actor_for(people.salesman()), show.pk)

    assert (guest.states[seat], guest.guests) == (BLOCKED, {})
    assert (salesman.states[seat], salesman.guests[seat]) == (seatmap.VIP, "Hana Mori")
    assert guest.free == salesman.free == factories_free(show) - 2


def factories_free(show) -> int:
    return show.plan.seats.filter(broken=False, house_seat=False).count()


def test_reservation_without_a_release_time_stays(boss):
    kept = factories.vip(by=boss, release_minutes=None)

    assert (kept.release_at, SeatClaim.objects.filter(vip=kept, held_until=None).count()) == (None, 2)
    assert lapse_reservations() == 0


def test_lapsed_reservation_is_taken_over_before_anybody_tidies_it_away(boss):
    show = factories.show()
    kept = factories.release_time_came(factories.vip(of=show, release_minutes=60))

    hold = factories.held(of=show, seats=kept.seat_ids[:1])

    claim = SeatClaim.objects.get(show=show, seat=kept.seat_ids[0])
    assert (claim.booking_id, claim.state, claim.vip_id) == (hold.pk, "held", None)
    for deed in (
        lambda: keep_reservation(by=boss, reservation_id=kept.pk, release_minutes=None),
        lambda: book_reservation(by=boss, reservation_id=kept.pk, shown_total=ZERO, method="cash"),
    ):
        with pytest.raises(ReservationOver, match="on sale again"):
            deed()
    assert lapse_reservations() == 1
    kept.refresh_from_db()
    assert kept.state == "lapsed"
    assert not SeatClaim.objects.filter(vip=kept).exists()
    assert holds() == []


def test_release_puts_the_seats_on_sale(boss):
    kept = factories.vip(by=boss)

    release_reservation(by=boss, reservation_id=kept.pk)

    kept.refresh_from_db()
    assert (kept.state, kept.ended_by_id) == ("released", boss.user_id)
    factories.held(of=kept.show, seats=kept.seat_ids)
    with pytest.raises(ReservationOver, match="have been released"):
        release_reservation(by=boss, reservation_id=kept.pk)
    assert holds() == []


def test_it_is_kept_for_longer_and_for_shorter(boss):
    kept = factories.vip(by=boss, release_minutes=120)

    for minutes in (30, None, 240):
        keep_reservation(by=boss, reservation_id=kept.pk, release_minutes=minutes)
        kept.refresh_from_db()
        until = None if minutes is None else kept.show.starts_at - timedelta(minutes=minutes)
        assert (kept.release_minutes, kept.release_at) == (minutes, until)
        assert set(SeatClaim.objects.filter(vip=kept).values_list("held_until", flat=True)) == {until}

    with pytest.raises(ReleaseHasPassed, match="Choose fewer minutes, or keep the seats"):
        keep_reservation(by=boss, reservation_id=kept.pk, release_minutes=60 * 30)
    assert holds() == []


def test_complimentary_reservation_becomes_a_booking_that_costs_nothing(boss):
    kept = factories.vip(by=boss, guest="Hana Mori", guest_email="hana@example.org")

    done = book_reservation(by=boss, reservation_id=kept.pk, shown_total=ZERO, method="cash")

    booking = Booking.objects.get(ref=done.ref)
    kept.refresh_from_db()
    assert (kept.state, kept.booking) == ("booked", booking)
    assert (booking.state, booking.complimentary, booking.total, booking.guest_name) == (
        "confirmed", True, 0, "Hana Mori",
    )  # fmt: skip
    assert booking.tickets.exclude(nonce="").filter(state="sold", price=0).count() == 2
    assert Payment.objects.get(booking=booking).method == "complimentary"
    assert Letter.objects.get(kind="booking_confirmed").to == "hana@example.org"
    assert set(SeatClaim.objects.filter(booking=booking).values_list("state", "vip_id")) == {("sold", None)}
    with pytest.raises(ReservationOver, match="a booking already"):
        book_reservation(by=boss, reservation_id=kept.pk, shown_total=ZERO, method="cash")
    assert holds() == []


def test_priced_reservation_is_paid_for_and_given_back_like_any_booking(boss):
    kept = factories.vip(by=boss, complimentary=False)

    with pytest.raises(PriceChanged):
        book_reservation(by=boss, reservation_id=kept.pk, shown_total=Decimal(20), method="card")
    with pytest.raises(MethodNotOffered):
        book_reservation(by=boss, reservation_id=kept.pk, shown_total=ZERO, method="complimentary")
    assert not Booking.objects.exists()
    done = book_reservation(by=boss, reservation_id=kept.pk, shown_total=Decimal(22), method="card")

    assert Payment.objects.get(booking__ref=done.ref).amount == 22
    cancel_booking(by=boss, ref=done.ref, reason="Ill")
    assert not SeatClaim.objects.filter(show=kept.show).exists()
    assert holds() == []


def test_the_same_key_reserves_and_books_once(boss):
    show = factories.show()
    seats = factories.free_seats(show)
    key, other = once("user:1", "vip", "a", None), once("user:1", "book", "b", None)

    first, second = (
        reserve_seats(by=boss, show_id=show.pk, seat_ids=seats, guest_name="Hana", once=key) for _ in range(2)
    )
    booked = [
        book_reservation(by=boss, reservation_id=first, shown_total=ZERO, method="", once=other).ref
        for _ in range(2)
    ]

    assert first == second
    assert booked[0] == booked[1]
    assert (VipReservation.objects.count(), Booking.objects.count()) == (1, 1)


def test_cancelled_show_ends_its_reservations(boss):
    kept = factories.vip(by=boss)

    cancel_show(by=boss, show_id=kept.show_id, reason="Fire")

    kept.refresh_from_db()
    assert kept.state == "released"
    assert not SeatClaim.objects.filter(show=kept.show).exists()
    assert holds() == []


def test_show_that_is_only_planned_is_reserved_but_not_booked(boss):
    kept = factories.vip(by=boss, of=factories.show(state="planned"))

    with pytest.raises(ShowNotOnSale):
        book_reservation(by=boss, reservation_id=kept.pk, shown_total=ZERO, method="")


def test_booking_ends_when_the_counter_stops_selling(boss):
    kept = factories.vip(by=boss, of=factories.show(in_hours=-0.5))

    with pytest.raises(SalesClosed):
        book_reservation(by=boss, reservation_id=kept.pk, shown_total=ZERO, method="")


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ({"show_id": 999_999}, ShowUnknown),
        ({"release_minutes": 60 * 25}, ReleaseHasPassed),
        ({"seat_ids": []}, Refused),
        ({"seat_ids": [1] * 51}, TooManySeats),
    ],
)
def test_what_cannot_be_reserved_is_refused(boss, asked, refusal):
    show = factories.show()
    given = {"show_id": show.pk, "seat_ids": factories.free_seats(show), "guest_name": "Hana", **asked}

    with pytest.raises(refusal):
        reserve_seats(by=boss, **given)

    assert not SeatClaim.objects.exists()


def test_companion_is_reserved_with_its_wheelchair_space(boss):
    show = factories.show()

    with pytest.raises(CompanionAlone):
        factories.vip(of=show, seats=factories.free_seats(show, 1, kind="companion"))


@pytest.mark.parametrize("state", ["cancelled", "played"])
def test_show_that_is_cancelled_or_over_is_not_reserved(boss, state):
    with pytest.raises(ShowNotReservable):
        factories.vip(by=boss, of=factories.show(in_hours=-5, state=state))


def test_unknown_reservation_is_refused(boss):
    for deed in (
        lambda: release_reservation(by=boss, reservation_id=999),
        lambda: keep_reservation(by=boss, reservation_id=999, release_minutes=None),
        lambda: book_reservation(by=boss, reservation_id=999, shown_total=ZERO, method=""),
    ):
        with pytest.raises(ReservationUnknown):
            deed()


@pytest.mark.parametrize("role", ["customer", "salesman", "moderator"])
def test_admins_alone_reserve(role):
    by = people.actor_for(getattr(people, role)())
    kept = factories.vip()

    for deed in (
        lambda: reserve_seats(by=by, show_id=kept.show_id, seat_ids=[1], guest_name="Hana"),
        lambda: release_reservation(by=by, reservation_id=kept.pk),
        lambda: keep_reservation(by=by, reservation_id=kept.pk, release_minutes=None),
        lambda: book_reservation(by=by, reservation_id=kept.pk, shown_total=ZERO, method=""),
    ):
        with pytest.raises(NotAllowed):
            deed()


def test_hold_of_an_admin_is_theirs_and_not_the_guests(boss):
    show = factories.show()
    kept = factories.vip(of=show)

    with pytest.raises(SeatTaken):
        hold_seats(by=boss, show_id=show.pk, seat_ids=kept.seat_ids)


@pytest.mark.parametrize("seats", [1, 8])
def test_reserving_and_booking_cost_the_same_however_many_seats(boss, seats):
    show = factories.show()
    chosen = factories.free_seats(show, seats)
    factories.vip(of=factories.show())

    def statements(deed) -> int:
        with CaptureQueriesContext(connection) as captured:
            deed()
        return sum("SAVEPOINT" not in query["sql"] for query in captured)

    seatmap.plan_of(show.plan_id)
    made = []
    reserving = statements(
        lambda: made.append(reserve_seats(by=boss, show_id=show.pk, seat_ids=chosen, guest_name="Hana"))
    )
    booking = statements(
        lambda: book_reservation(by=boss, reservation_id=made[0], shown_total=ZERO, method="")
    )

    assert (reserving, booking) == (6, 16)
