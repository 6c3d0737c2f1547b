"""The links that letters carry: signed, so that nobody can make one up, and good for one thing each.

Whether a link still opens anything is said by the rows it is about, so none works twice.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, Signer, TimestampSigner
from django.urls import reverse

from theatre.models.sql import fetch_one

STOP_DAYS = 7  # the old address can put itself back
FIRST_ADDRESS_SECONDS = 86_400  # a link that confirms the address of a new account
Purpose = Literal["confirm", "stop"]

_PAGES = {"confirm": "confirm_new_address", "stop": "stop_address_change"}
_SALT = "theatre.address."


@dataclass(frozen=True, slots=True)
class SeenChange:
    """A wish for another address. `expired`: too late to confirm; `settled`: too late to stop."""

    id: int
    user_id: int
    old: str
    new: str
    state: str
    expires_at: datetime
    confirmed_at: datetime | None
    expired: bool
    settled: bool


@dataclass(frozen=True, slots=True)
class FirstAddress:
    """What a link to confirm a new account's address is about. `user_id` is 0 when it is nobody's any more."""

    user_id: int
    email: str
    confirmed: bool
    expired: bool


def to_change(purpose: Purpose, change_id: int) -> str:
    """The link that confirms or stops a change of address."""
    token = Signer(salt=_SALT + purpose, sep=".").sign(str(change_id))
    return settings.SITE_URL + reverse(_PAGES[purpose], args=[token])


def change_behind(purpose: Purpose, token: str) -> SeenChange | None:
    """The change of address a link is about; None when the link is not ours, or is for something else."""
    try:
        change_id = Signer(salt=_SALT + purpose, sep=".").unsign(token)
    except BadSignature:
        return None
    return _seen("c.id = %s", int(change_id))


def waiting_change(user_id: int) -> SeenChange | None:
    """The change of this person's that waits for its confirmation."""
    seen = _seen("c.user_id = %s AND c.state = 'asked'", user_id)
    return None if seen is None or seen.expired else seen


_SEEN = """
SELECT c.id, c.user_id, c.old, c.new, c.state, c.expires_at, c.confirmed_at, c.expires_at <= clock_timestamp(),
       coalesce(c.confirmed_at, c.asked_at) + %s <= clock_timestamp()
FROM theatre_addresschange c WHERE {which}
"""


def _seen(which: str, value: int) -> SeenChange | None:
    row = fetch_one(_SEEN.format(which=which), [timedelta(days=STOP_DAYS), value])
    return SeenChange(*row) if row else None


def to_first_address(user_id: int, email: str) -> str:
    """The link that confirms the address an account was opened with. It works for a day from now."""
    token = TimestampSigner(salt=_SALT + "first", sep=".").sign(f"{user_id}-{_mark(email)}")
    return settings.SITE_URL + reverse("confirm_first_address", args=[token])


def first_address_behind(token: str) -> FirstAddress | None:
    """What such a link is about; None when it is not ours."""
    signer = TimestampSigner(salt=_SALT + "first", sep=".")
    try:
        signed, expired = signer.unsign(token, max_age=FIRST_ADDRESS_SECONDS), False
    except SignatureExpired:
        signed, expired = signer.unsign(token), True
    except BadSignature:
        return None
    user_id, _dash, mark = signed.partition("-")
    row = fetch_one("SELECT email, confirmed_at IS NOT NULL FROM theatre_user WHERE id = %s", [int(user_id)])
    if row is None or _mark(row[0]) != mark:
        return FirstAddress(0, "", False, expired)
    return FirstAddress(int(user_id), row[0], row[1], expired)


def to_moved(booking_id: int) -> str:
    """Where a booking's guest says what they think of their show's move, as the path of a page."""
    return reverse("show_moved", args=[_moved.sign(str(booking_id))])


def moved_behind(token: str) -> int | None:
    """The booking such a link is about; None when it is not ours."""
    try:
        return int(_moved.unsign(token))
    except BadSignature:
        return None


_moved = Signer(salt="theatre.moved", sep=".")


def _mark(email: str) -> str:
    """Enough of the address to know it again; links are written to logs, so they do not carry it."""
    return hashlib.sha256(email.lower().encode()).hexdigest()[:24]
