"""Forgetting a customer who wants to go: what names them is blanked everywhere, what the books need stays.

Their invoices stay as they were issued, and ledger, tickets and bookings without a name. Source: domain.md, "People and
roles".
"""

from django.conf import settings

from config.logs import request_id
from theatre import events
from theatre.access import Actor, Permission, require
from theatre.actions._doors import action_on_person
from theatre.actions.people._ending import end_sessions_and_tokens
from theatre.actions.people.address import free_address
from theatre.models.sql import change, fetch, fetch_one
from theatre.queries.links import STOP_DAYS
from theatre.rules.refusals import Refused


class EmployeesStay(Refused):
    """An employee's account belongs to their work here."""

    code = "employees_stay"


class TicketsAhead(Refused):
    """They have tickets for a show that is still to come, or hold seats: nothing is cancelled silently."""

    code = "tickets_ahead"


class AddressJustChanged(Refused):
    """The old address may still take the account back, so nobody else can make it disappear meanwhile."""

    code = "address_just_changed"


_AHEAD = """
SELECT b.ref, b.state = 'held' FROM theatre_booking b JOIN theatre_show s ON s.id = b.show_id
WHERE b.customer_id = %s AND (b.state = 'confirmed' AND s.ends_at > clock_timestamp()
  OR b.state = 'held' AND b.held_until > clock_timestamp() - interval '1 minute')
ORDER BY s.starts_at, b.id
"""

# Their own rows. What is written here is history too, and theatre_erase_person blanks that afterwards.
_BLANK = (
    "UPDATE theatre_user SET full_name = '', phone = '', last_login = NULL WHERE id = %(user)s",
    "UPDATE theatre_customer SET access_needs = '', long_holds = false,"
    """ mails = '{"new_movies": false, "promotions": false, "offers": false}' WHERE user_id = %(user)s""",
    "UPDATE theatre_booking SET guest_name = '', guest_email = '', session = '', network = ''"
    " WHERE customer_id = %(customer)s AND (guest_name <> '' OR guest_email <> '' OR session <> '' OR network <> '')",
    "UPDATE theatre_message SET text = 'erased' WHERE author_id = %(user)s"
    " OR thread_id IN (SELECT id FROM theatre_thread WHERE customer_id = %(customer)s)",
    "UPDATE theatre_thread SET subject = 'erased', state = 'closed' WHERE customer_id = %(customer)s",
    "UPDATE theatre_apitoken SET name = 'erased' WHERE user_id = %(user)s",
    "UPDATE theatre_waitingparty SET state = 'left', ended_at = clock_timestamp()"
    " WHERE customer_id = %(customer)s AND state = 'waiting'",
    "DELETE FROM theatre_moviefollow WHERE customer_id = %(customer)s",
    "DELETE FROM theatre_photo WHERE user_id = %(user)s",
    "DELETE FROM mfa_authenticator WHERE user_id = %(user)s",
    "DELETE FROM theatre_idempotencykey WHERE principal = 'user:' || %(user)s::text",
)


@action_on_person
def erase_person(*, by: Actor) -> None:
    """Erase one's own account: its address is free again, it is signed out everywhere, and its owner is told.

    Refused: EmployeesStay, TicketsAhead (with `refs`), AddressJustChanged.
    """
    require(by, Permission.OWN_ACCOUNT)
    if by.customer_id is None:
        raise EmployeesStay("Your account belongs to your work here, so an admin closes it when you leave")
    who = {"user": by.user_id, "customer": by.customer_id}
    # A confirm takes this lock last: it is over when we have it, and no other one gets by the holds we look for.
    fetch_one("SELECT id FROM theatre_customer WHERE id = %s FOR NO KEY UPDATE", [by.customer_id])
    _refuse_what_is_open(by)
    (address,) = fetch_one(
        "SELECT email FROM theatre_user WHERE id = %s FOR NO KEY UPDATE", [by.user_id]
    ) or ("",)
    end_sessions_and_tokens(by.user_id or 0)
    for statement in _BLANK:
        change(statement, who)
    free_address(by.user_id or 0)
    # Audit, history, letters and feedback forget the person too, and the deed itself is noted there.
    fetch_one("SELECT theatre_erase_person(%s, request => %s)", [by.user_id, request_id.get()])
    events.account_erased.send(sender=None, user_id=by.user_id, email=address)


def _refuse_what_is_open(by: Actor) -> None:
    ahead = fetch(_AHEAD, [by.customer_id])
    if any(held for _ref, held in ahead):
        raise TicketsAhead("You are holding seats. Book them or let them go, then delete your account")
    if ahead:
        refs = [ref for ref, _held in ahead]
        raise TicketsAhead(
            f"You have tickets for a show that is still to come ({', '.join(refs)}). See it, or cancel them first",
            refs=refs,
        )
    changed = fetch_one(
        "SELECT max(confirmed_at) FROM theatre_addresschange WHERE user_id = %s AND state = 'confirmed'"
        " AND confirmed_at > clock_timestamp() - make_interval(days => %s)",
        [by.user_id, STOP_DAYS],
    )
    if changed and changed[0]:
        raise AddressJustChanged(
            f"Your email address changed less than {STOP_DAYS} days ago. Wait until then, or call us on"
            f" {settings.THEATRE_PHONE}"
        )
