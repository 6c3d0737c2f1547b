"""Any sequence of holds, extensions, lapses, confirms, returns and take-overs leaves the books whole (G28).

A model in plain Python says what should happen next; the real actions run on the real database, where time is moved by
moving the ends of holds; after every step SQL of its own looks for what must never be.
"""

import os
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests import factories, people
from tests.races import books
from theatre.access import Actor
from theatre.actions.booking import cancel, check_in, confirm, hold, keep
from theatre.actions.people.from_allauth import adopt_hold
from theatre.documents.record import ticket_code
from theatre.models import Booking, Tier, User
from theatre.models.sql import change, fetch
from theatre.queries.bookings import for_papers
from theatre.rules.refusals import Refused

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("own_database")]

EXAMPLES, STEPS = (2000, 50) if os.environ.get("TEST_SIZE") == "long" else (70, 30)
SEATS = 12
HOLD_MINUTES, EXTENSIONS, HOLDS = 8, 10, 3

TURNS = (
    *["hold"] * 5, *["confirm"] * 4, *["time"] * 3, *["give_back"] * 3, *["extend"] * 2, "release", "check_in",
    "sweep", "sign_in",
)  # fmt: skip
# Ways that a run has to have gone, or it proved little.
GONE = {
    *("hold", "hold seat_taken", "hold too_many_holds", "extend", "extend hold_lapsed", "release", "confirm"),
    *("confirm hold_lapsed", "confirm price_changed", "give_back", "give_back ticket_used", "check_in"),
}

BREACHES = """
SELECT 'seat sold twice', count(*) FROM (
  SELECT 1 FROM theatre_ticket WHERE show_id = %(show)s AND state = 'sold' GROUP BY seat_id HAVING count(*) > 1) AS t
UNION ALL
SELECT 'sold ticket without its claim', count(*) FROM theatre_ticket t
WHERE t.show_id = %(show)s AND t.state = 'sold' AND NOT EXISTS (
  SELECT 1 FROM theatre_seatclaim c WHERE c.show_id = t.show_id AND c.seat_id = t.seat_id
    AND c.booking_id = t.booking_id AND c.state = 'sold' AND c.held_until IS NULL)
UNION ALL
SELECT 'sold claim without its ticket', count(*) FROM theatre_seatclaim c
WHERE c.show_id = %(show)s AND c.state = 'sold' AND NOT EXISTS (
  SELECT 1 FROM theatre_ticket t WHERE t.show_id = c.show_id AND t.seat_id = c.seat_id
    AND t.booking_id = c.booking_id AND t.state = 'sold')
UNION ALL
SELECT 'held claim of a booking that is not held', count(*) FROM theatre_seatclaim c
JOIN theatre_booking b ON b.id = c.booking_id
WHERE c.show_id = %(show)s AND c.state = 'held' AND (b.state <> 'held' OR b.held_until <> c.held_until)
UNION ALL
SELECT 'ticket out of step with its booking', count(*) FROM theatre_booking b
JOIN theatre_ticket t ON t.booking_id = b.id
WHERE b.show_id = %(show)s AND (b.state, t.state) NOT IN (
  ('held', 'held'), ('lapsed', 'lapsed'), ('confirmed', 'sold'), ('confirmed', 'returned'), ('cancelled', 'returned'))
UNION ALL
SELECT 'confirmed without a live ticket', count(*) FROM theatre_booking b
WHERE b.show_id = %(show)s AND b.state = 'confirmed'
  AND NOT EXISTS (SELECT 1 FROM theatre_ticket t WHERE t.booking_id = b.id AND t.state = 'sold')
UNION ALL
SELECT 'money of the ledger, tickets, payments and papers differ', count(*) FROM (
  SELECT b.id,
    (SELECT coalesce(sum(amount), 0) FROM theatre_ledgerentry l WHERE l.booking_id = b.id) AS ledger,
    (SELECT coalesce(sum(price), 0) FROM theatre_ticket t WHERE t.booking_id = b.id AND t.state = 'sold') AS tickets,
    (SELECT coalesce(sum(amount - refunded), 0) FROM theatre_payment p WHERE p.booking_id = b.id) AS payments,
    (SELECT coalesce(sum(total), 0) FROM theatre_invoice i WHERE i.booking_id = b.id) AS papers
  FROM theatre_booking b WHERE b.show_id = %(show)s) AS sums
WHERE ledger <> tickets OR tickets <> payments OR payments <> papers
UNION ALL
SELECT 'refunds are not what was refunded', count(*) FROM theatre_payment p
JOIN theatre_booking b ON b.id = p.booking_id
WHERE b.show_id = %(show)s
  AND p.refunded <> (SELECT coalesce(sum(amount), 0) FROM theatre_refund r WHERE r.payment_id = p.id)
UNION ALL
SELECT 'coupon uses are not counted', count(*) FROM theatre_coupon c
WHERE c.used <> (SELECT count(*) FROM theatre_couponuse u WHERE u.coupon_id = c.id AND u.given_back_at IS NULL)
UNION ALL
SELECT 'coupon use of a booking that is over', count(*) FROM theatre_couponuse u
JOIN theatre_booking b ON b.id = u.booking_id
WHERE b.show_id = %(show)s AND (u.given_back_at IS NULL) <> (b.state = 'confirmed')
UNION ALL
SELECT 'numbers with a gap', count(*) FROM theatre_invoicecounter c
WHERE c.last <> (SELECT count(*) FROM theatre_invoice i WHERE i.series = c.series AND i.year = c.year)
   OR c.last <> (SELECT max(number) FROM theatre_invoice i WHERE i.series = c.series AND i.year = c.year)
UNION ALL
SELECT 'booking confirmed and not told once', count(*) FROM theatre_booking b
JOIN theatre_customer c ON c.id = b.customer_id
WHERE b.show_id = %(show)s AND b.state IN ('confirmed', 'cancelled')
  AND (SELECT count(*) FROM theatre_letter l WHERE l.booking_id = b.id AND l.kind = 'booking_confirmed') <> 1
"""


