"""Everything about which a letter is sent, done once with markup in every word that is said."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from tests import factories, people
from tests.access.cast import Cast
from tests.access.markup import SHAPES, marked
from tests.web import factors
from tests.web.browsers import browser_of
from theatre import events
from theatre.actions.booking import waiting
from theatre.actions.booking.cancel import cancel_booking
from theatre.actions.booking.change import change_booking
from theatre.actions.booking.check_in import check_in
from theatre.actions.movies import releasing
from theatre.actions.movies.digest import tell_of_new_movies
from theatre.actions.movies.files import import_file, look_through
from theatre.actions.movies.follow import follow_movie
from theatre.actions.people import erase, feedback, invitations, profile, second_factor, staff
from theatre.actions.screens import out_of_service
from theatre.actions.shows.cancel import cancel_show, give_back_cancelled_shows
from theatre.actions.shows.move import move_show
from theatre.actions.shows.plan import put_on_sale
from theatre.actions.vip.book import book_reservation
from theatre.documents.record import ticket_code
from theatre.models import (
    AddressChange,
    Booking,
    Employee,
    Letter,
    Message,
    MoveAnswer,
    Review,
    Screen,
    Seat,
    SeatOutOfService,
    Show,
    Thread,
    Ticket,
    VipReservation,
)
from theatre.queries import links, moving
from theatre.queries.bookings import for_papers


def hall() -> Screen:
    """A screen with markup for its name and its first row; once there is a show, no row takes another letter."""
    screen = factories.screen(name=f"{marked('theatre.Screen.name')} {Screen.objects.count()}")
    Seat.objects.filter(plan=factories.plan_of(screen), row="A").update(row=SHAPES[-1])
    return screen


def of_guests(cast: Cast, said: str) -> None:
    """Bookings made, changed, returned and used; seats waited for; words left behind."""
    guest, maya, till = cast.actor("customer"), cast.users["customer"], cast.actor("salesman")
    show = factories.show(of=cast.show.movie, on=hall())
    factories.booked(by=till, of=show, for_customer=maya.email)
    factories.booked(by=guest, of=show, seats=1, coupon_code=factories.coupon().code)
    part = factories.booked(by=guest, of=show)
    cancel_booking(by=guest, ref=part.ref, reason=said, tickets=[Ticket.objects.filter(booking=part)[0].pk])
    factories.cancelled(by=guest, of=show, reason=said, seats=1)
    old = factories.booked(by=guest, of=show, seats=1)
    change_booking(
        by=guest, ref=old.ref, show_id=show.pk, seat_ids=factories.free_seats(show, 1),
        shown_difference=Decimal(0), method="demo",
    )  # fmt: skip
    used = for_papers(factories.booked(by=guest, of=show, seats=1).pk)
    check_in(by=till, code=ticket_code(used, used.tickets[0]), show_id=show.pk, door=said[:40])

    small = factories.show(on=factories.screen(("ss",)), of=cast.show.movie)
    full = factories.booked(of=small)
    for seats, who in ((2, guest), (1, cast.actor("other customer"))):
        waiting.ask_for_seats(by=who, show_id=small.pk, seats=seats)
    cancel_booking(by=people.actor_for(full.customer.user), ref=full.ref)
    waiting.serve_waiting()
    cancel_show(by=cast.actor("moderator"), show_id=small.pk, reason=said)
    waiting.serve_waiting()

    profile.change_access_needs(by=guest, access_needs=said)
    feedback.send_feedback(by=guest, text=said, page="/", reply_to="")
    topic = Thread.objects.create(customer=maya.customer, topic="question", subject=said)
    Message.objects.create(thread=topic, author=maya, text=said)
    for state in ("approved", "removed"):
        Review.objects.create(
            movie=cast.show.movie, customer=people.customer().customer, stars=4, text=said, state=state, reason=said
        )  # fmt: skip


def of_shows(cast: Cast, said: str) -> None:
    """A show cancelled, one moved, seats out of service and kept for a guest; movies announced, opened and imported."""
    admin, moderator, guest = cast.actor("admin"), cast.actor("moderator"), cast.actor("customer")
    off, moved = (factories.show(of=cast.show.movie, on=hall(), in_hours=hours) for hours in (24, 48))
    for show in (off, moved):
        factories.booked(by=guest, of=show)
    cancel_show(by=moderator, show_id=off.pk, reason=said)
    give_back_cancelled_shows()
    at = moved.starts_at + timedelta(hours=1)
    seen = moving.proposal(moved.pk, moving.place(moved.pk, moved.screen_id, at)).mark
    move_show(
        by=moderator, show_id=moved.pk, screen_id=moved.screen_id, starts_at=at, reason=said, seen=seen,
        knowing_late=True,
    )  # fmt: skip
    out_of_service.take_out(
        by=admin, screen_id=moved.screen_id, row="B", number=9, reason=said, show_id=moved.pk
    )
    paid = factories.vip(of=cast.show, by=admin, guest=said, note=said, complimentary=True)
    factories.vip(of=cast.show, by=admin, guest=said, note=said)
    book_reservation(by=admin, reservation_id=paid.pk, shown_total=Decimal(0), method="complimentary")

    new = factories.movie(said, state="draft")
    releasing.announce_movie(by=admin, movie_id=new.pk)
    follow_movie(by=guest, movie_id=new.pk)
    planned = factories.show(of=new, state="planned", in_hours=72)
    releasing.open_movie(by=admin, movie_id=new.pk)
    put_on_sale(by=moderator, show_ids=[planned.pk])
    tell_of_new_movies()
    rows = json.dumps([{"title": f"{said} imported", "release date": "2020-01-01"}]).encode()
    import_file(by=admin, file_id=look_through(by=admin, data=rows, name="movies.json"))


def of_people(cast: Cast, said: str) -> None:
    """Every change of how somebody signs in, works here or has an account."""
    admin, maya = cast.actor("admin"), cast.users["customer"]
    invitations.invite(by=admin, email="invited@example.org", role="salesman", full_name=said)
    staff.suspend(by=admin, user_id=people.salesman(name=said).pk, reason=said)
    lost = people.salesman(name=said)
    factors.add_passkey(browser_of(lost))
    second_factor.reset_second_factor(by=admin, user_id=lost.pk, reason=said)
    erase.erase_person(by=people.actor_for(people.customer(name=said)))
    asked = AddressChange.objects.create(
        user=maya,
        old=maya.email,
        new="another@example.org",
        code_digest=b"1",
        expires_at=datetime.now(UTC) + timedelta(hours=1),
    )
    about = {"sender": None, "user_id": maya.pk}
    to = {**about, "email": maya.email}
    events.tier_reached.send(sender=None, customer_id=maya.customer.pk, tier="Gold", percent=Decimal("10.00"))
    events.address_code_asked.send(**to, code="482913")
    events.password_reset_asked.send(**to, link="http://localhost/account/password/new/a/b/")
    events.password_changed.send(**to)
    events.account_exists.send(**to)
    events.security_changed.send(**to, change="app_added", last=False)
    change = {**about, "change_id": asked.pk, "old": maya.email, "new": said}
    events.address_change_asked.send(**change | {"new": asked.new}, code="482913", taken_by=None)
    events.address_changed.send(**change)
    events.address_change_stopped.send(**about, change_id=asked.pk, kept=maya.email, dropped="")
    taken = {**change, "change_id": asked.pk + 1, "new": asked.new}
    events.address_change_asked.send(**taken, code="482913", taken_by=cast.users["other customer"].pk)


def addresses(cast: Cast) -> dict[str, list[str]]:
    """The pages of what was done that are not those of the cast's own things, by who looks at them."""
    invited = Letter.objects.get(kind="invitation", to="invited@example.org").data["code"]
    bookings = Booking.objects.filter(customer__user=cast.users["customer"]).exclude(state="lapsed")
    shows = Show.objects.filter(Q(closing__isnull=False) | Q(moves__isnull=False)).distinct()
    change = AddressChange.objects.get(user=cast.users["customer"])
    return {
        "stranger": [
            reverse("accept_invitation", args=[invited]),
            links.to_change("stop", change.pk).removeprefix(settings.SITE_URL),
        ],
        "customer": [
            reverse("confirm_address_code"),
            *(reverse("booking", args=[each.ref]) for each in bookings),
            *(links.to_moved(each.booking_id) for each in MoveAnswer.objects.all()),
        ],
        "admin": [
            *(reverse("person", args=[each.user_id]) for each in Employee.objects.exclude(status="active")),
            *(reverse("show", args=[each.pk]) for each in shows),
            *(reverse("show_cancel", args=[each.pk]) for each in shows),
            *(reverse("screen", args=[each.screen_id]) for each in SeatOutOfService.objects.all()),
            *(reverse("vip_reservation", args=[each.pk]) for each in VipReservation.objects.all()),
        ],
    }
