"""Every check of integrity.sql is quiet on what the actions write, and red when its breach is planted."""

from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from tests import factories, people
from tests.documents import pictures
from theatre.actions.booking._once import once
from theatre.actions.booking.cancel import cancel_booking
from theatre.actions.booking.change import change_booking
from theatre.actions.booking.hold import hold_seats
from theatre.actions.booking.keep import release_hold
from theatre.actions.booking.waiting import ask_for_seats, serve_waiting
from theatre.actions.movies.digest import tell_of_new_movies
from theatre.actions.movies.posters import set_poster
from theatre.actions.movies.releasing import announce_movie
from theatre.actions.shows.cancel import cancel_show, give_back_cancelled_shows
from theatre.actions.shows.move import move_show
from theatre.actions.vip.book import book_reservation
from theatre.models import Review
from theatre.models.sql import change
from theatre.queries import moving
from theatre.queries.integrity import checks, prove

UNGUARD = """
DO $$ DECLARE found record; BEGIN
  FOR found IN SELECT conrelid::regclass AS tbl, conname FROM pg_constraint
    WHERE contype IN ('f', 'c', 'u', 'x') AND conrelid::regclass::text LIKE 'theatre_%%'
    ORDER BY contype = 'f' DESC
  LOOP EXECUTE format('ALTER TABLE %%s DROP CONSTRAINT %%I', found.tbl, found.conname); END LOOP;
  FOR found IN SELECT indexrelid::regclass AS name FROM pg_index
    WHERE indisunique AND NOT indisprimary AND indrelid::regclass::text LIKE 'theatre_%%'
  LOOP EXECUTE format('DROP INDEX %%s', found.name); END LOOP;
  FOR found IN SELECT tgrelid::regclass AS tbl, tgname FROM pg_trigger
    WHERE NOT tgisinternal AND tgrelid::regclass::text LIKE 'theatre_%%'
  LOOP EXECUTE format('ALTER TABLE %%s DISABLE TRIGGER %%I', found.tbl, found.tgname); END LOOP;
END $$
"""
SOLD = "(SELECT min(id) FROM theatre_ticket WHERE state = 'sold')"
BREACHES = {
    "seat_is_sold_once": [
        f"UPDATE theatre_ticket SET seat_id = (SELECT seat_id FROM theatre_ticket WHERE id = {SOLD})"
        " WHERE state = 'sold'"
    ],
    "seat_is_claimed_once": [
        "ALTER TABLE theatre_seatclaim DROP CONSTRAINT theatre_seatclaim_pkey",
        "INSERT INTO theatre_seatclaim SELECT * FROM theatre_seatclaim WHERE state = 'sold' LIMIT 1",
    ],
    "sold_ticket_has_its_claim": ["DELETE FROM theatre_seatclaim WHERE state = 'sold'"],
    "sold_claim_has_its_ticket": [f"UPDATE theatre_ticket SET state = 'returned' WHERE id = {SOLD}"],
    "held_claim_belongs_to_a_hold": ["UPDATE theatre_booking SET state = 'lapsed' WHERE state = 'held'"],
    "live_hold_has_every_seat": [
        "DELETE FROM theatre_seatclaim WHERE state = 'held'"
        " AND seat_id = (SELECT min(seat_id) FROM theatre_seatclaim WHERE state = 'held')"
    ],
    "seat_is_of_the_shows_plan": [f"UPDATE theatre_ticket SET plan_id = plan_id + 1 WHERE id = {SOLD}"],
    "seat_out_of_service_is_blocked": [
        "INSERT INTO theatre_seatoutofservice (screen_id, row, number, until, reason, since)"
        " SELECT screen_id, 'A', 1, now() + interval '9 days', 'Broken', now() FROM theatre_show"
    ],
    "blocked_seat_is_out_of_service": [
        "INSERT INTO theatre_seatclaim (show_id, seat_id, plan_id, state, note)"
        " SELECT s.id, max(x.id), s.plan_id, 'blocked', '' FROM theatre_show s"
        " JOIN theatre_seat x ON x.plan_id = s.plan_id"
        " WHERE NOT EXISTS (SELECT 1 FROM theatre_seatclaim c WHERE c.show_id = s.id) GROUP BY s.id"
    ],
    "broken_seat_is_not_sold": [
        f"UPDATE theatre_seat SET broken = true WHERE id = (SELECT seat_id FROM theatre_ticket WHERE id = {SOLD})"
    ],
    "companion_is_beside_a_wheelchair_space": [
        "UPDATE theatre_seat SET kind = 'standard' WHERE kind = 'wheelchair'"
    ],
    "tickets_are_in_step_with_their_booking": [
        f"UPDATE theatre_ticket SET state = 'lapsed' WHERE id = {SOLD}"
    ],
    "ticket_is_of_its_bookings_show": [f"UPDATE theatre_ticket SET show_id = show_id + 1 WHERE id = {SOLD}"],
    "booking_has_a_readable_reference": ["UPDATE theatre_booking SET ref = 'O0' || left(ref, 6)"],
    "booking_says_when": ["UPDATE theatre_booking SET confirmed_at = created_at - interval '1 second'"],
    "stranger_has_no_booking": ["UPDATE theatre_booking SET booked_by_id = NULL"],
    "changed_booking_was_replaced": [
        "UPDATE theatre_booking SET ended_at = ended_at - interval '2 hours' WHERE state = 'cancelled'"
    ],
    "ticket_is_used_after_it_was_sold": [
        f"UPDATE theatre_ticket SET checked_in_at = now() - interval '2 days' WHERE id = {SOLD}"
    ],
    "sold_ticket_has_a_code": [f"UPDATE theatre_ticket SET nonce = '' WHERE id = {SOLD}"],
    "ticket_adds_up": [f"UPDATE theatre_ticket SET tier_off = 1 WHERE id = {SOLD}"],
    "total_is_the_sum_of_its_tickets": ["UPDATE theatre_booking SET total = total + 0.01"],
    "price_is_as_the_rule_says": [
        f"UPDATE theatre_ticket SET price = price - 0.01, coupon_off = coupon_off + 0.01 WHERE id = {SOLD}"
    ],
    "vat_is_contained": [f"UPDATE theatre_ticket SET vat = vat + 0.01 WHERE id = {SOLD}"],
    "ledger_tells_every_ticket": [f"DELETE FROM theatre_ledgerentry WHERE ticket_id = {SOLD}"],
    "ledger_names_the_booking": [f"UPDATE theatre_ledgerentry SET channel = 'api' WHERE ticket_id = {SOLD}"],
    "ledger_invoices_and_payments_agree": ["UPDATE theatre_payment SET amount = amount + 0.01"],
    "refund_is_within_its_payment": ["UPDATE theatre_refund SET amount = amount + 0.01"],
    "coupon_counts_its_uses": ["UPDATE theatre_coupon SET used = used + 1"],
    "coupon_is_within_its_limits": ["UPDATE theatre_coupon SET per_customer_limit = 0"],
    "coupon_use_is_its_bookings": ["DELETE FROM theatre_couponuse WHERE given_back_at IS NULL"],
    "tier_is_as_counted": [
        "UPDATE theatre_customer SET tier_tickets = 100, counted_at = counted_at + interval '1 minute'"
    ],
    "shows_on_a_screen_do_not_overlap": [
        "UPDATE theatre_show s SET screen_id = o.screen_id, starts_at = o.starts_at, clean_at = o.clean_at"
        " FROM (SELECT * FROM theatre_show ORDER BY id LIMIT 1) o"
    ],
    "show_has_an_order_of_time": [
        "UPDATE theatre_show SET state = 'played', ends_at = now() + interval '1 hour'"
    ],
    "sold_only_for_shows_on_sale": ["UPDATE theatre_show SET state = 'cancelled'"],
    "nothing_is_sold_for_a_cancelled_show": [
        "INSERT INTO theatre_showclosing (show_id, reason, by_id, started_at, finished_at)"
        " SELECT show_id, 'Fire', booked_by_id, now(), now() FROM theatre_booking WHERE state = 'confirmed' LIMIT 1"
    ],
    "vip_claim_is_of_a_live_reservation": ["UPDATE theatre_vipreservation SET state = 'released'"],
    "live_reservation_has_every_seat": ["DELETE FROM theatre_seatclaim WHERE state = 'vip'"],
    "reservation_became_its_booking": [
        "UPDATE theatre_vipreservation SET seat_ids = seat_ids || 1::bigint WHERE state = 'booked'"
    ],
    "move_is_answered_by_its_guests": ["UPDATE theatre_moveanswer SET answer = 'returned'"],
    "moved_show_is_where_it_moved": [
        "UPDATE theatre_showmove SET starts_at = starts_at + interval '1 minute'"
    ],
    "sold_before_sales_ended": [
        "UPDATE theatre_booking b SET confirmed_at = s.starts_at + interval '21 minutes'"
        " FROM theatre_show s WHERE s.id = b.show_id AND b.channel = 'counter'"
    ],
    "shown_movie_has_minutes": ["UPDATE theatre_movie SET duration_minutes = NULL"],
    "movie_has_the_poster_it_names": ["DELETE FROM theatre_poster"],
    "movie_in_a_letter_was_announced": ["UPDATE theatre_movie SET announced_at = NULL"],
    "daily_letter_counts_its_letters": ["UPDATE theatre_moviedigest SET letters = letters + 1"],
    "invoice_numbers_have_no_gap": ["UPDATE theatre_invoicecounter SET last = last + 1"],
    "invoice_is_of_its_year": ["UPDATE theatre_invoice SET year = year - 1"],
    "booking_has_its_invoice": ["UPDATE theatre_invoice SET ticket_ids = '[1]'"],
    "invoice_says_what_was_sold": ["UPDATE theatre_invoice SET vat = vat + 0.01"],
    "credit_notes_are_the_returns": ["DELETE FROM theatre_invoice WHERE series = 'credit_note'"],
    "confirmed_booking_has_its_letter": ["DELETE FROM theatre_letter WHERE kind = 'booking_confirmed'"],
    "returned_tickets_have_their_letter": ["DELETE FROM theatre_letter WHERE kind = 'tickets_returned'"],
    "letter_tells_what_was_done": [
        "UPDATE theatre_letter SET booking_id = (SELECT min(id) FROM theatre_booking WHERE state = 'held')"
        " WHERE kind = 'booking_confirmed'"
    ],
    "letter_is_queued_once": ["UPDATE theatre_letter SET key = 'the same'"],
    "offer_is_what_was_asked_for": [
        "UPDATE theatre_waitingparty SET seats = seats + 1 WHERE state = 'offered'"
    ],
    "seat_is_kept_for_somebody_who_waits": ["DELETE FROM theatre_waitingparty"],
    "party_is_told": ["DELETE FROM theatre_letter WHERE kind = 'seats_offered'"],
    "idempotency_key_has_its_effect": [
        """UPDATE theatre_idempotencykey SET answer = '{"ref": "ABCDEFGH"}'"""
    ],
    "deed_is_audited_once": ["DELETE FROM theatre_auditentry WHERE verb = 'confirm'"],
    "limits_are_kept": [
        "INSERT INTO theatre_ticket (booking_id, show_id, plan_id, seat_id, kind, audience, state, list_price,"
        " tier_off, coupon_off, complimentary_off, nonce, door)"
        " SELECT booking_id, show_id, plan_id, seat_id, kind, audience, state, list_price, 0, 0, 0, '', ''"
        " FROM theatre_ticket, generate_series(1, 10) WHERE state = 'held'"
    ],
    "person_has_the_profile_of_their_role": ["UPDATE theatre_user SET role = 'admin'"],
    "address_is_one_persons": ["UPDATE theatre_user SET email = 'Same@example.org'"],
    "suspended_employee_has_no_session": [
        "UPDATE theatre_employee SET status = 'suspended'",
        "INSERT INTO django_session (session_key, session_data, expire_date)"
        " VALUES ('a-key', '', now() + interval '1 day')",
        "INSERT INTO usersessions_usersession (user_id, created_at, ip, last_seen_at, session_key, user_agent, data)"
        " SELECT user_id, now(), '192.0.2.7', now(), 'a-key', '', '{}' FROM theatre_employee LIMIT 1",
    ],
    "review_is_by_somebody_who_was_there": [
        "UPDATE theatre_review SET written_at = now() - interval '9 days'"
    ],
    "constraints_are_proved": [
        "ALTER TABLE theatre_coupon ADD CONSTRAINT later CHECK (used < 1000) NOT VALID"
    ],
    "guards_stand": [],
    "nothing_is_orphaned": [f"UPDATE theatre_ticket SET booking_id = -1 WHERE id = {SOLD}"],
}


