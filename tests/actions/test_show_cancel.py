"""A cancelled show: nobody books it any more, everybody gets their money back, once, however often it is begun."""

from decimal import Decimal

import pytest
from django.db.models import Sum

from tests import factories, people
from tests.notices.conftest import MailServer
from tests.spent import spent
from theatre.access import NotAllowed
from theatre.actions.booking.check_in import check_in
from theatre.actions.booking.confirm import confirm_booking
from theatre.actions.booking.hold import hold_seats
from theatre.actions.shows.cancel import (
    NotUnderWay,
    ReasonLeftOut,
    ShowUnknown,
    cancel_show,
    give_back_cancelled_shows,
    resume_giving_back,
    stop_giving_back,
)
from theatre.documents.record import ticket_code
from theatre.models import (
    AuditEntry,
    Booking,
    Invoice,
    LedgerEntry,
    Letter,
    Payment,
    Refund,
    SeatClaim,
    ShowClosing,
)
from theatre.notices.outbox import deliver_due
from theatre.queries.bookings import for_papers
from theatre.queries.closing import closing, touched
from theatre.queries.integrity import prove
from theatre.rules.bookings import HoldLapsed
from theatre.rules.refusals import Refused
from theatre.rules.shows import ShowCannot, ShowNotOnSale

pytestmark = pytest.mark.django_db

WHY = "The projector is broken"


@pytest.fixture
def boss():
    return people.actor_for(people.moderator(name="Ines Moreau"))


def test_show_is_off_sale_at_once_and_its_holds_end(boss):
    show = factories.show()
    hold = factories.held(of=show)

    cancel_show(by=boss, show_id=show.pk, reason=WHY)

    show.refresh_from_db()
    hold.refresh_from_db()
    assert (show.state, hold.state) == ("cancelled", "lapsed")
    assert not SeatClaim.objects.filter(show=show).exists()
    with pytest.raises(ShowNotOnSale):
        hold_seats(by=boss, show_id=show.pk, seat_ids=factories.free_seats(show))


def test_hold_of_a_cancelled_show_is_not_confirmed(boss):
    guest = people.actor_for(people.customer())
    hold = factories.held(by=guest)
    cancel_show(by=boss, show_id=hold.show_id, reason=WHY)

    with pytest.raises(HoldLapsed):
        confirm_booking(by=guest, ref=hold.ref, shown_total=Decimal(22), method="demo")


def test_every_booking_is_given_back_in_full_with_its_papers_and_one_letter(boss):
    show = factories.show()
    anna = people.customer()
    coupon = factories.coupon(total_limit=5)
    online = factories.booked(by=anna, of=show, seats=3, coupon_code=coupon.code)
    counter = factories.booked(by=people.salesman(), of=show, seats=1)
    given = factories.booked(by=people.admin(), of=show, seats=1, method="complimentary")

    cancel_show(by=boss, show_id=show.pk, reason=WHY)
    assert give_back_cancelled_shows() == 3

    for booking in (online, counter, given):
        booking.refresh_from_db()
        assert (booking.state, booking.cancel_reason, booking.ended_by_id) == ("cancelled", WHY, boss.user_id)
        assert Invoice.objects.filter(booking=booking, series="credit_note").count() == 1
        assert Payment.objects.get(booking=booking).refunded == booking.total
    assert LedgerEntry.objects.filter(booking__show=show).aggregate(sum=Sum("amount"))["sum"] == 0
    assert Refund.objects.get(booking=online).state == "done"
    assert Refund.objects.get(booking=counter).state == "due"  # cash is handed back at the counter
    assert list(Letter.objects.filter(kind="show_cancelled").values_list("to", flat=True)) == [anna.email]
    assert not Letter.objects.filter(kind__in=["booking_cancelled", "cancellation"]).exists()
    assert not SeatClaim.objects.filter(show=show).exists()
    coupon.refresh_from_db()
    assert coupon.used == 0
    seen = closing(show.pk)
    assert (seen.state, seen.done, seen.left) == ("finished", 3, 0)
    assert [found.check.name for found in prove() if found.count] == []


