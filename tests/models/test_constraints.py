"""What must never be true is refused by the database, by the constraint that has its name."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import connection, models

from tests.models import house
from tests.models.house import CENT, NOW, changed, copied, refusal
from theatre.models import (
    AddressChange,
    ApiToken,
    AuditEntry,
    Coupon,
    Employee,
    Feedback,
    Invitation,
    Invoice,
    LedgerEntry,
    Letter,
    Message,
    Movie,
    MovieFollow,
    Payment,
    PriceCard,
    PriceCardAmount,
    PriceCardDaypart,
    Refund,
    Review,
    RowChange,
    Screen,
    SeatClaim,
    SeatOutOfService,
    SeatPlan,
    Show,
    Thread,
    Tier,
    User,
)


@pytest.fixture(scope="module", autouse=True)
def furnished(own_database) -> None:
    """Once for all: what is refused leaves nothing behind."""
    house.furnish()


def first(model: type[models.Model]) -> models.Model:
    return model._base_manager.earliest("pk")


def last(model: type[models.Model]) -> models.Model:
    return model._base_manager.latest("pk")


def sale() -> LedgerEntry:
    return LedgerEntry.objects.filter(kind="sale").earliest("pk")


def invoice() -> Invoice:
    return Invoice.objects.get(series="invoice", booking=house.confirmed())


def credit_note() -> Invoice:
    return Invoice.objects.get(series="credit_note")


def another_default_card() -> object:
    PriceCard.objects.update(is_default=False)
    PriceCard.objects.filter(pk=first(PriceCard).pk).update(is_default=True)
    return changed(last(PriceCard), is_default=True)()


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


def ticket_of_no_state() -> object:
    with connection.cursor() as cursor:  # the rules of the other columns would refuse it first
        cursor.execute(
            "ALTER TABLE theatre_ticket DROP CONSTRAINT sold_ticket_has_a_code, DROP CONSTRAINT ticket_parts_add_up"
        )
    return changed(house.held_ticket(), state="lost")()


def reservation_of_no_state() -> object:
    with connection.cursor() as cursor:  # here too
        cursor.execute(
            "ALTER TABLE theatre_vipreservation DROP CONSTRAINT ended_vip_says_when,"
            " DROP CONSTRAINT booked_vip_has_its_booking"
        )
    return changed(house.vip(), state="lost")()


def party_of_no_state() -> object:
    with connection.cursor() as cursor:  # as above
        cursor.execute(
            "ALTER TABLE theatre_waitingparty DROP CONSTRAINT ended_waiting_says_when,"
            " DROP CONSTRAINT offered_party_has_its_hold"
        )
    return changed(house.party(), state="lost")()


Breach = Callable[[], Callable[[], object]]

BREACHES: dict[str, Breach] = {
    # Seats
    "claim_has_the_owner_of_its_state": lambda: changed(house.claim("held"), held_until=None),
    "claim_is_of_a_seat_of_the_plan": lambda: changed(
        house.claim("sold"), seat_id=house.another_halls_seat().pk
    ),
    "claim_is_of_its_bookings_show": lambda: changed(house.claim("sold"), booking=house.stranger()),
    "claim_is_of_the_shows_plan": lambda: changed(house.blocked(), show=house.stranger().show),
    "claim_is_of_its_reservations_show": lambda: changed(
        SeatClaim.objects.get(state="vip"),
        show=house.stranger().show,
        seat_id=house.free_seat_elsewhere().pk,
        plan=house.stranger().show.plan,
    ),
    "vip_state": lambda: reservation_of_no_state,
    "vip_has_a_guest": lambda: changed(house.vip(), guest_name=""),
    "vip_has_seats": lambda: changed(house.vip(), seat_ids=[]),
    "vip_release_has_its_moment": lambda: changed(house.vip(), release_at=None),
    "ended_vip_says_when": lambda: changed(house.vip(), state="released"),
    "booked_vip_has_its_booking": lambda: changed(house.vip("booked"), booking=None),
    "theatre_vipreservation_booking_id_key": lambda: copied(house.vip("booked")),
    "waiting_party_state": lambda: party_of_no_state,
    "waiting_party_has_seats": lambda: changed(house.party(), seats=0),
    "ended_waiting_says_when": lambda: changed(house.party(), ended_at=NOW),
    "offered_party_has_its_hold": lambda: changed(house.party("offered"), booking=None),
    "one_place_in_line_per_show": lambda: copied(house.party()),
    "theatre_waitingparty_booking_id_key": lambda: copied(house.party("offered")),
    "theatre_showclosing_show_id_key": lambda: copied(house.closing()),
    "closing_has_a_reason": lambda: changed(house.closing(), reason=""),
    "closing_is_stopped_or_finished": lambda: changed(house.closing(), stopped_at=NOW, finished_at=NOW),
    "one_answer_per_move_and_booking": lambda: copied(house.answer()),
    "answer_to_a_move_says_when": lambda: changed(house.answer(), answer="kept"),
    "move_seats_everybody": lambda: changed(house.answer(), seats=["A 1", "A 2"]),
    "theatre_seatclaim_pkey": lambda: changed(house.blocked(), seat_id=house.claim("sold").seat_id),
    "one_live_ticket_per_seat_and_show": lambda: changed(house.sold(), seat_id=house.other_sold().seat_id),
    "seat_kind": lambda: changed(house.seat(), kind="sofa"),
    "companion_seat_is_beside_a_wheelchair_space": lambda: changed(house.seat("companion"), beside=None),
    "seat_is_not_beside_itself": lambda: changed(
        house.seat("companion"), beside_id=house.seat("companion").pk
    ),
    "one_seat_per_place": lambda: copied(house.seat(), number=99),
    "one_seat_per_row_and_number": lambda: copied(house.seat(), x=99, y=99),
    # Bookings and tickets
    "booking_state": lambda: changed(house.stranger(), state="sold"),
    "booking_channel": lambda: changed(house.held(), channel="fax"),
    "booking_tier_percent_in_range": lambda: changed(house.held(), tier_percent=101),
    "confirmed_booking_has_a_total_and_a_time": lambda: changed(house.confirmed(), total=None),
    "ended_booking_says_when": lambda: changed(house.held(), state="lapsed"),
    "total_not_negative": lambda: changed(house.confirmed(), total=-CENT),
    "stranger_may_hold_not_confirm": lambda: changed(
        house.stranger(), state="confirmed", confirmed_at=NOW, total=1
    ),
    "theatre_booking_ref_key": lambda: changed(house.held(), ref=house.confirmed().ref),
    "ticket_state": lambda: ticket_of_no_state,
    "list_price_is_positive": lambda: changed(house.held_ticket(), list_price=0),
    "discounts_not_negative": lambda: changed(house.held_ticket(), coupon_off=-CENT),
    "ticket_parts_add_up": lambda: changed(house.sold(), coupon_off=0),
    "sold_ticket_has_a_code": lambda: changed(house.sold(), nonce=""),
    "only_a_sold_ticket_is_checked_in": lambda: changed(house.held_ticket(), checked_in_at=NOW),
    "ticket_is_of_a_seat_of_the_plan": lambda: changed(
        house.held_ticket(), seat_id=house.another_halls_seat().pk
    ),
    "ticket_is_of_its_bookings_show": lambda: changed(house.held_ticket(), show=house.stranger().show),
    # Money
    "one_sale_and_one_return_per_ticket": lambda: copied(sale()),
    "ledger_sign_follows_its_kind": lambda: copied(sale(), kind="return"),
    "ledger_parts_add_up": lambda: copied(sale(), amount=sale().amount + CENT),
    "payment_not_negative": lambda: changed(first(Payment), amount=-1, refunded=-1),
    "refund_never_exceeds_its_payment": lambda: changed(first(Payment), refunded=Decimal(1000)),
    "only_captured_is_refunded": lambda: changed(first(Payment), state="started"),
    "payment_state": lambda: changed(first(Payment), state="lost", refunded=0),
    "payment_method": lambda: changed(first(Payment), method="shells"),
    "refund_is_positive": lambda: changed(first(Refund), amount=0),
    "refund_state": lambda: changed(first(Refund), state="lost"),
    "invoice_number_is_given_once": lambda: copied(invoice(), booking=house.held()),
    "one_invoice_per_booking": lambda: copied(invoice(), number=99),
    "credit_note_refers_to_an_invoice": lambda: copied(credit_note(), number=99, refers_to_id=None),
    "theatre_couponuse_booking_id_key": lambda: copied(house.use()),
    "coupon_code_is_normal": lambda: changed(first(Coupon), code="summer 15"),
    "coupon_min_tickets_positive": lambda: changed(first(Coupon), min_tickets=0),
    "coupon_percent_in_range": lambda: changed(first(Coupon), percent=101),
    "coupon_uses_not_negative": lambda: changed(first(Coupon), used=-1),
    "coupon_uses_within_limit": lambda: changed(first(Coupon), used=6),
    "coupon_window_has_an_order": lambda: changed(first(Coupon), valid_until=NOW - timedelta(days=99)),
    "theatre_coupon_code_key": lambda: copied(first(Coupon)),
    "amount_is_positive": lambda: changed(first(PriceCardAmount), amount=0),
    "amount_is_for_a_seat_kind": lambda: changed(first(PriceCardAmount), kind="sofa"),
    "amount_is_for_an_audience": lambda: changed(first(PriceCardAmount), audience="cats"),
    "one_amount_per_kind_and_audience": lambda: copied(first(PriceCardAmount)),
    "one_default_price_card": lambda: another_default_card,
    "default_price_card_is_active": lambda: changed(first(PriceCard), is_default=True, active=False),
    "daypart_is_of_weekdays": lambda: changed(first(PriceCardDaypart), weekdays=[0, 7]),
    "daypart_begins_before_it_ends": lambda: changed(first(PriceCardDaypart), begins="15:00"),
    # The programme
    "one_follow_per_movie_and_customer": lambda: copied(first(MovieFollow)),
    "movie_has_a_title": lambda: changed(first(Movie), title=""),
    "movie_lasts_1_to_900_minutes": lambda: changed(first(Movie), duration_minutes=901),
    "movie_poster_is_a_mark": lambda: changed(first(Movie), poster="../a-file"),
    "movie_trailer_is_on_the_web": lambda: changed(first(Movie), trailer_url="javascript:alert(1)"),
    "movie_state": lambda: changed(first(Movie), state="lost"),
    "showing_movie_has_minutes": lambda: changed(first(Movie), duration_minutes=None),
    "one_movie_per_title_year_and_director": lambda: copied(
        first(Movie), slug="again", title=Movie.objects.earliest("pk").title.upper()
    ),
    "theatre_movie_slug_key": lambda: copied(first(Movie), title="Another"),
    "chosen_plan_is_of_the_screen": lambda: changed(first(Screen), chosen_plan=last(SeatPlan)),
    "out_of_service_for_a_show_or_until_a_moment": lambda: changed(first(SeatOutOfService), show=None),
    "out_of_service_lasts": lambda: changed(
        first(SeatOutOfService), show=None, until=NOW - timedelta(days=1)
    ),
    "out_of_service_has_a_reason": lambda: changed(first(SeatOutOfService), reason=""),
    "cleaning_up_to_four_hours": lambda: changed(first(Screen), cleaning_minutes=241),
    "one_plan_per_screen_and_version": lambda: copied(first(SeatPlan)),
    "on_sale_window_has_an_order": lambda: changed(first(Show), on_sale_from=NOW, on_sale_until=NOW),
    "show_ends_after_it_starts": lambda: changed(
        first(Show), ends_at=Show.objects.earliest("pk").starts_at - minutes(1)
    ),
    "show_state": lambda: changed(first(Show), state="lost"),
    "show_has_a_plan_of_its_screen": lambda: copied(
        first(Show),
        screen_id=last(Screen).pk,
        starts_at=NOW - minutes(9),
        ends_at=NOW - minutes(8),
        clean_at=NOW,
    ),
    "shows_on_a_screen_never_overlap": lambda: copied(first(Show)),
    # People, their words and letters
    "one_user_per_address": lambda: changed(
        User.objects.get(email="sam@example.org"), email="ADA@example.org"
    ),
    "role_is_one_of_four": lambda: changed(house.guest(), role="owner"),
    "user_has_an_address": lambda: changed(house.guest(), email=""),
    "tier_percent_in_range": lambda: changed(first(Tier), percent=101),
    "tier_threshold_positive": lambda: changed(first(Tier), threshold=0),
    "base_salary_not_negative": lambda: changed(first(Employee), base_salary=-1),
    "employee_status": lambda: changed(first(Employee), status="lost"),
    "nobody_reports_to_themselves": lambda: changed(first(Employee), reports_to=first(Employee)),
    "token_has_a_name": lambda: changed(first(ApiToken), name=""),
    "row_change_has_its_sides": lambda: copied(first(RowChange), change="removed"),
    "audit_entry_has_a_verb": lambda: copied(first(AuditEntry), verb=""),
    "review_state": lambda: changed(first(Review), state="lost"),
    "stars_from_one_to_five": lambda: changed(first(Review), stars=6),
    "one_review_per_customer_and_movie": lambda: copied(first(Review)),
    "thread_has_a_subject": lambda: changed(first(Thread), subject=""),
    "thread_state": lambda: changed(first(Thread), state="lost"),
    "thread_topic": lambda: changed(first(Thread), topic="gossip"),
    "message_says_something": lambda: changed(first(Message), text=""),
    "letter_state": lambda: changed(first(Letter), state="lost"),
    "sent_letter_says_when": lambda: changed(first(Letter), state="sent"),
    "theatre_letter_key_key": lambda: copied(first(Letter), message_id="<new@example.org>"),
    "theatre_letter_message_id_key": lambda: copied(first(Letter), key="new"),
    # Doors
    "one_wish_for_another_address_at_a_time": lambda: copied(first(AddressChange)),
    "address_change_state": lambda: changed(first(AddressChange), state="lost"),
    "confirmed_address_change_says_when": lambda: changed(first(AddressChange), state="confirmed"),
    "one_open_invitation_per_address": lambda: copied(
        first(Invitation), email="NEW@example.org", digest=b"6" * 32
    ),
    "invitation_is_for_staff": lambda: changed(first(Invitation), role="customer"),
    "invitation_is_used_or_revoked": lambda: changed(
        first(Invitation), used_at=NOW, user=first(User), revoked_at=NOW
    ),
    "used_invitation_names_who_came": lambda: changed(first(Invitation), used_at=NOW),
    "invitation_lasts": lambda: changed(first(Invitation), expires_at=NOW - timedelta(days=3000)),
    "theatre_invitation_digest_key": lambda: copied(first(Invitation), email="another@example.org"),
    "feedback_says_something": lambda: changed(first(Feedback), text=""),
    "feedback_state": lambda: changed(first(Feedback), state="lost"),
    "feedback_is_about_our_page": lambda: changed(first(Feedback), page="/\\evil.example"),
}
# Nothing that could be written breaks these: they give composite foreign keys something to point at.
ONLY_POINTED_AT = {
    "booking_with_its_show",
    "plan_with_its_screen",
    "seat_with_its_plan",
    "show_with_its_plan",
    "vip_reservation_with_its_show",
}


@pytest.mark.parametrize("name", BREACHES)
def test_breach_is_refused_by_the_constraint_of_that_name(name):
    write = BREACHES[name]()

    assert refusal(write) == name


def test_every_constraint_of_a_name_is_broken_here():
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT conname FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
            WHERE t.relname LIKE 'theatre%%' AND c.conname NOT LIKE 'theatre%%'
              AND (c.contype IN ('c', 'u', 'x') OR c.contype = 'f' AND cardinality(c.conkey) > 1)
            UNION
            SELECT i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
            WHERE x.indisunique AND i.relname NOT LIKE 'theatre%%' AND x.indrelid::regclass::text LIKE 'theatre%%'
            """
        )
        names = {row[0] for row in cursor.fetchall()}

    assert names == {name for name in BREACHES if not name.startswith("theatre_")} | ONLY_POINTED_AT


def test_every_constraint_has_been_checked_on_every_row():
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE NOT convalidated")
        assert cursor.fetchall() == []


def _fields(kind: type[models.Field]) -> list[tuple[type[models.Model], str]]:
    return [
        (model, field.attname)
        for model in apps.get_app_config("theatre").get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if isinstance(field, kind)
    ]


APPEND_ONLY = (AuditEntry, Invoice, LedgerEntry, RowChange)


@pytest.mark.parametrize(
    ("model", "column"),
    [
        case
        for kind in (models.PositiveSmallIntegerField, models.PositiveIntegerField)
        for case in _fields(kind)
        if case[0] not in APPEND_ONLY
    ],
)
def test_count_is_never_negative(model, column):
    row = model._base_manager.first()

    assert row is not None
    assert refusal(changed(row, **{column: -1}))


@pytest.mark.parametrize(("model", "column"), _fields(models.ForeignKey))
def test_nothing_points_at_nothing(model, column):
    row = model._base_manager.first()
    nobody = "Nobody" if column == "tier_id" else 2_000_000_000
    write = copied(row, **{column: nobody}) if model in APPEND_ONLY else changed(row, **{column: nobody})

    assert refusal(write)
