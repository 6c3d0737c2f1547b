"""The links that letters which nobody has to get carry: they end that kind of letter, signed in or not.

A link is signed, names one customer and one kind, and works as long as the account does.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from theatre.models.sql import fetch_one

_SALT = "theatre.wishes"
# What a customer may do without: the switches of their account, and what they asked to be told of.
KINDS = ("new_movies", "promotions", "offers", "follows")


@dataclass(frozen=True, slots=True)
class Wish:
    """A customer's wish for one kind of letter."""

    customer_id: int
    user_id: int
    email: str
    kind: str
    wanted: bool


def to_stop(customer_id: int, kind: str) -> str:
    """The link that ends this kind of letter."""
    token = Signer(salt=_SALT, sep=".").sign(f"{customer_id}-{kind}")
    return settings.SITE_URL + reverse("stop_letters", args=[token])


def behind(token: str) -> Wish | None:
    """What a link is about; None when it is not ours, or the account is gone."""
    try:
        signed = Signer(salt=_SALT, sep=".").unsign(token)
    except BadSignature:
        return None
    customer_id, _dash, kind = signed.partition("-")
    return wish(int(customer_id), kind)


def wish(customer_id: int, kind: str) -> Wish | None:
    """Whether a customer wants letters of this kind; None for nobody. One query."""
    row = fetch_one(
        "SELECT c.id, u.id, u.email, %(kind)s, CASE WHEN %(kind)s = 'follows'"
        " THEN EXISTS (SELECT 1 FROM theatre_moviefollow WHERE customer_id = c.id)"
        " ELSE coalesce(c.mails ->> %(kind)s, 'true') = 'true' END"
        " FROM theatre_customer c JOIN theatre_user u ON u.id = c.user_id"
        " WHERE c.id = %(customer)s AND u.is_active",
        {"kind": kind, "customer": customer_id},
    )
    return Wish(*row) if row else None