def test_ticket_that_was_used_comes_back_too(boss):
    show = factories.show(in_hours=-0.1)
    booking = factories.booked(by=people.salesman(), of=show, seats=2)
    seen = for_papers(booking.pk)
    check_in(by=boss, code=ticket_code(seen, seen.tickets[0]))

    cancel_show(by=boss, show_id=show.pk, reason=WHY)
    give_back_cancelled_shows()

    booking.refresh_from_db()
    assert booking.state == "cancelled"
    assert set(booking.tickets.values_list("state", flat=True)) == {"returned"}
    assert [found.check.name for found in prove() if found.count] == []


def test_what_was_returned_before_is_not_returned_again(boss):
    guest = people.actor_for(people.customer())
    show = factories.show()
    factories.cancelled(by=guest, of=show)
    kept = factories.booked(by=guest, of=show)

    cancel_show(by=boss, show_id=show.pk, reason=WHY)

    assert give_back_cancelled_shows() == 1
    assert Letter.objects.get(kind="show_cancelled").booking == kept
    assert closing(show.pk).of == 1


@pytest.mark.slow
def test_three_hundred_bookings_ask_the_database_eighteen_questions_each_at_most(boss, capsys):
    show = factories.show(on=factories.screen(["s" * 30] * 22))
    guests = [people.actor_for(people.customer()) for _ in range(30)]
    seats = factories.free_seats(show, 600)
    for number in range(300):
        factories.booked(by=guests[number % 30], of=show, seats=seats[2 * number : 2 * number + 2])

    with spent() as database:
        cancel_show(by=boss, show_id=show.pk, reason=WHY)
        runs = list(iter(give_back_cancelled_shows, 0))  # each for some seconds, as the worker's

    assert sum(runs) == 300
    with capsys.disabled():
        print(
            f"\n300 bookings: {database.statements} statements, {database.worked:.2f} s of PostgreSQL's CPU,"
            f" {database.waited:.2f} s waited for answers"
        )
    assert database.statements <= 18 * 300
    assert LedgerEntry.objects.filter(booking__show=show).aggregate(sum=Sum("amount"))["sum"] == 0
    assert Refund.objects.filter(booking__show=show).aggregate(sum=Sum("amount"))["sum"] == 6600
    assert Letter.objects.filter(kind="show_cancelled", booking__show=show).count() == 300
    assert not SeatClaim.objects.filter(show=show).exists()
    assert [found.check.name for found in prove() if found.count] == []


def test_doing_it_again_does_nothing_twice(boss):
    show = factories.show()
    factories.booked(of=show)
    cancel_show(by=boss, show_id=show.pk, reason=WHY)

    assert [give_back_cancelled_shows(), give_back_cancelled_shows()] == [1, 0]
    with pytest.raises(ShowCannot):
        cancel_show(by=boss, show_id=show.pk, reason=WHY)

    assert Refund.objects.count() == Letter.objects.filter(kind="show_cancelled").count() == 1


def test_it_is_stopped_and_resumed(boss):
    show = factories.show()
    factories.booked(of=show)
    cancel_show(by=boss, show_id=show.pk, reason=WHY)

    stop_giving_back(by=boss, show_id=show.pk)
    assert (give_back_cancelled_shows(), closing(show.pk).state) == (0, "stopped")
    resume_giving_back(by=boss, show_id=show.pk)
    assert (give_back_cancelled_shows(), closing(show.pk).state) == (1, "finished")

    for switch in (stop_giving_back, resume_giving_back):
        with pytest.raises(NotUnderWay):
            switch(by=boss, show_id=show.pk)


def test_it_goes_on_when_whoever_began_it_has_left(boss):
    who = people.moderator()
    show = factories.show()
    factories.booked(of=show)
    cancel_show(by=people.actor_for(who), show_id=show.pk, reason=WHY)
    who.employee.status = "removed"
    who.employee.save(update_fields=["status"])

    assert give_back_cancelled_shows() == 1


def test_one_that_cannot_be_given_back_keeps_no_other(boss):
    show = factories.show()
    broken, fine = factories.booked(of=show), factories.booked(of=show)
    Payment.objects.filter(booking=broken).update(amount=1)
    cancel_show(by=boss, show_id=show.pk, reason=WHY)

    assert give_back_cancelled_shows() == 1

    fine.refresh_from_db()
    assert fine.state == "cancelled"
    assert (closing(show.pk).state, closing(show.pk).left) == ("running", 1)
    Payment.objects.filter(booking=broken).update(amount=22)
    assert give_back_cancelled_shows() == 1


