"""Which role of the database may do what to which table: `manage.py grant_rights` makes it so.

The owner makes and changes tables (migrations). The application runs the theatre with what stands here and no more.
Reporting reads, and no secret. A table that is not named here is refused by `grant_rights` and by a test: whoever
makes one decides.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from theatre.models.sql import change, fetch

READ, ADD, CHANGE, REMOVE = "SELECT", "INSERT", "UPDATE", "DELETE"
WRITE = (READ, ADD, CHANGE)
ALL = (READ, ADD, CHANGE, REMOVE)


@dataclass(frozen=True, slots=True)
class Rights:
    """What the application may; whether reporting reads the table, and which columns it does not."""

    application: tuple[str, ...]
    reporting: bool = True
    hidden: tuple[str, ...] = ()


_HIDDEN = False  # from reporting

TABLES: dict[str, Rights] = {
    # What was earned, said on paper or done is added to and never changed.
    "theatre_ledgerentry": Rights((READ, ADD)),
    "theatre_invoice": Rights((READ, ADD)),
    "theatre_auditentry": Rights((READ, ADD), _HIDDEN),  # for admins
    "theatre_rowchange": Rights((READ,), _HIDDEN),  # written by triggers, as the owner
    # People. Nobody is removed: they are erased (theatre_erase_person) and their books stay.
    "theatre_user": Rights(WRITE, hidden=("password",)),
    "theatre_customer": Rights(WRITE),
    "theatre_employee": Rights(WRITE),
    "theatre_tier": Rights(WRITE),
    "theatre_apitoken": Rights(WRITE, hidden=("digest",)),
    "theatre_photo": Rights(ALL, _HIDDEN),
    "theatre_addresschange": Rights(ALL, _HIDDEN),
    "theatre_invitation": Rights(WRITE, hidden=("digest",)),
    "theatre_feedback": Rights(ALL),
    "theatre_tries": Rights(ALL, _HIDDEN),
    # The programme.
    "theatre_genre": Rights(ALL),
    "theatre_movie": Rights(ALL),
    "theatre_movie_genres": Rights(ALL),
    "theatre_moviefollow": Rights(ALL),
    "theatre_moviedigest": Rights(WRITE),
    "theatre_moviefile": Rights(ALL, _HIDDEN),
    "theatre_poster": Rights(ALL, _HIDDEN),
    "theatre_screen": Rights(ALL),
    "theatre_seatplan": Rights(ALL),
    "theatre_seat": Rights(ALL),
    "theatre_pricecard": Rights(ALL),
    "theatre_pricecardamount": Rights(ALL),
    "theatre_pricecarddaypart": Rights(ALL),
    "theatre_seatoutofservice": Rights(WRITE),
    "theatre_show": Rights(ALL),
    "theatre_showclosing": Rights(WRITE),
    "theatre_showmove": Rights((READ, ADD)),
    "theatre_moveanswer": Rights(WRITE),
    "theatre_vipreservation": Rights(WRITE),
    "theatre_waitingparty": Rights(WRITE),
    "theatre_review": Rights(ALL),
    "theatre_programmechange": Rights((READ,), _HIDDEN),  # written by triggers, as the owner
    # Bookings and their money. A claim goes when its seat is free again, nothing else does.
    "theatre_seatclaim": Rights(ALL),
    "theatre_booking": Rights(WRITE, hidden=("session", "network")),
    "theatre_ticket": Rights(WRITE, hidden=("nonce",)),
    "theatre_payment": Rights(WRITE, hidden=("provider_ref",)),
    "theatre_refund": Rights(WRITE),
    "theatre_invoicecounter": Rights(WRITE),
    "theatre_coupon": Rights(WRITE),
    "theatre_coupon_movies": Rights(ALL),
    "theatre_couponuse": Rights(WRITE),
    "theatre_idempotencykey": Rights(ALL, _HIDDEN),
    # Letters and conversations.
    "theatre_letter": Rights(WRITE, hidden=("data",)),
    "theatre_thread": Rights(WRITE),
    "theatre_message": Rights(WRITE),
    # What the libraries keep.
    "theatre_cache": Rights(ALL, _HIDDEN),
    "django_session": Rights(ALL, _HIDDEN),
    "usersessions_usersession": Rights(ALL, _HIDDEN),
    "account_emailaddress": Rights(ALL, _HIDDEN),
    "account_emailconfirmation": Rights(ALL, _HIDDEN),
    "mfa_authenticator": Rights(ALL, _HIDDEN),
    "auth_group": Rights((READ,), _HIDDEN),
    "auth_group_permissions": Rights((READ,), _HIDDEN),
    "auth_permission": Rights((READ,), _HIDDEN),
    "django_content_type": Rights((READ,), _HIDDEN),
    "django_migrations": Rights((READ,), _HIDDEN),
    "procrastinate_jobs": Rights(ALL, _HIDDEN),
    "procrastinate_events": Rights(ALL, _HIDDEN),
    "procrastinate_periodic_defers": Rights(ALL, _HIDDEN),
    "procrastinate_workers": Rights(ALL, _HIDDEN),
}
# Functions that act as the owner, and are not everybody's to call.
FOR_THE_APPLICATION = ("theatre_erase_person(bigint, bigint, text, text)",)

# Views too: whoever may read a view reads through its owner's eyes.
_TABLES = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
"""
_COLUMNS = """
SELECT quote_ident(attname) FROM pg_attribute
WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped AND attname <> ALL(%s) ORDER BY attnum
"""
_MAKE = """
DO $$ BEGIN
  IF to_regrole('{role}') IS NULL THEN CREATE ROLE {role} NOLOGIN; END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;  -- somebody else has just made it
END $$
"""
_LET_IN = "ALTER ROLE {role} LOGIN"


