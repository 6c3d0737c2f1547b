"""A show moves with its guests: whose seat is there keeps it, the others get another and a new code, all are told."""

from datetime import UTC, datetime, timedelta

import pytest

from tests import factories, people
from tests.notices.conftest import MailServer
from theatre.access import Actor, NotAllowed
from theatre.actions.booking._once import once
from theatre.actions.booking.check_in import TicketDead, check_in
from theatre.actions.booking.confirm import confirm_booking
from theatre.actions.booking.hold import hold_seats
from theatre.actions.booking.moved import (
    NotMoved,
    ShowHasBegun,
    give_tickets_back,
    keep_tickets,
    take_other_seats,
)
from theatre.actions.screens.out_of_service import take_out
from theatre.actions.shows.move import ReasonLeftOut, SamePlace, move_show
from theatre.documents.record import ticket_code
from theatre.models import Letter, MoveAnswer, Refund, Seat, SeatClaim, Show, ShowMove, VipReservation
from theatre.notices.outbox import deliver_due
from theatre.queries import moving
from theatre.queries.bookings import for_papers
from theatre.queries.integrity import prove
from theatre.rules.bookings import AlreadyCancelled, HoldLapsed
from theatre.rules.moving import OtherKinds, SeatsMissing, SeenOtherwise
from theatre.rules.seating import SeatTaken, SeatUnknown
from theatre.rules.shows import InThePast, ScreenBusy, ShowCannot

pytestmark = pytest.mark.django_db

WHY = "The projector has failed"
SMALL = ("ssss", "ssss", "ssss", "wcss", "pppp", "vv")


@pytest.fixture
def boss():
    return people.actor_for(people.moderator(name="Ines Moreau"))


def seats(show: Show, *names: str) -> list[int]:
    """Ids of seats by their names: `A1`."""
    return [Seat.objects.get(plan=show.plan_id, row=name[0], number=int(name[1:])).pk for name in names]


def moved_to(show: Show, by: Actor, *, on=None, hours: float = 0, **wanted) -> int:
    """Move it to where the proposal was just looked at."""
    screen_id, starts_at = (on or show.screen).pk, show.starts_at + timedelta(hours=hours)
    seen = moving.proposal(show.pk, moving.place(show.pk, screen_id, starts_at)).mark
    return move_show(
        by=by,
        show_id=show.pk,
        **{
            "screen_id": screen_id,
            "starts_at": starts_at,
            "reason": WHY,
            "seen": seen,
            "knowing_late": True,
            **wanted,
        },
    )


def names_of(booking) -> list[str]:
    return [ticket.seat for ticket in for_papers(booking.pk).live_tickets]


def clean() -> list[str]:
    return [found.check.name for found in prove() if found.count]


def test_other_time_keeps_every_seat_and_every_code(boss):
    show = factories.show()
    booking = factories.booked(of=show)
    before = for_papers(booking.pk)

    moved_to(show, boss, hours=2)

    show.refresh_from_db()
    assert show.starts_at == before.starts_at + timedelta(hours=2)
    assert [ticket.nonce for ticket in for_papers(booking.pk).tickets] == [t.nonce for t in before.tickets]
    assert MoveAnswer.objects.get().seats == [ticket.seat for ticket in before.tickets]
    assert clean() == []


def test_other_screen_keeps_the_seats_it_has_and_gives_the_others_the_best(boss):
    show, small = factories.show(), factories.screen(SMALL)
    keeps = factories.booked(of=show, seats=seats(show, "A1", "A2"))
    moves = factories.booked(of=show, seats=seats(show, "A9", "A10"))
    chair = factories.booked(of=show, seats=seats(show, "D1", "D2"))
    old = ticket_code(for_papers(moves.pk), for_papers(moves.pk).tickets[0])
    kept = ticket_code(for_papers(keeps.pk), for_papers(keeps.pk).tickets[0])

    moved_to(show, boss, on=small)

    assert names_of(keeps) == ["A 1", "A 2"]
    assert names_of(chair) == ["D 1", "D 2"]
    assert len(names_of(moves)) == 2
    assert set(names_of(moves)).isdisjoint({"A 9", "A 10"})
    with pytest.raises(TicketDead):
        check_in(by=boss, code=old)
    assert check_in(by=boss, code=kept).screen == small.name
    seen = for_papers(moves.pk)
    assert check_in(by=boss, code=ticket_code(seen, seen.tickets[0])).seat == seen.tickets[0].seat
    assert clean() == []


def test_whoever_was_let_in_before_is_let_in_again_where_it_is_now(boss):
    show = factories.show(in_hours=0.4)
    booking = factories.booked(of=show, seats=1)
    code = ticket_code(for_papers(booking.pk), for_papers(booking.pk).tickets[0])
    check_in(by=boss, code=code, door="Foyer")

    moved_to(show, boss, on=factories.screen())

    assert check_in(by=boss, code=code, door="Hall 2").door == "Hall 2"
    assert clean() == []