@dataclass
class Known:
    """A booking as the model knows it. `until` is in the model's minutes."""

    ref: str
    owner: str
    seats: list[int]
    until: int
    state: str = "held"
    extensions: int = 0
    returned: set[int] = field(default_factory=set)
    used: set[int] = field(default_factory=set)

    @property
    def live_seats(self) -> list[int]:
        return [seat for seat in self.seats if seat not in self.returned]


class BoxOffice(RuleBasedStateMachine):
    """Two customers, a stranger who may sign in, a salesman and a moderator before a row of seats."""

    ways: ClassVar[Counter[str]] = Counter()

    @initialize()
    def open(self) -> None:
        Tier.objects.filter(name="Silver").update(threshold=4)
        self.now = 0
        self.known: list[Known] = []
        self.users: dict[str, User] = {
            "ada": people.customer(), "bela": people.customer(), "sam": people.salesman(), "mona": people.moderator(),
        }  # fmt: skip
        self.show = factories.show(
            on=factories.screen(("s" * SEATS,)), card=factories.price_card({"standard": 11})
        )
        self.ids = factories.free_seats(self.show, SEATS)
        self.coupon = factories.coupon(percent=10, total_limit=2).code
        self.sessions = 0

    # Who acts, and what the model thinks of it ---------------------------------------------------------

    def actor(self, name: str) -> Actor:
        if name == "stranger":
            session = f"{self.show.pk}-{self.sessions}"
            return people.stranger(session=session, network=f"network {self.show.pk}")
        return people.actor_for(self.users[name])

    def is_live(self, booking: Known) -> bool:
        return booking.state == "confirmed" or booking.state == "held" and booking.until > self.now

    def taken(self) -> dict[int, str]:
        """Seats that somebody has, with the reference."""
        return {
            seat: booking.ref
            for booking in self.known
            if self.is_live(booking)
            for seat in booking.live_seats
        }

    def ended(self, booking: Known) -> str:
        """What is said to who comes back to a booking that is no hold any more; empty for a live hold."""
        if booking.state == "held" and booking.until > self.now:
            return ""
        return {"confirmed": "already_confirmed", "cancelled": "already_cancelled"}.get(
            booking.state, "hold_lapsed"
        )

    # What may happen -----------------------------------------------------------------------------------

    @rule(
        turn=st.sampled_from(TURNS),
        name=st.sampled_from(["ada", "ada", "bela", "stranger", "sam"]),
        seats=st.sets(st.integers(0, SEATS - 1), min_size=1, max_size=3),
        number=st.integers(0, 99),
    )
    def step(self, turn: str, name: str, seats: set[int], number: int) -> None:
        """Somebody does something. Not a rule for each: Hypothesis would leave out some of them for whole examples."""
        theirs = [one for one in self.known if one.owner != "stranger"]
        sold = [one for one in self.known if one.state == "confirmed"]
        if turn == "time":
            self.let_time_pass(3 + 2 * (number % 2))
        elif turn == "sweep":
            self.sweep()
        elif turn == "sign_in":
            self.sign_in("ada" if number % 2 else "sam")
        elif turn in ("extend", "release") and self.known:
            booking = self.known[-1 - number % min(len(self.known), 4)]
            (self.extend if turn == "extend" else self.release)(booking)
        elif turn == "confirm" and theirs:
            self.confirm(theirs[-1 - number % min(len(theirs), 4)], number % 3 > 0, number % 8 == 0)
        elif turn == "give_back" and theirs:
            booking = (sold or theirs)[-1 - number % min(len(sold or theirs), 4)]
            self.give_back(booking, seats if number % 2 else None, number % 4 > 1)
        elif turn == "check_in" and sold:
            self.check_in(sold[number % len(sold)], number)
        else:
            self.hold(name, seats)

    def hold(self, name: str, seats: set[int]) -> None:
        mine = [one for one in self.known if one.owner == name and one.state == "held"]
        replaced = mine if name == "stranger" else []
        own = {one.ref for one in replaced}
        gone = [seat for seat in seats if self.taken().get(seat, "") not in ("", *own)]
        full = name in ("ada", "bela") and sum(map(self.is_live, mine)) >= HOLDS
        expected = "seat_taken" if gone else "too_many_holds" if full else ""

        held = self.refused_with(
            expected,
            lambda: hold.hold_seats(
                by=self.actor(name), show_id=self.show.pk, seat_ids=[self.ids[seat] for seat in seats]
            ),
        )

        if held is not None:
            for one in replaced:
                one.state = "lapsed"
            self.known.append(Known(held.ref, name, sorted(seats), self.now + HOLD_MINUTES))

    def extend(self, booking: Known) -> None:
        expected = self.ended(booking) or ("no_more_time" if booking.extensions >= EXTENSIONS else "")

        longer = self.refused_with(
            expected, lambda: keep.extend_hold(by=self.actor(booking.owner), ref=booking.ref)
        )

        if longer is not None:
            booking.until += HOLD_MINUTES
            booking.extensions += 1
            assert longer.left == EXTENSIONS - booking.extensions

    def release(self, booking: Known) -> None:
        is_over = booking.state in ("confirmed", "cancelled")

        self.refused_with(
            self.ended(booking) if is_over else "",
            lambda: keep.release_hold(by=self.actor(booking.owner), ref=booking.ref),
        )

        if not is_over:
            booking.state = "lapsed"

    def let_time_pass(self, minutes: int) -> None:
        self.now += minutes
        change(
            "UPDATE theatre_seatclaim SET held_until = held_until - %s * interval '1 minute' WHERE show_id = %s",
            [minutes, self.show.pk],
        )
        change(
            "UPDATE theatre_booking SET held_until = held_until - %s * interval '1 minute' WHERE show_id = %s",
            [minutes, self.show.pk],
        )

    def sweep(self) -> None:
        keep.lapse_holds()

        for booking in self.known:
            if booking.state == "held" and booking.until <= self.now:
                booking.state = "lapsed"

    def confirm(self, booking: Known, with_coupon: bool, wrong: bool) -> None:
        by = self.actor(booking.owner)
        expected = self.ended(booking)
        if expected == "already_confirmed":
            expected = ""  # who confirms again is given the same booking
        code = self.coupon if with_coupon and self.coupon_is_left() else ""
        total = Decimal(0) if self.ended(booking) else factories.checkout_total(by, booking.ref, code)
        if wrong and not self.ended(booking):
            expected, total = "price_changed", total + 1

        bought = self.refused_with(
            expected,
            lambda: confirm.confirm_booking(
                by=by,
                ref=booking.ref,
                shown_total=total,
                coupon_code=code,
                method="cash" if by.is_staff else "demo",
            ),
        )

        if bought is not None:
            assert (bought.ref, bought.record["state"]) == (booking.ref, "confirmed")
            booking.state = "confirmed"

    def give_back(self, booking: Known, seats: set[int] | None, by_mona: bool) -> None:
        """All that is left of a booking, or some seats of it."""
        places = [place for place in seats or () if place < len(booking.seats)]
        wanted = [booking.seats[place] for place in places] or None
        back = booking.live_seats if wanted is None else wanted
        if booking.state == "confirmed":
            again = set(back) & booking.returned
            used = not by_mona and set(back) & booking.used  # a moderator gives back what was scanned, too
            expected = "ticket_returned" if again else "ticket_used" if used else ""
        else:
            expected = {"held": "not_confirmed", "lapsed": "hold_lapsed"}.get(
                booking.state, "already_cancelled"
            )

        given = self.refused_with(
            expected,
            lambda: cancel.cancel_booking(
                by=self.actor("mona" if by_mona else booking.owner),
                ref=booking.ref,
                reason="Ill",
                tickets=None if wanted is None else [self.ticket(booking, seat) for seat in wanted],
            ),
        )

        if given is not None:
            booking.returned |= set(back)
            if not booking.live_seats:
                booking.state = "cancelled"

    def check_in(self, booking: Known, place: int) -> None:
        seat = booking.live_seats[place % len(booking.live_seats)]
        seen = for_papers(Booking.objects.get(ref=booking.ref).pk)
        ticket = next(one for one in seen.tickets if one.seat_id == self.ids[seat] and one.state == "sold")
        code = ticket_code(seen, ticket) or ""

        self.refused_with(
            "already_used" if seat in booking.used else "",
            lambda: check_in.check_in(by=self.actor("sam"), code=code),
        )

        booking.used.add(seat)

    def sign_in(self, name: str) -> None:
        """The stranger turns out to be somebody, and their hold is that person's."""
        adopt_hold(self.users[name], self.actor("stranger").session)

        for booking in self.known:
            if booking.owner == "stranger" and booking.state == "held":
                booking.owner = name
        self.known = [booking for booking in self.known if booking.owner != "stranger"]
        self.sessions += 1

    # What must hold ------------------------------------------------------------------------------------

    @invariant()
    def seats_belong_to_whom_the_model_says(self) -> None:
        rows = fetch(
            "SELECT c.seat_id, b.ref FROM theatre_seatclaim c JOIN theatre_booking b ON b.id = c.booking_id"
            " WHERE c.show_id = %s AND (c.held_until IS NULL OR c.held_until > now())",
            [self.show.pk],
        )
        assert {self.ids.index(seat): ref for seat, ref in rows} == self.taken()

    @invariant()
    def bookings_are_in_the_state_the_model_says(self) -> None:
        rows = fetch("SELECT ref, state FROM theatre_booking WHERE show_id = %s", [self.show.pk])
        found = dict(rows)
        assert {one.ref: found[one.ref] for one in self.known} == {one.ref: one.state for one in self.known}

    @invariant()
    def books_are_whole(self) -> None:
        assert [row for row in fetch(BREACHES, {"show": self.show.pk}) if row[1]] == []

    # ---------------------------------------------------------------------------------------------------

    def refused_with(self, code: str, deed: Callable[[], Any]) -> Any:
        """The deed's value; None when it was refused as it should be."""
        self.ways[f"{sys._getframe(1).f_code.co_name} {code}".strip()] += 1
        try:
            value = deed()
        except Refused as no:
            assert no.code == code, (no.code, no.sentence)
            return None
        assert not code, f"not refused with {code}"
        return True if value is None else value

    def ticket(self, booking: Known, seat: int) -> int:
        return Booking.objects.get(ref=booking.ref).tickets.get(seat_id=self.ids[seat]).pk

    def coupon_is_left(self) -> bool:
        return fetch("SELECT used < total_limit FROM theatre_coupon WHERE code = %s", [self.coupon])[0][0]


def test_box_office_keeps_its_books_whatever_happens():
    run_state_machine_as_test(
        BoxOffice,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            derandomize=EXAMPLES == 70,
            deadline=None,
            database=None,
            phases=[Phase.generate],  # a failure is told as it came: making it shorter takes many minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
    print(sum(BoxOffice.ways.values()), "deeds:", dict(sorted(BoxOffice.ways.items())))
    assert set(BoxOffice.ways) >= GONE
    books.prove()
