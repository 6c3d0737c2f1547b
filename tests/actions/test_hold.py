from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models.functions import Now

from tests import factories, people
from tests.actions.said import refusal
from theatre.access import NotAllowed
from theatre.actions.booking import confirm, keep
from theatre.actions.booking.hold import Hold, hold_seats
from theatre.models import AuditEntry, Booking, Customer, PriceCardAmount, Seat, SeatClaim, Show, Ticket

pytestmark = pytest.mark.django_db

# The row with wheelchair spaces, a broken seat, a house seat, and three in a row at the end.
SMALL = ("ssbhs", "wcs..")


@pytest.fixture
def guest():
    return people.actor_for(people.customer())


def small_show() -> tuple[Show, dict[str, int]]:
    show = factories.show(on=factories.screen(SMALL))
    return show, {str(seat): seat.pk for seat in Seat.objects.filter(plan=show.plan)}


def claims(show: Show) -> dict[int, str]:
    return dict(SeatClaim.objects.filter(show=show).values_list("seat_id", "state"))


def test_seats_are_held_for_eight_minutes_at_their_list_price(guest):
    show = factories.show()
    seats = factories.free_seats(show, 2)

    hold = hold_seats(by=guest, show_id=show.pk, seat_ids=seats[::-1])

    booking = Booking.objects.get(ref=hold.ref)
    assert [(t["seat_id"], t["seat"], t["kind"], t["price"]) for t in hold.tickets] == [
        (seats[0], "A 1", "standard", "11.00"),
        (seats[1], "A 2", "standard", "11.00"),
    ]
    assert (hold.quote["total"], hold.quote["currency"]) == ("22.00", "EUR")
    assert (
        timedelta(minutes=7, seconds=50)
        < booking.held_until - booking.created_at
        < timedelta(minutes=8, seconds=10)
    )
    assert hold.held_until == booking.held_until.isoformat()
    assert (booking.state, booking.customer_id, booking.booked_by_id) == (
        "held",
        guest.customer_id,
        guest.user_id,
    )
    assert claims(show) == {seats[0]: "held", seats[1]: "held"}
    assert set(SeatClaim.objects.values_list("held_until", "booking")) == {(booking.held_until, booking.pk)}
    assert AuditEntry.objects.get(verb="hold").details == {"seats": ["A 1", "A 2"], "show": show.pk}


def test_price_is_frozen_when_the_seat_is_held(guest):
    booking = factories.held(by=guest, seats=1)

    PriceCardAmount.objects.filter(card=booking.show.card).update(amount=99)

    assert Ticket.objects.get(booking=booking).list_price == 11
    assert factories.checkout_total(guest, booking.ref) == 11


def test_those_who_asked_for_it_hold_for_thirty_minutes():
    who = people.customer()
    Customer.objects.filter(user=who).update(long_holds=True)

    booking = factories.held(by=who)

    assert booking.held_until - booking.created_at > timedelta(minutes=29)


def test_quote_has_the_tiers_discount():
    hold = hold_seats(
        by=people.actor_for(people.customer(tier="Gold")),
        show_id=(show := factories.show()).pk,
        seat_ids=factories.free_seats(show, 1),
    )

    line = hold.quote["lines"][0]
    assert line["discounts"] == [{"kind": "tier", "label": "Gold", "amount": "1.10"}]
    assert (line["price"], hold.quote["total"]) == ("9.90", "9.90")


# Refusals -----------------------------------------------------------------------------------------------


def test_unknown_show_is_refused(guest):
    no = refusal(lambda: hold_seats(by=guest, show_id=0, seat_ids=[1]))

    assert (no.code, no.field) == ("show_unknown", "show")
    assert no.sentence == "There is no such show. Choose one from what’s on"


@pytest.mark.parametrize(
    ("state", "words"), [("planned", "not on sale yet"), ("cancelled", "cancelled"), ("played", "over")]
)
def test_show_that_is_not_on_sale_is_refused(guest, state, words):
    show = factories.show(state=state)

    no = refusal(lambda: hold_seats(by=guest, show_id=show.pk, seat_ids=factories.free_seats(show, 1)))

    assert (no.code, no.sentence) == ("show_not_on_sale", f"This show is {words}. Choose another time")


