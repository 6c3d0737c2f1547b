"""Every table that the audit names keeps what its rows were, whoever changes them, and no secret."""

import hashlib
from datetime import timedelta
from decimal import Decimal

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.db.models.functions import Now

from tests import factories, people
from tests.models import house
from theatre.actions.booking import keep
from theatre.actions.booking.check_in import check_in
from theatre.actions.people import profile, tiers, tokens
from theatre.documents.record import ticket_code
from theatre.models import ApiToken, AuditEntry, Booking, Customer, Letter, RowChange, User
from theatre.queries.bookings import for_papers

pytestmark = pytest.mark.usefixtures("own_database")

# Table: columns whose change is not kept, each with its reason.
QUIET = {
    "theatre_user": {"last_login"},  # a sign-in is not a change of the account
    "theatre_customer": {"tier_tickets", "counted_at"},  # counted with every booking; the tier itself is kept
    "theatre_movie": {"changed_at"},  # and `search`, which nobody writes
    "theatre_coupon": {"used"},  # the uses are rows of their own
    "mfa_authenticator": {"last_used_at"},
}
SECRET = {("theatre_user", "password"), ("theatre_apitoken", "digest"), ("mfa_authenticator", "data"),
          ("theatre_booking", "session"), ("theatre_ticket", "nonce"), ("theatre_payment", "provider_ref"),
          ("theatre_invitation", "digest"), ("theatre_invitation", "email"), ("theatre_invitation", "full_name"),
          ("theatre_addresschange", "code_digest"), ("theatre_addresschange", "old"),
          ("theatre_addresschange", "new")}  # fmt: skip
