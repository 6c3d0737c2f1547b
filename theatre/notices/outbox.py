"""Letters: queued as rows in the deed's own transaction, delivered outside it by whoever calls `deliver_due`.

Promised (reliability.md 0.4): one row for one deed, by its key; one Message-ID for all attempts; at least one
delivery. A second copy can arrive only when the process dies between the server's 250 and the one statement that
notes it. Times are the database's.
"""

import json
import logging
import secrets
import smtplib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parseaddr
from functools import cache
from typing import Any

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

from theatre.models.sql import change, fetch_one
from theatre.notices import letters
from theatre.notices.kinds.written import NothingLeftToSay, QueuedLetter
from theatre.queries.bookings import SeenBooking

log = logging.getLogger(__name__)

LEASE_SECONDS = 120  # longer than any one attempt, whose every step ends after EMAIL_TIMEOUT
FIRST_WAIT_SECONDS = 10
LONGEST_WAIT_SECONDS = 3600
MAX_ATTEMPTS = 60  # two days and more, with those waits

_QUEUE = """
INSERT INTO theatre_letter
  (key, kind, "to", user_id, booking_id, data, message_id, state, attempts, last_error, subject)
VALUES (%(key)s, %(kind)s, %(to)s, %(user)s, %(booking)s, %(data)s::jsonb, %(message_id)s, 'queued', 0, '', '')
ON CONFLICT (key) DO NOTHING
"""

# The salesman's address is asked for here, and only when the booking has one.
_QUEUE_ABOUT_BOOKING = """
INSERT INTO theatre_letter
  (key, kind, "to", user_id, booking_id, data, message_id, state, attempts, last_error, subject)
SELECT kind || ':' || %(deed)s::text, kind, address, reader, %(booking)s, %(data)s::jsonb, message_id,
       'queued', 0, '', ''
FROM (
  SELECT %(to_guest)s::text AS kind, %(guest_address)s::text AS address, %(guest)s::bigint AS reader,
         %(id_1)s::text AS message_id
  UNION ALL
  SELECT %(to_staff)s::text, coalesce(salesman.email, %(box_office)s::text), salesman.id, %(id_2)s::text
  FROM (SELECT %(assigned_to)s::bigint AS id) AS assigned
  LEFT JOIN theatre_user salesman ON salesman.id = assigned.id AND salesman.is_active
  WHERE %(tell_staff)s::boolean
) AS addressed
WHERE address <> ''
ON CONFLICT (key) DO NOTHING
"""

# Crossing the same line twice on one day is told once.
_QUEUE_FOR_CUSTOMER = """
INSERT INTO theatre_letter
  (key, kind, "to", user_id, booking_id, data, message_id, state, attempts, last_error, subject)
SELECT %(kind)s::text || ':' || c.id || ':' || %(deed)s::text || ':' || current_date, %(kind)s, u.email, u.id, NULL,
       %(data)s::jsonb, %(message_id)s, 'queued', 0, '', ''
FROM theatre_customer c JOIN theatre_user u ON u.id = c.user_id WHERE c.id = %(customer)s AND u.is_active
ON CONFLICT (key) DO NOTHING
"""

_QUEUE_TO_MOVED = """
INSERT INTO theatre_letter
  (key, kind, "to", user_id, booking_id, data, message_id, state, attempts, last_error, subject)
SELECT 'show_moved:' || a.move_id || ':' || b.id, 'show_moved', coalesce(u.email, b.guest_email), u.id, b.id, '{}',
       '<' || replace(gen_random_uuid()::text, '-', '') || '@' || %s::text || '>', 'queued', 0, '', ''
FROM theatre_moveanswer a
JOIN theatre_booking b ON b.id = a.booking_id
LEFT JOIN theatre_customer c ON c.id = b.customer_id
LEFT JOIN theatre_user u ON u.id = c.user_id
WHERE a.move_id = %s AND coalesce(u.email, b.guest_email) <> ''
ON CONFLICT (key) DO NOTHING
"""