@pytest.mark.parametrize(
    ("fields", "begins"),
    [
        ({"in_hours": -0.1}, "This show started at "),
        (
            {"in_hours": 24, "on_sale_from": Now() + timedelta(hours=1)},
            "Tickets for this show go on sale on ",
        ),
        (
            {"in_hours": 24, "on_sale_until": Now() - timedelta(hours=1)},
            "Online sales for this show have ended. ",
        ),
    ],
)
def test_customer_buys_within_the_sales_window_and_before_the_start(guest, fields, begins):
    show = factories.show(**fields)

    no = refusal(lambda: hold_seats(by=guest, show_id=show.pk, seat_ids=factories.free_seats(show, 1)))

    assert no.code == "sales_closed"
    assert no.sentence.startswith(begins)
    assert not claims(show)


def test_counter_sells_until_twenty_minutes_after_the_start():
    seller = people.actor_for(people.salesman())
    late, too_late = factories.show(in_hours=-0.3), factories.show(in_hours=-0.35)

    booking = factories.held(by=seller, of=late)
    no = refusal(
        lambda: hold_seats(by=seller, show_id=too_late.pk, seat_ids=factories.free_seats(too_late, 1))
    )

    assert booking.state == "held"
    assert no.code == "sales_closed"
    assert no.sentence.startswith("Sales for this show ended at ")


@pytest.mark.parametrize(
    ("number", "code", "sentence"),
    [
        (0, "no_seats", "Choose at least one seat"),
        (11, "too_many_seats", "One booking holds up to 10 seats. Take 1 off your choice"),
    ],
)
def test_booking_has_one_to_ten_seats(guest, number, code, sentence):
    show = factories.show()

    no = refusal(
        lambda: hold_seats(by=guest, show_id=show.pk, seat_ids=factories.free_seats(show, number)[:number])
    )

    assert (no.code, no.sentence, no.field) == (code, sentence, "seats")
    assert not claims(show)


def test_staff_hold_up_to_fifty_seats():
    seller = people.actor_for(people.salesman())
    show = factories.show()

    assert factories.held(by=seller, of=show, seats=50).tickets.count() == 50
    no = refusal(lambda: hold_seats(by=seller, show_id=show.pk, seat_ids=range(51)))
    assert no.sentence == "One booking holds up to 50 seats. Take 1 off your choice"


def test_seat_is_named_once(guest):
    show = factories.show()
    seat = factories.free_seats(show, 1)[0]

    no = refusal(lambda: hold_seats(by=guest, show_id=show.pk, seat_ids=[seat, seat]))

    assert (no.code, no.data) == ("seat_twice", {"seats": [seat]})
    assert no.sentence == "One seat is in your choice twice. Choose another, or one fewer"


@pytest.mark.parametrize("absent", [0, -1, 2**62, "another show's"])
def test_seat_of_another_screen_is_unknown(guest, absent):
    show = factories.show()
    seat = factories.free_seats(factories.show(), 1)[0] if isinstance(absent, str) else absent

    no = refusal(lambda: hold_seats(by=guest, show_id=show.pk, seat_ids=[seat]))

    assert (no.code, no.data) == ("seat_unknown", {"seats": [seat]})
    assert no.sentence == "That seat isn’t in this show’s screen. Choose your seats from its map"


def test_broken_and_house_seats_are_not_sold_to_customers(guest):
    show, seat = small_show()

    broken = refusal(lambda: hold_seats(by=guest, show_id=show.pk, seat_ids=[seat["A 3"]]))
    house = refusal(lambda: hold_seats(by=guest, show_id=show.pk, seat_ids=[seat["A 4"]]))

    assert (broken.code, broken.sentence) == ("seat_not_on_sale", "Seat A 3 isn’t on sale. Choose another")
    assert (house.code, house.sentence) == ("seat_not_on_sale", "Seat A 4 isn’t on sale. Choose another")


def test_staff_sell_the_house_seat_and_nobody_the_broken_one():
    show, seat = small_show()
    seller = people.actor_for(people.salesman())

    assert factories.held(by=seller, of=show, seats=[seat["A 4"]]).state == "held"
    assert (
        refusal(lambda: hold_seats(by=seller, show_id=show.pk, seat_ids=[seat["A 3"]])).code
        == "seat_not_on_sale"
    )


def test_companion_seat_is_held_with_its_wheelchair_space(guest):
    show, seat = small_show()

    no = refusal(lambda: hold_seats(by=guest, show_id=show.pk, seat_ids=[seat["B 2"], seat["B 3"]]))
    hold = hold_seats(by=guest, show_id=show.pk, seat_ids=[seat["B 2"], seat["B 1"]])

    assert (no.code, no.data) == ("companion_alone", {"seats": [seat["B 2"]]})
    assert no.sentence == "B 2 is a companion seat. Choose wheelchair space B 1 as well, or pick another seat"
    assert [ticket["seat"] for ticket in hold.tickets] == ["B 1", "B 2"]


