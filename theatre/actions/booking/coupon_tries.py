"""Wrong coupon codes are counted and slowed down (domain.md, "Money"), so that nobody finds one by guessing."""

from theatre.access import Actor
from theatre.actions import limits
from theatre.actions._doors import origin
from theatre.models.sql import fetch_one
from theatre.rules.coupons import normalise_code
from theatre.rules.limits import COUPONS_OF_NETWORK, COUPONS_OF_PERSON, Limit, network

_SLOW = "Too many codes that we don’t have. Wait %s, or book without one"

_COUNT = """
INSERT INTO theatre_tries AS t ("limit", who, tries, until)
SELECT %({place}_limit)s, %({place}_who)s, wrong.count,
       statement_timestamp() + make_interval(secs => %({place}_seconds)s)
FROM wrong{when}
ON CONFLICT ("limit", who) DO UPDATE SET
  tries = CASE WHEN t.until <= statement_timestamp() THEN 0 ELSE t.tries END + excluded.tries,
  until = CASE WHEN t.until <= statement_timestamp() THEN excluded.until ELSE t.until END
WHERE t.until <= statement_timestamp() OR t.tries < %({place}_amount)s
RETURNING 1
"""
# Every code takes its place, and only one that nobody can use now is counted: were a closed one not, the count would
# tell it from one that never was. The rows are locked one code after the other,
# so a right one among many that come at once is not looked at either once the wrong ones are too many. A count that a
# crash of the machine forgets harms nobody, so this does not wait for the disk.
_TRY = f"""
WITH wrong AS MATERIALIZED (
  SELECT (NOT EXISTS (
           SELECT 1 FROM theatre_coupon WHERE code = %(code)s AND active
             AND coalesce(valid_from <= statement_timestamp(), true)
             AND coalesce(statement_timestamp() < valid_until, true)
             AND coalesce(used < total_limit, true)))::int AS count,
         set_config('synchronous_commit', 'off', true)
), person AS ({_COUNT.format(place="person", when="")})
{_COUNT.format(place="network", when=", person")}
"""  # noqa: S608  constants of ours


def count(by: Actor, typed: str) -> None:
    """Before a coupon code of this person's is looked at: refused with TooManyTries after too many wrong ones, whether
    this or another one is right. Without a code it does nothing.

    Called outside transactions, for a wrong code has to stay counted whatever becomes of the deed.
    """
    code = normalise_code(typed)
    if not code:
        return
    here = network(by.network or origin.get())
    person = f"user {by.user_id}" if by.user_id else here
    values = {
        "code": code,
        **_place("person", COUPONS_OF_PERSON, person),
        **_place("network", COUPONS_OF_NETWORK, here),
    }
    if not fetch_one(_TRY, values):
        full = [limits.waits(COUPONS_OF_PERSON, person), limits.waits(COUPONS_OF_NETWORK, here)]
        raise limits.too_many(max(wait or 0 for wait in full), _SLOW, "coupon")


def _place(name: str, limit: Limit, who: str) -> dict[str, object]:
    return {f"{name}_{key}": value for key, value in limits.values(limit, who).items()}