# Many letters in one statement make their own Message-IDs. One of a kind for each time a movie was asked about.
_QUEUE_TO_FOLLOWERS = """
INSERT INTO theatre_letter
  (key, kind, "to", user_id, booking_id, data, message_id, state, attempts, last_error, subject)
SELECT %(kind)s::text || ':' || f.id, %(kind)s, u.email, u.id, NULL,
       jsonb_build_object('movie', f.movie_id, 'customer', f.customer_id),
       '<' || replace(gen_random_uuid()::text, '-', '') || '@' || %(domain)s || '>', 'queued', 0, '', ''
FROM theatre_moviefollow f
JOIN theatre_customer c ON c.id = f.customer_id
JOIN theatre_user u ON u.id = c.user_id AND u.is_active AND u.confirmed_at IS NOT NULL
WHERE f.movie_id = ANY(%(movies)s::bigint[])
ORDER BY f.id
ON CONFLICT (key) DO NOTHING
"""

# Who follows a movie has heard of it, or will when it opens: the others' letter leaves it out.
_QUEUE_DIGEST = """
WITH reader AS MATERIALIZED (
  SELECT id, user_id, mails FROM theatre_customer WHERE id > %(after)s ORDER BY id LIMIT %(most)s
), news AS (
  SELECT r.id, r.user_id, jsonb_agg(m.id ORDER BY m.state DESC, m.release_date, m.id) AS movies
  FROM reader r
  JOIN theatre_movie m ON m.digest_id = %(digest)s AND m.state IN ('coming_soon', 'showing')
    AND NOT EXISTS (SELECT 1 FROM theatre_moviefollow f WHERE f.movie_id = m.id AND f.customer_id = r.id)
  WHERE coalesce(r.mails ->> 'new_movies', 'true') = 'true'
  GROUP BY r.id, r.user_id
), queued AS (
  INSERT INTO theatre_letter
    (key, kind, "to", user_id, booking_id, data, message_id, state, attempts, last_error, subject)
  SELECT 'new_movies:' || %(digest)s || ':' || n.id, 'new_movies', u.email, u.id, NULL,
         jsonb_build_object('movies', n.movies, 'customer', n.id),
         '<' || replace(gen_random_uuid()::text, '-', '') || '@' || %(domain)s || '>', 'queued', 0, '', ''
  FROM news n JOIN theatre_user u ON u.id = n.user_id AND u.is_active AND u.confirmed_at IS NOT NULL
  ON CONFLICT (key) DO NOTHING RETURNING 1
)
SELECT (SELECT max(id) FROM reader), (SELECT count(*) FROM queued)
"""


def queue(
    *,
    key: str,
    kind: str,
    to: str,
    user_id: int | None = None,
    booking_id: int | None = None,
    data: dict[str, Any] | None = None,
) -> int:
    """One letter, in the open transaction: 1, or 0 when the letter with this key was queued before.

    ``kind`` is one of `letters.KINDS`; ``data`` holds JSON values that the letter needs and no row remembers.
    """
    values = {"key": key, "kind": kind, "to": to, "user": user_id, "booking": booking_id}
    return _insert(_QUEUE, {**values, "data": data, "message_id": _message_id()})


def queue_about_booking(
    booking: SeenBooking,
    *,
    deed: object,
    to_guest: str,
    to_staff: str,
    own_sales_too: bool,
    data: dict[str, Any] | None = None,
) -> int:
    """The letters of what happened to a booking, by kind, in one statement; how many were queued.

    To its guest, if an address is known, and to the salesman it is assigned to (of a booking that they sold
    themselves only if ``own_sales_too``); what nobody is assigned to is told to the box office. ``deed`` makes the
    keys: one letter a kind and deed.
    """
    own_sale = booking.assigned_to_id is not None and booking.assigned_to_id == booking.seller_id
    values = {
        "booking": booking.id,
        "deed": str(deed),
        "to_guest": to_guest,
        "guest_address": booking.customer_email,
        "guest": booking.customer_user_id,
        "to_staff": to_staff,
        "assigned_to": booking.assigned_to_id,
        "tell_staff": own_sales_too or not own_sale,
        "box_office": settings.BOX_OFFICE_EMAIL,
        "id_1": _message_id(),
        "id_2": _message_id(),
        "data": data,
    }
    return _insert(_QUEUE_ABOUT_BOOKING, values)