def test_seat_that_somebody_has_is_refused_and_the_others_are_not_taken(guest):
    show = factories.show()
    first, second, third = factories.free_seats(show, 3)
    factories.held(of=show, seats=[first])

    no = refusal(lambda: hold_seats(by=guest, show_id=show.pk, seat_ids=[first, third]))

    assert (no.code, no.field) == ("seat_taken", "seats")
    assert no.data == {"seats": [first], "instead": second}
    assert no.sentence == "Seat A 1 was taken while you were choosing. A 2 beside it is free"
    assert claims(show) == {first: "held"}


@pytest.mark.parametrize("kept", [True, False])
def test_reserved_or_blocked_seat_is_taken(guest, kept):
    show = factories.show()
    seat = factories.free_seats(show, 1)[0]
    if kept:
        factories.vip(of=show, seats=[seat])
    else:
        SeatClaim.objects.create(show=show, seat_id=seat, plan_id=show.plan_id, state="blocked")

    assert refusal(lambda: hold_seats(by=guest, show_id=show.pk, seat_ids=[seat])).code == "seat_taken"


def test_seat_without_a_price_is_refused(guest):
    show = factories.show(card=factories.price_card({"premium": 13}))

    no = refusal(lambda: hold_seats(by=guest, show_id=show.pk, seat_ids=factories.free_seats(show, 1)))

    assert no.code == "seat_has_no_price"
    assert no.sentence == "A 1 has no price yet. Choose another seat, or ask at the counter"


# Lapsed holds -------------------------------------------------------------------------------------------


def test_lapsed_hold_frees_its_seats_at_once(guest):
    show = factories.show()
    lapsed = factories.lapse(factories.held(of=show, seats=3))
    seats = list(lapsed.tickets.order_by("pk").values_list("seat_id", flat=True))

    taken = factories.held(by=guest, of=show, seats=seats[:2])

    assert set(SeatClaim.objects.filter(booking=taken).values_list("seat_id", flat=True)) == set(seats[:2])
    owner = people.actor_for(lapsed.booked_by)
    for deed in (
        lambda: keep.extend_hold(by=owner, ref=lapsed.ref),
        lambda: confirm.confirm_booking(by=owner, ref=lapsed.ref, shown_total=Decimal(33), method="demo"),
    ):
        no = refusal(deed)
        assert no.code == "hold_lapsed"
        assert no.sentence.endswith("A 3 is still free, so you can hold it again")
    assert claims(show) == dict.fromkeys(seats, "held")


# Strangers ----------------------------------------------------------------------------------------------


def test_stranger_holds_for_their_browser_session():
    booking = factories.held(by=people.stranger(session="s1", network="192.0.2.1"))

    assert (booking.session, booking.network, booking.customer_id) == ("s1", "192.0.2.1", None)
    assert AuditEntry.objects.get(verb="hold").address == "192.0.2.1"


def test_strangers_new_hold_replaces_the_old_one_and_keeps_seats_in_common():
    show = factories.show()
    one, two, three = factories.free_seats(show, 3)
    by = people.stranger()
    before = factories.held(by=by, of=show, seats=[one, two])

    after = factories.held(by=by, of=show, seats=[two, three])

    before.refresh_from_db()
    assert (before.state, list(before.tickets.values_list("state", flat=True))) == (
        "lapsed",
        ["lapsed", "lapsed"],
    )
    assert dict(SeatClaim.objects.values_list("seat_id", "booking")) == {two: after.pk, three: after.pk}


def test_stranger_keeps_the_old_hold_when_the_new_one_is_refused():
    show = factories.show()
    one, two = factories.free_seats(show, 2)
    by = people.stranger()
    mine = factories.held(by=by, of=show, seats=[one])
    factories.held(of=show, seats=[two])

    assert refusal(lambda: hold_seats(by=by, show_id=show.pk, seat_ids=[two])).code == "seat_taken"
    assert SeatClaim.objects.get(seat_id=one).booking_id == mine.pk


def test_strangers_of_one_network_hold_twenty_seats():
    show = factories.show()
    for number in range(2):
        factories.held(by=people.stranger(session=f"s{number}"), of=show, seats=10)

    no = refusal(
        lambda: hold_seats(
            by=people.stranger(session="s2"), show_id=show.pk, seat_ids=factories.free_seats(show, 1)
        )
    )
    elsewhere = factories.held(by=people.stranger(session="s3", network="192.0.2.99"), of=show)
    replaced = factories.held(by=people.stranger(session="s0"), of=show, seats=10)

    assert (no.code, no.field) == ("too_many_seats_here", "seats")
    assert no.sentence == (
        "Too many seats are being held from your network. Sign in to hold yours, or wait a few minutes"
    )
    assert (elsewhere.state, replaced.state) == ("held", "held")