def test_page_says_beforehand_what_it_will_touch(boss):
    show = factories.show()
    anna = people.customer()
    for _ in range(2):
        factories.booked(by=anna, of=show, seats=2)
    factories.booked(by=people.salesman(), of=show, seats=1)
    factories.held(of=show)

    seen = touched(show.pk)

    assert seen == (3, 5, 55, 11, 1, 1, 0, 1, 0)


def test_show_nobody_booked_is_done_by_the_next_run(boss):
    show = factories.show()

    cancel_show(by=boss, show_id=show.pk, reason=WHY)
    give_back_cancelled_shows()

    assert closing(show.pk).state == "finished"


def test_it_is_said_who_did_it_and_why(boss):
    show = factories.show()

    cancel_show(by=boss, show_id=show.pk, reason=WHY)

    entry = AuditEntry.objects.get(verb="cancel_show")
    assert (entry.actor_id, entry.on_id, entry.reason) == (boss.user_id, str(show.pk), WHY)


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ({"reason": "  "}, ReasonLeftOut),
        ({"show_id": 999_999}, ShowUnknown),
    ],
)
def test_what_cannot_be_done_is_refused_and_changes_nothing(boss, asked, refusal):
    show = factories.show()

    with pytest.raises(refusal) as refused:
        cancel_show(by=boss, **{"show_id": show.pk, "reason": WHY, **asked})

    assert isinstance(refused.value, Refused)
    assert not ShowClosing.objects.exists()
    show.refresh_from_db()
    assert show.state == "on_sale"


def test_show_that_was_played_stays_played(boss):
    show = factories.show(in_hours=-5, state="played")

    with pytest.raises(ShowCannot):
        cancel_show(by=boss, show_id=show.pk, reason=WHY)


@pytest.mark.parametrize("role", ["customer", "salesman"])
def test_others_may_not(role):
    by = people.actor_for(getattr(people, role)())

    for deed in (
        lambda: cancel_show(by=by, show_id=1, reason=WHY),
        lambda: stop_giving_back(by=by, show_id=1),
        lambda: resume_giving_back(by=by, show_id=1),
    ):
        with pytest.raises(NotAllowed):
            deed()


def test_letter_says_why_what_comes_back_and_what_else_there_is(boss, mail_server: MailServer):
    guest = people.customer(name="Maya Rahman")
    movie = factories.movie("The Long Exposure")
    show = factories.show(of=movie, in_hours=30)
    other = factories.show(of=movie, in_hours=60, on=factories.screen(name="The Lantern"))
    factories.show(of=movie, in_hours=70, state="planned")
    booking = factories.booked(by=guest, of=show)
    cancel_show(by=boss, show_id=show.pk, reason=WHY)
    give_back_cancelled_shows()

    deliver_due()

    letter = mail_server.to(guest.email)[-1]
    text = letter.get_body(("plain",)).get_content()
    assert letter["Subject"].startswith("Your show is cancelled: The Long Exposure")
    assert "You get €22.00 back" in text
    assert WHY in text
    assert f"/shows/{other.pk}/seats" in text
    assert text.count("/seats/") == 1
    names = [part.get_filename() for part in letter.iter_attachments() if part.get_filename()]
    note = Invoice.objects.get(booking=booking, series="credit_note")
    assert names == [f"credit-note-{note.label}.pdf", "show.ics"]
    assert "CANCELLED" in str(list(letter.iter_attachments())[-1].get_content())


def test_numbers_of_credit_notes_have_no_gap(boss):
    show = factories.show()
    for _ in range(4):
        factories.booked(of=show)
    cancel_show(by=boss, show_id=show.pk, reason=WHY)
    give_back_cancelled_shows()

    numbers = Invoice.objects.filter(series="credit_note").order_by("number").values_list("number", flat=True)

    assert list(numbers) == list(range(1, 5))
    assert not Booking.objects.filter(show=show, state="confirmed").exists()