def queue_to_guest(
    booking: SeenBooking, *, kind: str, deed: object, data: dict[str, Any] | None = None
) -> int:
    """One letter to a booking's guest for a deed, if an address is known; how many were queued."""
    if not booking.customer_email:
        return 0
    return queue(
        key=f"{kind}:{deed}:{booking.id}",
        kind=kind,
        to=booking.customer_email,
        user_id=booking.customer_user_id,
        booking_id=booking.id,
        data=data,
    )


def queue_to_moved_guests(move_id: int) -> int:
    """A letter to every guest of a show that was moved, if an address is known; how many were queued."""
    return change(_QUEUE_TO_MOVED, [_domain(settings.DEFAULT_FROM_EMAIL), move_id])


def queue_for_customer(
    *, customer_id: int, kind: str, deed: object, data: dict[str, Any] | None = None
) -> int:
    """One letter to a customer's address, once a day for the same kind and deed; how many were queued: none for
    somebody who was erased."""
    values = {
        "customer": customer_id,
        "kind": kind,
        "deed": str(deed),
        "data": data,
        "message_id": _message_id(),
    }
    return _insert(_QUEUE_FOR_CUSTOMER, values)


def queue_to_followers(*, kind: str, movie_ids: list[int]) -> int:
    """One letter to everybody who asked to be told of these movies; how many were queued: who has this kind for a
    movie already gets no other."""
    return change(
        _QUEUE_TO_FOLLOWERS,
        {"kind": kind, "movies": movie_ids, "domain": _domain(settings.DEFAULT_FROM_EMAIL)},
    )


def queue_digest(*, digest_id: int, after: int, most: int) -> tuple[int | None, int]:
    """The daily letter to the next customers by id, those after `after`: the last one looked at, None when there is
    none left, and how many letters were queued."""
    values = {
        "digest": digest_id,
        "after": after,
        "most": most,
        "domain": _domain(settings.DEFAULT_FROM_EMAIL),
    }
    row = fetch_one(_QUEUE_DIGEST, values)
    return (row[0], row[1]) if row else (None, 0)


def _insert(statement: str, values: dict[str, Any]) -> int:
    return change(statement, {**values, "data": json.dumps(values["data"] or {})})


def _message_id() -> str:
    return f"<{secrets.token_hex(16)}@{_domain(settings.DEFAULT_FROM_EMAIL)}>"


@cache
def _domain(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2]


def deliver_due(limit: int = 1000, seconds: float = 15) -> int:
    """Send the letters that are due, at most ``limit`` and for about so many ``seconds``; how many went out.

    Safe to run many times at once and to kill at any point. A letter the server refuses for good (5xx) is dead at
    once, one it cannot take now waits longer and longer; both say why. When the server cannot be reached, the rest
    wait for the next call.
    """
    sent = 0
    end = time.monotonic() + seconds
    with _mail_server() as server:
        for _ in range(limit):
            letter = _claim() if time.monotonic() < end else None
            if letter is None:
                break
            try:
                mail = letters.compose(letter)
            except NothingLeftToSay as error:
                _bury(letter, error)
                continue
            except Exception as error:  # a letter that cannot be written must not keep the others back
                log.exception("letter %s could not be written", letter.key)
                _put_off(letter, error)
                continue
            try:
                server.open()
            except (OSError, smtplib.SMTPException) as error:
                log.warning("the mail server cannot be reached: %s", error)
                _put_off(letter, error)
                break
            try:
                server.send_messages([mail])
            except (OSError, smtplib.SMTPException, ValueError) as error:
                log.warning("letter %s was not taken: %s", letter.key, error)
                (_bury if _is_final(error) else _put_off)(letter, error)
                _close(server)
                continue
            # The server has said 250 and not yet heard QUIT: this one statement is the whole window.
            _mark_sent(letter, str(mail.subject))
            sent += 1
    return sent