def an_evening() -> None:
    """Something of everything: online, counter, coupon, a return, a cancellation, a hold, a release, a review."""
    show = factories.show()
    factories.show()
    coupon = factories.coupon("SUMMER15", total_limit=10, per_customer_limit=2)
    anna, salesman = people.customer(), people.salesman()
    by = people.actor_for(anna)
    booked = factories.booked(by=by, of=show, seats=3, coupon_code=coupon.code)
    cancel_booking(by=by, ref=booked.ref, tickets=[booked.tickets.earliest("pk").pk])
    factories.cancelled(by=by, of=show, seats=2, coupon_code=coupon.code)
    factories.booked(by=salesman, of=show, seats=2, method="card")
    factories.booked(by=salesman, of=show, seats=1, for_customer=anna.email)
    factories.booked(by=people.admin(), of=show, seats=1, method="complimentary")
    key = once(f"user:{anna.pk}", "holds", "a-key", {})
    hold_seats(by=by, show_id=show.pk, seat_ids=factories.free_seats(show, 2), once=key)
    released = factories.held(by=people.stranger(), of=show, seats=1)
    release_hold(by=people.stranger(), ref=released.ref)
    boss = people.admin()
    factories.vip(by=boss, of=show, seats=2, release_minutes=None)
    kept = factories.vip(by=boss, of=show, seats=2, complimentary=False)
    book_reservation(
        by=people.actor_for(boss), reservation_id=kept.pk, shown_total=Decimal(22), method="card"
    )
    closed = factories.show()
    factories.booked(by=people.customer(), of=closed, seats=2)
    cancel_show(by=people.actor_for(boss), show_id=closed.pk, reason="Fire")
    give_back_cancelled_shows()
    full = factories.show(on=factories.screen(["sssss"]))
    pair, single, *_rest = [factories.booked(of=full, seats=number) for number in (2, 1, 1, 1)]
    for seats in (2, 5):
        ask_for_seats(by=people.actor_for(people.customer()), show_id=full.pk, seats=seats)
    for back in (pair, single):  # the first is offered two seats, for the second one is kept
        cancel_booking(by=people.actor_for(back.customer.user), ref=back.ref)
        serve_waiting()
    moved = factories.show()
    factories.booked(by=people.customer(), of=moved, seats=2)
    screen_id, starts_at = factories.screen().pk, moved.starts_at + timedelta(hours=1)
    seen = moving.proposal(moved.pk, moving.place(moved.pk, screen_id, starts_at))
    move_show(
        by=people.actor_for(boss), show_id=moved.pk, screen_id=screen_id, starts_at=starts_at, reason="Fire",
        seen=seen.mark, knowing_late=True,
    )  # fmt: skip
    before = factories.booked(by=by, of=factories.show(), seats=1)
    change_booking(
        by=by, ref=before.ref, show_id=before.show_id, seat_ids=factories.free_seats(before.show, 1, kind="vip"),
        shown_difference=Decimal(7), method="demo",
    )  # fmt: skip
    # A day goes by, and the show begins.
    for column in ("starts_at", "ends_at", "clean_at"):
        change(f"UPDATE theatre_show SET {column} = {column} - interval '25 hours' WHERE id = %s", [show.pk])
    for column in ("created_at", "confirmed_at", "ended_at"):
        change(f"UPDATE theatre_booking SET {column} = {column} - interval '2 hours'")
    Review.objects.create(movie=show.movie, customer_id=by.customer_id, stars=5)
    announced = factories.movie(state="draft")
    set_poster(by=people.actor_for(boss), movie_id=announced.pk, content=pictures.jpeg())
    announce_movie(by=people.actor_for(boss), movie_id=announced.pk)
    with override_settings(NEW_MOVIES_HOUR=0):
        tell_of_new_movies()