def test_hold_ends_and_its_confirmation_is_refused(boss):
    guest = people.actor_for(people.customer())
    hold = factories.held(by=guest)
    show = hold.show

    moved_to(show, boss, hours=1)

    hold.refresh_from_db()
    assert hold.state == "lapsed"
    assert moving.moved_while_held(hold.pk)
    with pytest.raises(HoldLapsed):
        confirm_booking(by=guest, ref=hold.ref, shown_total=22, method="demo")
    again = factories.held(by=guest, of=show)
    assert not moving.moved_while_held(again.pk)


def test_seats_of_the_old_screen_are_no_longer_held(boss):
    show = factories.show()
    old = factories.free_seats(show)
    factories.booked(of=show)

    moved_to(show, boss, on=factories.screen(SMALL))

    with pytest.raises(SeatUnknown):
        hold_seats(by=boss, show_id=show.pk, seat_ids=old)


def test_seat_out_of_service_there_is_given_to_nobody(boss):
    show, other = factories.show(), factories.screen()
    owner = people.actor_for(people.admin())
    tomorrow = datetime.now(UTC).date() + timedelta(days=9)
    take_out(by=owner, screen_id=other.pk, row="A", number=1, reason="Broken", last_day=tomorrow)
    booking = factories.booked(of=show, seats=seats(show, "A1"))

    moved_to(show, boss, on=other)

    assert names_of(booking) != ["A 1"]
    assert SeatClaim.objects.get(show=show, state="blocked").seat.number == 1
    assert clean() == []


def test_vip_reservation_goes_along_with_its_release_time(boss):
    show = factories.show()
    kept = factories.vip(of=show, seats=seats(show, "K1", "K2"), release_minutes=60)
    factories.release_time_came(factories.vip(of=show, seats=seats(show, "K3")))

    moved_to(show, boss, on=factories.screen(SMALL), hours=3)

    was, kept = kept.release_at, VipReservation.objects.get(pk=kept.pk)
    assert kept.release_at == was + timedelta(hours=3)
    assert set(Seat.objects.filter(pk__in=kept.seat_ids).values_list("kind", flat=True)) == {"vip"}
    assert SeatClaim.objects.filter(vip=kept, held_until=kept.release_at).count() == 2
    assert clean() == []


def test_show_whose_guests_find_no_seat_stays(boss):
    show, tiny = factories.show(), factories.screen(("s",))
    factories.booked(of=show)

    with pytest.raises(SeatsMissing):
        moved_to(show, boss, on=tiny)

    show.refresh_from_db()
    assert show.screen_id != tiny.pk
    assert not ShowMove.objects.exists()
    assert clean() == []


def test_what_was_not_seen_is_not_done(boss):
    show, small = factories.show(), factories.screen(SMALL)
    seen = moving.proposal(show.pk, moving.place(show.pk, small.pk, show.starts_at)).mark
    factories.booked(of=show, seats=seats(show, "B9"))

    with pytest.raises(SeenOtherwise):
        moved_to(show, boss, on=small, seen=seen)


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        ({"reason": " "}, ReasonLeftOut),
        ({"hours": 0}, SamePlace),
        ({"hours": -90}, InThePast),
    ],
)
def test_what_cannot_be_done_is_refused(boss, wanted, refusal):
    show = factories.show()
    factories.booked(of=show)

    with pytest.raises(refusal):
        moved_to(show, boss, **{"hours": 1, **wanted})

    assert not Letter.objects.filter(kind="show_moved").exists()


def test_busy_screen_says_when_it_is_free(boss):
    show, other = factories.show(), factories.show()
    factories.booked(of=show)

    with pytest.raises(ScreenBusy, match="The earliest start is"):
        moved_to(show, boss, on=other.screen)


def test_show_that_has_begun_stays(boss):
    show = factories.show(in_hours=-0.1)

    with pytest.raises(ShowCannot):
        moved_to(show, boss, hours=5)


@pytest.mark.parametrize("role", ["customer", "salesman"])
def test_others_may_not(role):
    show = factories.show()

    with pytest.raises(NotAllowed):
        moved_to(show, people.actor_for(getattr(people, role)()), hours=1)