# Customers ----------------------------------------------------------------------------------------------


def test_customer_has_three_holds_at_once(guest):
    show = factories.show()
    holds = [factories.held(by=guest, of=show, seats=1) for _ in range(3)]

    no = refusal(lambda: hold_seats(by=guest, show_id=show.pk, seat_ids=factories.free_seats(show, 1)))
    keep.release_hold(by=guest, ref=holds[0].ref)
    after_release = factories.held(by=guest, of=show, seats=1)
    factories.lapse(holds[1])
    after_lapse = factories.held(by=guest, of=show, seats=1)

    assert (no.code, no.field) == ("too_many_holds", "seats")
    assert no.sentence == "You hold seats for 3 shows already. Confirm or release one of them first"
    assert (after_release.state, after_lapse.state) == ("held", "held")


def test_hold_that_replaces_takes_the_place_of_those_for_the_same_show(guest):
    show = factories.show()
    elsewhere, first, second = (
        factories.held(by=guest, of=of, seats=1) for of in (factories.show(), show, show)
    )
    kept = second.tickets.get().seat_id

    hold = hold_seats(
        by=guest,
        show_id=show.pk,
        seat_ids=[kept, *factories.free_seats(show, 1)],
        replaces_own=True,
    )

    states = dict(Booking.objects.values_list("ref", "state"))
    assert states == {elsewhere.ref: "held", first.ref: "lapsed", second.ref: "lapsed", hold.ref: "held"}
    assert SeatClaim.objects.filter(show=show, booking__ref=hold.ref).count() == 2
    assert SeatClaim.objects.filter(show=show).count() == 2


def test_hold_of_another_person_is_not_replaced(guest):
    show = factories.show()
    theirs = factories.held(of=show, seats=1)
    seat = theirs.tickets.get().seat_id

    no = refusal(lambda: hold_seats(by=guest, show_id=show.pk, seat_ids=[seat], replaces_own=True))

    theirs.refresh_from_db()
    assert (theirs.state, no.code) == ("held", "seat_taken")


# Staff --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["number", "email"])
def test_staff_hold_for_a_member_by_number_or_address(name):
    who = people.customer(tier="Silver", email="Ada@Example.org")
    named = {"number": f" {who.customer.member_number.lower()} ", "email": "ada@example.ORG "}[name]
    seller = people.actor_for(people.salesman())
    show = factories.show()

    hold = hold_seats(by=seller, show_id=show.pk, seat_ids=factories.free_seats(show, 1), for_customer=named)

    booking = Booking.objects.get(ref=hold.ref)
    assert (booking.customer, booking.seller_id, booking.assigned_to_id, booking.channel) == (
        who.customer, seller.user_id, seller.user_id, "counter",
    )  # fmt: skip
    assert hold.quote["total"] == "10.45"


def test_member_nobody_knows_is_refused():
    show = factories.show()

    no = refusal(
        lambda: hold_seats(
            by=people.actor_for(people.salesman()),
            show_id=show.pk,
            seat_ids=factories.free_seats(show, 1),
            for_customer="M999",
        )
    )

    assert (no.code, no.field) == ("customer_unknown", "customer")
    assert no.sentence == "No member has that number or address. Check it, or sell to a walk-in"
    assert not claims(show)


def test_customer_holds_for_themselves_only(guest):
    other = people.customer()
    show = factories.show()

    with pytest.raises(NotAllowed):
        hold_seats(
            by=guest, show_id=show.pk, seat_ids=factories.free_seats(show, 1), for_customer=other.email
        )


def test_salesman_holds_for_as_many_walk_ins_as_come():
    seller = people.actor_for(people.salesman())
    show = factories.show()

    assert {factories.held(by=seller, of=show, seats=1).state for _ in range(5)} == {"held"}


def test_references_that_chance_made_alike_are_drawn_again(guest, monkeypatch):
    before = factories.held(by=guest)
    drawn = iter([before.ref, "K7QM4XAH"])
    monkeypatch.setattr("theatre.rules.bookings.new_reference", lambda choose: next(drawn))
    show = factories.show()

    hold = hold_seats(by=guest, show_id=show.pk, seat_ids=factories.free_seats(show, 1))

    assert isinstance(hold, Hold)
    assert hold.ref == "K7QM4XAH"