WATCHED = {
    "theatre_user", "theatre_customer", "theatre_employee", "theatre_tier", "theatre_genre",
    "theatre_movie", "theatre_movie_genres",
    "theatre_screen", "theatre_seatplan", "theatre_seat", "theatre_show", "theatre_pricecard",
    "theatre_pricecardamount", "theatre_pricecarddaypart", "theatre_seatoutofservice", "theatre_coupon",
    "theatre_coupon_movies", "theatre_booking", "theatre_apitoken",
    "theatre_ticket", "theatre_payment", "theatre_refund", "theatre_invitation", "theatre_addresschange",
    "theatre_showclosing", "theatre_vipreservation", "theatre_waitingparty",
    "mfa_authenticator",
}  # fmt: skip
NOT_WHEN_MADE = {"theatre_seat", "theatre_booking", "theatre_ticket", "theatre_payment", "theatre_refund"}
COLUMNS = """
SELECT a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a
WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""
# Another value of each type, in SQL; constraints and keys are set aside while it is tried.
OTHER = {
    "bigint": "{0} + 1000000", "integer": "{0} + 1", "smallint": "{0} + 1", "boolean": "NOT {0}", "text": "{0} || 'x'",
    "date": "{0} + 1", "jsonb": "'{{\"other\": true}}'::jsonb", "bytea": "{0} || '\\x01'",
    "timestamp with time zone": "{0} + interval '1 day'", "time without time zone": "{0} + interval '1 hour'",
}  # fmt: skip
EMPTY = {"bigint": "1000000", "timestamp with time zone": "now()", "date": "current_date", "integer": "1"}


@pytest.fixture(scope="module", autouse=True)
def furnished(own_database) -> None:
    house.furnish()
    Authenticator.objects.create(
        user=User.objects.get(email="boss@example.org"), type="totp", data={"secret": "S3"}
    )


@pytest.fixture
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def sql(statement: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


def last() -> RowChange:
    return RowChange.objects.latest("pk")


def test_these_tables_are_watched_and_their_guards_are_on():
    found = sql(
        "SELECT tgrelid::regclass::text, array_agg(tgname::text ORDER BY tgname) FROM pg_trigger"
        " WHERE tgname LIKE 'history%%' AND tgenabled = 'O' GROUP BY 1"
    )

    assert {table for table, _ in found} == WATCHED
    for table, names in found:
        not_made = table in NOT_WHEN_MADE
        assert names == ["history_changed", *([] if not_made else ["history_made"]), "history_removed"]


def every_column() -> list[tuple[str, str]]:
    models_of = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    return [
        (table, field.column)
        for table in sorted(WATCHED)
        for field in models_of[table]._meta.concrete_fields
        if isinstance(field, models.Field) and not field.primary_key and not field.generated
    ]


@pytest.mark.parametrize(("table", "column"), every_column())
def test_every_change_of_a_column_is_kept(table, column, undone):
    """A column that is added later is kept too, or is named in QUIET."""
    kind = dict(sql(COLUMNS, table))[column]
    base = kind.partition("(")[0]
    key = "name" if table == "theatre_tier" else "id"
    which = {"theatre_booking": "state = 'confirmed'", "theatre_ticket": "state = 'sold'"}.get(table, "true")
    if kind.endswith("[]"):
        other = f"array_append({column}, {'1' if 'int' in kind else repr('x')})"
    elif base == "numeric":
        other = f"{column} + 1"
    elif base == "character varying":
        other = (
            "CASE WHEN {0} = '' OR {0} IS NULL THEN 'x' ELSE left('x' || {0}, greatest(length({0}), 1)) END"
        )
    else:
        other = f"coalesce({OTHER[base]}, {EMPTY.get(base, 'NULL')})"
    for (name,) in sql(
        "SELECT quote_ident(conname) FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('c','x','f','u')",
        table,
    ):
        sql(f"ALTER TABLE {table} DROP CONSTRAINT {name} CASCADE")
    for (name,) in sql(
        "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE 'plan_in_use%%'", table
    ):
        sql(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
    before = RowChange.objects.count()

    sql(f"UPDATE {table} SET {column} = {other.format(column)} WHERE {key} = (SELECT {key} FROM {table} WHERE {which}"
        f" ORDER BY {key} LIMIT 1)")  # fmt: skip

    if column in QUIET.get(table, ()):
        assert RowChange.objects.count() == before
        return
    assert RowChange.objects.count() == before + 1
    change = last()
    assert (change.change, set(change.before), set(change.after)) == ("changed", {column}, {column})
    if (table, column) in SECRET:
        assert change.before == change.after == {column: "secret"}
    else:
        assert change.before != change.after


def test_no_secret_is_in_the_history_whatever_is_done_to_it():
    who = people.customer()
    made = tokens.create_token(by=people.actor_for(who), name="till")
    who.set_password("another velvet curtain")
    who.save(update_fields=["password"])
    Authenticator.objects.create(user=who, type="totp", data={"secret": "DEEPLY-HIDDEN"})
    Authenticator.objects.filter(user=who).update(data={"secret": "STILL-HIDDEN"})
    Authenticator.objects.filter(user=who).delete()
    ApiToken.objects.filter(user=who).delete()

    everything = sql("SELECT string_agg(r::text, ' ') FROM theatre_rowchange r WHERE person = %s", who.pk)[0][
        0
    ]

    digest = hashlib.sha256(made.secret.encode()).hexdigest()
    assert (
        "authenticator" in everything
        and "token" in everything
        and '"password": "secret"' in everything.replace('""', '"')
    )
    for secret in (digest, who.password, "HIDDEN", made.secret):
        assert secret not in everything


def test_change_is_tied_to_the_deed_that_made_it():
    who = people.actor_for(people.customer(name="Ada Before"))

    profile.change_profile(by=who, full_name="Ada After", phone="", long_holds=True)

    entry = AuditEntry.objects.get(verb="change_profile", actor_id=who.user_id)
    changes = {change.on_type: change for change in RowChange.objects.filter(deed=entry.deed)}
    assert changes["user"].before == {"full_name": "Ada Before"}
    assert changes["user"].after == {"full_name": "Ada After"}
    assert changes["customer"].after == {"long_holds": True}
    assert {change.person for change in changes.values()} == {who.user_id}


def test_deeds_grow_with_time_and_no_two_are_the_same():
    who = people.actor_for(people.customer())
    for name in ("one", "two", "three"):
        profile.change_profile(by=who, full_name=name, phone="", long_holds=False)

    deeds = list(
        AuditEntry.objects.filter(actor_id=who.user_id).order_by("pk").values_list("deed", flat=True)
    )

    assert deeds == sorted(set(deeds)) and len(deeds) == 3


def test_raw_sql_and_queryset_updates_are_kept_too():
    who = people.employee(people.Role.SALESMAN)

    User.objects.filter(pk=who.pk).update(role="moderator")
    sql("UPDATE theatre_employee SET base_salary = 2500 WHERE user_id = %s", who.pk)

    role, pay = RowChange.objects.filter(person=who.pk, change="changed").order_by("pk")
    assert (role.before, role.after) == ({"role": "salesman"}, {"role": "moderator"})
    assert (pay.before, pay.after) == ({"base_salary": 2400}, {"base_salary": 2500})
    assert pay.login == sql("SELECT session_user")[0][0]


def test_sale_of_a_hold_leaves_no_history_and_what_comes_after_does():
    by = people.actor_for(people.customer())
    held = factories.held(by=by)
    keep.extend_hold(by=by, ref=held.ref)
    booking = factories.booked(by=by)
    assert not RowChange.objects.filter(on_type="booking", on_id__in=[held.ref, booking.ref]).exists()
    assert not RowChange.objects.filter(on_type="customer", change="changed", person=by.user_id).exists()

    factories.cancel_booking(by=by, ref=booking.ref)

    change = RowChange.objects.get(on_type="booking", on_id=booking.ref)
    assert (change.before["state"], change.after["state"]) == ("confirmed", "cancelled")
    assert AuditEntry.objects.get(deed=change.deed).verb == "cancel"


def test_sold_tickets_are_watched_and_held_ones_are_not():
    by = people.actor_for(people.customer())
    booking = factories.booked(by=by, seats=2)
    one, two = booking.tickets.order_by("pk")
    assert not RowChange.objects.filter(on_type="ticket", on_id__in=[str(one.pk), str(two.pk)]).exists()

    seen = for_papers(booking.pk)
    code = ticket_code(seen, next(each for each in seen.tickets if each.id == one.pk))
    check_in(by=people.actor_for(people.salesman()), code=code)
    factories.cancel_booking(by=by, ref=booking.ref, tickets=[two.pk])

    used = RowChange.objects.get(on_type="ticket", on_id=str(one.pk))
    assert used.before["checked_in_at"] is None and used.after["checked_in_at"]
    back = RowChange.objects.get(on_type="ticket", on_id=str(two.pk))
    assert (back.before, back.after) == ({"state": "sold"}, {"state": "returned"})
    assert AuditEntry.objects.get(deed=back.deed).verb == "cancel"
    paid = RowChange.objects.get(on_type="payment", deed=back.deed)
    assert (paid.before, paid.after) == ({"refunded": 0}, {"refunded": 11})


def test_tier_that_was_counted_down_is_kept():
    who = people.customer(tier="Gold")
    Customer.objects.filter(user=who).update(counted_at=Now() - timedelta(days=400))

    tiers.recount_tiers()

    change = RowChange.objects.get(on_type="customer", person=who.pk, change="changed")
    assert (change.before, change.after) == ({"tier_id": "Gold"}, {"tier_id": None})


def test_nothing_changed_leaves_nothing():
    who = people.customer()
    before = RowChange.objects.count()

    who.save()

    assert RowChange.objects.count() == before


def erase(who: User, **more: object) -> int:
    names = {"actor": "actor => %s", "reason": "reason => %s"}
    said = "".join(f", {names[name]}" for name in more)
    return sql(f"SELECT theatre_erase_person(%s{said})", who.pk, *more.values())[0][0]


def test_erasing_blanks_a_person_everywhere_and_keeps_who_did_what():
    who = people.customer(name="Wilhelmina Vogelsang", email="mina@example.net")
    by = people.actor_for(who)
    profile.change_profile(by=by, full_name="Mina Vogelsang-Abel", phone="030 555 0199", long_holds=True)
    AuditEntry.objects.create(
        actor=people.admin(), verb="lookup", on_type="user", on_id=str(who.pk), address="192.0.2.9",
        reason="Mina Vogelsang-Abel asked", details={"email": "mina@example.net", "seats": ["A 1"]},
    )  # fmt: skip
    AuditEntry.objects.create(actor=who, verb="hold", on_type="show", on_id="1", address="198.51.100.4")
    booking = factories.booked(by=by)
    Letter.objects.filter(booking=booking).update(state="sent", sent_at=Now(), subject="Mina Vogelsang-Abel")
    Booking.objects.filter(pk=booking.pk).update(guest_name="Mina", guest_email="mina@example.net")
    amounts = sql("SELECT count(*), sum(amount) FROM theatre_ledgerentry")
    other = people.customer(name="Somebody Else")
    admin = people.admin()
    User.objects.filter(pk=who.pk).update(full_name="", email=f"erased-{who.pk}@example.invalid", phone="")

    count = erase(who, actor=admin.pk, reason="Asked by letter")

    tables = ("theatre_auditentry", "theatre_rowchange", "theatre_letter")
    left = [sql(f"SELECT string_agg(r::text, ' ') FROM {table} r")[0][0] for table in tables]
    for word in ("Wilhelmina", "Mina", "mina@", "555 0199", "198.51.100.4"):
        assert [word in text for text in left] == [False] * 3, word
    assert "Somebody Else" in left[1] and RowChange.objects.filter(person=other.pk).count() == 2
    looked = AuditEntry.objects.get(verb="lookup")
    assert (looked.reason, looked.details) == ("erased asked", {"email": "erased", "seats": ["A 1"]})
    assert looked.address == "192.0.2.9"  # the admin's own
    assert AuditEntry.objects.filter(verb="confirm", actor=who, on_id=booking.ref).count() == 1
    note = AuditEntry.objects.get(verb="erase_person", actor=admin)
    assert (note.actor, note.on_id, note.reason) == (admin, str(who.pk), "Asked by letter")
    assert note.details == {"rows": count} and count > 5
    assert sql("SELECT count(*), sum(amount) FROM theatre_ledgerentry") == amounts


def test_erasing_twice_does_no_harm_and_nobody_is_refused():
    who = people.customer(name="Twice Erased")

    erase(who)
    erase(who)

    assert AuditEntry.objects.filter(verb="erase_person", on_id=str(who.pk), actor=who).count() == 2
    with pytest.raises(DatabaseError, match="there is no user"):
        sql("SELECT theatre_erase_person(2000000000)")


@pytest.mark.parametrize("column", ["verb", "on_id", "at", "actor_id"])
def test_even_while_erasing_nobody_changes_who_did_what(column, undone):
    sql("SELECT set_config('theatre.erasing', 'on', true)")
    value = {"at": "now() - interval '1 year'", "actor_id": "NULL"}.get(column, "'other'")

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        sql(f"UPDATE theatre_auditentry SET {column} = {value}")


def test_price_is_kept_to_its_last_place():
    card = factories.price_card({"standard": Decimal("11.500")})

    card.amounts.update(amount=Decimal("12.250"))

    change = RowChange.objects.get(on_type="price_card", on_id=str(card.pk), change="changed")
    assert sql(
        "SELECT before ->> 'amount', after ->> 'amount' FROM theatre_rowchange WHERE id = %s", change.pk
    ) == [("11.500", "12.250")]
