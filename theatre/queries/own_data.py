"""Everything the house knows about one person, for them to take along (domain.md, "People and roles").

Money in the theatre's currency as text, times in UTC (ISO 8601). What is secret stays so: no password, no key, no code.
"""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings

from theatre.access import Actor
from theatre.models.sql import fetch

# Each statement's columns are the members of one thing; `%(user)s` and `%(customer)s` are the person.
_LISTS = {
    "earlier_addresses": """
        SELECT old AS from_address, new AS to_address, state, asked_at, confirmed_at
        FROM theatre_addresschange WHERE user_id = %(user)s ORDER BY id""",
    "bookings": """
        SELECT b.ref AS reference, m.title AS movie, s.name AS screen, h.starts_at, b.state, b.channel, b.created_at,
               b.confirmed_at, b.ended_at, b.cancel_reason, c.code AS coupon, b.tier_name AS tier, b.total,
               b.guest_name, b.guest_email,
               (SELECT coalesce(json_agg(json_build_object(
                    'seat', e.row || ' ' || e.number, 'kind', k.kind, 'audience', k.audience, 'state', k.state,
                    'list_price', k.list_price::text, 'tier_off', k.tier_off::text, 'coupon_off', k.coupon_off::text,
                    'price', k.price::text, 'vat', k.vat::text, 'checked_in_at', k.checked_in_at, 'door', k.door)
                    ORDER BY k.id), '[]')
                FROM theatre_ticket k JOIN theatre_seat e ON e.id = k.seat_id WHERE k.booking_id = b.id) AS tickets,
               (SELECT coalesce(json_agg(json_build_object('method', p.method, 'amount', p.amount::text,
                    'refunded', p.refunded::text, 'state', p.state, 'at', p.at) ORDER BY p.id), '[]')
                FROM theatre_payment p WHERE p.booking_id = b.id) AS payments
        FROM theatre_booking b JOIN theatre_show h ON h.id = b.show_id JOIN theatre_movie m ON m.id = h.movie_id
        JOIN theatre_screen s ON s.id = h.screen_id LEFT JOIN theatre_coupon c ON c.id = b.coupon_id
        WHERE b.customer_id = %(customer)s ORDER BY b.id""",
    "invoices": """
        SELECT i.series, i.year, i.number, b.ref AS booking, i.issued_at, i.total, i.vat, i.facts
        FROM theatre_invoice i JOIN theatre_booking b ON b.id = i.booking_id
        WHERE b.customer_id = %(customer)s ORDER BY i.id""",
    "reviews": """
        SELECT m.title AS movie, r.stars, r.text, r.state, r.reason, r.written_at
        FROM theatre_review r JOIN theatre_movie m ON m.id = r.movie_id
        WHERE r.customer_id = %(customer)s ORDER BY r.id""",
    "conversations": """
        SELECT t.topic, t.subject, t.state, t.opened_at,
               (SELECT coalesce(json_agg(json_build_object('by', CASE WHEN g.author_id = %(user)s THEN 'you' ELSE
                    'the office' END, 'text', g.text, 'sent_at', g.sent_at) ORDER BY g.id), '[]')
                FROM theatre_message g WHERE g.thread_id = t.id) AS messages
        FROM theatre_thread t WHERE t.customer_id = %(customer)s ORDER BY t.id""",
    "feedback": """
        SELECT text, page, reply_to, sent_at, state FROM theatre_feedback WHERE by_id = %(user)s ORDER BY id""",
    "letters": """
        SELECT kind, "to", subject, state, queued_at, sent_at
        FROM theatre_letter WHERE user_id = %(user)s ORDER BY id""",
    "sessions": """
        SELECT created_at, last_seen_at, host(ip) AS network_address, user_agent
        FROM usersessions_usersession WHERE user_id = %(user)s ORDER BY id""",
    "api_tokens": """
        SELECT name, created_at, revoked_at FROM theatre_apitoken WHERE user_id = %(user)s ORDER BY id""",
    "second_factors": """
        SELECT type, created_at, last_used_at FROM mfa_authenticator WHERE user_id = %(user)s ORDER BY id""",
    "your_deeds": """
        SELECT at, verb, on_type, on_id, address AS network_address, reason
        FROM theatre_auditentry WHERE actor_id = %(user)s ORDER BY id""",
}
_PERSON = """
SELECT u.email, u.full_name, u.phone, u.role, u.joined_at, u.confirmed_at, u.last_login,
       (SELECT json_build_object('member_number', c.member_number, 'tier', c.tier_id,
            'tickets_in_a_year', c.tier_tickets, 'letters', c.mails,
            'access_needs', c.access_needs, 'long_holds', c.long_holds)
        FROM theatre_customer c WHERE c.user_id = u.id) AS customer,
       (SELECT json_build_object('start_date', e.start_date, 'responsibilities', e.responsibilities,
            'base_salary', e.base_salary::text, 'status', e.status, 'status_reason', e.status_reason)
        FROM theatre_employee e WHERE e.user_id = u.id) AS employee,
       (SELECT replace(encode(p.webp, 'base64'), chr(10), '')
        FROM theatre_photo p WHERE p.user_id = u.id) AS photo_webp_base64
FROM theatre_user u WHERE u.id = %(user)s
"""


def everything_about(actor: Actor) -> dict[str, Any]:
    """What is stored about this person, by kind, the oldest first. Thirteen queries."""
    who = {"user": actor.user_id, "customer": actor.customer_id}
    [person] = _things(_PERSON, who)
    return {
        "theatre": settings.THEATRE_NAME,
        # nosemgrep: clock-of-this-machine - says when, decides nothing
        "written_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "currency": settings.CURRENCY,
        "account": person,
        **{name: _things(statement, who) for name, statement in _LISTS.items()},
    }


def _things(statement: str, who: dict[str, Any]) -> list[dict[str, Any]]:
    """The statement's rows as PostgreSQL writes them in JSON: it knows its own types best."""
    wrapped = f"SELECT to_jsonb(thing)::text FROM ({statement}) AS thing"  # noqa: S608 - our own statements, no input
    return [json.loads(row[0], parse_float=Decimal) for row in fetch(wrapped, who)]
