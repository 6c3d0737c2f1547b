"""A booking changes: the old tickets come back, new ones are sold, at the difference that was shown."""

from decimal import Decimal

import pytest
from django.db.models import Sum

from tests import factories, people
from tests.notices.conftest import MailServer
from theatre.access import NotAllowed
from theatre.actions.booking._giving_back import TicketUsed
from theatre.actions.booking._holds import BookingUnknown
from theatre.actions.booking._once import once
from theatre.actions.booking.change import NothingChanged, OtherNumber, change_booking
from theatre.actions.booking.check_in import TicketDead, check_in
from theatre.actions.booking.confirm import MethodNotOffered, PriceChanged
from theatre.documents.record import ticket_code
from theatre.models import AuditEntry, Booking, Invoice, LedgerEntry, Letter, Payment, Refund, SeatClaim
from theatre.notices.outbox import deliver_due
from theatre.queries.bookings import for_papers
from theatre.queries.integrity import prove
from theatre.rules.bookings import AlreadyCancelled, NotConfirmed, ReasonNeeded, SalesClosed, TooLateToCancel
from theatre.rules.seating import SeatTaken
from theatre.rules.shows import LastSeatsAtTheCounter, ShowNotOnSale

pytestmark = pytest.mark.django_db


@pytest.fixture
def guest():
    return people.actor_for(people.customer(name="Maya Rahman"))


def changed(booking, by, *, to=None, seats=None, pay=0, **wanted) -> Booking:
    """Change it to these seats, or free ones of the show; the new booking."""
    show = to or booking.show
    done = change_booking(
        by=by, ref=booking.ref,
        **{
            "show_id": show.pk, "seat_ids": seats or factories.free_seats(show, booking.tickets.count()),
            "shown_difference": Decimal(pay), "method": "cash" if by.is_staff else "demo",
            "reason": "The guest asked" if by.is_staff else "", **wanted,
        },
    )  # fmt: skip
    return Booking.objects.get(ref=done.ref)


def clean() -> list[str]:
    return [found.check.name for found in prove() if found.count]


def test_other_seats_of_the_show_at_the_difference(guest):
    booking = factories.booked(by=guest)
    old = ticket_code(for_papers(booking.pk), for_papers(booking.pk).tickets[0])
    vip = factories.free_seats(booking.show, 2, kind="vip")

    new = changed(booking, guest, seats=vip, pay=14)

    booking.refresh_from_db()
    assert (booking.state, new.state, new.replaces_id, new.total) == (
        "cancelled",
        "confirmed",
        booking.pk,
        36,
    )
    assert set(SeatClaim.objects.filter(show=booking.show).values_list("seat_id", flat=True)) == set(vip)
    assert LedgerEntry.objects.aggregate(sum=Sum("amount"))["sum"] == 36
    assert Invoice.objects.get(booking=booking, series="credit_note").total == -22
    boss = people.actor_for(people.moderator())
    with pytest.raises(TicketDead):
        check_in(by=boss, code=old)
    seen = for_papers(new.pk)
    assert check_in(by=boss, code=ticket_code(seen, seen.tickets[0])).ref == new.ref
    assert clean() == []


def test_other_time_where_less_is_to_pay_gives_money_back(guest):
    booking = factories.booked(by=guest)
    cheap = factories.show(card=factories.price_card({**factories.PRICES, "standard": 7}))

    new = changed(booking, guest, to=cheap, pay=-8)

    assert (new.show_id, new.total, Refund.objects.get().amount) == (cheap.pk, 14, 22)
    assert not SeatClaim.objects.filter(show=booking.show).exists()
    assert clean() == []


def test_seat_in_common_is_kept(guest):
    show = factories.show()
    first, second, third = factories.free_seats(show, 3)
    booking = factories.booked(by=guest, of=show, seats=[first, second])

    new = changed(booking, guest, seats=[second, third])

    assert set(new.tickets.values_list("seat_id", flat=True)) == {second, third}
    assert SeatClaim.objects.filter(booking=new, state="sold").count() == SeatClaim.objects.count() == 2
    assert clean() == []


def test_price_that_was_not_shown_changes_nothing(guest):
    booking = factories.booked(by=guest)
    vip = factories.free_seats(booking.show, 2, kind="vip")

    with pytest.raises(PriceChanged):
        changed(booking, guest, seats=vip, pay=0)

    booking.refresh_from_db()
    assert (booking.state, Booking.objects.count()) == ("confirmed", 1)
    assert clean() == []


def test_coupon_goes_along_and_its_use_is_counted_once(guest):
    coupon = factories.coupon(percent=50, total_limit=1, per_customer_limit=1)
    booking = factories.booked(by=guest, coupon_code=coupon.code)

    new = changed(booking, guest, to=factories.show())

    coupon.refresh_from_db()
    assert (new.coupon_id, new.total, coupon.used) == (coupon.pk, 11, 1)
    assert clean() == []


def test_coupon_that_is_for_another_movie_stays_behind(guest):
    coupon = factories.coupon(percent=50)
    booking = factories.booked(by=guest, coupon_code=coupon.code)
    coupon.movies.add(booking.show.movie)

    new = changed(booking, guest, to=factories.show(), pay=11)

    coupon.refresh_from_db()
    assert (new.coupon_id, new.total, coupon.used) == (None, 22, 0)
    assert clean() == []


