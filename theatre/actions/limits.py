"""Tries are counted in the database, each by one statement: however many come at once, on however many machines, no
more than a limit allows are looked at.

Called outside transactions, for what was tried has to stay counted whatever becomes of the deed.
"""

import hashlib
import hmac

from django.conf import settings

from theatre.models.sql import change, fetch_one
from theatre.rules.limits import Limit, in_words, whole_seconds
from theatre.rules.refusals import Refused

BATCH = 5000

# A row that is over begins anew. One that is full is left as it is, and nothing comes back.
_TAKE = """
INSERT INTO theatre_tries AS t ("limit", who, tries, until)
VALUES (%(limit)s, %(who)s, 1, statement_timestamp() + make_interval(secs => %(seconds)s))
ON CONFLICT ("limit", who) DO UPDATE SET
  tries = CASE WHEN t.until <= statement_timestamp() THEN 1 ELSE t.tries + 1 END,
  until = CASE WHEN t.until <= statement_timestamp() THEN excluded.until ELSE t.until END
WHERE t.until <= statement_timestamp() OR t.tries < %(amount)s
RETURNING 1
"""
_WAIT = """
SELECT extract(epoch FROM until - statement_timestamp())::float8 FROM theatre_tries
WHERE "limit" = %(limit)s AND who = %(who)s AND tries >= %(amount)s AND until > statement_timestamp()
"""
_GIVE_BACK = """
UPDATE theatre_tries SET tries = tries - 1
WHERE "limit" = %(limit)s AND who = %(who)s AND until > statement_timestamp() AND tries > 0
"""
_CLEAR = 'DELETE FROM theatre_tries WHERE "limit" = %(limit)s AND who = %(who)s'
_FORGET = """
DELETE FROM theatre_tries WHERE ctid = ANY(ARRAY(
  SELECT ctid FROM theatre_tries WHERE until < statement_timestamp() LIMIT %s FOR UPDATE SKIP LOCKED))
"""


class TooManyTries(Refused):
    """Too many lately; `retry_after` are the whole seconds until the next one is looked at."""

    code = "too_many_tries"


def take(limit: Limit, who: str) -> float | None:
    """Count one try. None: go on. Otherwise nothing was counted, and these are the seconds to wait."""
    if fetch_one(_TAKE, values(limit, who)):
        return None
    return waits(limit, who) or 0.0


def waits(limit: Limit, who: str) -> float | None:
    """The seconds the next try would have to wait; None when it need not. Counts nothing."""
    row = fetch_one(_WAIT, values(limit, who))
    return row[0] if row else None


def give_back(limit: Limit, who: str) -> None:
    """What was tried was right, so it does not count."""
    change(_GIVE_BACK, values(limit, who))


def clear(limit: Limit, who: str) -> None:
    """Begin anew at once."""
    change(_CLEAR, values(limit, who))


def refuse_beyond(limit: Limit, who: str, sentence: str, field: str | None = None) -> None:
    """Count one try, or refuse with TooManyTries; `%s` in the sentence becomes the wait in words."""
    wait = take(limit, who)
    if wait is not None:
        raise too_many(wait, sentence, field)


def too_many(wait: float, sentence: str, field: str | None = None) -> TooManyTries:
    """The refusal that says how long to wait, in seconds; `%s` in the sentence becomes the wait in words."""
    return TooManyTries(sentence % in_words(wait), field, retry_after=whole_seconds(wait))


def forget_old() -> int:
    """Delete counts whose time is over; how many. Safe to run twice, in small batches."""
    forgotten = 0
    while some := change(_FORGET, [BATCH]):
        forgotten += some
    return forgotten


def values(limit: Limit, who: str) -> dict[str, object]:
    """What a statement about one count is given. What is counted may be an address somebody typed, so only a keyed
    digest of it is stored."""
    digest = hmac.digest(settings.SECRET_KEY.encode(), who.casefold().encode(), hashlib.sha256)
    return {"limit": limit.name, "who": digest, "amount": limit.amount, "seconds": limit.seconds}
