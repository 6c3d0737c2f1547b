"""A small house with at least one row of every table, for breaking its rules one at a time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from tests import factories, people
from theatre.actions.booking.cancel import cancel_booking
from theatre.actions.vip.book import book_reservation
from theatre.models import (
    AddressChange,
    ApiToken,
    Booking,
    CouponUse,
    Feedback,
    IdempotencyKey,
    Invitation,
    Letter,
    Message,
    MoveAnswer,
    MovieDigest,
    MovieFile,
    MovieFollow,
    Photo,
    Poster,
    PriceCardDaypart,
    Review,
    Seat,
    SeatClaim,
    SeatOutOfService,
    Show,
    ShowClosing,
    ShowMove,
    Thread,
    Ticket,
    Tries,
    User,
    VipReservation,
    WaitingParty,
)


def furnish() -> None:
    """Two shows of two movies; a hold, a booking with a coupon, one ticket of it returned; people of every role."""
    guest = people.customer(tier="Silver", email="ada@example.org")
    by = people.actor_for(guest)
    coupon = factories.coupon("SUMMER15", total_limit=5, per_customer_limit=5)
    show = factories.show()
    coupon.movies.add(show.movie)
    booking = factories.booked(by=by, of=show, seats=3, coupon_code=coupon.code)
    cancel_booking(by=by, ref=booking.ref, tickets=[booking.tickets.latest("pk").pk])
    factories.held(by=by, of=show, seats=2)
    factories.held(by=people.stranger(), of=factories.show(), seats=1)
    blocked = factories.free_seats(show, 1)[0]
    SeatClaim.objects.create(show=show, seat_id=blocked, plan_id=show.plan_id, state="blocked")
    where = Seat.objects.get(pk=blocked)
    SeatOutOfService.objects.create(
        screen=show.screen, row=where.row, number=where.number, show=show, reason="The spring is through"
    )
    PriceCardDaypart.objects.create(card=show.card, weekdays=[0, 1], begins="10:00", ends="15:00")
    boss = people.moderator(email="boss@example.org")
    owner = people.admin(email="owner@example.org")
    factories.vip(by=owner, of=show, seats=1, release_minutes=60)
    booked = factories.vip(by=owner, of=show, seats=1)
    book_reservation(
        by=people.actor_for(owner), reservation_id=booked.pk, shown_total=Decimal(0), method="complimentary"
    )
    closed = factories.show(in_hours=90)
    ShowClosing.objects.create(show=closed, reason="Fire", by=owner)
    Show.objects.filter(pk=closed.pk).update(state="cancelled")
    move = ShowMove.objects.create(
        show=show, by=owner, was_screen=show.screen, was_starts_at=show.starts_at, screen=show.screen,
        starts_at=show.starts_at,
    )  # fmt: skip
    never_free = factories.show(on=factories.screen(["w"]))  # so that no worker offers anything
    WaitingParty.objects.create(show=never_free, customer=guest.customer, seats=2)
    WaitingParty.objects.create(
        show=show, customer=guest.customer, seats=2, state="offered", ended_at=NOW, booking=booking
    )
    MoveAnswer.objects.create(move=move, booking=booking, was_seats=["A 1"], seats=["A 2"])
    people.salesman(email="sam@example.org", reports_to=boss)
    Review.objects.create(movie=show.movie, customer=guest.customer, stars=5)
    thread = Thread.objects.create(
        customer=guest.customer, topic="question", subject="The door", booking=booking
    )
    Message.objects.create(thread=thread, author=guest, text="When does it open?")
    ApiToken.objects.create(user=guest, name="till", digest=b"1" * 32)
    IdempotencyKey.objects.create(principal="user:1", route="holds", key="k", body_hash=b"2" * 32, status=200)
    for number in range(2):
        Letter.objects.create(
            key=f"letter:{number}", kind="booking_confirmed", to=guest.email, user=guest, booking=booking,
            message_id=f"<{number}@example.org>",
        )  # fmt: skip
    soon = timezone.now() + timedelta(hours=1)
    AddressChange.objects.create(
        user=guest, old=guest.email, new="eve@example.org", code_digest=b"3" * 32, expires_at=soon
    )
    Photo.objects.create(user=guest, webp=b"RIFF", mark="m")
    Tries.objects.create(limit="sign-in", who=b"4" * 32, tries=1, until=soon)
    Feedback.objects.create(text="Louder, then it is good", page="/", by=guest)
    MovieFollow.objects.create(movie=show.movie, customer=guest.customer)
    Poster.objects.create(movie=show.movie, small=b"RIFF", medium=b"RIFF", large=b"RIFF")
    MovieDigest.objects.create(day=soon.date())
    MovieFile.objects.create(name="films.csv", data=b"title", by=owner, seen={})
    Invitation.objects.create(
        email="new@example.org", role="salesman", invited_by=boss, digest=b"5" * 32, expires_at=soon
    )


def refusal(write: Callable[[], object]) -> str:
    """The name of the constraint that refuses this."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        write()
        connection.check_constraints()  # those that are asked at commit
    diagnosis = getattr(caught.value.__cause__, "diag", None)
    assert diagnosis is not None
    return str(diagnosis.constraint_name)


def changed(row: models.Model, **values: object) -> Callable[[], object]:
    """Changing this row to that."""
    return lambda: type(row)._base_manager.filter(pk=row.pk).update(**values)


def copied(row: models.Model, **values: object) -> Callable[[], object]:
    """Adding a row that is like this one but for these values."""
    keys = {field.attname for field in row._meta.fields if field.primary_key and not field.is_relation}
    kept = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.attname not in keys}
    return lambda: type(row)._base_manager.create(**{**kept, **values})


def confirmed() -> Booking:
    return Booking.objects.get(state="confirmed", complimentary=False)


def held() -> Booking:
    return Booking.objects.get(state="held", session="")


def stranger() -> Booking:
    return Booking.objects.exclude(session="").get()


def sold() -> Ticket:
    return Ticket.objects.filter(state="sold").earliest("pk")


def other_sold() -> Ticket:
    return Ticket.objects.filter(state="sold").latest("pk")


def held_ticket() -> Ticket:
    return held().tickets.earliest("pk")


def claim(state: str) -> SeatClaim:
    return SeatClaim.objects.filter(state=state, booking__session="").earliest("seat_id")


def blocked() -> SeatClaim:
    return SeatClaim.objects.get(state="blocked")


def vip(state: str = "reserved") -> VipReservation:
    return VipReservation.objects.get(state=state)


def closing() -> ShowClosing:
    return ShowClosing.objects.get()


def party(state: str = "waiting") -> WaitingParty:
    return WaitingParty.objects.get(state=state)


def answer() -> MoveAnswer:
    return MoveAnswer.objects.get()


def use() -> CouponUse:
    return CouponUse.objects.get()


def seat(kind: str = "standard") -> Seat:
    return Seat.objects.filter(plan=confirmed().show.plan, kind=kind).earliest("pk")


def another_halls_seat() -> Seat:
    return Seat.objects.filter(plan=stranger().show.plan).earliest("pk")


def free_seat_elsewhere() -> Seat:
    """Of the stranger's show, and not theirs."""
    return Seat.objects.filter(plan=stranger().show.plan).latest("pk")


def guest() -> User:
    return User.objects.get(email="ada@example.org")


NOW = datetime.now(UTC)
CENT = Decimal("0.01")