def test_every_guest_with_an_address_gets_one_letter(boss, mail_server: MailServer):
    show, small = factories.show(of=factories.movie("The Long Exposure")), factories.screen(SMALL)
    guest = people.customer(name="Maya Rahman")
    factories.booked(by=guest, of=show, seats=seats(show, "A9", "A10"))
    factories.booked(by=people.salesman(), of=show, seats=1)

    moved_to(show, boss, on=small, hours=2)
    deliver_due()

    assert Letter.objects.filter(kind="show_moved").count() == 1
    letter = mail_server.to(guest.email)[-1]
    text = letter.get_body(("plain",)).get_content()
    assert letter["Subject"].startswith("Your show moved: The Long Exposure, now")
    assert f"It is in {small.name}, not in {show.screen.name}." in text
    assert "They were A 9, A 10." in text
    assert WHY in text
    assert "/moved/" in text
    names = [part.get_filename() for part in letter.iter_attachments() if part.get_filename()]
    assert names == ["tickets.pdf", "show.ics"]
    assert "SEQUENCE:1" in str(list(letter.iter_attachments())[-1].get_content())


def test_guest_says_that_they_come(boss):
    booking = factories.booked()
    moved_to(booking.show, boss, hours=1)

    keep_tickets(by=people.stranger(), booking_id=booking.pk)

    assert [answer.said for answer in moving.answers(booking.show_id)] == ["kept"]
    assert clean() == []


def test_guest_gives_everything_back_after_the_usual_time(boss):
    booking = factories.booked(of=factories.show(in_hours=1), seats=2)
    moved_to(booking.show, boss, hours=0.5)

    give_tickets_back(by=people.stranger(), booking_id=booking.pk)

    booking.refresh_from_db()
    assert (booking.state, Refund.objects.get().amount) == ("cancelled", booking.total)
    assert [answer.said for answer in moving.answers(booking.show_id)] == ["returned"]
    assert Letter.objects.filter(kind="booking_cancelled").count() == 1
    with pytest.raises(AlreadyCancelled):
        give_tickets_back(by=people.stranger(), booking_id=booking.pk)
    assert clean() == []


def test_guest_takes_other_seats_for_nothing(boss):
    show, small = factories.show(), factories.screen(SMALL)
    booking = factories.booked(of=show, seats=seats(show, "A9", "A10"))
    moved_to(show, boss, on=small)
    show.refresh_from_db()
    before = {ticket.id: ticket for ticket in for_papers(booking.pk).tickets}
    stays = before[min(before)].seat
    wanted = ["B1" if stays != "B 1" else "A1", stays.replace(" ", "")]

    labels = take_other_seats(by=people.stranger(), booking_id=booking.pk, seat_ids=seats(show, *wanted))

    after = for_papers(booking.pk)
    assert labels == [ticket.seat for ticket in after.tickets]
    assert sum(ticket.nonce == before[ticket.id].nonce for ticket in after.tickets) == 1
    assert SeatClaim.objects.filter(booking=booking).count() == 2
    assert [answer.said for answer in moving.answers(show.pk)] == ["other_seats"]
    assert clean() == []


def test_other_seats_are_free_ones_of_the_same_kinds(boss):
    show = factories.show()
    booking, other = factories.booked(of=show, seats=1), factories.booked(of=show, seats=1)
    moved_to(show, boss, hours=1)
    taken = other.tickets.get().seat_id

    for chosen, refusal in (
        ([taken], SeatTaken),
        (factories.free_seats(show, 1, kind="vip"), OtherKinds),
        (factories.free_seats(show, 2), OtherKinds),
    ):
        with pytest.raises(refusal):
            take_other_seats(by=people.stranger(), booking_id=booking.pk, seat_ids=chosen)
    assert clean() == []


def test_show_that_was_not_moved_is_not_answered():
    booking = factories.booked()

    for deed in (keep_tickets, give_tickets_back):
        with pytest.raises(NotMoved):
            deed(by=people.stranger(), booking_id=booking.pk)


def test_moved_show_that_has_begun_is_not_answered(boss):
    booking = factories.booked()
    moved_to(booking.show, boss, hours=1)
    begun = datetime.now(UTC) - timedelta(minutes=1)
    Show.objects.filter(pk=booking.show_id).update(starts_at=begun)

    with pytest.raises(ShowHasBegun):
        give_tickets_back(by=people.stranger(), booking_id=booking.pk)


def test_moving_again_asks_again(boss):
    show, small = factories.show(), factories.screen(SMALL)
    booking = factories.booked(of=show)
    moved_to(show, boss, hours=1)
    keep_tickets(by=people.stranger(), booking_id=booking.pk)
    show.refresh_from_db()

    moved_to(show, boss, on=small)

    assert [answer.said for answer in moving.answers(show.pk)] == [""]
    assert Letter.objects.filter(kind="show_moved").count() == 2
    assert clean() == []


def test_the_same_press_twice_moves_once(boss):
    show = factories.show()
    factories.booked(of=show)
    key = once("user:1", "move", "k", 1)

    assert moved_to(show, boss, hours=1, once=key) == moved_to(show, boss, hours=1, once=key)
    assert ShowMove.objects.count() == 1