def test_tier_is_that_of_today():
    who = people.customer(tier="Silver")
    booking = factories.booked(by=who, seats=2)
    assert booking.total == Decimal("20.90")
    by = people.actor_for(who)  # two tickets in the year: Silver no more

    new = changed(booking, by, to=factories.show(), pay="1.10")

    assert new.total == 22
    assert clean() == []


def test_the_same_press_twice_changes_once(guest):
    booking, key = factories.booked(by=guest), once("user:1", "change", "k", 1)
    seats = factories.free_seats(booking.show)

    first, second = (changed(booking, guest, seats=seats, once=key) for _ in range(2))

    assert first == second
    assert Booking.objects.count() == 2
    with pytest.raises(AlreadyCancelled):
        changed(booking, guest)


def test_salesman_changes_what_is_assigned_to_them_and_no_other():
    seller, other = (people.actor_for(people.salesman()) for _ in range(2))
    booking = factories.booked(by=seller)

    with pytest.raises(BookingUnknown):
        changed(booking, other)
    new = changed(booking, seller)

    assert (new.seller_id, new.assigned_to_id, new.channel) == (seller.user_id, seller.user_id, "counter")
    assert Payment.objects.get(booking=new).method == "cash"
    assert clean() == []


def test_moderator_changes_any_with_a_reason(guest):
    boss = people.actor_for(people.moderator())
    booking = factories.booked(by=guest)

    with pytest.raises(ReasonNeeded, match="Enter the reason for this change"):
        changed(booking, boss, reason=" ")
    new = changed(booking, boss)

    assert new.customer_id == guest.customer_id
    entry = AuditEntry.objects.get(verb="change")
    assert (entry.reason, entry.on_id, entry.details["to"]) == ("The guest asked", booking.ref, new.ref)
    assert clean() == []


def test_given_away_stays_given_away_and_is_an_admins_to_change():
    owner = people.actor_for(people.admin())
    booking = factories.booked(by=owner, method="complimentary")

    with pytest.raises(MethodNotOffered):
        changed(booking, owner)
    with pytest.raises(MethodNotOffered):
        changed(booking, people.actor_for(people.moderator()), method="complimentary")
    new = changed(booking, owner, method="complimentary")

    assert (new.total, new.complimentary) == (0, True)
    assert clean() == []


def test_what_cannot_be_changed_is_refused(guest):
    booking, other = factories.booked(by=guest), factories.booked()
    show = booking.show
    own = list(booking.tickets.values_list("seat_id", flat=True))
    taken = list(other.tickets.values_list("seat_id", flat=True))

    for wanted, refusal in (
        ({"seats": own}, NothingChanged),
        ({"seats": factories.free_seats(show, 3)}, OtherNumber),
        ({"to": other.show, "seats": taken}, SeatTaken),
        ({"to": factories.show(state="planned")}, ShowNotOnSale),
        ({"to": factories.show(in_hours=-1)}, SalesClosed),
        ({"to": factories.show(counter_seats=99)}, LastSeatsAtTheCounter),
        ({"method": "cash"}, MethodNotOffered),
    ):
        with pytest.raises(refusal):
            changed(booking, guest, **wanted)
    with pytest.raises(NotConfirmed):
        changed(factories.held(by=guest), guest)
    with pytest.raises(BookingUnknown):
        changed(other, guest)
    with pytest.raises(NotAllowed):
        changed(booking, people.stranger())
    assert clean() == []


def test_guest_changes_until_the_usual_time(guest):
    booking = factories.booked(by=guest, of=factories.show(in_hours=1))

    with pytest.raises(TooLateToCancel, match="Tickets can be changed until"):
        changed(booking, guest, to=factories.show())


def test_used_ticket_is_not_changed(guest):
    booking = factories.booked(by=guest)
    seen = for_papers(booking.pk)
    check_in(by=people.actor_for(people.moderator()), code=ticket_code(seen, seen.tickets[0]))

    with pytest.raises(TicketUsed):
        changed(booking, guest)


def test_letter_says_first_what_changed(guest, mail_server: MailServer):
    booking = factories.booked(by=guest, of=factories.show(of=factories.movie("The Long Exposure")))
    later = factories.show(of=booking.show.movie, in_hours=50)

    new = changed(booking, guest, to=later, seats=factories.free_seats(later, 2, kind="vip"), pay=14)
    deliver_due()

    letter = mail_server.to(guest.email)[-1]
    text = letter.get_body(("plain",)).get_content()
    assert letter["Subject"].startswith("Changed: The Long Exposure")
    assert text.index("Now: The Long Exposure") < text.index("Before: The Long Exposure")
    assert "The difference of €14.00 is paid." in text
    assert f"It was {booking.ref[:4]} {booking.ref[4:]}" in text
    names = [
        name for part in letter.iter_attachments() if (name := part.get_filename() or ".png")[-3:] != "png"
    ]
    note = Invoice.objects.get(booking=booking, series="credit_note")
    sale = Invoice.objects.get(booking=new, series="invoice")
    assert names == ["tickets.pdf", f"invoice-{sale.label}.pdf", f"credit-note-{note.label}.pdf", "show.ics"]
    kinds = set(Letter.objects.filter(to=guest.email).values_list("kind", flat=True))
    assert kinds == {"booking_confirmed", "booking_changed"}
    assert clean() == []