def undecided() -> tuple[set[str], set[str]]:
    """Tables that are there and not named here, and the other way round."""
    there = {row[0] for row in fetch(_TABLES) if not row[0].startswith("pg_stat_statements")}
    return there - set(TABLES), set(TABLES) - there


def grant(application: str, reporting: str, *, login: bool = False) -> int:
    """Give both roles what stands here and take away what does not; how many tables. Safe to run again.

    The roles are made if they are missing, with a login if that is asked. Needs the owner's connection and an open
    transaction.
    """
    for role in (application, reporting):
        change(_MAKE.format(role=role))
        if login:
            change(_LET_IN.format(role=role))
    for statement in _statements(application, reporting):
        change(statement)
    return len(TABLES)


def _statements(application: str, reporting: str) -> Iterator[str]:
    both = f"{application}, {reporting}"
    [(database,)] = fetch("SELECT quote_ident(current_database())")
    yield f"REVOKE ALL ON DATABASE {database} FROM PUBLIC, {both}"
    yield f"GRANT CONNECT ON DATABASE {database} TO {both}"
    yield f"REVOKE ALL ON SCHEMA public FROM PUBLIC, {both}"
    yield f"GRANT USAGE ON SCHEMA public TO {both}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {both}"
    yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, {both}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {application}"
    for table, rights in TABLES.items():
        yield f"GRANT {', '.join(rights.application)} ON {table} TO {application}"
        if not rights.reporting:
            continue
        # A right to single columns outlives a REVOKE on the table: taken by name first.
        columns = ", ".join(row[0] for row in fetch(_COLUMNS, [table, []]))
        yield f"REVOKE ALL ({columns}) ON {table} FROM {reporting}"
        seen = ", ".join(row[0] for row in fetch(_COLUMNS, [table, list(rights.hidden)]))
        yield f"GRANT SELECT ({seen}) ON {table} TO {reporting}"
    for function in FOR_THE_APPLICATION:
        yield f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC, {both}"
        yield f"GRANT EXECUTE ON FUNCTION {function} TO {application}"
    # Beside the missing rights: what reporting does cannot write, and ends.
    yield f"ALTER ROLE {reporting} SET default_transaction_read_only = on"
    yield f"ALTER ROLE {reporting} SET statement_timeout = '5min'"
