"""What people say about themselves, and which letters they want."""

import hashlib
import json
from typing import Any

from theatre.access import Actor, Permission, require
from theatre.actions._doors import action, record
from theatre.documents import photos
from theatre.models.sql import change
from theatre.rules.refusals import Refused


class NotACustomer(Refused):
    """Employees have no such wishes here: their account is not a customer's."""

    code = "not_a_customer"


@action
def change_profile(*, by: Actor, full_name: str, phone: str, long_holds: bool) -> None:
    """Store one's own name, telephone and, for customers, whether holds are the longer ones."""
    require(by, Permission.OWN_ACCOUNT)
    change("UPDATE theatre_user SET full_name = %s, phone = %s WHERE id = %s", [full_name, phone, by.user_id])
    if by.customer_id is not None:
        change("UPDATE theatre_customer SET long_holds = %s WHERE id = %s", [long_holds, by.customer_id])
    record(by, "change_profile", ("user", by.user_id))


@action
def change_mails(*, by: Actor, new_movies: bool, promotions: bool, offers: bool) -> None:
    """Which of the optional letters a customer gets. Letters about their own bookings always come.

    Refused: NotACustomer.
    """
    require(by, Permission.OWN_ACCOUNT)
    wanted: dict[str, Any] = {"new_movies": new_movies, "promotions": promotions, "offers": offers}
    _change_customer(
        by, "UPDATE theatre_customer SET mails = mails || %s::jsonb WHERE id = %s", json.dumps(wanted)
    )
    record(by, "change_mails", ("user", by.user_id), **wanted)


@action
def change_access_needs(*, by: Actor, access_needs: str) -> None:
    """What a customer needs in the house, in their own words (500 characters). Refused: NotACustomer."""
    require(by, Permission.OWN_ACCOUNT)
    _change_customer(by, "UPDATE theatre_customer SET access_needs = %s WHERE id = %s", access_needs)
    record(by, "change_access_needs", ("user", by.user_id))  # what they are is nobody's business here


def _change_customer(by: Actor, statement: str, value: str) -> None:
    if by.customer_id is None or not change(statement, [value, by.customer_id]):
        raise NotACustomer("This is part of customers’ accounts. Yours is an employee’s")


def set_photo(*, by: Actor, content: bytes) -> None:
    """Keep a square of the picture that was sent, in place of the one before. Refused: pictures.NoPicture."""
    require(by, Permission.OWN_ACCOUNT)
    _keep_photo(by=by, webp=photos.redrawn(content))  # drawing is slow, so it is done before the transaction


@action
def _keep_photo(*, by: Actor, webp: bytes) -> None:
    mark = hashlib.sha256(webp).hexdigest()[:16]
    change(
        "INSERT INTO theatre_photo (user_id, webp, mark) VALUES (%s, %s, %s)"
        " ON CONFLICT (user_id) DO UPDATE SET webp = excluded.webp, mark = excluded.mark, set_at = clock_timestamp()",
        [by.user_id, webp, mark],
    )
    record(by, "set_photo", ("user", by.user_id))


@action
def remove_photo(*, by: Actor) -> None:
    """Nobody sees the photo any more; nothing happens when there is none."""
    require(by, Permission.OWN_ACCOUNT)
    if change("DELETE FROM theatre_photo WHERE user_id = %s", [by.user_id]):
        record(by, "remove_photo", ("user", by.user_id))