@pytest.mark.django_db
def test_what_the_actions_write_breaks_nothing():
    an_evening()

    found = list(prove())

    assert [(each.check.name, each.rows) for each in found if each.count] == []
    assert len(found) == len(checks())


def test_every_check_has_a_breach():
    assert [check.name for check in checks()] == list(BREACHES)


@pytest.mark.django_db
@pytest.mark.parametrize("name", BREACHES)
def test_planted_breach_is_found(name):
    an_evening()
    assert [found.count for found in prove(name)] == [0]
    change("SET CONSTRAINTS ALL IMMEDIATE")
    change(UNGUARD)
    for breach in BREACHES[name]:
        change(breach.replace("%", "%%"))

    [found] = prove(name)

    assert found.count > 0
    assert found.rows


@pytest.mark.django_db
def test_tier_is_counted_over_twelve_months_by_the_ledger():
    anna = people.customer()
    factories.booked(by=anna, seats=3)
    change("UPDATE theatre_customer SET counted_at = counted_at + interval '1 year' - interval '1 second'")
    assert [found.count for found in prove("tier_is_as_counted")] == [0]

    change("UPDATE theatre_customer SET counted_at = counted_at + interval '1 minute'")

    assert [found.count for found in prove("tier_is_as_counted")] == [1]


@pytest.mark.django_db(transaction=True)
def test_command_prints_one_line_a_check_and_ends_well():
    an_evening()
    out = StringIO()

    call_command("prove_integrity", stdout=out)

    lines = out.getvalue().splitlines()
    assert [line.partition(" (")[0] for line in lines[:-1]] == [f"{name}: 0" for name in BREACHES]
    assert lines[-1].startswith(f"All {len(BREACHES)} checks hold.")


@pytest.mark.django_db(transaction=True)
def test_command_shows_what_breaks_a_check_and_fails():
    an_evening()
    change("UPDATE theatre_coupon SET used = 7")
    out = StringIO()

    with pytest.raises(CommandError, match=f"1 of {len(BREACHES)} checks are broken"):
        call_command("prove_integrity", stdout=out)

    assert "code=SUMMER15, used=7, live=1" in out.getvalue()


@pytest.mark.django_db
def test_command_knows_its_checks():
    with pytest.raises(CommandError, match="There is no check called nonsense"):
        call_command("prove_integrity", only="nonsense")