def send_again(letter_id: int) -> int:
    """Queue a dead letter once more, with the same Message-ID; 1, or 0 when it is not dead or its reader was erased."""
    return change(
        "UPDATE theatre_letter SET state = 'queued', attempts = 0, due_at = clock_timestamp(), leased_until = NULL"
        " WHERE id = %s AND state = 'dead' AND \"to\" <> ''",
        [letter_id],
    )


_CLAIM = """
UPDATE theatre_letter SET leased_until = clock_timestamp() + %s * interval '1 second', attempts = attempts + 1
WHERE id = (
  SELECT id FROM theatre_letter
  WHERE state = 'queued' AND due_at <= clock_timestamp()
    AND (leased_until IS NULL OR leased_until < clock_timestamp())
  ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING id, key, kind, "to", booking_id, user_id, data::text, message_id, attempts, queued_at
"""


def _claim() -> QueuedLetter | None:
    row = fetch_one(_CLAIM, [LEASE_SECONDS])
    return QueuedLetter(*(*row[:6], json.loads(row[6]), *row[7:])) if row else None


# What was secret in a letter (a code, a link) has done its work once it is sent, and is forgotten; so is the address of
# somebody who was erased.
_SENT = """
UPDATE theatre_letter SET state = 'sent', sent_at = clock_timestamp(), leased_until = NULL, last_error = '',
  subject = %s, data = data - '{code,link}'::text[],
  "to" = CASE WHEN kind = 'account_erased' THEN '' ELSE "to" END
WHERE id = %s AND state = 'queued'
"""
_DEAD = """
UPDATE theatre_letter SET state = 'dead', leased_until = NULL,
  last_error = CASE WHEN kind = 'account_erased' THEN '' ELSE %s END,
  "to" = CASE WHEN kind = 'account_erased' THEN '' ELSE "to" END
WHERE id = %s AND state = 'queued'
"""


def _mark_sent(letter: QueuedLetter, subject: str) -> None:
    change(_SENT, [subject[:400], letter.id])


def _put_off(letter: QueuedLetter, error: Exception) -> None:
    if letter.attempts >= MAX_ATTEMPTS:
        _bury(letter, error)
        return
    wait = min(FIRST_WAIT_SECONDS * 2 ** (letter.attempts - 1), LONGEST_WAIT_SECONDS)
    change(
        "UPDATE theatre_letter SET due_at = clock_timestamp() + %s * interval '1 second', leased_until = NULL,"
        " last_error = %s WHERE id = %s AND state = 'queued'",
        [wait, _in_words(error), letter.id],
    )


def _bury(letter: QueuedLetter, error: Exception) -> None:
    log.error("letter %s is dead: %s", letter.key, error)
    change(_DEAD, [_in_words(error), letter.id])


def _is_final(error: Exception) -> bool:
    """Whether the server, asked about this very letter, said no for good, or the address cannot be written at all."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError):
        return error.smtp_code >= 500
    return isinstance(error, ValueError | smtplib.SMTPNotSupportedError)


def _in_words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".replace("\x00", "")[:1000]


@contextmanager
def _mail_server() -> Iterator[BaseEmailBackend]:
    server = get_connection()
    try:
        yield server
    finally:
        _close(server)


def _close(server: BaseEmailBackend) -> None:
    try:
        server.close()
    except (OSError, smtplib.SMTPException) as error:
        log.info("the mail server hung up first: %s", error)
